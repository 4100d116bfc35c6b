"""What every form of the site shares: plain text only, and messages in Thai that say what to do."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator

from accounts.models import Agency
from accounts.rows import RowFormSet, row_formset
from accounts.text import plain_text, with_unix_newlines

TOO_LONG = "ยาวเกินไป: ใส่ได้ไม่เกิน %(limit_value)s ตัวอักษร ขณะนี้มี %(show_value)s ตัวอักษร กรุณาตัดให้สั้นลง"


class PlainText(forms.CharField):
    """A text field for what people type: LF line ends, no control characters, readable messages."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # plain_text refuses NUL together with all its kind, and says which character it was.
        self.validators = [v for v in self.validators if not isinstance(v, ProhibitNullCharactersValidator)]
        self.validators.append(plain_text)
        for validator in self.validators:
            if isinstance(validator, MaxLengthValidator):
                validator.message = TOO_LONG

    def to_python(self, value: object) -> str | None:
        text = super().to_python(value)
        return with_unix_newlines(text) if text else text


class ReadableForm(forms.BaseForm):
    """A mixin that marks fields with errors for screen readers and names the missing field in its message."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            field.error_messages.setdefault("required", "")
            field.error_messages["required"] = f"กรุณาใส่{field.label or name}"
            field.error_messages["invalid_choice"] = "ตัวเลือกนี้ไม่มีแล้ว กรุณาเลือกใหม่"

    @property
    def bound_forms(self) -> Sequence[forms.BaseForm]:
        """This form, for the summary of errors, which takes a list."""
        return [self]


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


class AgencyForm(ReadableForm, forms.ModelForm[Agency]):
    """What an agency decides about its reports and its screens."""

    class Meta:
        model = Agency
        fields: ClassVar = ["demands_evidence", "allows_own_approval", "thai_digits"]


class DivisionForm(ReadableForm, forms.Form):
    """One division; its place in the list is its place on every page."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = PlainText(label="ชื่อส่วนราชการหรือตำแหน่ง", required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        """An empty new row does not count; emptying a stored one is not how it is removed."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("id") and not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", "กรุณาใส่ชื่อ หรือกดลบถ้าไม่ใช้แล้ว")
        return cleaned


class DivisionRows(RowFormSet):
    """All divisions of an agency; no name twice."""

    def clean(self) -> None:
        """Mark the second of two equal names."""
        seen: set[str] = set()
        for form in self.forms:
            name = form.cleaned_data.get("name", "") if form.is_valid() else ""
            if name and name in seen:
                form.add_error("name", "มีชื่อนี้อยู่แล้วในรายการ กรุณาใช้ชื่ออื่นหรือลบแถวนี้")
            seen.add(name)


DivisionFormSet = row_formset(DivisionForm, DivisionRows)


class ListVersion(forms.Form):
    """Which state of a list a form was shown with."""

    version = forms.CharField(widget=forms.HiddenInput)
