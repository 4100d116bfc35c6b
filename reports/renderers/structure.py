"""The structure of a PDF: what a screen reader reads aloud, and what programs follow.

WeasyPrint makes an element of the structure for each box on each page: a table that goes on over five pages
is five tables, a row that goes on has cells with nothing in them, an address of two lines is two links. Here
an element of the page is one element of the structure, however many pages and lines it takes. What a page
repeats, such as the head of a table, is furniture of the page, as what stands in its margins.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import pydyf
import weasyprint
from weasyprint import pdf as weasyprint_pdf
from weasyprint.formatting_structure import boxes

from reports.renderers.heads import TaggedCell, TaggedRow, connect_heads

logger: Final = logging.getLogger(__name__)

# Whose boxes and marks are known to be as below.
FITS_WEASYPRINT: Final = "70."
POINTS: Final = 0.75
SVG: Final = "{http://www.w3.org/2000/svg}"
# What an element of the page is in the structure; all others are what they stand in.
KINDS: Final = {
    "article": "Art",
    "section": "Sect",
    "figure": "Div",
    "blockquote": "BlockQuote",
    **{name: name.upper() for name in ("p", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "th", "td")},
    "ul": "L",
    "ol": "L",
    "li": "LI",
    "table": "Table",
    "thead": "THead",
    "tbody": "TBody",
    "tfoot": "TFoot",
    "caption": "Caption",
    "figcaption": "Caption",
    "img": "Figure",
    f"{SVG}svg": "Figure",
}
# They stand in the structure also where nothing is in them.
ALWAYS: Final = frozenset({"TR", "TH", "TD"})


def fits(weasyprint_version: str) -> bool:
    """Whether the way by which WeasyPrint marks and lays out is known."""
    return weasyprint_version.startswith(FITS_WEASYPRINT)


@dataclass(eq=False)
class _Node:
    """An element of the structure; it gets its place when the first thing is put into it."""

    element: Any
    parent: "_Node | None"
    placed: bool = False
    item: "_Node | None" = None
    """Of the body of a list's item, the item."""
    rows: list[TaggedRow] = field(default_factory=list)
    """Of a table."""
    areas: dict[int, Any] = field(default_factory=dict)
    """Of a link, its area on each page."""


@dataclass
class _Page:
    """A page while its text gets its places."""

    number: int
    reference: bytes
    height: float
    marks: dict[Any, Any]
    """The marked parts of its stream, by their boxes."""
    texts: dict[int, bytes] = field(default_factory=dict)
    """The element of each, by its number."""


