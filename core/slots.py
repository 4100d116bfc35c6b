"""A few places for many: who finds none is told at once, and whoever dies gives its place back."""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

logger = logging.getLogger(__name__)


class NoSlot(Exception):
    """All places are taken."""


@contextmanager
def slot(folder: Path, key: str, places: int) -> Iterator[None]:
    """Hold one of the places of a key, against all threads and processes of this machine.

    Where the folder cannot be used nobody is refused: it is noted in the log.

    Args:
        folder: where the locks are; a key has as many empty files as places.
        key: a part of the names of those files.

    Raises:
        NoSlot: every place is held at this moment.
    """
    file = _take(folder, key, places)
    try:
        yield
    finally:
        if file is not None:
            # The system gives the place back with the file, also of a process that was killed.
            os.close(file)


def _take(folder: Path, key: str, places: int) -> int | None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(places):
            file = os.open(folder / f"{key}-{number}", os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(file)
            except BaseException:
                os.close(file)
                raise
            else:
                return file
    except OSError as error:
        logger.warning("Nobody counts who does heavy work at once, %s is not to be used: %s", folder, error)
        return None
    raise NoSlot
