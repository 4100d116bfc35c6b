"""Form fields for what people type: plain text, and days as an official writes them."""

from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator

from core.text import plain_text, with_unix_newlines
from core.thai_calendar import numeric_date, parse_date

TOO_LONG: Final = "ยาวเกินไป: ใส่ได้ไม่เกิน %(limit_value)s ตัวอักษร ขณะนี้มี %(show_value)s ตัวอักษร กรุณาตัดให้สั้นลง"


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

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attributes = super().widget_attrs(widget)
        if isinstance(widget, forms.Textarea):
            # A browser would cut what is pasted and say nothing; the form says that it is too long.
            attributes.pop("maxlength", None)
        return attributes

    def to_python(self, value: object) -> str | None:
        text = super().to_python(value)
        return with_unix_newlines(text) if text else text


class ThaiDateField(forms.CharField):
    """A day typed as an official types it (31/3/2566, ๓๑ มี.ค. ๒๕๖๖); cleans to a date, or None when empty."""

    def prepare_value(self, value: object) -> object:
        return numeric_date(value) if isinstance(value, date) else value

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_date(text)
        except ValueError as error:
            raise ValidationError("อ่านวันที่ไม่ได้ กรุณาพิมพ์เป็น วัน/เดือน/ปี พ.ศ. เช่น 31/3/2566") from error
