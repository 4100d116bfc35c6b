"""Many agencies from one table: the empty workbook, reading, what is wrong in each row, storing all."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Agency, AgencyKind, Role
from accounts.places import districts_of, provinces
from accounts.set_up.forms import THERE_ALREADY, clean_username
from accounts.set_up.services import Issued, NewPerson, add_divisions, create_agency, prepared
from accounts.set_up.suggestions import is_slug_taken, kind_of, short_name_of, slug_for, username_for
from accounts.set_up.typical_divisions import typical_divisions
from core import office_archive
from core.budget import TooMuchWork, WorkLimit
from core.dangers import TOO_MUCH_TABLE, Dangerous
from core.excel_cells import write_text
from core.fields import PlainText
from core.forms import ReadableForm

MAX_ROWS: Final = 2_000
MAX_BYTES: Final = 10 * 1024 * 1024
SHEET: Final = "หน่วยงาน"
# Key, heading, width, whether it has to be filled.
COLUMNS: Final = (
    ("name", "ชื่อหน่วยงาน", 44, True),
    ("short_name", "ชื่อย่อ", 22, False),
    ("kind", "ประเภทหน่วยงาน", 26, False),
    ("province", "จังหวัด", 18, False),
    ("district", "อำเภอ", 18, False),
    ("slug", "ชื่อในที่อยู่เว็บ", 20, False),
    ("officer_name", "ชื่อเจ้าหน้าที่ผู้รับผิดชอบ ITA", 32, True),
    ("officer_post", "ตำแหน่ง", 26, False),
    ("username", "ชื่อผู้ใช้", 22, False),
    ("email", "อีเมล", 28, False),
)
BY_HEADING: Final = {heading: key for key, heading, _, _ in COLUMNS}
KINDS: Final = {kind.label: kind.value for kind in AgencyKind}
ENCODINGS: Final = ("utf-8-sig", "cp874")
PASSWORD_HEADINGS: Final = ("หน่วยงาน", "ชื่อในที่อยู่เว็บ", "เจ้าหน้าที่ผู้รับผิดชอบ ITA", "ชื่อผู้ใช้", "รหัสผ่านครั้งเดียว")

Cells = Mapping[str, str]


class BadTable(Exception):
    """The file as a whole cannot be taken; the text is the sentence for the person."""


@dataclass(frozen=True)
class RowProblem:
    """What is wrong in one row of the file."""

    row: int
    heading: str
    said: str

    def __str__(self) -> str:
        return f"แถว {self.row} {self.heading}: {self.said}"


@dataclass(frozen=True)
class AgencyRowRead:
    """A row that can be stored."""

    agency: Agency
    officer: NewPerson


class AgencyRowForm(ReadableForm, forms.Form):
    """One agency and its officer, as the table says them."""

    name = PlainText(label="ชื่อหน่วยงาน", max_length=200)
    short_name = PlainText(label="ชื่อย่อ", max_length=60, required=False)
    kind = forms.CharField(label="ประเภทหน่วยงาน", required=False)
    province = PlainText(label="จังหวัด", max_length=60, required=False)
    district = PlainText(label="อำเภอ", max_length=60, required=False)
    slug = forms.SlugField(
        label="ชื่อในที่อยู่เว็บ",
        max_length=60,
        required=False,
        error_messages={"invalid": "ใช้ได้เฉพาะอักษรอังกฤษ ตัวเลข และ - เช่น kong-koi"},
    )
    officer_name = PlainText(label="ชื่อเจ้าหน้าที่ผู้รับผิดชอบ ITA", max_length=150)
    officer_post = PlainText(label="ตำแหน่ง", max_length=150, required=False)
    username = PlainText(label="ชื่อผู้ใช้", max_length=150, required=False)
    email = forms.EmailField(
        label="อีเมล", required=False, error_messages={"invalid": "อีเมลไม่ถูกต้อง เช่น name@example.go.th"}
    )

    def clean_kind(self) -> str:
        """The kind by the words for it."""
        said = self.cleaned_data["kind"]
        if said and said not in KINDS:
            raise ValidationError(f"ไม่รู้จักประเภท “{said}” ใช้ได้: {' · '.join(KINDS)}")
        return KINDS.get(said, "")

    def clean_province(self) -> str:
        """One of the country's, without the word before it."""
        province: str = self.cleaned_data["province"].removeprefix("จังหวัด").strip()
        if province and province not in provinces():
            raise ValidationError(f"ไม่มีจังหวัด “{province}” ในรายการ")
        return province

    def clean_slug(self) -> str:
        """One that is free."""
        slug: str = self.cleaned_data["slug"].lower()
        if slug and is_slug_taken(slug):
            raise ValidationError("ชื่อในที่อยู่เว็บนี้มีแล้ว")
        return slug

    def clean_username(self) -> str:
        """One that is free."""
        return clean_username(self.cleaned_data["username"])

    def clean(self) -> dict[str, Any]:
        """The district is of the province; the agency is not there yet."""
        cleaned = super().clean() or self.cleaned_data
        province = cleaned.get("province", "")
        district = cleaned.get("district", "").removeprefix("อำเภอ").strip()
        if district and province and district not in districts_of(province):
            self.add_error("district", f"จังหวัด{province}ไม่มีอำเภอ “{district}”")
        cleaned["district"] = district
        if Agency.objects.filter(name=cleaned.get("name", ""), province=province).exists():
            self.add_error("name", THERE_ALREADY)
        return cleaned


