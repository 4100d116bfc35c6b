"""A new fiscal year's plan from the one before: what was promised goes on, what was reported does not."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from measures.later_years import day_on, years_on
from measures.models import Measure, Plan, Responsibility, Step
from measures.parts.services import ensure_parts


class PlanNotEmpty(Exception):
    """The plan that is to be filled has measures already."""


@transaction.atomic
def clone_measures(source: Plan, target: Plan) -> int:
    """Fill an empty plan with the measures of an earlier one: titles, steps, divisions and order, with their
    time moved on. No status, result, evidence or day on which a step was done comes along. What belongs to
    several divisions is reported division by division, as every new measure.

    Returns:
        How many measures there are now.

    Raises:
        PlanNotEmpty: nothing is stored.
    """
    # Two who press at once: the second waits here, and then finds it filled.
    Plan.objects.select_for_update().get(pk=target.pk)
    if target.measures.exists():
        raise PlanNotEmpty
    if source.is_sample:
        # What is copied from invented measures is invented too.
        target.is_sample = True
        target.save(update_fields=["is_sample"])
    years = target.fiscal_year - source.fiscal_year
    measures = source.measures.in_report_order().prefetch_related("responsibilities", "steps")
    ensure_parts(*[_clone(measure, target, years) for measure in measures])
    return len(measures)


def plans_to_copy(every: QuerySet[Plan], to_fill: Iterable[Plan]) -> Sequence[Plan]:
    """The plans with measures, newest first, from which one of the others, still empty, could be filled."""
    filled = list(every.filter(Exists(Measure.objects.filter(plan=OuterRef("pk")))))
    taken = {plan.pk for plan in filled}
    empty = [plan.fiscal_year for plan in to_fill if plan.pk not in taken]
    return [plan for plan in filled if empty and plan.fiscal_year < max(empty)]


def _clone(measure: Measure, target: Plan, years: int) -> Measure:
    source_year = measure.plan.fiscal_year

    def later(text: str, *, is_due: bool = False) -> str:
        return years_on(text, source_year, years, is_due=is_due)

    made = Measure.objects.create(
        plan=target,
        indicator_id=measure.indicator_id,
        position=measure.position,
        title=later(measure.title),
        first_step=measure.first_step,
        due_text=later(measure.due_text, is_due=True),
        due_on=measure.due_on and day_on(measure.due_on, years),
        continues=measure,
        by_division=len(measure.responsibilities.all()) > 1,
    )
    for responsibility in measure.responsibilities.all():
        Responsibility.objects.create(
            measure=made, division_id=responsibility.division_id, position=responsibility.position
        )
    steps: dict[int, Step] = {}
    # Parents first: a step of the second level points to one that is there.
    for step in sorted(measure.steps.all(), key=lambda step: step.parent_id is not None):
        steps[step.pk] = Step.objects.create(
            measure=made, parent=_parent(steps, step), position=step.position, text=later(step.text)
        )
    return made


def _parent(made: Mapping[int, Step], step: Step) -> Step | None:
    return None if step.parent_id is None else made[step.parent_id]
