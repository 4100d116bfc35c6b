"""The officer's form for one measure of the plan: what is promised, by whom, by when, in which steps."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.http import QueryDict

from accounts.models import Division
from core.fields import PlainText, ThaiDateField
from core.forms import ReadableForm
from core.locking import Difference
from core.row_arranging import Row, is_blank
from core.row_formset import RowFormSet, row_formset
from core.text import number_in
from core.thai_calendar import numeric_date
from measures.models import STEP_TEXT, Indicator, Measure, Plan
from measures.numbered_lists import steps_in
from measures.outline.services import Outline, OutlineStep
from measures.steps import numbered

ONE_LINE = forms.Textarea(attrs={"rows": 2})


class OutlineForm(ReadableForm, forms.Form):
    """The fields of a measure that belong to the plan."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    indicator = forms.ModelChoiceField(
        label="ตัวชี้วัด", queryset=Indicator.objects.all(), empty_label="เลือกตัวชี้วัด"
    )
    title = PlainText(label="ชื่อมาตรการ", max_length=500, widget=ONE_LINE)
    due_text = PlainText(
        label="กำหนดแล้วเสร็จตามเอกสาร",
        required=False,
        max_length=200,
        help_text="ข้อความนี้พิมพ์ในรายงาน เช่น ตลอดปีงบประมาณ พ.ศ. ๒๕๖๖",
    )
    due_on = ThaiDateField(
        label="วันครบกำหนด",
        required=False,
        max_length=40,
        help_text="วัน/เดือน/ปี พ.ศ. เช่น 31/3/2566 ระบบใช้วันนี้เตือนเมื่อล่าช้า",
    )
    first_step = forms.IntegerField(
        label="เลขของขั้นตอนแรก",
        min_value=1,
        max_value=99,
        help_text="ปกติเริ่มที่ 1 หากนับต่อจากมาตรการก่อนหน้า ให้กรอกเลขที่ต้องการ",
        error_messages={
            "invalid": "กรุณากรอกเลขจำนวนเต็ม",
            "min_value": "กรุณากรอกเลข 1 ถึง 99",
            "max_value": "กรุณากรอกเลข 1 ถึง 99",
        },
    )
    by_division = forms.BooleanField(
        label="แต่ละส่วนราชการรายงานส่วนของตน",
        required=False,
        help_text=(
            "เมื่อมีผู้รับผิดชอบหลายส่วนราชการ แต่ละแห่งมีสถานะ ผล และขั้นตอนของตนเอง แล้วเจ้าหน้าที่ ITA รวมเป็นผลของมาตรการ"
            " หากไม่เลือก ทุกแห่งรายงานร่วมกันในช่องเดียว เปลี่ยนภายหลังได้ สิ่งที่รายงานไว้แล้วไม่หาย"
        ),
    )


class PartyForm(ReadableForm, forms.Form):
    """One responsible division; its place in the list is its place in the report."""

    division = forms.TypedChoiceField(label="ผู้รับผิดชอบ", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, divisions: Sequence[Division], **options: Any) -> None:
        super().__init__(*args, **options)
        self.choices = [(division.pk, division.name) for division in divisions]
        offered = [("", "เลือกผู้รับผิดชอบ"), *self.choices]
        self.fields["division"].choices = offered  # type: ignore[attr-defined]

    @property
    def chosen(self) -> str:
        """The name of the division that is chosen."""
        names = {str(value): str(label) for value, label in self.choices}
        return names.get(str(self["division"].value()), "")


