"""The request as the server hands it to Django."""

from typing import Any

from django.core.handlers.wsgi import WSGIRequest


class ReadableRequest(WSGIRequest):
    """A request that can be made whatever stands in its Content-Type.

    Django reads the query in the alphabet that the header names, before any middleware could answer for it;
    rot13 is an alphabet to Python and not one that bytes can be read in. Such a request has no form.
    """

    def __init__(self, environ: dict[str, Any]) -> None:
        try:
            super().__init__(environ)
        except (ValueError, LookupError):
            environ["CONTENT_TYPE"] = ""
            self._encoding = None
            super().__init__(environ)
