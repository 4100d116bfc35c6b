"""The report as a Word document, for whoever has to go on writing in it."""

import io
from base64 import b64decode
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, Final

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell

from core.thai_calendar import long_date, short_date, thai_digits
from reports.document.annex import STAYS, STAYS_NOTE, Entry, annex
from reports.document.facts import MeasureRow, ReportDocument
from reports.renderers import Rendered
from reports.renderers.xml_archive import dated

FONT: Final = "Sarabun"
HEADINGS: Final = ("มาตรการ", "ขั้นตอน/วิธีการปฏิบัติ", "ผู้รับผิดชอบ", "กำหนดแล้วเสร็จ", "ผลการดำเนินงาน")
# Of the 269 mm between the margins, as on the printed report.
WIDTHS: Final = (Mm(48), Mm(105), Mm(41), Mm(32), Mm(43))
ANNEX_HEADINGS: Final = ("ลำดับที่", "หลักฐาน", "วันที่", "ที่อยู่")
ANNEX_WIDTHS: Final = (Mm(21), Mm(102), Mm(38), Mm(108))
# Stands after the words that mark invented facts; _paper.html says the same.
INVENTED: Final = "รายงานนี้เป็นเรื่องสมมุติเพื่อทดลองใช้ระบบ ไม่ใช่ผลการดำเนินงานจริง"
INDENT: Final = Mm(6)
SEAL_HEIGHT: Final = Mm(18)
# Stands in a cell that has nothing to say.
NOTHING: Final = "–"
# The file format holds no more of what is said about the file itself.
MAX_PROPERTY: Final = 255
THUMBNAIL: Final = RELATIONSHIP_TYPE.THUMBNAIL


def make(document: ReportDocument) -> Rendered:
    """A4 landscape, a real table whose head repeats on every page, Thai digits as on paper."""
    word = Document()
    _without_thumbnail(word)
    _page(word)
    _style(word)
    _footer(word, document)
    if document.seal:
        _seal(word, document)
    for line in document.title_lines:
        _paragraph(word.add_paragraph(), thai_digits(line), bold=True, centred=True)
    if document.sample_note:
        _paragraph(word.add_paragraph(), f"{document.sample_note}: {INVENTED}", bold=True, centred=True)
    as_of = f"ข้อมูล ณ วันที่ {long_date(document.as_of)}"
    _paragraph(word.add_paragraph(), thai_digits(as_of), centred=True)
    _summary(word, document)
    _measures(word, document)
    _signatures(word, document)
    if document.evidence:
        _annex(word, document)
    properties = word.core_properties
    properties.title = " ".join(document.title_lines)[:MAX_PROPERTY]
    properties.author = document.agency[:MAX_PROPERTY]
    # The template says here which program it is from.
    properties.comments = ""
    properties.language = "th-TH"
    properties.created = properties.modified = datetime.combine(document.as_of, time())
    file = io.BytesIO()
    word.save(file)
    return Rendered(dated(file.getvalue(), document.as_of))


def _without_thumbnail(word: Any) -> None:
    """The template brings a picture of its own empty first page, which folders would show."""
    relations = word.part.package.rels
    for name in [name for name, relation in relations.items() if relation.reltype == THUMBNAIL]:
        del relations[name]


def _page(word: Any) -> None:
    section = word.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = section.top_margin = Mm(14)
    section.bottom_margin = Mm(16)


def _style(word: Any) -> None:
    """Sarabun for every script: Word keeps a font and a size of their own for Thai text."""
    style = word.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(11)
    style.paragraph_format.space_after = Pt(0)
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), FONT)
    _child(properties, "w:szCs", val="22")
    _child(properties, "w:lang", val="th-TH", bidi="th-TH")


