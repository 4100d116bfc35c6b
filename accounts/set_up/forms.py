"""The forms of the first run: an agency with its officer, its divisions, its people."""

from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError

from accounts.agency_settings.forms import PlaceFields
from accounts.models import OFFICE_ROLES, Agency, AgencyKind, Division, Role, User
from accounts.set_up.services import NewPerson
from accounts.set_up.suggestions import (
    is_slug_taken,
    is_username_taken,
    kind_of,
    short_name_of,
    slug_for,
    username_for,
)
from accounts.set_up.typical_divisions import TypicalDivisions
from core.fields import PlainText
from core.forms import ReadableForm
from core.row_arranging import Row
from core.row_formset import RowFormSet, row_formset

MAX_DIVISIONS: Final = 100
USERNAME: Final = User._meta.get_field("username")
TAKEN: Final = "มีผู้ใช้ชื่อนี้แล้ว กรุณาใช้ชื่ออื่น หรือเว้นว่างให้ระบบตั้งให้"
BAD_USERNAME: Final = "ชื่อผู้ใช้ใช้ได้เฉพาะตัวอักษร ตัวเลข และเครื่องหมาย @ . + - _"
THERE_ALREADY: Final = "มีหน่วยงานชื่อนี้ในจังหวัดนี้แล้ว"