class _Structure:
    """The structure while it is made."""

    def __init__(self, pdf: Any) -> None:
        self._pdf = pdf
        self.root = pydyf.Dictionary({"Type": "/StructTreeRoot"})
        pdf.add_object(self.root)
        self._document = _Node(
            pydyf.Dictionary(
                {"Type": "/StructElem", "S": "/Document", "K": pydyf.Array(), "P": self.root.reference}
            ),
            None,
            placed=True,
        )
        pdf.add_object(self._document.element)
        self.root["K"] = pydyf.Array([self._document.element.reference])
        self._known: dict[tuple[str, Any], _Node] = {}
        self._pages_of_heads: dict[_Node, int] = {}
        self._tables: list[_Node] = []
        self.links: list[tuple[_Node, Any]] = []

    def add(self, box: Any, page: _Page) -> None:
        """Put what stands on a page into the structure."""
        self._visit(box, self._document, page)

    @property
    def tables(self) -> Iterator[list[TaggedRow]]:
        """The rows of each table, once all pages are there."""
        return (table.rows for table in self._tables)

    def _visit(self, box: Any, parent: _Node, page: _Page) -> None:
        # What is placed absolutely has a stand-in where it would be.
        box = box if isinstance(box, boxes.Box) else box._box
        if isinstance(box, boxes.MarginBox):
            return
        node = parent
        if not isinstance(box, boxes.TextBox | boxes.LineBox) and box.element is not None:
            node = self._node(box, parent, page)
            if self._pages_of_heads.get(node, page.number) != page.number:
                return
        if box.link_annotation is not None:
            self._link(node, box.link_annotation, page)
        if (mark := page.marks.get(box)) and _says_something(box, node):
            self._say(node, mark["mcid"], page)
        for child in box.children:
            self._visit(child, node, page)

    def _node(self, box: Any, parent: _Node, page: _Page) -> _Node:
        """What a box is part of: of an element that stands on an earlier page or line, the same again."""
        tag = box.element_tag
        key = (tag, box.element)
        if key in self._known:
            return self._known[key]
        made = self._made(box, tag, parent, page)
        if made is not parent:
            self._known[key] = made
        return made

    def _made(self, box: Any, tag: str, parent: _Node, page: _Page) -> _Node:
        if tag == "a" and box.link_annotation is not None:
            return self._new("Link", parent)
        if tag == "li::marker" or (tag == "span" and parent.item and not parent.placed):
            list_ = parent.item and parent.item.parent
            if list_ is None or parent.item is None:
                return parent
            # There is none for Thai digits; this one says that the numbers count.
            list_.element["A"] = pydyf.Dictionary({"O": "/List", "ListNumbering": "/Decimal"})
            return self._new("Lbl", parent.item)
        kind = KINDS.get(tag)
        if kind is None:
            return parent
        if kind == "LI":
            item = self._new(kind, parent)
            body = self._new("LBody", item)
            body.item = item
            return body
        if kind == "Figure" and not _words_of(box):
            return parent
        made = self._new(kind, parent)
        if kind == "Figure":
            made.element |= _said_of_figure(box, page.height)
        elif kind == "THead":
            self._pages_of_heads[made] = page.number
        elif kind == "Table":
            self._tables.append(made)
            if summary := box.element.get("aria-label"):
                made.element["A"] = pydyf.Dictionary({"O": "/Table", "Summary": pydyf.String(summary)})
        elif kind == "TR":
            table = self._around(made, "/Table")
            table.rows.append(TaggedRow(of_head=parent.element["S"] == "/THead", group=parent))
        elif kind in {"TH", "TD"}:
            made.element["A"] = pydyf.Dictionary({"O": "/Table"})
            if box.colspan != 1:
                made.element["A"]["ColSpan"] = box.colspan
            if box.rowspan != 1:
                made.element["A"]["RowSpan"] = box.rowspan
            scope = str(box.element.get("scope", "")) if kind == "TH" else None
            self._around(made, "/Table").rows[-1].cells.append(TaggedCell(made.element, box.colspan, scope))
        return made

    def _around(self, node: _Node, kind: str) -> _Node:
        while node.element["S"] != kind and node.parent is not None:
            node = node.parent
        return node

    def _new(self, kind: str, parent: _Node) -> _Node:
        element = pydyf.Dictionary({"Type": "/StructElem", "S": f"/{kind}", "K": pydyf.Array()})
        node = _Node(element, parent)
        if kind in ALWAYS:
            self._place(node)
        return node

    def _place(self, node: _Node) -> None:
        if not node.placed and node.parent is not None:
            self._place(node.parent)
            node.placed = True
            self._pdf.add_object(node.element)
            node.element["P"] = node.parent.element.reference
            node.parent.element["K"].append(node.element.reference)

    def _say(self, node: _Node, number: int, page: _Page) -> None:
        """Put a marked part of a page into an element."""
        self._place(node)
        page.texts[number] = node.element.reference
        own = node.element.setdefault("Pg", page.reference)
        elsewhere = {"Type": "/MCR", "Pg": page.reference, "MCID": number}
        node.element["K"].append(number if own == page.reference else pydyf.Dictionary(elsewhere))

    def _link(self, node: _Node, annotation: Any, page: _Page) -> None:
        """Put an area that leads somewhere into a link, or more of it into the area that it has on a page."""
        x1, y1, x2, y2 = annotation["Rect"]
        left, right, low, high = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
        corners = (left, high, right, high, left, low, right, low)
        area = node.areas.get(page.number)
        if area is None:
            self._place(node)
            node.areas[page.number] = annotation
            annotation["Rect"] = pydyf.Array([left, low, right, high])
            annotation["QuadPoints"] = pydyf.Array(corners)
            node.element.setdefault("Pg", page.reference)
            node.element["K"].append(
                pydyf.Dictionary({"Type": "/OBJR", "Obj": annotation.reference, "Pg": page.reference})
            )
            self.links.append((node, annotation))
            return
        area["QuadPoints"].extend(corners)
        x1, y1, x2, y2 = area["Rect"]
        area["Rect"][:] = (min(x1, left), min(y1, low), max(x2, right), max(y2, high))
        annotation.clear()
        self._pdf.objects[int(page.reference.split()[0])]["Annots"].remove(annotation.reference)


