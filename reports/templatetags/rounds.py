"""How pages about rounds and editions show where a round stands and how large a file is."""

from django import template

from core.file_kinds import size_text
from reports.document.facts import MeasureRow

register = template.Library()

# 350 KB, 2.4 MB
register.filter("size_text", size_text)


@register.filter
def steps_done(measure: MeasureRow) -> int:
    """How many steps of a measure were reported as done."""
    return sum(step.done_on is not None for step in measure.steps)
