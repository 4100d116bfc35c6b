"""The table of measures on sheets, as the screen shows it: about where the pages of the PDF end.

Where a page really ends is known once it is laid out, which takes a second; a preview does not wait for that.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from core.text import lines_needed
from reports.document.facts import IndicatorSection, MeasureRow, ReportDocument

# Letters to a line in the columns of static/css/paper.css, marks above and below not counted, and lines to a
# page below the table's head.
TITLE_LINE: Final = 18
STEPS_LINE: Final = 47
PARTY_LINE: Final = 15
DUE_LINE: Final = 15
RESULT_LINE: Final = 17
PAGE_OF_LINES: Final = 32
# The head of an indicator, and what a row has above and below its lines.
HEAD: Final = 1.4
ROW: Final = 0.4


@dataclass(frozen=True)
class SheetSection:
    """What of an indicator stands on a sheet."""

    section: IndicatorSection
    goes_on: bool
    """Whether it began on the sheet before."""


@dataclass
class Sheet:
    """A sheet of the table while it is filled."""

    sections: list[SheetSection]
    lines: float = 0


def whole(document: ReportDocument) -> Sequence[Sheet]:
    """All of the table in one: for the PDF, whose pages end where they are full."""
    return [Sheet([SheetSection(section, goes_on=False) for section in document.sections])]


def sheets(document: ReportDocument) -> Sequence[Sheet]:
    """The table on sheets; a measure is never divided, a sheet may be longer than a page instead."""
    made = [Sheet([])]
    for section in document.sections:
        for place, row in enumerate(section.measures):
            needed = _height(row) + (HEAD if place == 0 else 0)
            if made[-1].sections and made[-1].lines + needed > PAGE_OF_LINES:
                made.append(Sheet([]))
            _put(made[-1], section, row, is_first=place == 0)
            made[-1].lines += needed
    return made


def _put(sheet: Sheet, section: IndicatorSection, row: MeasureRow, *, is_first: bool) -> None:
    if sheet.sections and sheet.sections[-1].section.number == section.number:
        last = sheet.sections[-1]
        longer = replace(last.section, measures=(*last.section.measures, row))
        sheet.sections[-1] = SheetSection(longer, last.goes_on)
    else:
        sheet.sections.append(SheetSection(replace(section, measures=(row,)), goes_on=not is_first))


def _height(row: MeasureRow) -> float:
    """How many lines a measure's row has: those of its longest cell."""
    return ROW + max(
        lines_needed(row.title, TITLE_LINE),
        sum(lines_needed(step.text, STEPS_LINE) for step in row.steps),
        sum(lines_needed(party, PARTY_LINE) for party in row.parties),
        lines_needed(row.due_text, DUE_LINE),
        sum(lines_needed(text, RESULT_LINE) for text in _result(row)),
    )


def _result(row: MeasureRow) -> Iterator[str]:
    yield f"{row.status_label} (ล่าช้า)" if row.late else row.status_label
    if row.result:
        yield row.result
    if row.obstacle:
        yield f"ปัญหา/อุปสรรค และข้อเสนอแนะ {row.obstacle}"
    if row.reason:
        yield f"เหตุผล {row.reason}"
    if row.evidence:
        yield "หลักฐานลำดับที่ " + ", ".join(str(line.number) for line in row.evidence)
