"""The top of every page of the office: whose it is, the years to choose from, the rooms of the person's role.

The entries depend on the role alone, so that nobody has to look for one that was there a page before.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from accounts.models import MAIN_ROLES, Agency, Role, User
from measures.models import Plan
from reports.waiting.selectors import waiting_of

# Which entry is the present one, by the feature whose view answers.
ROOMS: Final = {
    "accounts.agency_settings": "agency",
    "accounts.background": "edit",
    "accounts.divisions": "divisions",
    "accounts.kept": "account",
    "accounts.own_account": "account",
    "accounts.passwords": "account",
    "accounts.second_factor": "account",
    "accounts.people": "people",
    "accounts.sessions": "account",
    "accounts.set_up": "site_admin",
    "measures.bulk_update": "plan",
    "measures.bundle": "plan",
    "measures.evidence": "plan",
    "measures.measure_page": "plan",
    "measures.outline": "edit",
    "measures.plan_import": "edit",
    "measures.plan_list": "plan",
    "measures.work": "work",
    "measures.workbook": "plan",
    "reports.dashboard": "dashboard",
    "reports.new_year": "edit",
    "reports.overview": "overview",
    "reports.publication_pack": "reports",
    "reports.reminders": "reminders",
    "reports.rounds": "reports",
    "reports.site_admin": "site_admin",
}


@dataclass(frozen=True, slots=True)
class Room:
    """One entry: the name of its address, what is read, the sign beside it."""

    name: str
    label: str
    icon: str


WORK: Final = Room("work", "งานของเรา", "inbox")
DASHBOARD: Final = Room("dashboard", "ภาพรวม", "home")
PLAN: Final = Room("plan", "มาตรการ", "list")
REPORTS: Final = Room("reports", "รายงาน", "document")
EDIT: Final = Room("edit", "แก้ไขแผน", "pencil")
OVERVIEW: Final = Room("overview", "ทุกหน่วยงาน", "building")
PUBLISHED: Final = Room("public", "รายงานเผยแพร่", "document")
PEOPLE: Final = Room("people", "บุคลากร", "people")
DIVISIONS: Final = Room("divisions", "ส่วนราชการ", "building")
PEOPLE_LOG: Final = Room("people_log", "บันทึกบัญชีและสิทธิ์", "clock")
AGENCY: Final = Room("agency", "ข้อมูลหน่วยงาน", "adjust")
ACCOUNT: Final = Room("account", "บัญชีของฉัน", "person")
REMINDERS: Final = Room("reminders", "การแจ้งเตือน", "bell")
SITE: Final = Room("site_admin", "ผู้ดูแลระบบ", "building")

# Of each role: what stands in the bar, and what stands in the person's menu.
OF_ROLE: Final = {
    Role.STAFF: ((WORK, DASHBOARD, PLAN, REPORTS), (REMINDERS,)),
    Role.OFFICER: ((DASHBOARD, PLAN, REPORTS, EDIT), (PEOPLE, DIVISIONS, AGENCY, REMINDERS)),
    Role.EXECUTIVE: ((DASHBOARD, PLAN, REPORTS), (PEOPLE, REMINDERS)),
    Role.OVERSEER: ((OVERVIEW, PUBLISHED), (REMINDERS,)),
    Role.ADMIN: ((SITE, PUBLISHED), (PEOPLE_LOG, REMINDERS)),
}
# What the overseer sees of one agency stands on its pages, below its name.
IN_AGENCY: Final = (DASHBOARD, PLAN, REPORTS)


@dataclass(frozen=True, slots=True)
class RoomEntry:
    """A room as it stands on the page."""

    room: Room
    address: str
    is_current: bool
    waiting: int = 0
    """How much waits there for the person."""


@dataclass(frozen=True, slots=True)
class Menu:
    """What the top of the page shows. agency is None for who belongs to none and looks at none."""

    agency: Agency | None
    room: str
    year: int | None
    years: Sequence[int]
    entries: Sequence[RoomEntry]
    of_person: Sequence[RoomEntry]
    in_agency: Sequence[RoomEntry]


def menu_of(request: HttpRequest, user: User) -> Menu:
    """The menu of the signed-in person on this page, which stays with the agency and the year in view."""
    plan: Plan | None = getattr(request, "plan", None)
    agency = plan.agency if plan else getattr(request, "agency", None) or user.agency
    room = room_of(request)
    plans = getattr(request, "plans", None) or _plans(agency, user)
    years = list(dict.fromkeys(year for year, _ in plans))
    year = plan.fiscal_year if plan else getattr(request, "year", None) or next(iter(years), None)
    open_years = [each for each, closed_at in plans if closed_at is None]
    address_of = _addresses(agency if user.agency_id is None else None, year, open_years)

    waiting = Counter[str]()
    for item in waiting_of(request):
        waiting[item.room] += item.count

    def entries(rooms: Sequence[Room]) -> Sequence[RoomEntry]:
        return [RoomEntry(each, address_of(each), each.name == room, waiting[each.name]) for each in rooms]

    of_bar, of_person = rooms_of(user)
    looks_at = agency is not None and user.is_overseer
    return Menu(
        agency, room, year, years, entries(of_bar), entries(of_person), entries(IN_AGENCY if looks_at else ())
    )


def rooms_of(user: User) -> tuple[Sequence[Room], Sequence[Room]]:
    """The rooms of all roles of a person, each once: what stands in the bar, and in the person's menu."""
    of_roles = [OF_ROLE[role] for role in MAIN_ROLES if role in user.roles]
    of_bar = [room for bar, _ in of_roles for room in bar]
    of_person = [room for _, menu in of_roles for room in menu]
    # Who reports begins with what waits for a report.
    first = [WORK] if WORK in of_bar else []
    return list(dict.fromkeys([*first, *of_bar])), list(dict.fromkeys([*of_person, ACCOUNT]))


