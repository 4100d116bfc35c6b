"""What a Word document is made of: its page, its typeface, paragraphs and tables."""

from collections.abc import Sequence
from typing import Any, Final

from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell

from reports.document.facts import USUAL_SIZE, TextSize

FONT: Final = "Sarabun"
THUMBNAIL: Final = RELATIONSHIP_TYPE.THUMBNAIL


def remove_thumbnail(word: Any) -> None:
    """The template brings a picture of its own empty first page, which folders would show."""
    relations = word.part.package.rels
    for name in [name for name, relation in relations.items() if relation.reltype == THUMBNAIL]:
        del relations[name]


def set_page(word: Any) -> None:
    """A4 landscape, with room for filing on the left."""
    section = word.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.right_margin = section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin = Mm(25)


def set_style(word: Any, size: TextSize) -> None:
    """Sarabun for every script: Word keeps a font and a size of their own for Thai text."""
    half_points = round(22 * size / USUAL_SIZE)
    style = word.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(half_points / 2)
    style.paragraph_format.space_after = Pt(0)
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), FONT)
    add_child(properties, "w:szCs", val=str(half_points))
    add_child(properties, "w:lang", val="th-TH", bidi="th-TH")


def write(paragraph: Any, text: str, *, bold: bool = False, centred: bool = False) -> None:
    """Add text to a paragraph."""
    run = paragraph.add_run(text)
    if bold:
        run.bold = True
        # Thai text has a switch of its own for bold.
        add_child(run._element.get_or_add_rPr(), "w:bCs")
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def write_lines(cell: _Cell, lines: Sequence[str]) -> None:
    """Write a paragraph for each line into an empty cell."""
    for place, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        write(paragraph, line)


def grid(word: Any, columns: int) -> Any:
    """A table with lines whose first row repeats on every page."""
    table = word.add_table(rows=1, cols=columns)
    table.style = word.styles["Table Grid"]
    add_child(table.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")
    return table


def headed_table(word: Any, headings: Sequence[str], widths: Sequence[Mm]) -> Any:
    """A grid() with its head and the widths of its columns."""
    table = grid(word, len(headings))
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    head = table.rows[0].cells
    set_widths(head, widths)
    for cell, heading in zip(head, headings, strict=True):
        write(cell.paragraphs[0], heading, bold=True, centred=True)
    return table


def set_widths(cells: tuple[_Cell, ...], widths: Sequence[Mm]) -> None:
    """Say of each cell of a row how wide it is."""
    # Word goes by the columns, LibreOffice by the cells.
    for cell, width in zip(cells, widths, strict=True):
        cell.width = width


def add_child(parent: Any, tag: str, **attributes: str) -> Any:
    """A new last element of an element; attributes are of Word's own namespace."""
    element = new_element(tag, **attributes)
    parent.append(element)
    return element


def new_element(tag: str, **attributes: str) -> Any:
    """An element of Word's XML, such as w:pgNumType."""
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element
