"""The log of accounts as the database keeps it: a line is never changed, replaced or deleted.

Only when the person whose account it is has read of it is stored later. Migration 0009 installs the
triggers; one that makes the table anew calls protect() at its end.
"""

from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

from core import append_only

TABLE: Final = "accounts_accountevent"
KEPT: Final = ("id", "agency_id", "person_id", "kind", "detail", "done_by_id", "done_by_name", "done_at")


def protect(connection: BaseDatabaseWrapper) -> None:
    """Install the triggers, whichever of them are there already."""
    append_only.protect(connection, TABLE, (("id",),), kept=KEPT)


def release(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away, for tests and for the undoing of migrations."""
    append_only.release(connection, TABLE)
