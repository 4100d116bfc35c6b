"""What setting up stores: agencies with their officers, divisions, and people with one-time passwords."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.events import note_event
from accounts.models import AccountEventKind, Agency, Division, Role, User
from accounts.passwords.one_time import one_time_password
from accounts.people.services import has_had_executive, store_new_person
from core.locking import StaleEdit
from ledger.services import appends_last


@dataclass(frozen=True)
class NewPerson:
    """A person who is to get an account."""

    username: str
    full_name: str
    role: Role
    post: str = ""
    email: str = ""
    division: Division | None = None


@dataclass(frozen=True)
class Issued:
    """An account with the password that is handed over on paper; it is shown once and stored nowhere."""

    person: User
    password: str


def prepared(new: NewPerson, agency: Agency | None) -> Issued:
    """A person with a one-time password, not yet stored. Hashing takes its time, and holds no lock here."""
    password = one_time_password()
    person = User(
        username=new.username,
        full_name=new.full_name,
        post=new.post,
        email=new.email,
        agency=agency,
        password=make_password(password),
        must_change_password=True,
    )
    person.roles = {new.role}
    return Issued(person, password)


@transaction.atomic
def create_agency(agency: Agency, officer: Issued, by: User | None) -> None:
    """Store a new agency with its officer.

    Raises:
        StaleEdit: its name in addresses or the user name has been taken in between; nothing is stored.
    """
    try:
        with transaction.atomic():
            agency.save()
    except IntegrityError as error:
        raise StaleEdit from error
    officer.person.agency = agency
    _store(officer.person, [], by, had_executive=False)


@transaction.atomic
def create_own_agency(agency: Agency, administrator: User) -> None:
    """Store a new agency whose officer is the administrator.

    Raises:
        StaleEdit: the agency's name in addresses has been taken in between; nothing is stored.
    """
    try:
        with transaction.atomic():
            agency.save()
    except IntegrityError as error:
        raise StaleEdit from error
    administrator.agency = agency
    administrator.roles = administrator.roles | {Role.OFFICER}
    administrator.save()
    note_event(AccountEventKind.CHANGED, administrator, administrator, f"เป็น{Role.OFFICER.label}")


@transaction.atomic
def add_divisions(agency: Agency, names: Sequence[str]) -> int:
    """Add divisions behind those that there are; a name that is there already stays. How many were added."""
    Agency.objects.select_for_update().get(pk=agency.pk)
    present = list(agency.divisions.order_by("position", "id"))
    there = {division.name for division in present}
    missing = [name for name in dict.fromkeys(names) if name not in there]
    last = max((division.position for division in present), default=0)
    for position, name in enumerate(missing, last + 1):
        Division.objects.create(agency=agency, name=name, position=position)
    return len(missing)


def create_people(agency: Agency, new: Sequence[NewPerson], by: User) -> Sequence[Issued]:
    """Store people with one-time passwords; all of them or nobody.

    Raises:
        StaleEdit: a user name has been taken in between.
    """
    issued = [prepared(each, agency) for each in new]
    with transaction.atomic(), appends_last():
        Agency.objects.select_for_update().get(pk=agency.pk)
        # The first executives of an agency may come in one table.
        had_executive = has_had_executive(agency)
        for each, made in zip(new, issued, strict=True):
            divisions = [] if each.division is None else [each.division]
            _store(made.person, divisions, by, had_executive=had_executive)
    return issued


@transaction.atomic
def create_administrator(issued: Issued) -> None:
    """Store somebody who looks after the site; Django's own pages are open to them too."""
    issued.person.is_staff = issued.person.is_superuser = True
    _store(issued.person, [], None, had_executive=False)


def _store(person: User, divisions: Sequence[Division], by: User | None, *, had_executive: bool) -> None:
    try:
        store_new_person(person, divisions, by, had_executive=had_executive)
    except ValidationError as error:
        raise StaleEdit from error
