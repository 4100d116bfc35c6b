"""How much of a plan is done, month by month, beside the time that has passed and the year before.

Pure: no query, no clock. The chart is drawn in a box of WIDTH by HEIGHT units.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from core.thai_calendar import SHORT_MONTHS, FiscalYear

WIDTH: Final = 336
HEIGHT: Final = 126
# Room for the scale at the left, for the months below, and for half of the last line's end.
LEFT: Final = 32
RIGHT: Final = 8
TOP: Final = 8
BOTTOM: Final = 22
SCALE: Final = (0, 50, 100)
# Of the months below the chart, counted from October, those that are named.
NAMED_MONTHS: Final = (0, 3, 6, 9, 11)

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A step of a measure, or a measure that has none: what progress is counted by."""

    fiscal_year: int
    indicator_id: int
    is_done: bool
    done_on: date | None
    """None also where it is done and nobody knows since when."""


@dataclass(frozen=True, slots=True)
class TrendMonth:
    """A row of the table behind the chart: percents at the end of a month, or of today."""

    month: int
    passed: int
    done: int | None
    """None for what is still to come."""
    last_year: int | None

    @property
    def name(self) -> str:
        return SHORT_MONTHS[self.month - 1]


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on one of the chart's axes with what stands there."""

    at: float
    label: str

    @property
    def text_at(self) -> float:
        """Where the base of a text lies whose middle is there."""
        return self.at + 4


@dataclass(frozen=True)
class Chart:
    """The lines as SVG paths; empty where there is nothing to draw."""

    line: str
    area: str
    last_year_line: str
    time_line: str
    end: Point
    """Where the line of this year ends."""
    scale: Sequence[Tick]
    months: Sequence[Tick]
    view_box: str = f"0 0 {WIDTH} {HEIGHT}"
    left: int = LEFT
    right: int = WIDTH - RIGHT
    scale_at: int = LEFT - 6
    months_at: int = HEIGHT - 4


@dataclass(frozen=True)
class Trend:
    """The course of a plan up to a day; shares in percent, rounded down so that 100 means all."""

    until: date
    done: int
    total: int
    share: int
    passed: int
    last_year: int | None
    """What share was done on the same day of the year before; None where there was no plan."""
    months: Sequence[TrendMonth]
    chart: Chart


def trend_of(
    work: Sequence[WorkItem], work_of_last_year: Sequence[WorkItem], year: FiscalYear, on: date
) -> Trend:
    """The trend of a fiscal year up to a day, or to the end of the year where that is over."""
    last_day = min(max(on, year.start), year.end)
    done = [day for item in work if (day := _done_on(item, last_day)) and day <= last_day]
    year_before = FiscalYear(year.number - 1)
    done_before = [
        day
        for item in work_of_last_year
        if (day := _done_on(item, year_before.end)) and day <= year_before.end
    ]

    def share(day: date) -> float:
        return _share(done, len(work), day)

    def share_before(day: date) -> float:
        return _share(done_before, len(work_of_last_year), day)

    ends = _month_ends(year)
    ends_before = _month_ends(year_before)
    line = [
        (0.0, share(_eve(year))),
        *((_passed(year, day), share(day)) for day in (*(end for end in ends if end < last_day), last_day)),
    ]
    line_before = [
        (0.0, share_before(_eve(year_before))),
        *((_passed(year_before, day), share_before(day)) for day in ends_before),
    ]
    return Trend(
        until=last_day,
        done=len(done),
        total=len(work),
        share=int(line[-1][1]),
        passed=int(line[-1][0]) if on >= year.start else 0,
        last_year=int(share_before(_a_year_before(last_day))) if work_of_last_year else None,
        months=[
            TrendMonth(
                month=at.month,
                passed=int(_passed(year, at)),
                done=int(share(at)) if at <= last_day else None,
                last_year=int(share_before(before)) if work_of_last_year else None,
            )
            for at, before in zip(
                (last_day if _same_month(end, last_day) else end for end in ends), ends_before, strict=True
            )
        ],
        chart=_chart(line if work else [], line_before if work_of_last_year else []),
    )


# --- Shares ------------------------------------------------------------------------------------------


def _done_on(item: WorkItem, unknown: date) -> date | None:
    return (item.done_on or unknown) if item.is_done else None


def _share(done: Sequence[date], total: int, day: date) -> float:
    return 100 * sum(one <= day for one in done) / total if total else 0.0


def _passed(year: FiscalYear, day: date) -> float:
    """How much of a year has passed in the evening of a day."""
    return 100 * ((day - year.start).days + 1) / ((year.end - year.start).days + 1)


def _eve(year: FiscalYear) -> date:
    return year.start - timedelta(days=1)


def _month_ends(year: FiscalYear) -> Sequence[date]:
    firsts = [
        date(year.start.year + (month > 12), (month - 1) % 12 + 1, 1)
        for month in range(year.start.month + 1, year.start.month + 13)
    ]
    return [first - timedelta(days=1) for first in firsts]


def _same_month(one: date, other: date) -> bool:
    return (one.year, one.month) == (other.year, other.month)


def _a_year_before(day: date) -> date:
    # 29 February is the 28th of the year before.
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)


# --- Drawing -----------------------------------------------------------------------------------------


def _chart(line: Sequence[Point], line_before: Sequence[Point]) -> Chart:
    drawn = _path(line)
    floor = _place((0, 0))[1]
    end = _place(line[-1]) if line else _place((0, 0))
    return Chart(
        line=drawn,
        area=f"{drawn} V{floor} H{LEFT} Z" if drawn else "",
        last_year_line=_path(line_before),
        time_line=_path([(0, 0), (100, 100)]),
        end=end,
        scale=[Tick(_place((0, share))[1], str(share)) for share in SCALE],
        months=[
            # In the middle of its month.
            Tick(_place((100 * (month + 0.5) / 12, 0))[0], SHORT_MONTHS[(month + 9) % 12])
            for month in NAMED_MONTHS
        ],
    )


def _place(point: Point) -> Point:
    """Where a point of the chart (percent of the year, percent of the work) lies in its box."""
    x = LEFT + (WIDTH - LEFT - RIGHT) * point[0] / 100
    y = TOP + (HEIGHT - TOP - BOTTOM) * (1 - point[1] / 100)
    return round(x, 1), round(y, 1)


def _path(points: Sequence[Point]) -> str:
    places = [f"{x} {y}" for x, y in map(_place, points)]
    return f"M{' L'.join(places)}" if places else ""
