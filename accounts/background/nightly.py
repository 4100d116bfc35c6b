"""What is done once a night: by a thread beside each worker, so that no job has to wait for it.

Every worker tries. Whoever registers work sees to it that a second try of the same night does no harm.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from threading import Event, Thread
from typing import Final

from django.db import close_old_connections, connection
from django.utils import timezone

# When offices sleep; a worker that starts later in the day begins with what was left out.
HOUR: Final = time(2)
EVERY: Final = timedelta(minutes=1)
AFTER_A_FAILURE: Final = timedelta(hours=1)

Work = Callable[[], None]

_WORK: Final[list[Work]] = []

logger = logging.getLogger(__name__)


def every_night(work: Work) -> Work:
    """A decorator: the function is called once a night by each worker, and an hour later where it failed."""
    _WORK.append(work)
    return work


@contextmanager
def nightly_work() -> Iterator[None]:
    """Work at night from now to the end of the block. What is under way then ends with the process."""
    ended = Event()
    thread = Thread(target=_go_on, args=(ended,), name="nightly work", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()


class Nights:
    """Which work was done in which night, and when what failed is tried again."""

    def __init__(self) -> None:
        self._done: dict[Work, date] = {}
        self._not_before = {work: timezone.now() for work in _WORK}

    def do_what_is_due(self) -> None:
        """Do each work whose hour has come; what goes wrong is noted in the log and keeps nobody else."""
        now = timezone.localtime()
        if now.time() < HOUR:
            return
        for work in _WORK:
            if self._done.get(work) == now.date() or now < self._not_before.setdefault(work, now):
                continue
            try:
                work()
            except Exception:  # whatever it is, the night goes on
                logger.exception("%s failed and is tried again in an hour", work.__name__)
                self._not_before[work] = now + AFTER_A_FAILURE
            else:
                self._done[work] = now.date()


def _go_on(ended: Event) -> None:
    nights = Nights()
    # Not at once: a worker that ends after a moment begins nothing.
    while not ended.wait(EVERY.total_seconds()):
        close_old_connections()
        nights.do_what_is_due()
        connection.close()
