"""Who reported and who approved, in the formats of offices and of programs: as the document says."""

import csv
import io
import zipfile
from dataclasses import replace
from typing import Any, Final

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn

from reports.document.approval import approval_lines, named, signing
from reports.document.facts import ReportDocument, Signatory
from reports.renderers import FORMATS
from tests.support.papers import MARK, ROW, document, section

REPORTER: Final = Signatory("นางรายงาน สมมุติ", "นักวิเคราะห์นโยบายและแผน")
EDITION: Final = document(section(1, ROW), edition=MARK, reporter=REPORTER)
DRAFT: Final = replace(EDITION, edition=None)


def sheets(made: ReportDocument) -> tuple[Any, Any, bytes]:
    """The table, the sheet of the approval, and the file."""
    content = FORMATS["xlsx"].render(made).content
    book = openpyxl.load_workbook(io.BytesIO(content))
    return book["รายงาน"], book["การอนุมัติ"], content


def word(made: ReportDocument) -> Any:
    return docx.Document(io.BytesIO(FORMATS["docx"].render(made).content))


def test_word_says_who_answers_for_it_with_posts_days_code_and_address() -> None:
    opened = word(EDITION)
    text = "\n".join(paragraph.text for paragraph in opened.paragraphs)
    assert (
        "ฉบับที่ ๒ รหัส 7KQF-29XM · รายงานโดย นางรายงาน สมมุติ นักวิเคราะห์นโยบายและแผน เมื่อ ๓ เมษายน ๒๕๖๖"
        " · อนุมัติโดย นางสมมุติ ตัวอย่าง นายกเทศมนตรี เมื่อ ๕ เมษายน ๒๕๖๖"
    ) in text
    assert f"ตรวจสอบได้ที่ {MARK.address}" in text
    pictures = [found.get("descr") for found in opened.element.body.iter(qn("wp:docPr"))]
    assert pictures[0] == f"คิวอาร์โค้ดไปยัง {MARK.address}"
    link = next(opened.element.body.iter(qn("w:hyperlink")))
    assert opened.part.rels[link.get(qn("r:id"))].target_ref == MARK.address
    footer = opened.sections[0].footer.paragraphs[0].text
    assert footer.startswith("ทม.กองก้อย · ปีงบประมาณ พ.ศ. ๒๕๖๖ รอบ ๖ เดือน · ฉบับที่ ๒ รหัส 7KQF-29XM")
    assert [cell.text for cell in opened.tables[2].rows[0].cells] == [
        "\n".join(lines) for lines in signing(EDITION, "")
    ]


def test_a_word_draft_says_so_on_top_of_every_page() -> None:
    assert word(DRAFT).sections[0].header.paragraphs[0].text == "ร่าง"
    assert word(EDITION).sections[0].header.paragraphs[0].text == ""


def test_excel_has_a_sheet_of_the_approval_with_the_code_to_scan() -> None:
    table, approval, content = sheets(EDITION)
    told = {row[0]: row[1] for row in approval.iter_rows(values_only=True) if row[0]}
    assert told["สถานะของรายงาน"] == "อนุมัติแล้ว"
    assert (told["ฉบับที่"], told["รหัสฉบับ"], told["ที่อยู่สำหรับตรวจสอบ"]) == (2, MARK.code, MARK.address)
    assert (told["ผู้รายงาน"], told["ตำแหน่งผู้อนุมัติ"]) == (REPORTER.name, MARK.approved_post)
    assert told["วันที่อนุมัติ"].date() == MARK.approved_on
    assert told["แก้ไขจากฉบับก่อน"] == MARK.correction
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert [name for name in package.namelist() if name.endswith(".png")] == ["xl/media/image1.png"]
    for sheet in (table, approval):
        assert f"ฉบับที่ ๒ รหัส {MARK.code}" in sheet.oddFooter.left.text
        assert not sheet.oddHeader.right.text
    assert table.page_setup.orientation == "landscape"
    assert table.print_title_rows == "$1:$1"


def test_an_excel_draft_has_no_code() -> None:
    table, approval, content = sheets(DRAFT)
    assert table.oddHeader.right.text == approval.oddHeader.right.text == "ร่าง"
    told = {row[0]: row[1] for row in approval.iter_rows(values_only=True) if row[0]}
    assert (told["สถานะของรายงาน"], told["รหัสฉบับ"], told["วันที่อนุมัติ"]) == ("ร่าง", None, None)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert not any(name.endswith(".png") for name in package.namelist())


def test_every_row_of_csv_says_of_which_edition_it_is() -> None:
    lines = list(csv.DictReader(io.StringIO(FORMATS["csv"].render(EDITION).content.decode("utf-8-sig"))))
    assert len(lines) == 2
    for line in lines:
        assert (line["ฉบับที่"], line["รหัสฉบับ"], line["วันที่รายงาน"]) == ("2", MARK.code, "2023-04-03")
        assert (line["ผู้รายงาน"], line["ผู้อนุมัติ"]) == (REPORTER.name, MARK.approved_by)
        assert line["ที่อยู่สำหรับตรวจสอบ"] == MARK.address


@pytest.mark.parametrize("name", ["docx", "xlsx", "csv"])
def test_the_same_edition_is_the_same_file(name: str) -> None:
    assert FORMATS[name].render(EDITION).content == FORMATS[name].render(EDITION).content


def test_what_an_old_edition_did_not_know_is_left_out() -> None:
    old = replace(EDITION, edition=replace(MARK, reported_on=None, correction=""))
    lines = list(approval_lines(old))
    assert not any("รายงานโดย" in line or "แก้ไข" in line for line in lines)
    assert signing(old, "....")[0][-1] == "วันที่ ...."


@pytest.mark.parametrize(
    ("name", "post", "shown"), [("ก", "ข", "ก ข"), ("", "ข", "ข"), ("ก", "", "ก"), ("", "", "ผู้รายงาน")]
)
def test_who_is_named_as_far_as_known(name: str, post: str, shown: str) -> None:
    assert named(Signatory(name, post), "ผู้รายงาน") == shown
