"""A copy of the database as it is at one moment, while people work, and putting one into an empty database.

SQLite is copied by its backup API in one step, which reads one state and holds up nobody who writes (WAL);
PostgreSQL by pg_dump, which does the same by a snapshot.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections
from django.db.backends.postgresql.client import DatabaseClient

from accounts.background.keeper import dies_with_us
from operations.backup.problems import BackupProblem, DamagedArchive

PACKAGE: Final = "postgresql-client"


def server_version() -> str:
    """Of the database's engine, for people to read."""
    if connection.vendor == "sqlite":
        return sqlite3.sqlite_version
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])


def is_empty() -> bool:
    """Whether the database holds no table at all."""
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor, include_views=True)


def copy_to(path: Path) -> None:
    """Write the database, as it is at one moment, into a new file.

    Raises:
        BackupProblem: it cannot be copied.
    """
    if connection.vendor == "postgresql":
        _postgresql("pg_dump", lambda name: ["--format=custom", "--file", str(path), name])
        return
    with closing(sqlite3.connect(sqlite_path())) as source, closing(sqlite3.connect(path)) as target:
        # It is only read again; what has to outlive a power cut is the archive.
        target.execute("PRAGMA synchronous=OFF")
        source.backup(target)
        # One file, without one of WAL beside it; whoever opens it on a site sets WAL again.
        target.execute("PRAGMA journal_mode=DELETE")


def check_copy(path: Path, engine: str) -> None:
    """Whether a copy of a database can be read.

    Raises:
        DamagedArchive: it cannot.
    """
    if engine == "postgresql":
        try:
            _run("pg_restore", ["--list", str(path)], {})
        except _Failed as error:
            raise DamagedArchive(f"อ่านฐานข้อมูลในไฟล์ไม่ได้: {error}") from error
        return
    try:
        with closing(sqlite3.connect(path)) as copy:
            said = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise DamagedArchive(f"อ่านฐานข้อมูลในไฟล์ไม่ได้: {error}") from error
    if said != "ok":
        raise DamagedArchive(f"ฐานข้อมูลในไฟล์เสียหาย: {said}")


def put_in_place(copy: Path) -> None:
    """Make a copy the database of this site, whole or not at all; the database is empty, see is_empty().

    Raises:
        BackupProblem: PostgreSQL does not take it; nothing was stored.
    """
    connections.close_all()
    if connection.vendor == "postgresql":
        options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
        _postgresql("pg_restore", lambda name: [*options, "--dbname", name, str(copy)])
        return
    path = sqlite_path()
    beside = path.with_name(f"{path.name}.restoring")
    try:
        shutil.copyfile(copy, beside)
        beside.chmod(0o600)
        with beside.open("rb") as file:
            os.fsync(file.fileno())
        for ending in ("-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    # It is in its place: what cannot be flushed here is flushed with the next commit.
    with suppress(OSError):
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        os.fsync(folder)
        os.close(folder)


def sqlite_path() -> Path:
    """Where SQLite's file lies."""
    return Path(str(connection.settings_dict["NAME"]))


class _Failed(Exception):
    """A program of PostgreSQL ended with an error; the text is its own."""


def _postgresql(program: str, arguments: Any) -> None:
    """Run a program of PostgreSQL on this site's database; arguments() gets the database's name."""
    try:
        called, environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    except ImproperlyConfigured as error:
        raise BackupProblem(str(error)) from error
    # What psql would be called with: [psql, -U user, -h host …, name].
    where, name = called[1:-1], called[-1]
    try:
        _run(program, [*where, *arguments(name)], environment or {})
    except _Failed as error:
        raise BackupProblem(f"{program}: {error}") from error


def _run(program: str, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    if shutil.which(program) is None:
        raise BackupProblem(f"ไม่พบ {program} ติดตั้งด้วย apt-get install {PACKAGE}")
    ended = subprocess.run(
        [*dies_with_us(), program, *arguments],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if ended.returncode:
        raise _Failed(ended.stderr.decode(errors="replace").strip()[:1_000])
