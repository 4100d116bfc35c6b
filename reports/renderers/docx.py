"""The report as a Word document, for whoever has to go on writing in it."""

import io
from datetime import datetime, time
from typing import Any, Final

from django.utils.text import Truncator
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import _Cell

from core.thai_calendar import long_date, thai_digits
from reports.document.approval import DRAFT, footer, signing
from reports.document.columns import RowShape, columns_for, shape_of, text_of
from reports.document.facts import IndicatorSection, MeasureRow, ReportDocument
from reports.document.figures import NO_PICTURES, Pictures
from reports.renderers import Rendered
from reports.renderers.office_font import TEXT_SIZE
from reports.renderers.word_annex import place_of_evidence, write_annex
from reports.renderers.word_changes import write_changes
from reports.renderers.word_figures import write_figures
from reports.renderers.word_first_page import NOTHING, place_of, write_first_page
from reports.renderers.word_lists import Lists, first_counted, put_into
from reports.renderers.word_parts import (
    GROUP_FILL,
    MAX_PROPERTY,
    add_child,
    describe,
    headed_table,
    keep_whole,
    mark_place,
    new_element,
    number_places,
    set_page,
    set_widths,
    shade,
    write,
    write_lines,
    write_reference,
    write_typed,
)
from reports.renderers.word_styles import (
    HEADING_1,
    HEADING_2,
    STEP_INDENT,
    SUBSTEP_HANGING,
    SUBSTEP_INDENT,
    set_styles,
)
from reports.renderers.xml_archive import dated

MEASURES: Final = "ผลการดำเนินงานตามมาตรการ"
HEADINGS: Final = ("มาตรการ", "ขั้นตอน/วิธีการปฏิบัติ", "ผู้รับผิดชอบ", "กำหนดแล้วเสร็จ", "ผลการดำเนินงาน")
# Where a result is so long that it gets a row of its own; _measure.html says the same.
APART: Final = "รายละเอียดอยู่ในแถวถัดไป"
DETAILS: Final = "รายละเอียดผลการดำเนินงาน"
SHORT_TITLE: Final = 60
# Rows of so many lines, up to half a page and of large letters a little more, are not divided.
WHOLE: Final = 13


def make(document: ReportDocument, pictures: Pictures = NO_PICTURES) -> Rendered:
    """A4 landscape, a real table whose head repeats on every page, Thai digits as on paper."""
    word = Document()
    set_page(word)
    set_styles(word, document.text_size)
    lists = Lists(word)
    _margins(word, document)
    write_first_page(word, document, lists)
    _measures(word, document, lists)
    _signatures(word, document)
    write_changes(word, document)
    if document.evidence:
        write_annex(word, document)
        write_figures(word, document, pictures)
    number_places(word)
    properties = word.core_properties
    properties.title = " ".join(document.title_lines)[:MAX_PROPERTY]
    properties.author = document.agency[:MAX_PROPERTY]
    # The template says here which program it is from.
    properties.comments = ""
    properties.language = "th-TH"
    properties.identifier = document.edition.address[:MAX_PROPERTY] if document.edition else ""
    properties.created = properties.modified = datetime.combine(document.as_of, time())
    file = io.BytesIO()
    word.save(file)
    return Rendered(dated(file.getvalue(), document.as_of))


def _margins(word: Any, document: ReportDocument) -> None:
    """Whose report it is and which, and the page's number, which Word counts; on top, that it is a draft."""
    section = word.sections[0]
    if document.is_draft:
        section.header.paragraphs[0].text = DRAFT
    paragraph = section.footer.paragraphs[0]
    width = section.page_width - section.left_margin - section.right_margin
    paragraph.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(f"{footer(document)}\tหน้า ")
    # Not PAGE \* ThaiArabic, which LibreOffice reads as letters: ก ข ค.
    section._sectPr.find(qn("w:pgMar")).addnext(new_element("w:pgNumType", fmt="thaiNumbers"))
    field = add_child(paragraph._p, "w:fldSimple", instr="PAGE")
    add_child(add_child(field, "w:r"), "w:t").text = thai_digits(1)


