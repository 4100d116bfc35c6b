"""Of several migrations of one database at once, one works and the others wait for it."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

# Any number, the same in all versions.
KEY: Final = 7_243_118_201
PAUSE: Final = 0.2


@contextmanager
def one_migration_at_a_time(connection: BaseDatabaseWrapper, say: Callable[[], None]) -> Iterator[None]:
    """Hold the database's lock of migrations; a process that ends or is killed lets go of it.

    Args:
        say: called once where another one has to be waited for.
    """
    if connection.vendor == "postgresql":
        # Asked for again and again, because a statement may not wait for long.
        _wait(lambda: _ask(connection, "pg_try_advisory_lock"), say)
        try:
            yield
        finally:
            _ask(connection, "pg_advisory_unlock")
        return
    path = Path(str(connection.settings_dict["NAME"]))
    if not path.is_absolute() or not path.parent.is_dir():
        # In memory.
        yield
        return
    # Beside the database, and not the file itself: closing that would let go of SQLite's own locks.
    descriptor = os.open(path.with_name(f"{path.name}-migrating"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _wait(lambda: _locked(descriptor), say)
        yield
    finally:
        os.close(descriptor)


def _wait(take: Callable[[], bool], say: Callable[[], None]) -> None:
    if take():
        return
    say()
    while not take():
        time.sleep(PAUSE)


def _ask(connection: BaseDatabaseWrapper, function: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [KEY])
        return bool(cursor.fetchone()[0])


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
