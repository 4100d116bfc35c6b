"""The report as a Word document, for whoever has to go on writing in it."""

import io
from base64 import b64decode
from datetime import datetime, time
from typing import Any, Final

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import _Cell

from core.thai_calendar import long_date, short_date, thai_digits
from reports.document.annex import STAYS, STAYS_NOTE, Entry, annex
from reports.document.approval import DRAFT, approval_lines, footer, qr_picture, signing
from reports.document.columns import columns_for
from reports.document.facts import MeasureRow, ReportDocument
from reports.document.figures import NO_PICTURES, Pictures
from reports.document.first_page import counted_to, headline, late_lines, late_word
from reports.renderers import Rendered
from reports.renderers.word_changes import write_changes
from reports.renderers.word_figures import write_figures
from reports.renderers.word_parts import (
    add_child,
    grid,
    headed_table,
    new_element,
    remove_thumbnail,
    set_page,
    set_style,
    set_widths,
    write,
    write_lines,
)
from reports.renderers.xml_archive import dated

HEADINGS: Final = ("มาตรการ", "ขั้นตอน/วิธีการปฏิบัติ", "ผู้รับผิดชอบ", "กำหนดแล้วเสร็จ", "ผลการดำเนินงาน")
ANNEX_HEADINGS: Final = ("ลำดับที่", "หลักฐาน", "วันที่", "ที่อยู่")
# Of the 252 mm between the margins.
ANNEX_WIDTHS: Final = (Mm(20), Mm(92), Mm(32), Mm(108))
# Stands after the words that mark invented facts; _paper.html says the same.
INVENTED: Final = "รายงานนี้เป็นเรื่องสมมุติเพื่อทดลองใช้ระบบ ไม่ใช่ผลการดำเนินงานจริง"
INDENT: Final = Mm(6)
PARTY_INDENT: Final = Mm(5)
PICTURE_HEIGHT: Final = Mm(18)
# Stands in a cell that has nothing to say.
NOTHING: Final = "–"
# The file format holds no more of what is said about the file itself.
MAX_PROPERTY: Final = 255


def make(document: ReportDocument, pictures: Pictures = NO_PICTURES) -> Rendered:
    """A4 landscape, a real table whose head repeats on every page, Thai digits as on paper."""
    word = Document()
    remove_thumbnail(word)
    set_page(word)
    set_style(word, document.text_size)
    _margins(word, document)
    if document.seal:
        _picture(word, b64decode(document.seal), f"ตราของ{document.agency}")
    for line in document.title_lines:
        write(word.add_paragraph(), thai_digits(line), bold=True, centred=True)
    if document.sample_note:
        write(word.add_paragraph(), f"{document.sample_note}: {INVENTED}", bold=True, centred=True)
    for line in approval_lines(document):
        write(word.add_paragraph(), line, centred=True)
    if document.edition:
        address = document.edition.address
        _picture(word, qr_picture(address), f"คิวอาร์โค้ดไปยัง {address}")
    _answer(word, document)
    _summary(word, document)
    _measures(word, document)
    _signatures(word, document)
    write_changes(word, document)
    if document.evidence:
        _annex(word, document)
        write_figures(word, document, pictures)
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


def _margins(word: Any, document: ReportDocument) -> None:
    """Whose report it is and which, and the page's number, which Word counts; on top, that it is a draft."""
    section = word.sections[0]
    section.footer_distance = Mm(9)
    if document.is_draft:
        top = section.header.paragraphs[0]
        top.style = word.styles["Normal"]
        write(top, DRAFT, bold=True)
        top.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paragraph = section.footer.paragraphs[0]
    paragraph.style = word.styles["Normal"]
    width = section.page_width - section.left_margin - section.right_margin
    paragraph.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(f"{footer(document)}\tหน้า ")
    # Not PAGE \* ThaiArabic, which LibreOffice reads as letters: ก ข ค.
    section._sectPr.find(qn("w:pgMar")).addnext(new_element("w:pgNumType", fmt="thaiNumbers"))
    field = add_child(paragraph._p, "w:fldSimple", instr="PAGE")
    add_child(add_child(field, "w:r"), "w:t").text = thai_digits(1)


def _picture(word: Any, data: bytes, words: str) -> None:
    paragraph = word.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    shape = paragraph.add_run().add_picture(io.BytesIO(data), height=PICTURE_HEIGHT)
    shape._inline.docPr.set("descr", words[:MAX_PROPERTY])


def _answer(word: Any, document: ReportDocument) -> None:
    """The report in one sentence, and what is late."""
    sentence = headline(document)
    paragraph = word.add_paragraph()
    write(paragraph, thai_digits(sentence.answer), bold=True, centred=True)
    if sentence.rest:
        write(paragraph, thai_digits(f" · {sentence.rest}"))
    word.add_paragraph()
    late = late_lines(document)
    if late:
        day = thai_digits(long_date(counted_to(document)))
        heading = word.add_paragraph()
        heading.paragraph_format.keep_with_next = True
        write(heading, f"มาตรการที่{late_word(document)} (นับถึง {day})", bold=True)
    for line in late:
        paragraph = word.add_paragraph()
        paragraph.paragraph_format.left_indent = INDENT
        write(paragraph, f"ตัวชี้วัดที่ {thai_digits(line.indicator)} {line.title}", bold=True)
        due = line.due_text or (thai_digits(long_date(line.due_on)) if line.due_on else NOTHING)
        since = thai_digits(line.since)
        write(paragraph, f" · {line.whose} · กำหนด {due} · {since} · เหตุผล: {line.reason}")
    if late:
        word.add_paragraph()


