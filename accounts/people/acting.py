"""Naming who approves in the executive's place for a time (รักษาราชการแทน), and ending it."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.access import can_name_acting
from accounts.events import executives_of, note_event
from accounts.models import AccountEventKind, ActingApprover, Agency, User
from core.thai_calendar import short_date
from ledger.services import appends_last


@transaction.atomic
def name_acting(
    agency: Agency, person: User, starts_on: date, ends_on: date, order: str, by: User
) -> ActingApprover:
    """Let somebody approve from one day to another, both included; executives and the person are told.

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
    acting = ActingApprover.objects.create(
        agency=agency,
        person=person,
        starts_on=starts_on,
        ends_on=ends_on,
        order=order,
        named_by=by,
        named_at=timezone.now(),
    )
    detail = f"{short_date(starts_on)} ถึง {short_date(ends_on)} คำสั่งเลขที่ {order}"
    note_event(AccountEventKind.ACTING_NAMED, person, by, detail, [*executives_of(person), person])
    return acting


@transaction.atomic
@appends_last()
def end_acting(acting: ActingApprover, by: User) -> bool:
    """End it now, before its last day. False: it was over already.

    Raises:
        PermissionDenied: whoever ends it is neither executive nor officer of the agency.
    """
    if not can_name_acting(by, acting.agency):
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