def _footer(word: Any, document: ReportDocument) -> None:
    """Whose report it is and the page's number, which Word counts itself."""
    section = word.sections[0]
    section.footer_distance = Mm(7)
    paragraph = section.footer.paragraphs[0]
    paragraph.style = word.styles["Normal"]
    width = section.page_width - section.left_margin - section.right_margin
    paragraph.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
    whose = f"{document.agency_short} {thai_digits(document.round_name)}"
    if document.sample_note:
        whose += f" · {document.sample_note}"
    paragraph.add_run(f"{whose}\tหน้า ")
    # Not PAGE \* ThaiArabic, which LibreOffice reads as letters: ก ข ค.
    section._sectPr.find(qn("w:pgMar")).addnext(_element("w:pgNumType", fmt="thaiNumbers"))
    _child(_child(_child(paragraph._p, "w:fldSimple", instr="PAGE"), "w:r"), "w:t").text = thai_digits(1)


def _child(parent: Any, tag: str, **attributes: str) -> Any:
    element = _element(tag, **attributes)
    parent.append(element)
    return element


def _element(tag: str, **attributes: str) -> Any:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


def _paragraph(paragraph: Any, text: str, *, bold: bool = False, centred: bool = False) -> None:
    run = paragraph.add_run(text)
    if bold:
        run.bold = True
        # Thai text has a switch of its own for bold.
        _child(run._element.get_or_add_rPr(), "w:bCs")
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _seal(word: Any, document: ReportDocument) -> None:
    paragraph = word.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    shape = paragraph.add_run().add_picture(io.BytesIO(b64decode(document.seal)), height=SEAL_HEIGHT)
    shape._inline.docPr.set("descr", f"ตราของ{document.agency}"[:MAX_PROPERTY])


def _summary(word: Any, document: ReportDocument) -> None:
    columns = [(count.label, count.count) for count in document.status_counts]
    columns += [("รวม", document.measure_count), ("ล่าช้า", document.late_count)]
    table = _table(word, len(columns))
    for place, (label, _) in enumerate(columns):
        _paragraph(table.rows[0].cells[place].paragraphs[0], label, bold=True, centred=True)
    cells = table.add_row().cells
    for place, (_, count) in enumerate(columns):
        _paragraph(cells[place].paragraphs[0], thai_digits(count), centred=True)
    word.add_paragraph()
    missing = document.indicators_without_measures
    if missing:
        named = ", ".join(f"ตัวชี้วัดที่ {thai_digits(indicator.number)} {indicator.name}" for indicator in missing)
        text = f"ตัวชี้วัดที่ไม่มีมาตรการ {thai_digits(len(missing))} ตัวชี้วัด ได้แก่ {named}"
        _paragraph(word.add_paragraph(), text, centred=True)
        word.add_paragraph()


