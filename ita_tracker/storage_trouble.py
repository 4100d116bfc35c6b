"""What a person is told when the database is away, busy, full or can only be read."""

import logging
import sys
import time
from collections.abc import Callable
from typing import Any, Final
from weakref import WeakKeyDictionary

from django.core.signals import got_request_exception
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from core.storage_trouble import Trouble, trouble_of
from ita_tracker.errors import disk_full, unavailable

logger = logging.getLogger(__name__)

# Seconds in which a process that could not reach its database asks no further time. A connection pool lets
# each request wait two seconds for a connection; a crowd would wait for one another, and for static files.
ASKS_AGAIN_AFTER: Final = 1.0
# They say how the database is themselves.
HEALTH: Final = frozenset({"healthz", "readyz"})
# Pages that ask the database for nothing but who is signed in: without it they are a stranger's pages.
WITHOUT_DATABASE: Final = frozenset(
    {"privacy", "accessibility", "help", "help_part", "data_dictionary", "report_schema"}
)

# Requests that another middleware, or reading the session, had to give up.
_stopped: WeakKeyDictionary[HttpRequest, Trouble] = WeakKeyDictionary()


class StorageTrouble:
    """Answers with a page that says why something could not be read or stored, in a view and before it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._away_until = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if time.monotonic() < self._away_until and (name := _name(request)) not in HEALTH:
            return self._without_database(request, name)
        response = self.get_response(request)
        trouble = _stopped.get(request)
        if trouble is None or (name := _name(request)) in HEALTH:
            return response
        if trouble != Trouble.AWAY:
            return page_of(request, trouble)
        self._away_until = time.monotonic() + ASKS_AGAIN_AFTER
        return self._without_database(request, name)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for a database or a disk that could not do what a view asked."""
        trouble = trouble_of(exception)
        if trouble is None:
            return None
        _note(request, trouble, exception)
        return page_of(request, trouble)

    def _without_database(self, request: HttpRequest, name: str) -> HttpResponse:
        if name not in WITHOUT_DATABASE or request.method not in ("GET", "HEAD"):
            return page_of(request, Trouble.AWAY)
        # Nobody can be known now.
        request.COOKIES = {}
        _stopped.pop(request, None)
        response = self.get_response(request)
        response["Cache-Control"] = "no-store"
        return page_of(request, Trouble.AWAY) if request in _stopped else response


def page_of(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    """The page that says what hinders the site."""
    return disk_full(request) if trouble == Trouble.FULL else unavailable(request, trouble)


def _name(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).url_name or ""
    except Resolver404:
        return ""


def _note(request: HttpRequest, trouble: Trouble, error: BaseException) -> None:
    _stopped[request] = trouble
    if trouble == Trouble.FULL:
        logger.error("The disk is full: %s", request.path, exc_info=error)
    else:
        logger.error("The database is %s: %s", trouble.value, request.path, exc_info=error)


@receiver(got_request_exception)
def _note_before_view(request: HttpRequest, **_: Any) -> None:
    """Sent while the exception is being handled; afterwards nothing but a status of 500 is left of it."""
    error = sys.exception()
    if error is not None and (trouble := trouble_of(error)):
        _note(request, trouble, error)
