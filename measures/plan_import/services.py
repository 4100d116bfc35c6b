"""An imported plan on its way into the database: what each measure becomes, and storing all of it or nothing.

What was uploaded is kept as it came, with the officer's mapping of columns and mended measures beside it; the
plan that it means is understood anew each time it is shown, so that nothing of it can be out of date.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from accounts.models import Division, User
from core.locking import claim
from core.text import only_text
from measures.models import Indicator, Measure, Plan, PlanImport, Responsibility, Step
from measures.plan_import.parsing import (
    Field,
    Finding,
    ImportedMeasure,
    ImportedParty,
    ImportedPlan,
    ImportedStep,
    KnownNames,
    Severity,
    parse,
    parse_text,
)
from measures.plan_import.tables.table import without_spaces
from measures.status import Status

PASTED: Final = "ข้อความที่วาง"
NAME_LENGTH: Final = 255


class NotApplicable(Exception):
    """Something in the import has to be mended first; nothing was stored."""


@dataclass(frozen=True)
class Party:
    """A responsible party: the division that its name means, or None where applying makes a new one."""

    name: str
    division: Division | None
    near: Sequence[str]
    guessed: bool


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


@dataclass(frozen=True)
class Preview:
    """Everything that an import would do."""

    plan: ImportedPlan
    measures: Sequence[Prepared]
    general: Sequence[Finding]
    """Findings that speak of no measure."""

    @property
    def may_apply(self) -> bool:
        general = any(finding.severity is Severity.STOP for finding in self.general)
        return bool(self.measures) and not general and not any(measure.stops for measure in self.measures)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many measures are new, updated, and have something guessed or missing."""
        return {
            "new": sum(measure.existing is None for measure in self.measures),
            "updated": sum(measure.existing is not None for measure in self.measures),
            "guesses": sum(measure.guesses for measure in self.measures),
            "stops": sum(measure.stops for measure in self.measures),
        }


# --- Taking in ---------------------------------------------------------------------------------------


def looked_at(plan: Plan, name: str, content: bytes, person: User | None) -> PlanImport:
    """A file, or pasted text (a name of ""), as it would be taken in for a plan; nothing is stored.

    Raises:
        Unreadable: it cannot be read.
    """
    made = PlanImport(
        plan=plan,
        # A file without a name would be taken for pasted text.
        name=only_text(name)[-NAME_LENGTH:] or ("ไฟล์" if name else ""),
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        made_by=person,
        made_at=timezone.now(),
    )
    understood(made)
    return made


def take_in(plan: Plan, name: str, content: bytes, person: User | None) -> PlanImport:
    """Keep an uploaded file, or pasted text (a name of ""), for a plan.

    Raises:
        Unreadable: it cannot be read; nothing is stored.
    """
    made = looked_at(plan, name, content, person)
    made.save()
    return made


def understood(taken: PlanImport) -> ImportedPlan:
    """The plan that an import means, with the columns as the officer mapped them.

    Raises:
        Unreadable: it cannot be read.
    """
    mapping = {int(place): Field(field) for place, field in taken.mapping.items()} or None
    content, year = bytes(taken.content), taken.plan.fiscal_year
    if taken.name:
        return parse(taken.name, content, year, mapping)
    return parse_text(content.decode(), year, mapping)


def preview(taken: PlanImport) -> Preview:
    """What applying an import would do now; four queries."""
    plan = understood(taken)
    divisions = {division.name: division for division in taken.plan.agency.divisions.all()}
    there = {
        _key(measure.indicator.number, measure.title): measure
        for measure in Measure.objects.filter(plan=taken.plan)
        .select_related("indicator")
        .prefetch_related("steps")
        .in_report_order()
    }
    names = KnownNames(divisions)
    # The same title twice under one indicator is two measures; the second is not the first one's update.
    seen: Counter[tuple[int, str]] = Counter()
    prepared = []
    for place, imported in enumerate(plan.measures):
        mended = taken.edits.get(str(place))
        shown = mend(imported, mended) if mended else imported
        key = _key(shown.indicator or 0, shown.title)
        seen[key] += 1
        existing = there.get(key) if seen[key] == 1 else None
        findings = [] if mended else [each for each in plan.findings if each.measure == place]
        prepared.append(_prepared(place, shown, divisions, names, existing, findings, mended=bool(mended)))
    general = [finding for finding in plan.findings if finding.measure is None]
    return Preview(plan, prepared, general)


