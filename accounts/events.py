"""The log of accounts and rights: writing a line, and telling those whom it concerns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.mails import send_mail
from accounts.models import AccountEvent, AccountEventKind, Role, User
from accounts.noting import note_account
from core.thai_calendar import short_moment

MAX_DETAIL: Final = 500
PROPOSALS: Final = (AccountEventKind.EXECUTIVE_PROPOSED, AccountEventKind.ACTING_PROPOSED)
BY_COMMAND: Final = "ผู้ดูแลเครื่องแม่ข่าย"


@dataclass(frozen=True, slots=True)
class News:
    """An event as it is told to one person."""

    event: AccountEvent
    sentence: str
    address: str = ""
    """Where the reader confirms what was proposed; empty where nothing is asked of them."""


@transaction.atomic
def note_event(
    kind: AccountEventKind, person: User, by: User | None, detail: str = "", tell: Iterable[User] = ()
) -> AccountEvent:
    """Add a line to the log, within the transaction of what it tells of.

    Args:
        person: whose account it is.
        by: who did it, and is told of nothing; None where it was done by a command on the server.
        tell: who is to read of it on their next page, and by mail where the site sends any.
    """
    event = AccountEvent.objects.create(
        agency=person.agency,
        person=person,
        kind=kind,
        detail=detail[:MAX_DETAIL],
        done_by=by,
        done_by_name=by.get_full_name() if by else BY_COMMAND,
        done_at=timezone.now(),
    )
    readers = {reader.pk: reader for reader in tell if by is None or reader.pk != by.pk}
    event.waits_for.set(readers.values())
    User.objects.filter(pk__in=readers).update(has_news=True)
    for reader in readers.values():
        send_mail(reader.email, "แจ้งการเปลี่ยนแปลงบัญชีผู้ใช้", _letter(event, reader))
    # Last: from here to the end of the transaction nobody else can append.
    note_account(event)
    return event


def executives_of(person: User) -> Sequence[User]:
    """The executives in use of a person's agency: they are told of what concerns approving."""
    return list(User.objects.executives().filter(agency=person.agency_id))


def who_confirms(person: User) -> Sequence[User]:
    """Those who say whether a person approves: the other executives, without any the administrators."""
    others = [each for each in executives_of(person) if each.pk != person.pk]
    return others or list(User.objects.with_role(Role.ADMIN))


def news_of(reader: User) -> Sequence[News]:
    """What the person has not read yet, oldest first. Asks the database only where there is something."""
    if not reader.has_news:
        return ()
    events = reader.news.select_related("person", "agency").order_by("done_at", "id")
    return [News(event, sentence(event, reader), _place_to_confirm(event, reader)) for event in events]


def _place_to_confirm(event: AccountEvent, reader: User) -> str:
    if event.kind not in PROPOSALS:
        return ""
    agency = event.agency
    return (
        reverse("people")
        if agency is None or agency == reader.agency
        else f"{reverse('people')}?agency={agency.slug}"
    )


@transaction.atomic
def acknowledge(event: AccountEvent, reader: User) -> None:
    """The person has read of an event; a second time changes nothing."""
    # Held to the end: an event that comes in meanwhile marks the person anew afterwards.
    User.objects.select_for_update(of=("self",)).get(pk=reader.pk)
    event.waits_for.remove(reader)
    if event.person_id == reader.pk:
        AccountEvent.objects.filter(pk=event.pk, seen_at__isnull=True).update(seen_at=timezone.now())
    User.objects.filter(pk=reader.pk).update(has_news=reader.news.exists())


def sentence(event: AccountEvent, reader: User) -> str:
    """An event in words, to whom it concerns or to another."""
    when = short_moment(timezone.localtime(event.done_at))
    if event.person_id == reader.pk:
        if event.kind == AccountEventKind.PASSWORD_HANDED_OVER:
            return f"รหัสผ่านของคุณถูกออกใหม่โดย {event.done_by_name} เมื่อ {when}"
        if event.kind == AccountEventKind.RESET_MAILED:
            return f"ลิงก์สำหรับตั้งรหัสผ่านของคุณถูกส่งทางอีเมลโดย {event.done_by_name} เมื่อ {when}"
    detail = f" ({event.detail})" if event.detail else ""
    return f"{event.get_kind_display()} {event.person}{detail} โดย {event.done_by_name} เมื่อ {when}"


def _letter(event: AccountEvent, reader: User) -> Sequence[str]:
    return (
        f"เรียน {reader}",
        "",
        sentence(event, reader),
        "",
        "หากท่านไม่ทราบเรื่องนี้ โปรดแจ้งผู้ดูแลระบบทันที",
    )
