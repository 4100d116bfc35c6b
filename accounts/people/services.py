"""Changes to an agency's people. Each is one transaction that holds the agency's row, so that of two officers
who give up their role at once the second is refused; each leaves a line in the log of accounts.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts.access import (
    can_change_email,
    can_decide_on,
    can_decide_who_approves,
    can_manage_people,
    can_manage_person,
    can_set_active,
)
from accounts.events import executives_of, note_event, who_confirms
from accounts.models import (
    MAIN_ROLES,
    OFFICE_ROLES,
    AccountEventKind,
    ActingApprover,
    Agency,
    Division,
    Role,
    User,
)
from accounts.people.acting import end_all
from accounts.people.holding import hold_person
from accounts.rules import LAST_OFFICER, division_problems, loses_last_officer
from core.locking import StaleEdit
from ledger.services import appends_last

TAKEN = "มีผู้ใช้ชื่อนี้แล้ว กรุณาใช้ชื่ออื่น"
NOT_THE_OFFICERS = "บทบาทผู้บริหารของผู้นี้ถอนได้โดยผู้บริหารคนอื่นหรือผู้ดูแลระบบเท่านั้น"


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What the office decides of a person. Divisions count only with the role that reports for them."""

    full_name: str
    post: str
    email: str
    roles: frozenset[Role]
    divisions: tuple[Division, ...]

    @property
    def own_divisions(self) -> tuple[Division, ...]:
        return self.divisions if Role.STAFF in self.roles else ()

    @property
    def lines(self) -> Sequence[tuple[str, str]]:
        """Each fact as people read it."""
        return (
            ("ชื่อ-นามสกุล", self.full_name),
            ("ตำแหน่ง", self.post),
            ("บทบาท", ", ".join(str(role.label) for role in MAIN_ROLES if role in self.roles)),
            ("ส่วนราชการ", ", ".join(division.name for division in self.own_divisions)),
            ("อีเมล", self.email),
        )


def facts_of(person: User) -> PersonFacts:
    """What is stored of a person."""
    return PersonFacts(
        person.full_name,
        person.post,
        person.email,
        frozenset(role for role in OFFICE_ROLES if role in person.roles),
        tuple(person.divisions.order_by("position", "id")),
    )


def person_version(person: User) -> str:
    """A short text that changes when anything that the form shows of a person does."""
    state = repr((facts_of(person).lines, person.is_active))
    return hashlib.sha256(state.encode()).hexdigest()[:16]


@transaction.atomic
def add_person(agency: Agency, username: str, facts: PersonFacts, by: User) -> User:
    """Add a person, who cannot sign in before a password is handed over or a link is sent.

    Raises:
        ValidationError: a rule in Thai, by field; nothing is stored.
        PermissionDenied: roles that are not an office's to give, or not one's own office.
    """
    if not can_manage_people(by, agency):
        raise PermissionDenied
    Agency.objects.select_for_update().get(pk=agency.pk)
    _check(agency, facts)
    person = User(username=username, full_name=facts.full_name, post=facts.post, email=facts.email)
    person.agency, person.roles = agency, facts.roles
    person.set_unusable_password()
    store_new_person(person, facts.own_divisions, by, had_executive=has_had_executive(agency))
    return person


def has_had_executive(agency: Agency) -> bool:
    """Whether anybody in the agency is or was ever an executive: then an officer makes no more of them."""
    was: bool = User.history.filter(agency=agency, is_executive=True).exists()
    return was or User.objects.filter(agency=agency, is_executive=True).exists()


@transaction.atomic
@appends_last()
def store_new_person(
    person: User, divisions: Sequence[Division], by: User | None, *, had_executive: bool
) -> None:
    """Store an account that was made ready, whoever adds it and however; its line stands in the log.

    Args:
        by: None for a command on the server.
        had_executive: whether the agency has had an executive before: another one whom an officer adds waits
            for being confirmed.

    Raises:
        ValidationError: there is such a user name; nothing is stored.
    """
    # Names that differ by capital letters alone would be one to whoever reads them.
    if User.objects.filter(username__iexact=person.username).exists():
        raise ValidationError({"username": TAKEN})
    decides = by is None or (person.agency is not None and can_decide_who_approves(by, person.agency))
    person.awaits_confirmation = person.is_executive and had_executive and not decides
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        raise ValidationError({"username": TAKEN}) from error
    person.divisions.set(divisions)
    told = executives_of(person) if person.is_confirmed_executive else ()
    note_event(
        AccountEventKind.ADDED, person, by, _in_words(facts_of(person)), [e for e in told if e != person]
    )
    if person.awaits_confirmation:
        _propose(person, by)


