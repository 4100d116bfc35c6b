"""Cells of the plan list: who, until when, and how far."""

import unicodedata
from typing import Any, Final

from django import template
from django.utils import timezone

from measures.models import Measure, Part, Report
from measures.status import FINISHED

register = template.Library()

# How many letters beside and above one another have room in the column of divisions.
LETTERS_OF_CHIPS: Final = 18
SOON_DAYS: Final = 45


@register.inclusion_tag("measures/plan_list/_parties.html")
def parties(measure: Measure) -> dict[str, Any]:
    """The responsible divisions: as many as a line has room for, and how many more."""
    names = [division.name for division in measure.parties]
    room, shown = LETTERS_OF_CHIPS, 0
    for name in names:
        # A chip has an edge, and a mark above or below a letter takes no room.
        room -= 2 + sum(unicodedata.category(letter) != "Mn" for letter in name)
        if shown and room < 0:
            break
        shown += 1
    return {"first": names[:shown], "rest": names[shown:]}


@register.inclusion_tag("measures/plan_list/_due.html", takes_context=True)
def due(context: template.Context, measure: Measure) -> dict[str, Any]:
    """The due date as the plan says it and as a day, with how near it is."""
    days = measure.days_left_on(timezone.localdate())
    return {
        "text": measure.due_text,
        "on": measure.due_on,
        "left": days if days is not None and 0 <= days <= SOON_DAYS else None,
        "agency": context.get("agency"),
    }


@register.inclusion_tag("measures/plan_list/_status.html", takes_context=True)
def state(context: template.Context, report: Report) -> dict[str, Any]:
    """The status, with for how many days it is late; whose it is, or how many divisions are done."""
    days = report.days_left_on(timezone.localdate())
    parts = report.assigned_parts if isinstance(report, Measure) else ()
    return {
        "status": report.counted_status,
        "division": report.division.name if isinstance(report, Part) else "",
        "parts": len(parts),
        "parts_done": sum(part.counted_status in FINISHED for part in parts),
        "late": -days if days is not None and days < 0 else 0,
        "agency": context.get("agency"),
    }
