"""The password again, before something that matters: approving, changing people's rights."""

from datetime import timedelta

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.models import User
from accounts.sessions.store import SIGNED_IN, moment


def ask_password_again(request: HttpRequest) -> None:
    """Go on where the person has signed in, or has given the password again, a few minutes ago at most.

    Otherwise they are asked for it, and what they sent is done afterwards. Who signs in elsewhere and has no
    password here does that once more, and sends it again.

    Raises:
        ReauthenticationRequired, ImmediateHttpResponse: the way there, which middleware answers with.
    """
    if is_fresh(request):
        return
    if isinstance(request.user, User) and not request.user.has_usable_password():
        raise ImmediateHttpResponse(_sign_in_elsewhere(request))
    raise ReauthenticationRequired


def is_fresh(request: HttpRequest) -> bool:
    """Whether the sign-in, or the password that was given again, was a few minutes ago at most."""
    given = [record["at"] for record in get_authentication_records(request, request.user)]
    signed_in = request.session.get(SIGNED_IN)
    last = moment(max([*given, signed_in] if signed_in else given, default=None))
    limit = timedelta(minutes=settings.PASSWORD_AGAIN_MINUTES)
    return last is not None and timedelta(0) <= timezone.now() - last < limit


def _sign_in_elsewhere(request: HttpRequest) -> HttpResponse:
    messages.error(request, "กรุณาเข้าสู่ระบบอีกครั้งเพื่อยืนยันตัวตน แล้วกดทำรายการนี้ใหม่")
    if not settings.OIDC_SERVER_URL:
        return redirect("account")
    where = request.get_full_path() if request.method == "GET" else reverse("home")
    return redirect(f"{reverse('openid_connect_login', args=['office'])}?{urlencode({'next': where})}")
