"""What a Word document is made of: its page, text, links, pictures and tables."""

import io
from collections.abc import Collection, Sequence
from typing import Any, Final

from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length, Mm
from docx.table import _Cell

from reports.document.typed import typed_lines
from reports.renderers.links import link_target

# The file format holds no more of what is said about the file, and of a picture.
MAX_PROPERTY: Final = 255
# The grey of heads, and the lighter one of the rows that name an indicator.
HEAD_FILL: Final = "E7E7E7"
GROUP_FILL: Final = "F3F3F3"
ITEM_INDENT: Final = Mm(4)


def set_page(word: Any) -> None:
    """A4 landscape, with room for filing on the left."""
    section = word.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.right_margin = section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin = Mm(25)
    section.header_distance, section.footer_distance = Mm(11), Mm(9)


def remove_parts(word: Any, kinds: Collection[str]) -> None:
    """Take parts out that python-docx's template brings, such as its thumbnail, which folders would show."""
    for relations in (word.part.package.rels, word.part.rels):
        for name, relation in list(relations.items()):
            if relation.reltype.rpartition("/")[2] in kinds:
                del relations[name]


# --- Text -------------------------------------------------------------------------------------------


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
        write(cell.paragraphs[0] if place == 0 else cell.add_paragraph(), line)


def write_typed(cell: _Cell, text: str) -> None:
    """Write what somebody typed into a cell, below what is there; an item of a list is set in."""
    is_empty = len(cell.paragraphs) == 1 and not cell.paragraphs[0].text
    for place, line in enumerate(typed_lines(text)):
        paragraph = cell.paragraphs[0] if is_empty and place == 0 else cell.add_paragraph()
        write(paragraph, line.text)
        if line.is_item:
            paragraph.paragraph_format.left_indent = ITEM_INDENT
            paragraph.paragraph_format.first_line_indent = -ITEM_INDENT


def write_link(paragraph: Any, address: str) -> None:
    """Add an address of the web to a paragraph, as a link where it can be one."""
    target = link_target(address)
    if not target:
        write(paragraph, address)
        return
    name = paragraph.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = add_child(paragraph._p, "w:hyperlink", history="1")
    link.set(qn("r:id"), name)
    run = _linked_run(link, address)
    run.insert(0, new_element("w:rPr"))
    add_child(run[0], "w:rStyle", val="Hyperlink")


def write_reference(paragraph: Any, text: str, place: str) -> None:
    """Add a text that leads to a place in the document, which mark_place() marks; on paper it is like any."""
    _linked_run(add_child(paragraph._p, "w:hyperlink", anchor=place, history="1"), text)


def _linked_run(link: Any, text: str) -> Any:
    run = add_child(link, "w:r")
    written = add_child(run, "w:t")
    written.text = text
    written.set(qn("xml:space"), "preserve")
    return run


def mark_place(paragraph: Any, place: str) -> None:
    """Mark the end of a paragraph as a place that references can lead to; number_places() comes after all."""
    add_child(paragraph._p, "w:bookmarkStart", id="0", name=place)
    add_child(paragraph._p, "w:bookmarkEnd", id="0")


def number_places(word: Any) -> None:
    """Give each marked place a number of its own, which the format asks for."""
    body = word.element.body
    for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
        for number, found in enumerate(body.iter(qn(tag))):
            found.set(qn("w:id"), str(number))


# --- Pictures ---------------------------------------------------------------------------------------


def add_picture(paragraph: Any, data: bytes, words: str, height: Length, width: Length | None = None) -> Any:
    """Add a picture to a paragraph, in the line.

    Args:
        words: what it says, for who cannot see it.
    """
    shape = paragraph.add_run().add_picture(io.BytesIO(data), width=width, height=height)
    shape._inline.docPr.set("descr", words[:MAX_PROPERTY])
    # LibreOffice leaves some millimetres where a file does not say that there are none.
    for side in ("distT", "distB", "distL", "distR"):
        shape._inline.set(side, "0")
    return shape


def float_picture(paragraph: Any, data: bytes, words: str, height: Length, *, right: bool) -> None:
    """Add a picture that stands at one side of the page, level with a paragraph, over what is there."""
    inline = add_picture(paragraph, data, words, height)._inline
    side = "right" if right else "left"
    anchor = parse_xml(
        f'<wp:anchor {nsdecls("wp", "a", "pic", "r")} distT="0" distB="0" distL="0" distR="0" simplePos="0"'
        ' relativeHeight="1" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1">'
        '<wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="margin"><wp:align>{side}</wp:align></wp:positionH>'
        '<wp:positionV relativeFrom="paragraph"><wp:posOffset>0</wp:posOffset></wp:positionV></wp:anchor>'
    )
    for child in list(inline):
        anchor.append(child)
        if child.tag == qn("wp:extent"):
            anchor.append(parse_xml(f"<wp:wrapNone {nsdecls('wp')}/>"))
    inline.getparent().replace(inline, anchor)


# --- Tables -----------------------------------------------------------------------------------------


def headed_table(
    word: Any,
    headings: Sequence[str],
    widths: Sequence[Length],
    named: tuple[str, str],
    style: str = "Table Grid",
) -> Any:
    """A table with lines whose first row repeats on every page.

    Args:
        named: what it is called and what stands in it, for who hears it.
    """
    table = word.add_table(rows=1, cols=len(headings))
    table.style = word.styles[style]
    table.autofit = False
    describe(table, *named)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    keep_whole(table.rows[0])
    add_child(table.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")
    head = table.rows[0].cells
    set_widths(head, widths)
    for cell, heading in zip(head, headings, strict=True):
        write(cell.paragraphs[0], heading, bold=True, centred=True)
        shade(cell, HEAD_FILL)
        centre(cell)
    return table


def describe(table: Any, title: str, text: str) -> None:
    """Say what a table is called and what stands in it."""
    add_child(table._tbl.tblPr, "w:tblCaption", val=title)
    add_child(table._tbl.tblPr, "w:tblDescription", val=text)


def keep_whole(row: Any) -> None:
    """No page ends inside a row."""
    add_child(row._tr.get_or_add_trPr(), "w:cantSplit")


def shade(cell: _Cell, fill: str) -> None:
    """Give a cell a ground."""
    add_child(cell._tc.get_or_add_tcPr(), "w:shd", val="clear", color="auto", fill=fill)


def centre(cell: _Cell) -> None:
    """Put what is in a cell between its top and its bottom."""
    add_child(cell._tc.get_or_add_tcPr(), "w:vAlign", val="center")


def set_widths(cells: Sequence[_Cell], widths: Sequence[Length]) -> None:
    """Say of each cell of a row how wide it is."""
    # Word goes by the columns, LibreOffice by the cells.
    for cell, width in zip(cells, widths, strict=True):
        cell.width = width


# --- XML --------------------------------------------------------------------------------------------


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
