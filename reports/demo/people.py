"""The people of the demonstration: their accounts, and what is done in their name."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.contrib.auth.hashers import check_password, make_password

from accounts.models import Agency, Division, Role, User
from accounts.noting import note_rights
from measures.models import SAMPLE
from reports.demo.drafts import REASON, insert

DEFAULT_PASSWORD: Final = "ita-demo-2566"


@dataclass(frozen=True)
class DemoPerson:
    """An account of the demonstration, named by its role: it stands for no real person."""

    username: str
    role: Role
    full_name: str
    post: str = ""
    division: str = ""


PEOPLE: Final = (
    DemoPerson("staff", Role.STAFF, "เจ้าหน้าที่ สำนักปลัด", "เจ้าพนักงานธุรการ", division="สำนักปลัด"),
    DemoPerson("officer", Role.OFFICER, "เจ้าหน้าที่ผู้รับผิดชอบ ITA", "หัวหน้าสำนักปลัด"),
    DemoPerson("executive", Role.EXECUTIVE, "ผู้บริหาร", "นายกองค์การบริหารส่วนตำบล"),
    DemoPerson("overseer", Role.OVERSEER, "ผู้กำกับดูแล", "ท้องถิ่นอำเภอ"),
    DemoPerson("admin", Role.ADMIN, "ผู้ดูแลระบบ"),
)


class Password:
    """One password for every account. Hashing is slow on purpose, so that new accounts share one hash."""

    def __init__(self, text: str) -> None:
        self._hash = cache(lambda: make_password(text))
        self._opens = cache(lambda stored: check_password(text, stored))

    def give(self, user: User) -> None:
        """Make it the person's password, and store the person, unless it is that already."""
        if self._opens(user.password):
            return
        user.password = self._hash()
        # Read by simple-history when the record is saved.
        user._change_reason = REASON  # type: ignore[attr-defined]
        user.save()


def load_person(person: DemoPerson, agency: Agency, password: Password) -> User:
    """The account of this name; of one that is there already only a differing password is replaced."""
    known = User.objects.filter(username=person.username).first()
    user = known or _new_user(person, agency)
    password.give(user)
    if known is None and person.division:
        user.divisions.set([divisions_by_name(agency, [person.division])[person.division]])
    if known is None:
        note_rights(user.pk)
    return user


def _new_user(person: DemoPerson, agency: Agency) -> User:
    works_here = person.role in {Role.STAFF, Role.OFFICER, Role.EXECUTIVE}
    is_admin = person.role == Role.ADMIN
    user = User(
        username=person.username,
        full_name=person.full_name,
        post=person.post,
        agency=agency if works_here else None,
        is_staff=is_admin,
        is_superuser=is_admin,
    )
    user.roles = {person.role}
    return user


def divisions_by_name(agency: Agency, names: Sequence[str]) -> dict[str, Division]:
    """The agency's divisions of these names, those that it lacks added after the ones that it has."""
    found = {division.name: division for division in agency.divisions.all()}
    missing = [name for name in names if name not in found]
    added = [
        Division(agency=agency, name=name, position=place)
        for place, name in enumerate(missing, len(found) + 1)
    ]
    insert(added)
    return found | {division.name: division for division in added}


def as_sample(person: User) -> User:
    """The person under a name that marks an approval as invented; an edition keeps the approver's name."""
    marked = copy.copy(person)
    if SAMPLE not in marked.full_name:
        marked.full_name = f"{person.get_full_name()} ({SAMPLE})"
    return marked