def username_field(help_text: str = "") -> forms.CharField:
    """A user name as somebody types it; empty lets the site find one."""
    return PlainText(
        label="ชื่อผู้ใช้",
        required=False,
        max_length=USERNAME.max_length,
        help_text=help_text,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


def clean_username(name: str) -> str:
    """A user name that can be one and that nobody has; an empty one stays empty.

    Raises:
        ValidationError: with the sentence for the person.
    """
    if not name:
        return name
    try:
        User.username_validator(name)
    except ValidationError as error:
        raise ValidationError(BAD_USERNAME) from error
    if is_username_taken(name):
        raise ValidationError(TAKEN)
    return name


class NewAgencyForm(PlaceFields):
    """A new agency; what its name says need not be typed."""

    slug = PlainText(
        label="ชื่อในที่อยู่เว็บ",
        required=False,
        max_length=60,
        help_text="อักษรอังกฤษตัวเล็ก ตัวเลข และ - เว้นว่างให้ระบบตั้งจากชื่อสถานที่",
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )

    class Meta:
        model = Agency
        fields: ClassVar = ["name", "kind", "province", "district", "short_name", "slug"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].help_text = "ชื่อเต็ม เช่น องค์การบริหารส่วนตำบลกองก้อย"
        self.fields["short_name"].required = False
        self.fields["short_name"].help_text = "เว้นว่างได้ ระบบย่อจากชื่อเต็ม เช่น อบต.กองก้อย"
        self.fields["kind"].choices = [("", "ดูจากชื่อหน่วยงาน"), *AgencyKind.choices]  # type: ignore[attr-defined]

    def clean_slug(self) -> str:
        """One that an address can hold and that is free."""
        slug: str = self.cleaned_data["slug"].lower()
        if slug and not (slug.isascii() and slug.replace("-", "").replace("_", "").isalnum()):
            raise ValidationError("ใช้ได้เฉพาะอักษรอังกฤษ ตัวเลข และ - เช่น kong-koi")
        if slug and is_slug_taken(slug):
            raise ValidationError("ชื่อในที่อยู่เว็บนี้มีแล้ว กรุณาใช้ชื่ออื่น หรือเว้นว่างให้ระบบตั้งให้")
        return slug

    def clean(self) -> dict[str, Any]:
        """Fill in what follows from the name."""
        cleaned = super().clean() or self.cleaned_data
        name, province = cleaned.get("name", ""), cleaned.get("province", "")
        if not name:
            return cleaned
        if Agency.objects.filter(name=name, province=province).exists():
            self.add_error("name", THERE_ALREADY)
        cleaned["kind"] = cleaned.get("kind") or kind_of(name)
        cleaned["short_name"] = cleaned.get("short_name") or short_name_of(name)
        if "slug" not in self.errors:
            cleaned["slug"] = cleaned["slug"] or slug_for(name, province, cleaned.get("district", ""))
        return cleaned


class FirstOfficerForm(ReadableForm, forms.Form):
    """Who keeps a new agency's plan.

    Args:
        may_be_self: whether the administrator may be asked to keep the agency's plan too.
    """

    is_self = forms.BooleanField(
        label="ฉันเป็นเจ้าหน้าที่ผู้รับผิดชอบ ITA ของหน่วยงานนี้เอง",
        required=False,
        initial=True,
        help_text="ใช้บัญชีเดียวทั้งดูแลระบบและทำงานของหน่วยงาน",
    )
    full_name = PlainText(label="ชื่อ-นามสกุล", required=False, max_length=150)
    post = PlainText(label="ตำแหน่ง", required=False, max_length=150)
    username = username_field("เว้นว่างได้ ระบบตั้งให้ เช่น kong-koi-officer")

    def __init__(self, *args: Any, may_be_self: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not may_be_self:
            del self.fields["is_self"]
            self.fields["full_name"].required = True

    def clean_username(self) -> str:
        """One that is free."""
        return clean_username(self.cleaned_data["username"])

    def clean(self) -> dict[str, Any]:
        """Another person needs a name."""
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("is_self") and not cleaned.get("full_name") and "full_name" not in self.errors:
            self.add_error("full_name", "กรุณากรอกชื่อ-นามสกุลของเจ้าหน้าที่ผู้รับผิดชอบ ITA")
        return cleaned

    def person(self, slug: str) -> NewPerson:
        """The officer of the agency of this name in addresses, once the form is valid."""
        cleaned = self.cleaned_data
        username = cleaned["username"] or username_for(slug, Role.OFFICER)
        return NewPerson(username, cleaned["full_name"], Role.OFFICER, cleaned["post"])


class DivisionsForm(ReadableForm, forms.Form):
    """The divisions that an agency begins with: usual ones to tick, others to type."""

    usual = forms.MultipleChoiceField(
        label="ส่วนราชการที่มักมี", required=False, widget=forms.CheckboxSelectMultiple
    )
    others = PlainText(
        label="ส่วนราชการอื่น",
        required=False,
        max_length=5_000,
        help_text="บรรทัดละหนึ่งชื่อ ใส่ชื่อตำแหน่งก็ได้ เช่น ผู้ช่วยเจ้าพนักงานพัสดุ",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, typical: TypicalDivisions, **options: Any) -> None:
        super().__init__(*args, **options)
        names = [*typical.usual, *typical.offered]
        self.fields["usual"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]
        self.fields["usual"].initial = list(typical.usual)
        self.has_usual = bool(names)

    def clean_others(self) -> list[str]:
        """The names, one a line."""
        names = [" ".join(line.split()) for line in self.cleaned_data["others"].splitlines()]
        if long := next((name for name in names if len(name) > 200), ""):
            raise ValidationError(f"ชื่อ “{long[:40]}…” ยาวเกิน 200 ตัวอักษร กรุณาย่อ หรือแยกบรรทัดละหนึ่งชื่อ")
        return [name for name in names if name]

    def clean(self) -> dict[str, Any]:
        """At least one: a measure needs somebody who is responsible."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.names:
            self.add_error("usual" if self.has_usual else "others", "กรุณาเลือกหรือพิมพ์ส่วนราชการอย่างน้อยหนึ่งชื่อ")
        if not self.errors and len(self.names) > MAX_DIVISIONS:
            self.add_error("others", f"ใส่ได้ครั้งละไม่เกิน {MAX_DIVISIONS} ชื่อ")
        return cleaned

    @property
    def names(self) -> list[str]:
        """What was ticked and typed, each once."""
        return list(
            dict.fromkeys([*self.cleaned_data.get("usual", []), *self.cleaned_data.get("others", [])])
        )


class PersonRowForm(ReadableForm, forms.Form):
    """One person; a row without a name does not count."""

    full_name = PlainText(label="ชื่อ-นามสกุล", required=False, max_length=150)
    post = PlainText(label="ตำแหน่ง", required=False, max_length=150)
    role = forms.ChoiceField(
        label="บทบาท", choices=[(role.value, role.label) for role in OFFICE_ROLES], required=False
    )
    division = forms.TypedChoiceField(label="ส่วนราชการ", required=False, coerce=int, empty_value=None)
    username = username_field()

    def __init__(self, *args: Any, divisions: list[Division], slug: str, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", "ไม่มี"), *((division.pk, division.name) for division in divisions)]
        self.fields["division"].choices = choices  # type: ignore[attr-defined]
        self.fields["username"].widget.attrs["placeholder"] = f"เช่น {slug}-staff"

    def clean_username(self) -> str:
        """One that is free."""
        return clean_username(self.cleaned_data["username"])

    def clean(self) -> dict[str, Any]:
        """Whose row is begun has a name; division staff have a division."""
        cleaned = super().clean() or self.cleaned_data
        named = cleaned.get("full_name")
        if not named and "full_name" not in self.errors and (cleaned.get("post") or cleaned.get("username")):
            self.add_error("full_name", "กรุณากรอกชื่อ-นามสกุล")
        if named and not cleaned.get("role"):
            self.add_error("role", "กรุณาเลือกบทบาท")
        if named and cleaned.get("role") == Role.STAFF and not cleaned.get("division"):
            self.add_error("division", "เจ้าหน้าที่ของส่วนราชการต้องมีส่วนราชการ")
        return cleaned


class PeopleRows(RowFormSet):
    """People of one agency; nobody and no user name twice."""

    present: frozenset[str] = frozenset()
    """The names of those who are there already."""

    @property
    def filled(self) -> list[Row]:
        """The cleaned rows with a name."""
        return [row for row in super().filled if row.get("full_name")]

    def clean(self) -> None:
        """Mark who is there already, and the second of two equal names."""
        names, usernames = set(self.present), set[str]()
        for form in self.kept_forms:
            row = form.cleaned_data if form.is_valid() else {}
            name, username = row.get("full_name", ""), row.get("username", "").lower()
            if name and name in names:
                form.add_error("full_name", "มีผู้ใช้ชื่อ-นามสกุลนี้ในหน่วยงานแล้ว")
            if username and username in usernames:
                form.add_error("username", "ชื่อผู้ใช้ซ้ำกับแถวก่อนหน้า")
            names.add(name)
            usernames.add(username)


PeopleFormSet = row_formset(PersonRowForm, PeopleRows)
