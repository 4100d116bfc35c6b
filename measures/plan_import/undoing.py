"""Putting an applied import back: what it made goes, what it changed gets its earlier state, all or nothing.

That can be done as long as nothing else has moved on what the import left.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, ProtectedError, Q
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from accounts.models import Division, User
from core.locking import StaleEdit, claim
from measures.models import Evidence, Measure, Part, PartTick, Plan, PlanImport, Responsibility, Step
from measures.plan_import.changes import FIELDS, REPORT, done_steps
from measures.progress.services import PUT_BACK

GONE: Final = "ถูกลบ"


@dataclass(frozen=True)
class ChangedMeasure:
    """A measure that something else has changed since the import: its title, and what, in Thai."""

    title: str
    what: Sequence[str]


class ImportChanged(Exception):
    """What an import left was changed since; nothing was put back."""

    def __init__(self, measures: Sequence[ChangedMeasure]) -> None:
        super().__init__(len(measures))
        self.measures = measures


@dataclass(frozen=True)
class Undoing:
    """What putting an import back would do."""

    made: Sequence[str]
    """The titles of the measures that it would take out of the plan."""
    changed: Sequence[str]
    """The titles of those that would get their earlier state."""
    in_the_way: Sequence[ChangedMeasure]
    """What has been changed since, because of which nothing can be put back."""


def can_be_undone(plan_import: PlanImport) -> bool:
    """Whether an import is applied, and what it did was kept."""
    return plan_import.applied_at is not None and bool(plan_import.changes)


def undoing_of(plan_import: PlanImport) -> Undoing:
    """What putting an applied import back would do now, and what stands in the way."""
    entries = plan_import.changes["measures"]
    stored = _stored(entries)
    return Undoing(
        made=[each["title"] for each in entries if each["before"] is None and each["id"] in stored],
        changed=[each["before"]["fields"]["title"] for each in entries if each["before"] is not None],
        in_the_way=_changed_since(entries, stored),
    )


@transaction.atomic
def undo(plan_import: PlanImport, person: User | None) -> Undoing:
    """Put an applied import back; what it did.

    Raises:
        ImportChanged: something else has changed what it left; nothing is put back.
        StaleEdit: it is not applied, or no longer, or its plan is closed.
    """
    plan = Plan.objects.select_for_update(no_key=True).get(pk=plan_import.plan_id)
    if not can_be_undone(plan_import) or plan.is_closed:
        raise StaleEdit
    changes, applied_at = plan_import.changes, plan_import.applied_at
    claim(
        plan_import,
        seen={"applied_at": applied_at},
        becomes={
            "applied_at": None,
            "applied_by": None,
            "changes": {},
            "undone_at": timezone.now(),
            "undone_by": person,
        },
    )
    entries = changes["measures"]
    stored = _stored(entries, lock=True)
    if found := _changed_since(entries, stored):
        raise ImportChanged(found)
    made = [each["id"] for each in entries if each["before"] is None]
    earlier = {each["id"]: each["before"] for each in entries if each["before"] is not None}
    why = f"{PUT_BACK}{applied_at.isoformat() if applied_at else ''}"
    _restore_measures([stored[pk] for pk in earlier], earlier, why)
    _restore_parties(earlier)
    _restore_steps(earlier, why)
    removed = [stored[pk].title for pk in made if pk in stored]
    Measure.objects.filter(pk__in=made).delete()
    _drop_divisions(changes["divisions"])
    return Undoing(removed, [each["fields"]["title"] for each in earlier.values()], ())


def _stored(entries: Sequence[Mapping[str, Any]], *, lock: bool = False) -> dict[int, Measure]:
    measures = Measure.objects.filter(pk__in=[each["id"] for each in entries]).order_by("pk")
    return {measure.pk: measure for measure in (measures.select_for_update() if lock else measures)}


def _changed_since(
    entries: Sequence[Mapping[str, Any]], stored: Mapping[int, Measure]
) -> Sequence[ChangedMeasure]:
    """What is not as an import left it, with the reasons; five queries."""
    done = done_steps(stored.values())
    made = [each["id"] for each in entries if each["before"] is None]
    new_steps = _new_steps(entries, done)
    counts = _what_hangs_on(made, new_steps)
    divisions = {pk for each in entries if each["before"] for pk in each["before"]["parties"]}
    there = set(Division.objects.filter(pk__in=divisions).values_list("pk", flat=True))
    found = []
    for each in entries:
        measure = stored.get(each["id"])
        if measure is None:
            # What the import made and somebody has deleted since is as gone as it is to be.
            what = [] if each["before"] is None else [GONE]
        else:
            what = [*_moved_on(each["after"], measure, done[measure.pk]), *counts[measure.pk]]
        if each["before"] and set(each["before"]["parties"]) - there:
            what.append("ส่วนราชการที่รับผิดชอบเดิมถูกลบ")
        if what:
            found.append(ChangedMeasure(measure.title if measure else each["title"], what))
    return found


def _moved_on(after: Mapping[str, Any], measure: Measure, done: Mapping[str, str | None]) -> Sequence[str]:
    changed = {
        "รายงานผล": measure.version != after["version"],
        "แผน": measure.outline_version != after["outline_version"],
        "ขั้นตอน": done != after["done"],
    }
    return [what for what, is_so in changed.items() if is_so]


def _what_hangs_on(made: Sequence[int], new_steps: Sequence[int]) -> Mapping[int, Sequence[str]]:
    """What would be lost with measures that an import made, and with steps that it added elsewhere."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    reported = Q(parts__reported_at__isnull=False) | Q(parts__version__gt=1)
    measures = Measure.objects.filter(pk__in=made).annotate(
        evidences=Count("evidence", distinct=True),
        remarks=Count("comments", distinct=True),
        reported_parts=Count("parts", filter=reported, distinct=True),
    )
    for measure in measures:
        held = vars(measure)
        for name, what in (
            ("evidences", "มีหลักฐาน"),
            ("remarks", "มีความเห็น"),
            ("reported_parts", "ส่วนราชการรายงานแล้ว"),
        ):
            if held[name]:
                found[measure.pk].append(what)
    used = Step.objects.filter(pk__in=new_steps).filter(Q(evidence__isnull=False) | Q(ticks__isnull=False))
    for pk in used.values_list("measure_id", flat=True).distinct():
        if not found[pk]:
            found[pk].append("ใช้ขั้นตอนที่นำเข้าแล้ว")
    return found


