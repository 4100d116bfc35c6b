"""What the templates of the printed report need."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import segno
from django import template
from django.template import Context
from django.utils.text import Truncator

from core.thai_calendar import long_date, short_date, thai_digits
from measures.meter import Segment
from reports.document import approval, first_page
from reports.document.annex import STAYS, STAYS_NOTE, Entry, annex
from reports.document.beside import stands_beside
from reports.document.changes import changes_in
from reports.document.facts import IndicatorSection, MeasureRow, ReportDocument, StepLine
from reports.document.figures import (
    FEW,
    MOST,
    NO_PICTURES,
    Pictures,
    all_figures,
    figures,
    rows_of,
    with_pictures,
)
from reports.document.sheets import Sheet, sheets, whole
from reports.document.typed import typed_lines

register = template.Library()

# How much of a measure's title stands on top of a page on which it goes on.
LONGEST_TITLE: Final = 90

# Printed numbers are Thai whatever the agency's setting for the screen says.
register.filter("thai", thai_digits)
register.filter("long_date", long_date)
register.filter("short_date", short_date)
register.filter("footer", approval.footer)
register.filter("named", approval.named)
register.filter("headline", first_page.headline)
register.filter("steps_done", first_page.steps_done)
register.filter("counted_to", first_page.counted_to)
register.filter("late_word", first_page.late_word)
register.filter("typed_lines", typed_lines)
register.filter("changes", changes_in)
register.simple_tag(first_page.late_lines, name="late_lines")
register.simple_tag(first_page.standing, name="standing")
register.simple_tag(stands_beside, name="stands_beside")


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
def paper_annex(document: ReportDocument, head_tag: str) -> dict[str, object]:
    """The annex of evidence."""
    entries: Sequence[Entry] = annex(document)
    note = STAYS_NOTE if any(found.stays for found in entries) else ""
    return {"entries": entries, "stays": STAYS, "note": note, "head_tag": head_tag}


@register.inclusion_tag("reports/paper/_figures.html", takes_context=True)
def paper_figures(
    context: Context, document: ReportDocument, head_tag: str, on_screen: bool
) -> dict[str, object]:
    """The pictures of the annex: on the screen the site's small ones, else those that were handed over."""
    lines = with_pictures(document)
    pictures: Pictures = context.get("pictures") or NO_PICTURES
    shown = all_figures(document, lines) if on_screen else figures(document, pictures)
    large = len(lines) <= FEW
    more = max(0, len(lines) - MOST)
    rows = rows_of(shown)
    return {"rows": rows, "large": large, "more": more, "head_tag": head_tag, "on_screen": on_screen}


@register.filter
def goes_on(section: IndicatorSection) -> str:
    """What stands on top of a page that begins with a measure of an indicator from the page before."""
    return f"(ต่อ) ตัวชี้วัดที่ {thai_digits(section.number)} {section.name}"


@register.simple_tag
def continuation(section: IndicatorSection, measure: MeasureRow) -> str:
    """What stands on top of a page on which a measure's row goes on."""
    return f"{goes_on(section)}: {Truncator(measure.title).chars(LONGEST_TITLE)}"


@register.filter
def standing_of(measure: MeasureRow) -> str:
    """What a measure is shown as on the screen: late, else its status."""
    return "late" if measure.late else measure.status


@register.filter
def has_short_number(step: StepLine) -> bool:
    """Whether a step's number (1. or 1.1) and a space have room in the indent of its text."""
    return len(step.label) <= step.level + 1
