"""The form in which a person reports on a measure."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.http import QueryDict

from core.fields import PlainText
from core.forms import ReadableForm
from core.locking import Difference
from measures.models import Report
from measures.progress.rules import (
    FINISH_STEPS,
    KEEP_STEPS,
    LABELS,
    MAX_LENGTHS,
    STORED_FIELDS,
    broken_rules,
    open_steps_of,
    reasons_asked,
)
from measures.progress.services import Progress
from measures.status import SHORT_WORDS, Status


class ProgressForm(ReadableForm, forms.Form):
    """Status, reason, result and obstacle of a measure or of a division's part, with the version shown.

    Not a ModelForm: those write into the measure while they validate, and the page around a refused form
    has to show what is stored.

    Args:
        report: as stored; its values are the initial ones.
        today: the day against which "late" is judged.
        proposed: other initial values than the stored ones.
        chosen: a status that the person has chosen but not saved; empty for the stored one.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)
    status = forms.ChoiceField(label=LABELS["status"], choices=Status.choices, widget=forms.RadioSelect)
    status_reason = PlainText(
        label=LABELS["status_reason"],
        required=False,
        max_length=MAX_LENGTHS["status_reason"],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="สั้นๆ ว่าติดขัดเรื่องใด ข้อความนี้อยู่ในรายงานด้วย",
    )
    result = PlainText(
        label=LABELS["result"],
        required=False,
        max_length=MAX_LENGTHS["result"],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="ทำอะไรไปแล้ว ได้ผลอย่างไร สองสามบรรทัดก็พอ",
    )
    obstacle = PlainText(
        label=LABELS["obstacle"],
        required=False,
        max_length=MAX_LENGTHS["obstacle"],
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    open_steps = forms.ChoiceField(
        label="ขั้นตอนที่ยังไม่ได้ทำเครื่องหมาย",
        required=False,
        choices=[
            (FINISH_STEPS, "ทำเครื่องหมายว่าเสร็จทุกขั้นตอน"),
            (KEEP_STEPS, "คงไว้ตามเดิม"),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        report: Report,
        today: date,
        proposed: Progress | None = None,
        chosen: str = "",
        auto_id: str = "id_%s",
    ) -> None:
        initial = {name: getattr(proposed or report, name) for name in STORED_FIELDS}
        initial["version"] = report.version
        if chosen in Status.values:
            initial["status"] = chosen
        super().__init__(data, initial=initial, auto_id=auto_id)
        self.measure = report.about
        self.today = today
        self.open_step_count = open_steps_of(report)

    @property
    def asks_about_steps(self) -> bool:
        """Whether to show the question about open steps: once "done" has been chosen with some open."""
        return "open_steps" in self.errors or bool(self.data.get("open_steps"))

    @property
    def reason_statuses(self) -> Sequence[str]:
        """The statuses that need a reason, for the script that shows its field when one of them is chosen."""
        return list(reasons_asked(self.measure, self.today))

    @property
    def needs_reason(self) -> bool:
        """Whether the status that stands in the form needs a reason."""
        return self["status"].value() in self.reason_statuses

    @property
    def shows_reason(self) -> bool:
        """Whether to show the field of the reason: where one is needed, and where one was written."""
        return self.needs_reason or bool(self["status_reason"].value()) or "status_reason" in self.errors

    def clean(self) -> dict[str, Any]:
        """The rules that look at more than one field."""
        cleaned = super().clean() or self.cleaned_data
        status = cleaned.get("status", "")
        problems = broken_rules(
            self.measure,
            status,
            cleaned.get("status_reason", ""),
            self.open_step_count,
            cleaned.get("open_steps", ""),
            self.today,
        )
        for name, problem in problems.items():
            if name not in self.errors:
                self.add_error(name, problem)
        return cleaned

    @property
    def progress(self) -> Progress:
        """The cleaned values, ready to be stored."""
        return Progress(**{name: self.cleaned_data[name] for name in STORED_FIELDS})

    @property
    def finish_steps_on(self) -> date | None:
        """Today where the open steps are to be marked done, else None."""
        data = self.cleaned_data
        finish = data["status"] == Status.DONE and data["open_steps"] == FINISH_STEPS
        return self.today if finish else None

    def differences_from(self, stored: Report) -> Sequence[Difference]:
        """Where the typed values differ from the stored ones, as people read them."""
        pairs = ((name, getattr(stored, name), self.cleaned_data[name]) for name in STORED_FIELDS)
        return [
            Difference(str(self.fields[name].label), _readable(name, theirs), _readable(name, mine))
            for name, theirs, mine in pairs
            if theirs != mine
        ]

    def rebase(self, stored: Report) -> None:
        """Let the next save of this form overwrite what is stored now: its person has seen both values."""
        data = cast(QueryDict, self.data).copy()
        data["version"] = str(stored.version)
        self.data = data


def _readable(name: str, value: str) -> str:
    return SHORT_WORDS[value] if name == "status" else value