def template_workbook() -> bytes:
    """The empty table, with the words that its columns take."""
    # Here, because the site starts without it.
    from openpyxl import Workbook
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet, words = book.worksheets[0], book.create_sheet("ตัวเลือก")
    sheet.title = SHEET
    for place, (_, heading, width, is_needed) in enumerate(COLUMNS, 1):
        cell = sheet.cell(1, place)
        write_text(cell, heading)
        cell.font = Font(name="Sarabun", bold=True)
        cell.fill = PatternFill("solid", fgColor="CFE0E8" if is_needed else "E9EDF1")
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"
    for column, (key, names) in enumerate((("kind", list(KINDS)), ("province", list(provinces()))), 1):
        for row, name in enumerate(names, 1):
            write_text(words.cell(row, column), name)
        letter = get_column_letter(column)
        choice = DataValidation(
            "list", formula1=f"ตัวเลือก!${letter}$1:${letter}${len(names)}", allow_blank=True
        )
        of_key = get_column_letter([each for each, *_ in COLUMNS].index(key) + 1)
        choice.add(f"{of_key}2:{of_key}{MAX_ROWS + 1}")
        sheet.add_data_validation(choice)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def read_table(name: str, data: bytes) -> Sequence[tuple[int, Cells]]:
    """The filled rows of a workbook or of a CSV file, each with its number in the file.

    Raises:
        BadTable: it cannot be read, is too large, empty, or lacks a column that has to be there.
    """
    if len(data) > MAX_BYTES:
        raise BadTable("ไฟล์ใหญ่เกิน 10 MB")
    lines = list(_workbook(data) if data.startswith(b"PK") else _csv(data))
    head = next(((number, line) for number, line in enumerate(lines, 1) if "ชื่อหน่วยงาน" in line), None)
    if head is None:
        raise BadTable("ไม่พบหัวคอลัมน์ “ชื่อหน่วยงาน” กรุณาใช้ตารางเปล่าจากหน้าผู้ดูแลระบบ")
    keys = [BY_HEADING.get(heading) for heading in head[1]]
    if missing := [heading for key, heading, _, needed in COLUMNS if needed and key not in keys]:
        raise BadTable(f"ไม่พบหัวคอลัมน์ “{'” “'.join(missing)}”")
    rows = [
        (number, {key: cell for key, cell in zip(keys, line, strict=False) if key})
        for number, line in enumerate(lines, 1)
        if number > head[0] and any(line)
    ]
    if not rows:
        raise BadTable("ไม่มีหน่วยงานในตาราง")
    if len(rows) > MAX_ROWS:
        raise BadTable(f"มีมากกว่า {MAX_ROWS:,} แถว กรุณาแบ่งเป็นหลายไฟล์")
    return rows


