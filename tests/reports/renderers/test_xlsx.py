"""The report as an Excel workbook, opened again by openpyxl."""

import io
import re
import time
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
import time_machine
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from core.excel_cells import LONGEST
from reports.document.facts import EvidenceLine, MeasureRow, ReportDocument, StepLine
from reports.renderers import FORMATS
from reports.renderers.table import COLUMNS, EVIDENCE_COLUMNS, evidence_rows, rows
from reports.renderers.xlsx_parts import TALLEST
from tests.support.papers import MARK, ROW, document, of_chance, section
from tests.support.thorough import THOROUGH


def opened(made: ReportDocument) -> Worksheet:
    """The table of a document's workbook."""
    return workbook(made).worksheets[0]


def workbook(made: ReportDocument) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(FORMATS["xlsx"].render(made).content))


def cells(sheet: Worksheet, row: int = 2) -> dict[str, Any]:
    """The cells of a row by the keys of the columns."""
    return dict(zip([column.key for column in COLUMNS], sheet[row], strict=True))


def with_a_row_each(measures: Iterable[MeasureRow]) -> bytes:
    """A workbook of measures with a step at most."""
    return FORMATS["xlsx"].render(document(section(1, *measures))).content


def xml(content: bytes, part: str = "xl/worksheets/sheet1.xml") -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(part).decode()


@pytest.fixture(scope="module")
def sheet() -> Worksheet:
    return opened(document(section(1, ROW), section(2)))


# --- The sheet --------------------------------------------------------------------------------------


def test_the_sheet_has_a_thai_name_a_frozen_head_and_filters(sheet: Worksheet) -> None:
    assert sheet.title == "รายงาน"
    assert sheet.freeze_panes == "A2"
    assert (sheet.tables["Report"].ref, sheet.tables["Report"].autoFilter.ref) == (whole(3), whole(3))
    # Two filters over the same cells make a file that Excel calls damaged.
    assert sheet.auto_filter.ref is None


def whole(rows: int) -> str:
    """Where the table of so many rows stands, its head counted."""
    return f"A1:{get_column_letter(len(COLUMNS))}{rows}"


def test_a_table_without_measures_has_an_empty_row() -> None:
    """Without one it is no table to Excel, and the file is damaged."""
    assert opened(document(section(1))).tables["Report"].ref == whole(2)


def test_the_head_names_the_columns_in_bold_and_each_is_as_wide_as_it_needs(sheet: Worksheet) -> None:
    assert [cell.value for cell in sheet[1]] == [column.heading for column in COLUMNS]
    assert all(cell.font.bold for cell in sheet[1])
    letters = [get_column_letter(place) for place in range(1, len(COLUMNS) + 1)]
    assert [sheet.column_dimensions[letter].width for letter in letters] == [
        column.width for column in COLUMNS
    ]


def test_text_wraps_and_is_set_in_the_typeface_of_documents(sheet: Worksheet) -> None:
    for row in sheet.iter_rows():
        for cell in row:
            assert (cell.font.name, cell.font.size) == ("TH Sarabun New", 14)
            assert cell.alignment.wrap_text


def test_the_workbook_says_what_it_is_whose_and_in_which_language() -> None:
    content = FORMATS["xlsx"].render(document()).content
    properties = openpyxl.load_workbook(io.BytesIO(content)).properties
    assert properties.title == " ".join(document().title_lines)
    assert properties.creator == "เทศบาลเมืองกองก้อย"
    assert properties.language == "th"
    assert properties.identifier is None
    assert workbook(document(edition=MARK)).properties.identifier == MARK.address
    assert properties.created == properties.modified == datetime(2023, 3, 31)  # noqa: DTZ001 - as it is read


@pytest.mark.parametrize("name", ["xlsx", "docx"])
def test_the_same_document_is_the_same_file_on_another_day(name: str) -> None:
    made = document(section(1, ROW))
    with time_machine.travel("2023-04-01 08:00", tick=False):
        first = FORMATS[name].render(made).content
    with time_machine.travel("2026-11-30 20:30", tick=False):
        assert FORMATS[name].render(made).content == first


# --- The other sheets -------------------------------------------------------------------------------

