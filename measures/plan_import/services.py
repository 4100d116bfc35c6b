"""Keeping what was uploaded, and storing all of the plan that it means, or nothing.

What was uploaded is kept as it came, with the officer's mapping of columns and mended measures beside it.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from accounts.models import Division, User
from core.locking import StaleEdit, claim
from core.text import only_text
from measures.models import Indicator, Measure, Plan, PlanImport, Responsibility, Step
from measures.parts.services import ensure_parts, settle_parties
from measures.plan_import.changes import changes_of, states_of
from measures.plan_import.copied import REPLACE, take_out
from measures.plan_import.parsing import Choices, ImportedMeasure
from measures.plan_import.preview import Prepared, Preview, plan_of, preview
from measures.plan_import.state import held, state_of
from measures.plan_import.tables.table import without_spaces
from measures.plan_import.words import learn, learned_by
from measures.status import Status

PASTED: Final = "ข้อความที่วาง"
NAME_LENGTH: Final = 255


class NotApplicable(Exception):
    """Something in the import has to be mended first; nothing was stored."""


def looked_at(plan: Plan, name: str, content: bytes, person: User | None) -> PlanImport:
    """A file, or pasted text (a name of ""), as it would be taken in for a plan; nothing is stored.

    Raises:
        Unreadable: it cannot be read.
    """
    made = as_uploaded(plan, name, content, person)
    plan_of(made)
    return made


def as_uploaded(plan: Plan, name: str, content: bytes, person: User | None) -> PlanImport:
    """A file, or pasted text, that nobody has read yet; nothing is stored."""
    learned = learned_by(plan.agency).facts
    return PlanImport(
        plan=plan,
        choices={"learned": learned} if learned else {},
        # A file without a name would be taken for pasted text.
        name=only_text(name)[-NAME_LENGTH:] or ("ไฟล์" if name else ""),
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        made_by=person,
        made_at=timezone.now(),
    )


def keep(plan: Plan, name: str, content: bytes, person: User | None) -> PlanImport:
    """Store an upload that a worker is to read."""
    made = as_uploaded(plan, name, content, person)
    made.save()
    return made


@transaction.atomic
def take_in(plan: Plan, name: str, content: bytes, person: User | None) -> PlanImport:
    """Keep an uploaded file, or pasted text (a name of ""), for a plan.

    Raises:
        Unreadable: it cannot be read; nothing is stored.
    """
    made = looked_at(plan, name, content, person)
    made.save()
    return made


@transaction.atomic
def store_mended(plan_import: PlanImport, key: str, values: Mapping[str, Any], seen: str = "") -> None:
    """Keep what was mended of a measure (ImportedMeasure.key), beside what others are mending meanwhile.

    Args:
        seen: what the form was shown with, as state_of() said it of this measure; empty asks for nothing.

    Raises:
        StaleEdit: the import, or this measure of it, is another one by now.
    """
    stored = held(plan_import, seen, key)
    stored.edits = {**stored.edits, key: dict(values)}
    stored.save(update_fields=["edits"])
    plan_import.edits = stored.edits


@transaction.atomic
def store_choices(plan_import: PlanImport, seen: str = "", **chosen: Any) -> None:
    """Keep what the officer says of an import's reading: values of Choices by their names; others stay.

    Args:
        seen: what the form was shown with, as state_of() said it; empty asks for nothing.

    Raises:
        StaleEdit: the import is another one by now.
    """
    stored = held(plan_import, seen)
    stored.choices = replace(Choices.of(stored.choices), **chosen).facts
    stored.save(update_fields=["choices"])
    plan_import.choices = stored.choices


@transaction.atomic
def apply(plan_import: PlanImport, person: User | None, seen: str = "") -> Preview:
    """Store an import: new measures are added, those that are there already are updated, no others removed.

    Of measures that were copied from an earlier year those that nobody has touched go, where that was chosen.
    What people have reported here stays. The number of queries does not depend on the size of the plan, but
    for steps that are taken away.

    Raises:
        NotApplicable: something has to be mended first, or the plan is closed.
        StaleEdit: it was applied at this moment by somebody else, or is not what a page was shown with.
        Nothing is stored in both cases.
    """
    plan = Plan.objects.select_for_update(no_key=True).select_related("agency").get(pk=plan_import.plan_id)
    plan_import.plan = plan
    before_claim = state_of(plan_import)
    claim(
        plan_import,
        seen={"applied_at": plan_import.applied_at},
        becomes={"applied_at": timezone.now(), "applied_by": person},
    )
    if seen and seen != before_claim:
        raise StaleEdit
    found = preview(plan_import)
    if plan.is_closed or not found.may_apply:
        raise NotApplicable
    if Choices.of(plan_import.choices).copied == REPLACE:
        take_out(found.copied)
    before = states_of([each.existing for each in found.measures if each.existing is not None])
    divisions, made = _divisions(plan, found.measures)
    measures = _measures(plan, found.measures, person)
    reassigned = _store_parties(measures, found.measures, divisions)
    _store_steps(measures, found.measures)
    ensure_parts(*measures)
    settle_parties(*(measure for measure in measures if measure.pk in reassigned))
    plan_import.changes = changes_of(measures, before, made)
    plan_import.undone_at = plan_import.undone_by = None
    plan_import.save(update_fields=["changes", "undone_at", "undone_by"])
    learn(plan_import, found)
    return found


def _divisions(plan: Plan, prepared: Sequence[Prepared]) -> tuple[Mapping[str, Division], Sequence[Division]]:
    """The division of each name in the import, and the new ones, at the end of the agency's list."""
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
    of_name = {name: division or by_letters[without_spaces(name)] for name, division in named.items()}
    return of_name, made


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
            measure.by_division = each.becomes_by_division
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
) -> Set[int]:
    """The responsible divisions of each measure; the keys of stored ones whose divisions are others now."""
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
    before = {measure for measure, _ in stored}
    return before & {measure for measure, _ in stored.keys() ^ wanted}


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
