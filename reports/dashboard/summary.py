"""The dashboard as one A4 page: laid out as the printed report is, in Thai digits."""

import hashlib
from collections.abc import Mapping
from copy import copy
from typing import Any, Final

from django.template.loader import render_to_string

from measures.models import Plan
from reports.document.printable import with_stand_ins, without_unprintable

# What fits on the page whatever the plan is like.
DIVISIONS_ON_PAPER: Final = 7
LATE_ON_PAPER: Final = 5


def html_of(plan: Plan, context: Mapping[str, Any]) -> tuple[str, str]:
    """The page that is laid out, and a text that is the same as long as the page is."""
    agency = copy(plan.agency)
    # What is printed has Thai digits, whatever the agency has chosen for the screen.
    agency.thai_digits = True
    figures = context["figures"]
    html = render_to_string(
        "reports/dashboard/summary.html",
        {
            **context,
            "plan": plan,
            "agency": agency,
            "divisions": figures.divisions[:DIVISIONS_ON_PAPER],
            "late": figures.late[:LATE_ON_PAPER],
        },
    )
    return html, hashlib.sha256(html.encode()).hexdigest()


def content_of(html: str) -> bytes:
    """The page as PDF.

    Raises:
        RendererUnavailable: as lay_out().
    """
    # WeasyPrint takes a second, which no other page should pay.
    from reports.renderers.pdf import REGULAR, finish, lay_out, paper_fonts

    printable, _ = without_unprintable(html)
    drawable, _ = with_stand_ins(printable, paper_fonts()[REGULAR].characters)
    return lay_out(drawable).to_pdf(finish)
