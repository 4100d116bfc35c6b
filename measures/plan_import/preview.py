"""What applying an import would do: what each of its measures becomes, and what has to be looked at.

The plan that an upload means is read anew each time it is shown, so that nothing of it can be out of date.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from accounts.models import Division
from measures.models import Measure, PlanImport
from measures.plan_import.agency_names import AgencyNames, Party
from measures.plan_import.copied import in_the_way, question
from measures.plan_import.model import ImportedCell
from measures.plan_import.parsing import (
    Choices,
    Field,
    Finding,
    ImportedMeasure,
    ImportedParty,
    ImportedPlan,
    ImportedStep,
    Severity,
    parse,
    parse_text,
)
from measures.plan_import.tables.table import without_spaces

# What is ticked below a heading becomes one of these.
_BECOMES: Final = {Field.PERIOD: Field.DUE, Field.TICKED: Field.STATUS}


@dataclass(frozen=True)
class Prepared:
    """A measure as it will become, and what there is to look at."""

    place: int
    imported: ImportedMeasure
    parties: Sequence[Party]
    existing: Measure | None
    """The measure of the plan that it updates; None where it is new."""
    keeps_report: bool
    """Somebody has reported on it here, and that is not written over."""
    findings: Sequence[Finding]
    mended: bool

    @property
    def stops(self) -> bool:
        return any(finding.severity is Severity.STOP for finding in self.findings)

    @property
    def guesses(self) -> bool:
        return any(finding.severity is Severity.GUESS for finding in self.findings)

    @property
    def findings_within(self) -> Sequence[Finding]:
        """Those that do not stand at its head already."""
        return [each for each in self.findings if each.field not in {None, Field.INDICATOR, Field.TITLE}]

    @property
    def original(self) -> Sequence[ImportedCell]:
        """The cells of the original of which there is something to say: shown beside what they became."""
        doubtful = {finding.field for finding in self.findings if finding.severity is not Severity.NOTE}
        return [cell for cell in self.imported.cells if _BECOMES.get(cell.field, cell.field) in doubtful]

    @property
    def anchor(self) -> str:
        """Its place on the page by its key, which stays when others come and go."""
        return f"at-{self.imported.key.replace('.', '-')}"

    @property
    def part_of(self) -> str:
        """The key of the measure that it was split from; empty where it was not."""
        return self.imported.key.rpartition(".")[0] if self.imported.key.count(".") > 1 else ""

    @property
    def becomes_by_division(self) -> bool:
        """Whether each of its divisions will report its own part: of a new measure where it has several."""
        if self.existing is not None:
            return self.existing.by_division
        names = (party.division.name if party.division else party.name for party in self.parties)
        return len({without_spaces(name) for name in names}) > 1

    @property
    def at(self) -> Mapping[str, Sequence[Finding]]:
        """The findings of each field, by its name; what speaks of no field stands with the title."""
        at: dict[str, list[Finding]] = {field.value: [] for field in Field}
        for finding in self.findings:
            at[(finding.field or Field.TITLE).value].append(finding)
        return at


@dataclass(frozen=True)
class Section:
    """Measures that ask the same of the officer: "stop", "guess" or "clear"."""

    kind: str
    measures: Sequence[Prepared]


def sections_of(measures: Sequence[Prepared]) -> Sequence[Section]:
    """Measures by what they ask; none of the sections is empty."""
    kinds: dict[str, list[Prepared]] = {"stop": [], "guess": [], "clear": []}
    for measure in measures:
        kinds["stop" if measure.stops else "guess" if measure.guesses else "clear"].append(measure)
    return [Section(kind, measures) for kind, measures in kinds.items() if measures]


@dataclass(frozen=True)
class Preview:
    """Everything that an import would do."""

    plan: ImportedPlan
    measures: Sequence[Prepared]
    general: Sequence[Finding]
    """Findings that speak of no measure."""
    divisions: Sequence[Division] = ()
    """Those of the agency."""
    copied: Sequence[Measure] = ()
    """Measures copied from an earlier year, beside which it would add others."""

    @property
    def may_apply(self) -> bool:
        general = any(finding.severity is Severity.STOP for finding in self.general)
        return bool(self.measures) and not general and not any(measure.stops for measure in self.measures)

    @property
    def sections(self) -> Sequence[Section]:
        """What must be mended first, then what a person should look at, then the rest; none is empty."""
        return sections_of(self.measures)

    @property
    def places(self) -> Mapping[str, int]:
        """How many places have to be mended, and how many have to be looked at."""
        findings = [*self.general, *(finding for measure in self.measures for finding in measure.findings)]
        return {
            "stops": sum(finding.severity is Severity.STOP for finding in findings),
            "guesses": sum(finding.severity is Severity.GUESS for finding in findings),
        }

    @property
    def general_stops(self) -> Sequence[Finding]:
        """What of the whole has to be mended, but for the question of the year: it has a form of its own."""
        is_asked = self.plan.year is not None and self.plan.year.answer is None
        stops = [finding for finding in self.general if finding.severity is Severity.STOP]
        return [finding for finding in stops if finding.table] if is_asked else stops

    @property
    def remarks(self) -> Sequence[Finding]:
        """What else there is to say of the whole."""
        return [finding for finding in self.general if finding.severity is not Severity.STOP]

    @property
    def unknown_names(self) -> Sequence[Party]:
        """The names of divisions that the agency does not have, and those that are remembered; each once."""
        parties = (party for measure in self.measures for party in measure.parties)
        doubtful = (party for party in parties if party.remembered or not party.division)
        return list({without_spaces(party.name): party for party in doubtful}.values())

    @property
    def counts(self) -> Mapping[str, int]:
        """How many measures are new, updated, and have something guessed or missing."""
        return {
            "new": sum(measure.existing is None for measure in self.measures),
            "updated": sum(measure.existing is not None for measure in self.measures),
            "guesses": sum(measure.guesses for measure in self.measures),
            "by_division": sum(
                measure.becomes_by_division for measure in self.measures if measure.existing is None
            ),
            "stops": sum(measure.stops for measure in self.measures),
        }


def plan_of(plan_import: PlanImport) -> ImportedPlan:
    """The plan that an import means, with the columns as the officer mapped them and what else was chosen.

    Raises:
        Unreadable: it cannot be read.
    """
    mapping = {int(place): Field(field) for place, field in plan_import.mapping.items()} or None
    content, year = bytes(plan_import.content), plan_import.plan.fiscal_year
    choices = Choices.of(plan_import.choices)
    if plan_import.name:
        return parse(plan_import.name, content, year, mapping, choices)
    return parse_text(content.decode(), year, mapping, choices)


def preview(plan_import: PlanImport, plan: ImportedPlan | None = None) -> Preview:
    """What applying an import would do now; four queries.

    Args:
        plan: what it means, where somebody has read it already; None reads it.
    """
    plan = plan_of(plan_import) if plan is None else plan
    divisions = {division.name: division for division in plan_import.plan.agency.divisions.all()}
    stored = (
        Measure.objects.filter(plan=plan_import.plan)
        .select_related("indicator")
        .prefetch_related("steps")
        .in_report_order()
    )
    there = {_key(measure.indicator.number, measure.title): measure for measure in stored}
    choices = Choices.of(plan_import.choices)
    names = AgencyNames(divisions, choices)
    # The same title twice under one indicator is two measures; the second is not the first one's update.
    seen: Counter[tuple[int, str]] = Counter()
    prepared = []
    for place, imported in enumerate(plan.measures):
        mended = plan_import.edits.get(imported.key)
        shown = mend(imported, mended) if mended else imported
        key = _key(shown.indicator or 0, shown.title)
        seen[key] += 1
        existing = there.get(key) if seen[key] == 1 else None
        findings = [] if mended else [each for each in plan.findings if each.measure == place]
        prepared.append(_prepared(place, shown, names, existing, findings, mended=bool(mended)))
    general = [finding for finding in plan.findings if finding.measure is None]
    copied = in_the_way(stored, [each.existing for each in prepared])
    general = [*question(copied, choices.copied), *general]
    return Preview(plan, prepared, general, list(divisions.values()), copied)


def mend(imported: ImportedMeasure, values: Mapping[str, Any]) -> ImportedMeasure:
    """A measure as the officer mended it; values are those of the form, days as YYYY-MM-DD."""
    due_on = values["due_on"]
    return replace(
        imported,
        indicator=values["indicator"],
        title=values["title"],
        steps=tuple(ImportedStep("", level, text) for level, text in values["steps"]),
        parties=tuple(ImportedParty(name) for name in values["parties"]),
        due_text=values["due_text"],
        due_on=date.fromisoformat(due_on) if due_on else None,
        status=values["status"] or None,
        result=values["result"],
        guessed=frozenset(),
    )


def _key(indicator: int, title: str) -> tuple[int, str]:
    return indicator, without_spaces(title)


def _prepared(
    place: int,
    imported: ImportedMeasure,
    names: AgencyNames,
    existing: Measure | None,
    findings: Sequence[Finding],
    *,
    mended: bool,
) -> Prepared:
    parties = []
    own = list(findings)
    for party in imported.parties:
        made = names.party(party)
        parties.append(made)
        near = made.near
        if made.remembered and made.division:
            message = f"ถือเป็น{made.division.name} จำจากการนำเข้าครั้งก่อน"
            own.append(_finding(Severity.NOTE, imported, place, Field.PARTIES, party.name, message))
        if made.division is None:
            like = f" ใกล้เคียงกับ {', '.join(near)}" if near else ""
            message = f"ยังไม่มีส่วนราชการชื่อนี้{like} หากไม่แก้ไข ระบบจะเพิ่มชื่อนี้ให้"
            own.append(_finding(Severity.GUESS, imported, place, Field.PARTIES, party.name, message))
    if imported.indicator is None and not any(finding.severity is Severity.STOP for finding in own):
        message = "ไม่พบว่าอยู่ในตัวชี้วัดใด กรุณากด “แก้ไข” แล้วเลือกตัวชี้วัด"
        own.append(_finding(Severity.STOP, imported, place, Field.INDICATOR, imported.title, message))
    if existing is not None and (gone := _steps_gone(existing, imported)):
        message = f"ขั้นตอนที่มีอยู่ {len(gone)} ข้อไม่มีในต้นฉบับ จะถูกนำออก หากต้องการเก็บไว้ ให้กด “แก้ไข” แล้วเพิ่มกลับ"
        own.append(_finding(Severity.GUESS, imported, place, Field.STEPS, " | ".join(gone)[:200], message))
    keeps = existing is not None and existing.reported_at is not None
    return Prepared(place, imported, parties, existing, keeps, own, mended)


def _steps_gone(existing: Measure, imported: ImportedMeasure) -> Sequence[str]:
    kept = {step.text for step in imported.steps}
    return [step.text for step in existing.steps.all() if step.text not in kept]


def _finding(
    severity: Severity, imported: ImportedMeasure, place: int, field: Field, text: str, message: str
) -> Finding:
    return Finding(severity, imported.table, imported.row, field.label, text, message, place, field)
