"""Changes to the plan itself: measures with their parties and steps, and their order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.db.models import Max

from core.locking import claim_version
from measures.models import Indicator, Measure, Plan, Responsibility, Step
from measures.parts.services import set_by_division, settle_steps


@dataclass(frozen=True)
class OutlineStep:
    """A step as it is to be stored: id of the stored one or None, text, level 1 or 2."""

    id: int | None
    text: str
    level: int


@dataclass(frozen=True)
class Outline:
    """What the plan says of one measure; parties and steps in order."""

    indicator: Indicator
    title: str
    due_text: str
    due_on: date | None
    first_step: int
    division_ids: tuple[int, ...]
    steps: tuple[OutlineStep, ...]
    by_division: bool = True
    """Whether each division reports its own part; of a new measure, as long as there are several."""


@transaction.atomic
def create_measure(plan: Plan, outline: Outline) -> Measure:
    """Add a measure at the end of its indicator."""
    _lock(plan.pk)
    measure = Measure(plan=plan, position=_next_position(plan, outline.indicator))
    # One division alone has nobody to report apart from.
    _store(measure, replace(outline, by_division=outline.by_division and len(outline.division_ids) > 1))
    return measure


@transaction.atomic
def save_outline(measure: Measure, version: int, outline: Outline) -> None:
    """Store a measure's outline; its status and its ticked steps stay as they are.

    Args:
        version: Measure.outline_version with which the form was shown.

    Raises:
        StaleEdit: somebody else changed the outline in between; nothing is stored then.
    """
    _lock(measure.plan_id)
    claim_version(measure, "outline_version", version)
    if measure.indicator_id != outline.indicator.pk:
        measure.position = _next_position(measure.plan, outline.indicator)
    _store(measure, outline)


@transaction.atomic
def set_due(measure: Measure, version: int, due_on: date) -> None:
    """Store another day on which a measure is due; the words for it in the report stay.

    Args:
        version: Measure.outline_version as it was shown.

    Raises:
        StaleEdit: somebody else changed the outline in between; nothing is stored then.
    """
    claim_version(measure, "outline_version", version)
    measure.due_on = due_on
    measure.save(update_fields=["due_on", "outline_version"])


@transaction.atomic
def move_measure(measure: Measure, places: int) -> None:
    """Move a measure up (-1) or down (+1) among those of its indicator; at the end nothing happens."""
    _lock(measure.plan_id)
    order = list(
        Measure.objects.filter(plan=measure.plan_id, indicator=measure.indicator_id).order_by(
            "position", "id"
        )
    )
    here = order.index(measure)
    there = min(max(here + places, 0), len(order) - 1)
    order.insert(there, order.pop(here))
    for position, sibling in enumerate(order, 1):
        if sibling.position != position:
            sibling.position = position
            sibling.save(update_fields=["position"])


@transaction.atomic
def drop_measure(measure: Measure) -> None:
    """Delete a measure with all that hangs on it; the history keeps it.

    Raises:
        InEdition: an approved report refers to its evidence; nothing is deleted then.
    """
    measure.delete()


def _lock(plan_id: int) -> None:
    """Hold the plan to the end of the transaction, before any of its measures: places are given in turn.

    Without its key: PostgreSQL looks whether the plan is still there for a report that holds its measure, and
    that would wait for us while we wait for it.
    """
    Plan.objects.select_for_update(no_key=True).get(pk=plan_id)


def _next_position(plan: Plan, indicator: Indicator) -> int:
    siblings = Measure.objects.filter(plan=plan, indicator=indicator)
    return (siblings.aggregate(last=Max("position"))["last"] or 0) + 1


def _store(measure: Measure, outline: Outline) -> None:
    measure.indicator = outline.indicator
    measure.title = outline.title
    measure.due_text = outline.due_text
    measure.due_on = outline.due_on
    measure.first_step = outline.first_step
    if measure.pk is None:
        measure.save()
    else:
        # Named fields only: a report that is stored at the same moment must not be undone.
        measure.save(
            update_fields=[
                "indicator",
                "position",
                "title",
                "due_text",
                "due_on",
                "first_step",
                "outline_version",
            ]
        )
    _store_parties(measure, outline.division_ids)
    _store_steps(measure, outline.steps)
    # Where nobody is responsible, there would be nobody to report.
    set_by_division(measure, outline.by_division and bool(outline.division_ids))
    if measure.by_division:
        # Who has to tick a step may be others than before.
        settle_steps(measure)


def _store_parties(measure: Measure, division_ids: Sequence[int]) -> None:
    stored = {party.division_id: party for party in Responsibility.objects.filter(measure=measure)}
    for division_id in stored.keys() - set(division_ids):
        stored[division_id].delete()
    for position, division_id in enumerate(division_ids, 1):
        party = stored.get(division_id) or Responsibility(measure=measure, division_id=division_id)
        if party.pk is None or party.position != position:
            party.position = position
            party.save()


def _store_steps(measure: Measure, steps: Sequence[OutlineStep]) -> None:
    stored = {step.pk: step for step in Step.objects.filter(measure=measure)}
    kept = {step.id for step in steps}
    parent: Step | None = None
    # Stored steps are placed before any is deleted: deleting a step deletes those that still hang on it.
    for position, wanted in enumerate(steps, 1):
        step = stored.get(wanted.id or 0) or Step(measure=measure)
        before = (step.pk, step.text, step.position, step.parent_id)
        step.text = wanted.text
        step.position = position
        step.parent = parent if wanted.level == 2 else None
        if before != (step.pk, step.text, step.position, step.parent_id) or step.pk is None:
            step.save(update_fields=["text", "position", "parent"] if step.pk else None)
        if wanted.level == 1 or parent is None:
            parent = step
    dropped = [step for step in stored.values() if step.pk not in kept]
    # Second-level ones first: each leaves one line in the history, none is deleted twice by the cascade.
    for step in sorted(dropped, key=lambda step: step.parent_id is None):
        step.delete()
