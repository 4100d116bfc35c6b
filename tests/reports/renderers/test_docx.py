"""The report as a Word document, opened again by python-docx and looked at as Word is: strictly."""

import io
import zipfile
from base64 import b64encode
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

import docx
import docx.text.paragraph
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from PIL import Image

from core.thai_calendar import thai_digits
from measures.plan_import.tables.reading import read
from reports.document.columns import columns_for, shape_of, text_of
from reports.document.facts import EvidenceLine, MeasureRow, ReportDocument, StepLine
from reports.document.first_page import steps_done
from reports.renderers import FORMATS
from reports.renderers.bar import bar_picture
from reports.renderers.docx import WHOLE
from reports.renderers.links import link_target
from tests.support.papers import MARK, ROW, document, of_chance, section

# The order of elements in the schema (ECMA-376, wml.xsd), as far as the report has any; Word calls a file
# with another order damaged.
ORDERS: Final = {
    "trPr": "gridBefore gridAfter cantSplit trHeight tblHeader",
    "rPr": "rStyle rFonts b bCs i iCs caps strike color spacing kern sz szCs highlight u rtl cs lang",
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs spacing ind jc "
    "outlineLvl rPr sectPr",
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
    """The chart, the measures, the signatures."""
    chart, measures, signatures, _annex = word.tables
    return chart, measures, signatures


# --- The page ---------------------------------------------------------------------------------------


def test_the_page_is_a4_landscape_and_has_a_number(word: Any) -> None:
    (page,) = word.sections
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (297, 210)
    assert page.orientation == WD_ORIENT.LANDSCAPE
    footer = page.footer.paragraphs[0]
    assert footer.style.name == "Footer"
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
    assert [line.alignment or line.style.paragraph_format.alignment for line in first] == [1] * 4
    assert [line.style.name for line in first] == ["Title", "Title", "Title", "Normal"]


def test_indicators_without_measures_are_named(word: Any) -> None:
    assert [line.text for line in word.paragraphs if "ไม่มีมาตรการ" in line.text] == [
        "ตัวชี้วัดที่ไม่มีมาตรการ ๑ ตัวชี้วัด ได้แก่ ตัวชี้วัดที่ ๑๒ เรื่องที่สนใจข้อ 12"
    ]
    assert not any("ไม่มีมาตรการ" in line.text for line in opened(document(section(1, ROW))).paragraphs)


def test_the_headings_say_what_there_is_and_name_every_indicator(made: ReportDocument, word: Any) -> None:
    every: list[Any] = [
        docx.text.paragraph.Paragraph(found, word) for found in word.element.body.iter(qn("w:p"))
    ]
    named = [(line.style.name, line.text) for line in every if line.style.name.startswith("Heading")]
    assert [text for level, text in named if level == "Heading 1"] == [
        "ความก้าวหน้าตามตัวชี้วัด",
        "มาตรการที่ล่าช้า (นับถึง ๓๑ มีนาคม ๒๕๖๖)",
        "ผลการดำเนินงานตามมาตรการ",
        "ภาคผนวก หลักฐานประกอบการดำเนินงาน",
    ]
    assert [text for level, text in named if level == "Heading 2"] == [
        f"ตัวชี้วัดที่ {thai_digits(part.number)} {part.name}" for part in made.sections
    ]


def test_what_is_late_is_a_list(word: Any) -> None:
    (line,) = [line for line in word.paragraphs if "เหตุผล: รอสภา" in line.text]
    assert line.text == (
        "ตัวชี้วัดที่ ๑๑ มาตรการป้องกันการรับสินบน · กองคลัง, กองช่าง · กำหนด ตลอดปีงบประมาณ พ.ศ. ๒๕๖๖"
        " · ครบกำหนดก่อนสิ้นรอบ · เหตุผล: รอสภา"
    )
    assert line._p.pPr.numPr is not None


def test_the_seal_and_the_code_stand_beside_the_title_and_are_told_in_words(made: ReportDocument) -> None:
    seal = b64encode(bar_picture(50)).decode()
    sealed = opened(replace(made, seal=seal, edition=MARK))
    anchors = list(sealed.paragraphs[0]._p.iter(qn("wp:anchor")))
    assert [found.find(qn("wp:docPr")).get("descr") for found in anchors] == [
        "ตราของเทศบาลเมืองกองก้อย",
        f"คิวอาร์โค้ดไปยัง {MARK.address}",
    ]
    assert [found.find(qn("wp:positionH"))[0].text for found in anchors] == ["left", "right"]
    order = (
        "simplePos positionH positionV extent effectExtent wrapNone docPr cNvGraphicFramePr graphic".split()
    )
    for found in anchors:
        places = [order.index(named(child)) for child in found]
        assert places == sorted(set(places))
    numbers = [found.get("id") for found in sealed.element.body.iter(qn("wp:docPr"))]
    assert len(set(numbers)) == len(numbers)


# --- The tables -------------------------------------------------------------------------------------


def test_the_chart_says_how_far_each_indicator_is_and_leads_to_it(
    made: ReportDocument, tables: tuple[Any, Any, Any]
) -> None:
    _, *rows = rows_of(tables[0])
    counts = [steps_done(part) for part in made.sections]
    assert [(row[0], row[2]) for row in rows] == [
        (f"{thai_digits(part.number)}. {part.name}", thai_digits(f"{count.done}/{count.total}"))
        for part, count in zip(made.sections, counts, strict=True)
    ]
    pictures = [found.get("descr") for found in tables[0]._tbl.iter(qn("wp:docPr"))]
    assert pictures[0] == "ตัวชี้วัดที่ ๑๑: ดำเนินการแล้ว ๑ จาก ๒ ขั้นตอน"
    assert len(pictures) == sum(count.total > 0 for count in counts)
    asked = [found.get(qn("w:anchor")) for found in tables[0]._tbl.iter(qn("w:hyperlink"))]
    marked = [found.get(qn("w:name")) for found in tables[1]._tbl.iter(qn("w:bookmarkStart"))]
    assert asked == marked
    assert len(set(marked)) == len(made.sections)


def test_a_bar_is_as_long_as_its_share() -> None:
    picture = Image.open(io.BytesIO(bar_picture(25)))
    row = [picture.getpixel((x, picture.height // 2)) == 0 for x in range(picture.width)]
    assert row.index(False) == round((picture.width - 1) / 4) + 1
    assert bar_picture(0) != bar_picture(0.5) != bar_picture(100)
    assert bar_picture(120) == bar_picture(100)


def texts(measure: MeasureRow) -> list[str]:
    """The cells of a measure as the paper has them, each line a paragraph; Word counts what is numbered."""
    due = {ROW.due_text: ROW.due_text, "": "๓๐ กันยายน ๒๕๖๖" if measure.due_on else NOBODY}[measure.due_text]
    status = measure.status_label + (" (ล่าช้า)" if measure.late else "")
    said = [status, measure.result]
    said += [f"ปัญหา/อุปสรรค และข้อเสนอแนะ {measure.obstacle}"] if measure.obstacle else []
    said += [f"เหตุผล {measure.reason}"] if measure.reason else []
    numbers = ", ".join(thai_digits(proof.number) for proof in measure.evidence)
    said += [f"หลักฐานลำดับที่ {numbers}"] if numbers else []
    return [
        measure.title,
        "\n".join(step.text for step in measure.steps) or NOBODY,
        "\n".join(measure.parties) or NOBODY,
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
        assert line.style.paragraph_format.keep_with_next


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


def test_steps_and_divisions_have_the_numbers_of_the_plan(made: ReportDocument) -> None:
    """As the program counts them that reads plans out of Word documents."""
    steps = tuple(StepLine(f"{7}.{n}" if n else "7.", 2 if n else 1, f"ขั้นที่ {n}", None) for n in range(12))
    late_start = replace(ROW, steps=(*steps, StepLine("8.", 1, "ต่อไป", None)))
    for report in (made, document(section(1, ROW, late_start, late_start))):
        (table,) = [
            found
            for found in read("report.docx", FORMATS["docx"].render(report).content)
            if [cell.text for cell in found.rows[0].cells][:1] == ["มาตรการ"]
        ]
        rows = [row.cells for row in table.rows[1:] if row.cells[0].width == 1]
        for cells, measure in zip(rows, report.measures, strict=True):
            if measure.steps:
                assert [line.label for line in cells[1].lines] == [
                    thai_digits(step.label) for step in measure.steps
                ]
            if len(measure.parties) > 1:
                counted = [f"{thai_digits(n)}." for n in range(1, len(measure.parties) + 1)]
                assert [line.label for line in cells[2].lines] == counted


@pytest.mark.parametrize(
    "labels", [("1.", "3."), ("ก.",), ("1.1", "1.2"), ("1.", "1.2"), ("1.", "2.1"), ("๑.",), ("1", "2")]
)
def test_numbers_that_word_would_not_count_are_text(labels: tuple[str, ...]) -> None:
    steps = tuple(StepLine(label, 1 + ("." in label[:-1]), "จัดประชุม", None) for label in labels)
    cell = opened(document(section(1, replace(ROW, steps=steps)))).tables[1].rows[2].cells[1]
    assert [line.text for line in cell.paragraphs] == [f"{thai_digits(label)} จัดประชุม" for label in labels]
    assert all(line._p.pPr.numPr is None for line in cell.paragraphs)


def test_a_plan_without_measures_says_so() -> None:
    assert rows_of(opened(document(section(1))).tables[0])[1:] == [["แผนนี้ยังไม่มีมาตรการ"]]


def test_it_ends_with_two_places_to_sign_that_stay_together(tables: tuple[Any, Any, Any]) -> None:
    blank = "." * 44
    assert rows_of(tables[2]) == [
        [f"ลงชื่อ {blank} {role}\n({blank})\nตำแหน่ง {blank}\nวันที่ {blank}" for role in ("ผู้รายงาน", "ผู้อนุมัติ")]
    ]
    (row,) = tables[2].rows
    assert row._tr.xpath("./w:trPr/w:cantSplit")


def test_a_row_up_to_half_a_page_is_not_divided_and_a_taller_one_is(
    made: ReportDocument, tables: tuple[Any, Any, Any]
) -> None:
    columns = columns_for(made)
    rows = [row for row in tables[1].rows if len(row._tr.tc_lst) == 5][1:]
    whole = [bool(row._tr.xpath("./w:trPr/w:cantSplit")) for row in rows]
    assert whole == [shape_of(text_of(measure), columns).lines <= WHOLE for measure in made.measures]
    assert len(set(whole)) == 2


def test_a_giant_result_gets_a_row_over_all_columns() -> None:
    text = "ประชุมชี้แจง " * 400
    giant = replace(ROW, result=text.strip(), reason="รอสภา", late=True)
    rows = rows_of(opened(document(section(1, ROW, giant))).tables[1])
    assert rows[3][4] == "อยู่ระหว่างดำเนินการ (ล่าช้า)\nรายละเอียดอยู่ในแถวถัดไป"
    assert rows[4] == [f"รายละเอียดผลการดำเนินงาน (ตัวชี้วัดที่ ๑ {ROW.title})\n{text.strip()}\nเหตุผล รอสภา"]


def test_every_table_says_what_it_is_to_who_hears_it(word: Any) -> None:
    named = [
        (table._tbl.tblPr.find(qn("w:tblCaption")), table._tbl.tblPr.find(qn("w:tblDescription")))
        for table in word.tables
    ]
    assert all(title.get(qn("w:val")) and text.get(qn("w:val")) for title, text in named)


# --- Links ------------------------------------------------------------------------------------------


def test_an_address_is_a_link_and_a_number_leads_to_the_evidence(word: Any) -> None:
    measures, annex = word.tables[1]._tbl, word.tables[3]._tbl
    links = [found.get(qn("r:id")) for found in annex.iter(qn("w:hyperlink"))]
    assert [word.part.rels[name].target_ref for name in links] == [
        "https://example.com/1",
        "https://example.com/2",
    ]
    asked = [found.get(qn("w:anchor")) for found in measures.iter(qn("w:hyperlink"))]
    assert asked == [found.get(qn("w:name")) for found in annex.iter(qn("w:bookmarkStart"))]
    places = [found.get(qn("w:id")) for found in word.element.body.iter(qn("w:bookmarkStart"))]
    assert len(set(places)) == len(places)
    assert places == [found.get(qn("w:id")) for found in word.element.body.iter(qn("w:bookmarkEnd"))]


WEB: Final = {
    "https://example.com/ก?a=1&b=2#ข": "https://example.com/%E0%B8%81?a=1&b=2#%E0%B8%82",
    "https://example.com/a%20b": "https://example.com/a%20b",
    "https://example.com/a b": "https://example.com/a%20b",
    "https://ไทย.example/": "https://xn--o3cw4h.example/",
    "http://[::1]:8000/": "http://[::1]:8000/",
    "javascript:alert(1)": "",
    "file:///etc/passwd": "",
    "https://": "",
    "https://user:word@example.com/": "",
    "https://exa mple.com/": "",
    "https://[::1/": "",
    "https://example.com:99999/": "",
    "https://example.com/" + "x" * 3_000: "",
    "": "",
}


def test_only_what_is_an_address_of_the_web_is_a_link() -> None:
    assert {address: link_target(address) for address in WEB} == WEB
    proofs = tuple(
        EvidenceLine(number, "ประกาศ", address, date(2023, 2, 1), public=True)
        for number, address in enumerate(WEB, 1)
    )
    annex = opened(document(section(1, replace(ROW, evidence=proofs)))).tables[3]
    for (address, target), row, texts in zip(WEB.items(), annex.rows[1:], rows_of(annex)[1:], strict=True):
        assert len(list(row._tr.iter(qn("w:hyperlink")))) == bool(target)
        assert texts[3] == address or not address


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
    assert [fonts.get(qn(f"w:{script}")) for script in scripts] == ["TH Sarabun New"] * 4
    sizes = [properties.find(qn(name)).get(qn("w:val")) for name in ("w:sz", "w:szCs")]
    assert sizes == ["32", "32"]
    language = properties.find(qn("w:lang"))
    assert [language.get(qn(name)) for name in ("w:val", "w:bidi")] == ["en-US", "th-TH"]


def test_sarabun_stands_in_where_the_typeface_is_not_installed(made: ReportDocument) -> None:
    fonts = parts(FORMATS["docx"].render(made).content)["word/fontTable.xml"]
    assert [
        (font.get(qn("w:name")), [other.get(qn("w:val")) for other in font.iter(qn("w:altName"))])
        for font in fonts
    ] == [
        ("TH Sarabun New", ["Sarabun"]),
        ("Sarabun", []),
    ]


def test_every_style_that_is_named_is_there_and_no_other_of_the_template(made: ReportDocument) -> None:
    found = parts(FORMATS["docx"].render(made).content)
    known = {style.get(qn("w:styleId")) for style in found["word/styles.xml"].iter(qn("w:style"))}
    asked = {
        element.get(qn("w:val"))
        for name, root in found.items()
        if name.startswith("word/")
        for element in root.iter(
            *(qn(f"w:{kind}") for kind in ("pStyle", "rStyle", "tblStyle", "basedOn", "next"))
        )
    }
    assert asked <= known
    assert len(known) < 20


def test_word_opens_it_as_a_document_of_its_own_time(word: Any) -> None:
    modes = word.settings.element.xpath(".//w:compatSetting[@w:name='compatibilityMode']/@w:val")
    assert modes == ["15"]


def test_what_is_bold_is_bold_in_thai(word: Any) -> None:
    runs = list(word.element.body.iter(qn("w:rPr")))
    bold = [run.find(qn("w:b")) is not None for run in runs]
    assert any(bold)
    assert bold == [run.find(qn("w:bCs")) is not None for run in runs]


def test_elements_stand_in_the_order_of_the_schema(made: ReportDocument) -> None:
    found = parts(FORMATS["docx"].render(made).content)
    roots = [found[f"word/{part}.xml"] for part in ("document", "footer1", "header1", "styles", "numbering")]
    for name, said in ORDERS.items():
        order = said.split()
        elements = [element for root in roots for element in root.iter(qn(f"w:{name}"))]
        assert elements, name
        for element in elements:
            places = [order.index(named(child)) for child in element]
            assert places == sorted(set(places)), name


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
    assert properties.identifier == ""
    assert opened(replace(made, edition=MARK)).core_properties.identifier == MARK.address
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


def test_text_is_as_it_was_typed() -> None:
    texts = [" ก ", "ก\nข", "ก\tข", "<b>&amp;</b>", "น้ำ", "👍", "]]>", "ก\u200bข", "x" * 50_000]
    table = opened(document(section(1, *(replace(ROW, title=text) for text in texts)))).tables[1]
    cells = [row.cells[0] for row in table.rows[2:]]
    assert [cell.text for cell in cells] == texts
    assert {len(cell.paragraphs) for cell in cells} == {1}
