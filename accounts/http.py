"""The request as views see it once middleware has run."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class Request(HttpRequest):
    """A request of a signed-in person: every view asks for one unless it is marked otherwise."""

    user: User
    htmx: HtmxDetails