@transaction.atomic
def store_mended(taken: PlanImport, place: int, values: Mapping[str, Any]) -> None:
    """Keep a mended measure beside those that somebody else may be mending at this moment."""
    stored = PlanImport.objects.select_for_update().get(pk=taken.pk)
    stored.edits = {**stored.edits, str(place): dict(values)}
    stored.save(update_fields=["edits"])
    taken.edits = stored.edits


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
    divisions: Mapping[str, Division],
    names: KnownNames,
    existing: Measure | None,
    findings: Sequence[Finding],
    *,
    mended: bool,
) -> Prepared:
    parties = []
    own = list(findings)
    for party in imported.parties:
        name, near = names.matching(party.name)
        parties.append(Party(party.name, divisions[name] if name else None, near, party.guessed))
        if name is None:
            like = f" ใกล้เคียงกับ {', '.join(near)}" if near else ""
            message = f"ยังไม่มีส่วนราชการชื่อนี้{like} ถ้าไม่แก้ ระบบจะเพิ่มให้"
            own.append(_finding(Severity.GUESS, imported, place, "ผู้รับผิดชอบ", party.name, message))
    if imported.indicator is None and not any(finding.severity is Severity.STOP for finding in own):
        message = "ไม่รู้ว่าอยู่ในตัวชี้วัดใด กรุณากดแก้ไขแล้วเลือก"
        own.append(_finding(Severity.STOP, imported, place, "ตัวชี้วัด", imported.title, message))
    if existing is not None and (gone := _steps_gone(existing, imported)):
        message = f"ขั้นตอนที่มีอยู่ {len(gone)} ข้อไม่มีในต้นฉบับ จะถูกนำออก ถ้าต้องการเก็บไว้ให้กดแก้ไขแล้วเติม"
        own.append(_finding(Severity.GUESS, imported, place, "ขั้นตอน", " | ".join(gone)[:200], message))
    keeps = existing is not None and existing.reported_at is not None
    return Prepared(place, imported, parties, existing, keeps, own, mended)


def _steps_gone(existing: Measure, imported: ImportedMeasure) -> Sequence[str]:
    kept = {step.text for step in imported.steps}
    return [step.text for step in existing.steps.all() if step.text not in kept]


def _finding(
    severity: Severity, imported: ImportedMeasure, place: int, column: str, text: str, message: str
) -> Finding:
    return Finding(severity, imported.table, imported.row, column, text, message, place)


# --- Applying ----------------------------------------------------------------------------------------


@transaction.atomic
def apply(taken: PlanImport, person: User | None) -> Preview:
    """Store an import: new measures are added, those that are there already are updated, none is removed.

    What people have reported here stays. The number of queries does not depend on the size of the plan, but
    for steps that are taken away.

    Raises:
        NotApplicable: something has to be mended first, or the plan is closed.
        StaleEdit: it was applied at this moment by somebody else.
        Nothing is stored in both cases.
    """
    plan = Plan.objects.select_for_update(no_key=True).select_related("agency").get(pk=taken.plan_id)
    taken.plan = plan
    claim(
        taken,
        seen={"applied_at": taken.applied_at},
        becomes={"applied_at": timezone.now(), "applied_by": person},
    )
    found = preview(taken)
    if plan.is_closed or not found.may_apply:
        raise NotApplicable
    divisions = _divisions(plan, found.measures)
    measures = _measures(plan, found.measures, person)
    _store_parties(measures, found.measures, divisions)
    _store_steps(measures, found.measures)
    return found


def _divisions(plan: Plan, prepared: Sequence[Prepared]) -> Mapping[str, Division]:
    """The division of each name in the import; new ones are put at the end of the agency's list."""
    known = list(plan.agency.divisions.all())
    named = {party.name: party.division for measure in prepared for party in measure.parties}
    missing: dict[str, str] = {}
    for name, division in named.items():
        if division is None:
            missing.setdefault(without_spaces(name), name)
    last = max((division.position for division in known), default=0)
    made = bulk_create_with_history(
        [
            Division(agency=plan.agency, name=name, position=last + place)
            for place, name in enumerate(missing.values(), 1)
        ],
        Division,
    )
    by_letters = {without_spaces(division.name): division for division in made}
    return {name: division or by_letters[without_spaces(name)] for name, division in named.items()}