def _summary(word: Any, document: ReportDocument) -> None:
    columns = [(count.label, count.count) for count in document.status_counts]
    columns += [("รวม", document.measure_count), ("ล่าช้า", document.late_count)]
    table = grid(word, len(columns))
    for place, (label, _) in enumerate(columns):
        write(table.rows[0].cells[place].paragraphs[0], label, bold=True, centred=True)
    cells = table.add_row().cells
    for place, (_, count) in enumerate(columns):
        write(cells[place].paragraphs[0], thai_digits(count), centred=True)
    word.add_paragraph()
    missing = document.indicators_without_measures
    if missing:
        named = ", ".join(f"ตัวชี้วัดที่ {thai_digits(indicator.number)} {indicator.name}" for indicator in missing)
        text = f"ตัวชี้วัดที่ไม่มีมาตรการ {thai_digits(len(missing))} ตัวชี้วัด ได้แก่ {named}"
        write(word.add_paragraph(), text, centred=True)
        word.add_paragraph()


def _measures(word: Any, document: ReportDocument) -> None:
    widths = [Mm(width) for width in columns_for(document).widths]
    table = headed_table(word, HEADINGS, widths)
    for section in document.sections:
        cells = table.add_row().cells
        merged = cells[0].merge(cells[-1])
        heading = f"ตัวชี้วัดที่ {thai_digits(section.number)} {section.name}"
        write(merged.paragraphs[0], heading, bold=True)
        merged.paragraphs[0].paragraph_format.keep_with_next = True
        for measure in section.measures:
            cells = table.add_row().cells
            set_widths(cells, widths)
            _measure(cells, measure)
    if not document.sections:
        cells = table.add_row().cells
        write(cells[0].merge(cells[-1]).paragraphs[0], "แผนนี้ยังไม่มีมาตรการ")


def _measure(cells: tuple[_Cell, ...], measure: MeasureRow) -> None:
    write_lines(cells[0], [measure.title])
    write_lines(cells[1], [f"{thai_digits(step.label)} {step.text}" for step in measure.steps])
    for paragraph, step in zip(cells[1].paragraphs, measure.steps, strict=False):
        paragraph.paragraph_format.left_indent = INDENT * step.level
        paragraph.paragraph_format.first_line_indent = -INDENT
    if not measure.steps:
        write(cells[1].paragraphs[0], NOTHING)
    numbered = len(measure.parties) > 1
    parties = enumerate(measure.parties, 1)
    names = [f"{thai_digits(n)}. {party}" if numbered else party for n, party in parties]
    write_lines(cells[2], names or [NOTHING])
    for paragraph in cells[2].paragraphs if numbered else ():
        paragraph.paragraph_format.left_indent = PARTY_INDENT
        paragraph.paragraph_format.first_line_indent = -PARTY_INDENT
    write_lines(cells[3], [_due(measure)])
    status = f"{measure.status_label} (ล่าช้า)" if measure.late else measure.status_label
    write(cells[4].paragraphs[0], status, bold=True)
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
                write(paragraph, label, bold=True)
            write(paragraph, text)


def _due(measure: MeasureRow) -> str:
    if measure.due_text or measure.due_on is None:
        return measure.due_text or NOTHING
    return thai_digits(long_date(measure.due_on))


def _signatures(word: Any, document: ReportDocument) -> None:
    word.add_paragraph()
    table = word.add_table(rows=1, cols=2)
    for cell, lines in zip(table.rows[0].cells, signing(document, "." * 44), strict=True):
        write_lines(cell, lines)
        for paragraph in cell.paragraphs:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.keep_with_next = True


def _annex(word: Any, document: ReportDocument) -> None:
    heading = word.add_paragraph()
    heading.paragraph_format.page_break_before = True
    write(heading, "ภาคผนวก หลักฐานประกอบการดำเนินงาน", bold=True, centred=True)
    entries = annex(document)
    if any(found.stays for found in entries):
        write(word.add_paragraph(), STAYS_NOTE, centred=True)
    table = headed_table(word, ANNEX_HEADINGS, ANNEX_WIDTHS)
    for found in entries:
        cells = table.add_row().cells
        set_widths(cells, ANNEX_WIDTHS)
        _entry(cells, found)


def _entry(cells: tuple[_Cell, ...], found: Entry) -> None:
    write_lines(cells[0], [thai_digits(found.number)])
    write_lines(cells[1], [found.name])
    write_lines(cells[2], [thai_digits(short_date(found.day))])
    file = f"({thai_digits(found.file)})" if found.file else ""
    place = " ".join(text for text in (found.address or found.place, file) if text)
    where = [place, f"SHA-256 {found.sha256}" if found.sha256 else ""]
    write_lines(cells[3], [text for text in where if text] or [NOTHING])
    if found.stays:
        write(cells[3].add_paragraph(), STAYS, bold=True)
