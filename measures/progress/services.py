"""Changes to measures and steps that two people may make at once.

Each function is one transaction. A stale edit is found by a conditional UPDATE on the measure's version: of
two people who read the same version, the database lets exactly one through.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.locking import StaleEdit, claim
from measures.models import Measure, Step
from measures.status import Status, after_first_tick

# What the history says of a change that puts an earlier one back; then the moment of that one.
PUT_BACK: Final = "put back "


@dataclass(frozen=True)
class Progress:
    """What a person reports of a measure: field values as they are to be stored."""

    status: str
    status_reason: str
    result: str
    obstacle: str


@dataclass(frozen=True)
class EarlierReport:
    """What a save changed: values as it left them, and those from before it, to which they are put back."""

    saved_at: datetime
    fields: Mapping[str, tuple[str, str]]
    """By the name of a stored field: before, after."""
    steps: Mapping[int, tuple[date | None, date | None]]
    """By the key of a step: the day on which it was done, before and after."""


class ChangedSince(StaleEdit):
    """What a save had left has been changed since: the names of those fields, and whether steps too."""

    def __init__(self, fields: frozenset[str], *, steps: bool) -> None:
        super().__init__(fields, steps)
        self.fields = fields
        self.steps = steps


class ReasonMissing(Exception):
    """The measure would be cancelled without a reason; nothing was stored."""


@transaction.atomic
def save_progress(
    measure: Measure, version: int, progress: Progress, person: User, *, finish_steps_on: date | None = None
) -> None:
    """Store a report on a measure.

    Args:
        version: the version that the form was shown with.
        finish_steps_on: where given, the steps that are still open are marked done on that day.

    Raises:
        StaleEdit: nothing is stored then.
    """
    # Whether divisions report on their own may have been changed in between, without a new version.
    seen = {"version": version, "by_division": measure.by_division}
    claim(measure, seen=seen, becomes={"version": version + 1})
    measure.status = progress.status
    measure.status_reason = progress.status_reason
    measure.result = progress.result
    measure.obstacle = progress.obstacle
    measure.reported_by = person
    measure.reported_at = timezone.now()
    measure.save(
        update_fields=[
            "status",
            "status_reason",
            "result",
            "obstacle",
            "reported_by",
            "reported_at",
            "version",
        ]
    )
    if finish_steps_on:
        for step in measure.steps.filter(done_on__isnull=True):
            step.done_on = finish_steps_on
            # One by one, so that each leaves its line in the history; a measure has a dozen steps.
            step.save(update_fields=["done_on"])


@transaction.atomic
def mark_step(step: Step, done: bool, person: User, today: date) -> bool:
    """Mark a step done today, or not reported; a tick on a measure that had not started starts it.

    Marking what is marked already changes nothing, so two people ticking one step do not disturb each other.

    Returns:
        Whether the measure's status moved.

    Raises:
        StaleEdit: the measure is reported division by division by now, and so are its steps.
    """
    # The measure's row is locked first, everywhere, so that two ticks cannot both see it "not started".
    measure = Measure.objects.select_for_update().get(pk=step.measure_id)
    if measure.by_division:
        raise StaleEdit
    step.refresh_from_db(fields=["done_on"])
    if (step.done_on is not None) == done:
        return False
    step.done_on = today if done else None
    step.save(update_fields=["done_on"])
    status = after_first_tick(measure.status) if done else measure.status
    moved = status != measure.status
    measure.status = status
    measure.reported_by = person
    measure.reported_at = timezone.now()
    if moved:
        measure.version += 1
        measure.save(update_fields=["status", "reported_by", "reported_at", "version"])
    else:
        # Only who and when: the step's own history tells what was done.
        Measure.objects.filter(pk=measure.pk).update(
            reported_by=measure.reported_by, reported_at=measure.reported_at
        )
    return moved


@transaction.atomic
def put_back(measure: Measure, earlier: EarlierReport, person: User) -> None:
    """Give a measure and its steps the values that they had before a save; itself a change like any other.

    Raises:
        ChangedSince: one of the values is not as that save left it; nothing is put back then.
        ReasonMissing: the measure would be cancelled without a reason; nothing is put back then.
    """
    # As everywhere, the measure's row is locked before its steps are looked at.
    stored = Measure.objects.select_for_update().get(pk=measure.pk)
    steps = {step.pk: step for step in stored.steps.filter(pk__in=earlier.steps)}
    fields = frozenset(name for name, (_, left) in earlier.fields.items() if getattr(stored, name) != left)
    moved = any(pk not in steps or steps[pk].done_on != left for pk, (_, left) in earlier.steps.items())
    # Where each division has its part, a step follows from their ticks.
    moved = moved or (stored.by_division and bool(earlier.steps))
    if fields or moved:
        raise ChangedSince(fields, steps=moved)
    for name, (before, _) in earlier.fields.items():
        setattr(stored, name, before)
    if stored.status == Status.CANCELLED and not stored.status_reason:
        raise ReasonMissing
    why = f"{PUT_BACK}{earlier.saved_at.isoformat()}"
    stored.reported_by, stored.reported_at = person, timezone.now()
    if earlier.fields:
        stored.version += 1
        stored._change_reason = why  # type: ignore[attr-defined]
        stored.save(update_fields=[*earlier.fields, "reported_by", "reported_at", "version"])
    else:
        Measure.objects.filter(pk=stored.pk).update(reported_by=person, reported_at=stored.reported_at)
    for pk, (day, _) in earlier.steps.items():
        steps[pk].done_on = day
        steps[pk]._change_reason = why  # type: ignore[attr-defined]
        steps[pk].save(update_fields=["done_on"])


def undone_save(reason: str) -> datetime | None:
    """When that was saved which a change put back, from its reason in the history; None for others."""
    return datetime.fromisoformat(reason.removeprefix(PUT_BACK)) if reason.startswith(PUT_BACK) else None
