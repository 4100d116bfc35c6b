"""The filters of the plan list, read from the address."""

from typing import Any, Final

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from measures.models import Measure, MeasureQuerySet, Plan, Step
from measures.status import Status

LATE: Final = "late"
OUTSTANDING: Final = "outstanding"


class MeasureFilter(forms.Form):
    """Which measures of a plan to list. What the address says wrongly is ignored, never an error page.

    Args:
        plan: its divisions and the indicators it uses are the choices.
    """

    status = forms.ChoiceField(
        label="สถานะ",
        required=False,
        choices=[
            ("", "ทุกสถานะ"),
            (OUTSTANDING, "ยังไม่เสร็จ"),
            (LATE, "ล่าช้า"),
            *Status.choices,
        ],
    )
    indicator = forms.TypedChoiceField(label="ตัวชี้วัด", required=False, coerce=int, empty_value=None)
    division = forms.TypedChoiceField(label="ผู้รับผิดชอบ", required=False, coerce=int, empty_value=None)
    text = forms.CharField(
        label="ค้นหา",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "คำในมาตรการหรือขั้นตอน"}),
    )

    def __init__(self, *args: Any, plan: Plan, **options: Any) -> None:
        super().__init__(*args, **options)
        indicators = (
            Measure.objects.filter(plan=plan)
            .order_by("indicator__number")
            .values_list("indicator__number", "indicator__name")
            .distinct()
        )
        self.fields["indicator"].choices = [  # type: ignore[attr-defined]
            ("", "ทุกตัวชี้วัด"),
            *((number, f"{number}. {name}") for number, name in indicators),
        ]
        self.fields["division"].choices = [  # type: ignore[attr-defined]
            ("", "ทุกส่วนราชการ"),
            *plan.agency.divisions.order_by("position", "id").values_list("pk", "name"),
        ]

    @property
    def chosen(self) -> dict[str, Any]:
        """The filters in force: those that are valid and not empty."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def apply(self, measures: MeasureQuerySet) -> MeasureQuerySet:
        """The measures that the filters leave."""
        chosen = self.chosen
        if status := chosen.get("status"):
            measures = _by_status(measures, status)
        if number := chosen.get("indicator"):
            measures = measures.filter(indicator__number=number)
        if division := chosen.get("division"):
            measures = measures.of_division(division)
        if text := chosen.get("text"):
            # Not a join, which would list a measure once for each step that matches; and asked of each
            # measure of the plan: a subquery by itself would look through the steps of every agency.
            in_steps = Step.objects.filter(measure=OuterRef("pk"), text__icontains=text)
            measures = measures.filter(Q(title__icontains=text) | Exists(in_steps))
        return measures


def _by_status(measures: MeasureQuerySet, status: str) -> MeasureQuerySet:
    if status == LATE:
        return measures.late(timezone.localdate())
    if status == OUTSTANDING:
        return measures.outstanding()
    return measures.filter(status=status)
