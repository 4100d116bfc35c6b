"""What happens to sessions: a sign-in is noted and told of, one of them is ended, old ones go."""

import hashlib
from typing import Any, Final

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.mails import send_mail
from accounts.models import SiteSession, User
from accounts.sessions.describe import device_in_words, place_in_words
from accounts.sessions.store import DEVICE, NETWORK, SEEN, SIGNED_IN
from accounts.sign_in.known_devices import is_known
from core.thai_calendar import short_moment

MAX_SESSIONS: Final = 10
"""Of one person at once; a further sign-in ends the one used longest ago."""


@receiver(user_logged_in, dispatch_uid="accounts.sessions")
def note_sign_in(request: HttpRequest, user: User, **_: Any) -> None:
    """Keep in the session what its person is told of it, make room for it, and tell of a new device."""
    now = timezone.now()
    session = request.session
    session[SIGNED_IN] = session[SEEN] = now.timestamp()
    session[DEVICE], session[NETWORK] = device_in_words(request), place_in_words(request)
    SiteSession.objects.filter(expire_date__lte=now).delete()
    others = SiteSession.objects.filter(person=user).exclude(session_key=session.session_key)
    kept = others.order_by("-seen_at", "-signed_in_at", "pk").values_list("pk", flat=True)[: MAX_SESSIONS - 1]
    others.exclude(pk__in=list(kept)).delete()
    # The answer gives the device its mark.
    request.signed_in_here = user  # type: ignore[attr-defined]
    if not is_known(request, user):
        _tell_of_new_device(user, session[DEVICE], session[NETWORK])


def end_session(person: User, mark: str, own_key: str | None) -> bool:
    """End one of a person's other sessions; False if it was over already."""
    others = SiteSession.objects.filter(person=person).exclude(session_key=own_key)
    keys = [row.pk for row in others.defer("session_data") if mark_of(row) == mark]
    deleted, _ = SiteSession.objects.filter(pk__in=keys).delete()
    return bool(deleted)


def end_other_sessions(person: User, own_key: str | None) -> int:
    """End all sessions of a person but one; how many there were."""
    deleted, _ = SiteSession.objects.filter(person=person).exclude(session_key=own_key).delete()
    return deleted


def mark_of(row: SiteSession) -> str:
    """A text that names a session on a page; the key itself would be as good as the cookie."""
    return hashlib.sha256(f"session {row.pk}".encode()).hexdigest()[:16]


def _tell_of_new_device(person: User, device: str, place: str) -> None:
    when = short_moment(timezone.localtime())
    send_mail(
        person.email,
        "มีการเข้าสู่ระบบจากเครื่องใหม่",
        [
            f"เรียน {person.get_full_name()}",
            "",
            f"ชื่อผู้ใช้ {person.username} เข้าสู่ระบบจากเครื่องที่ยังไม่เคยใช้ เมื่อ {when}",
            f"เครื่อง: {device} จาก: {place}",
            "",
            "หากเป็นท่านเอง ไม่ต้องทำอะไร",
            "หากไม่ใช่ กรุณาเปลี่ยนรหัสผ่านทันที แล้วแจ้งเจ้าหน้าที่ผู้รับผิดชอบ ITA ของหน่วยงาน",
        ],
    )
