"""A database of the version before is brought to this one by migrate alone, and keeps what it holds."""

import gzip
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Final, NamedTuple

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
# Made by that version: an agency, its plan, a reported measure with evidence, a published edition.
BEFORE: Final = ROOT / "tests" / "data" / "database-0.1.0.sql.gz"
EDITION: Final = "f41d66d27729cfb804cdbb6b3934e99959d7cc6932aecc628b9eeb3e52bda107"


# What whoever brings a site up to date types, in one process: to start is half of the work of a command.
TYPED: Final = """
import gc, io, json, sys
# What migrate goes through all the time, to throw away little, are its own pictures of the models.
gc.disable()
import django
django.setup()
from django.core.management import CommandError, call_command
answers = {}
for command in ("migrate", "showmigrations", "verify", "list_exposed_editions"):
    out, failed = io.StringIO(), ""
    try:
        call_command(command, stdout=out, stderr=out)
    except CommandError as error:
        failed = f"{error.returncode}: {error}"
    answers[command] = (out.getvalue(), failed)
json.dump(answers, sys.stdout)
"""


class Upgraded(NamedTuple):
    """The database after `manage.py migrate`, and of each command what it printed and why it failed."""

    path: Path
    said: dict[str, tuple[str, str]]


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Upgraded:
    path = tmp_path_factory.mktemp("before") / "db.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.executescript(gzip.decompress(BEFORE.read_bytes()).decode())
    connection.close()
    ended = subprocess.run(
        [sys.executable, "-c", TYPED],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "ita_tracker.settings",
            "SQLITE_PATH": str(path),
            "DATABASE_URL": "",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return Upgraded(path, json.loads(ended.stdout))


@pytest.fixture
def database(upgraded: Upgraded) -> Path:
    return upgraded.path


def asked(database: Path, question: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(database)
    try:
        return connection.execute(question).fetchall()
    finally:
        connection.close()


def test_nothing_is_left_to_migrate(upgraded: Upgraded) -> None:
    said, failed = upgraded.said["showmigrations"]
    assert failed == ""
    assert "[X]" in said
    assert "[ ]" not in said


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


def test_what_was_there_before_the_log_is_in_it_as_noted_afterwards(
    database: Path, upgraded: Upgraded
) -> None:
    lines = asked(database, "SELECT kind, text FROM ledger_logline ORDER BY number")
    kinds = [kind for kind, _ in lines]
    assert kinds[:2] == ["approved", "file_stored"]
    assert set(kinds) == {"approved", "file_stored", "published", "rights"}
    told = [json.loads(str(text)) for _, text in lines]
    assert all(each["afterwards"] and each["number"] == place for place, each in enumerate(told, 1))
    happened = [each["at"] for each in told]
    assert happened == sorted(happened)
    assert told[0]["facts"]["document"] == EDITION
    # That database was made with zeros for the hashes of its edition and its file: those two are found.
    said, failed = upgraded.said["verify"]
    assert failed.startswith("1: ")
    assert "2 do not fit" in failed
    assert "line 1) approved edition:1: รายงานไม่ตรงกับ SHA-256" in said
    assert "line 2) file_stored edition:1 pdf: เนื้อไฟล์ไม่ตรงกับ SHA-256" in said


def test_its_editions_are_looked_through(upgraded: Upgraded) -> None:
    said, failed = upgraded.said["list_exposed_editions"]
    assert failed == ""
    assert "sample" not in said


def test_the_limits_of_sign_in_have_their_new_table_and_no_old_one(database: Path) -> None:
    named = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND (name LIKE 'axes%' OR name = 'shared_cache')"
    )
    assert asked(database, named) == [("shared_cache",)]
    assert asked(database, "SELECT count(*) FROM django_migrations WHERE app = 'axes'") == [(0,)]
    assert asked(database, "SELECT count(*) FROM shared_cache") == [(0,)]
