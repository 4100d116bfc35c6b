"""The forms with which a plan is taken in: a file or a text, another year, one measure to be mended."""

import re
from collections.abc import Sequence
from typing import Any, Final

from django import forms

from core.fields import PlainText, ThaiDateField
from core.forms import ReadableForm
from measures.evidence.files import MAX_BYTES
from measures.list_labels import without_label
from measures.models import Indicator, Plan
from measures.plan_import.copied import ADD, REPLACE
from measures.plan_import.parsing import ImportedMeasure, YearQuestion
from measures.plan_import.tables.html import is_html
from measures.status import Status

SECOND_LEVEL: Final = re.compile(r"\s*[(]?[0-9๐-๙]{1,2}\s*\.\s*[0-9๐-๙]{1,2}")


class ImportForm(ReadableForm, forms.Form):
    """What to take in, and for which plan.

    Args:
        plans: those that may be edited.
        sources: those that can be copied into a plan without measures.
    """

    year = forms.TypedChoiceField(label="นำเข้าสู่แผนปีงบประมาณ พ.ศ.", coerce=int)
    file = forms.FileField(
        label="จากไฟล์",
        required=False,
        help_text="Word (.docx) Excel (.xlsx) หน้าเว็บ (.html) หรือ CSV ไม่เกิน 20 MB",
        error_messages={"empty": "ไฟล์นี้ว่าง กรุณาเลือกไฟล์อื่น"},
    )
    text = forms.CharField(
        label="วางตาราง",
        required=False,
        max_length=2_000_000,
        widget=forms.Textarea(attrs={"rows": 6, "data-paste-table": ""}),
        help_text="คัดลอกทั้งตารางจาก Word Excel หรือหน้าเว็บ แล้ววางในช่องนี้",
    )
    # The table that was pasted, as HTML: of what is in text, where the browser's script could read it.
    table = forms.CharField(
        required=False,
        max_length=2_000_000,
        widget=forms.HiddenInput(attrs={"data-pasted-table": ""}),
        error_messages={"max_length": "ตารางที่วางใหญ่เกินไป กรุณาคัดเฉพาะตารางมาตรการ หรือนำเข้าเป็นไฟล์"},
    )
    source = forms.TypedChoiceField(
        label="คัดลอกจากปีก่อน",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="คัดลอกชื่อ ขั้นตอน ผู้รับผิดชอบ และกำหนด เลื่อนไปตามปี ไม่คัดลอกสถานะ ผล และหลักฐาน",
    )

    def __init__(self, *args: Any, plans: Sequence[Plan], sources: Sequence[Plan], **options: Any) -> None:
        super().__init__(*args, **options)
        years = [(plan.fiscal_year, str(plan.fiscal_year)) for plan in plans]
        self.fields["year"].choices = years  # type: ignore[attr-defined]
        self.fields["source"].choices = [  # type: ignore[attr-defined]
            ("", "เลือกปี"),
            *((plan.fiscal_year, f"ปีงบประมาณ {plan.fiscal_year}") for plan in sources),
        ]
        self.has_sources = bool(sources)

    def clean(self) -> dict[str, Any]:
        """One of the three."""
        cleaned = super().clean() or self.cleaned_data
        file, text, source = cleaned.get("file"), cleaned.get("text"), cleaned.get("source")
        if file and file.size > MAX_BYTES:
            self.add_error("file", "ไฟล์ใหญ่เกิน 20 MB กรุณาลบภาพออกจากไฟล์ หรือคัดลอกเฉพาะตารางมาวาง")
        if not file and not text and not source and not self.errors:
            self.add_error("file", "กรุณาเลือกไฟล์ วางตาราง หรือเลือกปีที่จะคัดลอกอย่างใดอย่างหนึ่ง")
        if source and (file or text):
            self.add_error("source", "กรุณาเลือกวิธีเดียว: นำเข้าจากไฟล์หรือตาราง หรือคัดลอกจากปีก่อน")
        elif source and source >= cleaned.get("year", 0):
            self.add_error("source", "คัดลอกได้จากปีก่อนหน้าเท่านั้น")
        return cleaned

    @property
    def pasted(self) -> str:
        """What was pasted: the table itself where it came along, or its text."""
        text, table = self.cleaned_data["text"], self.cleaned_data["table"]
        return str(table if text and is_html(table) else text)


