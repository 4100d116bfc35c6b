"""The sign of life of a worker: a thread that says it is there and renews its leases, whatever it works on.

With each sign it takes up again what dead workers have left, and once a day it forgets what is old.
"""

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Final

from django.db import Error as AnyDatabaseError
from django.db import close_old_connections, connection
from django.utils import timezone

from accounts.background.runs import LEASE
from accounts.background.services import prune, take_up_again
from accounts.models import BackgroundJob, BackgroundWorker, JobState

EVERY: Final = LEASE / 4
PRUNED_EVERY: Final = timedelta(days=1)
# Whatever takes longer hangs: its lease is not renewed any more.
LONGEST_TRY: Final = timedelta(minutes=30)

logger = logging.getLogger(__name__)


def show_life(name: str) -> None:
    """Say that a worker is alive, renew the leases of what it works on, and see to what others have left."""
    now = timezone.now()
    seen = BackgroundWorker.objects.filter(name=name)
    if not seen.update(seen_at=now):
        BackgroundWorker.objects.create(
            name=name, machine=socket.gethostname()[:200], started_at=now, seen_at=now
        )
    running = BackgroundJob.objects.filter(
        state=JobState.RUNNING, worker=name, started_at__gt=now - LONGEST_TRY
    )
    running.update(lease_until=now + LEASE)
    take_up_again()


@contextmanager
def signs_of_life(name: str) -> Iterator[None]:
    """Show life for a worker from now to the end of the block, also while it is busy."""
    ended = Event()
    thread = Thread(target=_go_on, args=(name, ended), name="sign of life", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(timeout=5)


def _go_on(name: str, ended: Event) -> None:
    pruned: datetime | None = None
    while True:
        try:
            close_old_connections()
            show_life(name)
            if pruned is None or timezone.now() - pruned > PRUNED_EVERY:
                prune()
                pruned = timezone.now()
        except AnyDatabaseError as error:
            # The database may be away for a moment; the next sign is tried all the same.
            logger.warning("A worker could not show life: %s", error)
        if ended.wait(EVERY.total_seconds()):
            break
    try:
        BackgroundWorker.objects.filter(name=name).delete()
    except AnyDatabaseError as error:
        logger.warning("A worker could not say that it ended: %s", error)
    finally:
        connection.close()