class StepForm(ReadableForm, forms.Form):
    """One step: its text and its level; id is empty for a new one."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    level = forms.TypedChoiceField(
        choices=[("1", "1"), ("2", "2")], coerce=int, required=False, widget=forms.HiddenInput
    )
    text = PlainText(
        label="ขั้นตอน",
        required=False,
        max_length=STEP_TEXT,
        widget=ONE_LINE,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("id") and not cleaned.get("text") and "text" not in self.errors:
            self.add_error("text", "กรุณากรอกข้อความของขั้นตอน หรือกด “ลบ” หากไม่ใช้แล้ว")
        return cleaned


class StepRows(RowFormSet):
    """The steps of a measure, on two levels."""

    has_levels = True


PartyFormSet = row_formset(PartyForm, RowFormSet)
StepFormSet = row_formset(StepForm, StepRows)


class OutlineForms:
    """The form of a measure with its two lists, treated as one.

    Args:
        plan: its agency's divisions are the choices.
        measure: as stored, or None for a new one.
        indicator: the number of the one that is chosen already in the form of a new measure.
    """

    def __init__(
        self,
        plan: Plan,
        measure: Measure | None,
        data: QueryDict | None = None,
        *,
        indicator: int | None = None,
    ) -> None:
        self.measure = measure
        self.divisions = list(plan.agency.divisions.order_by("position", "id"))
        choices = {"divisions": self.divisions}
        if data is None:
            self.main = OutlineForm(initial=_initial(measure, indicator))
            self.parties = PartyFormSet(
                prefix="parties", initial=_party_rows(measure, len(self.divisions)), form_kwargs=choices
            )
            self.steps = StepFormSet(prefix="steps", initial=_step_rows(measure))
        else:
            self.main = OutlineForm(data)
            self.parties = PartyFormSet(data, prefix="parties", form_kwargs=choices)
            self.steps = StepFormSet(data, prefix="steps")
        self.steps.first_number = number_in(str(self.main["first_step"].value() or ""), 2) or 1

    def arrange(self, name: str, action: str, index: int) -> None:
        """Carry out one step of arranging on the list of that name; every typed value stays as it was typed.

        All forms become unbound: what is still missing is not an error before the person saves.
        """
        self.main = OutlineForm(initial={field: self.main[field].value() for field in self.main.fields})
        self.parties = self.parties.arranged(action if name == "parties" else "", index)
        self.steps = self.steps.arranged(action if name == "steps" else "", index, steps_in)

    def is_valid(self) -> bool:
        # All three, always: a person mends everything in one go.
        valid = [self.main.is_valid(), self.parties.is_valid(), self.steps.is_valid()]
        if self.parties.is_valid():
            valid.append(self._parties_differ())
        return all(valid)

    def _parties_differ(self) -> bool:
        seen: set[int] = set()
        for form in self.parties.kept_forms:
            division = form.cleaned_data.get("division")
            if division in seen:
                form.add_error("division", "เลือกผู้รับผิดชอบนี้ไว้แล้ว กรุณาเลือกรายอื่นหรือลบแถวนี้")
                return False
            if division:
                seen.add(division)
        return True

    @property
    def wrong(self) -> bool:
        """Whether anything has to be mended before it can be stored."""
        wrong_rows = any(rows.is_bound and rows.non_form_errors() for rows in self.lists)
        return wrong_rows or any(form.is_bound and form.errors for form in self.bound_forms)

    @property
    def lists(self) -> Sequence[RowFormSet]:
        """Both lists of rows, for what is wrong with one as a whole."""
        return [self.parties, self.steps]

    @property
    def bound_forms(self) -> Sequence[forms.Form]:
        """Every form, for the summary of errors at the top of the page."""
        return [self.main, *self.parties.kept_forms, *self.steps.kept_forms]

    @property
    def outline(self) -> Outline:
        """The cleaned values, ready to be stored."""
        data = self.main.cleaned_data
        return Outline(
            indicator=data["indicator"],
            title=data["title"],
            due_text=data["due_text"],
            due_on=data["due_on"],
            first_step=data["first_step"],
            division_ids=tuple(row["division"] for row in self.parties.filled),
            steps=tuple(OutlineStep(row["id"], row["text"], row["level"] or 1) for row in self.steps.filled),
            by_division=data["by_division"],
        )

    def differences_from(self, stored: Measure) -> Sequence[Difference]:
        """Where the typed values differ from the stored ones, as people read them."""
        names = {division.pk: division.name for division in self.divisions}
        typed, outline = self.main.cleaned_data, self.outline
        pairs = [
            ("ตัวชี้วัด", str(stored.indicator), str(typed["indicator"])),
            ("ชื่อมาตรการ", stored.title, outline.title),
            ("กำหนดแล้วเสร็จ", stored.due_text, outline.due_text),
            ("วันครบกำหนด", _day(stored.due_on), _day(outline.due_on)),
            ("เลขของขั้นตอนแรก", str(stored.first_step), str(outline.first_step)),
            (
                "ผู้รับผิดชอบ",
                "\n".join(party.name for party in stored.parties),
                "\n".join(names[pk] for pk in outline.division_ids),
            ),
            ("การรายงาน", _way(stored.by_division), _way(outline.by_division)),
            (
                "ขั้นตอน",
                "\n".join(_indented(row) for row in _step_rows(stored)),
                "\n".join(_indented(row) for row in self.steps.filled),
            ),
        ]
        return [Difference(label, theirs, mine) for label, theirs, mine in pairs if theirs != mine]

    def rebase(self, stored: Measure) -> None:
        """Let the next save overwrite what is stored now: its person has seen both values."""
        data = cast(QueryDict, self.main.data).copy()
        data["version"] = str(stored.outline_version)
        self.main.data = data
        kept = {step.pk for step in stored.steps.all()}
        # A step that somebody else removed comes back as a new one.
        rows = [
            {**row, "id": row["id"] if number_in(str(row["id"]), 18) in kept else None}
            for row in self.steps.rows
            if not is_blank(row)
        ]
        self.steps = StepFormSet(initial=rows, prefix="steps", first_number=self.steps.first_number)


def _initial(measure: Measure | None, indicator: int | None) -> dict[str, Any]:
    if measure is None:
        chosen = Indicator.objects.filter(number=indicator).first() if indicator else None
        return {"version": 0, "indicator": chosen, "first_step": 1, "by_division": True}
    return {
        "version": measure.outline_version,
        "indicator": measure.indicator,
        "title": measure.title,
        "due_text": measure.due_text,
        "due_on": measure.due_on,
        "first_step": measure.first_step,
        "by_division": measure.by_division,
    }


def _party_rows(measure: Measure | None, divisions: int) -> list[Row]:
    if measure is None:
        # Most measures belong to several divisions.
        return [{} for _ in range(min(divisions, 2))]
    return [{"division": party.pk} for party in measure.parties]


def _step_rows(measure: Measure | None) -> list[Row]:
    if measure is None:
        return [{"level": 1}, {"level": 1}, {"level": 1}]
    return [
        {"id": row.step.pk, "level": row.level, "text": row.step.text}
        for row in numbered(measure.steps.all(), measure.first_step)
    ]


def _indented(row: Row) -> str:
    return f"{'    ' if row['level'] == 2 else ''}{row['text']}"


def _way(by_division: bool) -> str:
    return "แยกตามส่วนราชการ" if by_division else "รายงานร่วมกัน"


def _day(value: date | None) -> str:
    return numeric_date(value) if value else ""
