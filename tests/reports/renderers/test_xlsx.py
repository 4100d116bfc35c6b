"""The report as an Excel workbook, opened again by openpyxl."""

import io
import re
import time
import zipfile
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
import time_machine
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from core.excel_cells import LONGEST
from reports.document.facts import ReportDocument, StepLine
from reports.renderers import FORMATS
from reports.renderers.table import COLUMNS, rows
from tests.support.papers import ROW, document, of_chance, section


def opened(made: ReportDocument) -> Worksheet:
    """The table of a document's workbook."""
    book = openpyxl.load_workbook(io.BytesIO(FORMATS["xlsx"].render(made).content))
    sheet, _approval = book.worksheets
    return sheet


def cells(sheet: Worksheet, row: int = 2) -> dict[str, Any]:
    """The cells of a row by the keys of the columns."""
    return dict(zip([column.key for column in COLUMNS], sheet[row], strict=True))


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
    assert sheet.auto_filter.ref == f"A1:{get_column_letter(len(COLUMNS))}3"


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
            assert cell.font.name == "Sarabun"
            assert cell.alignment.wrap_text


def test_the_workbook_says_what_it_is_whose_and_in_which_language() -> None:
    content = FORMATS["xlsx"].render(document()).content
    properties = openpyxl.load_workbook(io.BytesIO(content)).properties
    assert properties.title == " ".join(document().title_lines)
    assert properties.creator == "เทศบาลเมืองกองก้อย"
    assert properties.language == "th"
    assert properties.created == properties.modified == datetime(2023, 3, 31)  # noqa: DTZ001 - as it is read


@pytest.mark.parametrize("name", ["xlsx", "docx"])
def test_the_same_document_is_the_same_file_on_another_day(name: str) -> None:
    made = document(section(1, ROW))
    with time_machine.travel("2023-04-01 08:00", tick=False):
        first = FORMATS[name].render(made).content
    with time_machine.travel("2026-11-30 20:30", tick=False):
        assert FORMATS[name].render(made).content == first


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


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "{=1+1}", "=HYPERLINK('http://a','b')", "'=1", "#REF!"]
)
def test_nothing_that_people_type_is_a_formula_or_an_error(text: str) -> None:
    made = document(section(1, replace(ROW, title=text, steps=(StepLine(text, 1, text, None),), result=text)))
    first = cells(opened(made))
    assert [(first[key].data_type, first[key].value) for key in ("title", "step", "step_text", "result")] == [
        ("s", text)
    ] * 4
    assert "<f>" not in xml(FORMATS["xlsx"].render(made).content)


def test_a_cell_without_a_text_is_empty() -> None:
    content = FORMATS["xlsx"].render(document(section(1, replace(ROW, steps=(), parties=())))).content
    cell_xml = re.findall("<c ([^>]*?)(?:/>|>(.*?)</c>)", xml(content))
    assert len(cell_xml) == 2 * len(COLUMNS)
    assert [attributes for attributes, inside in cell_xml if "inlineStr" in attributes and not inside] == []
    assert sum(not inside for _, inside in cell_xml) == 17


@pytest.mark.parametrize("text", ["1.10", "๑", "2566", "TRUE", "1/2", "00123", "1e5", "2023-01-01"])
def test_text_that_looks_like_something_else_stays_text(text: str) -> None:
    cell = cells(opened(document(section(1, replace(ROW, result=text)))))["result"]
    assert (cell.data_type, cell.value) == ("s", text)


@pytest.mark.parametrize(
    "text", [" ก ", "ก\nข", "ก\tข", "<b>&amp;</b>", "น้ำ", "👍", "]]>", "ก\u200bข", "\u2028"]
)
def test_text_is_as_it_was_typed(text: str) -> None:
    assert cells(opened(document(section(1, replace(ROW, result=text)))))["result"].value == text


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
    made = document(*(section(n, *[replace(ROW, steps=steps)] * 20) for n in range(1, 11)))
    start = time.perf_counter()
    content = FORMATS["xlsx"].render(made).content
    with capsys.disabled():
        print(f" [200 measures of 10 steps as a workbook: {time.perf_counter() - start:.1f} s]")
    assert re.findall('<row r="([0-9]+)"', xml(content))[-1] == "2001"
    assert 'ref="A1:' in xml(content)
    assert opened(document(section(1))).max_row == 1
