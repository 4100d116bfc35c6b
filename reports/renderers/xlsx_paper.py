"""The sheet of the workbook that is printed: title, answer, the table of five columns as on paper, who signs.

No row is taller than Excel can show: what needs more goes on in the next.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import zip_longest
from typing import Final

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from core.excel_cells import write_text
from core.text import lines_needed
from core.thai_calendar import long_date, thai_digits
from reports.document.approval import approval_lines, signing
from reports.document.columns import columns_for, shape_of, text_of
from reports.document.facts import MeasureRow, ReportDocument
from reports.document.first_page import headline
from reports.renderers.office_font import FONT, TEXT_SIZE
from reports.renderers.xlsx_parts import BOLD_FONT, HEAD_FILL, LINE, TALLEST, TEXT_FONT, lines_in, set_height

HEADINGS: Final = ("มาตรการ", "ขั้นตอน/วิธีการปฏิบัติ", "ผู้รับผิดชอบ", "กำหนดแล้วเสร็จ", "ผลการดำเนินงาน")
# Where a result is so long that it gets rows of its own; _measure.html says the same.
APART: Final = "รายละเอียดอยู่ในแถวถัดไป"
NOTHING: Final = "–"
# A column's width is counted in digits of the workbook's own typeface, which are so many millimetres.
DIGIT: Final = 1.85
# As many lines as a row can have.
MOST_LINES: Final = int(TALLEST // LINE) - 1
# In rows over all columns there are fewer, so that pages become full.
FEW_LINES: Final = 6
# What a merged row over all columns holds in a line, and a text that is cut into rows at most in one of them.
WIDE: Final = 150
MOST_LETTERS: Final = 300

_THIN: Final = Side(style="thin", color="000000")
_GRID: Final = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_GROUP_FILL: Final = PatternFill("solid", fgColor="F3F3F3")
_NO_FILL: Final = PatternFill()
_TITLE_FONT: Final = Font(name=FONT, size=TEXT_SIZE + 3, bold=True)
_CENTRED: Final = Alignment(wrap_text=True, vertical="center", horizontal="center")
_TOP: Final = Alignment(wrap_text=True, vertical="top")


def write_paper(sheet: Worksheet, document: ReportDocument) -> int:
    """Fill a sheet; how many texts had to be cut."""
    columns = columns_for(document)
    widths = [round(width / DIGIT, 1) for width in columns.widths]
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    paper = _Paper(sheet, widths)
    for line in document.title_lines:
        paper.wide(thai_digits(line), _TITLE_FONT, _CENTRED)
    if document.sample_note:
        paper.wide(document.sample_note, BOLD_FONT, _CENTRED)
    for line in approval_lines(document):
        paper.wide(line, TEXT_FONT, _CENTRED)
    sentence = headline(document)
    answer = " · ".join(text for text in (sentence.answer, sentence.rest) if text)
    paper.wide(thai_digits(answer), _TITLE_FONT, _CENTRED)
    paper.head()
    for section in document.sections:
        paper.wide(f"ตัวชี้วัดที่ {thai_digits(section.number)} {section.name}", BOLD_FONT, _TOP, fill=_GROUP_FILL)
        for measure in section.measures:
            paper.measure(measure, apart=shape_of(text_of(measure), columns).apart)
    paper.signatures(signing(document, "." * 44))
    sheet.print_area = f"A1:E{paper.row - 1}"
    return paper.cut


class _Paper:
    """The sheet while it is filled."""

    def __init__(self, sheet: Worksheet, widths: Sequence[float]) -> None:
        self._sheet, self._widths = sheet, widths
        self.row = 1
        self.cut = 0

    def wide(self, text: str, font: Font, alignment: Alignment, *, fill: PatternFill | None = None) -> None:
        """A row over all columns; with lines around it where it is one of the table, which has a ground."""
        cell = self._sheet.cell(self.row, 1)
        self.cut += write_text(cell, text)
        cell.font, cell.alignment = font, alignment
        for place in range(1, len(HEADINGS) + 1) if fill else ():
            self._sheet.cell(self.row, place).border = _GRID
            self._sheet.cell(self.row, place).fill = fill or _NO_FILL
        self._sheet.merge_cells(f"A{self.row}:E{self.row}")
        lines = min(lines_needed(text, WIDE), MOST_LINES)
        # Titles are larger than the text.
        self._end(lines if font.size == TEXT_SIZE else lines * 1.3)

    def head(self) -> None:
        """The row that is printed on every page."""
        for place, heading in enumerate(HEADINGS, 1):
            cell = self._sheet.cell(self.row, place, heading)
            cell.font, cell.fill, cell.alignment, cell.border = BOLD_FONT, HEAD_FILL, _CENTRED, _GRID
        self._sheet.print_title_rows = f"{self.row}:{self.row}"
        self._end(1.4)

    def measure(self, measure: MeasureRow, *, apart: bool) -> None:
        """A measure, in as many rows as it needs.

        Args:
            apart: whether what was reported of it stands below it, over all columns.
        """
        several = len(measure.parties) > 1
        parties = [
            f"{thai_digits(number)}. {name}" if several else name
            for number, name in enumerate(measure.parties, 1)
        ]
        cells = (
            [measure.title],
            [f"{thai_digits(step.label)} {step.text}" for step in measure.steps],
            parties,
            [_due(measure)],
            [_status(measure), APART] if apart else [_status(measure), *_report(measure)],
        )
        pieces = [
            list(self._pieces(partial(lines_in, width=width), texts or [NOTHING]))
            for width, texts in zip(self._widths, cells, strict=True)
        ]
        for row in zip_longest(*pieces, fillvalue=(0, "")):
            for place, (_, text) in enumerate(row, 1):
                cell = self._sheet.cell(self.row, place)
                self.cut += write_text(cell, text)
                cell.font, cell.alignment, cell.border = TEXT_FONT, _TOP, _GRID
            self._end(max(lines for lines, _ in row))
        if apart:
            details = [f"รายละเอียดผลการดำเนินงาน ({measure.title})", *_report(measure)]
            for _, text in self._pieces(lambda text: lines_needed(text, WIDE), details, FEW_LINES):
                self.wide(text, TEXT_FONT, _TOP, fill=_NO_FILL)

    def signatures(self, signing_lines: Iterable[Sequence[str]]) -> None:
        """The places to sign, below each other over all columns: side by side a plan that is read from the
        file would take them for measures.
        """
        for lines in signing_lines:
            self.row += 1
            # In one row, so that no page ends inside.
            self.wide("\n".join(lines), TEXT_FONT, _CENTRED)

    def _pieces(
        self, lines_of: Callable[[str], int], texts: Sequence[str], most: int = MOST_LINES
    ) -> Iterator[tuple[int, str]]:
        """What stands in a column, as much as a row holds at a time, with its lines."""
        filled: list[str] = []
        lines = 0
        for text in (part for whole in texts for part in _parts(whole)):
            needed = lines_of(text)
            if filled and lines + needed > most:
                yield lines, "\n".join(filled)
                filled, lines = [], 0
            filled.append(text)
            lines += needed
        yield lines, "\n".join(filled)

    def _end(self, lines: float) -> None:
        set_height(self._sheet, self.row, lines)
        self.row += 1


def _parts(text: str) -> Iterator[str]:
    """A text line by line, a line of many letters in pieces that end at a space where there is one."""
    for line in text.split("\n"):
        rest = line
        while len(rest) > MOST_LETTERS:
            end = rest.rfind(" ", MOST_LETTERS // 2, MOST_LETTERS)
            end = MOST_LETTERS if end < 0 else end + 1
            yield rest[:end]
            rest = rest[end:]
        yield rest


def _due(measure: MeasureRow) -> str:
    if measure.due_text or measure.due_on is None:
        return measure.due_text or NOTHING
    return thai_digits(long_date(measure.due_on))


def _status(measure: MeasureRow) -> str:
    return f"{measure.status_label} (ล่าช้า)" if measure.late else measure.status_label


def _report(measure: MeasureRow) -> Iterator[str]:
    if measure.result:
        yield measure.result
    if measure.obstacle:
        yield f"ปัญหา/อุปสรรค และข้อเสนอแนะ {measure.obstacle}"
    if measure.reason:
        yield f"เหตุผล {measure.reason}"
    if measure.evidence:
        yield "หลักฐานลำดับที่ " + ", ".join(thai_digits(line.number) for line in measure.evidence)
