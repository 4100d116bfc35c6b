"""Forms of the reports room."""

from typing import Any

from django import forms
from django.forms.models import model_to_dict

from accounts.characters import number_in
from accounts.forms import PlainText, ReadableForm
from reports.models import OitAnswer, Round


class NewYearForm(ReadableForm, forms.Form):
    """The fiscal year for which a plan is to be opened; Thai digits are as good as Arabic ones.

    Args:
        taken: the years that have a plan already.
    """

    year = PlainText(label="ปีงบประมาณ พ.ศ.", max_length=10, help_text="เช่น 2567")
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
            raise forms.ValidationError("กรุณาใส่ปี พ.ศ. สี่หลัก เช่น 2567")
        if year in self.taken:
            raise forms.ValidationError(f"มีแผนของปีงบประมาณ พ.ศ. {year} อยู่แล้ว")
        return year

    def clean(self) -> dict[str, Any]:
        """What is copied comes from an earlier year."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("source") and cleaned.get("year") and cleaned["source"] >= cleaned["year"]:
            self.add_error("source", "คัดลอกได้จากปีก่อนหน้าเท่านั้น")
        return cleaned


class ReasonForm(ReadableForm, forms.Form):
    """Why a report is returned, or an approved one is to be corrected."""

    reason = PlainText(label="เหตุผล", max_length=1_000, widget=forms.Textarea(attrs={"rows": 3}))


class OitForm(ReadableForm, forms.Form):
    """Which item of the nation's OIT checklist a round's report answers."""

    prefix = "oit"

    item = PlainText(label="ข้อ OIT", max_length=10, help_text="เลขข้อตามคู่มือของปีนั้น")
    title = PlainText(label="ชื่อข้อ", max_length=300)
    explanation = PlainText(
        label="คำอธิบาย",
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="บอกผู้ตรวจว่าดูอะไรที่ใดในรายงาน",
    )

    @classmethod
    def of(cls, reporting_round: Round) -> "OitForm":
        """The form with what is stored; else with what the agency answered for the same round before."""
        answer = (
            OitAnswer.objects.filter(
                round__plan__agency=reporting_round.plan.agency_id,
                round__months=reporting_round.months,
                round__plan__fiscal_year__lte=reporting_round.plan.fiscal_year,
            )
            .order_by("-round__plan__fiscal_year")
            .first()
        )
        return cls(initial=model_to_dict(answer) if answer else None)