PROOFS = (
    EvidenceLine(1, "ประกาศ", "https://example.com/ก", date(2023, 2, 1), public=True),
    EvidenceLine(2, "=1+1", "", date(2023, 2, 2), sha256="ab" * 32),
    EvidenceLine(3, "บันทึก", "javascript:alert(1)", date(2023, 2, 3)),
)
PROVED = document(
    section(1, replace(ROW, evidence=PROOFS[:1]), replace(ROW, steps=()), replace(ROW, evidence=PROOFS[1:])),
    edition=MARK,
)


def test_each_sheet_has_its_name_and_what_is_empty_has_none() -> None:
    names = ["รายงาน", "สำหรับพิมพ์", "หลักฐาน", "การอนุมัติ", "คำอธิบาย"]
    assert workbook(PROVED).sheetnames == names
    assert workbook(document(section(1, ROW))).sheetnames == [name for name in names if name != "หลักฐาน"]


def test_evidence_has_a_row_each_with_its_link_and_its_measure_leads_to_it() -> None:
    book = workbook(PROVED)
    sheet = book["หลักฐาน"]
    assert [cell.value for cell in sheet[1]] == [column.heading for column in EVIDENCE_COLUMNS]
    keys = [column.key for column in EVIDENCE_COLUMNS]
    told = [dict(zip(keys, row, strict=True)) for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert [(row["number"], row["measure"], row["name"]) for row in told] == [
        (1, 1, "ประกาศ"),
        (2, 3, "=1+1"),
        (3, 3, "บันทึก"),
    ]
    assert [tuple(row.values()) for row in told] == [
        tuple(
            datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001
            if isinstance(cell, date)
            else cell or None
            for cell in row
        )
        for row in evidence_rows(PROVED)
    ]
    links = [cell.hyperlink and cell.hyperlink.target for cell in sheet["E"][1:]]
    assert links == ["https://example.com/%E0%B8%81", None, None]
    evidence = get_column_letter([column.key for column in COLUMNS].index("evidence") + 1)
    leads = [cell.hyperlink and cell.hyperlink.location for cell in book["รายงาน"][evidence][1:]]
    assert leads == ["'หลักฐาน'!A2", "'หลักฐาน'!A2", None, "'หลักฐาน'!A3", "'หลักฐาน'!A3"]


def test_every_column_is_explained_as_on_the_public_page() -> None:
    lines = list(workbook(PROVED)["คำอธิบาย"].iter_rows(min_row=2, values_only=True))
    assert lines == [
        *(("รายงาน", column.heading, column.key, column.meaning) for column in COLUMNS),
        *(("หลักฐาน", column.heading, column.key, column.meaning) for column in EVIDENCE_COLUMNS),
    ]


def test_the_approval_tells_the_answer_and_links_to_where_it_can_be_checked() -> None:
    sheet = workbook(PROVED)["การอนุมัติ"]
    told: dict[Any, Any] = {name.value: value for name, value in sheet.iter_rows()}
    assert told["สรุป"].value == "แล้วเสร็จ 0 จาก 3 มาตรการ (ร้อยละ 0) · อยู่ระหว่างดำเนินการ 3"
    assert told["ที่อยู่สำหรับตรวจสอบ"].hyperlink.target == MARK.address
    assert (told["หน่วยงาน"].value, told["จังหวัด"].value) == ("เทศบาลเมืองกองก้อย", "แม่ฮ่องสอน")


def test_every_sheet_is_printed_on_a4_with_which_report_it_is() -> None:
    draft = replace(PROVED, edition=None, agency_short="อบต. ก & ข " * 40)
    sheets: list[Any] = [*workbook(PROVED).worksheets, *workbook(draft).worksheets]
    for sheet in sheets:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.oddFooter.right.text == "หน้า &P จาก &N"
        # Excel takes 255 characters with all commands, and no command but its own.
        assert len(sheet.oddFooter.left.text) <= 200
        assert sheet.oddFooter.left.text.replace("&&", "").count("&") == 0
    assert all(MARK.code in sheet.oddFooter.left.text for sheet in sheets[:5])
    assert {sheet.oddHeader.right.text for sheet in sheets[5:]} == {"ร่าง"}
    repeated = {sheet.title: sheet.print_title_rows for sheet in workbook(PROVED).worksheets}
    assert repeated == {
        "รายงาน": "$1:$1",
        "สำหรับพิมพ์": "$9:$9",
        "หลักฐาน": "$1:$1",
        "การอนุมัติ": None,
        "คำอธิบาย": "$1:$1",
    }


def printed(made: ReportDocument) -> list[list[str]]:
    """The rows of the sheet that is printed, without empty cells."""
    rows = workbook(made)["สำหรับพิมพ์"].iter_rows(values_only=True)
    return [[str(value) for value in row if value is not None] for row in rows]


def test_the_sheet_to_print_has_the_five_columns_of_the_paper() -> None:
    rows = printed(PROVED)
    assert rows[7] == ["แล้วเสร็จ ๐ จาก ๓ มาตรการ (ร้อยละ ๐) · อยู่ระหว่างดำเนินการ ๓"]
    assert rows[8:11] == [
        ["มาตรการ", "ขั้นตอน/วิธีการปฏิบัติ", "ผู้รับผิดชอบ", "กำหนดแล้วเสร็จ", "ผลการดำเนินงาน"],
        ["ตัวชี้วัดที่ ๑ เรื่องที่สนใจข้อ 1"],
        [
            ROW.title,
            "๑. จัดประชุม\n๒. เผยแพร่ประกาศ",
            "๑. กองคลัง\n๒. กองช่าง",
            ROW.due_text,
            "อยู่ระหว่างดำเนินการ\nหลักฐานลำดับที่ ๑",
        ],
    ]
    signed = [row[0].split("\n") for row in rows if row][-2:]
    assert [lines[0] for lines in signed] == ["รายงานในระบบโดย", "อนุมัติในระบบโดย"]
    assert signed[1][-1] == "วันที่ ๕ เมษายน ๒๕๖๖"


def test_no_row_to_print_is_taller_than_a_row_can_be_and_no_text_is_lost() -> None:
    text = "\n".join(["ประชุม " * 200, "ก" * 2_000, "จบ"])
    made = document(section(1, replace(ROW, result=text)))
    sheet = workbook(made)["สำหรับพิมพ์"]
    assert max(row.height for row in sheet.row_dimensions.values()) <= TALLEST
    assert "รายละเอียดอยู่ในแถวถัดไป" in str(sheet["E8"].value)
    # It stands below its measure, over all columns.
    details = "".join(str(cell.value or "") for cell in sheet["A"])
    assert "".join(text.split()) in "".join(details.split())


def test_a_tall_cell_goes_on_in_the_next_row() -> None:
    steps = tuple(StepLine(f"{n}.", 1, "ประชุม " * 30, None) for n in range(1, 20))
    result = "\n".join(f"ผลที่ {n}" for n in range(1, 40))
    sheet = workbook(document(section(1, replace(ROW, steps=steps, result=result))))["สำหรับพิมพ์"]
    rows = [[str(cell.value or "") for cell in row] for row in sheet.iter_rows(min_row=8)]
    assert "\n".join(row[1] for row in rows if row[1]).count("ประชุม") == 19 * 30
    assert "\n".join(row[4] for row in rows if row[4]).startswith(f"อยู่ระหว่างดำเนินการ\n{result}")
    assert [row[0] for row in rows].count(ROW.title) == 1


# --- Cells ------------------------------------------------------------------------------------------


def test_every_cell_has_the_type_of_what_it_says(sheet: Worksheet) -> None:
    first = cells(sheet)
    assert [(first[key].data_type, first[key].value) for key in ("fiscal_year", "months", "indicator")] == [
        ("n", 2566),
        ("n", 6),
        ("n", 1),
    ]
    assert first["due_on"].is_date
    assert first["due_on"].value == datetime(2023, 9, 30)  # noqa: DTZ001 - a day of a workbook has no zone
    assert first["due_on"].number_format == "yyyy-mm-dd"
    assert first["step_done_on"].value == datetime(2023, 1, 9)  # noqa: DTZ001
    assert cells(sheet, 3)["step_done_on"].value is None
    # Not a number: 1.10 would be 1.1.
    assert (first["step"].data_type, first["step"].value) == ("s", "1.")
    assert (first["late"].data_type, first["late"].value) == ("s", "ไม่")
    assert first["parties"].value == "กองคลัง\nกองช่าง"


def test_a_row_for_each_step_and_every_value_of_the_table() -> None:
    made = of_chance(2)
    found = opened(made).iter_rows(min_row=2, values_only=True)

    def written(value: object) -> object:
        if isinstance(value, bool):
            return "ใช่" if value else "ไม่"
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day)  # noqa: DTZ001
        return None if value == "" else value

    assert [list(row) for row in found] == [[written(value) for value in row] for row in rows(made)]


