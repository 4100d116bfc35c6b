"""The second factor: asked for at sign-in, set up, taken away, and the password that this asks for again."""

import json
from typing import Any

from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import (
    DownloadRecoveryCodesView,
    GenerateRecoveryCodesView,
    ViewRecoveryCodesView,
)
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.views.generic.edit import FormMixin

from accounts.models import AccountEventKind
from accounts.second_factor.forms import (
    AddAppForm,
    AddPasskeyForm,
    ConfirmPasswordForm,
    NewCodesForm,
    SecondStepForm,
    SecondStepPasskeyForm,
)
from accounts.second_factor.selectors import owes_second_factor, passkeys_work
from accounts.second_factor.services import note
from core.http import NotFound, RefusedFormMixin

ADDED = AccountEventKind.SECOND_FACTOR_ADDED
REMOVED = AccountEventKind.SECOND_FACTOR_REMOVED


class ConfirmPassword(RefusedFormMixin, ReauthenticateView):
    """The password once more; what it was asked for goes on by itself."""

    template_name = "accounts/second_factor/confirm_password.html"
    form_class = ConfirmPasswordForm

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**more)
        context["next"] = context["redirect_field_value"] or ""
        return context


class SecondStep(AuthenticateView):
    """The second step of a sign-in: a code of the app, a recovery code, or a passkey."""

    template_name = "accounts/second_factor/second_step.html"
    form_class = SecondStepForm
    webauthn_form_class = SecondStepPasskeyForm

    def form_invalid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_invalid(form)
        answer.status_code = 422
        return answer

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**more)
        person = self.stage.login.user
        kept = set(Authenticator.objects.filter(user=person).values_list("type", flat=True))
        context["by_code"] = "totp" in kept
        context["by_passkey"] = "webauthn" in kept and passkeys_work(self.request)
        context["options"] = json.dumps(
            context["js_data"]["request_options"] if context["by_passkey"] else {}
        )
        return context


class SecondFactors(IndexView):
    """What a person has for the second step, and what can be added."""

    template_name = "accounts/second_factor/page.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**more)
        kept = list(Authenticator.objects.filter(user=self.request.user).order_by("created_at"))
        context["app"] = next((each for each in kept if each.type == "totp"), None)
        context["passkeys"] = [each for each in kept if each.type == "webauthn"]
        codes = next((each for each in kept if each.type == "recovery_codes"), None)
        context["has_codes"] = codes is not None
        context["codes_left"] = len(codes.wrap().get_unused_codes()) if codes else 0
        context["passkeys_work"] = passkeys_work(self.request)
        context["is_owed"] = owes_second_factor(self.request.user)
        return context


class AddApp(RefusedFormMixin, ActivateTOTPView):
    """Setting up an app that shows codes: a square to photograph, and its first code."""

    template_name = "accounts/second_factor/add_app.html"
    form_class = AddAppForm

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**more)
        secret = context["form"].secret
        context["secret"] = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
        context["is_owed"] = owes_second_factor(self.request.user)
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        note(self.request.user, ADDED, "แอปยืนยันตัวตน")
        messages.success(self.request, "เปิดการยืนยันตัวตนด้วยแอปแล้ว")
        return answer


class RemoveApp(DeactivateTOTPView):
    """Asks once, then codes of the app are no longer asked for."""

    template_name = "accounts/second_factor/remove_app.html"

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        note(self.request.user, REMOVED, "แอปยืนยันตัวตน")
        messages.success(self.request, "ยกเลิกการยืนยันตัวตนด้วยแอปแล้ว")
        return answer


class RecoveryCodes(ViewRecoveryCodesView):
    """The codes that help when the telephone is lost, to print or to write down."""

    template_name = "accounts/second_factor/codes.html"


class RecoveryCodesFile(DownloadRecoveryCodesView):
    """The same codes as a text file."""

    template_name = "accounts/second_factor/codes.txt"
    content_type = "text/plain; charset=utf-8"


class NewRecoveryCodes(RefusedFormMixin, GenerateRecoveryCodesView):
    """Asks once, then makes new codes; the old ones are over."""

    template_name = "accounts/second_factor/new_codes.html"
    form_class = NewCodesForm

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        note(self.request.user, ADDED, "รหัสสำรองชุดใหม่")
        messages.success(self.request, "ออกรหัสสำรองชุดใหม่แล้ว รหัสชุดเดิมใช้ไม่ได้อีก")
        return answer


class OnlyWherePasskeysWork(FormMixin[Any]):
    """A 404 where a browser would not make a passkey."""

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        if not passkeys_work(request):
            raise NotFound("พาสคีย์ใช้ได้เมื่อเปิดเว็บด้วยชื่อโดเมนและ HTTPS เท่านั้น")
        answer: HttpResponseBase = super().dispatch(request, *args, **options)  # type: ignore[misc]
        return answer


class AddPasskey(OnlyWherePasskeysWork, RefusedFormMixin, AddWebAuthnView):
    """A passkey of the device or of a security key; only a browser with JavaScript can make one."""

    template_name = "accounts/second_factor/add_passkey.html"
    form_class = AddPasskeyForm

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        # allauth drops the form that was refused.
        context: dict[str, Any] = super().get_context_data(**more)
        return context | more | {"options": json.dumps(context["js_data"]["creation_options"])}

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        note(self.request.user, ADDED, f"พาสคีย์ {form.cleaned_data['name']}")
        messages.success(self.request, "เพิ่มพาสคีย์แล้ว")
        return answer


class RemovePasskey(RemoveWebAuthnView):
    """Asks once, then the passkey is no longer one."""

    template_name = "accounts/second_factor/remove_passkey.html"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        name = str(self.object)
        super().form_valid(form)
        note(self.request.user, REMOVED, f"พาสคีย์ {name}")
        messages.success(self.request, f"ลบพาสคีย์ {name} แล้ว")
        return redirect("mfa_index")
