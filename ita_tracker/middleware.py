"""Middleware of the whole site."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import LimitedStream
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect
from django.urls import reverse

from accounts.models import User
from accounts.second_factor.selectors import owes_second_factor
from ita_tracker.errors import bad_request, not_found, server_error, too_large


class ReadableErrors:
    """Where the setting READABLE_ERRORS is on, shows the site's own Thai error pages also with DEBUG.

    Django would show a stack trace or all addresses there. The trace goes to the console.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not (settings.DEBUG and settings.READABLE_ERRORS):
            return response
        # Also for what no view raised: an unknown address, a form too large to read, a database that is away
        # when the person is looked up. Django has written the trace to the log by then.
        if response.status_code == 404 and request.resolver_match is None:
            return not_found(request, Http404())
        if response.status_code == 400:
            return bad_request(request, SuspiciousOperation())
        if response.status_code == 500:
            return server_error(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The sentence of a view that did not find something is known only here."""
        if settings.DEBUG and settings.READABLE_ERRORS and isinstance(exception, Http404):
            return not_found(request, exception)
        return None


class CompressedPages(GZipMiddleware):
    """Compresses pages and parts of pages: a plan is a seventh of its size on the way.

    Django's middleware puts random bytes into each answer, so that its length tells nothing of the token in
    its forms (BREACH). Files are left as they are: they are compressed already and have their own ETag.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The answer, compressed where it is HTML and the browser can read that."""
        if not response.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)


class OnlyText:
    """Refuses a request whose text is not in UTF-8, and drops of its query and cookies what is no text.

    A request may say in which alphabet it is written, and some of those can spell half a character or are no
    alphabet at all. No browser says anything but UTF-8. A cookie of ours is letters and digits; PostgreSQL
    refuses to be asked for a session whose key holds a NUL.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (request.encoding or "utf-8").lower() not in {"utf-8", "utf8"}:
            request.encoding = "utf-8"
            return bad_request(request, SuspiciousOperation())
        # Nobody searches for a NUL; of the administrator's pages not all look for it themselves.
        if "%00" in (query := request.META.get("QUERY_STRING", "")):
            request.META["QUERY_STRING"] = query.replace("%00", "")
        for name in [name for name, value in request.COOKIES.items() if not value.isprintable()]:
            del request.COOKIES[name]
        return self.get_response(request)


class OnlyKnownMethods:
    """Answers 405 to what no page is asked by: Django's own pages of forms take a PUT for an empty POST."""

    KNOWN = ("GET", "HEAD", "OPTIONS", "POST")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in self.KNOWN:
            return HttpResponseNotAllowed(self.KNOWN)
        return self.get_response(request)


class LargeBodies:
    """Refuses what is larger than any form of the site, by what the request says of itself.

    Nothing of it is kept: two gigabytes would otherwise lie on this machine's disk before anybody asked who
    sends them. A body of a few times the limit is let pass by and thrown away, because a browser shows the
    answer only to what it could finish sending; a larger one is cut off.
    """

    BLOCK = 64 * 1024

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            # As the handler takes it: nothing was sent.
            length = 0
        if length <= settings.LARGEST_BODY:
            return self.get_response(request)
        body = request.META["wsgi.input"]
        if length <= settings.LARGEST_BODY_TO_LET_PASS:
            while length > 0 and (block := body.read(min(self.BLOCK, length))):
                length -= len(block)
        elif isinstance(body, LimitedStream):
            # The server of `make run` would read what is left, all of it at once, to be ready for the next.
            body.limit = 0
        return too_large(request)


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
        # Django looks who it is first; a page for everybody then depends on a cookie and cannot be kept.
        if not getattr(view_func, "login_required", True):
            return None
        answer = super().process_view(request, view_func, view_args, view_kwargs)
        if answer is not None and request.headers.get("HX-Request"):
            return HttpResponse(status=401)
        return answer


class FirstDuties:
    """What a person has to do before anything else: a password of their own, and a second factor if demanded.

    Pages that are for everybody stay open, and so does signing out.
    """

    PASSWORD = "account_change_password"  # noqa: S105
    SECOND_FACTOR = "mfa_activate_totp"
    ALWAYS = frozenset({"logout", PASSWORD})
    TO_SET_UP = ALWAYS | {
        SECOND_FACTOR,
        "mfa_index",
        "mfa_add_webauthn",
        "account_reauthenticate",
    }

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        """None to go on to the view, else the way to what has to be done first."""
        if not getattr(view_func, "login_required", True) or not isinstance(request.user, User):
            return None
        name = request.resolver_match.url_name if request.resolver_match else ""
        if request.user.must_change_password:
            first = None if name in self.ALWAYS else self.PASSWORD
        else:
            owes = name not in self.TO_SET_UP and owes_second_factor(request.user)
            first = self.SECOND_FACTOR if owes else None
        if first is None:
            return None
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": reverse(first)})
        return redirect(first)
