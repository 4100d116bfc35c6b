"""The form with which people sign in."""

from typing import Any

from allauth.account.forms import LoginForm
from django import forms

from core.forms import ReadableForm


class SignInForm(ReadableForm, LoginForm):
    """Name and password; the same answer whether the name or the password was wrong."""

    # Longer than any name.
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

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["login"]
        self.order_fields(["username", "password"])

    def clean(self) -> dict[str, Any] | None:
        """Look at the password; allauth calls the name login."""
        self.cleaned_data["login"] = self.cleaned_data.get("username", "")
        cleaned: dict[str, Any] | None = super().clean()
        return cleaned
