"""REPLACE INTO passed the triggers of SQLite, which saw neither an UPDATE nor a DELETE."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from reports import triggers


def protect(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    triggers.protect(editor.connection)


def unprotect(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """Undoing 0003 takes away the rest."""
    if editor.connection.vendor == "sqlite":
        for table in triggers.KEYS:
            editor.execute(f"DROP TRIGGER {table}_stays_INSERT")
            editor.execute(f"DROP INDEX {table}_stays_in_place")


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_editions_stay")]

    operations = [migrations.RunPython(protect, unprotect)]
