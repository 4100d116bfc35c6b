"""The forms about an agency's people."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final, cast

from django import forms
from django.conf import settings

from accounts.models import OFFICE_ROLES, Agency, Role, User
from accounts.people.services import PersonFacts
from core.fields import PlainText, ThaiDateField
from core.forms import ReadableForm

PAPER: Final = "paper"
LINK: Final = "link"


class PersonForm(ReadableForm, forms.Form):
    """What the office decides of a person."""

    full_name = PlainText(label="ชื่อ-นามสกุล", max_length=150)
    post = PlainText(label="ตำแหน่ง", max_length=150, required=False)
    roles = forms.MultipleChoiceField(
        label="บทบาท",
        choices=[(role.value, role.label) for role in OFFICE_ROLES],
        help_text="คนเดียวมีหลายบทบาทได้ ผู้บริหารคนต่อไปอนุมัติรายงานได้เมื่อผู้บริหารคนอื่นหรือผู้ดูแลระบบยืนยันแล้ว",
        widget=forms.CheckboxSelectMultiple,
    )
    divisions = forms.MultipleChoiceField(
        label="ส่วนราชการ",
        required=False,
        help_text="ส่วนราชการที่รายงานผลแทน เลือกได้หลายแห่ง",
        widget=forms.CheckboxSelectMultiple,
    )
    email = forms.EmailField(
        label="อีเมล",
        max_length=254,
        required=False,
        help_text="ใช้ร่วมกันหลายคนได้",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "invalid": "อีเมลไม่ถูกต้อง กรุณาตรวจ เช่น name@example.go.th",
            "max_length": "อีเมลยาวเกินไป กรุณาตรวจแล้วกรอกใหม่",
        },
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, agency: Agency, **options: Any) -> None:
        super().__init__(*args, **options)
        self.agency_divisions = list(agency.divisions.order_by("position", "id"))
        field = cast(forms.MultipleChoiceField, self.fields["divisions"])
        field.choices = [(str(division.pk), division.name) for division in self.agency_divisions]

    @property
    def facts(self) -> PersonFacts:
        """What was typed, once it is valid."""
        said = self.cleaned_data
        return PersonFacts(
            said["full_name"],
            said["post"],
            said["email"],
            frozenset(Role(role) for role in said["roles"]),
            tuple(each for each in self.agency_divisions if str(each.pk) in said["divisions"]),
        )


class NewPersonForm(PersonForm):
    """The same with the name to sign in with, and how the first password gets to the person."""

    username = forms.RegexField(
        label="ชื่อผู้ใช้",
        regex=r"\A[A-Za-z0-9][A-Za-z0-9._@-]*\Z",
        max_length=60,
        help_text="ใช้ลงชื่อเข้าใช้ เปลี่ยนภายหลังไม่ได้",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={
            "invalid": "ชื่อผู้ใช้มีได้เฉพาะอักษรอังกฤษ ตัวเลข และ . _ - @",
            "max_length": "ชื่อผู้ใช้ยาวเกินไป ใส่ได้ไม่เกิน 60 ตัวอักษร",
        },
    )
    way = forms.ChoiceField(
        label="ให้รหัสผ่านครั้งแรก",
        choices=[(PAPER, "พิมพ์รหัสผ่านให้ถือไป"), (LINK, "ส่งลิงก์ทางอีเมล")],
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not settings.MAIL_IS_SET_UP:
            del self.fields["way"]

    def clean(self) -> dict[str, Any]:
        """A link needs an address to go to."""
        said = super().clean() or self.cleaned_data
        if said.get("way") == LINK and not said.get("email") and "email" not in self.errors:
            self.add_error("email", "กรุณากรอกอีเมลที่จะส่งลิงก์ หรือเลือกพิมพ์รหัสผ่าน")
        return said

    @property
    def is_by_mail(self) -> bool:
        return self.cleaned_data.get("way") == LINK


class ActingForm(ReadableForm, forms.Form):
    """Who approves in the executive's place, from when to when, by which order."""

    missing: ClassVar[Mapping[str, str]] = {
        "starts_on": "กรุณากรอกวันที่เริ่มรักษาราชการแทน",
        "ends_on": "กรุณากรอกวันสุดท้ายที่รักษาราชการแทน",
        "order": "กรุณากรอกเลขที่คำสั่ง",
    }

    person = forms.ModelChoiceField(
        label="ผู้รักษาราชการแทน", queryset=User.objects.none(), empty_label="เลือกบุคคล"
    )
    starts_on = ThaiDateField(label="ตั้งแต่วันที่", help_text="วัน/เดือน/ปี พ.ศ.")
    ends_on = ThaiDateField(label="ถึงวันที่", help_text="นับวันนี้ด้วย")
    order = PlainText(label="คำสั่งเลขที่", max_length=200, help_text="เช่น 12/2570 ลงวันที่ 1 มี.ค. 2570")

    def __init__(self, *args: Any, agency: Agency, **options: Any) -> None:
        super().__init__(*args, **options)
        person = cast(forms.ModelChoiceField[User], self.fields["person"])
        person.queryset = User.objects.filter(agency=agency, is_active=True).order_by("full_name", "username")
