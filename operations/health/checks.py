"""What a site needs to work: database, folder of files, room on the disk, a worker, a fresh backup.

Every answer comes within two seconds, also where the database hangs: it is asked by a thread that nobody
waits for longer, and never by two at once.
"""

import os
import shutil
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import Final, NamedTuple

from django.conf import settings
from django.db import Error as AnyDatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from accounts.background.runs import LEASE
from accounts.models import BackgroundWorker
from reports.signatures.checks import problem_of_signing

DATABASE_SECONDS: Final = 2.0
# Below, the next uploads could fill the disk.
LEAST_ROOM: Final = 200 * 1024**2
OLDEST_BACKUP: Final = timedelta(hours=36)
# Without these the site cannot do its work; the others want looking after while it goes on.
ESSENTIAL: Final = frozenset({"database", "migrations", "media", "disk"})


class FromDatabase(NamedTuple):
    """What only the database can tell."""

    answers: bool = False
    migrated: bool = False
    is_worked_on: bool = False


_lock = Lock()
_asking: "Future[FromDatabase] | None" = None
_thread = ThreadPoolExecutor(1, thread_name_prefix="readyz")


def checks() -> Mapping[str, bool]:
    """Each check by its name, in a fixed order; backup only where a folder for backups is set, signature only
    where there is a certificate.
    """
    told = _ask_database()
    found = {
        "database": told.answers,
        "migrations": told.migrated,
        "media": media_is_writable(),
        "disk": has_room(),
        "worker": told.is_worked_on,
    }
    if (age := age_of_backup()) is not None:
        found["backup"] = age < OLDEST_BACKUP
    if settings.SIGNING.has_certificate:
        found["signature"] = not problem_of_signing()
    return found


def media_is_writable() -> bool:
    """Whether the folder of files, or the one in which it will be made, takes files."""
    return os.access(_existing(Path(settings.MEDIA_ROOT)), os.W_OK | os.X_OK)


def has_room() -> bool:
    """Whether there is room for the next uploads."""
    return shutil.disk_usage(_existing(Path(settings.MEDIA_ROOT))).free >= LEAST_ROOM


def age_of_backup() -> timedelta | None:
    """Of the newest file in the folder of backups; without one, as old as can be. None: no folder is set."""
    if not settings.BACKUP_DIR:
        return None
    try:
        files = [path.stat() for path in Path(settings.BACKUP_DIR).iterdir() if path.is_file()]
    except OSError:
        return timedelta.max
    made = [file.st_mtime for file in files if file.st_size]
    return timedelta(seconds=max(0.0, time.time() - max(made))) if made else timedelta.max


def _existing(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder


def _ask_database() -> FromDatabase:
    global _asking  # noqa: PLW0603 - one question at a time in a process
    with _lock:
        if _asking is None or _asking.done():
            _asking = _thread.submit(_from_database)
        asked = _asking
    try:
        return asked.result(DATABASE_SECONDS)
    except (AnyDatabaseError, TooLate):
        return FromDatabase()


def _from_database() -> FromDatabase:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if waiting:
            return FromDatabase(answers=True)
        seen = BackgroundWorker.objects.filter(seen_at__gt=timezone.now() - LEASE)
        return FromDatabase(answers=True, migrated=True, is_worked_on=seen.exists())
    finally:
        connection.close()
