"""REPLACE INTO passed the triggers of SQLite, which saw neither an UPDATE nor a DELETE."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from reports import triggers


def protect(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    # What 0003 has installed: on PostgreSQL one function for both tables, on SQLite triggers of the same names.
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION IF EXISTS reports_edition_stays() CASCADE")
    triggers.protect(editor.connection)


def release(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    triggers.release(editor.connection)


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_edition_withdrawal")]

    operations = [migrations.RunPython(protect, release)]
