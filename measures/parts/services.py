"""Changes to the parts of a measure that is reported division by division.

Each function is one transaction and holds the measure's row first, as everything does that reports on it: two
divisions that tick the same step at once must both be counted. Each part has its own version, so that no
division can write over another's.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from accounts.models import User
from core.locking import StaleEdit, claim_version
from measures.models import Measure, Part, PartTick, Report, Responsibility, Step
from measures.progress.services import Progress, save_progress
from measures.status import Status, after_first_tick


class NotAssigned(StaleEdit):
    """The part is not in force any more: its division was taken from the measure, or all report together."""


@transaction.atomic
def ensure_parts(*measures: Measure) -> None:
    """Give each responsible division of measures that are reported division by division its part.

    The first parts of a measure begin with what was reported of the whole: its status, the reason why it was
    cancelled, and the steps that were ticked. So nothing that was reported is lost, and what is proposed from
    the parts is what stands already. Its texts stay the measure's: in every part they would be joined into as
    many copies. The part of a division that comes later begins with nothing; a part that is stored already,
    because its division was responsible before, is taken up again as it is.
    """
    by_id = {measure.pk: measure for measure in measures if measure.by_division}
    if not by_id:
        return
    stored = set(Part.objects.filter(measure__in=by_id).values_list("measure_id", "division_id"))
    begun = {measure for measure, _ in stored}
    wanted = Responsibility.objects.filter(measure__in=by_id).order_by("measure_id", "position")
    missing = [pair for pair in wanted.values_list("measure_id", "division_id") if pair not in stored]
    if not missing:
        return
    # As stored: a report may have come in since the measures were read.
    first = Measure.objects.in_bulk(by_id.keys() - begun)
    made = bulk_create_with_history(
        [_new_part(by_id[pk], division, first.get(pk)) for pk, division in missing], Part
    )
    ticked = Step.objects.filter(measure__in=first, done_on__isnull=False)
    days: dict[int, list[Step]] = {}
    for step in ticked:
        days.setdefault(step.measure_id, []).append(step)
    ticks = [
        PartTick(part=part, step=step, done_on=step.done_on)
        for part in made
        for step in days.get(part.measure_id, ())
        if step.done_on
    ]
    bulk_create_with_history(ticks, PartTick)


def _new_part(measure: Measure, division_id: int, begins: Measure | None) -> Part:
    status = begins.status if begins else Status.NOT_STARTED
    reason = begins.status_reason if begins and status == Status.CANCELLED else ""
    return Part(measure=measure, division_id=division_id, status=status, status_reason=reason)


@transaction.atomic
def set_by_division(measure: Measure, on: bool) -> None:
    """Let each division report its own part from now on, or all together again; no part is discarded.

    Whoever calls it holds the measure or the plan. What was ticked or taken back while all reported together
    is carried into the parts that were there before.
    """
    changes = measure.by_division != on
    if changes:
        measure.by_division = on
        measure.save(update_fields=["by_division"])
    ensure_parts(measure)
    if changes and on:
        _begin_again(measure)
        _carry_steps(measure)


def _begin_again(measure: Measure) -> None:
    """Let parts on which nobody has reported yet begin with what was reported of the whole meanwhile."""
    parts = list(_assigned(measure))
    if any(part.reported_at for part in parts):
        return
    now = Measure.objects.get(pk=measure.pk)
    for part in parts:
        if part.status != now.status:
            part.status = now.status
            part.status_reason = now.status_reason if now.status == Status.CANCELLED else ""
            part.save(update_fields=["status", "status_reason"])


def _carry_steps(measure: Measure) -> None:
    """Bring the ticks of a measure's parts in line with its steps."""
    parts = list(_assigned(measure))
    ticks = {(tick.part_id, tick.step_id): tick for tick in PartTick.objects.filter(part__in=parts)}
    for step in measure.steps.all():
        of_step = [ticks.get((part.pk, step.pk)) for part in parts]
        days = [tick.done_on for tick in of_step if tick]
        if step.done_on is None:
            # All had ticked it, so it was done, and was taken back since.
            if parts and len(days) == len(parts):
                for tick in of_step:
                    if tick:
                        tick.delete()
        elif len(days) < len(parts) or max(days, default=None) != step.done_on:
            for part, tick in zip(parts, of_step, strict=True):
                carried = tick or PartTick(part=part, step=step)
                carried.done_on = step.done_on
                carried.save()


@transaction.atomic
def settle_parties(*measures: Measure) -> None:
    """Bring parts and steps in line with the divisions that are responsible now, after those were changed.

    The part of a division that is not responsible any more stays as it is, also for whoever has it open.
    """
    ensure_parts(*measures)
    for measure in measures:
        if measure.by_division:
            # Who has to tick a step may be others than before.
            settle_steps(measure)


def settle_steps(measure: Measure, steps: Iterable[Step] | None = None) -> None:
    """Store when each step of a measure was done: on the latest day of its parts, once all have ticked it.

    Parts that were cancelled do not count, unless all were. Whoever calls it holds the measure.

    Args:
        steps: those of which a tick has changed; all of the measure when left out.
    """
    assigned = list(_assigned(measure))
    counted = [part for part in assigned if part.status != Status.CANCELLED] or assigned
    if not counted:
        return
    days: dict[int, list[date]] = {}
    for step_id, day in PartTick.objects.filter(part__in=counted).values_list("step_id", "done_on"):
        days.setdefault(step_id, []).append(day)
    for step in measure.steps.all() if steps is None else steps:
        ticked = days.get(step.pk, [])
        done_on = max(ticked) if len(ticked) == len(counted) else None
        if step.done_on != done_on:
            step.done_on = done_on
            # One by one, so that each leaves its line in the history.
            step.save(update_fields=["done_on"])


