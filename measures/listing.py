"""Measures in lists: grouped by indicator, or by what needs a report first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from django.utils import timezone

from core.thai_calendar import RoundMonths
from measures.models import Indicator, Measure, Plan, Report
from measures.status import FINISHED


@dataclass(frozen=True)
class IndicatorGroup:
    """The measures of one indicator, for a list with a heading a group."""

    indicator: Indicator
    measures: Sequence[Measure]


@dataclass(frozen=True)
class Deadline:
    """Until when divisions report in the present round, seen from a day."""

    months: RoundMonths
    on: date
    """The agency's own day, or the round's last where it has set none."""
    round_ends_on: date
    days_left: int
    """Until that day; negative once it has passed."""

    @property
    def days_over(self) -> int:
        """How many days it has passed; 0 where it has not."""
        return max(0, -self.days_left)

    @property
    def is_internal(self) -> bool:
        """Whether the agency asks for reports before the round ends."""
        return self.on < self.round_ends_on


def internal_deadline(plan: Plan, months: RoundMonths) -> date:
    """The day until which an agency asks its divisions to have reported in a round of a plan."""
    return plan.year.round_end(months) - timedelta(days=plan.agency.days_before_round_end)


def deadline_on(plan: Plan, today: date) -> Deadline:
    """The deadline of the round that is being worked on; no query for a plan with its agency."""
    now = plan.year.round_on(today)
    on = internal_deadline(plan, now.months)
    return Deadline(now.months, on, now.end, (on - today).days)


class When(IntEnum):
    """When a measure needs a report; the smaller, the sooner."""

    OVERDUE = 0
    THIS_ROUND = 1
    LATER = 2
    NEVER = 3
    """Done or cancelled."""


def when_needed(report: Report, today: date) -> When:
    """When a measure, or a division's part of it, needs a report, seen from a day.

    In the present round: what is due before its end, and what nobody has reported on since it began to run.
    """
    if report.counted_status in FINISHED:
        return When.NEVER
    if report.is_late_on(today):
        return When.OVERDUE
    year = report.about.plan.year
    now = year.round_on(today)
    begin = year.start if now.months == 6 else year.round_end(6) + timedelta(days=1)
    reported = timezone.localdate(report.reported_at) if report.reported_at else date.min
    due = report.due_on is not None and report.due_on <= now.end
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


def urgency(report: Report) -> tuple[bool, bool, str, int, int, int, int]:
    """What needs a report first: late, then by due date (none last), then as in the report."""
    measure = report.about
    return (
        report.counted_status in FINISHED,
        not report.is_late,
        report.due_on.isoformat() if report.due_on else "9999",
        measure.indicator.number,
        measure.position,
        measure.pk,
        report.pk,
    )
