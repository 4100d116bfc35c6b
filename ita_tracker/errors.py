"""The pages for what went wrong: Thai, with a way back, and nothing about the code.

They keep the top of the page where somebody is signed in, as long as the database can say who that is.
"""

from functools import partial
from typing import Any, Final

from django.db import Error as AnyDatabaseError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from core.http import NotFound
from core.storage_trouble import Trouble
from ita_tracker import __version__
from ita_tracker.request_ids import request_id
from reports.public.selectors import published_by

# Seconds after which asking again can help.
RETRY_AFTER: Final = {Trouble.AWAY: 5, Trouble.BUSY: 5, Trouble.READ_ONLY: 60}


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


def server_error(request: HttpRequest) -> HttpResponse:
    """500, an apology that asks nobody anything: neither session nor database."""
    return HttpResponse(render_to_string("500.html", {"request_id": request_id.get()}), status=500)


def unavailable(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    """503 for a database that is away, busy or can only be read, and the seconds after which to ask again."""
    seconds = RETRY_AFTER[trouble]
    context = {
        "trouble": trouble.value,
        "was_sent": request.method not in ("GET", "HEAD"),
    }
    if trouble == Trouble.AWAY:
        # Who is signed in cannot be asked now, and each question would take its time.
        page = HttpResponse(render_to_string("503.html", _known(context)), status=503)
    else:
        page = _page(request, "503.html", 503, **context)
    page["Retry-After"] = str(seconds)
    page["Cache-Control"] = "no-store"
    return page


def _known(context: dict[str, Any]) -> dict[str, Any]:
    """What a page shows that asks nothing."""
    known = {name: value for name, value in context.items() if not callable(value)}
    return known | {"version": __version__, "help_address": reverse("help"), "request_id": request_id.get()}


def _page(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    if status == 400 or status >= 500:
        context["request_id"] = request_id.get()
    try:
        page = render_to_string(template, context, request)
    except (AnyDatabaseError, OSError):
        # The same page, which then knows nobody and asks nothing.
        page = render_to_string(template, _known(context))
    return HttpResponse(page, status=status)
