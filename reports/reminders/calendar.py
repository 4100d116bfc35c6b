"""A person's calendar (iCalendar, RFC 5545): deadlines, ends of rounds, due dates of the own measures."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.urls import reverse
from icalendar import Calendar, Event

from accounts.models import User
from core.thai_calendar import FiscalYear, RoundMonths
from measures.listing import internal_deadline
from measures.models import Measure, Plan
from measures.status import FINISHED

# Programs that follow the calendar ask this often.
REFRESH: Final = timedelta(hours=12)
ROUNDS: Final[tuple[RoundMonths, RoundMonths]] = (6, 12)


@dataclass(frozen=True)
class CalendarEntry:
    """A whole day of a calendar."""

    name: str
    """The same for the same thing, however often the calendar is asked for."""
    day: date
    title: str
    path: str


def entries_of(person: User, today: date) -> Iterator[CalendarEntry]:
    """What stands in a person's calendar; two queries.

    Who belongs to no agency has the ends of this year's rounds alone.
    """
    this_year = FiscalYear.containing(today)
    if person.agency is None:
        for months in ROUNDS:
            end = this_year.round_end(months)
            title = f"สิ้นรอบ {months} เดือน ปี {this_year.number}"
            yield CalendarEntry(f"round-{this_year.number}-{months}", end, title, reverse("home"))
        return
    plans = list(
        Plan.objects.filter(
            agency=person.agency, closed_at=None, fiscal_year__gte=this_year.number - 1
        ).order_by("fiscal_year")
    )
    for plan in plans:
        plan.agency = person.agency
        yield from _rounds(plan)
    if person.own_divisions and plans:
        yield from _measures(person, plans)


def ics(person: User, today: date, whole: Callable[[str], str], host: str) -> bytes:
    """The calendar as a file; the same bytes as long as nothing in it has changed.

    Args:
        whole: makes a whole address of a path.
        host: the site's name, for the names of the entries.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//ITA Tracker//TH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"ITA Tracker {person.get_full_name()}")
    calendar.add("x-wr-timezone", "Asia/Bangkok")
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    for entry in entries_of(person, today):
        event = Event()
        event.add("uid", f"{entry.name}@{host}")
        # The moment of a change is not known; the beginning of the year is always before it.
        year = FiscalYear.containing(entry.day).start
        event.add("dtstamp", datetime(year.year, year.month, year.day, tzinfo=UTC))
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("summary", entry.title)
        event.add("url", whole(entry.path))
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    made: bytes = calendar.to_ical()
    return made


def _rounds(plan: Plan) -> Iterator[CalendarEntry]:
    year = plan.fiscal_year
    for months in ROUNDS:
        end, until = plan.year.round_end(months), internal_deadline(plan, months)
        path = reverse("report", args=[year, months])
        if until != end:
            title = f"กำหนดส่งภายใน รายงานรอบ {months} เดือน ปี {year}"
            yield CalendarEntry(f"deadline-{plan.pk}-{months}", until, title, path)
        yield CalendarEntry(f"round-{plan.pk}-{months}", end, f"สิ้นรอบ {months} เดือน ปี {year}", path)


def _measures(person: User, plans: list[Plan]) -> Iterator[CalendarEntry]:
    """Those of the person's divisions that have a day and on which a report is still owed."""
    measures = Measure.objects.filter(plan__in=plans, due_on__isnull=False).of_divisions(person.own_divisions)
    own = {division.pk for division in person.own_divisions}
    for measure in measures.prefetch_related("parts").in_report_order():
        statuses = [part.status for part in measure.parts.all() if part.division_id in own]
        if not measure.by_division or not statuses:
            statuses = [measure.status]
        if measure.due_on and not all(status in FINISHED for status in statuses):
            path = reverse("measure", args=[measure.pk])
            yield CalendarEntry(
                f"measure-{measure.pk}", measure.due_on, f"กำหนดแล้วเสร็จ: {measure.title}", path
            )
