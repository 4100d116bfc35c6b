"""Forms of the reports room."""

from typing import Any

from django import forms

from accounts.forms import PlainText, ReadableForm
from measures.thai import arabic_digits


class NewYearForm(ReadableForm, forms.Form):
    """The fiscal year for which a plan is to be opened; Thai digits are as good as Arabic ones.

    Args:
        taken: the years that have a plan already.
    """

    year = PlainText(label="ปีงบประมาณ พ.ศ.", max_length=10, help_text="เช่น 2567")

    def __init__(self, *args: Any, taken: set[int], **options: Any) -> None:
        super().__init__(*args, **options)
        self.taken = taken

    def clean_year(self) -> int:
        """The year as a number."""
        text = arabic_digits(self.cleaned_data["year"])
        if not text.isdecimal() or not 2500 <= int(text) <= 2700:
            raise forms.ValidationError("กรุณาใส่ปี พ.ศ. สี่หลัก เช่น 2567")
        if int(text) in self.taken:
            raise forms.ValidationError(f"มีแผนของปีงบประมาณ พ.ศ. {text} อยู่แล้ว")
        return int(text)