def checked(rows: Sequence[tuple[int, Cells]]) -> tuple[Sequence[AgencyRowRead], Sequence[RowProblem]]:
    """The rows as they can be stored, and all that is wrong with the others."""
    read: list[AgencyRowRead] = []
    problems: list[RowProblem] = []
    slugs, usernames, names = set[str](), set[str](), set[tuple[str, str]]()
    for number, cells in rows:
        form = AgencyRowForm(dict(cells))
        if not form.is_valid():
            problems += _problems(number, form)
            continue
        row = form.cleaned_data
        slug = row["slug"] or slug_for(row["name"], row["province"], row["district"], slugs)
        username = row["username"] or username_for(slug, Role.OFFICER, usernames)
        for heading, is_twice, said in (
            ("ชื่อหน่วยงาน", (row["name"], row["province"]) in names, "ซ้ำกับแถวก่อนหน้า"),
            ("ชื่อในที่อยู่เว็บ", slug in slugs, "ซ้ำกับแถวก่อนหน้า"),
            ("ชื่อผู้ใช้", username.lower() in usernames, "ซ้ำกับแถวก่อนหน้า"),
        ):
            if is_twice:
                problems.append(RowProblem(number, heading, said))
        names.add((row["name"], row["province"]))
        slugs.add(slug)
        usernames.add(username.lower())
        agency = Agency(
            name=row["name"],
            short_name=row["short_name"] or short_name_of(row["name"]),
            kind=row["kind"] or kind_of(row["name"]),
            province=row["province"],
            district=row["district"],
            slug=slug,
        )
        officer = NewPerson(username, row["officer_name"], Role.OFFICER, row["officer_post"], row["email"])
        read.append(AgencyRowRead(agency, officer))
    return read, problems


def hashed(rows: Sequence[AgencyRowRead]) -> Sequence[tuple[Agency, Issued]]:
    """Each agency with its officer and a one-time password; takes a while, and asks no database."""
    return [(row.agency, prepared(row.officer, None)) for row in rows]


@transaction.atomic
def store_all(agencies: Sequence[tuple[Agency, Issued]]) -> None:
    """Store all of them, each with the divisions that its kind usually has, or none.

    Raises:
        StaleEdit: a name has been taken in between.
    """
    for agency, issued in agencies:
        create_agency(agency, issued, None)
        add_divisions(agency, typical_divisions(agency.kind).usual)


def passwords_csv(agencies: Sequence[tuple[Agency, Issued]]) -> bytes:
    """Who signs in with what, for handing over; as Excel reads it."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(PASSWORD_HEADINGS)
    for agency, issued in agencies:
        cells = (agency.name, agency.slug, issued.person.full_name, issued.person.username, issued.password)
        # A cell that begins like a formula would be one.
        writer.writerow(f"'{cell}" if cell[:1] in "=+-@\t\r" else cell for cell in cells)
    return file.getvalue().encode("utf-8-sig")


def _problems(number: int, form: AgencyRowForm) -> Iterator[RowProblem]:
    for name, errors in form.errors.items():
        for error in errors:
            yield RowProblem(number, str(form.fields[name].label), str(error))


def _workbook(data: bytes) -> Iterator[list[str]]:
    from openpyxl import load_workbook

    try:
        if office_archive.kind_of(data) != "xlsx":
            raise BadTable("ไฟล์นี้ไม่ใช่ Excel (.xlsx)")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        limit = WorkLimit()
        for row in sheet.iter_rows(max_col=50, max_row=MAX_ROWS + 100, values_only=True):
            limit.check()
            yield [_cell(value) for value in row]
    except (office_archive.BadArchive, office_archive.Bomb, office_archive.Macros) as error:
        raise BadTable("เปิดไฟล์ Excel นี้ไม่ได้ กรุณาเปิดแล้วบันทึกใหม่เป็น .xlsx ที่ไม่มีมาโครและรหัสผ่าน") from error
    except (Dangerous, TooMuchWork) as error:
        raise BadTable(str(error) or TOO_MUCH_TABLE) from error
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise BadTable("อ่านไฟล์ Excel นี้ไม่ได้ กรุณาเปิดแล้วบันทึกใหม่") from error


def _csv(data: bytes) -> Iterator[list[str]]:
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            for line in csv.reader(io.StringIO(text, newline="")):
                yield [_cell(cell) for cell in line]
        except csv.Error as error:
            raise BadTable("อ่านไฟล์ CSV นี้ไม่ได้ กรุณาบันทึกใหม่เป็น CSV UTF-8") from error
        return
    raise BadTable("อ่านตัวอักษรในไฟล์นี้ไม่ได้ กรุณาบันทึกเป็น CSV UTF-8 หรือ Excel")


def _cell(value: object) -> str:
    return " ".join(str(value).split()) if value is not None else ""
