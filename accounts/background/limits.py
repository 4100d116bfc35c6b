"""How much of what is heavy one person may have under way at once, and the page that says so."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from accounts.background.kinds import heavy_kinds
from accounts.models import BackgroundJob, User
from accounts.request import Request
from core.slots import NoSlot, slot

MAX_JOBS: Final = 3
# Of one person and one machine: a second one for who asks for the next before the first is there.
MAX_AT_ONCE: Final = 2
RETRY_AFTER: Final = {"job": 30, "page": 5}


class TooManyJobs(Exception):
    """A person has as many heavy jobs waiting or running as one may have."""

    def __init__(self, jobs: Sequence[BackgroundJob]) -> None:
        super().__init__(f"{len(jobs)} jobs")
        self.jobs = jobs


class TooMuchAtOnce(Exception):
    """A person waits for as many heavy answers already as one may wait for."""


def check_jobs_of(person: User) -> None:
    """To be asked in the transaction that queues a heavy job.

    Raises:
        TooManyJobs: no further one may be queued.
    """
    # Of two requests at once the second waits, and counts what the first has queued.
    User.objects.select_for_update(no_key=True).filter(pk=person.pk).first()
    mine = BackgroundJob.objects.unfinished().filter(asked_by=person.pk, kind__in=heavy_kinds())
    jobs = list(mine.order_by("id"))
    if len(jobs) >= MAX_JOBS:
        raise TooManyJobs(jobs)


@contextmanager
def heavy_answer(person: User) -> Iterator[None]:
    """Around what takes the machine seconds while the person waits.

    Raises:
        TooMuchAtOnce: as many are under way for this person on this machine.
    """
    try:
        with slot(Path(settings.CACHE_DIR) / "slots", f"person-{person.pk}", MAX_AT_ONCE):
            yield
    except NoSlot as error:
        raise TooMuchAtOnce from error


def too_many(request: Request, limit: TooManyJobs | TooMuchAtOnce, kept_at: str = "") -> HttpResponse:
    """The page (429) that says what is still under way, each with its link.

    Args:
        kept_at: where the person finds what was sent with this request; empty where nothing was kept.
    """
    jobs = limit.jobs if isinstance(limit, TooManyJobs) else ()
    context = {"jobs": jobs, "kept_at": kept_at, "most": MAX_JOBS if jobs else MAX_AT_ONCE}
    response = render(request, "accounts/background/too_many.html", context, status=429)
    response.headers["Retry-After"] = str(RETRY_AFTER["job" if jobs else "page"])
    response.headers["Cache-Control"] = "no-store"
    return response
