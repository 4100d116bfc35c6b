"""Measures in lists: grouped by indicator, or by what needs a report first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from measures.models import Indicator, Measure
from measures.status import FINISHED


@dataclass(frozen=True)
class IndicatorGroup:
    """The measures of one indicator, for a list with a heading a group."""

    indicator: Indicator
    measures: Sequence[Measure]


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
