"""Middleware of the whole site."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.views.defaults import page_not_found, server_error

logger = logging.getLogger(__name__)


class ReadableErrors:
    """Shows the site's own Thai error pages even where DEBUG would show a stack trace or the list of addresses.

    `make run` is the first thing an office sees and it runs with DEBUG; the trace goes to the console.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if settings.DEBUG and response.status_code == 404:
            return page_not_found(request, Http404())
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not settings.DEBUG or isinstance(exception, Http404 | PermissionDenied):
            return None
        logger.exception("%s %s", request.method, request.path)
        return server_error(request)
