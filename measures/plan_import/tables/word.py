"""The tables of a Word document, read as a stream: pictures and styling are never loaded.

python-docx builds the whole document in memory, some ten times its XML, and gives neither the numbers of
automatic lists nor a bound on either; here a document of 20 MB costs no more than its text.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from measures.numbered_lists import Line
from measures.plan_import.model import Unreadable
from measures.plan_import.tables.numbering import Numbering, read_numbering, whole
from measures.plan_import.tables.package import DAMAGED, Attributes, Package, Reader
from measures.plan_import.tables.table import (
    MAX_LINES_IN_CELL,
    TOO_LARGE,
    Budget,
    Cell,
    Row,
    Table,
    cleaned,
)
from measures.plan_import.understanding.headings import head_at

MAX_COLUMNS: Final = 200
MAX_NESTED: Final = 20
MAX_LINES_ABOVE: Final = 200

# Old text that a tracked change keeps, and the copy of a drawing for older programs.
_STYLE_LEVEL: Final = re.compile(r"List(?:Bullet|Number)([2-5])")
_SKIPPED: Final = frozenset(
    {"w:del", "w:moveFrom", "mc:Fallback", "w:pPrChange", "w:rPrChange", "w:tcPrChange"}
)
_IN_PARAGRAPH: Final = frozenset(
    {"w:pStyle", "w:numId", "w:ilvl", "w:br", "w:cr", "w:tab", "w:ptab", "w:noBreakHyphen", "w:sym"}
)
_IN_RUN: Final = frozenset({"w:r", "w:vanish"})
_IN_TABLE: Final = frozenset({"w:tbl", "w:tc", "w:gridBefore", "w:gridSpan", "w:vMerge", "w:hMerge"})
# Ticks of the symbol fonts that Word's own symbol dialog offers.
_SYMBOLS: Final = {"F0FC": "✓", "F0FE": "☑", "F052": "☑", "F0A8": "☐", "F06F": "☐"}


def read_word(package: Package, part: str, budget: Budget) -> list[Table]:
    """The tables of the document in a part, in their order.

    Raises:
        Unreadable: damaged, or too large.
    """
    related = package.related(part)
    by_kind = dict(related.values())
    numbering = read_numbering(package, by_kind.get("numbering"), by_kind.get("styles"))
    reader = _Document(numbering, budget)
    package.parse(part, reader)
    return reader.tables


@dataclass(slots=True)
class _Paragraph:
    style: str = ""
    number: str | None = None
    depth: int | None = None
    pieces: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Cell:
    lines: list[Line] = field(default_factory=list)
    width: int = 1
    continued: bool = False


@dataclass(slots=True)
class _Table:
    above: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    cell: _Cell | None = None
    count: int = 0


class _Document(Reader):
    """Follows the document from start tag to end tag."""

    wanted = _IN_PARAGRAPH | _IN_TABLE | _IN_RUN | {"w:p", "w:t", "w:tr"}
    skipped = _SKIPPED
    wants_text = True

    def __init__(self, numbering: Numbering, budget: Budget) -> None:
        self.tables: list[Table] = []
        self._numbering = numbering
        self._budget = budget
        self._open: list[_Table] = []
        self._paragraphs: list[_Paragraph] = []
        self._above: list[str] = []
        self._in_text = False
        # How many runs are open, and whether the innermost is hidden.
        self._runs = 0
        self._is_hidden = False

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "w:t":
            self._in_text = True
        elif tag == "w:p":
            self._start_paragraph()
        elif tag == "w:r":
            self._runs += 1
            self._is_hidden = False
        elif tag == "w:vanish":
            # Of a run; that of a paragraph hides its mark alone.
            if self._runs and attributes.get("w:val", "true") not in {"0", "false", "off"}:
                self._is_hidden = True
        elif self._paragraphs and tag in _IN_PARAGRAPH:
            self._in_paragraph(tag, attributes)
        elif tag in _IN_TABLE:
            self._in_table(tag, attributes)

    def end(self, tag: str) -> None:
        if tag == "w:t":
            self._in_text = False
        elif tag == "w:r":
            self._runs -= 1
            self._is_hidden = False
        elif tag == "w:p":
            self._end_paragraph()
        elif tag == "w:tc":
            self._end_cell()
        elif tag == "w:tr":
            self._end_row()
        elif tag == "w:tbl":
            self._end_table()

    def text(self, text: str) -> None:
        if self._in_text and self._paragraphs and not self._is_hidden:
            self._budget.characters(len(text))
            self._paragraphs[-1].pieces.append(text)

    # --- Paragraphs ---------------------------------------------------------------------------------

    def _start_paragraph(self) -> None:
        if len(self._paragraphs) >= MAX_NESTED:
            raise Unreadable(DAMAGED)
        self._paragraphs.append(_Paragraph())

    def _in_paragraph(self, tag: str, attributes: Attributes) -> None:
        paragraph, value = self._paragraphs[-1], attributes.get("w:val", "")
        if tag == "w:pStyle":
            paragraph.style = value
        elif tag == "w:numId":
            paragraph.number = value
        elif tag == "w:ilvl":
            paragraph.depth = whole(value)
        elif tag in {"w:br", "w:cr"}:
            self._budget.characters(1)
            paragraph.pieces.append("\n")
        elif tag in {"w:tab", "w:ptab"}:
            self._budget.characters(1)
            paragraph.pieces.append(" ")
        elif tag == "w:noBreakHyphen":
            paragraph.pieces.append("-")
        elif tag == "w:sym":
            paragraph.pieces.append(_SYMBOLS.get(attributes.get("w:char", "").upper(), ""))

    def _end_paragraph(self) -> None:
        paragraph = self._paragraphs.pop()
        if not paragraph.pieces:
            return
        lines = [line for piece in "".join(paragraph.pieces).split("\n") if (line := cleaned(piece))]
        if not lines:
            return
        self._budget.characters(len(lines))
        label, depth = self._label(paragraph)
        found = [Line(lines[0], label, depth), *map(Line, lines[1:])]
        if self._open and self._open[-1].cell:
            cell = self._open[-1].cell
            cell.lines += found
            if len(cell.lines) > MAX_LINES_IN_CELL:
                raise Unreadable(TOO_LARGE)
        elif not self._open:
            self._above = [*self._above, *lines][-MAX_LINES_ABOVE:]

    def _label(self, paragraph: _Paragraph) -> tuple[str, int | None]:
        by_style = self._numbering.of_style(paragraph.style)
        number, depth = paragraph.number, paragraph.depth
        if number is None and depth is None and (level := _STYLE_LEVEL.fullmatch(paragraph.style)):
            # "List Bullet 2" is a list of its own whose first level is printed as a second one.
            depth = int(level[1]) - 1
            label = self._numbering.next(by_style[0], by_style[1]) if by_style else ""
            return label, depth if label else None
        if number is None and by_style:
            number = by_style[0]
            depth = by_style[1] if depth is None else depth
        if number is None or number == "0":
            return "", None
        label = self._numbering.next(number, depth or 0)
        return label, (depth or 0) if label else None

    # --- Tables -------------------------------------------------------------------------------------

    def _in_table(self, tag: str, attributes: Attributes) -> None:
        if tag == "w:tbl":
            if len(self._open) >= MAX_NESTED:
                raise Unreadable(DAMAGED)
            nested = bool(self._open)
            self._open.append(_Table(() if nested else tuple(self._above)))
            if not nested:
                self._above = []
            return
        if not self._open:
            return
        table = self._open[-1]
        width = min(whole(attributes.get("w:val"), 1), MAX_COLUMNS)
        if tag == "w:tc":
            table.cell = _Cell()
        elif tag == "w:gridBefore" and width:
            table.cells.append(Cell(width=width))
            if len(table.cells) > MAX_COLUMNS:
                raise Unreadable(TOO_LARGE)
        elif table.cell and tag == "w:gridSpan":
            table.cell.width = max(width, 1)
        elif table.cell and tag in {"w:vMerge", "w:hMerge"}:
            continued = attributes.get("w:val", "continue") != "restart"
            if tag == "w:vMerge":
                table.cell.continued = continued
            elif continued and table.cells:
                # The old way of merging sideways: this one belongs to the cell before it.
                table.cell.width = 0

    def _end_cell(self) -> None:
        if not self._open or not self._open[-1].cell:
            return
        table, cell = self._open[-1], self._open[-1].cell
        table.cell = None
        if cell.width == 0:
            before = table.cells[-1]
            table.cells[-1] = Cell((*before.lines, *cell.lines), before.width + 1, before.continued)
        else:
            table.cells.append(Cell(tuple(cell.lines), cell.width, cell.continued and not cell.lines))
        if len(table.cells) > MAX_COLUMNS:
            raise Unreadable(TOO_LARGE)

    def _end_row(self) -> None:
        if not self._open:
            return
        table = self._open[-1]
        table.count += 1
        self._budget.row(len(table.cells))
        if table.cells:
            table.rows.append(Row(table.count, tuple(table.cells)))
        table.cells = []

    def _end_table(self) -> None:
        if not self._open:
            return
        table = self._open.pop()
        outer = self._open[-1].cell if self._open else None
        if outer and not any(head_at(table.rows, place) for place in range(min(len(table.rows), 5))):
            # A table that lays out what is in a cell; one that is a plan of its own is a table of its own.
            outer.lines += [line for row in table.rows for cell in row.cells for line in cell.lines]
            if len(outer.lines) > MAX_LINES_IN_CELL:
                raise Unreadable(TOO_LARGE)
        elif table.rows:
            self.tables.append(Table(f"ตารางที่ {len(self.tables) + 1}", tuple(table.rows), table.above))