@transaction.atomic
def save_part(
    part: Part, version: int, progress: Progress, person: User, *, finish_steps_on: date | None = None
) -> None:
    """Store a division's report of its part.

    Args:
        version: the version that the form was shown with.
        finish_steps_on: where given, the steps that the part has not ticked are ticked on that day.

    Raises:
        NotAssigned: the part is not in force any more.
        StaleEdit: somebody else saved it in between.
        Nothing is stored in both cases.
    """
    measure = held(part)
    cancelled = Part.objects.filter(pk=part.pk, status=Status.CANCELLED).exists()
    claim_version(part, "version", version)
    part.status = progress.status
    part.status_reason = progress.status_reason
    part.result = progress.result
    part.obstacle = progress.obstacle
    part.reported_by = person
    part.reported_at = timezone.now()
    part.save(
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
        ticked = PartTick.objects.filter(part=part, step=OuterRef("pk"))
        still_open = measure.steps.filter(~Exists(ticked))
        bulk_create_with_history(
            [PartTick(part=part, step=step, done_on=finish_steps_on) for step in still_open], PartTick
        )
    if finish_steps_on or cancelled != (part.status == Status.CANCELLED):
        settle_steps(measure)


def save_report(
    report: Report, version: int, progress: Progress, person: User, *, finish_steps_on: date | None = None
) -> None:
    """Store a report on a measure as a whole, or on a division's part of it, whichever is given.

    Raises:
        StaleEdit: as save_progress() and save_part(); nothing is stored then.
    """
    if isinstance(report, Part):
        save_part(report, version, progress, person, finish_steps_on=finish_steps_on)
    else:
        # The steps of a measure with parts are ticked there.
        finish = None if report.by_division else finish_steps_on
        save_progress(report, version, progress, person, finish_steps_on=finish)


@transaction.atomic
def mark_part_step(part: Part, step: Step, done: bool, person: User, today: date) -> bool:
    """Tick a step in a part today, or take the tick back; a tick on a part that had not started starts it.

    Returns:
        Whether the part's status moved.

    Raises:
        NotAssigned: the part is not in force any more; nothing is stored.
        ObjectDoesNotExist: the step is gone.
    """
    measure = held(part)
    step = measure.steps.get(pk=step.pk)
    stored = Part.objects.get(pk=part.pk)
    tick = PartTick.objects.filter(part=part, step=step).first()
    if (tick is not None) == done:
        return False
    if tick is None:
        PartTick.objects.create(part=part, step=step, done_on=today)
    else:
        tick.delete()
    settle_steps(measure, [step])
    status = after_first_tick(stored.status) if done else stored.status
    moved = status != stored.status
    stored.status, stored.reported_by, stored.reported_at = status, person, timezone.now()
    if moved:
        stored.version += 1
        stored.save(update_fields=["status", "reported_by", "reported_at", "version"])
    else:
        # Only who and when: the tick's own history tells what was done.
        Part.objects.filter(pk=stored.pk).update(
            reported_by=stored.reported_by, reported_at=stored.reported_at
        )
    return moved


@transaction.atomic
def save_joint(
    measure: Measure, version: int, progress: Progress, person: User, joined: Mapping[int, int]
) -> Sequence[str]:
    """Store the officer's own report on a measure that is reported division by division.

    Args:
        joined: the version of each part from which the report was joined, by the key of its division; empty
            where it was written without joining.

    Returns:
        The names of the divisions whose part was saved anew between the joining and now. What was joined is
        stored all the same, with the versions that it was made from, so that they are marked as changed.

    Raises:
        StaleEdit: somebody else saved the measure's report in between; nothing is stored then.
    """
    save_progress(measure, version, progress, person)
    if not joined:
        return []
    stored = {part.division_id: part for part in _assigned(measure).select_related("division")}
    known = {pk: seen for pk, seen in joined.items() if pk in stored and seen <= stored[pk].version}
    measure.joined_parts = {str(pk): seen for pk, seen in known.items()}
    # save_progress() holds the row, and its line in the history says what changed.
    Measure.objects.filter(pk=measure.pk).update(joined_parts=measure.joined_parts)
    return [part.division.name for pk, part in stored.items() if known.get(pk, 1) != part.version]


def _assigned(measure: Measure) -> QuerySet[Part]:
    """The parts of the divisions that are responsible now."""
    return Part.objects.filter(measure=measure, division__responsibilities__measure=F("measure")).order_by(
        "division__responsibilities__position"
    )


def held(part: Part) -> Measure:
    """The measure of a part, held to the end of the transaction.

    Raises:
        NotAssigned: the part is not in force any more.
    """
    measure = Measure.objects.select_for_update(of=("self",)).get(pk=part.measure_id)
    if not measure.by_division or not _assigned(measure).filter(pk=part.pk).exists():
        raise NotAssigned
    return measure
