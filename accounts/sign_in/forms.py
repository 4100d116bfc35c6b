"""The forms with which people sign in: one for the site, one for the administrator's own pages."""

from typing import ClassVar

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm

from core.forms import ReadableForm


class SignInForm(ReadableForm, AuthenticationForm):
    """Name and password; the same answer whether the name or the password was wrong."""

    error_messages: ClassVar[dict[str, str]] = {  # type: ignore[misc, assignment]
        "invalid_login": "ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง กรุณาตรวจแล้วลองอีกครั้ง",
        "inactive": "บัญชีนี้ถูกระงับ กรุณาติดต่อผู้ดูแลระบบ",
    }

    # Longer than any name: the list of refused sign-ins could not hold it, which PostgreSQL does not forgive.
    username = forms.CharField(
        label="ชื่อผู้ใช้",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
        error_messages={"max_length": "ชื่อผู้ใช้ยาวเกินไป กรุณาตรวจแล้วลองอีกครั้ง"},
    )
    password = forms.CharField(
        label="รหัสผ่าน",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class AdminSignInForm(SignInForm, AdminAuthenticationForm):
    """The same at the administrator's door, which lets only its own people in."""
