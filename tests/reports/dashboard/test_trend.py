"""The course of a plan over its year: what is done by each month, beside time and the year before."""

from datetime import UTC, date, datetime

import pytest

from core.thai_calendar import FiscalYear
from measures.models import Plan, Step
from reports.dashboard.selectors import work_of
from reports.dashboard.trend import HEIGHT, LEFT, WIDTH, WorkItem, trend_of
from reports.new_year.services import open_year
from tests.support.factories import YEAR, make_measure

NOW = FiscalYear(YEAR)


def item(done_on: date | None, year: int = YEAR, *, is_done: bool | None = None) -> WorkItem:
    return WorkItem(year, 1, done_on is not None if is_done is None else is_done, done_on)


WORK = [item(date(2022, 10, 5)), item(date(2022, 12, 31)), item(date(2023, 2, 1)), item(None)]


# --- Shares ------------------------------------------------------------------------------------------


def test_what_is_done_is_counted_up_to_the_day() -> None:
    trend = trend_of(WORK, [], NOW, date(2023, 2, 1))
    assert (trend.done, trend.total, trend.share) == (3, 4, 75)
    assert trend_of(WORK, [], NOW, date(2023, 1, 31)).share == 50


def test_each_month_says_what_was_done_at_its_end_and_nothing_of_what_is_to_come() -> None:
    months = trend_of(WORK, [], NOW, date(2023, 2, 1)).months
    assert [month.name for month in months] == (
        "ต.ค. พ.ย. ธ.ค. ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย.".split()
    )
    assert [month.done for month in months] == [25, 25, 50, 50, 75, *[None] * 7]
    # February is only a day old: 124 of 365 days.
    assert [month.passed for month in months] == [8, 16, 25, 33, 33, 49, 58, 66, 74, 83, 91, 100]
    assert {month.last_year for month in months} == {None}


def test_a_share_is_a_hundred_only_when_all_is_done() -> None:
    nearly = [item(date(2022, 10, 5))] * 299 + [item(None)]
    assert trend_of(nearly, [], NOW, date(2023, 2, 1)).share == 99


@pytest.mark.parametrize(
    ("on", "share", "passed", "months"),
    [
        (date(2022, 9, 15), 0, 0, 1),
        (date(2022, 10, 1), 0, 0, 1),
        (date(2023, 9, 30), 75, 100, 12),
        (date(2024, 5, 1), 75, 100, 12),
    ],
    ids=["before the year", "its first day", "its last day", "long after"],
)
def test_a_year_begins_and_ends(on: date, share: int, passed: int, months: int) -> None:
    trend = trend_of(WORK, [], NOW, on)
    assert (trend.share, trend.passed) == (share, passed)
    assert sum(month.done is not None for month in trend.months) == months


def test_the_year_before_is_compared_on_the_same_day() -> None:
    before = [item(date(2021, 11, 1), YEAR - 1), item(date(2022, 2, 2), YEAR - 1)]
    trend = trend_of(WORK, before, NOW, date(2023, 2, 1))
    assert trend.last_year == 50
    assert trend_of(WORK, before, NOW, date(2023, 2, 2)).last_year == 100
    assert [month.last_year for month in trend.months][:5] == [0, 50, 50, 50, 100]
    # A leap year's 29 February has no day of the same name before it.
    assert trend_of(WORK, before, FiscalYear(2567), date(2024, 2, 29)).last_year is not None


def test_what_was_finished_after_the_year_is_not_of_the_year() -> None:
    late = [item(date(2023, 11, 1)), item(date(2023, 9, 30))]
    assert trend_of(late, [], NOW, date(2024, 1, 1)).share == 50


def test_what_is_done_since_nobody_knows_when_is_done_by_now() -> None:
    trend = trend_of([item(None, is_done=True)], [], NOW, date(2023, 2, 1))
    assert trend.share == 100
    assert [month.done for month in trend.months][:5] == [0, 0, 0, 0, 100]


def test_without_steps_there_is_no_line() -> None:
    trend = trend_of([], [], NOW, date(2023, 2, 1))
    assert (trend.share, trend.last_year, trend.chart.line, trend.chart.area) == (0, None, "", "")
    assert trend.chart.time_line


# --- The drawing -------------------------------------------------------------------------------------


def test_the_line_goes_from_the_first_day_to_today() -> None:
    chart = trend_of(WORK, [], NOW, date(2023, 9, 30)).chart
    points = [tuple(map(float, point.split())) for point in chart.line.removeprefix("M").split(" L")]
    # The first day, and the end of each month.
    assert len(points) == 13
    assert points[0] == (LEFT, chart.scale[0].at)
    assert points[-1] == chart.end
    assert points == sorted(points)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)
    # More done is higher up.
    assert points[-1][1] < points[0][1]
    assert chart.last_year_line == ""


def test_the_line_of_the_year_before_is_that_of_the_whole_year() -> None:
    chart = trend_of(WORK, [item(date(2021, 11, 1), YEAR - 1)], NOW, date(2022, 10, 2)).chart
    assert chart.last_year_line.count("L") == 12
    assert chart.line.count("L") == 1


# --- What is counted ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_steps_of_both_years_are_counted_and_those_of_no_other(plan: Plan) -> None:
    first = make_measure(plan, steps=2)
    Step.objects.filter(measure=first, position=1).update(done_on=date(2022, 11, 1))
    for year, steps in ((YEAR - 1, 3), (YEAR - 2, 1), (YEAR + 1, 1)):
        make_measure(open_year(plan.agency, year), steps=steps)
    work = list(work_of(plan))
    assert [one.done_on for one in work if one.fiscal_year == YEAR and one.is_done] == [date(2022, 11, 1)]
    assert sorted(one.fiscal_year for one in work) == [YEAR - 1] * 3 + [YEAR] * 2


@pytest.mark.django_db
def test_a_measure_without_steps_counts_as_one_and_a_cancelled_one_not_at_all(plan: Plan) -> None:
    at = datetime(2023, 1, 31, 20, 0, tzinfo=UTC)
    make_measure(plan, steps=0, status="done", reported_at=at)
    make_measure(plan, position=2, steps=0)
    make_measure(plan, position=3, steps=2, status="cancelled", status_reason="x")
    # 20:00 UTC is the next day in the office.
    assert sorted((one.is_done, one.done_on) for one in work_of(plan)) == [
        (False, None),
        (True, date(2023, 2, 1)),
    ]


@pytest.mark.django_db
def test_the_steps_of_a_measure_that_is_done_are_done(plan: Plan) -> None:
    make_measure(plan, steps=2, status="done")
    assert [(one.is_done, one.done_on) for one in work_of(plan)] == [(True, None)] * 2