def _propose(person: User, by: User | None) -> None:
    note_event(AccountEventKind.EXECUTIVE_PROPOSED, person, by, tell=who_confirms(person))


@transaction.atomic
@appends_last()
def change_person(person: User, facts: PersonFacts, version: str, by: User) -> None:
    """Store what the form says of a person. Executives are told of who becomes one, and of who ceases to be.

    An executive made by an officer approves once another executive or the administrator has confirmed it;
    whoever approves already loses the role by one of them alone.

    Args:
        version: person_version() of what the form was shown with.

    Raises:
        StaleEdit: somebody else changed the person in between.
        ValidationError: a rule in Thai, by field.
        PermissionDenied: not one's own to change. Nothing is stored in all cases.
    """
    stored = hold_person(person, by, can_manage_person)
    before = facts_of(stored)
    if person_version(stored) != version:
        raise StaleEdit
    _check(stored.agency, facts)
    if facts.email != before.email and not can_change_email(by, stored):
        raise PermissionDenied
    kept = stored.roles - set(OFFICE_ROLES)
    if loses_last_officer(stored, facts.roles, stored.agency, is_active=stored.is_active):
        raise ValidationError({"roles": LAST_OFFICER})
    changed = _differences(before, facts)
    if not changed:
        return
    gives = Role.EXECUTIVE in facts.roles and not stored.is_executive
    takes = stored.is_executive and Role.EXECUTIVE not in facts.roles
    decides = can_decide_on(by, stored) or by.is_administrator
    if takes and stored.is_confirmed_executive and not decides and by.pk != stored.pk:
        raise ValidationError({"roles": NOT_THE_OFFICERS})
    told = executives_of(stored) if gives or takes else ()
    if gives:
        stored.awaits_confirmation = not decides and has_had_executive(cast(Agency, stored.agency))
    elif takes:
        stored.awaits_confirmation = False
    stored.full_name, stored.post, stored.email = facts.full_name, facts.post, facts.email
    stored.roles = facts.roles | kept
    stored.divisions.set(facts.own_divisions)
    stored.save(
        update_fields=[
            "full_name",
            "post",
            "email",
            "is_division_staff",
            "is_officer",
            "is_executive",
            "awaits_confirmation",
        ]
    )
    note_event(AccountEventKind.CHANGED, stored, by, changed, () if stored.awaits_confirmation else told)
    if gives and stored.awaits_confirmation:
        _propose(stored, by)


@transaction.atomic
@appends_last()
def set_active(person: User, *, active: bool, by: User) -> bool:
    """Take an account out of use, or back into it. False: it was so already.

    Whoever is taken out of use is signed out everywhere at the next page, and approves for nobody any more.

    Raises:
        ValidationError: the agency would have no officer.
        PermissionDenied: not one's own to change.
    """
    stored = hold_person(person, by, can_set_active)
    if stored.is_active == active:
        return False
    if loses_last_officer(stored, stored.roles, stored.agency, is_active=active):
        raise ValidationError(LAST_OFFICER)
    told = executives_of(stored) if stored.is_confirmed_executive else ()
    stored.is_active = active
    stored.save(update_fields=["is_active"])
    kind = AccountEventKind.ACTIVATED if active else AccountEventKind.DEACTIVATED
    note_event(kind, stored, by, tell=told)
    if not active:
        end_all(ActingApprover.objects.filter(person=stored), by)
    return True


def _check(agency: Agency | None, facts: PersonFacts) -> None:
    if not facts.roles <= set(OFFICE_ROLES):
        raise PermissionDenied
    if not facts.roles:
        raise ValidationError({"roles": "กรุณาเลือกบทบาทอย่างน้อยหนึ่งอย่าง"})
    if problems := division_problems(agency, facts.roles, facts.divisions):
        raise ValidationError(problems)
    # One may have gone since the form was read; while the agency's row is held none goes.
    if Division.objects.filter(pk__in=[each.pk for each in facts.divisions]).count() < len(facts.divisions):
        raise ValidationError({"divisions": "ส่วนราชการที่เลือกเพิ่งถูกลบ กรุณาเลือกใหม่"})


def _differences(before: PersonFacts, after: PersonFacts) -> str:
    return "; ".join(
        f"{label}: {old or '(ว่าง)'} → {new or '(ว่าง)'}"
        for (label, old), (_, new) in zip(before.lines, after.lines, strict=True)
        if old != new
    )


def _in_words(facts: PersonFacts) -> str:
    return "; ".join(f"{label}: {value}" for label, value in facts.lines[2:4] if value)
