"""What the templates of the printed report need."""

from collections.abc import Sequence
from math import ceil
from typing import Final

from django import template

from measures.thai import long_date, short_date, thai_digits
from reports.bars import Segment, stacked
from reports.document import IndicatorSection, MeasureRow, ReportDocument

register = template.Library()

# Characters in a line of the steps' column and of the others, marks counted in; lines in a short row.
STEPS_LINE: Final = 70
NARROW_LINE: Final = 24
SHORT_ROW: Final = 24

# Printed numbers are Thai whatever the agency's setting for the screen says.
register.filter("thai", thai_digits)
register.filter("long_date", long_date)
register.filter("short_date", short_date)


@register.simple_tag
def section_bar(document: ReportDocument, section: IndicatorSection) -> Sequence[Segment]:
    """The stacked bar of an indicator's measures by status."""
    return stacked((status.value, section.count(status.value)) for status in document.statuses)


@register.filter
def count_of(section: IndicatorSection, status: str) -> int:
    """How many of an indicator's measures have a status."""
    return section.count(status)


@register.filter
def is_short(measure: MeasureRow) -> bool:
    """Whether a measure's row fits on a page, so that it is kept in one piece.

    An estimate from the length of its texts, by the widths in static/paper.css; what it takes for short and
    is not still goes on over the page.
    """
    cells = (
        (STEPS_LINE, [step.text for step in measure.steps]),
        (NARROW_LINE, [measure.title]),
        (NARROW_LINE, list(measure.parties)),
        (NARROW_LINE, [measure.result, measure.obstacle, measure.reason]),
    )
    return all(sum(ceil(len(text) / line) for text in texts) <= SHORT_ROW for line, texts in cells)
