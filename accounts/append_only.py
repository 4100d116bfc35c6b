"""Tables whose rows are never changed and never deleted: the database itself refuses, whoever asks.

For migrations. SQLite makes a table anew to change it and forgets its triggers: a migration that alters such
a table releases it before and protects it after.
"""

from collections.abc import Sequence
from typing import Final

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SAYS: Final = "a record of what was done is never changed or deleted"
SQLITE: Final = """
CREATE TRIGGER {table}_kept_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{says}'); END
"""
# REPLACE deletes the row whose key the new one has, without asking the triggers of deletion.
SQLITE_REPLACE: Final = """
CREATE TRIGGER {table}_kept_INSERT BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE {same_key})
BEGIN SELECT RAISE(ABORT, '{says}'); END
"""
POSTGRESQL: Final = """
CREATE FUNCTION {table}_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE any_row boolean;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', TG_TABLE_NAME) INTO any_row;
        IF NOT any_row THEN RETURN NULL; END IF;
    END IF;
    RAISE EXCEPTION '{says}' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_kept();
CREATE TRIGGER {table}_kept_whole BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION {table}_kept()
"""


def protect(editor: BaseDatabaseSchemaEditor, table: str, keys: Sequence[str] = ("id",)) -> None:
    """Let the database refuse to change or delete a row of a table.

    Args:
        editor: of the migration.
        table: its name in the database.
        keys: the columns that are unique, each by itself.
    """
    if editor.connection.vendor == "postgresql":
        # Without parameters the % of the function stays what it is.
        editor.execute(POSTGRESQL.format(table=table, says=SAYS), params=None)
        return
    for verb in ("UPDATE", "DELETE"):
        editor.execute(SQLITE.format(table=table, verb=verb, says=SAYS))
    same_key = " OR ".join(f"{key} = NEW.{key}" for key in keys)
    editor.execute(SQLITE_REPLACE.format(table=table, same_key=same_key, says=SAYS))


def release(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """Undo protect()."""
    if editor.connection.vendor == "postgresql":
        editor.execute(f"DROP FUNCTION {table}_kept() CASCADE")
        return
    for verb in ("UPDATE", "DELETE", "INSERT"):
        editor.execute(f"DROP TRIGGER {table}_kept_{verb}")
