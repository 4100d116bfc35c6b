"""A workbook goes out, is filled in, comes back: what it changes is said first, by the rules of the pages."""

import io
import json
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from measures.models import Measure, Plan
from measures.plan_import.parsing import Unreadable
from measures.workbook.services import HEADINGS, INSTRUCTIONS, rows_of, workbook
from tests.conftest import SignIn
from tests.support.factories import YEAR, make_measure
from tests.support.html import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]

SHEET = reverse("sheet", args=[YEAR])
BOOK = reverse("plan_workbook", args=[YEAR])
HEAD = len(INSTRUCTIONS) + 3
VALUES = {"status": "done", "status_reason": "", "result": "", "obstacle": ""}
INFINITE = json.dumps({"pk": float("inf"), "version": 1, "values": VALUES})
PLACES = {name: place for place, name in enumerate(HEADINGS, 1)}


@pytest.fixture
def measures(plan: Plan) -> dict[str, Measure]:
    return {
        "first": make_measure(plan, "หนึ่ง", result="ทำแล้ว\n\nสองบรรทัด  เว้นวรรค"),
        "second": make_measure(plan, "=สอง", position=2),
        "theirs": make_measure(plan, "สาม", position=3, divisions=0),
    }


def taken(client: Client, query: str = "") -> Any:
    response = client.get(BOOK + query)
    assert response.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(response.content))


def fill(book: Any, row: int, **values: str) -> None:
    for name, value in values.items():
        book.worksheets[0].cell(HEAD + row, PLACES[name]).value = value


def bring_back(client: Client, book: Any) -> Any:
    file = io.BytesIO()
    book.save(file)
    return client.post(SHEET, {"file": SimpleUploadedFile("x.xlsx", file.getvalue())})


def confirm(client: Client, response: Any) -> Any:
    fields = read(response).all("input", name="row")
    return client.post(SHEET, {"row": [field["value"] for field in fields]})


def test_the_workbook_is_locked_but_for_what_is_reported(
    sign_in: SignIn, measures: dict[str, Measure]
) -> None:
    sheet = taken(sign_in("officer")).worksheets[0]
    assert sheet.protection.sheet
    row = {name: sheet.cell(HEAD + 2, place) for name, place in PLACES.items()}
    assert [name for name, cell in row.items() if not cell.protection.locked] == [
        "status",
        "status_reason",
        "result",
        "obstacle",
    ]
    assert (row["pk"].value, row["version"].value) == (measures["second"].pk, 1)
    assert (row["title"].value, row["title"].data_type) == ("=สอง", "s")
    (choice,) = sheet.data_validations.dataValidation
    assert choice.formula1 == '"ยังไม่ได้ดำเนินการ,อยู่ระหว่างดำเนินการ,ดำเนินการแล้วเสร็จ,ยกเลิก"'
    assert "ห้ามแก้รหัสและรุ่น" in sheet["A3"].value


def test_a_division_gets_its_own_measures(sign_in: SignIn, plan: Plan, measures: dict[str, Measure]) -> None:
    division = plan.agency.divisions.get(position=1)
    sheet = taken(sign_in("staff"), f"?division={division.pk}").worksheets[0]
    assert sheet.max_row == HEAD + 2
    assert sheet["A1"].value == "กองที่ 1 ปีงบประมาณ พ.ศ. 2566"
    assert sign_in("staff").get(f"{BOOK}?division=999999").status_code == 404


def test_untouched_nothing_changes(sign_in: SignIn, measures: dict[str, Measure]) -> None:
    officer = sign_in("officer")
    page = read(bring_back(officer, taken(officer)))
    assert page.text.count("ไม่มีอะไรเปลี่ยน") == 3
    assert page.all("input", name="row") == []


