"""The table of measures on sheets, as the screen shows it: about where the pages of the PDF end.

Where a page really ends is known once it is laid out, which takes a second; a preview does not wait for that.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from reports.document.columns import (
    HEAD,
    Columns,
    RowShape,
    columns_of_text,
    lines_of_page,
    shape_of,
    text_of,
)
from reports.document.facts import IndicatorSection, MeasureRow, ReportDocument


@dataclass(frozen=True)
class PaperRow:
    """A measure and how its row is printed."""

    measure: MeasureRow
    shape: RowShape


@dataclass(frozen=True)
class SheetSection:
    """What of an indicator stands on a sheet."""

    section: IndicatorSection
    goes_on: bool
    """Whether it began on the sheet before."""
    rows: list[PaperRow] = field(default_factory=list)


@dataclass
class Sheet:
    """A sheet of the table while it is filled."""

    columns: Columns
    sections: list[SheetSection] = field(default_factory=list)
    lines: float = 0


def whole(document: ReportDocument) -> Sequence[Sheet]:
    """All of the table in one: for the PDF, whose pages end where they are full."""
    columns, shapes = _shapes(document)
    sheet = Sheet(columns)
    for section in document.sections:
        rows = [PaperRow(row, next(shapes)) for row in section.measures]
        sheet.sections.append(SheetSection(section, goes_on=False, rows=rows))
    return [sheet]


def sheets(document: ReportDocument) -> Sequence[Sheet]:
    """The table on sheets; a measure is never divided, a sheet may be longer than a page instead."""
    columns, shapes = _shapes(document)
    made = [Sheet(columns)]
    room = lines_of_page(document.text_size)
    for section in document.sections:
        for place, measure in enumerate(section.measures):
            row = PaperRow(measure, next(shapes))
            needed = row.shape.lines + (HEAD if place == 0 else 0)
            if made[-1].sections and made[-1].lines + needed > room:
                made.append(Sheet(columns))
            _put(made[-1], section, row, is_first=place == 0)
            made[-1].lines += needed
    return made


def _shapes(document: ReportDocument) -> tuple[Columns, Iterator[RowShape]]:
    """The document's columns, and the shape of each measure in printed order."""
    texts = [text_of(row) for row in document.measures]
    columns = columns_of_text(texts, document.text_size)
    return columns, (shape_of(text, columns) for text in texts)


def _put(sheet: Sheet, section: IndicatorSection, row: PaperRow, *, is_first: bool) -> None:
    if not (sheet.sections and sheet.sections[-1].section is section):
        sheet.sections.append(SheetSection(section, goes_on=not is_first))
    sheet.sections[-1].rows.append(row)
