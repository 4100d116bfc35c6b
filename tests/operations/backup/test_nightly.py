"""Each night the worker makes a backup, keeps those of some days, and its age is seen."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings
from time_machine import TimeMachineFixture

from accounts.background import nightly as nights
from operations.backup import nightly
from operations.backup.nightly import back_up_tonight, health_of_backups, stored_backups
from operations.backup.problems import BackupProblem
from operations.backup.services import Contents
from reports.site_admin.health import health

pytestmark = pytest.mark.django_db

NIGHT = datetime(2026, 11, 29, 2, 5, tzinfo=ZoneInfo("Asia/Bangkok"))


@pytest.fixture
def folder(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of backups, each of which is a few bytes."""

    def made(target: Path, passphrase: str) -> Contents:
        target.write_bytes(b"a backup")
        return Contents({}, 0, 8)

    monkeypatch.setattr(nightly, "back_up", made)
    settings.BACKUP_DIR = str(tmp_path / "backups")
    return tmp_path / "backups"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_one_a_night_whoever_tries(folder: Path, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NIGHT, tick=False)
    back_up_tonight()
    time_machine.move_to(NIGHT + timedelta(hours=3), tick=False)
    back_up_tonight()
    assert names(folder) == ["ita-2026-11-29T0205.tar"]
    assert folder.stat().st_mode & 0o777 == 0o700


def test_those_of_some_days_are_kept_and_nobody_elses_are_touched(
    folder: Path, settings: Settings, time_machine: TimeMachineFixture
) -> None:
    settings.BACKUP_KEEP_DAYS = 3
    folder.mkdir()
    (folder / "before-upgrade-20200101-000000.tar").write_bytes(b"")
    for day in range(6):
        time_machine.move_to(NIGHT + timedelta(days=day), tick=False)
        back_up_tonight()
    assert names(folder) == ["before-upgrade-20200101-000000.tar"] + [
        f"ita-2026-{day}T0205.tar" for day in ("12-01", "12-02", "12-03", "12-04")
    ]


def test_where_none_can_be_made_the_old_ones_stay(
    folder: Path, settings: Settings, time_machine: TimeMachineFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    time_machine.move_to(NIGHT, tick=False)
    back_up_tonight()

    def fail(*_: object) -> None:
        raise BackupProblem("no")

    monkeypatch.setattr(nightly, "back_up", fail)
    time_machine.move_to(NIGHT + timedelta(days=100), tick=False)
    with pytest.raises(BackupProblem):
        back_up_tonight()
    assert len(stored_backups()) == 1


def test_nothing_is_made_where_no_folder_is_set(settings: Settings, tmp_path: Path) -> None:
    settings.BACKUP_DIR = ""
    back_up_tonight()
    assert not health_of_backups().is_used


@pytest.mark.parametrize(("hours", "well"), [(0, True), (35, True), (37, False), (200, False)])
def test_its_age_is_said(folder: Path, time_machine: TimeMachineFixture, hours: int, well: bool) -> None:
    time_machine.move_to(NIGHT, tick=False)
    back_up_tonight()
    time_machine.move_to(NIGHT + timedelta(hours=hours), tick=False)
    (line,) = (line for line in health() if line.name == "ไฟล์สำรองรายวัน")
    assert line.is_well is well
    assert bool(line.to_do) is not well


def test_no_backup_and_no_folder_are_said(folder: Path) -> None:
    assert not health_of_backups().is_well
    folder.mkdir()
    assert not health_of_backups().is_well


def test_the_night_begins_at_its_hour_and_what_failed_is_tried_in_an_hour(
    time_machine: TimeMachineFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def fails() -> None:
        tried.append("fails")
        raise OSError("no")

    monkeypatch.setattr(nights, "_WORK", [fails, lambda: tried.append("works")])
    time_machine.move_to(NIGHT - timedelta(minutes=10), tick=False)
    night = nights.Nights()
    night.do_what_is_due()
    assert tried == []
    for minutes in (0, 10, 59, 61):
        time_machine.move_to(NIGHT + timedelta(minutes=minutes), tick=False)
        night.do_what_is_due()
    assert tried == ["fails", "works", "fails"]
    time_machine.move_to(NIGHT + timedelta(days=1), tick=False)
    night.do_what_is_due()
    assert tried[3:] == ["fails", "works"]
