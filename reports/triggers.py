"""Tables of reports that the database keeps as they are: editions with all that belongs to them, papers.

Migrations 0005, 0009 and 0010 install the triggers, 0011 those of papers; one that makes such a table anew
calls protect() or protect_papers() at its end.
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
    "reports_signedscan": (("id",),),
    "reports_filesignature": (("id",), ("file_id",)),
    "reports_signedcopy": (("id",), ("file_id", "number")),
}
SAID: Final = "an edition is never changed or deleted"
PAPER_KEYS: Final[Mapping[str, Keys]] = {
    "reports_papertemplate": (("id",), ("agency_id", "kind", "version")),
    "reports_editionpaper": (("id",), ("edition_id", "version", "kind", "format")),
}
PAPERS_SAID: Final = "a paper of an edition is never changed or deleted"


def protect(connection: BaseDatabaseWrapper) -> None:
    """Install the triggers, whichever of them are there already, of those tables that there are: the first
    migration that calls it is older than the last table.
    """
    there = set(connection.introspection.table_names())
    for table, keys in ((table, keys) for table, keys in KEYS.items() if table in there):
        append_only.protect(connection, table, keys, SAID)


def release(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away, for tests and for the undoing of migrations."""
    for table in set(KEYS) & set(connection.introspection.table_names()):
        append_only.release(connection, table)


def protect_papers(connection: BaseDatabaseWrapper) -> None:
    """Install the triggers of the papers round an edition and of their templates."""
    for table, keys in PAPER_KEYS.items():
        append_only.protect(connection, table, keys, PAPERS_SAID)


def release_papers(connection: BaseDatabaseWrapper) -> None:
    """Take those away again; as release()."""
    for table in PAPER_KEYS:
        append_only.release(connection, table)