def room_of(request: HttpRequest) -> str:
    """The present entry; empty for a page that is in none."""
    return ROOMS.get(feature_of(request), "")


def feature_of(request: HttpRequest) -> str:
    """The feature whose view answers: measures.work; empty where none does."""
    module = request.resolver_match.func.__module__ if request.resolver_match else ""
    return ".".join(module.split(".")[:2])


def _plans(agency: Agency | None, user: User) -> Sequence[tuple[int, object]]:
    """The years of plans, newest first, and when each was closed: the agency's, or for the overseer all."""
    # The administrator sees an agency's people and no plan.
    if not user.is_overseer and (agency is None or user.agency_id != agency.pk):
        return ()
    plans = Plan.objects.order_by("-fiscal_year")
    if agency is None:
        return [(year, None) for year in plans.values_list("fiscal_year", flat=True).distinct()]
    return list(plans.filter(agency=agency).values_list("fiscal_year", "closed_at"))


def _addresses(named: Agency | None, year: int | None, open_years: Sequence[int]) -> Callable[[Room], str]:
    """How a room becomes an address: with the year in view, and with the agency where it is not one's own."""
    query: dict[str, str | int] = {"agency": named.slug} if named else {}

    def address_of(room: Room) -> str:
        asked = dict(query)
        if room in (OVERVIEW, PUBLISHED, ACCOUNT):
            return reverse(room.name)
        if room is PLAN:
            address = reverse("plan", args=[year]) if year else reverse("plans")
        elif room is EDIT:
            # A closed plan cannot be edited: its entry leads to one that can.
            editable = year if year in open_years else next(iter(open_years), None)
            address = reverse("edit_plan", args=[editable]) if editable else reverse("no_plan")
        else:
            address = reverse(room.name)
            if room in (DASHBOARD, WORK) and year:
                asked["year"] = year
        return f"{address}?{urlencode(asked)}" if asked else address

    return address_of
