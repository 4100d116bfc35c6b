"""The pictures of the annex in a Word report, two beside one another."""

import io
from typing import Any, Final

from docx.image.image import Image
from docx.shared import Mm

from reports.document.facts import ReportDocument
from reports.document.figures import BESIDE, Figure, Pictures, box, figures, rows_of, with_pictures
from reports.renderers.word_parts import add_child, set_widths, write

HEADING: Final = "ภาพประกอบหลักฐาน"
COLUMN: Final = Mm(126)
# The file format holds no more of what is said about a picture.
MAX_WORDS: Final = 255


def write_figures(word: Any, document: ReportDocument, pictures: Pictures) -> None:
    """Add them below their heading on a page of their own; each row stays on one page."""
    shown = figures(document, pictures)
    if not shown:
        return
    heading = word.add_paragraph()
    heading.paragraph_format.page_break_before = True
    heading.paragraph_format.keep_with_next = True
    write(heading, HEADING, bold=True)
    table = word.add_table(rows=0, cols=BESIDE)
    room = box(len(with_pictures(document)))
    for row in rows_of(shown):
        added = table.add_row()
        add_child(added._tr.get_or_add_trPr(), "w:cantSplit")
        set_widths(added.cells, [COLUMN] * BESIDE)
        for cell, figure in zip(added.cells, row, strict=False):
            _figure(cell, figure, pictures[figure.line.number], room)


def _figure(cell: Any, figure: Figure, picture: bytes, room: tuple[int, int]) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.keep_with_next = True
    size = Image.from_blob(picture)
    width, height = (Mm(side) for side in room)
    scale = min(width / size.px_width, height / size.px_height)
    shape = paragraph.add_run().add_picture(
        io.BytesIO(picture), width=round(size.px_width * scale), height=round(size.px_height * scale)
    )
    shape._inline.docPr.set("descr", figure.words[:MAX_WORDS])
    write(cell.add_paragraph(), figure.caption)
