"""What keeps the site from storing or reading, told by an error of the database or of a file."""

import sqlite3
from enum import StrEnum
from typing import Final

from core.disk_space import is_disk_full


class Trouble(StrEnum):
    """Why the database did not do what it was asked."""

    FULL = "full"
    """No room, or no more allowed to this user."""
    AWAY = "away"
    """It does not answer, or cannot be reached."""
    READ_ONLY = "read_only"
    """It can be read and not be written."""
    BUSY = "busy"
    """It answers, but others held what was asked for longer than anybody waits."""


BUSY_SQLITE: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
# Where nothing may be written SQLite cannot even make the file that its connections share.
READ_ONLY_SQLITE: Final = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM)
AWAY_SQLITE: Final = (sqlite3.SQLITE_CANTOPEN,)
# Classes and states of PostgreSQL, appendix A of its manual.
BUSY_POSTGRESQL: Final = ("55P03", "57014")
READ_ONLY_POSTGRESQL: Final = ("25006",)
# A connection lost or refused, too many of them, told to end, crashed, starting, an idle transaction ended.
AWAY_POSTGRESQL: Final = ("08", "53300", "57P01", "57P02", "57P03", "25P03")
# What psycopg, its pool and Django raise without a state: no connection could be had, or it broke.
WITHOUT_STATE: Final = (
    "OperationalError",
    "PoolTimeout",
    "PoolClosed",
    "TooManyRequests",
    "ConnectionTimeout",
)
CLOSED: Final = "connection is closed"


def trouble_of(error: BaseException | None) -> Trouble | None:
    """What an error, or what it was raised from, says of the database and the disk; None: something else."""
    if is_disk_full(error):
        return Trouble.FULL
    while error is not None:
        if found := _of_sqlite(error) or _of_postgresql(error):
            return found
        error = error.__cause__
    return None


def _of_sqlite(error: BaseException) -> Trouble | None:
    extended = getattr(error, "sqlite_errorcode", None)
    if not isinstance(extended, int):
        return None
    # The lowest byte is the kind; the others say more of it.
    kind = extended & 0xFF
    for codes, trouble in (
        (BUSY_SQLITE, Trouble.BUSY),
        (READ_ONLY_SQLITE, Trouble.READ_ONLY),
        (AWAY_SQLITE, Trouble.AWAY),
    ):
        if kind in codes:
            return trouble
    return None


def _of_postgresql(error: BaseException) -> Trouble | None:
    kind = type(error)
    if not kind.__module__.startswith("psycopg"):
        return None
    state = getattr(error, "sqlstate", None)
    if state is None:
        lost = kind.__name__ in WITHOUT_STATE or CLOSED in str(error)
        return Trouble.AWAY if lost else None
    if state in BUSY_POSTGRESQL:
        return Trouble.BUSY
    if state in READ_ONLY_POSTGRESQL:
        return Trouble.READ_ONLY
    return Trouble.AWAY if state.startswith(AWAY_POSTGRESQL) else None
