"""Tables of reports that the database keeps as they are: editions, their files, withdrawals and signatures.

Migrations 0005 and 0009 install the triggers; one that makes such a table anew calls protect() at its end.
"""

from collections.abc import Mapping
from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

from core import append_only
from core.append_only import Keys

KEYS: Final[Mapping[str, Keys]] = {
    "reports_edition": (("id",), ("code",), ("round_id", "revision")),
    "reports_editionfile": (("id",), ("edition_id", "format")),
    "reports_editionwithdrawal": (("id",), ("edition_id",)),
}
# Of migration 0009.
KEYS_OF_SIGNATURES: Final[Mapping[str, Keys]] = {
    "reports_filesignature": (("id",), ("file_id",)),
    "reports_signedcopy": (("id",), ("file_id", "number")),
}
SAID: Final = "an edition is never changed or deleted"


def protect(connection: BaseDatabaseWrapper, tables: Mapping[str, Keys] = KEYS) -> None:
    """Install the triggers, whichever of them are there already."""
    for table, keys in tables.items():
        append_only.protect(connection, table, keys, SAID)


def release(connection: BaseDatabaseWrapper, tables: Mapping[str, Keys] = KEYS) -> None:
    """Take the triggers away, for tests and for the undoing of migrations."""
    for table in tables:
        append_only.release(connection, table)
