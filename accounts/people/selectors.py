"""Questions to the database about an agency's people."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from accounts.access import can_decide_on, can_manage_person, can_reset_password
from accounts.models import AccountEvent, ActingApprover, Agency, Division, Role, User
from core.thai_calendar import arabic_digits

# In the list: who approves, who keeps the plan, who reports.
_RANKS: Final = (Role.EXECUTIVE, Role.OFFICER, Role.STAFF)


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A person of the list, and what whoever looks at it may do."""

    person: User
    divisions: Sequence[Division]
    can_manage: bool
    resets_only: bool
    """May give a new password and change nothing else; who may do both does both on the person's page."""
    decides: bool
    """May say whether this executive approves: to confirm them, or to take them out of use."""


def people_of(agency: Agency, viewer: User) -> Sequence[ListedPerson]:
    """Everybody of an agency in the order of the list; as many queries for 120 as for two."""
    in_order = Prefetch("divisions", Division.objects.order_by("position", "id"), to_attr="listed_divisions")
    today = timezone.localdate()
    named = list(ActingApprover.objects.filter(agency=agency).not_over(today))
    is_named = {each.person_id for each in named}
    acts = {each.person_id for each in named if each.confirmed_at and each.starts_on <= today}
    listed = []
    for person in User.objects.filter(agency=agency).prefetch_related(in_order):
        person.agency = agency
        person.acts_as_approver, person.is_named_to_act = person.pk in acts, person.pk in is_named
        divisions: list[Division] = person.listed_divisions if person.is_division_staff else []
        can_manage = can_manage_person(viewer, person)
        listed.append(
            ListedPerson(
                person,
                divisions,
                can_manage,
                not can_manage and can_reset_password(viewer, person),
                person.is_executive and can_decide_on(viewer, person),
            )
        )
    return sorted(listed, key=_place)


def _place(listed: ListedPerson) -> tuple[int, int, str]:
    rank = next((place for place, role in enumerate(_RANKS) if role in listed.person.roles), len(_RANKS))
    position = listed.divisions[0].position if listed.divisions else 0
    return rank, position, listed.person.get_full_name()


def people_with(text: str, listed: Sequence[ListedPerson]) -> Sequence[ListedPerson]:
    """Those in whose name, post, user name, e-mail, roles or divisions every word of a text stands.

    Spaces, the case of letters and the kind of digits make no difference; an empty text leaves everybody.
    """
    words = [_plain(word) for word in text.split()]
    return [each for each in listed if all(word in _said_of(each) for word in words)]


def _said_of(listed: ListedPerson) -> str:
    person = listed.person
    said = [person.get_full_name(), person.post, person.username, person.email, person.role_names]
    return "\n".join(_plain(each) for each in (*said, *(division.name for division in listed.divisions)))


def _plain(text: str) -> str:
    return "".join(arabic_digits(text).split()).casefold()


def acting_of(agency: Agency) -> QuerySet[ActingApprover]:
    """Who approves in the executive's place now, and who will; the earliest first."""
    not_over = ActingApprover.objects.filter(agency=agency).not_over(timezone.localdate())
    return not_over.select_related("person", "named_by").order_by("starts_on", "id")


def log_of(agency: Agency | None) -> QuerySet[AccountEvent]:
    """What was done to accounts and rights, newest first: of an agency, or with None of all."""
    events = AccountEvent.objects.select_related("person", "agency").order_by("-done_at", "-id")
    return events if agency is None else events.filter(agency=agency)


def suggested_username(agency: Agency) -> str:
    """A user name in Latin letters that nobody has: the agency's name in addresses and a number."""
    taken = User.objects.filter(username__istartswith=f"{agency.slug}-").values_list("username", flat=True)
    names = {name.lower() for name in taken}
    number = 1
    while f"{agency.slug}-{number:02}".lower() in names:
        number += 1
    return f"{agency.slug}-{number:02}"
