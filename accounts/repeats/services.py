"""What is kept of a form that was stored, and the answer to the same form sent again."""

import hashlib
import re
import zlib
from datetime import timedelta
from http import HTTPStatus
from time import monotonic, sleep
from typing import Any, Final

from django.contrib import messages
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import SavedForm
from core.templatetags.form_key import ADDS, CHANGES, FIELD, LENGTH

KEPT_FOR: Final = timedelta(days=1)
# Each so many stored forms, those that are too old are removed.
TIDY_EACH: Final = 50
KEY: Final = re.compile(rf"[{ADDS}{CHANGES}][A-Za-z0-9]{{{LENGTH}}}")
MAX_LOCATION: Final = 2_000
MAX_BODY: Final = 256 * 1024
MAX_SAID: Final = 20
# Seconds for which the answer of a request is waited for that stores the same form at this moment.
PATIENCE: Final = 5.0
SAID: Final = "รายการนี้บันทึกไว้แล้วจากการกดครั้งก่อน จึงไม่ได้บันทึกซ้ำ"
NOT_CONTENT: Final = frozenset({"csrfmiddlewaretoken"})


def digest_of(request: HttpRequest) -> str:
    """What makes a form that was sent this one and no other; empty for one without a key.

    Its key alone would not do: a page to which a person goes Back has the same key, and what is typed there
    anew is another form.
    """
    key = request.POST.get(FIELD, "")
    if not KEY.fullmatch(key):
        return ""
    sent = hashlib.sha256()
    for name, texts in [("", [request.get_full_path()]), *sorted(request.POST.lists())]:
        for text in texts if name not in NOT_CONTENT else ():
            _add(sent, name.encode(errors="surrogatepass"), text.encode(errors="surrogatepass"))
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            _add(sent, name.encode(errors="surrogatepass"), (file.name or "").encode(errors="surrogatepass"))
            content = hashlib.sha256()
            for chunk in file.chunks():
                content.update(chunk)
            file.seek(0)
            sent.update(content.digest())
    return sent.hexdigest()


def _add(sent: Any, *parts: bytes) -> None:
    for part in parts:
        sent.update(len(part).to_bytes(8, "big") + part)


def was_shown_once(saved: SavedForm) -> bool:
    """Whether it was answered with a page, such as that of a one-time password: that is not shown again.

    The views that answer so know by themselves what is there already.
    """
    return saved.status == HTTPStatus.OK and not saved.body


def saved_before(request: HttpRequest, digest: str) -> SavedForm | None:
    """The same form, if the person has stored it already.

    Of a form that changes something, only if the person has stored nothing else since: what was done before
    may have been undone, and is then done again. What is known of the first time is forgotten in that case.
    """
    rows = SavedForm.objects.filter(person=request.user.pk)
    found = rows.filter(digest=digest).first()
    if found is None:
        return None
    is_old = found.stored_at < timezone.now() - KEPT_FOR
    adds = request.POST.get(FIELD, "").startswith(ADDS)
    if is_old or (not adds and rows.filter(pk__gt=found.pk).exists()):
        found.delete()
        return None
    return found


def keep_answer(request: HttpRequest, digest: str, attempt: str, response: HttpResponseBase) -> None:
    """Note how a form was answered that was stored; one that was refused all the same may be sent again."""
    mine = SavedForm.objects.filter(person=request.user.pk, digest=digest, attempt=attempt)
    if 400 <= response.status_code < 500:
        mine.delete()
        return
    if response.status_code >= 500:
        # It is stored, and what is sent again says so.
        return
    said = [
        [message.level, str(message.message), message.extra_tags or ""]
        for message in getattr(get_messages(request), "_queued_messages", [])
    ]
    mine.update(
        status=response.status_code,
        location=response.get("Location", "")[:MAX_LOCATION],
        messages=said[:MAX_SAID],
        body=_part_of_page(request, response),
    )
    found = mine.values_list("pk", flat=True).first()
    if found and found % TIDY_EACH == 0:
        tidy()


def tidy() -> int:
    """Forget what is older than a day; says how many."""
    return SavedForm.objects.filter(stored_at__lt=timezone.now() - KEPT_FOR).delete()[0]


def _part_of_page(request: HttpRequest, response: HttpResponseBase) -> bytes:
    """What htmx puts into a page; of whole pages nothing is kept: some show a password once."""
    if not (request.headers.get("HX-Request") and isinstance(response, HttpResponse)):
        return b""
    if "no-store" in response.get("Cache-Control", "") or len(response.content) > MAX_BODY:
        return b""
    return zlib.compress(response.content)


def answer_again(request: HttpRequest, saved: SavedForm) -> HttpResponse:
    """What the form was answered with when it was stored, as far as that is known."""
    _wait_for_answer(saved)
    if saved.body:
        return HttpResponse(zlib.decompress(bytes(saved.body)), status=saved.status)
    for level, text, tags in saved.messages:
        messages.add_message(request, level, text, tags)
    if not saved.messages:
        messages.info(request, SAID)
    if saved.location:
        return HttpResponseRedirect(saved.location)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return HttpResponseRedirect(_page_of_form(request))


def _page_of_form(request: HttpRequest) -> str:
    came_from = request.headers.get("Referer", "")
    fits = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, request.is_secure())
    return came_from if fits else reverse("home")


def _wait_for_answer(saved: SavedForm) -> None:
    """Two presses at once: the one that has stored it is about to say what the answer is."""
    until = monotonic() + PATIENCE
    # One that was stored longer ago has lost its process on the way to the answer.
    soon = saved.stored_at + timedelta(seconds=PATIENCE)
    while not saved.status and monotonic() < until and timezone.now() < soon:
        sleep(0.05)
        saved.refresh_from_db()
