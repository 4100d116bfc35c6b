"""A name for each request: in the answer, on error pages and in every line of the log that it causes."""

import logging
import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# Empty outside a request.
request_id: ContextVar[str] = ContextVar("request_id", default="")

# What web servers make: nginx 32 hexadecimal digits, others a UUID.
GIVEN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{7,63}")


class RequestIds:
    """Gives every request its name, or takes the one that a trusted proxy has given (X-Request-ID)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "") if settings.TRUSTED_PROXIES else ""
        name = given if GIVEN.fullmatch(given) else secrets.token_hex(8)
        before = request_id.set(name)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(before)
        response["X-Request-ID"] = name
        return response


class WithRequestId(logging.Filter):
    """Adds the request's name to a line of the log; empty where there is no request."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every line passes."""
        record.request_id = request_id.get()
        return True
