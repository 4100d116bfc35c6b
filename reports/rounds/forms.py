"""The forms of a round: a reason, and the OIT item that its report answers."""

from django import forms
from django.forms.models import model_to_dict

from core.fields import PlainText
from core.forms import ReadableForm
from reports.models import OitAnswer, Round


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
