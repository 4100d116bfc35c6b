"""Of many who ask for the same thing at once, one makes it; the others wait and take what was made.

Between the threads of a process by a Future for each key, between processes by a lock on a file. Whoever
fails or dies lets go of both, and nobody waits without an end: who gives up waiting makes the thing alone.
"""

import fcntl
import hashlib
import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from time import monotonic, sleep
from typing import Final, Generic, TypeVar

# In seconds: twice what a report of 450 pages takes. The thread that others wait for may itself have to wait
# for another process before it begins.
PATIENCE_WITH_PROCESSES: Final = 60.0
PATIENCE_WITH_THREADS: Final = 3 * PATIENCE_WITH_PROCESSES
PAUSE: Final = 0.05

Made = TypeVar("Made")

logger = logging.getLogger(__name__)


class SingleFlight(Generic[Made]):
    """What the threads of this process are making, by its key."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._under_way: dict[str, Future[Made]] = {}

    def once(self, key: str, make: Callable[[], Made]) -> Made:
        """What make() returns or raises, called by one of all threads that ask for a key at the same time."""
        with self._lock:
            others = self._under_way.get(key)
            mine: Future[Made] = Future()
            if others is None:
                self._under_way[key] = mine
        if others is not None:
            try:
                return others.result(timeout=PATIENCE_WITH_THREADS)
            except (CancelledError, TimeoutError):
                return make()
        try:
            mine.set_result(make())
        except Exception as error:
            mine.set_exception(error)
        except BaseException:
            # This thread was told to end, not those that wait for it.
            mine.cancel()
            raise
        finally:
            with self._lock:
                del self._under_way[key]
        return mine.result()


@contextmanager
def one_process_at_a_time(folder: Path, key: str) -> Iterator[None]:
    """Hold the lock of a key against other processes, or after some time and where there is none do without.

    Args:
        folder: where the locks are; 256 empty files at most, which keys share.
    """
    file = _open_lock(folder, key)
    try:
        if file is not None:
            _wait_for(file)
        yield
    finally:
        if file is not None:
            # The system lets go of the lock with the file, also of a process that was killed.
            os.close(file)


def _open_lock(folder: Path, key: str) -> int | None:
    name = hashlib.sha256(key.encode()).hexdigest()[:2]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        logger.warning("Processes cannot wait for one another, %s is not to be used: %s", folder, error)
        return None


def _wait_for(file: int) -> None:
    deadline = monotonic() + PATIENCE_WITH_PROCESSES
    while monotonic() < deadline:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sleep(PAUSE)
        except OSError as error:
            logger.warning("Processes cannot wait for one another: %s", error)
            return
        else:
            return
    logger.warning(
        "Another process has held a lock for %d s and is waited for no longer", PATIENCE_WITH_PROCESSES
    )