def _table(word: Any, columns: int) -> Any:
    table = word.add_table(rows=1, cols=columns)
    table.style = word.styles["Table Grid"]
    _child(table.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")
    return table


def _measures(word: Any, document: ReportDocument) -> None:
    table = _table_with_head(word, HEADINGS, WIDTHS)
    for section in document.sections:
        cells = table.add_row().cells
        merged = cells[0].merge(cells[-1])
        heading = f"ตัวชี้วัดที่ {thai_digits(section.number)} {section.name}"
        _paragraph(merged.paragraphs[0], heading, bold=True)
        merged.paragraphs[0].paragraph_format.keep_with_next = True
        for measure in section.measures:
            cells = table.add_row().cells
            _widths(cells, WIDTHS)
            _measure(cells, measure)
    if not document.sections:
        cells = table.add_row().cells
        _paragraph(cells[0].merge(cells[-1]).paragraphs[0], "แผนนี้ยังไม่มีมาตรการ")


def _table_with_head(word: Any, headings: Sequence[str], widths: Sequence[Mm]) -> Any:
    table = _table(word, len(headings))
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    head = table.rows[0].cells
    _widths(head, widths)
    for cell, heading in zip(head, headings, strict=True):
        _paragraph(cell.paragraphs[0], heading, bold=True, centred=True)
    return table


def _widths(cells: tuple[_Cell, ...], widths: Sequence[Mm]) -> None:
    # Word goes by the columns, LibreOffice by the cells.
    for cell, width in zip(cells, widths, strict=True):
        cell.width = width


def _measure(cells: tuple[_Cell, ...], measure: MeasureRow) -> None:
    _lines(cells[0], [measure.title])
    _lines(cells[1], [f"{thai_digits(step.label)} {step.text}" for step in measure.steps])
    for paragraph, step in zip(cells[1].paragraphs, measure.steps, strict=False):
        paragraph.paragraph_format.left_indent = INDENT * step.level
        paragraph.paragraph_format.first_line_indent = -INDENT
    if not measure.steps:
        _paragraph(cells[1].paragraphs[0], NOTHING)
    numbered = len(measure.parties) > 1
    parties = enumerate(measure.parties, 1)
    names = [f"{thai_digits(n)}. {party}" if numbered else party for n, party in parties]
    _lines(cells[2], names or [NOTHING])
    _lines(cells[3], [_due(measure)])
    status = f"{measure.status_label} (ล่าช้า)" if measure.late else measure.status_label
    _paragraph(cells[4].paragraphs[0], status, bold=True)
    numbers = ", ".join(thai_digits(line.number) for line in measure.evidence)
    for label, text in (
        ("", measure.result),
        ("ปัญหา/อุปสรรค และข้อเสนอแนะ ", measure.obstacle),
        ("เหตุผล ", measure.reason),
        ("", f"หลักฐานลำดับที่ {numbers}" if numbers else ""),
    ):
        if text:
            paragraph = cells[4].add_paragraph()
            if label:
                _paragraph(paragraph, label, bold=True)
            _paragraph(paragraph, text)


def _due(measure: MeasureRow) -> str:
    if measure.due_text or measure.due_on is None:
        return measure.due_text or NOTHING
    return thai_digits(long_date(measure.due_on))


def _lines(cell: _Cell, lines: list[str]) -> None:
    for place, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        _paragraph(paragraph, line)


def _signatures(word: Any, document: ReportDocument) -> None:
    word.add_paragraph()
    blank = "." * 44
    table = word.add_table(rows=1, cols=2)
    signing = (("ผู้รายงาน", document.reporter), ("ผู้อนุมัติ", document.approver))
    for cell, (role, by) in zip(table.rows[0].cells, signing, strict=True):
        name, post = by.name or blank, by.post or blank
        lines = [f"ลงชื่อ {blank} {role}", f"({name})", f"ตำแหน่ง {post}", f"วันที่ {blank}"]
        _lines(cell, lines)
        for paragraph in cell.paragraphs:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.keep_with_next = True


def _annex(word: Any, document: ReportDocument) -> None:
    heading = word.add_paragraph()
    heading.paragraph_format.page_break_before = True
    _paragraph(heading, "ภาคผนวก หลักฐานประกอบการดำเนินงาน", bold=True, centred=True)
    entries = annex(document)
    if any(found.stays for found in entries):
        _paragraph(word.add_paragraph(), STAYS_NOTE, centred=True)
    table = _table_with_head(word, ANNEX_HEADINGS, ANNEX_WIDTHS)
    for found in entries:
        cells = table.add_row().cells
        _widths(cells, ANNEX_WIDTHS)
        _entry(cells, found)


def _entry(cells: tuple[_Cell, ...], found: Entry) -> None:
    _lines(cells[0], [thai_digits(found.number)])
    _lines(cells[1], [found.name])
    _lines(cells[2], [thai_digits(short_date(found.day))])
    where = [found.address or found.place, f"SHA-256 {found.sha256}" if found.sha256 else ""]
    _lines(cells[3], [text for text in where if text] or [NOTHING])
    if found.stays:
        _paragraph(cells[3].add_paragraph(), STAYS, bold=True)
