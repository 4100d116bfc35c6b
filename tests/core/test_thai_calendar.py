"""The Thai calendar: dates as officials write them, fiscal years, rounds and digits."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.thai_calendar import (
    MONTHS,
    SHORT_MONTHS,
    FiscalYear,
    ReportingRound,
    arabic_digits,
    buddhist_year,
    long_date,
    numeric_date,
    parse_date,
    short_date,
    thai_digits,
)
from tests.support.properties import on_any_machine

# The Buddhist-era years 2400 to 2700, which is what parse_date takes.
DAYS = st.dates(date(1857, 1, 1), date(2157, 12, 31))


def test_there_are_twelve_months_in_both_lengths() -> None:
    assert len(MONTHS) == len(SHORT_MONTHS) == 12
    assert (MONTHS[0], MONTHS[2], MONTHS[8], MONTHS[11]) == ("มกราคม", "มีนาคม", "กันยายน", "ธันวาคม")
    assert (SHORT_MONTHS[0], SHORT_MONTHS[2], SHORT_MONTHS[8]) == ("ม.ค.", "มี.ค.", "ก.ย.")


def test_dates_are_written_in_the_buddhist_era() -> None:
    day = date(2023, 3, 1)
    assert long_date(day) == "1 มีนาคม 2566"
    assert short_date(day) == "1 มี.ค. 2566"
    assert numeric_date(day) == "01/03/2566"
    assert buddhist_year(day) == 2566


def test_digits_turn_into_thai_ones_and_nothing_else_does() -> None:
    assert thai_digits("ปี 2566, ข้อ 1.10") == "ปี ๒๕๖๖, ข้อ ๑.๑๐"
    assert thai_digits(1234567890) == "๑๒๓๔๕๖๗๘๙๐"
    assert arabic_digits("๐๑๒๓๔๕๖๗๘๙ ก") == "0123456789 ก"


@on_any_machine
@given(st.text())
def test_thai_digits_read_back_as_the_arabic_ones(text: str) -> None:
    assert arabic_digits(thai_digits(text)) == arabic_digits(text)


@pytest.mark.parametrize(
    "text",
    [
        "31/3/2566",
        "31/03/2566",
        "31-3-2566",
        "31 3 2566",
        " 31 / 3 / 2566 ",
        "๓๑/๓/๒๕๖๖",
        "31 มี.ค. 2566",
        "31 มี.ค 2566",
        "๓๑ มี.ค. ๒๕๖๖",
        "31 มีนาคม 2566",
        "31 มีนาคม พ.ศ. 2566",
        "31 มีนาคม พ.ศ.2566",
        "31\tมีนาคม\n2566",
    ],
)
def test_a_day_is_read_in_every_way_officials_type_it(text: str) -> None:
    assert parse_date(text) == date(2023, 3, 31)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not a Thai date"),
        ("พรุ่งนี้", "not a Thai date"),
        ("31 มีนาคม", "not a Thai date"),
        ("31/3/66", "not a Thai date"),
        ("1/2/3/2566", "not a Thai date"),
        ("31/3/2566 เวลา 10:00", "not a Thai date"),
        ("31/3/2023", "not a Buddhist-era year"),
        ("31/3/2399", "not a Buddhist-era year"),
        ("31/3/2701", "not a Buddhist-era year"),
        ("30/2/2566", "day is out of range|day .* must be in range"),
        ("29/2/2566", "day is out of range|day .* must be in range"),
        ("0/1/2566", "day is out of range|day .* must be in range"),
        ("1/13/2566", "month must be in"),
        ("1/0/2566", "month must be in"),
        ("1 มีนา 2566", "month must be in"),
    ],
)
def test_what_is_no_day_of_the_buddhist_era_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_date(text)


def test_the_edges_of_the_era_are_days() -> None:
    assert parse_date("1/1/2400") == date(1857, 1, 1)
    assert parse_date("31/12/2700") == date(2157, 12, 31)
    assert parse_date("29/2/2567") == date(2024, 2, 29)


@on_any_machine
@given(DAYS)
def test_every_way_of_writing_a_day_reads_back(day: date) -> None:
    for written in (long_date(day), short_date(day), numeric_date(day)):
        assert parse_date(written) == day
        assert parse_date(thai_digits(written)) == day


@on_any_machine
@given(st.text())
def test_any_text_is_a_day_or_a_value_error(text: str) -> None:
    try:
        day = parse_date(text)
    except ValueError:
        return
    assert date(1857, 1, 1) <= day <= date(2157, 12, 31)


def test_a_fiscal_year_runs_from_october_to_september() -> None:
    year = FiscalYear(2566)
    assert (year.start, year.end) == (date(2022, 10, 1), date(2023, 9, 30))


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2022, 9, 30), 2565),
        (date(2022, 10, 1), 2566),
        (date(2022, 12, 31), 2566),
        (date(2023, 1, 1), 2566),
        (date(2023, 9, 30), 2566),
        (date(2023, 10, 1), 2567),
    ],
)
def test_the_fiscal_year_turns_between_30_september_and_1_october(day: date, number: int) -> None:
    assert FiscalYear.containing(day) == FiscalYear(number)


@on_any_machine
@given(DAYS)
def test_a_day_falls_in_exactly_the_fiscal_year_that_contains_it(day: date) -> None:
    year = FiscalYear.containing(day)
    assert year.start <= day <= year.end
    assert FiscalYear(year.number - 1).end + timedelta(days=1) == year.start


def test_the_rounds_end_in_march_and_september() -> None:
    year = FiscalYear(2566)
    assert year.round_end(6) == date(2023, 3, 31)
    assert year.round_end(12) == date(2023, 9, 30)
    assert year.round_period(6) == "ตุลาคม 2565 - มีนาคม 2566"
    assert year.round_period(12) == "ตุลาคม 2565 - กันยายน 2566"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2023, 3, 1), ReportingRound(6, date(2023, 3, 31), 30)),
        (date(2023, 3, 31), ReportingRound(6, date(2023, 3, 31), 0)),
        (date(2023, 4, 1), ReportingRound(12, date(2023, 9, 30), 182)),
        (date(2023, 10, 1), ReportingRound(12, date(2023, 9, 30), -1)),
    ],
)
def test_the_six_month_round_is_worked_on_until_its_last_day(day: date, expected: ReportingRound) -> None:
    assert FiscalYear(2566).round_on(day) == expected
