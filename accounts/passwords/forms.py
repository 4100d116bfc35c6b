"""The forms in which a person chooses a password, and asks for a link to do so."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from accounts.models import User
from accounts.passwords.services import set_own_password
from core.forms import ReadableForm


class NewPasswordForm(ReadableForm, forms.Form):
    """A new password, twice."""

    password1 = forms.CharField(
        label="รหัสผ่านใหม่",
        strip=False,
        help_text="อย่างน้อย 12 ตัวอักษร ไม่ใช่ตัวเลขล้วน และไม่คล้ายชื่อผู้ใช้",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label="รหัสผ่านใหม่อีกครั้ง",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    detail = ""
    """How the password was set, for the log."""

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        self.user = user
        super().__init__(*args, **options)

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        validate_password(password, self.user)
        if self.user.check_password(password):
            raise forms.ValidationError("รหัสผ่านใหม่ต้องต่างจากรหัสผ่านเดิม")
        return password

    def clean_password2(self) -> str:
        again: str = self.cleaned_data["password2"]
        first = self.cleaned_data.get("password1")
        if first is not None and first != again:
            raise forms.ValidationError("รหัสผ่านใหม่ทั้งสองช่องไม่ตรงกัน")
        return again

    def save(self) -> User:
        """Store it; other sessions of the person are over then."""
        set_own_password(self.user, self.cleaned_data["password1"], self.detail)
        return self.user


class PasswordByLinkForm(NewPasswordForm):
    """A new password, by a link that was sent."""

    detail = "ตั้งใหม่ด้วยลิงก์"


class OwnPasswordForm(NewPasswordForm):
    """A new password of who knows the present one."""

    old_password = forms.CharField(
        label="รหัสผ่านปัจจุบัน",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    field_order = ("old_password", "password1", "password2")

    def clean_old_password(self) -> str:
        password: str = self.cleaned_data["old_password"]
        if not self.user.check_password(password):
            raise forms.ValidationError("รหัสผ่านปัจจุบันไม่ถูกต้อง กรุณาตรวจแล้วลองอีกครั้ง")
        return password


class ForgottenPasswordForm(ReadableForm, forms.Form):
    """The address to which links are to be sent."""

    email = forms.EmailField(
        label="อีเมล",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": "อีเมลไม่ถูกต้อง กรุณาตรวจแล้วลองอีกครั้ง"},
    )
