"""What is not found, a year out of a query, and files as answers."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from core.text import number_in


class NotFound(Http404):
    """A 404 whose message is a Thai sentence for the person; Django's own messages are for developers."""


def year_asked(request: HttpRequest) -> int | None:
    """The fiscal year that ?year= names, in Thai or Arabic digits; None for what is no year."""
    return number_in(request.GET.get("year", ""))


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
