"""The form in which a person keeps their own name, post and e-mail."""

from typing import ClassVar

from django import forms

from accounts.models import User
from core.fields import PlainText
from core.forms import ReadableForm


class OwnAccountForm(ReadableForm, forms.ModelForm[User]):
    """What everybody may change of themselves; roles and divisions are the officer's."""

    full_name = PlainText(
        label="ชื่อ-นามสกุล", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    post = PlainText(label="ตำแหน่ง", max_length=150, required=False)
    email = forms.EmailField(
        label="อีเมล",
        max_length=254,
        required=False,
        help_text="ใช้รับลิงก์ตั้งรหัสผ่านและการเตือน ใช้อีเมลกลางของหน่วยงานร่วมกันได้",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": "อีเมลไม่ถูกต้อง กรุณาตรวจแล้วลองอีกครั้ง"},
    )

    class Meta:
        model = User
        fields: ClassVar = ["full_name", "post", "email", "wants_reminders"]
