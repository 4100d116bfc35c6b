"""When a measure is late, when a status needs a reason, and what a first tick does."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.status import Status, after_first_tick, is_late, why_reason_is_needed
from tests.support.properties import on_any_machine

DUE = date(2023, 3, 31)
ROUND_END = date(2023, 3, 31)
DAY = timedelta(days=1)


def test_a_measure_is_late_from_the_day_after_it_was_due() -> None:
    assert not is_late(Status.IN_PROGRESS, DUE, DUE)
    assert is_late(Status.IN_PROGRESS, DUE, DUE + DAY)
    assert is_late(Status.NOT_STARTED, DUE, DUE + DAY)


@pytest.mark.parametrize("status", [Status.DONE, Status.CANCELLED])
def test_what_is_finished_is_never_late(status: Status) -> None:
    assert not is_late(status, DUE, DUE + 1000 * DAY)


@on_any_machine
@given(st.sampled_from(Status.values), st.dates())
def test_without_a_due_day_nothing_is_late(status: str, on: date) -> None:
    assert not is_late(status, None, on)


@pytest.mark.parametrize(
    ("status", "due_on", "on", "asked"),
    [
        (Status.CANCELLED, None, DUE, "ยกเลิก"),
        (Status.CANCELLED, DUE, DUE + DAY, "ยกเลิก"),
        (Status.IN_PROGRESS, DUE, DUE + DAY, "ล่าช้า"),
        (Status.NOT_STARTED, DUE, DUE + DAY, "ล่าช้า"),
        (Status.NOT_STARTED, None, ROUND_END + DAY, "ยังไม่ได้ดำเนินการ"),
        (Status.NOT_STARTED, DUE + 100 * DAY, ROUND_END + DAY, "ยังไม่ได้ดำเนินการ"),
    ],
)
def test_cancelled_late_and_not_started_after_the_round_need_a_reason(
    status: Status, due_on: date | None, on: date, asked: str
) -> None:
    assert asked in why_reason_is_needed(status, due_on, on, ROUND_END)


@pytest.mark.parametrize(
    ("status", "due_on", "on"),
    [
        (Status.NOT_STARTED, DUE, ROUND_END),
        (Status.NOT_STARTED, None, ROUND_END),
        (Status.IN_PROGRESS, None, ROUND_END + DAY),
        (Status.IN_PROGRESS, DUE, DUE),
        (Status.DONE, DUE, DUE + DAY),
    ],
)
def test_everything_else_needs_none(status: Status, due_on: date | None, on: date) -> None:
    assert why_reason_is_needed(status, due_on, on, ROUND_END) == ""


def test_a_first_tick_starts_what_had_not_started_and_moves_nothing_else() -> None:
    assert {status: after_first_tick(status) for status in Status.values} == {
        "not_started": "in_progress",
        "in_progress": "in_progress",
        "done": "done",
        "cancelled": "cancelled",
    }
