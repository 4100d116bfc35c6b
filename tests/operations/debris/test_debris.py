"""Nothing that killed processes leave stays for long, and nothing that anybody needs goes."""

import io
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from accounts.background.files import KEPT_FOR
from accounts.models import Agency, JobFile
from measures.models import Measure
from operations.debris import services
from operations.debris.services import clean_up
from tests.support.factories import PDF, make_evidence_file, make_job, make_job_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_day_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file's time of change cannot be set; so the clock is moved."""
    now = time.time() + services.A_DAY + 60
    monkeypatch.setattr("operations.debris.services.time.time", lambda: now)


def test_a_file_without_a_row_goes_after_a_day(
    measure: Measure, folder_of_files: Path, request: pytest.FixtureRequest
) -> None:
    kept = str(make_evidence_file(measure).file.name)
    seal = default_storage.save("seals/x.webp", ContentFile(b"seal"))
    orphan = default_storage.save("evidence/aa/x.pdf", ContentFile(PDF))
    os.utime(folder_of_files / orphan, (0, 0))
    assert clean_up() == []
    request.getfixturevalue("a_day_later")
    assert clean_up(only_look=True) == [orphan]
    assert clean_up() == [orphan]
    assert not (folder_of_files / orphan).parent.exists()
    assert (folder_of_files / kept).exists()
    assert (folder_of_files / seal).exists()
    assert clean_up() == []


def test_many_files_are_asked_for_a_few_at_a_time(
    measure: Measure, a_day_later: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "AT_ONCE", 2)
    kept = {str(make_evidence_file(measure).file.name) for _ in range(3)}
    orphans = {default_storage.save("evidence/aa/x.pdf", ContentFile(PDF)) for _ in range(4)}
    assert set(clean_up()) == orphans
    assert all(default_storage.exists(name) for name in kept)


def test_halves_of_backups_restores_and_reports_go(
    settings: Settings, tmp_path: Path, folder_of_files: Path, request: pytest.FixtureRequest
) -> None:
    settings.BACKUP_DIR, settings.CACHE_DIR = str(tmp_path / "backups"), tmp_path / "cache"
    halves = [
        tmp_path / "backups" / ".ita-backup-x" / "archive",
        folder_of_files / ".restoring" / "database",
        tmp_path / "cache" / "reports" / "tmpabc",
        tmp_path / "cache" / "thai-fonts" / "ab12.4711",
    ]
    kept = [tmp_path / "backups" / "ita-2026-11-29T0200.tar", tmp_path / "cache" / "reports" / "x.djcache"]
    kept.append(tmp_path / "cache" / "thai-fonts" / "ab12")
    for path in (*halves, *kept):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    assert clean_up() == []
    request.getfixturevalue("a_day_later")
    said = io.StringIO()
    call_command("clean_up", dry_run=True, stdout=said)
    assert "จะลบ 4 รายการ" in said.getvalue()
    call_command("clean_up", stdout=said)
    assert "ลบแล้ว 4 รายการ" in said.getvalue()
    assert not any(path.exists() for path in halves)
    assert all(path.exists() for path in kept)


def test_a_site_without_any_file_is_clean(tmp_path: Path, settings: Settings) -> None:
    settings.CACHE_DIR = tmp_path / "none"
    assert clean_up() == []


@pytest.mark.django_db(transaction=True)
def test_files_of_jobs_go_with_their_week_and_halves_of_them_after_a_day(
    agency: Agency, folder_of_files: Path, request: pytest.FixtureRequest
) -> None:
    kept = make_job_file(make_job(agency))
    expired = make_job_file(make_job(agency, ended_at=timezone.now() - KEPT_FOR - timedelta(minutes=1)))
    half = folder_of_files / "jobs" / "half"
    half.write_bytes(b"PK")
    assert clean_up(only_look=True) == [expired.path]
    assert (folder_of_files / expired.path).exists()
    assert clean_up() == [expired.path]
    assert not (folder_of_files / expired.path).exists()
    request.getfixturevalue("a_day_later")
    assert clean_up() == ["jobs/half"]
    assert [file.path for file in JobFile.objects.all()] == [kept.path]
    assert (folder_of_files / kept.path).exists()
