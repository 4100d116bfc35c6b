"""The present head of the log to every overseer, on Mondays: their mailboxes keep what binds the past."""

from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from accounts.background.nightly import every_night
from accounts.mails import send_mail
from accounts.models import Role, User
from core.thai_calendar import long_date
from ledger.selectors import current_head

MONDAY: Final = 0
# Longer than the night of whatever worker tries last, and over before the next Monday.
SAID_FOR: Final = 3 * 24 * 3600
SUBJECT: Final = "หัวบันทึกประจำสัปดาห์ โปรดเก็บไว้"


@every_night
def mail_heads_tonight() -> None:
    """Send the head, where mail is set up and there is one; of several workers one sends."""
    today = timezone.localdate()
    if not settings.MAIL_IS_SET_UP or today.weekday() != MONDAY:
        return
    head = current_head()
    if not head.size or not cache.add(f"log-head-{today}", str(head), SAID_FOR):
        return
    lines = [
        f"หัวบันทึกของระบบ ณ วันที่ {long_date(today)}",
        "",
        str(head),
        "",
        "โปรดเก็บจดหมายนี้ไว้ หากมีผู้เขียนประวัติในระบบใหม่ หัวบันทึกนี้จะไม่ตรงกับในระบบอีก",
    ]
    if settings.PUBLIC_URL:
        lines.append(f"หัวบันทึกของทุกวัน: {settings.PUBLIC_URL}{reverse('public_log')}")
    for overseer in User.objects.with_role(Role.OVERSEER).exclude(email="").order_by("pk"):
        send_mail(overseer.email, SUBJECT, lines)