def test_nothing_that_people_type_is_a_formula_or_an_error() -> None:
    texts = ["=1+1", "+1", "-1", "@SUM(A1)", "{=1+1}", "=HYPERLINK('http://a','b')", "'=1", "#REF!"]
    content = with_a_row_each(
        replace(ROW, title=text, steps=(StepLine(text, 1, text, None),), result=text) for text in texts
    )
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    for number, text in enumerate(texts, 2):
        row, keys = cells(sheet, number), ("title", "step", "step_text", "result")
        assert [(row[key].data_type, row[key].value) for key in keys] == [("s", text)] * 4
    assert "<f>" not in xml(content)


def test_a_cell_without_a_text_is_empty() -> None:
    content = FORMATS["xlsx"].render(document(section(1, replace(ROW, steps=(), parties=())))).content
    cell_xml = re.findall("<c ([^>]*?)(?:/>|>(.*?)</c>)", xml(content))
    assert len(cell_xml) == 2 * len(COLUMNS)
    assert [attributes for attributes, inside in cell_xml if "inlineStr" in attributes and not inside] == []
    assert sum(not inside for _, inside in cell_xml) == 17
    assert 'numberStoredAsText="1"' in xml(content)


def results_of(texts: Sequence[str]) -> list[Any]:
    """The cells of these results."""
    content = with_a_row_each(replace(ROW, steps=(), result=text) for text in texts)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [cells(sheet, number)["result"] for number in range(2, len(texts) + 2)]


