"""The report as a Word document, opened again by python-docx and looked at as Word is: strictly."""

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from core.thai_calendar import thai_digits
from reports.document.columns import columns_for
from reports.document.facts import EvidenceLine, MeasureRow, ReportDocument
from reports.renderers import FORMATS
from tests.support.papers import ROW, document, of_chance, section

# The order of elements in the schema (ECMA-376, wml.xsd), as far as the report has any; Word calls a file
# with another order damaged.
ORDERS: Final = {
    "rPr": "rStyle rFonts b bCs i iCs caps strike color spacing kern sz szCs highlight u rtl cs lang",
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr tabs spacing ind jc rPr sectPr",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar vAlign",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblW jc tblCellSpacing tblInd tblBorders shd tblLayout "
    "tblCellMar tblLook tblCaption tblDescription",
    "sectPr": "headerReference footerReference type pgSz pgMar pgBorders pgNumType cols docGrid",
}
NOBODY: Final = "–"


def opened(made: ReportDocument) -> Any:
    return docx.Document(io.BytesIO(FORMATS["docx"].render(made).content))


def parts(content: bytes) -> dict[str, Any]:
    """The XML parts of a Word document."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        return {name: parse_xml(package.read(name)) for name in package.namelist() if name.endswith(".xml")}


def named(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def rows_of(table: Any) -> list[list[str]]:
    """The text of each cell of a table, a merged one once."""
    return [[cell.text for cell in dict.fromkeys(row.cells)] for row in table.rows]


@pytest.fixture(scope="module")
def made() -> ReportDocument:
    """A report with everything in it, on several pages."""
    proofs = tuple(
        EvidenceLine(
            number, f"ประกาศ {number}", f"https://example.com/{number}", date(2023, 2, number), public=True
        )
        for number in (1, 2)
    )
    full = replace(
        ROW, late=True, result="ประชุมแล้ว\nสองครั้ง", obstacle="คนน้อย 3 คน", reason="รอสภา", evidence=proofs
    )
    bare = replace(ROW, steps=(), parties=(), due_text="", result="")
    chance = of_chance(3)
    return document(section(11, full, bare, replace(bare, due_on=None)), section(12), *chance.indicators)


@pytest.fixture(scope="module")
def word(made: ReportDocument) -> Any:
    return opened(made)


@pytest.fixture(scope="module")
def tables(word: Any) -> tuple[Any, Any, Any]:
    """The summary, the measures, the signatures."""
    summary, measures, signatures, _annex = word.tables
    return summary, measures, signatures


# --- The page ---------------------------------------------------------------------------------------


def test_the_page_is_a4_landscape_and_has_a_number(word: Any) -> None:
    (page,) = word.sections
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (297, 210)
    assert page.orientation == WD_ORIENT.LANDSCAPE
    footer = page.footer.paragraphs[0]
    assert footer.text.startswith("ทม.กองก้อย · ปีงบประมาณ พ.ศ. ๒๕๖๖ รอบ ๖ เดือน · ร่าง\tหน้า ")
    assert [field.get(qn("w:instr")) for field in footer._p.iter(qn("w:fldSimple"))] == ["PAGE"]
    assert page._sectPr.find(qn("w:pgNumType")).get(qn("w:fmt")) == "thaiNumbers"


def test_the_title_is_three_centred_bold_lines_and_the_day_of_the_facts(
    made: ReportDocument, word: Any
) -> None:
    first = word.paragraphs[:4]
    assert [line.text for line in first] == [
        *map(thai_digits, made.title_lines),
        "ร่าง ยังไม่ได้อนุมัติ · ข้อมูล ณ วันที่ ๓๑ มีนาคม ๒๕๖๖",
    ]
    assert [line.alignment for line in first] == [1] * 4
    assert [line.runs[0].bold for line in first] == [True, True, True, None]


def test_indicators_without_measures_are_named(word: Any) -> None:
    assert [line.text for line in word.paragraphs if "ไม่มีมาตรการ" in line.text] == [
        "ตัวชี้วัดที่ไม่มีมาตรการ ๑ ตัวชี้วัด ได้แก่ ตัวชี้วัดที่ ๑๒ เรื่องที่สนใจข้อ 12"
    ]
    assert not any("ไม่มีมาตรการ" in line.text for line in opened(document(section(1, ROW))).paragraphs)


# --- The tables -------------------------------------------------------------------------------------


def test_the_summary_counts_every_status(made: ReportDocument, tables: tuple[Any, Any, Any]) -> None:
    labels, counts = rows_of(tables[0])
    assert labels == [*(count.label for count in made.status_counts), "รวม", "ล่าช้า"]
    numbers = [*(count.count for count in made.status_counts), made.measure_count, made.late_count]
    assert counts == list(map(thai_digits, numbers))


def texts(measure: MeasureRow) -> list[str]:
    """The cells of a measure as the paper has them, each line a paragraph."""
    numbered = [f"{thai_digits(n)}. {party}" for n, party in enumerate(measure.parties, 1)]
    due = {ROW.due_text: ROW.due_text, "": "๓๐ กันยายน ๒๕๖๖" if measure.due_on else NOBODY}[measure.due_text]
    status = measure.status_label + (" (ล่าช้า)" if measure.late else "")
    said = [status, measure.result]
    said += [f"ปัญหา/อุปสรรค และข้อเสนอแนะ {measure.obstacle}"] if measure.obstacle else []
    said += [f"เหตุผล {measure.reason}"] if measure.reason else []
    numbers = ", ".join(thai_digits(proof.number) for proof in measure.evidence)
    said += [f"หลักฐานลำดับที่ {numbers}"] if numbers else []
    return [
        measure.title,
        "\n".join(f"{thai_digits(step.label)} {step.text}" for step in measure.steps) or NOBODY,
        "\n".join(numbered if len(numbered) > 1 else measure.parties) or NOBODY,
        due,
        "\n".join(filter(None, said)),
    ]


def test_every_cell_says_what_the_document_says(made: ReportDocument, tables: tuple[Any, Any, Any]) -> None:
    expected = [["มาตรการ", "ขั้นตอน/วิธีการปฏิบัติ", "ผู้รับผิดชอบ", "กำหนดแล้วเสร็จ", "ผลการดำเนินงาน"]]
    for part in made.sections:
        expected.append([f"ตัวชี้วัดที่ {thai_digits(part.number)} {part.name}"])
        expected.extend(map(texts, part.measures))
    assert rows_of(tables[1]) == expected


def test_an_indicator_goes_over_the_whole_width_and_stays_with_what_follows(
    tables: tuple[Any, Any, Any],
) -> None:
    heads = [row for row in tables[1].rows if len(row._tr.tc_lst) == 1]
    assert len(heads) > 5
    for row in heads:
        (cell,) = row._tr.tc_lst
        assert cell.grid_span == 5
        # Merging keeps the paragraphs of all five cells, if one is not careful.
        (line,) = row.cells[0].paragraphs
        assert line.paragraph_format.keep_with_next


def test_the_heads_repeat_on_every_page(tables: tuple[Any, Any, Any]) -> None:
    for table in tables[:2]:
        repeated = [row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in table.rows]
        assert repeated == [True] + [False] * (len(repeated) - 1)


def test_columns_are_as_wide_as_on_paper(made: ReportDocument, tables: tuple[Any, Any, Any]) -> None:
    widths = [round(column.width.mm) for column in tables[1].columns]
    assert widths == list(columns_for(made).widths)
    assert sum(widths) == 297 - 25 - 20
    for row in tables[1].rows:
        if len(row._tr.tc_lst) == 5:
            assert [round(cell.width.mm) for cell in row.cells] == widths


def test_second_level_steps_are_set_in(made: ReportDocument, tables: tuple[Any, Any, Any]) -> None:
    rows = [row for row in tables[1].rows if len(row._tr.tc_lst) == 5][1:]
    for row, measure in zip(rows, made.measures, strict=True):
        if measure.steps:
            indents = [line.paragraph_format.left_indent.mm for line in row.cells[1].paragraphs]
            assert [round(indent / 6) for indent in indents] == [step.level for step in measure.steps]


def test_a_plan_without_measures_says_so() -> None:
    assert rows_of(opened(document(section(1))).tables[1])[1:] == [["แผนนี้ยังไม่มีมาตรการ"]]


def test_it_ends_with_two_places_to_sign_that_stay_together(tables: tuple[Any, Any, Any]) -> None:
    blank = "." * 44
    assert rows_of(tables[2]) == [
        [f"ลงชื่อ {blank} {role}\n({blank})\nตำแหน่ง {blank}\nวันที่ {blank}" for role in ("ผู้รายงาน", "ผู้อนุมัติ")]
    ]
    for cell in tables[2].rows[0].cells:
        assert all(line.paragraph_format.keep_with_next for line in cell.paragraphs)


def test_the_evidence_stands_in_an_annex_on_a_page_of_its_own(word: Any) -> None:
    assert rows_of(word.tables[3]) == [
        ["ลำดับที่", "หลักฐาน", "วันที่", "ที่อยู่"],
        ["๑", "ประกาศ 1", "๑ ก.พ. ๒๕๖๖", "https://example.com/1"],
        ["๒", "ประกาศ 2", "๒ ก.พ. ๒๕๖๖", "https://example.com/2"],
    ]
    (heading,) = [line for line in word.paragraphs if "ภาคผนวก" in line.text]
    assert heading.paragraph_format.page_break_before
    assert len(opened(document(section(1, ROW))).tables) == 3


def test_a_file_without_an_address_is_kept_at_the_agency() -> None:
    proof = EvidenceLine(1, "คำสั่ง", "", date(2023, 2, 1))
    made = opened(document(section(1, replace(ROW, evidence=(proof,)))))
    assert rows_of(made.tables[3])[1:] == [["๑", "คำสั่ง", "๑ ก.พ. ๒๕๖๖", "เก็บไว้ที่หน่วยงาน\nจะไม่เผยแพร่"]]


# --- What Word asks for -----------------------------------------------------------------------------


def test_the_typeface_and_size_are_named_for_thai_too(word: Any) -> None:
    properties = word.styles["Normal"].element.rPr
    fonts = properties.find(qn("w:rFonts"))
    scripts = ("ascii", "hAnsi", "cs", "eastAsia")
    assert [fonts.get(qn(f"w:{script}")) for script in scripts] == ["Sarabun"] * 4
    sizes = [properties.find(qn(name)).get(qn("w:val")) for name in ("w:sz", "w:szCs")]
    assert sizes == ["22", "22"]
    language = properties.find(qn("w:lang"))
    assert [language.get(qn(name)) for name in ("w:val", "w:bidi")] == ["th-TH", "th-TH"]


def test_what_is_bold_is_bold_in_thai(word: Any) -> None:
    runs = list(word.element.body.iter(qn("w:rPr")))
    bold = [run.find(qn("w:b")) is not None for run in runs]
    assert any(bold)
    assert bold == [run.find(qn("w:bCs")) is not None for run in runs]


@pytest.mark.parametrize("name", ORDERS)
def test_elements_stand_in_the_order_of_the_schema(made: ReportDocument, name: str) -> None:
    order = ORDERS[name].split()
    found = parts(FORMATS["docx"].render(made).content)
    # Other styles are as the template has them.
    normal = found["word/styles.xml"].find(f"{qn('w:style')}[@{qn('w:styleId')}='Normal']")
    roots = [found["word/document.xml"], found["word/footer1.xml"], normal]
    elements = [element for root in roots for element in root.iter(qn(f"w:{name}"))]
    assert elements
    for element in elements:
        places = [order.index(named(child)) for child in element]
        assert places == sorted(set(places))


def test_every_cell_ends_with_a_paragraph_and_every_row_fits_the_grid(word: Any) -> None:
    for table in word.tables:
        columns = len(table._tbl.tblGrid.gridCol_lst)
        for row in table._tbl.tr_lst:
            assert sum(cell.grid_span for cell in row.tc_lst) == columns
            assert all(named(cell[-1]) == "p" for cell in row.tc_lst)


def test_its_properties_are_the_reports(made: ReportDocument, word: Any) -> None:
    properties = word.core_properties
    assert properties.title == " ".join(made.title_lines)
    assert properties.author == made.agency
    assert properties.language == "th-TH"
    assert (properties.comments, properties.last_modified_by) == ("", "")
    for day in (properties.created, properties.modified):
        assert day.date() == date(2023, 3, 31)
        assert isinstance(day, datetime)


def test_nothing_of_the_template_shows(made: ReportDocument) -> None:
    content = FORMATS["docx"].render(made).content
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert "docProps/thumbnail.jpeg" not in package.namelist()
        assert b"thumbnail" not in package.read("_rels/.rels")
    assert b"python-docx" not in content


# --- What people typed ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", [" ก ", "ก\nข", "ก\tข", "<b>&amp;</b>", "น้ำ", "👍", "]]>", "ก\u200bข", "x" * 50_000]
)
def test_text_is_as_it_was_typed(text: str) -> None:
    cell = opened(document(section(1, replace(ROW, title=text)))).tables[1].rows[2].cells[0]
    assert cell.text == text
    assert len(cell.paragraphs) == 1
