"""A new way in for somebody else: a password on paper for one use, or a link by mail."""

import hashlib

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from accounts.access import can_reset_password
from accounts.events import note_event
from accounts.mails import send_mail
from accounts.models import AccountEventKind, User
from accounts.passwords.links import password_link
from accounts.passwords.one_time import one_time_password
from accounts.people.holding import hold_person
from core.http import site_address
from core.locking import StaleEdit
from ledger.services import appends_last


def password_mark(person: User) -> str:
    """A short text that changes when the password does: of two who hand over a new one, one is told."""
    return hashlib.sha256(f"{settings.SECRET_KEY} {person.password}".encode()).hexdigest()[:16]


@transaction.atomic
def hand_over_password(person: User, seen: str, by: User) -> str:
    """Give a person a password to be changed at the next sign-in; it is in what is returned and nowhere else.

    Whoever is signed in with the old one is signed out. The person is told, unless it is the first password.

    Args:
        seen: password_mark() of the page on which it was asked for.

    Raises:
        StaleEdit: there is another password since.
        PermissionDenied: not to be given by this one.
    """
    stored = hold_person(person, by, can_reset_password)
    if password_mark(stored) != seen:
        raise StaleEdit
    return give_password(stored, by)


def give_password(stored: User, by: User) -> str:
    """As hand_over_password(), within the caller's transaction, which holds the person and has asked."""
    is_first = not stored.has_usable_password()
    password = one_time_password()
    stored.set_password(password)
    stored.must_change_password = True
    stored.save(update_fields=["password", "must_change_password"])
    note_event(AccountEventKind.PASSWORD_HANDED_OVER, stored, by, tell=[] if is_first else [stored])
    return password


@transaction.atomic
@appends_last()
def mail_password_link(person: User, by: User, request: HttpRequest) -> None:
    """Send a person a link to set a password; the old one stays until then.

    Raises:
        PermissionDenied: not to be given by this one.
    """
    stored = hold_person(person, by, can_reset_password)
    is_first = not stored.has_usable_password()
    note_event(
        AccountEventKind.RESET_MAILED, stored, by, f"ถึง {stored.email}", tell=[] if is_first else [stored]
    )
    send_password_link(stored, request)


def can_mail_link(person: User) -> bool:
    """Whether the site sends mail, and the person has an address."""
    return settings.MAIL_IS_SET_UP and bool(person.email)


def password_address(person: User, request: HttpRequest) -> str:
    """The whole address of the page on which a person sets a password, for one use and a limited time."""
    return site_address(request, password_link(person))


def send_password_link(person: User, request: HttpRequest) -> None:
    """Mail the link; it goes out if what is stored with it is stored."""
    send_mail(
        person.email,
        "ตั้งรหัสผ่าน",
        [
            f"เรียน {person}",
            "",
            "เปิดที่อยู่นี้เพื่อตั้งรหัสผ่านของท่าน ใช้ได้ครั้งเดียว ภายใน 24 ชั่วโมง",
            password_address(person, request),
            "",
            f"ชื่อผู้ใช้ของท่านคือ {person.username}",
            "",
            "หากท่านไม่ได้รอลิงก์นี้ ไม่ต้องทำอะไร รหัสผ่านเดิมยังใช้ได้",
        ],
    )
