"""Form fields that the pages of measures share."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from measures.thai import numeric_date, parse_date


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
