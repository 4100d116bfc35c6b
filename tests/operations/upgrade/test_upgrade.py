"""`manage.py upgrade` does all of its steps, or leaves the site as it was with everything stored in it."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings

from operations.management.commands.upgrade import alone, failure
from operations.upgrade import steps
from operations.upgrade.steps import UpgradeFailed, UpgradeStep, carry_out

ROOT: Final = Path(__file__).resolve().parents[3]


def noting(did: list[str], name: str, error: Exception | None = None) -> Callable[[], None]:
    def do() -> None:
        did.append(name)
        if error is not None:
            raise error

    return do


def test_a_step_that_fails_is_undone_with_all_before_it_the_last_first() -> None:
    did: list[str] = []
    planned = [
        UpgradeStep("one", noting(did, "one"), noting(did, "back one")),
        UpgradeStep("two", noting(did, "two")),
        UpgradeStep("three", noting(did, "three", ValueError("no")), noting(did, "back three")),
        UpgradeStep("four", noting(did, "four"), noting(did, "back four")),
    ]
    with pytest.raises(UpgradeFailed, match="three: no"):
        carry_out(planned, lambda text: None)
    assert did == ["one", "two", "three", "back three", "back one"]


def test_what_cannot_be_undone_is_said_and_the_rest_is_undone() -> None:
    did: list[str] = []
    planned = [
        UpgradeStep("one", noting(did, "one"), noting(did, "back one")),
        UpgradeStep("two", noting(did, "two", ValueError("no")), noting(did, "stuck", ValueError("stuck"))),
    ]
    with pytest.raises(UpgradeFailed, match="two: no") as failed:
        carry_out(planned, lambda text: None)
    assert failed.value.not_undone == ["two (stuck)"]
    assert did[-1] == "back one"


def test_a_command_that_fails_says_what_it_printed() -> None:
    steps.run("true")
    with pytest.raises(UpgradeFailed, match="ended with 1"):
        steps.run("false")
    with pytest.raises(UpgradeFailed):
        steps.run("/no/such/program")


def test_a_site_that_does_not_answer_is_a_failed_step() -> None:
    with pytest.raises(UpgradeFailed, match="does not answer"):
        steps.wait_for("http://127.0.0.1:9/healthz", seconds=-1)


@pytest.fixture
def link(tmp_path: Path) -> Path:
    (tmp_path / "former").mkdir()
    link = tmp_path / "current"
    link.symlink_to(tmp_path / "former")
    return link


@pytest.fixture
def upgrade(
    settings: Settings, tmp_path: Path, link: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., None]:
    settings.STATIC_ROOT = tmp_path / "static"
    settings.CACHE_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    # The templates of a test run do not pass it.
    monkeypatch.setattr(steps, "check", lambda: None)

    def called(**options: Any) -> None:
        call_command("upgrade", backup=tmp_path / "backup.tar", current=link, **options)

    return called


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> None:
    """A backup that takes no time, where it is not the subject."""
    monkeypatch.setattr(steps, "backup", lambda file: file.write_text("backup", encoding="utf-8"))


@pytest.mark.django_db(transaction=True)
def test_all_steps(upgrade: Callable[..., None], link: Path, tmp_path: Path) -> None:
    upgrade(reload=f"touch {tmp_path}/reloaded")
    assert link.readlink() == ROOT
    # One that can be restored.
    call_command("backup", tmp_path / "backup.tar", check=True)
    assert (tmp_path / "reloaded").exists()
    assert any((tmp_path / "static" / "css").iterdir())


@pytest.mark.django_db
@pytest.mark.usefixtures("stored")
def test_a_reload_that_fails_leaves_the_former_version(upgrade: Callable[..., None], link: Path) -> None:
    before = link.readlink()
    with pytest.raises(CommandError, match="reload: false ended with 1"):
        upgrade(reload="false")
    assert link.readlink() == before


@pytest.mark.django_db
@pytest.mark.usefixtures("stored")
def test_a_check_that_fails_leaves_the_former_version(
    upgrade: Callable[..., None], link: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "check", lambda: noting([], "", ValueError("wrong"))())
    before = link.readlink()
    with pytest.raises(CommandError, match="check: wrong"):
        upgrade()
    assert link.readlink() == before


@pytest.mark.django_db
def test_without_a_backup_nothing_is_touched(
    upgrade: Callable[..., None], link: Path, tmp_path: Path
) -> None:
    before = link.readlink()
    (tmp_path / "backup.tar").write_text("of somebody else", encoding="utf-8")
    with pytest.raises(CommandError, match="อยู่แล้ว"):
        upgrade()
    assert link.readlink() == before
    assert not (tmp_path / "static").exists()
    assert (tmp_path / "backup.tar").read_text(encoding="utf-8") == "of somebody else"


def test_whoever_upgrades_is_told_what_is_left_to_do(tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    assert failure(UpgradeFailed("check: wrong"), file).splitlines() == [
        "ปรับรุ่นไม่สำเร็จ: check: wrong",
        "ทุกขั้นย้อนกลับแล้ว ระบบเป็นรุ่นเดิม",
    ]
    file.touch()
    told = failure(UpgradeFailed("check: wrong", ["migrate (no way back)"]), file)
    assert "ทุกขั้นย้อนกลับแล้ว" not in told
    assert "migrate (no way back)" in told
    assert str(file) in told


@pytest.mark.django_db
def test_two_at_once_do_not_run(upgrade: Callable[..., None], settings: Settings) -> None:
    with alone(), pytest.raises(CommandError, match="อยู่แล้ว"):
        upgrade()


def test_names_of_static_files_are_put_back(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "staticfiles.json").write_text("former", encoding="utf-8")
    names = steps.static_names()
    (tmp_path / "staticfiles.json").write_text("new", encoding="utf-8")
    steps.put_static_names_back(names)
    assert (tmp_path / "staticfiles.json").read_text(encoding="utf-8") == "former"
    steps.put_static_names_back(None)
    assert steps.static_names() is None


MIGRATES_BACK: Final = """
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from operations.upgrade import steps
call_command("migrate", "contenttypes", "0001", verbosity=0)
before = steps.migrations()
connection.cursor().execute("INSERT INTO django_content_type (name, app_label, model) VALUES ('n', 'a', 'm')")
call_command("migrate", "contenttypes", verbosity=0)
call_command("migrate", "sessions", verbosity=0)
assert steps.migrations() != before
steps.migrate_back(before)
assert steps.migrations() == before, steps.migrations()
"""


def test_migrations_go_back_to_where_they_were_with_the_rows_that_were_there(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    environment = {**os.environ, "SQLITE_PATH": str(path), "DATABASE_URL": ""}
    environment["DJANGO_SETTINGS_MODULE"] = "ita_tracker.settings"
    ended = subprocess.run(
        [sys.executable, "-c", MIGRATES_BACK],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    with sqlite3.connect(path) as database:
        rows = database.execute("SELECT app_label, model FROM django_content_type").fetchall()
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    database.close()
    assert ("a", "m") in rows
    assert "django_session" not in tables
