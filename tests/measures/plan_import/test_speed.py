"""A plan of an ordinary size is read at once: counted in calls, and in the long form in seconds."""

import io
import time
from collections.abc import Callable
from typing import Any, Final

import openpyxl
import pytest

from measures.plan_import.parsing import parse, read
from tests.measures.plan_import.looks.documents import HEAD, YEAR, xlsx
from tests.support.thorough import THOROUGH
from tests.support.work import calls

STEPS: Final = 10


def large(measures: int, *, row_per_step: bool) -> bytes:
    """A workbook of measures with ten steps each, in a cell or in a row each."""
    rows: list[list[Any]] = [list(HEAD)]
    for place in range(measures):
        if place % 20 == 0:
            rows.append([f"ตัวชี้วัดที่ {place // 20 + 1}"])
        steps = [f"{number}. ดำเนินการตามขั้นที่ {number} ให้ครบถ้วน" for number in range(1, STEPS + 1)]
        more = ["กองคลัง\nกองช่าง", "31 มีนาคม 2566", "ดำเนินการแล้วเสร็จ"]
        title = f"มาตรการที่ {place} ของหน่วยงาน"
        if row_per_step:
            rows += [[title, steps[0], *more], *([title, step, *more] for step in steps[1:])]
        else:
            rows.append([title, "\n".join(steps), *more])
    return xlsx(rows)


def with_openpyxl(content: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    for sheet in book.worksheets:
        list(sheet.iter_rows(values_only=True))


def seconds(action: Callable[[], object]) -> float:
    """Of the processor, the best of five."""
    taken = []
    for _ in range(5):
        before = time.process_time()
        action()
        taken.append(time.process_time() - before)
    return min(taken)


@pytest.mark.no_cover
@pytest.mark.parametrize("row_per_step", [False, True])
def test_excel_is_read_with_no_more_than_twice_what_openpyxl_does(row_per_step: bool) -> None:
    content = large(200 if THOROUGH else 40, row_per_step=row_per_step)
    assert calls(lambda: read("x.xlsx", content)) <= 2 * calls(lambda: with_openpyxl(content))
    if THOROUGH:
        assert seconds(lambda: read("x.xlsx", content)) <= 2 * seconds(lambda: with_openpyxl(content))


@pytest.mark.no_cover
@pytest.mark.parametrize("row_per_step", [False, True])
def test_work_grows_with_the_plan_and_no_faster(row_per_step: bool) -> None:
    few, many = (large(count, row_per_step=row_per_step) for count in (15, 30))
    of_few = calls(lambda: parse("x.xlsx", few, YEAR))
    assert calls(lambda: parse("x.xlsx", many, YEAR)) < 2.3 * of_few


@pytest.mark.skipif(not THOROUGH, reason="seconds are measured in the long form")
@pytest.mark.parametrize("row_per_step", [False, True])
def test_two_hundred_measures_with_two_thousand_steps_take_less_than_a_second(row_per_step: bool) -> None:
    content = large(200, row_per_step=row_per_step)
    plan = parse("x.xlsx", content, YEAR)
    assert (len(plan.measures), sum(len(each.steps) for each in plan.measures)) == (200, 2_000)
    assert seconds(lambda: parse("x.xlsx", content, YEAR)) < 1
