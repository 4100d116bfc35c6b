"""The first page of the report in Word: whose it is, the answer in a sentence, the chart, what is late."""

from base64 import b64decode
from collections.abc import Sequence
from typing import Any, Final

from docx.shared import Mm

from core.thai_calendar import long_date, thai_digits
from reports.document.approval import approval_lines, qr_picture
from reports.document.facts import IndicatorSection, ReportDocument
from reports.document.first_page import (
    LateLine,
    counted_to,
    headline,
    late_lines,
    late_word,
    standing,
    steps_done,
)
from reports.renderers.bar import bar_picture
from reports.renderers.word_lists import Lists, put_into
from reports.renderers.word_parts import (
    add_picture,
    centre,
    float_picture,
    headed_table,
    keep_whole,
    set_widths,
    write,
    write_link,
    write_reference,
)
from reports.renderers.word_styles import HEADING_1, HEADLINE, SMALL, TITLE

# Stands after the words that mark invented facts; paper/_top.html says the same.
INVENTED: Final = "รายงานนี้เป็นเรื่องสมมุติเพื่อทดลองใช้ระบบ ไม่ใช่ผลการดำเนินงานจริง"
CHART: Final = "ความก้าวหน้าตามตัวชี้วัด"
CHART_HEADINGS: Final = ("ตัวชี้วัด", "ดำเนินการแล้ว", "ขั้นตอน", "ผลการดำเนินงาน")
# Of the 252 mm between the margins.
CHART_WIDTHS: Final = (Mm(88), Mm(56), Mm(22), Mm(86))
BAR_WIDTH, BAR_HEIGHT = Mm(48), Mm(3.2)
SWATCH: Final = (70, 38)
# Seal and QR code stand beside the title, which stays in the middle between them.
SIDE: Final = Mm(18)
ROOM: Final = Mm(30)
# Stands where there is nothing to say.
NOTHING: Final = "–"


def write_first_page(word: Any, document: ReportDocument, lists: Lists) -> None:
    """All that stands before the table of measures."""
    _top(word, document)
    _answer(word, document)
    if document.sections:
        _chart(word, document)
    late = late_lines(document)
    if late:
        day = thai_digits(long_date(counted_to(document)))
        word.add_paragraph(f"มาตรการที่{late_word(document)} (นับถึง {day})", HEADING_1)
        _late(word, late, lists.bullets())
    missing = document.indicators_without_measures
    if missing:
        named = ", ".join(f"ตัวชี้วัดที่ {thai_digits(indicator.number)} {indicator.name}" for indicator in missing)
        text = f"ตัวชี้วัดที่ไม่มีมาตรการ {thai_digits(len(missing))} ตัวชี้วัด ได้แก่ {named}"
        paragraph = word.add_paragraph()
        paragraph.paragraph_format.space_before = Mm(2)
        write(paragraph, text)


def place_of(section: IndicatorSection) -> str:
    """The name of the place in the document where an indicator begins."""
    return f"indicator_{section.number}"


def _top(word: Any, document: ReportDocument) -> None:
    paragraphs = [word.add_paragraph(thai_digits(line), TITLE) for line in document.title_lines]
    if document.sample_note:
        paragraphs.append(word.add_paragraph())
        write(paragraphs[-1], f"{document.sample_note}: {INVENTED}", bold=True, centred=True)
    for line in approval_lines(document):
        paragraphs.append(word.add_paragraph())
        address = document.edition.address if document.edition else ""
        # Where it can be checked comes last in its line.
        text = line.removesuffix(address) if address else line
        write(paragraphs[-1], text, centred=True)
        if text != line:
            write_link(paragraphs[-1], address)
    if document.seal:
        seal = b64decode(document.seal)
        float_picture(paragraphs[0], seal, f"ตราของ{document.agency}", SIDE, right=False)
    if document.edition:
        address = document.edition.address
        float_picture(paragraphs[0], qr_picture(address), f"คิวอาร์โค้ดไปยัง {address}", SIDE, right=True)
    if document.seal or document.edition:
        for paragraph in paragraphs:
            paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = ROOM


def _answer(word: Any, document: ReportDocument) -> None:
    """The report in one sentence."""
    sentence = headline(document)
    paragraph = word.add_paragraph("", HEADLINE)
    write(paragraph, thai_digits(sentence.answer), bold=True)
    if sentence.rest:
        write(paragraph, thai_digits(f" · {sentence.rest}"))


def _chart(word: Any, document: ReportDocument) -> None:
    """How far each indicator is, by its steps; each leads to where it is reported."""
    word.add_paragraph(CHART, HEADING_1)
    told = (CHART, "ขั้นตอนที่ดำเนินการแล้วของแต่ละตัวชี้วัด เป็นแถบและตัวเลข และผลการดำเนินงานของมาตรการ")
    table = headed_table(word, CHART_HEADINGS, CHART_WIDTHS, told, "Table Lines")
    for section in document.sections:
        row = table.add_row()
        keep_whole(row)
        set_widths(row.cells, CHART_WIDTHS)
        centre(row.cells[1])
        name, bar, number, words = (cell.paragraphs[0] for cell in row.cells)
        for paragraph in (name, bar, number, words):
            # All of the first page has to have room on it.
            paragraph.style = SMALL
        # A picture alone in its cell hangs at the top in LibreOffice.
        bar.paragraph_format.space_before = Mm(0.8)
        write_reference(name, f"{thai_digits(section.number)}. {section.name}", place_of(section))
        count = steps_done(section)
        done, total = thai_digits(count.done), thai_digits(count.total)
        if count.total:
            alternative = f"ตัวชี้วัดที่ {thai_digits(section.number)}: ดำเนินการแล้ว {done} จาก {total} ขั้นตอน"
            add_picture(bar, bar_picture(count.share), alternative, BAR_HEIGHT, BAR_WIDTH)
        else:
            write(bar, NOTHING)
        write(number, f"{done}/{total}", centred=True)
        write(words, thai_digits(standing(document, section)))
    key = word.add_paragraph("", SMALL)
    for share, colour, text in (
        (100, "สีดำ", " รายงานว่าดำเนินการแล้ว   "),
        (0, "สีขาว", " ยังไม่รายงาน · ไม่นับขั้นตอนของมาตรการที่ยกเลิก"),
    ):
        add_picture(key, bar_picture(share, SWATCH), colour, Mm(2.6))
        write(key, text)


def _late(word: Any, late: Sequence[LateLine], number: int) -> None:
    for line in late:
        paragraph = word.add_paragraph()
        put_into(paragraph, number)
        write(paragraph, f"ตัวชี้วัดที่ {thai_digits(line.indicator)} {line.title}", bold=True)
        due = line.due_text or (thai_digits(long_date(line.due_on)) if line.due_on else NOTHING)
        write(paragraph, f" · {line.whose} · กำหนด {due} · ")
        write(paragraph, thai_digits(line.since), bold=True)
        write(paragraph, f" · เหตุผล: {line.reason}")
