"""On which days people are reminded: 30, 7 and 1 days before a deadline, then weekly. No database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Final

from reports.models import ReminderKind

BEFORE: Final = ((30, ReminderKind.MONTH), (7, ReminderKind.WEEK), (1, ReminderKind.DAY))
EVERY: Final = 7
# How many days later a reminder is still sent, where nothing was sent on its day.
CATCH_UP: Final = 3


@dataclass(frozen=True)
class Occasion:
    """A day on which people are reminded of a deadline."""

    day: date
    kind: ReminderKind


def occasions(deadline: date) -> Iterator[Occasion]:
    """All of a deadline, the first ones first; those for who is late never end."""
    for days, kind in BEFORE:
        yield Occasion(deadline - timedelta(days=days), kind)
    day = deadline + timedelta(days=1)
    while True:
        yield Occasion(day, ReminderKind.LATE)
        day += timedelta(days=EVERY)


def occasion_on(deadline: date, today: date) -> Occasion | None:
    """The reminder that belongs to a day: the last one before it, if that was not too long ago."""
    latest: Occasion | None = None
    for occasion in occasions(deadline):
        if occasion.day > today:
            break
        latest = occasion
    return latest if latest and (today - latest.day).days <= CATCH_UP else None


def next_occasions(deadline: date, after: date, count: int = 4) -> list[Occasion]:
    """The reminders that follow on a day."""
    return list(islice((occasion for occasion in occasions(deadline) if occasion.day > after), count))
