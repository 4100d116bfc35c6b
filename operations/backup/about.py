"""What an archive says of itself, and whether this version of the program can take it."""

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from operations.backup.databases import server_version
from operations.backup.problems import BackupProblem, DamagedArchive

FORMAT: Final = 1
PROGRAM: Final = "ITA Tracker"
ENGINES: Final = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def about_this_site() -> Mapping[str, Any]:
    """What an archive of this site says of itself."""
    applied = MigrationRecorder(connection).applied_migrations()
    return {
        "program": PROGRAM,
        "format": FORMAT,
        "version": settings.VERSION,
        "engine": connection.vendor,
        "engine_version": server_version(),
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "migrations": sorted(".".join(key) for key in applied),
    }


def check_readable(about: Mapping[str, Any]) -> None:
    """Whether this program knows what an archive holds.

    Raises:
        BackupProblem: it was made by a newer version.
        DamagedArchive: it says nothing of itself that can be read.
    """
    migrations = about.get("migrations")
    if (
        about.get("program") != PROGRAM
        or not isinstance(about.get("format"), int)
        or about.get("engine") not in ENGINES
        or not isinstance(migrations, list)
        or not all(isinstance(name, str) for name in migrations)
    ):
        raise DamagedArchive("ไม่ใช่ไฟล์สำรองของระบบนี้")
    known = {".".join(key) for key in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    unknown = sorted(set(migrations) - known)
    if about["format"] > FORMAT or unknown:
        version = str(about.get("version"))[:20]
        raise BackupProblem(
            f"ไฟล์สำรองนี้มาจากรุ่นที่ใหม่กว่า ({version}) ติดตั้งรุ่นนั้นก่อน"
            + (f" รุ่นนี้ไม่รู้จัก {unknown[0][:100]}" if unknown else "")
        )


def check_fits_here(about: Mapping[str, Any]) -> None:
    """As check_readable(), and whether it is for the engine of this site.

    Raises:
        BackupProblem: it is not; from one engine to another nothing is restored.
    """
    check_readable(about)
    if about["engine"] != connection.vendor:
        theirs, ours = ENGINES[about["engine"]], ENGINES[connection.vendor]
        raise BackupProblem(f"ไฟล์สำรองนี้มาจาก {theirs} แต่ระบบนี้ใช้ {ours} กู้คืนข้ามชนิดฐานข้อมูลไม่ได้")
