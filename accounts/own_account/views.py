"""The page of one's own account."""

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.own_account.forms import OwnAccountForm
from accounts.own_account.services import end_all_sessions, save_own_account
from accounts.request import Request
from accounts.second_factor.selectors import has_second_factor
from accounts.sessions.services import end_other_sessions


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: Request) -> HttpResponse:
    """Name, post, e-mail and reminders, and the ways to password, second factor and signing out everywhere.

    Another e-mail asks for the password again: with it somebody could have a new password sent.
    """
    email = request.user.email
    form = OwnAccountForm(request.POST if request.method == "POST" else None, instance=request.user)
    if form.is_valid():
        if "email" in form.changed_data:
            raise_if_reauthentication_required(request, app="allauth.mfa")
        save_own_account(form, email)
        messages.success(request, "บันทึกบัญชีของท่านแล้ว")
        return redirect("account")
    # A refused form has changed the person of the page's head.
    request.user.refresh_from_db()
    context = {
        "form": form,
        "has_second_factor": has_second_factor(request.user),
        "sends_mail": settings.MAIL_IS_SET_UP,
    }
    return render(request, "accounts/own_account/page.html", context, status=422 if form.errors else 200)


@require_POST
def sign_out_everywhere(request: Request) -> HttpResponse:
    """Ends every other session of the person."""
    end_all_sessions(request.user)
    update_session_auth_hash(request, request.user)
    end_other_sessions(request.user, request.session.session_key)
    messages.success(request, "ออกจากระบบทุกอุปกรณ์แล้ว เครื่องอื่นต้องเข้าสู่ระบบใหม่ เครื่องนี้ยังใช้งานต่อได้")
    return redirect("account")
