"""Signing in by django-allauth: a shared cache for its limits, and no tables of django-axes any more."""

from django.core.management import call_command
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

AXES = ("axes_accessattemptexpiration", "axes_accessattempt", "axes_accesslog", "axes_accessfailurelog")


def make_shared_cache(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    call_command("createcachetable", "shared_cache", database=editor.connection.alias, verbosity=0)


def drop_axes(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """What it counted was over after a quarter of an hour."""
    for table in AXES:
        editor.execute(f"DROP TABLE IF EXISTS {table}")
    editor.execute("DELETE FROM django_migrations WHERE app = 'axes'")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_people")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="sessions_ended",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.RunPython(make_shared_cache, migrations.RunPython.noop),
        migrations.RunPython(drop_axes, migrations.RunPython.noop, elidable=True),
    ]