def _measures(plan: Plan, prepared: Sequence[Prepared], person: User | None) -> Sequence[Measure]:
    indicators = {indicator.number: indicator for indicator in Indicator.objects.all()}
    last: Counter[int] = Counter()
    for indicator, position in Measure.objects.filter(plan=plan).values_list("indicator", "position"):
        last[indicator] = max(last[indicator], position)
    measures = []
    for each in prepared:
        measure = each.existing or Measure(plan=plan)
        if each.existing is None:
            measure.indicator = indicators[each.imported.indicator or 0]
            last[measure.indicator_id] += 1
            measure.position = last[measure.indicator_id]
        else:
            measure.outline_version += 1
        measure.title = each.imported.title
        measure.first_step = each.imported.first_step
        measure.due_text = each.imported.due_text
        measure.due_on = each.imported.due_on
        if not each.keeps_report:
            _report(measure, each.imported, person)
        measures.append(measure)
    bulk_create_with_history([measure for measure in measures if measure.pk is None], Measure)
    bulk_update_with_history(
        [each.existing for each in prepared if each.existing is not None],
        Measure,
        [
            *("title", "first_step", "due_text", "due_on", "outline_version"),
            *("status", "status_reason", "result", "obstacle", "version", "reported_by", "reported_at"),
        ],
    )
    return measures


def _report(measure: Measure, imported: ImportedMeasure, person: User | None) -> None:
    """What the file says of how far a measure is."""
    if imported.status is None and not imported.result and not imported.obstacle:
        return
    measure.status = imported.status or measure.status
    measure.result = imported.result
    measure.obstacle = imported.obstacle
    if measure.status == Status.CANCELLED and not measure.status_reason:
        measure.status_reason = imported.result[:1_000] or "ยกเลิกตามเอกสารที่นำเข้า"
    measure.version += 1
    if measure.status != Status.NOT_STARTED or measure.result:
        measure.reported_by, measure.reported_at = person, timezone.now()


def _store_parties(
    measures: Sequence[Measure], prepared: Sequence[Prepared], divisions: Mapping[str, Division]
) -> None:
    stored = {
        (party.measure_id, party.division_id): party
        for party in Responsibility.objects.filter(measure__in=measures)
    }
    made, moved, wanted = [], [], set()
    for measure, each in zip(measures, prepared, strict=True):
        named = dict.fromkeys(divisions[party.name].pk for party in each.parties)
        for position, division in enumerate(named, 1):
            wanted.add((measure.pk, division))
            party = stored.get((measure.pk, division))
            if party is None:
                made.append(Responsibility(measure=measure, division_id=division, position=position))
            elif party.position != position:
                party.position = position
                moved.append(party)
    for key in stored.keys() - wanted:
        stored[key].delete()
    bulk_create_with_history(made, Responsibility)
    bulk_update_with_history(moved, Responsibility, ["position"])


def _store_steps(measures: Sequence[Measure], prepared: Sequence[Prepared]) -> None:
    """Steps are the same where their text is: what was ticked stays ticked."""
    stored: dict[int, dict[str, Step]] = {measure.pk: {} for measure in measures}
    for step in Step.objects.filter(measure__in=measures):
        stored[step.measure_id].setdefault(step.text, step)
    first: list[Step] = []
    second: list[tuple[Step, Step | None]] = []
    for measure, each in zip(measures, prepared, strict=True):
        parent: Step | None = None
        for position, line in enumerate(each.imported.steps, 1):
            same = stored[measure.pk].pop(line.text, None)
            step = Step(measure=measure, text=line.text) if same is None else same
            step.position = position
            if line.level == 1 or parent is None:
                step.parent = None
                parent = step
                first.append(step)
            else:
                second.append((step, parent))
    _save_steps(first)
    for step, above in second:
        step.parent = above
    _save_steps([step for step, _ in second])
    gone = [step for texts in stored.values() for step in texts.values()]
    for step in sorted(gone, key=lambda step: step.parent_id is None):
        step.delete()


def _save_steps(steps: Sequence[Step]) -> None:
    stored = [step for step in steps if step.pk is not None]
    bulk_create_with_history([step for step in steps if step.pk is None], Step)
    bulk_update_with_history(stored, Step, ["position", "parent"])
