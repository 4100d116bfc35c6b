"""Tables whose rows are never changed, replaced or deleted: triggers by which the database itself refuses.

Migrations install them. SQLite forgets the triggers of a table that a migration makes anew (AlterField,
AddConstraint …): such a migration calls protect() again at its end.

They do not stop who may change the database itself: the owner of PostgreSQL's tables can drop or disable
them, and who can write SQLite's file can write anything into it.
"""

from collections.abc import Sequence
from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

Keys = Sequence[Sequence[str]]
"""Every unique key of a table, each as its columns."""

SAID: Final = "a record of what was done is never changed or deleted"

SQLITE_VERBS: Final = ("INSERT", "UPDATE", "DELETE")
SQLITE_TRIGGER: Final = """
CREATE TRIGGER {table}_stays_{verb} BEFORE {verb}{columns} ON {table}
BEGIN {refusals} END
"""
SQLITE_REFUSAL: Final = "SELECT RAISE(ABORT, '{said}');"
# REPLACE removes a row without any trigger of DELETE, unless recursive_triggers is on. A plain INSERT comes
# this way too, so the key is named as SQLite itself would.
SQLITE_REFUSAL_OF_KEY: Final = """
SELECT RAISE(ABORT, '{said}; UNIQUE constraint failed: {names}')
WHERE EXISTS (SELECT 1 FROM {table} WHERE {taken});
"""
# It holds no row. As long as a table has an index over an expression, SQLite opens none of its values for
# writing in place (sqlite3_blob_open), which no trigger would see.
SQLITE_INDEX: Final = (
    "CREATE INDEX {table}_stays_in_place ON {table} (({column} IS NULL)) WHERE {column} IS NULL"
)

POSTGRESQL_FUNCTION: Final = """
CREATE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE any_row boolean;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.%I)', TG_TABLE_SCHEMA, TG_TABLE_NAME) INTO any_row;
        IF NOT any_row THEN RETURN NULL; END IF;
    END IF;
    RAISE EXCEPTION '{said}' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
# ALWAYS: also for a session that says it only replicates.
POSTGRESQL_TRIGGERS: Final = """
CREATE TRIGGER {table}_stays BEFORE UPDATE{columns} OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_stays();
CREATE TRIGGER {table}_stays_whole BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION {table}_stays();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_stays;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_stays_whole
"""


def protect(
    connection: BaseDatabaseWrapper,
    table: str,
    keys: Keys,
    said: str = SAID,
    *,
    kept: Sequence[str] = (),
) -> None:
    """Install a table's triggers, whichever of them are there already.

    Args:
        connection: of the database; its user owns the table.
        table: the name in the database.
        keys: all by which SQLite's REPLACE would find a row to put another in its place; the first is the
            primary key.
        said: what the database answers to whoever tries.
        kept: the columns that never change, where others may; none for all.
    """
    release(connection, table)
    columns = f" OF {', '.join(kept)}" if kept else ""
    if connection.vendor == "postgresql":
        statements = [
            text.format(table=table, said=said, columns=columns)
            for text in (POSTGRESQL_FUNCTION, POSTGRESQL_TRIGGERS)
        ]
    else:
        statements = _sqlite(table, keys, said, columns)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def release(connection: BaseDatabaseWrapper, table: str) -> None:
    """Take the triggers away, for tests and for the undoing of migrations."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP FUNCTION IF EXISTS {table}_stays() CASCADE")
            return
        cursor.execute(f"DROP INDEX IF EXISTS {table}_stays_in_place")
        for verb in SQLITE_VERBS:
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_stays_{verb}")


def _sqlite(table: str, keys: Keys, said: str, columns: str) -> list[str]:
    always = SQLITE_REFUSAL.format(said=said)
    refusals = {
        "INSERT": "".join(_refusal_of_key(table, key, said) for key in keys),
        "UPDATE": always,
        "DELETE": always,
    }
    return [
        *(
            SQLITE_TRIGGER.format(
                table=table, verb=verb, columns=columns if verb == "UPDATE" else "", refusals=text
            )
            for verb, text in refusals.items()
        ),
        SQLITE_INDEX.format(table=table, column=keys[0][0]),
    ]


def _refusal_of_key(table: str, key: Sequence[str], said: str) -> str:
    return SQLITE_REFUSAL_OF_KEY.format(
        said=said,
        table=table,
        names=", ".join(f"{table}.{column}" for column in key),
        taken=" AND ".join(f"{column} = NEW.{column}" for column in key),
    )
