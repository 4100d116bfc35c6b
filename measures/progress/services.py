"""Changes to measures and steps that two people may make at once.

Each function is one transaction. A stale edit is found by a conditional UPDATE on the measure's version: of
two people who read the same version, the database lets exactly one through.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.locking import claim_version
from measures.models import Measure, Step
from measures.status import after_first_tick


@dataclass(frozen=True)
class Progress:
    """What a person reports of a measure: field values as they are to be stored."""

    status: str
    status_reason: str
    result: str
    obstacle: str


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
    claim_version(measure, "version", version)
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
    """
    # The measure's row is locked first, everywhere, so that two ticks cannot both see it "not started".
    measure = Measure.objects.select_for_update().get(pk=step.measure_id)
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
