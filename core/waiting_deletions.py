"""Deletions that wait while the files of a folder are copied: nobody is held up, the names are noted.

Whoever copies puts a file into the folder before looking at the database, and holds a lock on it. Whoever
deletes does so after the row is gone: where the file lies and its lock is held, the name is written into it.
At the end the file is removed first and read then; who has written a name into a file that is gone by now
deletes by itself. So every deletion is done by one of the two, or by both, which does no harm.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

NOTE: Final = ".deletions-wait"
# Seconds. Who deletes holds the lock of a copy that was killed for a moment only.
PATIENCE: Final = 2.0
PAUSE: Final = 0.05


class AlreadyHeld(Exception):
    """Another process copies the same files at this moment."""


@contextmanager
def deletions_wait(folder: Path, delete: Callable[[str], None]) -> Iterator[None]:
    """Let every deletion below a folder wait until the end of the block; then they are done.

    Args:
        delete: deletes a file by its name; also those that an earlier copy, which was killed, has left.

    Raises:
        AlreadyHeld: another process does the same.
    """
    descriptor = _hold(folder / NOTE)
    try:
        yield
    finally:
        (folder / NOTE).unlink(missing_ok=True)
        names = _read(descriptor)
        os.close(descriptor)
        for name in names:
            # What cannot be deleted is found by the search for files without a row.
            with suppress(OSError):
                delete(name)


def must_wait(folder: Path, name: str) -> bool:
    """Whether the deletion of a file has to wait; it is noted then, and done at the end of the copy."""
    try:
        descriptor = os.open(folder / NOTE, os.O_WRONLY | os.O_APPEND)
    except FileNotFoundError:
        return False
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            os.write(descriptor, f"{name}\n".encode("utf-8", "surrogateescape"))
            return os.fstat(descriptor).st_nlink > 0
        # Whoever copied was killed.
        return False
    finally:
        os.close(descriptor)


def left_by_a_killed_copy(folder: Path, delete: Callable[[str], None]) -> None:
    """Do the deletions that waited for a copy which will never end."""
    if (folder / NOTE).exists():
        with suppress(AlreadyHeld), deletions_wait(folder, delete):
            pass


def _hold(path: Path) -> int:
    deadline = time.monotonic() + PATIENCE
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Another copy may have ended, and removed the file, since it was opened.
            if path.exists() and path.samefile(f"/dev/fd/{descriptor}"):
                return descriptor
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(descriptor)
                raise AlreadyHeld from None
            time.sleep(PAUSE)
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _read(descriptor: int) -> list[str]:
    os.lseek(descriptor, 0, os.SEEK_SET)
    with os.fdopen(os.dup(descriptor), "rb") as file:
        return file.read().decode("utf-8", "surrogateescape").splitlines()
