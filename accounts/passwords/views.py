"""Changing one's password, asking for a link by mail, and setting a password by such a link."""

from typing import Any

from allauth.account.views import PasswordChangeView, PasswordResetView
from allauth.core import ratelimit
from allauth.decorators import rate_limit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator

from accounts.models import User
from accounts.passwords.forms import (
    ForgottenPasswordForm,
    NewPasswordForm,
    OwnPasswordForm,
    PasswordByLinkForm,
)
from accounts.passwords.services import mail_password_links
from core.http import NotFound, RefusedFormMixin, site_address


@method_decorator(rate_limit(action="change_password"), name="dispatch")
class ChangePassword(RefusedFormMixin, PasswordChangeView):
    """A new password; one that was handed over has to be changed before anything else."""

    template_name = "accounts/passwords/change.html"

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        # Past allauth's own, which sends people without a password elsewhere.
        answer: HttpResponseBase = super(PasswordChangeView, self).dispatch(request, *args, **options)
        return answer

    def get_form_class(self) -> type[NewPasswordForm]:
        """Without the present one for who has just signed in with one that was handed over."""
        user = self.request.user
        knows_one = user.has_usable_password() and not user.must_change_password
        return OwnPasswordForm if knows_one else NewPasswordForm

    def form_valid(self, form: NewPasswordForm) -> HttpResponse:
        had_to = self.request.user.must_change_password
        update_session_auth_hash(self.request, form.save())
        messages.success(self.request, "เปลี่ยนรหัสผ่านแล้ว เครื่องอื่นต้องเข้าสู่ระบบใหม่")
        return redirect("home" if had_to else "account")


class ForgottenPassword(RefusedFormMixin, PasswordResetView):
    """Asks for links by mail. The answer is the same whether an account has the address or not."""

    template_name = "accounts/passwords/forgotten.html"
    form_class = ForgottenPasswordForm

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        if not settings.MAIL_IS_SET_UP:
            raise NotFound("ระบบนี้ไม่ได้ส่งอีเมล กรุณาติดต่อเจ้าหน้าที่ผู้รับผิดชอบ ITA ของหน่วยงานเพื่อขอรหัสผ่านใหม่")
        answer: HttpResponseBase = super().dispatch(request, *args, **options)
        return answer

    dispatch.login_required = False  # type: ignore[attr-defined]

    def form_valid(self, form: ForgottenPasswordForm) -> HttpResponse:
        address = form.cleaned_data["email"]
        counted = {"action": "reset_password", "key": address.lower()}
        limited: HttpResponse | None = ratelimit.consume_or_429(self.request, **counted)
        if limited:
            return limited
        mail_password_links.enqueue(address, site_address(self.request, "/").removesuffix("/"))
        return redirect(self.get_success_url())

    def get_success_url(self) -> str:
        return f"{reverse('account_reset_password')}?sent=1"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**more)
        context["is_sent"] = self.request.method == "GET" and "sent" in self.request.GET
        return context


class SetPassword(RefusedFormMixin, PasswordResetConfirmView):
    """A new password by a link, which is good once and for a day."""

    template_name = "accounts/passwords/by_link.html"
    form_class = PasswordByLinkForm  # type: ignore[assignment]
    success_url = reverse_lazy("login")

    def get_user(self, uidb64: str) -> User | None:
        person = super().get_user(uidb64)
        return person if isinstance(person, User) and person.is_active else None

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        messages.success(self.request, f"ตั้งรหัสผ่านใหม่ของ {form.user.username} แล้ว กรุณาเข้าสู่ระบบ")
        return answer

    def render_to_response(self, context: dict[str, Any], **options: Any) -> HttpResponse:
        if not self.validlink:
            options["status"] = 410
        context["person"] = self.user
        context["sends_mail"] = settings.MAIL_IS_SET_UP
        return super().render_to_response(context, **options)
