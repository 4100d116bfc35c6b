"""Agencies by command: one, or all of a table, or none; what is wrong is said row by row in Thai."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook, load_workbook

from accounts.models import AccountEvent, Agency, Role, User
from accounts.set_up.spreadsheet import COLUMNS, PASSWORD_HEADINGS, template_workbook
from accounts.set_up.typical_divisions import typical_divisions

pytestmark = pytest.mark.django_db

HEADINGS = [heading for _, heading, _, _ in COLUMNS]
FIRST = ["องค์การบริหารส่วนตำบลกองก้อย", "", "", "แม่ฮ่องสอน", "สบเมย", "", "เจ้าหน้าที่หนึ่ง", "หัวหน้าสำนักปลัด", "", ""]
SECOND = [
    "เทศบาลตำบลแม่สะเรียง",
    "",
    "เทศบาลตำบล",
    "จังหวัดแม่ฮ่องสอน",
    "",
    "",
    "เจ้าหน้าที่สอง",
    "",
    "",
    "office@example.go.th",
]
THIRD = ["สำนักงานที่ไม่มีสถานที่", "สนง.", "หน่วยงานอื่น", "", "", "", "เจ้าหน้าที่สาม", "", "saam", ""]


def workbook(path: Path, *rows: list[Any]) -> Path:
    """The template, filled in."""
    book = load_workbook(io.BytesIO(template_workbook()))
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)
    return path


def table(path: Path, *rows: list[Any], encoding: str = "utf-8-sig") -> Path:
    file = io.StringIO()
    csv.writer(file).writerows([HEADINGS, *rows])
    path.write_bytes(file.getvalue().encode(encoding))
    return path


def call(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    call_command(*args)
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str]:
    with pytest.raises(CommandError) as raised:
        call_command(*args)
    return raised.value.returncode, capsys.readouterr().err + str(raised.value)


@pytest.mark.parametrize("make", [workbook, table], ids=["xlsx", "csv"])
def test_a_table_becomes_agencies_with_officers_who_can_sign_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], make: Any
) -> None:
    path = make(tmp_path / "agencies.table", FIRST, SECOND, THIRD)
    said = call(capsys, "create_agencies", str(path))
    written = tmp_path / "agencies-passwords.csv"
    assert str(written) in said
    assert written.stat().st_mode & 0o077 == 0
    head, *rows = csv.reader(io.StringIO(written.read_bytes().decode("utf-8-sig")))
    assert tuple(head) == PASSWORD_HEADINGS
    assert [row[1] for row in rows] == ["kong-koi", "mae-sariang", "agency-1"]
    assert [row[3] for row in rows] == ["kong-koi-officer", "mae-sariang-officer", "saam"]
    for name, slug, full_name, username, password in rows:
        officer = User.objects.get(username=username)
        assert officer.check_password(password)
        assert officer.must_change_password
        assert officer.roles == {Role.OFFICER}
        assert officer.agency is not None
        assert (officer.agency.name, officer.agency.slug, officer.full_name) == (name, slug, full_name)
    first, second, third = Agency.objects.order_by("pk")
    assert (first.short_name, first.kind, first.district) == ("อบต.กองก้อย", "subdistrict", "สบเมย")
    assert (second.province, second.kind) == ("แม่ฮ่องสอน", "subdistrict_municipality")
    assert list(first.divisions.values_list("name", flat=True)) == list(
        typical_divisions("subdistrict").usual
    )
    assert not third.divisions.exists()
    assert AccountEvent.objects.count() == 3


def test_a_table_of_windows_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call(capsys, "create_agencies", str(table(tmp_path / "a.csv", FIRST, encoding="cp874")))
    assert Agency.objects.get().name == FIRST[0]


def test_a_rehearsal_stores_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = call(capsys, "create_agencies", str(workbook(tmp_path / "a.xlsx", FIRST, SECOND)), "--dry-run")
    assert "kong-koi-officer" in said
    assert "2 หน่วยงาน" in said
    assert not Agency.objects.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


def test_every_wrong_row_is_named_and_nothing_is_stored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Agency.objects.create(name="มีแล้ว", short_name="ม", slug="there", province="เลย")
    User.objects.create_user("taken", roles={Role.OVERSEER})
    rows = [
        FIRST,
        ["", "", "", "", "", "", "", "", "", ""],
        ["", "ก", "", "", "", "", "ข", "", "", ""],
        ["มีแล้ว", "", "กรมใหม่", "เลย", "", "there", "ข", "", "taken", "ไม่ใช่อีเมล"],
        ["ข", "", "", "กรุงเก่า", "", "", "", "", "", ""],
        ["ค", "", "", "เลย", "ปาย", "", "ค", "", "", ""],
        FIRST,
    ]
    code, said = refused(capsys, "create_agencies", str(table(tmp_path / "a.csv", *rows)))
    assert code == 1
    for expected in (
        "แถว 4 ชื่อหน่วยงาน: กรุณากรอกชื่อหน่วยงาน",
        "แถว 5 ชื่อหน่วยงาน: มีหน่วยงานชื่อนี้ในจังหวัดนี้แล้ว",
        "แถว 5 ประเภทหน่วยงาน: ไม่รู้จักประเภท “กรมใหม่”",
        "แถว 5 ชื่อในที่อยู่เว็บ: ชื่อในที่อยู่เว็บนี้มีแล้ว",
        "แถว 5 ชื่อผู้ใช้: มีผู้ใช้ชื่อนี้แล้ว",
        "แถว 5 อีเมล: อีเมลไม่ถูกต้อง",
        "แถว 6 จังหวัด: ไม่มีจังหวัด “กรุงเก่า” ในรายการ",
        "แถว 6 ชื่อเจ้าหน้าที่ผู้รับผิดชอบ ITA: กรุณากรอก",
        "แถว 7 อำเภอ: จังหวัดเลยไม่มีอำเภอ “ปาย”",
        "แถว 8 ชื่อหน่วยงาน: ซ้ำกับแถวก่อนหน้า",
    ):
        assert expected in said
    assert "แถว 3" not in said
    assert Agency.objects.count() == 1
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "ไม่พบหัวคอลัมน์ “ชื่อหน่วยงาน”"),
        ("ชื่อหน่วยงาน\nก\n".encode(), "ไม่พบหัวคอลัมน์ “ชื่อเจ้าหน้าที่ผู้รับผิดชอบ ITA”"),
        (",".join(HEADINGS).encode(), "ไม่มีหน่วยงานในตาราง"),
        (b"PK\x03\x04not a workbook", "เปิดไฟล์ Excel นี้ไม่ได้"),
        (b"\xff\xfe\x00\xd8" + b"\xdb" * 9, "อ่านตัวอักษรในไฟล์นี้ไม่ได้"),
    ],
)
def test_a_file_that_is_no_table_is_one_thai_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    code, answer = refused(capsys, "create_agencies", str(path))
    assert (code, said in answer) == (2, True), answer


def test_a_workbook_without_its_headings_is_one_thai_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Workbook().save(tmp_path / "a.xlsx")
    code, said = refused(capsys, "create_agencies", str(tmp_path / "a.xlsx"))
    assert code == 2
    assert "ไม่พบหัวคอลัมน์" in said
    assert refused(capsys, "create_agencies", str(tmp_path / "none.xlsx"))[0] == 2


def test_passwords_that_cannot_be_written_make_no_account(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = table(tmp_path / "a.csv", FIRST)
    there = tmp_path / "there.csv"
    there.write_text("ของเดิม")
    for output, said in ((there, "อยู่แล้ว"), (tmp_path / "no/folder.csv", "ไม่ได้")):
        code, answer = refused(capsys, "create_agencies", str(path), "--output", str(output))
        assert code == 1
        assert said in answer
    assert there.read_text() == "ของเดิม"
    assert not Agency.objects.exists()
    assert not User.objects.exists()


def test_no_cell_of_the_passwords_is_a_formula(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = [*THIRD]
    row[6] = "=1+1"
    call(capsys, "create_agencies", str(table(tmp_path / "a.csv", row)))
    assert "'=1+1" in (tmp_path / "a-passwords.csv").read_text(encoding="utf-8-sig")


def test_the_template_has_the_words_that_its_columns_take() -> None:
    book = load_workbook(io.BytesIO(template_workbook()))
    sheet, words = book.worksheets
    assert [cell.value for cell in sheet[1]] == HEADINGS
    assert words["A1"].value == "องค์การบริหารส่วนตำบล"
    assert words.cell(77, 2).value == "อ่างทอง"
    assert len(sheet.data_validations.dataValidation) == 2


def test_one_agency_by_command(capsys: pytest.CaptureFixture[str]) -> None:
    said = call(
        capsys, "create_agency", "--name", FIRST[0], "--province", "แม่ฮ่องสอน", "--officer", "เจ้าหน้าที่หนึ่ง"
    )
    agency = Agency.objects.get()
    assert (agency.slug, agency.short_name) == ("kong-koi", "อบต.กองก้อย")
    password = said.partition("รหัสผ่านครั้งเดียว ")[2].split()[0]
    assert User.objects.get(username="kong-koi-officer").check_password(password)
    code, answer = refused(
        capsys, "create_agency", "--name", FIRST[0], "--province", "แม่ฮ่องสอน", "--officer", "อีกคน"
    )
    assert code == 1
    assert "มีหน่วยงานชื่อนี้ในจังหวัดนี้แล้ว" in answer
    code, answer = refused(capsys, "create_agency", "--name", "ก", "--officer", "ข", "--kind", "x")
    assert (code, "ไม่รู้จักประเภท “x”" in answer) == (1, True)
    assert Agency.objects.count() == 1


def test_the_first_administrator_gets_a_one_time_password(capsys: pytest.CaptureFixture[str]) -> None:
    said = call(capsys, "create_administrator")
    person = User.objects.get(username="admin")
    assert person.check_password(said.partition("รหัสผ่านครั้งเดียว ")[2].split()[0])
    assert (person.roles, person.is_staff, person.must_change_password) == ({Role.ADMIN}, True, True)
    code, answer = refused(capsys, "create_administrator")
    assert (code, "มีผู้ใช้ชื่อนี้แล้ว" in answer) == (1, True)
