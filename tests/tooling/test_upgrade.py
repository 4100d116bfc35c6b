"""A database of the version before is brought to this one by migrate alone, and keeps what it holds."""

import gzip
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker

from tests.support.schema import schema_of

ROOT: Final = Path(__file__).resolve().parents[2]
# Made by that version: an agency, its plan, a reported measure with evidence, a published edition.
BEFORE: Final = ROOT / "tests" / "data" / "database-0.1.0.sql.gz"
EDITION: Final = "f41d66d27729cfb804cdbb6b3934e99959d7cc6932aecc628b9eeb3e52bda107"


# One process for all commands, because each would first read the whole program. A line of its input is a
# database and a command; a line of its output that command's status and what it said.
COMMANDS: Final = """
import gc, json, sys
# What migrate makes and throws away all the time are its own pictures of the models.
gc.disable()
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
import django
django.setup()
from django.core.management import execute_from_command_line
from django.db import connection
for database, *command in map(json.loads, sys.stdin):
    connection.settings_dict["NAME"] = database
    status = 0
    with redirect_stdout(StringIO()) as said, redirect_stderr(StringIO()) as failure:
        try:
            execute_from_command_line(["manage.py", *command])
        except SystemExit as end:
            status = end.code
    print(json.dumps([status, said.getvalue(), failure.getvalue()]))
"""


@dataclass(frozen=True)
class Answered:
    """How a command ended."""

    status: int
    said: str
    failure: str


@dataclass(frozen=True)
class Upgraded:
    """The database after `manage.py migrate`, one that this made of nothing, and what other commands say."""

    database: Path
    new: Path
    showmigrations: Answered
    verify: Answered
    list_exposed_editions: Answered


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Upgraded:
    folder = tmp_path_factory.mktemp("before")
    database, new = folder / "db.sqlite3", folder / "new.sqlite3"
    with sqlite3.connect(database) as connection:
        connection.executescript(gzip.decompress(BEFORE.read_bytes()).decode())
    connection.close()
    migrated, made, *told = answers_of(
        (database, "migrate", "--verbosity", "0"),
        (new, "migrate", "--verbosity", "0"),
        (database, "showmigrations"),
        (database, "verify"),
        (database, "list_exposed_editions"),
    )
    assert migrated == made == Answered(0, "", "")
    return Upgraded(database, new, *told)


@pytest.fixture
def database(upgraded: Upgraded) -> Path:
    return upgraded.database


def answers_of(*commands: tuple[Path, *tuple[str, ...]]) -> list[Answered]:
    ended = subprocess.run(
        [sys.executable, "-c", COMMANDS],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "ita_tracker.settings",
            "SQLITE_PATH": str(commands[0][0]),
            "DATABASE_URL": "",
        },
        input="".join(f"{json.dumps([str(database), *command])}\n" for database, *command in commands),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return [Answered(*json.loads(line)) for line in ended.stdout.splitlines()]


def asked(database: Path, question: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(database)
    try:
        return connection.execute(question).fetchall()
    finally:
        connection.close()


def test_nothing_is_left_to_migrate(upgraded: Upgraded) -> None:
    told = upgraded.showmigrations
    assert (told.status, told.failure) == (0, "")
    assert "[X] 0001_initial" in told.said
    assert "[ ]" not in told.said


def test_its_tables_are_those_of_a_new_site(upgraded: Upgraded, django_db_blocker: DjangoDbBlocker) -> None:
    """Its own were altered by one migration after the other; a new site's are made at once."""
    sites = ConnectionHandler(
        {
            alias: {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path)}
            for alias, path in (("default", upgraded.database), ("new", upgraded.new))
        }
    )
    with django_db_blocker.unblock(), closing(sites["default"]) as before, closing(sites["new"]) as now:
        found, expected = set(schema_of(before)), set(schema_of(now))
    assert expected - found == set()
    # Names of models that there are no more.
    assert {row[:2] for row in found - expected} == {("content types", "axes"), ("permissions", "axes")}


def test_what_was_stored_is_there(database: Path) -> None:
    assert asked(database, "SELECT title, status, result FROM measures_measure") == [
        ("จัดทำคู่มือการให้บริการ", "in_progress", "จัดทำร่างคู่มือแล้ว")
    ]
    assert asked(database, "SELECT title, public FROM measures_evidence") == [("ร่างคู่มือ", 1)]
    assert asked(database, "SELECT count(*) FROM measures_historicalmeasure")[0] != (0,)


def test_the_edition_is_the_same_to_the_byte_and_still_kept(database: Path) -> None:
    ((document,),) = asked(database, "SELECT document FROM reports_edition")
    assert hashlib.sha256(str(document).encode()).hexdigest() == EDITION
    for change in ("UPDATE reports_edition SET approved_by = ''", "DELETE FROM reports_edition"):
        with pytest.raises(sqlite3.IntegrityError):
            asked(database, change)


def test_what_was_there_before_the_log_is_in_it_as_noted_afterwards(upgraded: Upgraded) -> None:
    lines = asked(upgraded.database, "SELECT kind, text FROM ledger_logline ORDER BY number")
    kinds = [kind for kind, _ in lines]
    assert kinds[:2] == ["approved", "file_stored"]
    assert set(kinds) == {"approved", "file_stored", "published", "rights"}
    told = [json.loads(str(text)) for _, text in lines]
    assert all(each["afterwards"] and each["number"] == place for place, each in enumerate(told, 1))
    happened = [each["at"] for each in told]
    assert happened == sorted(happened)
    assert told[0]["facts"]["document"] == EDITION
    # That database was made with zeros for the hashes of its edition and its file: those two are found.
    assert upgraded.verify.status == 1
    failure = upgraded.verify.failure
    assert "2 do not fit" in failure
    assert "line 1) approved edition:1: รายงานไม่ตรงกับ SHA-256" in failure
    assert "line 2) file_stored edition:1 pdf: เนื้อไฟล์ไม่ตรงกับ SHA-256" in failure


def test_its_editions_are_looked_through(upgraded: Upgraded) -> None:
    told = upgraded.list_exposed_editions
    assert (told.status, told.failure) == (0, "")
    assert "sample" not in told.said


def test_the_limits_of_sign_in_have_their_new_table_and_no_old_one(database: Path) -> None:
    named = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND (name LIKE 'axes%' OR name = 'shared_cache')"
    )
    assert asked(database, named) == [("shared_cache",)]
    assert asked(database, "SELECT count(*) FROM django_migrations WHERE app = 'axes'") == [(0,)]
    assert asked(database, "SELECT count(*) FROM shared_cache") == [(0,)]
