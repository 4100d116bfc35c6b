"""The forms of the second factor: a code, a passkey's answer, the password once more."""

from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm
from django import forms

from core.fields import PlainText
from core.forms import ReadableForm

# What a library raises for an answer that is no answer of a passkey.
NO_ANSWER = (AttributeError, KeyError, LookupError, TypeError, ValueError)


def code_field(label: str, length: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=length,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"max_length": "รหัสยาวเกินไป กรุณาตรวจแล้วลองอีกครั้ง"},
    )


class SecondStepForm(ReadableForm, AuthenticateForm):
    """The code that a sign-in asks for after the password."""

    code = code_field("รหัสจากแอป หรือรหัสสำรอง", 20)


class AddAppForm(ReadableForm, ActivateTOTPForm):
    """The first code of an app that was just set up."""

    code = code_field("รหัส 6 หลักที่แอปแสดง", 20)


class ConfirmPasswordForm(ReadableForm, ReauthenticateForm):
    """The password once more, before something that matters."""

    password = forms.CharField(
        label="รหัสผ่าน",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class AddPasskeyForm(ReadableForm, AddWebAuthnForm):
    """A passkey that the browser has made, and its name."""

    name = PlainText(label="ชื่อพาสคีย์", max_length=60, help_text="เช่น โทรศัพท์ของฉัน")

    def clean(self) -> dict[str, Any]:
        try:
            return dict(super().clean() or {})
        except NO_ANSWER as error:
            raise forms.ValidationError("เพิ่มพาสคีย์ไม่สำเร็จ กรุณาลองใหม่") from error


class NewCodesForm(ReadableForm, GenerateRecoveryCodesForm):
    """Nothing to fill in; refused where there is no other second factor."""


class SecondStepPasskeyForm(ReadableForm, AuthenticateWebAuthnForm):
    """A passkey's answer in the place of a code."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()
        except NO_ANSWER as error:
            raise forms.ValidationError("ใช้พาสคีย์ไม่สำเร็จ กรุณาลองใหม่ หรือใช้รหัสแทน") from error