def test_what_was_filled_in_is_said_and_then_stored(sign_in: SignIn, measures: dict[str, Measure]) -> None:
    officer = sign_in("officer")
    book = taken(officer)
    fill(book, 1, status="ดำเนินการแล้วเสร็จ")
    fill(book, 2, status="ยกเลิก")
    answer = bring_back(officer, book)
    page = read(answer).text
    assert "จะเปลี่ยน 1 มาตรการ" in page
    assert "กรุณาระบุเหตุผล" in page
    assert set(Measure.objects.values_list("status", flat=True)) == {"not_started"}
    assert confirm(officer, answer).status_code == 302
    first = Measure.objects.get(pk=measures["first"].pk)
    assert (first.status, first.version) == ("done", 2)
    # A workbook keeps neither the empty line nor the second space; nobody changed them.
    assert first.result == "ทำแล้ว\n\nสองบรรทัด  เว้นวรรค"
    assert Measure.objects.get(pk=measures["second"].pk).status == "not_started"


def test_a_stale_row_is_refused_with_both_values(sign_in: SignIn, measures: dict[str, Measure]) -> None:
    officer = sign_in("officer")
    book = taken(officer)
    fill(book, 1, result="ของไฟล์")
    Measure.objects.filter(pk=measures["first"].pk).update(version=2, result="ของระบบ")
    page = read(bring_back(officer, book))
    assert "หลังจากส่งออกไฟล์" in page.text
    assert {"ของไฟล์", "ของระบบ"} <= {span.text for span in page.all("span", class_="typed")}
    assert page.all("input", name="row") == []


def test_between_looking_and_confirming_nothing_is_lost(
    sign_in: SignIn, measures: dict[str, Measure]
) -> None:
    officer = sign_in("officer")
    book = taken(officer)
    fill(book, 1, result="ของไฟล์")
    fill(book, 2, result="ของไฟล์")
    answer = bring_back(officer, book)
    Measure.objects.filter(pk=measures["first"].pk).update(version=2, result="ของระบบ")
    refused = confirm(officer, answer)
    assert refused.status_code == 409
    assert "ยังไม่ได้บันทึกอะไร" in refused.content.decode()
    assert set(Measure.objects.values_list("result", flat=True)) == {"ของระบบ", ""}


def test_nobody_reports_by_a_file_what_their_page_would_refuse(
    sign_in: SignIn, measures: dict[str, Measure]
) -> None:
    book = taken(sign_in("officer"))
    fill(book, 3, result="ไม่ใช่ของเรา")
    answer = bring_back(sign_in("staff"), book)
    assert "คุณรายงานผลของมาตรการนี้ไม่ได้" in answer.content.decode()
    values = {"status": "done", "status_reason": "", "result": "x", "obstacle": ""}
    row = json.dumps({"pk": measures["theirs"].pk, "version": 1, "values": values})
    assert sign_in("staff").post(SHEET, {"row": row}).status_code == 409
    assert Measure.objects.get(pk=measures["theirs"].pk).result == ""


@pytest.mark.parametrize("row", ["", "x", "[]", "{}", INFINITE, '{"pk": "a"}', "1" * 5000, "[" * 5000])
def test_a_forged_row_changes_nothing(sign_in: SignIn, measures: dict[str, Measure], row: str) -> None:
    assert sign_in("officer").post(SHEET, {"row": row}).status_code in (302, 409)
    assert set(Measure.objects.values_list("version", flat=True)) == {1}


def test_a_key_that_was_changed_has_its_sentence(sign_in: SignIn, measures: dict[str, Measure]) -> None:
    officer = sign_in("officer")
    book = taken(officer)
    fill(book, 1, pk="x", result="ก")
    fill(book, 2, pk="999999", result="ก")
    page = bring_back(officer, book).content.decode()
    assert "รหัสหรือรุ่นถูกแก้" in page
    assert "ไม่มีมาตรการนี้ในแผนของปีนี้" in page


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"a,b\n1,2\n"])
def test_another_file_has_its_sentence(sign_in: SignIn, measures: dict[str, Measure], content: bytes) -> None:
    answer = sign_in("officer").post(SHEET, {"file": SimpleUploadedFile("x.xlsx", content)})
    assert answer.status_code == 422
    assert "ไฟล์" in answer.content.decode()


def test_a_workbook_without_measures_comes_back_empty() -> None:
    content = workbook([], "ว่าง")
    assert rows_of("x.xlsx", content) == []
    with pytest.raises(Unreadable):
        rows_of("x.csv", "ก,ข\n1,2\n".encode())
