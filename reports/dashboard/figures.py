"""The figures of the dashboard, computed from a plan's measures in memory: no query, no clock."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from accounts.models import Division
from measures.meter import Segment, stacked
from measures.models import Indicator, Measure
from measures.status import Status

NEVER = datetime.min.replace(tzinfo=UTC)


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
    def bar(self) -> Sequence[Segment]:
        """The parts of a stacked bar, from left to right."""
        return stacked(
            [
                (Status.DONE, self.done),
                (Status.IN_PROGRESS, self.in_progress),
                (Status.NOT_STARTED, self.not_started),
                (Status.CANCELLED, self.cancelled),
            ]
        )


@dataclass(frozen=True)
class IndicatorTally:
    indicator: Indicator
    tally: Tally


@dataclass(frozen=True)
class DivisionTally:
    division: Division
    tally: Tally


@dataclass(frozen=True)
class Dashboard:
    """What an executive sees of a plan on a day."""

    tally: Tally
    indicators: Sequence[IndicatorTally]
    divisions: Sequence[DivisionTally]
    late: Sequence[Measure]
    lately_reported: Sequence[Measure]

    @property
    def most_outstanding(self) -> DivisionTally | None:
        """The division with most measures still to report on, for the sentence on top."""
        waiting = [entry for entry in self.divisions if entry.tally.outstanding]
        return max(waiting, key=lambda entry: entry.tally.outstanding, default=None)


def tally(measures: Iterable[Measure], on: date) -> Tally:
    """Count measures by status, and those that are late on a day."""
    listed = list(measures)
    counts = Counter(measure.status for measure in listed)
    return Tally(
        done=counts[Status.DONE],
        in_progress=counts[Status.IN_PROGRESS],
        not_started=counts[Status.NOT_STARTED],
        cancelled=counts[Status.CANCELLED],
        late=sum(measure.is_late_on(on) for measure in listed),
    )


def dashboard(
    measures: Sequence[Measure], indicators: Iterable[Indicator], on: date, lately: int = 3
) -> Dashboard:
    """Compute the dashboard of a plan.

    Args:
        measures: all of the plan, in report order, read with_parties().
        indicators: all ten; those without measures are shown as empty.
        on: the day against which "late" is judged.
        lately: how many of the latest reports to name.
    """
    by_indicator: dict[int, list[Measure]] = {}
    by_division: dict[int, list[Measure]] = {}
    divisions: dict[int, Division] = {}
    for measure in measures:
        by_indicator.setdefault(measure.indicator_id, []).append(measure)
        for division in measure.parties:
            divisions[division.pk] = division
            by_division.setdefault(division.pk, []).append(measure)
    in_order = sorted(divisions.values(), key=lambda division: (division.position, division.pk))
    return Dashboard(
        tally=tally(measures, on),
        indicators=[IndicatorTally(i, tally(by_indicator.get(i.pk, ()), on)) for i in indicators],
        divisions=[DivisionTally(d, tally(by_division[d.pk], on)) for d in in_order],
        late=sorted((m for m in measures if m.is_late_on(on)), key=_due),
        lately_reported=sorted(
            (m for m in measures if m.reported_at), key=lambda m: m.reported_at or NEVER, reverse=True
        )[:lately],
    )


def _due(measure: Measure) -> date:
    return measure.due_on or date.max
