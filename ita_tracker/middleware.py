"""Middleware of the whole site."""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.defaults import server_error

from ita_tracker.errors import not_found

logger = logging.getLogger(__name__)


class ReadableErrors:
    """Shows the site's own Thai error pages also where DEBUG would show a stack trace or all addresses.

    `make run` is the first thing an office sees and it runs with DEBUG; the trace goes to the console.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # What no route matches never reaches process_exception(): with DEBUG it is Django's list of routes.
        if settings.DEBUG and response.status_code == 404 and request.resolver_match is None:
            return not_found(request, Http404())
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for a view's exception, in Django's place."""
        if not settings.DEBUG or isinstance(exception, PermissionDenied):
            return None
        if isinstance(exception, Http404):
            return not_found(request, exception)
        logger.error("%s %s", request.method, request.path, exc_info=exception)
        return server_error(request)


class SignInRequired(LoginRequiredMiddleware):
    """Every page asks for a sign-in unless it is marked otherwise.

    A part of a page that htmx asks for is answered 401 instead of with the sign-in page, which would replace
    what a person has typed.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """None to go on to the view, else the answer that asks for a sign-in."""
        answer = super().process_view(request, view_func, view_args, view_kwargs)
        if answer is not None and request.headers.get("HX-Request"):
            return HttpResponse(status=401)
        return answer
