"""What Word and Excel themselves write and the makers of the corpus do not."""

import re
from datetime import date

import pytest

from measures.plan_import.parsing import Field, parse, parse_text, read
from measures.plan_import.tables.table import Row
from tests.measures.plan_import import corpus
from tests.measures.plan_import.corpus import YEAR, edited, with_part

RELATION = (
    '<Relationship Id="rIdS" Target="sharedStrings.xml"'
    ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/>'
)
STRINGS = (
    '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<si><t>มาตรการ</t></si><si><r><t>ขั้น</t></r><r><t>ตอน_x000D_</t></r><rPh><t>อ่าน</t></rPh></si></sst>"
)


def sheet_of(rows: str, *, epoch: str = "") -> list[Row]:
    """The rows of a workbook whose sheet holds the given XML, with two shared texts."""
    content = edited(
        corpus.xlsx_dates(),
        "xl/worksheets/sheet1.xml",
        lambda xml: f"{xml[: xml.index('<sheetData>')]}<sheetData>{rows}</sheetData></worksheet>",
    )
    # openpyxl writes every text into its cell; Excel does not.
    content = with_part(content, "xl/sharedStrings.xml", STRINGS.encode())
    content = edited(
        content,
        "xl/_rels/workbook.xml.rels",
        lambda xml: xml.replace("</Relationships>", f"{RELATION}</Relationships>"),
    )
    if epoch:
        content = edited(
            content, "xl/workbook.xml", lambda xml: re.sub(r"<workbookPr\b", f"<workbookPr {epoch}", xml)
        )
    return list(read("x.xlsx", content)[0].rows)


def texts(row: Row) -> list[str]:
    return [cell.text for cell in row.cells]


def test_numbers_switches_and_errors_of_a_sheet() -> None:
    (row,) = sheet_of(
        '<row><c><v>3</v></c><c><v>1.10</v></c><c t="b"><v>1</v></c><c t="e"><v>#REF!</v></c>'
        '<c t="str"><f>A1</f><v>ก</v></c><c t="d"><v>2023-03-31T00:00:00</v></c></row>'
    )
    assert texts(row) == ["3", "1.1", "TRUE", "#REF!", "ก", "31 มีนาคม 2566"]
    assert row.cells[-1].day == date(2023, 3, 31)


@pytest.mark.parametrize(("epoch", "serial"), [("", 45016), ('date1904="1"', 43554)])
def test_days_count_from_the_epoch_of_the_workbook(epoch: str, serial: int) -> None:
    styles = range(1, 6)
    cells = "".join(f'<c s="{style}"><v>{serial}</v></c>' for style in styles)
    (row,) = sheet_of(f"<row>{cells}</row>", epoch=epoch)
    assert {cell.day for cell in row.cells} - {None} == {date(2023, 3, 31)}


def test_shared_texts_without_the_readings_of_japanese_excel() -> None:
    rows = sheet_of(
        '<row r="4"><c r="B4" t="s"><v>0</v></c><c r="C4" t="s"><v>1</v></c><c t="s"><v>9</v></c></row>'
    )
    assert [row.number for row in rows] == [4]
    assert texts(rows[0]) == ["", "มาตรการ", "ขั้นตอน"]


def test_cells_merged_the_old_way_and_rows_that_begin_later() -> None:
    def change(xml: str) -> str:
        rows = (
            '<w:tr><w:trPr><w:gridBefore w:val="2"/></w:trPr>'
            "<w:tc><w:p><w:r><w:t>ก</w:t></w:r></w:p></w:tc></w:tr>"
            '<w:tr><w:tc><w:tcPr><w:hMerge w:val="restart"/></w:tcPr>'
            "<w:p><w:r><w:t>ข</w:t></w:r></w:p></w:tc>"
            "<w:tc><w:tcPr><w:hMerge/></w:tcPr><w:p/></w:tc>"
            '<w:tc><w:p><w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t>ค</w:t><w:tab/><w:t>ง</w:t>'
            "<w:noBreakHyphen/><w:cr/><w:t>จ</w:t></w:r></w:p></w:tc></w:tr>"
        )
        return xml.replace("<w:sectPr", f"<w:tbl>{rows}</w:tbl><w:sectPr", 1)

    later, merged = read("x", edited(corpus.docx_plain(), "word/document.xml", change))[-1].rows
    assert [(cell.text, cell.width) for cell in later.cells] == [("", 2), ("ก", 1)]
    assert [(cell.text, cell.width) for cell in merged.cells] == [("ข", 2), ("☑ค ง- จ", 1)]


def test_of_two_columns_of_measures_the_second_holds_the_steps() -> None:
    plan = parse_text("กิจกรรม\tมาตรการ\tผู้รับผิดชอบ\n๑. ก\tเรื่องหนึ่ง\tกองคลัง", YEAR)
    assert [column.field for column in plan.columns] == [Field.STEPS, Field.TITLE, Field.PARTIES]
    assert [(measure.title, measure.steps[0].text) for measure in plan.measures] == [("เรื่องหนึ่ง", "ก")]


def test_the_name_of_a_file_is_not_believed() -> None:
    assert corpus.facts(parse("แผน.pdf", corpus.xlsx_plain(), YEAR)) == corpus.PLAN
    assert corpus.facts(parse("แผน.xlsx", corpus.docx_plain(), YEAR)) == corpus.PLAN
