"""What holds for pages of who is signed in: a session in use stays, and no copy of a page is kept."""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from accounts.models import User
from accounts.passwords.hashers import TooBusy
from accounts.sessions.describe import place_in_words
from accounts.sessions.store import NETWORK, SEEN
from accounts.sign_in.known_devices import remember

# Seconds: no page writes to the database only to say that it was looked at a moment ago.
BETWEEN_NOTES: Final = 5 * 60


class SignedInPages:
    """Notes that a session is in use, and forbids copies of pages that know who asks.

    Without that the browser's Back shows a page after the sign-out, to whoever sits there next.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        person = getattr(request, "signed_in_here", None)
        if isinstance(person, User):
            remember(request, response, person)
        if self._knows_who_asks(request) and _may_be_kept(response):
            response.headers["Cache-Control"] = "no-store, private"
        return response

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> None:
        """Note that the session is in use; a page for everybody does not ask who it is."""
        if not getattr(view_func, "login_required", True) or not request.user.is_authenticated:
            return
        now = timezone.now().timestamp()
        if not 0 <= now - request.session.get(SEEN, 0) < BETWEEN_NOTES:
            request.session[SEEN] = now
            request.session[NETWORK] = place_in_words(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for more passwords at once than the process can look at."""
        if not isinstance(exception, TooBusy):
            return None
        response = render(request, "busy.html", status=503)
        response.headers["Retry-After"] = "5"
        return response

    @staticmethod
    def _knows_who_asks(request: HttpRequest) -> bool:
        # What nobody has looked up for the page is not on it.
        user = getattr(request, "_cached_user", None)
        return isinstance(user, User) or isinstance(getattr(request, "signed_in_here", None), User)


def _may_be_kept(response: HttpResponse) -> bool:
    """Whether a page does not say itself how long it may be kept; files say so."""
    is_page = response.get("Content-Type", "").startswith("text/html")
    said = response.get("Cache-Control", "")
    return is_page and "no-store" not in said and "public" not in said
