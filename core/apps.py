from contextlib import suppress
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created

OWNERS_ALONE = 0o600


def keep_to_owner(connection: Any, **_: Any) -> None:
    """Let nobody else on the machine read SQLite's file: it holds hashes of passwords and what is private.

    A file of another owner is left as it is; so is one that lies in memory.
    """
    if connection.vendor != "sqlite":
        return
    file = str(connection.settings_dict["NAME"])
    for path in (Path(file), Path(f"{file}-wal"), Path(f"{file}-shm")):
        with suppress(OSError):
            if path.stat().st_mode & 0o077:
                path.chmod(OWNERS_ALONE)


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "ส่วนกลาง"

    def ready(self) -> None:
        connection_created.connect(keep_to_owner)
