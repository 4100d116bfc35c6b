"""The database itself refuses to change or delete an edition, whoever asks: a page, a program, a person."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = ("reports_edition", "reports_editionfile")

SQLITE = """
CREATE TRIGGER {table}_stays_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'an edition is never changed or deleted'); END
"""
POSTGRESQL_FUNCTION = """
CREATE FUNCTION reports_edition_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE any_row boolean;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', TG_TABLE_NAME) INTO any_row;
        IF NOT any_row THEN RETURN NULL; END IF;
    END IF;
    RAISE EXCEPTION 'an edition is never changed or deleted' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
POSTGRESQL = """
CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION reports_edition_stays();
CREATE TRIGGER {table}_stays_whole BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION reports_edition_stays()
"""


def protect(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(POSTGRESQL_FUNCTION, params=None)
        for table in TABLES:
            editor.execute(POSTGRESQL.format(table=table))
    else:
        for table in TABLES:
            for verb in ("UPDATE", "DELETE"):
                editor.execute(SQLITE.format(table=table, verb=verb))


def release(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION IF EXISTS reports_edition_stays() CASCADE")
    else:
        for table in TABLES:
            for verb in ("UPDATE", "DELETE"):
                editor.execute(f"DROP TRIGGER IF EXISTS {table}_stays_{verb}")


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_editions")]

    operations = [migrations.RunPython(protect, release)]
