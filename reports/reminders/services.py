"""Sends reminders: each is noted before it is sent and claimed by the one who sends it, so that none is sent
twice by itself, whoever else is at it and whenever the power fails.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from secrets import token_urlsafe
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Agency, User
from core.locking import StaleEdit
from reports.models import REMINDER_ENDS_WITHIN, ReminderChannel, ReminderSending, ReminderState
from reports.reminders.digests import digests_on
from reports.reminders.ways import Mail, NobodyKnows, NotSent, send_to_line

MAX_TRIES: Final = 5
# What could not be sent is no news any more after so many days.
DAYS_TO_TRY: Final = 7
AT_ONCE: Final = 50
BROKEN_OFF: Final = "ระบบหยุดทำงานระหว่างส่ง จึงไม่ทราบว่าถึงผู้รับหรือไม่"


def note_reminders(agency: Agency, today: date) -> int:
    """Note what an agency's people are to be sent on a day, as far as it is not noted yet.

    Without a mail server nothing is noted of mails.

    Returns:
        How many were noted. Of two who note at once, the database lets one through for each.
    """
    digests = [
        digest
        for digest in digests_on(agency, today)
        if settings.MAIL_IS_SET_UP or digest.channel != ReminderChannel.MAIL
    ]
    known = set(
        ReminderSending.objects.filter(
            agency=agency, day__in={digest.occasion.day for digest in digests}
        ).values_list("person", "channel", "day")
    )
    made = [
        ReminderSending(
            agency=agency,
            person=digest.person,
            channel=digest.channel,
            kind=digest.occasion.kind,
            day=digest.occasion.day,
            address=digest.address,
            subject=digest.message.subject[:200],
            text=digest.message.text,
            noted_at=timezone.now(),
        )
        for digest in digests
        if (digest.person and digest.person.pk, digest.channel, digest.occasion.day) not in known
    ]
    ReminderSending.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def to_send(today: date) -> Sequence[Sequence[int]]:
    """What waits to be sent, in parcels of which each is one task."""
    since = today - timedelta(days=DAYS_TO_TRY)
    waiting = list(
        ReminderSending.objects.filter(_sendable(), day__gte=since)
        .order_by("channel", "pk")
        .values_list("pk", flat=True)
    )
    return [waiting[start : start + AT_ONCE] for start in range(0, len(waiting), AT_ONCE)]


def give_up_on_broken_off() -> int:
    """Say of what was begun long ago and never ended that nobody knows; returns how many there were."""
    return ReminderSending.objects.filter(broken_off()).update(state=ReminderState.UNKNOWN, error=BROKEN_OFF)


def deliver(sendings: Iterable[int]) -> int:
    """Send those that nobody has begun to send; returns how many were taken."""
    taken = 0
    with Mail() as mail:
        for pk in sendings:
            sending = _claimed(pk)
            if sending is not None:
                taken += _send(sending, mail)
    return taken


def repeat(sending: ReminderSending) -> None:
    """Let one be sent again that nobody knows of, or that was given up; LINE's retry key stays the same.

    Raises:
        StaleEdit: it was sent, or waits to be.
    """
    again = Q(pk=sending.pk) & (broken_off() | Q(state__in=[ReminderState.UNKNOWN, ReminderState.REFUSED]))
    renewed = {"state": ReminderState.NOTED, "started_at": None, "tries": 0, "error": ""}
    if not ReminderSending.objects.filter(again).update(**renewed):
        raise StaleEdit


def switch_reminders(person: User, *, on: bool) -> None:
    """Let a person get reminders by mail, or none."""
    person.wants_reminders = on
    person.save(update_fields=["wants_reminders"])


def make_calendar_key(person: User) -> None:
    """Give a person's calendar a new secret address; the one before leads nowhere from now on."""
    _keep_key(person, token_urlsafe(32))


def revoke_calendar_key(person: User) -> None:
    """Let the address of a person's calendar lead nowhere."""
    _keep_key(person, "")


def _keep_key(person: User, key: str) -> None:
    # Past the history: it would tell only that something nameless was changed.
    User.objects.filter(pk=person.pk).update(calendar_key=key)
    person.calendar_key = key


def _sendable() -> Q:
    refused = Q(state=ReminderState.REFUSED, tries__lt=MAX_TRIES)
    return Q(state=ReminderState.NOTED, started_at__isnull=True) | refused


def broken_off() -> Q:
    """Begun long ago and never ended."""
    return Q(state=ReminderState.NOTED, started_at__lt=timezone.now() - REMINDER_ENDS_WITHIN)


def _claimed(pk: int) -> ReminderSending | None:
    """The one to send, taken for this process before it is sent; None where another has taken it."""
    mine = ReminderSending.objects.filter(_sendable(), pk=pk)
    now = timezone.now()
    if not mine.update(state=ReminderState.NOTED, started_at=now, tries=F("tries") + 1, error=""):
        return None
    return ReminderSending.objects.select_related("person", "agency").get(pk=pk)


def _send(sending: ReminderSending, mail: Mail) -> bool:
    person = sending.person
    if person and not (person.wants_reminders and person.is_active):
        _ended(sending, ReminderState.REFUSED, "ผู้รับปิดรับการเตือนแล้ว", tries=MAX_TRIES)
        return False
    try:
        if sending.channel == ReminderChannel.MAIL:
            mail.send(sending)
        else:
            send_to_line(sending)
    except NotSent as error:
        _ended(sending, ReminderState.REFUSED, str(error))
    except NobodyKnows as error:
        _ended(sending, ReminderState.UNKNOWN, str(error))
    else:
        _ended(sending, ReminderState.SENT, sent_at=timezone.now())
        return True
    return False


@transaction.atomic
def _ended(sending: ReminderSending, state: ReminderState, error: str = "", **fields: object) -> None:
    """Note how it ended."""
    for name, value in {"state": state, "error": error[:500], **fields}.items():
        setattr(sending, name, value)
    sending.save(update_fields=["state", "error", *fields])
