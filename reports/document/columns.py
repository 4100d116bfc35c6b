"""How wide the five columns of the printed table are, and how tall its rows: in PDF, preview and Word.

Widths are chosen for a document as a whole, from a few that static/css/paper.css knows by name: those at
which its text takes the fewest lines. Lines are counted by letters, without the fonts that draw them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from core.text import letters_of_lines
from reports.document.facts import USUAL_SIZE, MeasureRow, ReportDocument, TextSize

# Millimetres between the margins, on each side of a cell's text, and of the indents in a column.
WIDTH: Final = 252
PADDING: Final = 1.8
STEP_INDENT: Final = 6
PARTY_INDENT: Final = 5
# Thai letters of the usual size in a millimetre, and how many a line loses because words are not cut.
LETTERS: Final = 0.49
LOST: Final = 2.5
# Lines of the usual size on a page below the table's head, of an indicator's head, and round a row's text.
PAGE_OF_LINES: Final = 30
HEAD: Final = 1.4
ROW: Final = 0.4
# A row up to this height is not divided; a result that is so much taller than the row gets the full width.
WHOLE: Final = 9
TOO_TALL: Final = 16
# A row that a page may end inside begins with that many lines, or with its first step.
FEWEST: Final = 3
MOST: Final = 6

# How many letters each line of a text has.
Letters = Sequence[int]


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths of the columns in millimetres: measure, steps, divisions, due, result."""

    name: str
    widths: tuple[int, int, int, int, int]
    size: TextSize = USUAL_SIZE

    def lines(self, place: int, text: Letters, indent: float = 0) -> int:
        """How many lines a text takes in a column."""
        return self.lines_within(text, self.widths[place] - indent)

    def lines_within(self, text: Letters, width: float) -> int:
        """How many lines a text takes in a cell of so many millimetres."""
        most = max(1.0, (width - 2 * PADDING) * LETTERS * USUAL_SIZE / self.size - LOST)
        return sum(max(1, -int(-letters // most)) for letters in text)


# From plans of which nothing is reported yet to reports that are nearly all result.
CHOICES: Final = (
    Columns("plan", (46, 94, 40, 32, 40)),
    Columns("even", (42, 76, 36, 28, 70)),
    Columns("results", (38, 62, 34, 27, 91)),
    Columns("most", (34, 50, 32, 27, 109)),
)


@dataclass(frozen=True, slots=True)
class RowText:
    """A measure's row as letters in lines."""

    title: Letters
    steps: tuple[tuple[int, Letters], ...]
    """Each with its level."""
    parties: tuple[Letters, ...]
    due: Letters
    report: tuple[Letters, ...]


@dataclass(frozen=True, slots=True)
class RowShape:
    """How a measure's row is printed."""

    lines: float
    """Its height, with what is printed below it."""
    apart: bool
    """Whether its result is printed below it over the full width, as its column would be far too tall."""
    start: int
    """How many lines of it have to have room at a page's foot, else it begins on the next page."""
    tallest: int = 1
    """Which of its cells is the tallest, from 1."""

    @property
    def whole(self) -> bool:
        """Whether no page ends inside it."""
        return self.lines <= WHOLE


def lines_of_page(size: TextSize) -> float:
    """How many lines of a size have room below the table's head."""
    return PAGE_OF_LINES * USUAL_SIZE / size


def columns_of_text(rows: Sequence[RowText], size: TextSize = USUAL_SIZE) -> Columns:
    """The columns at which rows take the fewest lines.

    What is printed over the full width in any of them has no say: one giant does not press all others.
    """
    choices = [replace(columns, size=size) for columns in CHOICES]
    rows = [row for row in rows if not shape_of(row, choices[-1]).apart]
    return min(choices, key=lambda columns: sum(max(_heights(row, columns)) for row in rows))


def columns_for(document: ReportDocument) -> Columns:
    """The columns of a document's table, the same on all its pages."""
    return columns_of_text([text_of(row) for row in document.measures], document.text_size)


def shape_of(row: RowText, columns: Columns) -> RowShape:
    """How tall a row becomes, and where its result goes."""
    *heights, report = _heights(row, columns)
    others = max(heights)
    first_step = [columns.lines(1, text, STEP_INDENT) for _, text in row.steps[:1]]
    start = min(max(FEWEST, *first_step), MOST) if first_step else FEWEST
    if report - others > TOO_TALL:
        below = sum(columns.lines_within(text, WIDTH) for text in row.report) + ROW
        return RowShape(others + below + ROW, apart=True, start=start)
    tallest = 5 if report > others else heights.index(others) + 1
    return RowShape(max(others, report) + ROW, apart=False, start=start, tallest=tallest)


def _heights(row: RowText, columns: Columns) -> Sequence[int]:
    """Lines of each cell."""
    return (
        columns.lines(0, row.title),
        sum(columns.lines(1, text, STEP_INDENT * level) for level, text in row.steps),
        sum(columns.lines(2, text, PARTY_INDENT) for text in row.parties),
        columns.lines(3, row.due),
        sum(columns.lines(4, text) for text in row.report),
    )


def text_of(row: MeasureRow) -> RowText:
    """A measure's row, measured."""
    return RowText(
        title=letters_of_lines(row.title),
        steps=tuple((step.level, letters_of_lines(step.text)) for step in row.steps),
        parties=tuple(letters_of_lines(party) for party in row.parties),
        due=letters_of_lines(row.due_text),
        report=tuple(letters_of_lines(text) for text in _report(row)),
    )


def _report(row: MeasureRow) -> Iterator[str]:
    yield f"{row.status_label} (ล่าช้า)" if row.late else row.status_label
    if row.result:
        yield row.result
    if row.obstacle:
        yield f"ปัญหา/อุปสรรค และข้อเสนอแนะ {row.obstacle}"
    if row.reason:
        yield f"เหตุผล {row.reason}"
    if row.evidence:
        yield "หลักฐานลำดับที่ " + ", ".join(str(line.number) for line in row.evidence)
