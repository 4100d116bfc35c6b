"""The dashboard as one A4 page: laid out as the printed report is, in Thai digits."""

import hashlib
from collections.abc import Mapping
from copy import copy
from functools import cache, partial
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string

from measures.models import Plan
from reports.document.printable import with_stand_ins, without_unprintable
from reports.renderers import Rendered
from reports.renderers.stored import look, stored

# What fits on the page whatever the plan is like.
DIVISIONS_ON_PAPER: Final = 7
LATE_ON_PAPER: Final = 5


def html_of(plan: Plan, context: Mapping[str, Any]) -> tuple[str, str]:
    """The page that is laid out, and a text that is the same as long as the file would be."""
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
    return html, hashlib.sha256(f"summary {_look()} {html}".encode()).hexdigest()


def stored_pdf(html: str, key: str) -> Rendered:
    """The page as PDF, laid out once for all who ask; as html_of() gave both.

    Raises:
        RendererUnavailable: as lay_out().
    """
    return stored(key, partial(_make, html))


def _make(html: str) -> Rendered:
    # WeasyPrint takes a second, which no other page should pay.
    from reports.renderers.pdf import REGULAR, finish, lay_out, paper_fonts

    printable, _ = without_unprintable(html)
    drawable, _ = with_stand_ins(printable, paper_fonts()[REGULAR].characters)
    return Rendered(lay_out(drawable).to_pdf(finish))


@cache
def _look() -> str:
    """A hash of all that the file is made from besides the page."""
    stylesheet = settings.BASE_DIR / "static" / "css" / "summary.css"
    return hashlib.sha256(look().encode() + stylesheet.read_bytes()).hexdigest()
