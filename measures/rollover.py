"""A new fiscal year's plan from the one before: what was promised goes on, what was reported does not."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from core.thai_calendar import MONTHS, SHORT_MONTHS, arabic_digits, thai_digits
from measures.models import Measure, Plan, Responsibility, Step
from measures.parts.services import ensure_parts

_DIGIT: Final = "[0-9๐-๙]"
_MONTH: Final = "|".join(re.escape(name) for name in (*MONTHS, *SHORT_MONTHS))
# A year is one of time where the words before it say so. After the name of an act or of a plan for several
# years (พ.ร.บ. … พ.ศ. 2566) it is part of that name.
_OF_TIME: Final = re.compile(
    rf"(?P<before>(?:ปีงบประมาณ|ประจำปี|ไตรมาส(?:ที่)?\s*{_DIGIT}|{_MONTH})\s*(?:ปี\s*)?(?:พ\.\s*ศ\.)?\s*)"
    rf"(?P<year>{_DIGIT}{{4}}|{_DIGIT}{{2}})(?!{_DIGIT})"
)
_ANY: Final = re.compile(rf"(?P<before>(?<!{_DIGIT}))(?P<year>{_DIGIT}{{4}})(?!{_DIGIT})")


class PlanNotEmpty(Exception):
    """The plan that is to be filled has measures already."""


def a_year_on(text: str, fiscal_year: int, *, is_due: bool = False) -> str:
    """A text of one year's plan as the next year's says it: ปีงบประมาณ พ.ศ. ๒๕๖๖ → ปีงบประมาณ พ.ศ. ๒๕๖๗.

    Years keep their digits, Thai or Arabic, four of them or two (มี.ค. 66). Those of the plan's own time are
    moved: the fiscal year, the calendar year in which it begins and the one after it.

    Args:
        is_due: the text says when something is due, so that every such year in it is one of time.
    """
    own = range(fiscal_year - 1, fiscal_year + 2)

    def moved(found: re.Match[str]) -> str:
        typed = found["year"]
        year = int(arabic_digits(typed))
        known = own if len(typed) == 4 else [each % 100 for each in own]
        if year not in known:
            return found[0]
        later = f"{(year + 1) % 10 ** len(typed):0{len(typed)}}"
        return found["before"] + (later if typed.isascii() else thai_digits(later))

    # One or the other: both would move a year twice.
    if is_due and not _OF_TIME.search(text):
        return _ANY.sub(moved, text)
    return _OF_TIME.sub(moved, text)


def next_year(day: date) -> date:
    """The same day a year on; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


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
        for passed in range(years):
            text = a_year_on(text, source_year + passed, is_due=is_due)
        return text

    due_on = measure.due_on
    for _ in range(years):
        due_on = due_on and next_year(due_on)
    made = Measure.objects.create(
        plan=target,
        indicator_id=measure.indicator_id,
        position=measure.position,
        title=later(measure.title),
        first_step=measure.first_step,
        due_text=later(measure.due_text, is_due=True),
        due_on=due_on,
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
