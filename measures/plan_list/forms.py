"""The filters of the plan list, read from the address, and the name under which a person keeps them."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from django import forms

from core.fields import PlainText
from core.forms import ReadableForm
from measures.models import Measure, Plan, Report, SavedFilter
from measures.status import Status

LATE: Final = "late"
OUTSTANDING: Final = "outstanding"
UNPROVED: Final = "unproved"
INDICATORS: Final = range(1, 11)


@dataclass(frozen=True)
class Chosen:
    """The filters in force, as texts of an address; empty for what is not filtered by."""

    status: str = ""
    indicator: str = ""
    division: str = ""
    text: str = ""

    def __bool__(self) -> bool:
        return any(asdict(self).values())

    @classmethod
    def of(cls, saved: SavedFilter) -> "Chosen":
        return cls(saved.status, str(saved.indicator or ""), str(saved.division_id or ""), saved.text)


class MeasureFilter(forms.Form):
    """Which measures of a plan to list. What the address says wrongly is ignored, never an error page.

    Args:
        plan: the divisions of its agency are choices.
        measures: all of the plan, whose indicators are choices.
    """

    status = forms.ChoiceField(
        required=False,
        choices=[("", ""), (OUTSTANDING, ""), (LATE, ""), (UNPROVED, ""), *Status.choices],
        widget=forms.HiddenInput,
    )
    division = forms.TypedChoiceField(label="ผู้รับผิดชอบ", required=False, coerce=int, empty_value=None)
    indicator = forms.TypedChoiceField(label="ตัวชี้วัด", required=False, coerce=int, empty_value=None)
    text = forms.CharField(
        label="ค้นหา",
        required=False,
        max_length=SavedFilter.TEXT_LENGTH,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "placeholder": "ค้นหาทั้งแผน",
                "aria-keyshortcuts": "/",
                "autocomplete": "off",
            }
        ),
    )

    def __init__(self, data: Mapping[str, Any], *, plan: Plan, measures: Iterable[Measure]) -> None:
        super().__init__(data)
        names = {measure.indicator.number: measure.indicator.name for measure in measures}
        if (asked := data.get("indicator", "")) in map(str, INDICATORS):
            # Kept from another year, or in the address of a link: nothing is listed then, not everything.
            names.setdefault(int(asked), "(ไม่มีมาตรการ)")
        self.fields["indicator"].choices = [  # type: ignore[attr-defined]
            ("", "ทุกตัวชี้วัด"),
            *((number, f"{number}. {name}") for number, name in sorted(names.items())),
        ]
        self.fields["division"].choices = [  # type: ignore[attr-defined]
            ("", "ทุกส่วนราชการ"),
            *plan.agency.divisions.order_by("position", "id").values_list("pk", "name"),
        ]
        self.is_valid()

    @property
    def chosen(self) -> Chosen:
        """The filters in force: those that are valid and not empty."""
        valid = {
            name: str(self.cleaned_data.get(name) or "")
            for name in ("status", "indicator", "division", "text")
        }
        return Chosen(**valid)

    def leaves(self, measure: Measure) -> bool:
        """Whether a measure read with_parties() is of the chosen indicator and division."""
        indicator, division = self.cleaned_data.get("indicator"), self.cleaned_data.get("division")
        if indicator and measure.indicator.number != indicator:
            return False
        return not division or division in {party.pk for party in measure.parties}

    def report_of(self, measure: Measure) -> Report:
        """By whose status a measure is filtered: the chosen division's part of it, where it has one."""
        division = self.cleaned_data.get("division")
        parts = (part for part in measure.assigned_parts if part.division_id == division)
        return next(parts, measure)


class SaveFilterForm(ReadableForm, forms.Form):
    """The name under which the filters in force are kept."""

    # On the page stand the filters themselves and the form of many measures too.
    prefix = "save"

    name = PlainText(label="ชื่อตัวกรอง", max_length=SavedFilter.NAME_LENGTH, help_text="เช่น กองช่างที่ล่าช้า")
