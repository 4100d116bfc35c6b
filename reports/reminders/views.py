"""Reminders: everybody's own switch and calendar; for the officer who gets what and when, what was sent."""

import hashlib
import re
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import quote_etag
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import agency_in_view
from accounts.models import Agency, User
from accounts.request import Request
from core.http import NotFound, file_response, site_address, unchanged_answer
from core.locking import StaleEdit
from reports.access import can_see_reminders, get_reminder
from reports.models import ReminderSending, ReminderState
from reports.reminders.calendar import ics
from reports.reminders.digests import recipients_of
from reports.reminders.forms import LineGroupForm
from reports.reminders.messages import STOP
from reports.reminders.owed import reminded_rounds
from reports.reminders.problems import problems_lately
from reports.reminders.services import (
    MAX_TRIES,
    broken_off,
    make_calendar_key,
    repeat,
    revoke_calendar_key,
    switch_reminders,
)
from reports.reminders.tasks import deliver_reminders

SENT_SHOWN: Final = 50
KEY: Final = re.compile("[A-Za-z0-9_-]{43}")
NO_CALENDAR: Final = "ไม่พบปฏิทินนี้ ที่อยู่อาจถูกยกเลิกแล้ว"


@require_safe
def reminders(request: Request) -> HttpResponse:
    """The own reminders and calendar; for the officer those of the whole agency."""
    return _page(request, None)


def _page(request: Request, line_form: LineGroupForm | None) -> HttpResponse:
    user, agency = request.user, request.user.agency
    context: dict[str, Any] = {
        "calendar_address": site_address(request, _calendar_path(user)) if user.calendar_key else "",
        "mail_is_set_up": settings.MAIL_IS_SET_UP and bool(settings.PUBLIC_URL),
        "gets_reminders": user.is_division_staff or user.is_officer,
        "preview": None,
        "line_form": None,
        "problems": problems_lately(timezone.localdate()) if user.is_administrator else None,
    }
    if agency is not None:
        request.agency = agency
        if can_see_reminders(user, agency):
            line_form = line_form or LineGroupForm(instance=agency)
            context |= {"preview": _preview(agency), "line_form": line_form}
    status = 422 if line_form and line_form.errors else 200
    return render(request, "reports/reminders/page.html", context, status=status)


def _preview(agency: Agency) -> dict[str, Any]:
    """Who will get what and when, what was sent, and what stands in the way."""
    today = timezone.localdate()
    rounds = reminded_rounds(agency, today, only_due=False)
    sendings = ReminderSending.objects.filter(agency=agency).select_related("person")
    unknown = sendings.filter(broken_off() | Q(state=ReminderState.UNKNOWN))
    last_day = sendings.values("day").order_by("-day")[:1]
    refused = sendings.filter(state=ReminderState.REFUSED, day=last_day).order_by("-started_at").first()
    return {
        "rounds": rounds,
        "recipients": recipients_of(agency, rounds, today),
        "line_is_set_up": bool(settings.LINE_CHANNEL_TOKEN),
        "line_group": agency.line_group,
        "sendings": list(sendings[:SENT_SHOWN]),
        "unknown": unknown.count(),
        "refused": refused,
        "tries_again": refused is not None and refused.tries < MAX_TRIES,
    }


@require_POST
def reminder_switch(request: Request) -> HttpResponse:
    """Turn the own reminders by mail on or off."""
    on = request.POST.get("on") == "1"
    switch_reminders(request.user, on=on)
    messages.success(request, "เปิดรับการเตือนทางอีเมลแล้ว" if on else "ปิดรับการเตือนทางอีเมลแล้ว")
    return redirect("reminders")


@require_POST
def line_group(request: Request) -> HttpResponse:
    """Name the agency's LINE group, or none."""
    agency = agency_in_view(request)
    if not can_see_reminders(request.user, agency):
        raise PermissionDenied
    form = LineGroupForm(request.POST, instance=Agency.objects.get(pk=agency.pk))
    if not form.is_valid():
        return _page(request, form)
    group = form.save().line_group
    messages.success(request, "บันทึกกลุ่ม LINE แล้ว" if group else "ไม่ส่งการเตือนถึงกลุ่ม LINE แล้ว")
    return redirect("reminders")


@require_POST
def own_calendar(request: Request) -> HttpResponse:
    """Make the own calendar's address, make another one, or revoke it."""
    if request.POST.get("do") == "revoke":
        revoke_calendar_key(request.user)
        messages.success(request, "ยกเลิกที่อยู่ปฏิทินแล้ว ปฏิทินที่เคยเพิ่มไว้จะไม่ได้รับข้อมูลอีก")
    else:
        make_calendar_key(request.user)
        messages.success(request, "สร้างที่อยู่ปฏิทินแล้ว คัดลอกไปเพิ่มในโปรแกรมปฏิทินของคุณ")
    return redirect("reminders")


@require_POST
def repeat_reminder(request: Request, pk: int) -> HttpResponse:
    """Send again what nobody knows of, or what was given up; by hand, once."""
    sending = get_reminder(request, pk)
    try:
        repeat(sending)
    except StaleEdit:
        messages.warning(request, "รายการนี้ส่งแล้ว หรือกำลังรอส่งอยู่ จึงไม่ส่งซ้ำ")
        return redirect("reminders")
    deliver_reminders.enqueue([sending.pk])
    sending.refresh_from_db()
    match sending.state:
        case ReminderState.SENT:
            messages.success(request, f"ส่งถึง {sending.address} แล้ว")
        case ReminderState.NOTED:
            messages.success(request, f"กำลังส่งถึง {sending.address}")
        case _:
            messages.warning(request, f"ยังส่งไม่ได้: {sending.error}")
    return redirect("reminders")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def stop_reminders(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link in a mail leads: asks once, then sends this person no more."""
    try:
        pk = signing.loads(token, salt=STOP)
    except signing.BadSignature as error:
        raise NotFound("ลิงก์นี้ไม่ครบหรือไม่ถูกต้อง กรุณาคัดลอกจากอีเมลทั้งบรรทัด") from error
    person = User.objects.filter(pk=pk, is_active=True).first()
    if person is None:
        raise NotFound("ไม่พบบัญชีของลิงก์นี้")
    if request.method == "POST":
        switch_reminders(person, on=False)
    return render(request, "reports/reminders/stop.html", {"person": person})


@login_not_required
@require_safe
@sensitive_variables("key")
def calendar_feed(request: HttpRequest, key: str) -> HttpResponseBase:
    """A person's calendar under its secret address; what is unknown and what was revoked are one answer."""
    # Found by an index over random keys: how long that takes tells nothing of a key.
    person = User.objects.filter(calendar_key=key, is_active=True).first() if KEY.fullmatch(key) else None
    if person is None:
        raise NotFound(NO_CALENDAR)
    host = site_address(request, "/").split("/")[2]
    content = ics(person, timezone.localdate(), partial(site_address, request), host)
    etag = quote_etag(hashlib.sha256(content).hexdigest())
    if unchanged := unchanged_answer(request, etag):
        return unchanged
    return file_response(
        content,
        "text/calendar; charset=utf-8",
        "ita-tracker.ics",
        cache="private, no-cache",
        etag=etag,
        as_attachment=False,
    )


def _calendar_path(user: User) -> str:
    return reverse("calendar_feed", args=[user.calendar_key])
