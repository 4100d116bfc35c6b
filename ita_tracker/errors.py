"""The pages for what went wrong: Thai, with a way back, and nothing about the code.

They keep the top of the page where somebody is signed in, as long as the database can say who that is.
"""

from functools import partial
from typing import Any

from django.db import Error as AnyDatabaseError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from core.http import NotFound
from ita_tracker import __version__
from reports.public.selectors import published_by


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, without the reason: what was sent cannot be read."""
    return _page(request, "400.html", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 for what the person may see but not do."""
    return _page(request, "403.html", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, with our own sentence where the view had one; among the pages for everybody with what there is."""
    said = str(exception) if isinstance(exception, NotFound) else ""
    if request.path_info.startswith(reverse("public")):
        slug = request.path_info.removeprefix(reverse("public")).partition("/")[0]
        page = "reports/public/not_found.html"
        return _page(request, page, 404, said=said, published=partial(published_by, slug))
    return _page(request, "404.html", 404, said=said)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose protection token is missing or old."""
    return _page(request, "403_csrf.html", 403)


def too_large(request: HttpRequest) -> HttpResponse:
    """413 for what is larger than any form of the site."""
    return _page(request, "413.html", 413)


def disk_full(request: HttpRequest) -> HttpResponse:
    """507 for what could not be stored for want of room."""
    return _page(request, "507.html", 507)


def _page(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    try:
        page = render_to_string(template, context, request)
    except (AnyDatabaseError, OSError):
        # The same page, which then knows nobody and asks nothing.
        known = {name: value for name, value in context.items() if not callable(value)}
        page = render_to_string(template, known | {"version": __version__})
    return HttpResponse(page, status=status)
