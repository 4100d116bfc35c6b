"""Recognises a form that is sent again after its answer was lost, and answers it as the first time."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

from accounts.repeats.services import answer_again, digest_of, keep_answer, saved_before, was_shown_once
from accounts.repeats.watch import SavedBefore, Watch


class RepeatedForms:
    """Stores each form that has a key once.

    A view and its services need know nothing of it: the key is stored by what they store, in their
    transaction.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or not request.user.is_authenticated:
            return self.get_response(request)
        watch = Watch()
        request.form_watch = watch  # type: ignore[attr-defined]
        with connection.execute_wrapper(watch):
            response = self.get_response(request)
            digest, watch.digest = watch.digest, ""
        if digest and watch.has_stored:
            keep_answer(request, digest, watch.attempt, response)
        elif digest and response.status_code >= 400:
            # Refused, perhaps because the same form was stored at this moment by the other of two presses.
            return self._again(request, digest) or response
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """The answer to a form that is stored already; else its key is watched for."""
        watch: Watch | None = getattr(request, "form_watch", None)
        digest = digest_of(request) if watch else ""
        if watch is None or not digest:
            return None
        saved = saved_before(request, digest)
        if saved and was_shown_once(saved):
            saved.delete()
            saved = None
        if saved:
            return answer_again(request, saved)
        watch.watch(request.user.pk or 0, digest)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Of two presses at once the second finds the key of the first where it would store its own."""
        watch: Watch | None = getattr(request, "form_watch", None)
        if watch is None or not isinstance(exception, SavedBefore):
            return None
        digest, watch.digest = watch.digest, ""
        return self._again(request, digest)

    @staticmethod
    def _again(request: HttpRequest, digest: str) -> HttpResponse | None:
        saved = saved_before(request, digest)
        return answer_again(request, saved) if saved else None
