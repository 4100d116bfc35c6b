"""What the log of accounts has to show: how the people of the demonstration got their accounts."""

from typing import Final

from django.utils import timezone

from accounts.events import note_event
from accounts.models import AccountEventKind, Agency
from core.thai_calendar import FiscalYear
from reports.demo.clock import acting
from reports.demo.stage import Stage
from reports.demo.story import at_the_office

# The site was set up in the summer before the year that is told first.
SET_UP_MONTH: Final = 8
ADDED, HANDED_OVER, CHANGED = (
    AccountEventKind.ADDED,
    AccountEventKind.PASSWORD_HANDED_OVER,
    AccountEventKind.PASSWORD_CHANGED,
)
# In the order in which it happened: what, to whom, by whom.
LOG: Final = (
    (ADDED, "officer", "admin"),
    (HANDED_OVER, "officer", "admin"),
    (CHANGED, "officer", "officer"),
    (ADDED, "executive", "officer"),
    (HANDED_OVER, "executive", "admin"),
    (CHANGED, "executive", "executive"),
    (ADDED, "staff", "officer"),
    (HANDED_OVER, "staff", "officer"),
    (CHANGED, "staff", "staff"),
)


def load_account_log(stage: Stage, agency: Agency) -> None:
    """The lines of the log; an agency that has one already keeps it as it is."""
    if agency.account_events.exists():
        return
    present = FiscalYear.containing(timezone.localdate(stage.now)).number
    day = FiscalYear(present - 2).start.replace(month=SET_UP_MONTH, day=15)
    for place, (kind, username, by) in enumerate(LOG):
        person = stage.people[username]
        with acting(stage.people[by], at_the_office(day, place)):
            note_event(kind, person, stage.people[by], f"บทบาท: {person.role_names}" if kind == ADDED else "")