class YearForm(ReadableForm, forms.Form):
    """What becomes of the days of an original that is of another fiscal year; each answer is a button."""

    years = forms.TypedChoiceField(label="วันในเอกสาร", coerce=int)

    def __init__(self, *args: Any, question: YearQuestion, **options: Any) -> None:
        super().__init__(*args, **options)
        found, plan, years = question.found, question.plan, question.years
        moved = f"เลื่อนไป {years} ปี" if years > 0 else f"ย้อนกลับ {-years} ปี"
        self.answers = (
            (years, f"{moved} เป็นปี {plan}"),
            (0, f"คงวันเดิมปี {found}"),
        )
        self.fields["years"].choices = self.answers  # type: ignore[attr-defined]


class CopiedForm(ReadableForm, forms.Form):
    """What becomes of the measures that were copied from an earlier year."""

    copied = forms.ChoiceField(
        label="มาตรการที่คัดลอกมา",
        widget=forms.RadioSelect,
        choices=[(ADD, "คงไว้ แล้วเพิ่มมาตรการจากต้นฉบับต่อท้าย"), (REPLACE, "นำออก แล้วใช้มาตรการจากต้นฉบับแทน")],
    )


class MendForm(ReadableForm, forms.Form):
    """One measure of an import, before it is stored; steps and parties one a line."""

    indicator = forms.ModelChoiceField(
        Indicator.objects.order_by("number"), label="ตัวชี้วัด", to_field_name="number", empty_label="เลือกตัวชี้วัด"
    )
    title = PlainText(label="ชื่อมาตรการ", max_length=500)
    steps = PlainText(
        label="ขั้นตอน",
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="บรรทัดละขั้นตอน ขึ้นต้นด้วยเลข เช่น 1. และ 1.1 สำหรับขั้นตอนย่อย",
    )
    parties = PlainText(
        label="ผู้รับผิดชอบ",
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="บรรทัดละหนึ่งชื่อ",
    )
    due_text = PlainText(label="กำหนดแล้วเสร็จตามเอกสาร", required=False, max_length=200)
    due_on = ThaiDateField(label="วันครบกำหนด", required=False, max_length=40, help_text="เช่น 31/3/2566")
    status = forms.ChoiceField(label="สถานะ", required=False, choices=[("", "ไม่ระบุ"), *Status.choices])
    result = PlainText(
        label="ผลการดำเนินงาน", required=False, max_length=5_000, widget=forms.Textarea(attrs={"rows": 4})
    )

    @classmethod
    def initial_of(cls, measure: ImportedMeasure) -> dict[str, Any]:
        """The values of a measure as the form shows them."""
        return {
            "indicator": measure.indicator,
            "title": measure.title,
            "steps": "\n".join(_numbered(measure)),
            "parties": "\n".join(party.name for party in measure.parties),
            "due_text": measure.due_text,
            "due_on": measure.due_on,
            "status": measure.status or "",
            "result": measure.result,
        }

    def clean_steps(self) -> list[tuple[int, str]]:
        """Level and text of each step."""
        lines = [line.strip() for line in self.cleaned_data["steps"].split("\n") if line.strip()]
        steps: list[tuple[int, str]] = []
        for line in lines:
            level = 2 if steps and SECOND_LEVEL.match(line) else 1
            text = without_label(line)
            if len(text) > 2_000:
                raise forms.ValidationError("ขั้นตอนหนึ่งยาวเกิน 2,000 ตัวอักษร กรุณาแยกบรรทัด")
            steps.append((level, text))
        if len(steps) > 200:
            raise forms.ValidationError("มาตรการหนึ่งมีได้ไม่เกิน 200 ขั้นตอน")
        return steps

    def clean_parties(self) -> list[str]:
        """The names, each once."""
        names = (line.strip() for line in self.cleaned_data["parties"].split("\n"))
        found = list(dict.fromkeys(without_label(name) for name in names if name))
        if any(len(name) > 200 for name in found):
            raise forms.ValidationError("ชื่อผู้รับผิดชอบยาวเกิน 200 ตัวอักษร กรุณาใส่บรรทัดละหนึ่งชื่อ")
        return found

    @property
    def values(self) -> dict[str, Any]:
        """What PlanImport.edits keeps."""
        due_on = self.cleaned_data["due_on"]
        return {
            **self.cleaned_data,
            "indicator": self.cleaned_data["indicator"].number,
            "due_on": due_on.isoformat() if due_on else "",
        }


def _numbered(measure: ImportedMeasure) -> list[str]:
    lines: list[str] = []
    first, second = measure.first_step - 1, 0
    for step in measure.steps:
        if step.level == 1 or not lines:
            first, second = first + 1, 0
            lines.append(f"{first}. {step.text}")
        else:
            second += 1
            lines.append(f"{first}.{second} {step.text}")
    return lines
