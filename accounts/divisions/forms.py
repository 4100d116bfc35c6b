"""The form with an agency's divisions, one row for each."""

from typing import Any

from django import forms

from core.fields import PlainText
from core.forms import ReadableForm
from core.row_formset import RowFormSet, row_formset


class DivisionForm(ReadableForm, forms.Form):
    """One division; its place in the list is its place on every page."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = PlainText(label="ชื่อส่วนราชการหรือตำแหน่ง", required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        """An empty new row does not count; emptying a stored one is not how it is removed."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("id") and not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", "กรุณากรอกชื่อ หรือกด “ลบ” หากไม่ใช้แล้ว")
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
