"""How the site shows the status of a measure, and marks plans of invented facts."""

from typing import Any

from django import template
from django.urls import reverse

from measures.models import SAMPLE, Measure, Part, Plan, Report
from measures.status import SHORT_WORDS

register = template.Library()


@register.inclusion_tag("measures/status/_badge.html")
def status_badge(status: str) -> dict[str, str]:
    """A status, or "late", as a word with a shape."""
    return {"status": status, "label": SHORT_WORDS[status]}


@register.inclusion_tag("measures/status/_badges.html")
def measure_status(measure: Measure) -> dict[str, Any]:
    """The status of a measure, and "late" beside it where it is."""
    return {"status": measure.status, "late": measure.is_late}


@register.inclusion_tag("measures/status/_badges.html")
def report_status(report: Report) -> dict[str, Any]:
    """The status of a measure or of a division's part of it, and "late" beside it where it is."""
    return {"status": report.counted_status, "late": report.is_late}


@register.simple_tag
def report_address(report: Report) -> str:
    """The page on which one reports on a measure, or on a division's part of it."""
    return reverse("part" if isinstance(report, Part) else "measure", args=[report.pk])


@register.inclusion_tag("measures/status/_sample_mark.html")
def sample_mark(plan: Plan) -> dict[str, str]:
    """Marks a line about a plan of invented facts, unless the agency's name beside it says so already."""
    return {"mark": "" if SAMPLE in plan.agency.name else plan.sample_note}


@register.simple_tag
def status_word(status: str) -> str:
    """The word alone, for a line of small print."""
    return SHORT_WORDS[status]
