"""What is not found, a year out of a query, whole addresses, files as answers and that one is unchanged."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from core.text import number_in


class NotFound(Http404):
    """A 404 whose message is a Thai sentence for the person; Django's own messages are for developers."""


def year_asked(request: HttpRequest) -> int | None:
    """The fiscal year that ?year= names, in Thai or Arabic digits; None for what is no year."""
    return number_in(request.GET.get("year", ""))


def site_address(request: HttpRequest, path: str) -> str:
    """A whole address, as paper or another site has to name it: PUBLIC_URL says under which name."""
    return f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)


def file_response(
    content: bytes, content_type: str, name: str, *, cache: str, etag: str = "", as_attachment: bool = True
) -> HttpResponse:
    """A file as an answer.

    Args:
        name: under which the browser stores it; Thai is fine.
        cache: the whole value of Cache-Control.
        etag: quoted; empty for none.
        as_attachment: False lets the browser show what it can show.
    """
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment, name) or "attachment"
    response.headers["Cache-Control"] = cache
    if etag:
        response.headers["ETag"] = etag
    return response


def unchanged_answer(request: HttpRequest, etag: str) -> HttpResponse | None:
    """The answer (304) to a browser that has a file already; None where it has to be sent.

    Args:
        etag: quoted.
    """
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        unchanged.headers["ETag"] = etag
    return unchanged


class RefusedFormMixin:
    """A view with a form that answers a refused one with 422, as all forms of this site do."""

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = 422
        return response
