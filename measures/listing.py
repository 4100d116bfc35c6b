"""Measures in lists: grouped by indicator, or by what needs a report first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from django.utils import timezone

from core.thai_calendar import RoundMonths
from measures.models import Indicator, Measure, Plan
from measures.status import FINISHED


@dataclass(frozen=True)
class IndicatorGroup:
    """The measures of one indicator, for a list with a heading a group."""

    indicator: Indicator
    measures: Sequence[Measure]


def internal_deadline(plan: Plan, months: RoundMonths) -> date:
    """The day until which an agency asks its divisions to have reported in a round of a plan."""
    return plan.year.round_end(months) - timedelta(days=plan.agency.days_before_round_end)


class When(IntEnum):
    """When a measure needs a report; the smaller, the sooner."""

    OVERDUE = 0
    THIS_ROUND = 1
    LATER = 2
    NEVER = 3
    """Done or cancelled."""


def when_needed(measure: Measure, today: date) -> When:
    """When a measure needs a report, seen from a day.

    In the present round: what is due before its end, and what nobody has reported on since it began to run.
    """
    if measure.status in FINISHED:
        return When.NEVER
    if measure.is_late_on(today):
        return When.OVERDUE
    year = measure.plan.year
    now = year.round_on(today)
    begin = year.start if now.months == 6 else year.round_end(6) + timedelta(days=1)
    reported = timezone.localdate(measure.reported_at) if measure.reported_at else date.min
    due = measure.due_on is not None and measure.due_on <= now.end
    return When.THIS_ROUND if due or reported < begin else When.LATER


def by_indicator(measures: Iterable[Measure]) -> Sequence[IndicatorGroup]:
    """Group measures that are in report order."""
    groups: dict[int, list[Measure]] = {}
    for measure in measures:
        groups.setdefault(measure.indicator_id, []).append(measure)
    return [IndicatorGroup(group[0].indicator, group) for group in groups.values()]


def by_every_indicator(
    indicators: Iterable[Indicator], measures: Iterable[Measure]
) -> Sequence[IndicatorGroup]:
    """Group measures that are in report order; indicators without a measure have a group as well."""
    groups = {group.indicator.pk: group for group in by_indicator(measures)}
    return [groups.get(indicator.pk) or IndicatorGroup(indicator, ()) for indicator in indicators]


def urgency(measure: Measure) -> tuple[bool, bool, str, int, int, int]:
    """What needs a report first: late, then by due date (none last), then as in the report."""
    return (
        measure.status in FINISHED,
        not measure.is_late,
        measure.due_on.isoformat() if measure.due_on else "9999",
        measure.indicator.number,
        measure.position,
        measure.pk,
    )
