"""The request as views see it once middleware has run."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User

if TYPE_CHECKING:
    from accounts.models import Agency


class Request(HttpRequest):
    """A request of a signed-in person: every view asks for one unless it is marked otherwise."""

    user: User
    htmx: HtmxDetails

    agency: "Agency"
    """The agency that the page is about, once agency_in_view() has found it."""
    plan: Any
    """The plan (measures.models.Plan) that the page is about, once an access function has found it."""
    year: int
    """The fiscal year that a page about many agencies is about."""
    plans: Any
    """The year of each of the agency's plans, newest first, and when it was closed, where they are known."""
