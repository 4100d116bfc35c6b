from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from django.apps import AppConfig
from django.db import connections
from django.db.backends.signals import connection_created
from django.db.models.signals import pre_migrate

OWNER_ALONE: Final = 0o600


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "ส่วนกลาง"

    def ready(self) -> None:
        """A migration of a large site may take longer than any page may; its database is the site's alone."""
        pre_migrate.connect(take_as_long_as_needed, sender=self)
        connection_created.connect(_keep_to_owner)


def take_as_long_as_needed(using: str, **_: Any) -> None:
    """Lift the limits of statements for this connection, which the migrations then use."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("SET lock_timeout = 0")


def _keep_to_owner(connection: Any, **_: Any) -> None:
    """Let nobody else on the machine read SQLite's file: it holds hashes of passwords and what is private.

    A file of another owner is left as it is; so is one that lies in memory.
    """
    if connection.vendor != "sqlite":
        return
    file = str(connection.settings_dict["NAME"])
    for path in (Path(file), Path(f"{file}-wal"), Path(f"{file}-shm")):
        with suppress(OSError):
            if path.stat().st_mode & 0o077:
                path.chmod(OWNER_ALONE)
