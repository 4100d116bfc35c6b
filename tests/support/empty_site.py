"""Another site of the same engine, empty, for a moment; and all that a database holds, to be compared."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, cast
from uuid import uuid4

from django.conf import settings
from django.db import connection, connections
from django.test import override_settings

# What belongs to a table, by name, as each engine tells it; of a trigger also whether it is in force. Of a
# constraint and a condition PostgreSQL says the same in other words once it was restored: without them.
POSTGRESQL_PARTS: Final = """
SELECT 'trigger', tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger
UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, contype::text || convalidated
FROM pg_constraint WHERE conrelid <> 0
UNION ALL SELECT 'index', tablename, indexname, split_part(indexdef, ' WHERE ', 1)
FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'sequence', sequencename, last_value::text, '' FROM pg_sequences
"""
SQLITE_PARTS: Final = "SELECT type, tbl_name, name, sql FROM sqlite_master"
# PostgreSQL's own, whose names have a number of the server.
INTERNAL: Final = "RI_ConstraintTrigger"


@contextmanager
def empty_site(folder: Path) -> Iterator[None]:
    """An empty database and folder of files in the place of the test's, until the end of the block."""
    before = connection.settings_dict["NAME"]
    name = f"restored_{uuid4().hex[:8]}"
    if connection.vendor == "postgresql":
        _go_to(before)
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        _go_to(name)
    else:
        _go_to(str(folder / f"{name}.sqlite3"))
    try:
        # Told so, the storage looks there.
        with override_settings(MEDIA_ROOT=folder / name):
            yield
    finally:
        _go_to(before)
        if connection.vendor == "postgresql":
            with connection._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _go_to(name: str) -> None:
    connection.close()
    if connection.vendor == "postgresql":
        cast(Any, connections["default"]).close_pool()
    connection.settings_dict["NAME"] = name


def all_rows() -> Mapping[str, Any]:
    """Every row of every table, and every index, constraint, trigger and sequence."""
    with connection.cursor() as cursor:
        found: dict[str, Any] = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  a name from the database
            found[table] = sorted(map(repr, cursor.fetchall()))
        cursor.execute(POSTGRESQL_PARTS if connection.vendor == "postgresql" else SQLITE_PARTS)
        found[""] = sorted(repr(row) for row in cursor.fetchall() if INTERNAL not in str(row))
    return found


def all_files() -> Mapping[str, bytes]:
    """Every file below MEDIA_ROOT with its bytes."""
    media = Path(settings.MEDIA_ROOT)
    return {
        str(path.relative_to(media)): path.read_bytes() for path in sorted(media.rglob("*")) if path.is_file()
    }
