"""What the templates of the printed report need."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import segno
from django import template

from core.text import lines_needed
from core.thai_calendar import long_date, short_date, thai_digits
from measures.meter import Segment, stacked
from reports.document.annex import STAYS, STAYS_NOTE, Entry, annex
from reports.document.facts import IndicatorSection, MeasureRow, ReportDocument
from reports.document.sheets import Sheet, sheets, whole

register = template.Library()

# How many letters, marks above and below not counted, a line of the steps' column and of the others holds for
# certain, and how many lines a row may have that is sure to fit on a page.
STEPS_LINE: Final = 44
NARROW_LINE: Final = 15
PAGE_OF_LINES: Final = 26

# Printed numbers are Thai whatever the agency's setting for the screen says.
register.filter("thai", thai_digits)
register.filter("long_date", long_date)
register.filter("short_date", short_date)


@register.simple_tag
def section_bar(document: ReportDocument, section: IndicatorSection) -> Sequence[Segment]:
    """The stacked bar of an indicator's measures by status."""
    return stacked((status.value, section.count(status.value)) for status in document.statuses)


@register.filter
def in_words(bar: Sequence[Segment]) -> str:
    """A stacked bar for who cannot see it: each part's label with its count."""
    return ", ".join(f"{part.label} {part.count}" for part in bar)


@dataclass(frozen=True)
class Code:
    """A QR code as one line for SVG: a stroke of width 1 along every dark module, quiet zone included."""

    size: int
    path: str


@register.simple_tag
def qr(text: str) -> Code:
    """The QR code of a text."""
    made = segno.make(text, error="m", micro=False)
    rows = list(made.matrix_iter())
    path = "".join(f"M{x} {y}.5h1" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    return Code(len(rows), path)


@register.simple_tag
def paper_sheets(document: ReportDocument, on_screen: bool) -> Sequence[Sheet]:
    """The table of measures sheet by sheet for the screen, else in one piece."""
    return sheets(document) if on_screen else whole(document)


@register.inclusion_tag("reports/paper/_annex.html")
def paper_annex(document: ReportDocument) -> dict[str, object]:
    """The annex of evidence."""
    entries: Sequence[Entry] = annex(document)
    note = STAYS_NOTE if any(found.stays for found in entries) else ""
    return {"entries": entries, "stays": STAYS, "note": note}


@register.filter
def count_of(section: IndicatorSection, status: str) -> int:
    """How many of an indicator's measures have a status."""
    return section.count(status)


@register.filter
def standing(measure: MeasureRow) -> str:
    """What a measure is shown as on the screen: late, else its status."""
    return "late" if measure.late else measure.status


@register.filter
def fits_on_a_page(measure: MeasureRow) -> bool:
    """Whether a measure's row is sure to fit on a page, so that it is kept in one piece.

    An estimate, on the careful side, from the widths in static/css/paper.css: a row that is kept in one
    piece but is taller than a page would leave the head of its indicator alone.
    """
    steps = sum(lines_needed(step.text, STEPS_LINE) for step in measure.steps)
    title = lines_needed(measure.title, NARROW_LINE)
    parties = sum(lines_needed(party, NARROW_LINE) for party in measure.parties)
    report = 4 + sum(
        lines_needed(text, NARROW_LINE) for text in (measure.result, measure.obstacle, measure.reason)
    )
    return max(steps, title, parties, report) <= PAGE_OF_LINES
