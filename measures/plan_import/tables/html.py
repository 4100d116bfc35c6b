"""The tables of HTML: a page, a file that is called .xls and is one, what is copied in a browser or in Word.

It is read as a stream: no tree is built, nothing is asked for from elsewhere, and what it costs is counted.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from measures.numbered_lists import Line
from measures.plan_import.model import Unreadable
from measures.plan_import.tables import html_looks as looks
from measures.plan_import.tables.grid import MAX_COLUMNS, Grid
from measures.plan_import.tables.numbering import BULLET, whole
from measures.plan_import.tables.package import DAMAGED
from measures.plan_import.tables.table import MAX_LINES_IN_CELL, TOO_LARGE, Budget, Row, Table, cleaned
from measures.plan_import.understanding.headings import head_at

MAX_NESTED: Final = 20
MAX_DEPTH: Final = 400
MAX_LINES_ABOVE: Final = 200
MAX_STYLE: Final = 500_000
_CHUNK: Final = 64 * 1024

_IS_PAGE: Final = re.compile(
    r"(?:\s|\ufeff|<!--.{0,2000}?-->|<\?xml[^>]{0,200}\?>)*"
    r"<(?:!doctype\s+html|html|head|body|meta|style|table|div|span|p|b|center|google-sheets-html-origin)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_TABLE: Final = re.compile(r"<table[\s>]", re.IGNORECASE)
_SKIPPED: Final = frozenset(
    {"script", "style", "title", "template", "noscript", "svg", "object", "del", "math", "audio", "video"}
)
_BLOCKS: Final = frozenset(
    "address article aside blockquote body br caption center dd div dl dt fieldset figcaption figure footer"
    " form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table td th tr ul".split()
)
_VOID: Final = frozenset({"br", "hr", "img", "input", "meta", "link", "col", "wbr", "base", "area"})
_TICKS: Final = 20


def is_html(text: str) -> bool:
    """Whether a text is HTML with a table in it; a cell of a text may hold a tag or two."""
    return bool(_IS_PAGE.match(text[:10_000]) and _TABLE.search(text))


def read_html(text: str, budget: Budget) -> list[Table]:
    """The tables of HTML in their order, each with the lines of text that stand above it.

    Raises:
        Unreadable: too large, or nested without end.
    """
    from lxml import etree  # type: ignore[import-untyped]

    style = "".join(re.findall(r"<style[^>]*>(.*?)</style", text[:MAX_STYLE], re.IGNORECASE | re.DOTALL))
    page = _HtmlPage(looks.hidden_classes(style), budget)
    parser = etree.HTMLParser(target=page, no_network=True, encoding="utf-8")
    content = text.encode("utf-8", errors="replace")
    for begin in range(0, len(content), _CHUNK):
        parser.feed(content[begin : begin + _CHUNK])
    parser.close()
    return page.tables


@dataclass(slots=True)
class _Element:
    tag: str
    is_hidden: bool
    keeps_lines: bool


@dataclass(slots=True)
class _List:
    kind: str
    next: int
    step: int


@dataclass(slots=True)
class _Text:
    """The lines of a cell, or of what stands outside of tables; the last one may still be going on."""

    lines: list[Line] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    label: str = ""
    depth: int | None = None
    lists: list[_List] = field(default_factory=list)

    def end_line(self) -> None:
        text = cleaned("".join(self.pieces))
        self.pieces = []
        if text:
            self.lines.append(Line(text, self.label, self.depth if self.label else None))
            self.label, self.depth = "", None
        if len(self.lines) > MAX_LINES_IN_CELL:
            raise Unreadable(TOO_LARGE)


@dataclass(slots=True)
class _HtmlTable:
    grid: Grid
    above: tuple[str, ...]
    cell: _Text | None = None
    span: tuple[int, int] = (1, 1)
    is_coloured: bool = False


class _HtmlPage:
    """Follows the elements from start to end, as a target of lxml's parser."""

    def __init__(self, classes: frozenset[str], budget: Budget) -> None:
        self.tables: list[Table] = []
        self._classes = classes
        self._budget = budget
        self._elements: list[_Element] = []
        self._open: list[_HtmlTable] = []
        self._outside = _Text()
        # Word puts a number before a paragraph in an element of its own, here at this depth.
        self._number: list[str] | None = None
        self._number_at = 0

    # --- As the parser calls it -----------------------------------------------------------------------

    def start(self, tag: str, attrib: dict[str, str]) -> None:
        self._budget.work()
        self._budget.time()
        above = self._elements[-1] if self._elements else _Element("", is_hidden=False, keeps_lines=False)
        if len(self._elements) >= MAX_DEPTH:
            raise Unreadable(DAMAGED)
        is_hidden = above.is_hidden or tag in _SKIPPED or looks.is_hidden(attrib, self._classes)
        if tag == "option" and "selected" not in attrib:
            is_hidden = True
        keeps_lines = above.keeps_lines or looks.keeps_lines(tag, attrib)
        self._elements.append(_Element(tag, is_hidden, keeps_lines))
        if not is_hidden:
            self._start(tag, attrib)

    def end(self, tag: str) -> None:
        element = self._elements.pop() if self._elements else None
        if element and not element.is_hidden:
            self._end(tag)
        elif tag == "tr" and self._open and not self._elements[-1].is_hidden:
            self._open[-1].grid.skip_row()

    def data(self, text: str) -> None:
        element = self._elements[-1] if self._elements else None
        if element is None or element.is_hidden:
            return
        self._budget.characters(len(text))
        if self._number is not None:
            self._number.append(text)
            return
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if not element.keeps_lines:
            self._text.pieces.append(text.replace("\n", " "))
            return
        first, *others = text.split("\n")
        self._text.pieces.append(first)
        for other in others:
            self._text.end_line()
            self._text.pieces.append(other)

    def close(self) -> None:
        """The page ends; tables that nothing has closed end with it."""
        while self._open:
            self._end_table()

    # --- Elements -------------------------------------------------------------------------------------

    @property
    def _text(self) -> _Text:
        cell = self._open[-1].cell if self._open else None
        return self._outside if cell is None else cell

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in _BLOCKS:
            self._text.end_line()
        if tag == "table":
            self._start_table()
        elif tag in {"tr", "td", "th"} and self._open:
            self._start_in_table(tag, attributes)
        elif tag in {"ol", "ul"}:
            start = whole(attributes.get("start"), 1)
            step = -1 if "reversed" in attributes else 1
            self._text.lists.append(_List(looks.kind_of_list(tag, attributes), start, step))
        elif tag == "li":
            self._item(attributes)
        elif tag == "p" and (level := looks.level_in_word(attributes)) is not None:
            self._text.depth = level
        elif tag == "input":
            self._input(attributes)
        elif tag == "img" and len(attributes.get("alt", "")) <= _TICKS:
            self._text.pieces.append(attributes.get("alt", ""))
        elif "mso-list:ignore" in attributes.get("style", "").lower().replace(" ", ""):
            self._number, self._number_at = [], len(self._elements)

    def _end(self, tag: str) -> None:
        if self._number is not None and len(self._elements) < self._number_at:
            self._end_number()
        if tag in _BLOCKS and tag not in _VOID:
            self._text.end_line()
        if tag == "table" and self._open:
            self._end_table()
        elif tag in {"td", "th"} and self._open:
            self._end_cell()
        elif tag == "tr" and self._open:
            self._end_cell()
            self._open[-1].grid.end_row()
        elif tag in {"thead", "tbody", "tfoot"} and self._open:
            self._open[-1].grid.end_group()
        elif tag in {"ol", "ul"} and self._text.lists:
            self._text.lists.pop()
        elif tag == "li" or (tag == "p" and not self._text.lists):
            # An item without a text.
            self._text.label, self._text.depth = "", None

    def _end_number(self) -> None:
        label = cleaned("".join(self._number or ()))
        self._number = None
        if label:
            # A bullet is a letter of a font of symbols.
            self._text.label = label if re.search("[0-9๐-๙ก-ฮa-zA-Z][.)]|[0-9๐-๙]", label) else BULLET

    def _item(self, attributes: dict[str, str]) -> None:
        text = self._text
        if not text.lists:
            return
        last = text.lists[-1]
        last.next = whole(attributes.get("value"), last.next)
        text.label = looks.label_of(last.kind, last.next) if last.kind else ""
        text.depth = min(len(text.lists), 9) - 1 if last.kind else None
        last.next += last.step

    def _input(self, attributes: dict[str, str]) -> None:
        kind = attributes.get("type", "text").lower()
        if kind in {"checkbox", "radio"}:
            self._text.pieces.append("☑" if "checked" in attributes else "☐")
        elif kind in {"text", "date", "number"}:
            self._text.pieces.append(attributes.get("value", ""))

    # --- Tables ---------------------------------------------------------------------------------------

    def _start_table(self) -> None:
        if len(self._open) >= MAX_NESTED:
            raise Unreadable(DAMAGED)
        above = () if self._open else self._lines_outside()
        self._open.append(_HtmlTable(Grid(self._budget), above))

    def _lines_outside(self) -> tuple[str, ...]:
        """The lines outside of cells since the last table; a caption too, and what is between rows."""
        self._outside.end_line()
        lines, self._outside = self._outside.lines, _Text()
        return tuple(f"{line.label} {line.text}".strip() for line in lines[-MAX_LINES_ABOVE:])

    def _start_in_table(self, tag: str, attributes: dict[str, str]) -> None:
        table = self._open[-1]
        self._end_cell()
        if tag == "tr":
            table.grid.begin_row()
            return
        table.cell = _Text()
        table.span = (
            min(max(whole(attributes.get("colspan"), 1), 1), MAX_COLUMNS),
            whole(attributes.get("rowspan"), 1),
        )
        table.is_coloured = looks.is_coloured(attributes)

    def _end_cell(self) -> None:
        table = self._open[-1]
        if table.cell is None:
            return
        table.cell.end_line()
        table.grid.add(tuple(table.cell.lines), *table.span, is_coloured=table.is_coloured)
        table.cell = None

    def _end_table(self) -> None:
        self._end_cell()
        table = self._open.pop()
        rows = table.grid.finished()
        outer = self._open[-1].cell if self._open else None
        if outer and not self._is_plan(rows):
            # A table that lays out what is in a cell; one that is a plan of its own is a table of its own.
            outer.end_line()
            outer.lines += [line for row in rows for cell in row.cells for line in cell.lines]
            if len(outer.lines) > MAX_LINES_IN_CELL:
                raise Unreadable(TOO_LARGE)
            return
        above = table.above if self._open else (*table.above, *self._lines_outside())
        if outer:
            outer.end_line()
            above = tuple(line.text for line in outer.lines[-MAX_LINES_ABOVE:])
            outer.lines = []
        if rows:
            self.tables.append(Table(f"ตารางที่ {len(self.tables) + 1}", rows, above))

    def _is_plan(self, rows: tuple[Row, ...]) -> bool:
        """Whether a table in a cell has a head, or goes on with the one before."""
        if any(head_at(rows, place) for place in range(min(len(rows), 5))):
            return True
        return bool(self.tables and rows) and rows[0].width == self.tables[-1].rows[0].width > 2
