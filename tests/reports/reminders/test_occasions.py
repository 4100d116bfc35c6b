"""Reminders belong to days: 30, 7 and 1 before the deadline, then weekly."""

from datetime import date, timedelta

import pytest

from reports.models import ReminderKind
from reports.reminders.occasions import next_occasions, occasion_on

DEADLINE = date(2023, 3, 31)


@pytest.mark.parametrize(
    ("left", "kind", "day"),
    [
        (31, None, None),
        (30, ReminderKind.MONTH, 30),
        (28, ReminderKind.MONTH, 30),
        (27, ReminderKind.MONTH, 30),
        (26, None, None),
        (7, ReminderKind.WEEK, 7),
        (2, None, None),
        (1, ReminderKind.DAY, 1),
        (0, ReminderKind.DAY, 1),
        (-1, ReminderKind.LATE, -1),
        (-4, ReminderKind.LATE, -1),
        (-5, None, None),
        (-8, ReminderKind.LATE, -8),
        (-99, ReminderKind.LATE, -99),
    ],
)
def test_a_day_has_the_reminder_that_was_due_within_three_days(
    left: int, kind: ReminderKind | None, day: int | None
) -> None:
    found = occasion_on(DEADLINE, DEADLINE - timedelta(days=left))
    if day is None:
        assert found is None
    else:
        assert found is not None
        assert (found.kind, found.day) == (kind, DEADLINE - timedelta(days=day))


def test_the_next_ones_are_told_in_their_order() -> None:
    found = next_occasions(DEADLINE, DEADLINE - timedelta(days=7), 3)
    assert [str(occasion.day) for occasion in found] == ["2023-03-30", "2023-04-01", "2023-04-08"]
