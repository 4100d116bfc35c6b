"""A report document is plain facts: exact, unchangeable, and free of Django."""

import subprocess
import sys
from dataclasses import FrozenInstanceError, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.thai_calendar import RoundMonths
from reports.document.facts import (
    EditionMark,
    IndicatorSection,
    MeasureRow,
    ReportDocument,
    Signatory,
    StatusCount,
    StatusName,
    StepLine,
)
from tests.support.papers import ROW, STATUSES, document, section

ROOT = Path(__file__).resolve().parents[3]

DONE = replace(ROW, title="ก", status="done", status_label="ดำเนินการแล้วเสร็จ")
LATE = replace(ROW, title="ข", late=True)
ON_TIME = replace(ROW, title="ค")
FULL = document(section(1, DONE, LATE), section(2), section(3, ON_TIME), section(4))


# --- What it says -----------------------------------------------------------------------------------


def test_a_report_begins_with_what_it_is_whose_and_of_which_round() -> None:
    assert document(agency="องค์การบริหารส่วนตำบลกองก้อย").title_lines == (
        "รายงานผลการดำเนินการตามมาตรการส่งเสริมคุณธรรมและความโปร่งใส",
        "องค์การบริหารส่วนตำบลกองก้อย",
        "ประจำปีงบประมาณ พ.ศ. 2566 รอบ 6 เดือน (ตุลาคม 2565 - มีนาคม 2566)",
    )


@pytest.mark.parametrize(
    ("year", "months", "name", "line", "starts_on", "ends_on"),
    [
        (
            2566,
            6,
            "ปีงบประมาณ พ.ศ. 2566 รอบ 6 เดือน",
            "ประจำปีงบประมาณ พ.ศ. 2566 รอบ 6 เดือน (ตุลาคม 2565 - มีนาคม 2566)",
            date(2022, 10, 1),
            date(2023, 3, 31),
        ),
        (
            2566,
            12,
            "ปีงบประมาณ พ.ศ. 2566 รอบ 12 เดือน",
            "ประจำปีงบประมาณ พ.ศ. 2566 รอบ 12 เดือน (ตุลาคม 2565 - กันยายน 2566)",
            date(2022, 10, 1),
            date(2023, 9, 30),
        ),
        (
            2568,
            6,
            "ปีงบประมาณ พ.ศ. 2568 รอบ 6 เดือน",
            "ประจำปีงบประมาณ พ.ศ. 2568 รอบ 6 เดือน (ตุลาคม 2567 - มีนาคม 2568)",
            date(2024, 10, 1),
            date(2025, 3, 31),
        ),
    ],
)
def test_both_rounds_of_a_year_have_their_name_and_days(
    year: int, months: RoundMonths, name: str, line: str, starts_on: date, ends_on: date
) -> None:
    made = document(fiscal_year=year, months=months)
    assert (made.round_name, made.round_line) == (name, line)
    assert (made.starts_on, made.ends_on) == (starts_on, ends_on)


def test_every_status_is_counted_also_where_there_is_none() -> None:
    assert FULL.status_counts == (
        StatusCount("done", "ดำเนินการแล้วเสร็จ", 1),
        StatusCount("in_progress", "อยู่ระหว่างดำเนินการ", 2),
        StatusCount("not_started", "ยังไม่ได้ดำเนินการ", 0),
        StatusCount("cancelled", "ยกเลิก", 0),
    )
    assert sum(count.count for count in FULL.status_counts) == FULL.measure_count == 3


def test_what_is_late_is_counted_beside_its_status() -> None:
    assert FULL.late_count == 1
    assert document().late_count == 0


def test_the_counts_keep_the_words_and_the_order_of_the_document() -> None:
    old_words = (StatusName("in_progress", "กำลังทำ"), StatusName("done", "เสร็จ"))
    made = document(section(1, DONE), statuses=old_words)
    assert made.status_counts == (StatusCount("in_progress", "กำลังทำ", 0), StatusCount("done", "เสร็จ", 1))


def test_indicators_without_a_measure_get_no_place_in_the_table_but_are_named() -> None:
    assert [entry.number for entry in FULL.sections] == [1, 3]
    assert [entry.number for entry in FULL.indicators_without_measures] == [2, 4]
    assert [entry.number for entry in FULL.indicators] == [1, 2, 3, 4]


def test_measures_come_in_printed_order() -> None:
    assert [row.title for row in FULL.measures] == ["ก", "ข", "ค"]


def test_an_empty_plan_is_a_report_too() -> None:
    made = document(section(1), section(2))
    assert made.measure_count == 0
    assert list(made.measures) == []
    assert made.sections == ()
    assert [count.count for count in made.status_counts] == [0, 0, 0, 0]


# --- What it is -------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", [FULL, FULL.indicators[0], ROW, ROW.steps[0], STATUSES[0]])
def test_nothing_in_it_can_be_changed(part: Any) -> None:
    for field in fields(part):
        with pytest.raises(FrozenInstanceError):
            setattr(part, field.name, None)
    # With slots a misspelt name cannot be added either; which of the two errors it is depends on Python.
    with pytest.raises((AttributeError, TypeError)):
        part.note = "ที่ไม่ควรมี"


def test_the_same_facts_are_the_same_document() -> None:
    again = document(section(1, DONE, LATE), section(2), section(3, ON_TIME), section(4))
    assert again is not FULL
    assert again == FULL
    assert hash(again) == hash(FULL)
    assert {again, FULL} == {FULL}
    assert replace(FULL, as_of=date(2023, 4, 1)) != FULL


def test_it_holds_nothing_but_plain_values() -> None:
    made = {ReportDocument, IndicatorSection, MeasureRow, Signatory, StepLine, StatusName}

    def kinds(value: Any) -> set[type]:
        if type(value) is tuple:
            return set().union(*map(kinds, value))
        if type(value) in made:
            return set().union(*(kinds(getattr(value, field.name)) for field in fields(value)))
        return {type(value)}

    assert kinds(FULL) == {str, int, bool, date, type(None)}


IMPORT_WITHOUT_DJANGO = """
import sys

class NoDjango:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"django", "weasyprint"}:
            raise ImportError(f"{name} was imported")

sys.meta_path.insert(0, NoDjango())
from reports.document.facts import ReportDocument
from datetime import date
print(ReportDocument("ก", "ก", "", 2566, 6, date(2023, 3, 31), (), ()).ends_on)
try:
    import django
except ImportError as error:
    print(error)
"""


def test_it_needs_no_django() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", IMPORT_WITHOUT_DJANGO], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.stderr == ""
    assert ran.stdout.splitlines() == ["2023-03-31", "django was imported"]


def test_the_page_of_a_round_is_that_of_its_editions_without_the_revision() -> None:
    address = "https://ita.example.go.th/public/here/2566/6/"
    mark = EditionMark(6, "7KQF-29XM", f"{address}6/", "ก", "", date(2023, 4, 5), "", date(2023, 4, 3))
    assert mark.page_of_round == address
    # Before version 4 the address was the round's own.
    assert replace(mark, address=address, reported_on=None).page_of_round == address
