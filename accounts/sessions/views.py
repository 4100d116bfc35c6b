"""Where one is signed in, and signing out there."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.request import Request
from accounts.sessions.selectors import sessions_of
from accounts.sessions.services import end_session, mark_of


@require_safe
def sessions(request: Request) -> HttpResponse:
    """The devices on which one is signed in, this one first."""
    own = request.session.session_key
    found = sorted(sessions_of(request.user), key=lambda row: row.pk != own)
    context = {
        "rows": [(row, mark_of(row), row.pk == own) for row in found],
        "idle_hours": settings.SESSION_IDLE_MINUTES // 60,
        "idle_minutes": settings.SESSION_IDLE_MINUTES % 60,
        "hours": settings.SESSION_HOURS,
    }
    return render(request, "accounts/sessions/page.html", context)


@require_POST
def sign_out_device(request: Request, mark: str) -> HttpResponse:
    """End one of one's own sessions; it asks for a sign-in at its next page."""
    if end_session(request.user, mark, request.session.session_key):
        messages.success(request, "ออกจากระบบที่เครื่องนั้นแล้ว")
    else:
        messages.info(request, "เครื่องนั้นออกจากระบบไปแล้ว")
    return redirect("sessions")
