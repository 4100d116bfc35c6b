"""The form with which a fiscal year is opened."""

from typing import Any

from django import forms

from core.fields import PlainText
from core.forms import ReadableForm
from core.text import number_in


class NewYearForm(ReadableForm, forms.Form):
    """The fiscal year for which a plan is to be opened; Thai digits are as good as Arabic ones.

    Args:
        taken: the years that have a plan already.
    """

    year = PlainText(label="ปีงบประมาณ พ.ศ.", max_length=10)
    source = forms.TypedChoiceField(
        label="มาตรการ",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="คัดลอกชื่อ ขั้นตอน ผู้รับผิดชอบ และกำหนด เลื่อนไปหนึ่งปี ไม่คัดลอกสถานะ ผล และหลักฐาน",
    )

    def __init__(self, *args: Any, taken: set[int], **options: Any) -> None:
        super().__init__(*args, **options)
        self.taken = taken
        self.fields["source"].choices = [  # type: ignore[attr-defined]
            ("", "เริ่มจากแผนว่าง"),
            *((year, f"คัดลอกจากปีงบประมาณ {year}") for year in sorted(taken, reverse=True)),
        ]

    def clean_year(self) -> int:
        """The year as a number."""
        year = number_in(self.cleaned_data["year"])
        if year is None or not 2500 <= year <= 2700:
            raise forms.ValidationError("กรุณากรอกปี พ.ศ. สี่หลัก เช่น 2567")
        if year in self.taken:
            raise forms.ValidationError(f"มีแผนของปีงบประมาณ พ.ศ. {year} อยู่แล้ว")
        return year

    def clean(self) -> dict[str, Any]:
        """What is copied comes from an earlier year."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("source") and cleaned.get("year") and cleaned["source"] >= cleaned["year"]:
            self.add_error("source", "คัดลอกได้จากปีก่อนหน้าเท่านั้น")
        return cleaned
