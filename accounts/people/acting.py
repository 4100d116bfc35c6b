"""Naming who approves in the executive's place for a time (รักษาราชการแทน), and ending it."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.access import can_decide_on, can_decide_who_approves, can_name_acting
from accounts.events import executives_of, note_event, who_confirms
from accounts.models import AccountEventKind, ActingApprover, Agency, User
from accounts.people.holding import hold_person
from accounts.people.passwords import give_password
from accounts.second_factor.services import remove_second_factors
from core.locking import StaleEdit
from core.thai_calendar import short_date
from ledger.services import appends_last


@transaction.atomic
def name_acting(
    agency: Agency, person: User, starts_on: date, ends_on: date, order: str, by: User
) -> ActingApprover:
    """Let somebody approve from one day to another, both included; executives and the person are told.

    Named by an officer it is a proposal, which an executive or the administrator has yet to confirm.

    Raises:
        ValidationError: by field: days in a wrong order or over, a person who is not in use in the agency, or
            who acts already in that time.
        PermissionDenied: whoever names is neither executive nor officer of the agency.
    """
    if not can_name_acting(by, agency):
        raise PermissionDenied
    Agency.objects.select_for_update().get(pk=agency.pk)
    if not User.objects.filter(pk=person.pk, agency=agency, is_active=True).exists():
        raise ValidationError({"person": "ผู้นี้ไม่ได้ใช้งานอยู่ในหน่วยงานแล้ว กรุณาเลือกใหม่"})
    if ends_on < starts_on:
        raise ValidationError({"ends_on": "วันสิ้นสุดต้องไม่อยู่ก่อนวันเริ่ม"})
    today = timezone.localdate()
    if ends_on < today:
        raise ValidationError({"ends_on": "วันสิ้นสุดผ่านไปแล้ว"})
    if person.acting.not_over(starts_on).filter(starts_on__lte=ends_on).exists():
        raise ValidationError({"person": "ผู้นี้รักษาราชการแทนอยู่แล้วในช่วงเวลานี้"})
    # Nobody decides on themselves, unless as an executive, who approves anyhow.
    is_decided = can_decide_who_approves(by, agency)
    acting = ActingApprover.objects.create(
        agency=agency,
        person=person,
        starts_on=starts_on,
        ends_on=ends_on,
        order=order,
        named_by=by,
        named_at=timezone.now(),
        confirmed_by=by if is_decided else None,
        confirmed_at=timezone.now() if is_decided else None,
    )
    if is_decided:
        tell = [*executives_of(person), person]
        note_event(AccountEventKind.ACTING_NAMED, person, by, _in_words(acting), tell)
    else:
        note_event(AccountEventKind.ACTING_PROPOSED, person, by, _in_words(acting), who_confirms(person))
    return acting


@transaction.atomic
@appends_last()
def confirm_acting(acting: ActingApprover, by: User) -> str:
    """Say yes to an officer's proposal; returns a one-time password that is handed over to the person.

    Whoever proposed them may give passwords to the office's staff: what opened the account until now is over.

    Raises:
        StaleEdit: it was confirmed or ended in between, its time is over, or the person is out of use.
        PermissionDenied: not to be confirmed by this one.
    """
    person = hold_person(acting.person, by, can_decide_on)
    waiting = ActingApprover.objects.not_over(timezone.localdate()).filter(
        pk=acting.pk, confirmed_at__isnull=True, agency=person.agency
    )
    stored = waiting.first()
    if stored is None or not person.is_active:
        raise StaleEdit
    stored.confirmed_by, stored.confirmed_at = by, timezone.now()
    stored.save(update_fields=["confirmed_by", "confirmed_at"])
    remove_second_factors(person, by)
    tell = [*executives_of(person), person]
    note_event(AccountEventKind.ACTING_CONFIRMED, person, by, _in_words(stored), tell)
    return give_password(person, by)


def _in_words(acting: ActingApprover) -> str:
    return f"{short_date(acting.starts_on)} ถึง {short_date(acting.ends_on)} คำสั่งเลขที่ {acting.order}"


@transaction.atomic
@appends_last()
def end_acting(acting: ActingApprover, by: User) -> bool:
    """End it now, before its last day. False: it was over already.

    Raises:
        PermissionDenied: whoever ends it is neither executive nor officer of the agency.
    """
    if not (can_name_acting(by, acting.agency) or can_decide_who_approves(by, acting.agency)):
        raise PermissionDenied
    return end_all(ActingApprover.objects.filter(pk=acting.pk), by) > 0


def end_all(chosen: QuerySet[ActingApprover], by: User) -> int:
    """End those that are not over yet, within the caller's transaction; how many there were."""
    ended = 0
    today = timezone.localdate()
    for acting in chosen.filter(ends_on__gte=today, ended_at__isnull=True).select_related("person__agency"):
        # Of two who end it at once, one is told that it was over.
        now = timezone.now()
        if not ActingApprover.objects.filter(pk=acting.pk, ended_at__isnull=True).update(ended_at=now):
            continue
        acting.ended_at = now
        acting.save(update_fields=["ended_at"])
        detail = f"คำสั่งเลขที่ {acting.order}"
        tell = [*executives_of(acting.person), acting.person]
        note_event(AccountEventKind.ACTING_ENDED, acting.person, by, detail, tell)
        ended += 1
    return ended
