"""The pictures of the annex in a Word report, two beside one another."""

from typing import Any, Final

from docx.image.image import Image
from docx.shared import Emu, Mm

from core.thai_calendar import thai_digits
from reports.document.facts import ReportDocument
from reports.document.figures import BESIDE, MOST, Figure, Pictures, box, figures, rows_of, with_pictures
from reports.renderers.word_parts import add_picture, describe, keep_whole, set_widths, write
from reports.renderers.word_styles import HEADING_1

HEADING: Final = "ภาพประกอบหลักฐาน"
COLUMN: Final = Mm(126)


def write_figures(word: Any, document: ReportDocument, pictures: Pictures) -> None:
    """Add them below their heading on a page of their own; each row stays on one page."""
    shown = figures(document, pictures)
    if not shown:
        return
    heading = word.add_paragraph(HEADING, HEADING_1)
    heading.paragraph_format.page_break_before = True
    table = word.add_table(rows=0, cols=BESIDE)
    describe(table, HEADING, "ภาพของหลักฐานตามลำดับที่ แถวละสองภาพ คำบรรยายอยู่ใต้ภาพ")
    count = len(with_pictures(document))
    for line in rows_of(shown):
        row = table.add_row()
        keep_whole(row)
        set_widths(row.cells, [COLUMN] * BESIDE)
        for cell, figure in zip(row.cells, line, strict=False):
            _figure(cell, figure, pictures[figure.line.number], box(count))
    if count > MOST:
        write(word.add_paragraph(), f"ยังมีอีก {thai_digits(count - MOST)} ภาพ ดูได้จากรายการหลักฐาน")


def _figure(cell: Any, figure: Figure, picture: bytes, room: tuple[int, int]) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.keep_with_next = True
    size = Image.from_blob(picture)
    widest, tallest = (Mm(side) for side in room)
    scale = min(widest / size.px_width, tallest / size.px_height)
    width, height = (Emu(round(side * scale)) for side in (size.px_width, size.px_height))
    add_picture(paragraph, picture, figure.words, height, width)
    caption = cell.add_paragraph()
    caption.paragraph_format.space_after = Mm(2)
    write(caption, figure.caption)
