"""/readyz tells load balancers and monitors what works, and nobody more than that."""

import json
import os
import threading
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import BackgroundWorker
from operations.health import checks

pytestmark = pytest.mark.django_db

ALL = ["database", "migrations", "media", "disk", "worker"]


@pytest.fixture(autouse=True)
def database_is_asked_in_this_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another thread would not see what this test has stored and not committed."""

    def ask() -> checks.FromDatabase:
        try:
            return checks._from_database()
        except OperationalError:
            return checks.FromDatabase()

    monkeypatch.setattr(checks, "_ask_database", ask)
    monkeypatch.setattr(connection, "close", lambda: None)


@pytest.fixture
def worker() -> BackgroundWorker:
    now = timezone.now()
    return BackgroundWorker.objects.create(name="w", machine="m", started_at=now, seen_at=now)


def asked(**options: Any) -> tuple[int, dict[str, Any]]:
    response = Client().get("/readyz", **options)
    assert response["Content-Type"] == "application/json"
    assert "no-cache" in response["Cache-Control"]
    return response.status_code, json.loads(response.content)


def test_all_is_well(worker: BackgroundWorker) -> None:
    assert asked() == (200, {"status": "ready", "checks": dict.fromkeys(ALL, True)})


def test_a_worker_without_a_sign_of_life_wants_attention_and_the_site_stays(worker: BackgroundWorker) -> None:
    BackgroundWorker.objects.update(seen_at=timezone.now() - timedelta(minutes=2))
    assert asked() == (200, {"status": "attention", "checks": dict.fromkeys(ALL, True) | {"worker": False}})


def test_a_migration_that_waits_is_not_ready(worker: BackgroundWorker) -> None:
    MigrationRecorder.Migration.objects.filter(app="measures").delete()
    status, told = asked()
    assert (status, told["status"]) == (503, "not ready")
    assert told["checks"]["database"]
    assert not told["checks"]["migrations"]


def test_a_database_that_is_away_is_not_ready_and_why_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise OperationalError("connection to secret-host refused")

    monkeypatch.setattr(checks, "MigrationExecutor", broken)
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert "secret-host" not in response.content.decode()


def test_a_folder_that_takes_no_files_is_not_ready(
    worker: BackgroundWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    status, told = asked()
    assert (status, told["checks"]["media"]) == (503, False)


def test_a_disk_without_room_is_not_ready(worker: BackgroundWorker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "LEAST_ROOM", 2**62)
    status, told = asked()
    assert (status, told["checks"]["disk"]) == (503, False)


def test_an_old_or_missing_backup_wants_attention(
    worker: BackgroundWorker, settings: Settings, tmp_path: Path
) -> None:
    settings.BACKUP_DIR = str(tmp_path / "backups")
    assert asked()[1]["checks"]["backup"] is False
    (tmp_path / "backups").mkdir()
    assert asked()[1]["checks"]["backup"] is False
    made = tmp_path / "backups" / "a.tar"
    made.touch()
    # An empty file is none.
    assert asked()[1]["checks"]["backup"] is False
    made.write_bytes(b"x")
    assert asked() == (200, {"status": "ready", "checks": dict.fromkeys([*ALL, "backup"], True)})
    long_ago = timezone.now().timestamp() - 37 * 60 * 60
    os.utime(made, (long_ago, long_ago))
    assert asked() == (
        200,
        {"status": "attention", "checks": dict.fromkeys(ALL, True) | {"backup": False}},
    )


def test_plain_http_is_answered(settings: Settings, worker: BackgroundWorker) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert asked()[0] == 200


def test_a_database_that_hangs_is_waited_for_no_longer_than_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()
    ended, asked_for = threading.Event(), []

    def hangs() -> checks.FromDatabase:
        asked_for.append(1)
        ended.wait(60)
        return checks.FromDatabase(answers=True)

    monkeypatch.setattr(checks, "_from_database", hangs)
    monkeypatch.setattr(checks, "DATABASE_SECONDS", 0.05)
    began = monotonic()
    try:
        # The second does not ask again while the first question hangs.
        assert [checks._ask_database().answers for _ in range(2)] == [False, False]
        assert (len(asked_for), monotonic() - began < 30) == (1, True)
    finally:
        ended.set()