def _measures(word: Any, document: ReportDocument, lists: Lists) -> None:
    heading = word.add_paragraph(MEASURES, HEADING_1)
    # Large letters may need a second page before it, which should not stay empty.
    heading.paragraph_format.page_break_before = bool(document.sections) and document.text_size == TEXT_SIZE
    columns = columns_for(document)
    widths = [Mm(width) for width in columns.widths]
    told = (MEASURES, "หนึ่งแถวต่อหนึ่งมาตรการ แถวที่ผสานทุกช่องเป็นชื่อตัวชี้วัดของมาตรการที่อยู่ถัดลงไป")
    table = headed_table(word, HEADINGS, widths, told)
    for section in document.sections:
        _indicator(table.add_row(), section)
        for measure in section.measures:
            row = table.add_row()
            set_widths(row.cells, widths)
            shape = shape_of(text_of(measure), columns)
            _measure(row, measure, shape, lists)
            if shape.apart:
                _apart(table.add_row(), section, measure)
    if not document.sections:
        cells = table.add_row().cells
        write(cells[0].merge(cells[-1]).paragraphs[0], "แผนนี้ยังไม่มีมาตรการ")


def _indicator(row: Any, section: IndicatorSection) -> None:
    """A row over all columns: a heading, which stays with what follows and which the chart leads to."""
    cells = row.cells
    merged = cells[0].merge(cells[-1])
    shade(merged, GROUP_FILL)
    keep_whole(row)
    paragraph = merged.paragraphs[0]
    paragraph.style = HEADING_2
    write(paragraph, f"ตัวชี้วัดที่ {thai_digits(section.number)} {section.name}")
    mark_place(paragraph, place_of(section))


def _measure(row: Any, measure: MeasureRow, shape: RowShape, lists: Lists) -> None:
    if shape.lines <= WHOLE:
        keep_whole(row)
    title, steps, parties, due, report = row.cells
    write_lines(title, [measure.title])
    _steps(steps, measure, lists)
    write_lines(parties, measure.parties or [NOTHING])
    if len(measure.parties) > 1:
        number = lists.parties()
        for paragraph in parties.paragraphs:
            put_into(paragraph, number)
    write_lines(due, [_due(measure)])
    status = f"{measure.status_label} (ล่าช้า)" if measure.late else measure.status_label
    write(report.paragraphs[0], status, bold=True)
    if shape.apart:
        write(report.add_paragraph(), APART)
    else:
        _report(report, measure)


def _apart(row: Any, section: IndicatorSection, measure: MeasureRow) -> None:
    """What was reported in a row over all columns, as its own column would be far too tall."""
    cells = row.cells
    merged = cells[0].merge(cells[-1])
    write(merged.paragraphs[0], DETAILS, bold=True)
    title = Truncator(measure.title).chars(SHORT_TITLE)
    write(merged.paragraphs[0], f" (ตัวชี้วัดที่ {thai_digits(section.number)} {title})")
    _report(merged, measure)


def _steps(cell: _Cell, measure: MeasureRow, lists: Lists) -> None:
    """The steps as a list that Word counts; where it would count otherwise, with their numbers as text."""
    first = first_counted(measure.steps)
    number = lists.steps(first) if first is not None else 0
    for place, step in enumerate(measure.steps):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        write(paragraph, step.text if number else f"{thai_digits(step.label)} {step.text}")
        if number:
            put_into(paragraph, number, step.level)
        else:
            is_top = step.level == 1
            paragraph.paragraph_format.left_indent = STEP_INDENT if is_top else SUBSTEP_INDENT
            paragraph.paragraph_format.first_line_indent = -(STEP_INDENT if is_top else SUBSTEP_HANGING)
    if not measure.steps:
        write(cell.paragraphs[0], NOTHING)


def _due(measure: MeasureRow) -> str:
    if measure.due_text or measure.due_on is None:
        return measure.due_text or NOTHING
    return thai_digits(long_date(measure.due_on))


def _report(cell: _Cell, measure: MeasureRow) -> None:
    """What was reported, below what is there."""
    write_typed(cell, measure.result)
    for label, text in (("ปัญหา/อุปสรรค และข้อเสนอแนะ ", measure.obstacle), ("เหตุผล ", measure.reason)):
        if text:
            paragraph = cell.add_paragraph()
            write(paragraph, label, bold=True)
            write(paragraph, text)
    if measure.evidence:
        paragraph = cell.add_paragraph()
        for place, proof in enumerate(measure.evidence):
            write(paragraph, ", " if place else "หลักฐานลำดับที่ ")
            write_reference(paragraph, thai_digits(proof.number), place_of_evidence(proof.number))


def _signatures(word: Any, document: ReportDocument) -> None:
    word.add_paragraph()
    table = word.add_table(rows=1, cols=2)
    describe(table, "การลงนาม", "ผู้รายงานอยู่ทางซ้าย ผู้อนุมัติอยู่ทางขวา")
    keep_whole(table.rows[0])
    for cell, lines in zip(table.rows[0].cells, signing(document, "." * 44), strict=True):
        write_lines(cell, lines)
        for paragraph in cell.paragraphs:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
