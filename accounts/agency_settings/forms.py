"""The forms in which an agency says what it is, and decides about its reports and screens."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final, Self, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse_lazy

from accounts.agency_settings.seals import NoSeal, Seal, examine
from accounts.agency_settings.services import PROFILE, state_of
from accounts.models import Agency, AgencyKind
from accounts.places import districts_of, provinces
from core.forms import ReadableForm
from core.locking import Difference

# The button that shows the districts of another province, where no script does it.
CHOOSE_PROVINCE: Final = "choose_province"
TICKED: Final = (
    "publishes_obstacles",
    "demands_evidence",
    "allows_own_approval",
    "demands_second_factor",
    "thai_digits",
)

CHOSEN: Final = ("kind", "report_text_size")

Choices = list[tuple[str, str]]


def place_choices(nothing: str, places: Sequence[str], present: str) -> Choices:
    """Places to choose from; what is stored stays one of them, also where no list has it."""
    kept = [present] if present and present not in places else []
    return [("", nothing), *((place, place) for place in (*kept, *places))]


class PlaceFields(ReadableForm, forms.ModelForm[Agency]):
    """Province and district as lists, of which the second follows the first."""

    province = forms.ChoiceField(label="จังหวัด", required=False)
    district = forms.ChoiceField(label="อำเภอ", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # What is stored may be kept, and of what was sent in between the one that is in a list.
        province = self._chosen("province")
        self._offer("province", "เลือกจังหวัด", provinces(), self.instance.province)
        stays = province == self.instance.province
        self._offer("district", "เลือกอำเภอ", districts_of(province), self.instance.district if stays else "")
        self.fields["province"].widget.attrs |= {
            "hx-get": reverse_lazy("districts"),
            "hx-target": f"#{self['district'].auto_id}",
            "hx-swap": "innerHTML",
        }

    def _chosen(self, name: str) -> str:
        return str(self[name].value() or "")

    def _offer(self, name: str, nothing: str, places: Sequence[str], present: str) -> None:
        field = cast(forms.ChoiceField, self.fields[name])
        field.choices = place_choices(nothing, places, present)
        field.error_messages["invalid_choice"] = f"{field.label}นี้ไม่อยู่ในรายการ กรุณาเลือกใหม่"

    def shown_again(self) -> Self:
        """The same form as it was typed, not yet judged: after another province was chosen."""
        typed = {
            name: field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            for name, field in self.fields.items()
            if not isinstance(field, forms.FileField)
        }
        return type(self)(instance=self.instance, initial=typed, prefix=self.prefix)


class AgencyForm(PlaceFields):
    """What an agency is, who signs for it, and what it decides about its reports and its screens."""

    website = forms.URLField(
        label="เว็บไซต์",
        required=False,
        max_length=200,
        assume_scheme="https",
        widget=forms.TextInput(attrs={"inputmode": "url"}),
        error_messages={"invalid": "ที่อยู่เว็บไม่ถูกต้อง เช่น https://www.example.go.th"},
    )
    seal_file = forms.FileField(
        label="ภาพตรา",
        required=False,
        help_text="PNG หรือ JPEG ไม่เกิน 5 MB แสดงบนแถบหัวเว็บ หน้าเผยแพร่ และหัวรายงาน",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )
    without_seal = forms.BooleanField(label="เลิกใช้ตราที่มีอยู่", required=False)
    state = forms.CharField(required=False, widget=forms.HiddenInput)
    """What of the agency the form was shown with; a short text that changes when anything does."""

    class Meta:
        model = Agency
        fields: ClassVar = [*PROFILE]

    new_seal: Seal | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [("", "เลือกประเภท"), *AgencyKind.choices]  # type: ignore[attr-defined]
        days = self.fields["days_before_round_end"]
        days.required = False
        days.widget.attrs |= {"inputmode": "numeric"}
        days.error_messages |= {"invalid": "กรุณากรอกจำนวนวันเป็นตัวเลข เช่น 7"}
        self.initial.setdefault("state", state_of(self.instance))

    @property
    def settings(self) -> list[forms.BoundField]:
        """The fields that are ticked."""
        return [self[name] for name in TICKED]

    def clean_days_before_round_end(self) -> int:
        """No day means the last day of the round."""
        return self.cleaned_data["days_before_round_end"] or 0

    def clean_seal_file(self) -> UploadedFile[Any] | None:
        """A picture that can be a seal, looked at as a whole."""
        file: UploadedFile[Any] | None = self.cleaned_data["seal_file"]
        if file is not None:
            try:
                self.new_seal = examine(file.read())
            except NoSeal as error:
                raise forms.ValidationError(str(error)) from error
        return file

    def differences_from(self, stored: Agency) -> Sequence[Difference]:
        """Each field in which what is stored and what was typed are not the same."""
        pairs = [
            (str(self.fields[name].label), _readable(stored, name), _readable(self.instance, name))
            for name in PROFILE
        ]
        return [Difference(label, theirs, mine) for label, theirs, mine in pairs if theirs != mine]

    def rebase(self, stored: Agency) -> None:
        """Keep what was typed and take the state that is stored now: the next save knows both."""
        self.data = {**self.data.dict(), self.add_prefix("state"): state_of(stored)}  # type: ignore[attr-defined]


def _readable(agency: Agency, name: str) -> str:
    value = getattr(agency, name)
    if isinstance(value, bool):
        return "ใช่" if value else "ไม่"
    if name in CHOSEN:
        return str(getattr(agency, f"get_{name}_display")())
    return str(value)
