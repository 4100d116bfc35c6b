"""The form with which many measures are changed at once."""

from typing import Any

from django import forms

from core.fields import PlainText, ThaiDateField
from core.forms import ReadableForm
from measures.bulk_update.services import BulkChange
from measures.progress.rules import FINISH_STEPS, KEEP_STEPS
from measures.status import SHORT_WORDS, Status


class BulkForm(ReadableForm, forms.Form):
    """A status, a day on which to be due, or both, for every chosen measure.

    Args:
        may_edit: whether the person may change when something is due, and the parts of every division.
    """

    # On the plan's list stand other forms too.
    prefix = "bulk"

    status = forms.ChoiceField(
        label="สถานะใหม่",
        required=False,
        choices=[("", "ไม่เปลี่ยน"), *((status, SHORT_WORDS[status]) for status in Status)],
    )
    status_reason = PlainText(
        label="เหตุผล", required=False, max_length=1_000, help_text="ใช้กับมาตรการที่ต้องมีเหตุผล"
    )
    open_steps = forms.ChoiceField(
        label="ขั้นตอนที่ยังไม่เสร็จ เมื่อเปลี่ยนเป็นแล้วเสร็จ",
        required=False,
        choices=[(KEEP_STEPS, "คงไว้ตามเดิม"), (FINISH_STEPS, "ทำเครื่องหมายว่าเสร็จทุกขั้นตอน")],
    )
    target = forms.ChoiceField(
        label="มาตรการที่รายงานแยกตามส่วนราชการ",
        required=False,
        choices=[("", "เปลี่ยนผลของทั้งมาตรการ"), ("parts", "เปลี่ยนส่วนของทุกส่วนราชการ")],
    )
    due_on = ThaiDateField(
        label="วันครบกำหนดใหม่", required=False, max_length=40, help_text="เช่น 30/9/2566 ข้อความในรายงานไม่เปลี่ยน"
    )

    def __init__(self, *args: Any, may_edit: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not may_edit:
            # Whoever may not edit the plan reports on the own part alone.
            del self.fields["due_on"], self.fields["target"]

    def clean(self) -> dict[str, Any]:
        """Something has to change."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("status") and not cleaned.get("due_on"):
            self.add_error("status", "กรุณาเลือกสถานะใหม่ หรือกรอกวันครบกำหนดใหม่")
        return cleaned

    @property
    def change(self) -> BulkChange:
        """The cleaned values."""
        data = self.cleaned_data
        return BulkChange(
            data["status"],
            data["status_reason"],
            data["open_steps"],
            data.get("due_on"),
            bool(data.get("target")),
        )
