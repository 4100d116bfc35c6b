"""Putting a division's report of its part back to what it was before a save."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from measures.models import Part, PartTick
from measures.parts.services import held, settle_steps
from measures.progress.services import PUT_BACK, ChangedSince, EarlierReport, ReasonMissing
from measures.status import Status


@transaction.atomic
def put_part_back(part: Part, earlier: EarlierReport, person: User) -> None:
    """Give a part and its ticks the values that they had before a save, as progress.services.put_back().

    Raises:
        NotAssigned: the part is not in force any more.
        ChangedSince: one of the values is not as that save left it.
        ReasonMissing: the part would be cancelled without a reason.
        Nothing is put back in all cases.
    """
    measure = held(part)
    stored = Part.objects.get(pk=part.pk)
    steps = {step.pk: step for step in measure.steps.filter(pk__in=earlier.steps)}
    ticks = {tick.step_id: tick for tick in PartTick.objects.filter(part=stored, step__in=steps)}
    days = {pk: ticks[pk].done_on if pk in ticks else None for pk in steps}
    fields = frozenset(name for name, (_, left) in earlier.fields.items() if getattr(stored, name) != left)
    moved = any(pk not in steps or days[pk] != left for pk, (_, left) in earlier.steps.items())
    if fields or moved:
        raise ChangedSince(fields, steps=moved)
    was_cancelled = stored.status == Status.CANCELLED
    for name, (before, _) in earlier.fields.items():
        setattr(stored, name, before)
    if stored.status == Status.CANCELLED and not stored.status_reason:
        raise ReasonMissing
    why = f"{PUT_BACK}{earlier.saved_at.isoformat()}"
    stored.reported_by, stored.reported_at = person, timezone.now()
    stored.version += 1
    stored._change_reason = why  # type: ignore[attr-defined]
    stored.save(update_fields=[*earlier.fields, "reported_by", "reported_at", "version"])
    for pk, (day, _) in earlier.steps.items():
        tick = ticks.get(pk) or PartTick(part=stored, step=steps[pk])
        tick._change_reason = why  # type: ignore[attr-defined]
        if day is None:
            tick.delete()
        else:
            tick.done_on = day
            tick.save()
    changes_all = was_cancelled != (stored.status == Status.CANCELLED)
    settle_steps(measure, None if changes_all else steps.values())
