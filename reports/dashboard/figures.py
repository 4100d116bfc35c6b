"""The figures of the dashboard, computed from a plan's measures in memory: no query, no clock."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from accounts.models import Division
from core.thai_calendar import FiscalYear
from measures.meter import Segment, short_words, stacked
from measures.models import Indicator, Measure, Report
from measures.status import Status
from reports.dashboard.trend import Trend, WorkItem, trend_of

NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Tally:
    """How many measures stand at each status; late ones are counted among their status as well."""

    done: int
    in_progress: int
    not_started: int
    cancelled: int
    late: int

    @property
    def total(self) -> int:
        return self.done + self.in_progress + self.not_started + self.cancelled

    @property
    def outstanding(self) -> int:
        """Neither done nor cancelled."""
        return self.in_progress + self.not_started

    @property
    def parts(self) -> Sequence["CountAt"]:
        """The counts that add up to all measures, in the order of a bar."""
        return (
            CountAt(Status.DONE, self.done),
            CountAt(Status.IN_PROGRESS, self.in_progress),
            CountAt(Status.NOT_STARTED, self.not_started),
            CountAt(Status.CANCELLED, self.cancelled),
        )

    @property
    def bar(self) -> Sequence[Segment]:
        """The parts of a stacked bar, from left to right."""
        return stacked((part.status, part.count) for part in self.parts)

    @property
    def words(self) -> str:
        """The bar for who cannot see it."""
        said = short_words(self.bar)
        return f"{said}, ในจำนวนนี้ล่าช้า {self.late}" if self.late else said


@dataclass(frozen=True)
class CountAt:
    """How many measures stand at a status."""

    status: Status
    count: int


@dataclass(frozen=True)
class IndicatorTally:
    """An indicator's measures, and how many of their steps are done; cancelled measures have none."""

    indicator: Indicator
    tally: Tally
    steps_done: int
    steps_total: int


@dataclass(frozen=True)
class DivisionTally:
    """The measures for which a division is responsible, alone or with others.

    What is reported division by division counts by the division's own part.
    """

    division: Division
    tally: Tally


@dataclass(frozen=True)
class LateMeasure:
    """A measure that is late, since how many days, and whose the lateness is."""

    measure: Measure
    days: int
    divisions: Sequence[Division]
    """Of what is reported division by division, those whose own part is late; else all responsible."""

    @property
    def waits_for_officer(self) -> bool:
        """Whether every division is done with its part, and only the measure's own report says otherwise."""
        return not self.divisions and self.measure.by_division


@dataclass(frozen=True)
class MostLate:
    """The divisions with the largest number of late measures: all that share it, so that no tie is broken."""

    divisions: Sequence[Division]
    count: int


@dataclass(frozen=True)
class Dashboard:
    """What an executive sees of a plan on a day."""

    tally: Tally
    indicators: Sequence[IndicatorTally]
    divisions: Sequence[DivisionTally]
    """Those that are most behind first."""
    late: Sequence[LateMeasure]
    """Those that are late for the longest first."""
    lately_reported: Sequence[Report]
    trend: Trend

    @property
    def most_late(self) -> MostLate | None:
        """Whose the lateness is; None where nothing is late, or what is late is nobody's."""
        count = max((entry.tally.late for entry in self.divisions), default=0)
        if not count:
            return None
        return MostLate([entry.division for entry in self.divisions if entry.tally.late == count], count)


def tally(reports: Iterable[Report], on: date) -> Tally:
    """Count measures, or parts of them, by status, and those that are late on a day."""
    listed = list(reports)
    counts = Counter(report.counted_status for report in listed)
    return Tally(
        done=counts[Status.DONE],
        in_progress=counts[Status.IN_PROGRESS],
        not_started=counts[Status.NOT_STARTED],
        cancelled=counts[Status.CANCELLED],
        late=sum(report.is_late_on(on) for report in listed),
    )


def dashboard(
    measures: Sequence[Measure],
    indicators: Iterable[Indicator],
    work: Sequence[WorkItem],
    year: FiscalYear,
    on: date,
    lately: int = 3,
) -> Dashboard:
    """Compute the dashboard of a plan.

    Args:
        measures: all of the plan, in report order, read with_parties() and with_parts().
        indicators: all ten; those without measures are shown as empty.
        work: the steps of the plan, and of that of the year before.
        year: the plan's.
        on: the day against which "late" is judged.
        lately: how many of the latest reports to name.
    """
    by_indicator: dict[int, list[Measure]] = {}
    for measure in measures:
        by_indicator.setdefault(measure.indicator_id, []).append(measure)
    own = [item for item in work if item.fiscal_year == year.number]
    before = [item for item in work if item.fiscal_year == year.number - 1]
    return Dashboard(
        tally=tally(measures, on),
        indicators=[
            _indicator(indicator, by_indicator.get(indicator.pk, ()), own, on) for indicator in indicators
        ],
        divisions=_divisions(measures, on),
        late=sorted(_late(measures, on), key=lambda entry: -entry.days),
        lately_reported=_latest(measures)[:lately],
        trend=trend_of(own, before, year, on),
    )


def _latest(measures: Iterable[Measure]) -> Sequence[Report]:
    """Of each measure the latest report, on it or on a part of it; the latest of all first."""
    every: list[list[Report]] = [[measure, *measure.assigned_parts] for measure in measures]
    latest = [max(reports, key=_reported) for reports in every]
    return sorted((report for report in latest if report.reported_at), key=_reported, reverse=True)


def _reported(report: Report) -> datetime:
    return report.reported_at or NEVER


def _late(measures: Iterable[Measure], on: date) -> Iterator[LateMeasure]:
    for measure in measures:
        if measure.due_on and measure.is_late_on(on):
            late_parts = [part.division for part in measure.assigned_parts if part.is_late_on(on)]
            divisions = late_parts if measure.by_division else measure.parties
            yield LateMeasure(measure, (on - measure.due_on).days, divisions)


def _indicator(
    indicator: Indicator, measures: Iterable[Measure], work: Iterable[WorkItem], on: date
) -> IndicatorTally:
    steps = [item for item in work if item.indicator_id == indicator.pk]
    return IndicatorTally(indicator, tally(measures, on), sum(item.is_done for item in steps), len(steps))


def _divisions(measures: Iterable[Measure], on: date) -> Sequence[DivisionTally]:
    by_division: dict[Division, list[Report]] = {}
    for measure in measures:
        for division in measure.parties:
            by_division.setdefault(division, []).extend(measure.reports_of([division]))
    return sorted(
        (DivisionTally(division, tally(listed, on)) for division, listed in by_division.items()),
        key=_most_behind_first,
    )


def _most_behind_first(entry: DivisionTally) -> tuple[int, int, int, int]:
    return -entry.tally.late, -entry.tally.outstanding, entry.division.position, entry.division.pk
