"""Middleware of the whole site."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.defaults import server_error

from ita_tracker.errors import not_found

logger = logging.getLogger(__name__)


class ReadableErrors:
    """Shows the site's own Thai error pages even where DEBUG would show a stack trace or the list of addresses.

    `make run` is the first thing an office sees and it runs with DEBUG; the trace goes to the console.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if settings.DEBUG and response.status_code == 404 and not hasattr(response, "readable"):
            return not_found(request, Http404())
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for a view's exception, in Django's place."""
        if not settings.DEBUG or isinstance(exception, PermissionDenied):
            return None
        if isinstance(exception, Http404):
            response = not_found(request, exception)
        else:
            logger.exception("%s %s", request.method, request.path)
            response = server_error(request)
        response.readable = True  # type: ignore[attr-defined]
        return response


class SignInRequired(LoginRequiredMiddleware):
    """Every page asks for a sign-in unless it is marked otherwise.

    A part of a page that htmx asks for is answered 401 instead of with the sign-in page, which would replace
    what a person has typed.
    """

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401)
        return super().handle_no_permission(request, view_func)