def _says_something(box: Any, node: _Node) -> bool:
    """Whether a marked part is more than white space, or a picture that is there for its looks alone."""
    if isinstance(box, boxes.TextBox):
        return bool(box.text.strip())
    return bool(node.element["S"] == "/Figure")


def _words_of(box: Any) -> str:
    """What a picture shows; empty where it is there for its looks alone."""
    if box.element_tag == "img":
        words = box.element.get("alt") or ""
    else:
        words = box.element.findtext(f"{SVG}title") or ""
    return " ".join(words.split())


def _said_of_figure(box: Any, height: float) -> dict[str, Any]:
    """Where a picture stands on its page, in points from the lower left corner, and what it shows."""
    x, y = box.content_box_x(), box.content_box_y()
    corners = (x, height - y - box.height, x + box.width, height - y)
    area = pydyf.Dictionary({"O": "/Layout", "BBox": pydyf.Array(POINTS * side for side in corners)})
    return {"A": area, "Alt": pydyf.String(_words_of(box))}


def _add_structure(pdf: Any, document: Any, _version: Any, streams: Any) -> None:
    """What WeasyPrint's add_tags() does, in its place."""
    structure = _Structure(pdf)
    numbers = pydyf.Array()
    references = pdf.page_references
    for number, (laid_out, stream) in enumerate(zip(document.pages, streams, strict=True)):
        page = _Page(number, references[number], laid_out.height, stream._tags)
        structure.add(laid_out._page_box, page)
        numbers.append(number)
        numbers.append(pydyf.Array(page.texts.get(mcid, "null") for mcid in range(len(stream._tags))))
        _mark_furniture(stream.stream, page.texts)
    for number, (node, annotation) in enumerate(structure.links, start=len(references)):
        annotation["StructParent"] = number
        numbers.extend((number, node.element.reference))
    parents = pydyf.Dictionary({"Nums": numbers})
    pdf.add_object(parents)
    structure.root["ParentTree"] = parents.reference
    structure.root["ParentTreeNextKey"] = len(numbers) // 2
    if names := connect_heads(structure.tables):
        index = pydyf.Dictionary({"Names": names})
        pdf.add_object(index)
        structure.root["IDTree"] = index.reference
    pdf.catalog["StructTreeRoot"] = structure.root.reference
    pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
    pdf.catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})


def _mark_furniture(stream: list[Any], texts: dict[int, bytes]) -> None:
    """Mark what is in no element as furniture of the page (ISO 14289-1, 7.1 and 7.8)."""
    for position, properties in enumerate(stream):
        if isinstance(properties, dict) and properties.get("MCID", -1) not in texts and "MCID" in properties:
            kind = "/Layout" if stream[position - 1] == "/Figure" else "/Pagination"
            stream[position - 1] = "/Artifact"
            properties.clear()
            properties["Type"] = kind


if fits(weasyprint.__version__):
    weasyprint_pdf.add_tags = _add_structure
else:
    logger.warning("WeasyPrint %s is not known: a table is tagged page by page", weasyprint.__version__)