def test_text_that_looks_like_something_else_stays_text() -> None:
    texts = ["1.10", "๑", "2566", "TRUE", "1/2", "00123", "1e5", "2023-01-01"]
    assert [(cell.data_type, cell.value) for cell in results_of(texts)] == [("s", text) for text in texts]


def test_text_is_as_it_was_typed() -> None:
    texts = [" ก ", "ก\nข", "ก\tข", "<b>&amp;</b>", "น้ำ", "👍", "]]>", "ก\u200bข", "\u2028"]
    assert [cell.value for cell in results_of(texts)] == texts


def test_what_a_workbook_would_read_as_a_character_is_escaped() -> None:
    """To Excel and LibreOffice _x0041_ is A; openpyxl shows what stands in the file."""
    made = document(section(1, replace(ROW, result="_x0041_ _x000d_ _x00_ x0041 _x005F_")))
    assert cells(opened(made))["result"].value == "_x005F_x0041_ _x005F_x000d_ _x00_ x0041 _x005F_x005F_"


# --- Limits -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("ก" * LONGEST, "ก" * LONGEST),
        ("ก" * (LONGEST + 1), "ก" * LONGEST),
        ("ก" * 50_000, "ก" * LONGEST),
        # Excel counts a character beyond the first 65,536 twice, and half of one would be no text.
        ("👍" * LONGEST, "👍" * (LONGEST // 2)),
    ],
    ids=["fits", "one more", "50,000", "emoji"],
)
def test_text_is_cut_where_excel_ends_and_that_is_said(text: str, kept: str) -> None:
    rendered = FORMATS["xlsx"].render(
        document(section(1, replace(ROW, steps=(), result=text, obstacle=text)))
    )
    found = cells(openpyxl.load_workbook(io.BytesIO(rendered.content)).worksheets[0])
    assert found["result"].value == found["obstacle"].value == kept
    said = "ตัดข้อความที่ยาวเกิน 32,767 ตัวอักษร ซึ่งเป็นขีดจำกัดของ Excel: 2 ช่อง"
    assert rendered.notes == (() if text == kept else (said,))


def test_a_large_plan_has_all_its_rows(capsys: pytest.CaptureFixture[str]) -> None:
    steps = tuple(StepLine(f"{n}.", 1, "จัดประชุมชี้แจงและเผยแพร่ประกาศ", None) for n in range(1, 11))
    each = 20 if THOROUGH else 4
    made = document(*(section(n, *[replace(ROW, steps=steps)] * each) for n in range(1, 11)))
    start = time.perf_counter()
    content = FORMATS["xlsx"].render(made).content
    with capsys.disabled():
        print(f" [{10 * each} measures of 10 steps as a workbook: {time.perf_counter() - start:.1f} s]")
    assert re.findall('<row r="([0-9]+)"', xml(content))[-1] == str(100 * each + 1)
    assert 'ref="A1:' in xml(content)
    assert opened(document(section(1))).max_row == 1