def _new_steps(
    entries: Sequence[Mapping[str, Any]], done: Mapping[int, Mapping[str, str | None]]
) -> Sequence[int]:
    """The steps that an import added to measures which were there already."""
    return [
        int(pk)
        for each in entries
        if each["before"] is not None
        for pk in done[each["id"]].keys() - {str(step["id"]) for step in each["before"]["steps"]}
    ]


def _restore_measures(measures: Sequence[Measure], earlier: Mapping[int, dict[str, Any]], why: str) -> None:
    for measure in measures:
        fields = earlier[measure.pk]["fields"]
        for name in (*FIELDS, *REPORT):
            setattr(measure, name, fields[name])
        measure.due_on = _day(fields["due_on"])
        measure.reported_at = datetime.fromisoformat(fields["reported_at"]) if fields["reported_at"] else None
        measure.version += 1
        measure.outline_version += 1
    names = [*FIELDS, *(name.removesuffix("_id") for name in REPORT), "version", "outline_version"]
    bulk_update_with_history(measures, Measure, names, default_change_reason=why)


def _restore_parties(earlier: Mapping[int, dict[str, Any]]) -> None:
    stored = {
        (party.measure_id, party.division_id): party
        for party in Responsibility.objects.filter(measure__in=earlier)
    }
    wanted = {
        (measure, division): position
        for measure, state in earlier.items()
        for position, division in enumerate(state["parties"], 1)
    }
    for key in stored.keys() - wanted.keys():
        stored[key].delete()
    moved = [party for key, party in stored.items() if key in wanted and party.position != wanted[key]]
    for party in moved:
        party.position = wanted[party.measure_id, party.division_id]
    bulk_update_with_history(moved, Responsibility, ["position"])
    bulk_create_with_history(
        [
            Responsibility(measure_id=measure, division_id=division, position=position)
            for (measure, division), position in wanted.items()
            if (measure, division) not in stored
        ],
        Responsibility,
    )


def _restore_steps(earlier: Mapping[int, dict[str, Any]], why: str) -> None:
    """Steps get back their key too: ticks, evidence and history speak of them by it."""
    stored = {step.pk: step for step in Step.objects.filter(measure__in=earlier)}
    wanted = [(measure, state) for measure, before in earlier.items() for state in before["steps"]]
    again, moved = [], []
    for measure, state in sorted(wanted, key=lambda each: each[1]["parent"] is not None):
        step = stored.pop(state["id"], None)
        # Of parts others may count than before, which moves the day of a step.
        wanted_place = (state["position"], state["parent"], _day(state["done_on"]))
        if step is None:
            again.append(step := Step(pk=state["id"], measure_id=measure, text=state["text"]))
        elif (step.position, step.parent_id, step.done_on) != wanted_place:
            moved.append(step)
        step.position, step.parent_id, step.done_on = wanted_place
    bulk_create_with_history(again, Step, default_change_reason=why)
    bulk_update_with_history(moved, Step, ["position", "parent", "done_on"], default_change_reason=why)
    for step in sorted(stored.values(), key=lambda step: step.parent_id is None):
        step.delete()
    back = {step.pk for step in again}
    _hang_again([state for _, state in wanted if state["id"] in back])


def _hang_again(states: Sequence[Mapping[str, Any]]) -> None:
    """Give steps that came back their evidence and the ticks of parts."""
    step_of = {pk: state["id"] for state in states for pk in state["evidence"]}
    for proof in Evidence.objects.filter(pk__in=step_of, step__isnull=True):
        proof.step_id = step_of[proof.pk]
        proof.save(update_fields=["step"])
    ticks = [(part, state["id"], day) for state in states for part, day in state["ticks"]]
    parts = set(Part.objects.filter(pk__in=[part for part, _, _ in ticks]).values_list("pk", flat=True))
    bulk_create_with_history(
        [
            PartTick(part_id=part, step_id=step, done_on=date.fromisoformat(day))
            for part, step, day in ticks
            if part in parts
        ],
        PartTick,
    )


def _drop_divisions(made: Sequence[int]) -> None:
    """Divisions that the import added go where nobody and nothing belongs to them by now."""
    unused = Division.objects.filter(
        pk__in=made, users__isnull=True, responsibilities__isnull=True, parts__isnull=True
    ).exclude(comments__isnull=False)
    for division in unused:
        with suppress(ProtectedError):
            division.delete()


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
