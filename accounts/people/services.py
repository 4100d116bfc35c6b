"""Changes to an agency's people. Each is one transaction that holds the agency's row, so that of two officers
who give up their role at once the second is refused; each leaves a line in the log of accounts.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts.access import can_change_email, can_manage_people, can_manage_person
from accounts.events import executives_of, note_event
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
from accounts.rules import LAST_OFFICER, division_problems, loses_last_officer
from core.locking import StaleEdit
from ledger.services import appends_last

TAKEN = "มีผู้ใช้ชื่อนี้แล้ว กรุณาใช้ชื่ออื่น"


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
    if User.objects.filter(username__iexact=username).exists():
        raise ValidationError({"username": TAKEN})
    person = User(username=username, full_name=facts.full_name, post=facts.post, email=facts.email)
    person.agency, person.roles = agency, facts.roles
    person.set_unusable_password()
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        raise ValidationError({"username": TAKEN}) from error
    person.divisions.set(facts.own_divisions)
    told = executives_of(person) if Role.EXECUTIVE in facts.roles else ()
    note_event(
        AccountEventKind.ADDED, person, by, _in_words(facts), [each for each in told if each != person]
    )
    return person


@transaction.atomic
def change_person(person: User, facts: PersonFacts, version: str, by: User) -> None:
    """Store what the form says of a person. Executives are told of who becomes one, and of who ceases to be.

    Args:
        version: person_version() of what the form was shown with.

    Raises:
        StaleEdit: somebody else changed the person in between.
        ValidationError: a rule in Thai, by field.
        PermissionDenied: not one's own to change. Nothing is stored in all cases.
    """
    stored = _hold(person, by)
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
    told = executives_of(stored) if (Role.EXECUTIVE in facts.roles) != stored.is_executive else ()
    stored.full_name, stored.post, stored.email = facts.full_name, facts.post, facts.email
    stored.roles = facts.roles | kept
    stored.divisions.set(facts.own_divisions)
    stored.save(
        update_fields=["full_name", "post", "email", "is_division_staff", "is_officer", "is_executive"]
    )
    note_event(AccountEventKind.CHANGED, stored, by, changed, told)


@transaction.atomic
@appends_last()
def set_active(person: User, *, active: bool, by: User) -> bool:
    """Take an account out of use, or back into it. False: it was so already.

    Whoever is taken out of use is signed out everywhere at the next page, and approves for nobody any more.

    Raises:
        ValidationError: the agency would have no officer.
        PermissionDenied: not one's own to change.
    """
    stored = _hold(person, by)
    if stored.is_active == active:
        return False
    if loses_last_officer(stored, stored.roles, stored.agency, is_active=active):
        raise ValidationError(LAST_OFFICER)
    told = executives_of(stored) if stored.is_executive else ()
    stored.is_active = active
    stored.save(update_fields=["is_active"])
    kind = AccountEventKind.ACTIVATED if active else AccountEventKind.DEACTIVATED
    note_event(kind, stored, by, tell=told)
    if not active:
        end_all(ActingApprover.objects.filter(person=stored), by)
    return True


def _hold(person: User, by: User) -> User:
    """The person as stored, whom nobody else in the agency changes until the transaction ends."""
    Agency.objects.select_for_update(of=("self",)).get(users=person)
    stored: User = User.objects.get(pk=person.pk)
    # Whoever lost the right a moment ago has lost it.
    if not can_manage_person(User.objects.get(pk=by.pk), stored):
        raise PermissionDenied
    return stored


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
