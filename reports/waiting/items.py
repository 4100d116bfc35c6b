"""Something that waits for a person: one sentence, how many things it counts, one address for one button."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from reports.models import Round


@dataclass(frozen=True)
class WaitingItem:
    """One line of "รอคุณดำเนินการ"."""

    kind: str
    text: str
    """In Thai, with Arabic digits."""
    count: int
    """How much it adds to the number in the bar."""
    address: str
    button: str
    room: str
    """The entry of the bar at which it is counted."""
    detail: str = ""
    """In Thai, with Arabic digits."""
    quote: str = ""
    """What somebody typed: a reason, a comment."""
    is_late: bool = False
    round: Round | None = None
    """The round that it is about."""
    own_year: int = 0
    """Of reports that the person owes, which the division's own screen lists one by one: the fiscal year."""


def page(name: str, *args: object, **query: object) -> str:
    """The address of a page with its query."""
    address = reverse(name, args=list(args))
    return f"{address}?{urlencode(query)}" if query else address


def round_name(round_: Round) -> str:
    """รายงานรอบ 6 เดือน ปี 2566"""
    return f"รายงานรอบ {round_.months} เดือน ปี {round_.plan.fiscal_year}"


def days_in_words(days: int) -> str:
    """How near a day is: อีก 18 วัน, วันนี้, เลยมา 3 วัน."""
    if days > 0:
        return f"อีก {days} วัน"
    return "วันนี้" if days == 0 else f"เลยมา {-days} วัน"
