"""A power cut or a full disk: what was said to be stored is there, and what failed leaves nothing behind."""

import errno
import os
import shutil
import sqlite3
import stat
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from core.disk_space import DISK_FULL, is_disk_full
from core.storage import FlushedStorage
from measures.evidence.services import CANNOT_WRITE
from measures.models import Evidence, Measure
from tests.conftest import SignIn
from tests.support.factories import PDF
from tests.support.html import read
from tests.support.thorough import in_turn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("looked_at_here")]

TYPED: Final = {"evidence-title": "ภาพถ่ายการประชุม", "evidence-effective_on": "31/1/2566"}
HTMX: Final = {"HX-Request": "true"}


@pytest.fixture
def staff(measure: Measure, sign_in: SignIn) -> Client:
    return sign_in("staff")


def upload(client: Client, measure: Measure, data: bytes = PDF, **more: Any) -> Any:
    sent = {**TYPED, "evidence-file": SimpleUploadedFile("คำสั่ง.pdf", data)}
    return client.post(reverse("add_evidence", args=[measure.pk]), sent, **more)


def below(folder: Path) -> list[Path]:
    """Every file and folder in a folder."""
    return sorted(folder.rglob("*"))


# --- What is on the disk, and when --------------------------------------------------------------------


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was flushed, by its path, and every COMMIT, in their order."""
    seen: list[str] = []
    wrapper: Any = type(connections[DEFAULT_DB_ALIAS])
    fsync, commit = os.fsync, wrapper._commit

    def flushed(descriptor: int) -> None:
        seen.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        fsync(descriptor)

    def committed(self: Any) -> Any:
        seen.append("COMMIT")
        return commit(self)

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(wrapper, "_commit", committed)
    return seen


@pytest.mark.django_db(transaction=True)
def test_a_file_and_all_its_folders_are_flushed_before_its_row_is_committed(
    staff: Client, measure: Measure, folder_of_files: Path, events: list[str]
) -> None:
    for _ in range(2):
        events.clear()
        assert upload(staff, measure).status_code == 302
        path = folder_of_files / str(measure.evidence.order_by("-pk")[0].file.name)
        before = events[: events.index("COMMIT")]
        assert str(path) in before
        folders = [path.parent, path.parent.parent, folder_of_files]
        assert path.parent.parent == folder_of_files / "evidence"
        for folder in folders:
            # Its entry for what lies in it was there when it was flushed.
            assert str(folder) in before[before.index(str(path)) :]


def test_a_new_folder_is_flushed_into_the_one_above(
    settings: Settings, tmp_path: Path, events: list[str]
) -> None:
    settings.MEDIA_ROOT = tmp_path / "new" / "media"
    default_storage.save("evidence/aa/x.pdf", ContentFile(PDF))
    assert str(tmp_path) in events
    assert str(tmp_path / "new") in events


def test_permissions_are_those_of_the_settings(folder_of_files: Path) -> None:
    mask = os.umask(0o077)
    try:
        default_storage.save("evidence/aa/x.pdf", ContentFile(PDF))
    finally:
        os.umask(mask)
    modes = {path.name: path.stat().st_mode & 0o777 for path in below(folder_of_files)}
    assert modes == {"evidence": 0o750, "aa": 0o750, "x.pdf": 0o640}


def test_a_name_that_is_taken_keeps_its_file(folder_of_files: Path) -> None:
    first = default_storage.save("evidence/aa/x.pdf", ContentFile(b"first"))
    # As if both had looked for a free name at the same moment.
    second = FlushedStorage()._save("evidence/aa/x.pdf", ContentFile(b"second"))
    assert first != second
    assert (folder_of_files / first).read_bytes() == b"first"
    assert (folder_of_files / second).read_bytes() == b"second"


def test_a_folder_that_is_dropped_meanwhile_is_made_again(
    folder_of_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The removal of the last file of a folder, between the folder's making and the file's."""
    opened = os.open
    dropped: list[Any] = []

    def late(path: Any, flags: int, *more: Any, **options: Any) -> int:
        if flags & os.O_CREAT and not dropped:
            dropped.append(path)
            Path(path).parent.rmdir()
        return opened(path, flags, *more, **options)

    monkeypatch.setattr(os, "open", late)
    default_storage.save("evidence/aa/x.pdf", ContentFile(PDF))
    assert dropped
    assert (folder_of_files / "evidence/aa/x.pdf").read_bytes() == PDF


def test_a_file_in_the_place_of_the_folder_is_an_error_and_not_a_loop(folder_of_files: Path) -> None:
    folder_of_files.mkdir()
    (folder_of_files / "evidence").write_bytes(b"")
    with pytest.raises(OSError, match="exists"):
        default_storage.save("evidence/aa/x.pdf", ContentFile(PDF))


def test_removing_the_last_file_of_a_folder_takes_the_folder_along(folder_of_files: Path) -> None:
    for name in ("evidence/aa/x.pdf", "evidence/aa/y.pdf", "evidence/bb/z.pdf"):
        default_storage.save(name, ContentFile(PDF))
    default_storage.delete("evidence/aa/x.pdf")
    assert (folder_of_files / "evidence/aa/y.pdf").exists()
    default_storage.delete("evidence/aa/y.pdf")
    assert [path.name for path in below(folder_of_files)] == ["evidence", "bb", "z.pdf"]
    default_storage.delete("evidence/aa/y.pdf")
    default_storage.delete("evidence/bb/z.pdf")
    assert below(folder_of_files) == []


def test_a_file_system_that_cannot_flush_folders_is_good_enough(
    folder_of_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync = os.fsync

    def picky(descriptor: int) -> None:
        if Path(f"/proc/self/fd/{descriptor}").is_dir():
            raise OSError(errno.EINVAL, "Invalid argument")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", picky)
    default_storage.save("evidence/aa/x.pdf", ContentFile(PDF))
    assert (folder_of_files / "evidence/aa/x.pdf").read_bytes() == PDF


@pytest.mark.django_db(transaction=True)
def test_sqlite_flushes_every_commit_on_every_connection() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("SQLite alone is set up by the connection; PostgreSQL flushes by default")

    def in_force() -> tuple[int, str]:
        with connection.cursor() as cursor:
            synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
            return synchronous, cursor.execute("PRAGMA journal_mode").fetchone()[0]

    def in_another_thread() -> tuple[int, str]:
        try:
            return in_force()
        finally:
            connections.close_all()

    full = 2
    with ThreadPoolExecutor(1) as pool:
        assert [in_force(), pool.submit(in_another_thread).result()] == [(full, "wal")] * 2


# --- A full disk --------------------------------------------------------------------------------------


def failing(real: Callable[..., Any], number: int, at_call: int) -> Callable[..., Any]:
    """A function that fails at one of its calls, and at every one after it."""
    calls = []

    def called(*arguments: Any, **options: Any) -> Any:
        # What goes to another process fills no disk.
        if isinstance(arguments[0], int) and stat.S_ISFIFO(os.fstat(arguments[0]).st_mode):
            return real(*arguments, **options)
        calls.append(arguments)
        if len(calls) >= at_call:
            raise OSError(number, os.strerror(number))
        return real(*arguments, **options)

    return called


FAILING: Final = (
    # The folder of all files, "evidence", and the folder below it.
    *(("mkdir", call) for call in (1, 2, 3)),
    ("write", 1),
    ("fchmod", 1),
    # Every folder that was made, then the file, then its folders.
    *(("fsync", call) for call in range(1, 8)),
)
WAYS_TO_FAIL: Final = tuple(product((errno.ENOSPC, errno.EDQUOT), ({}, HTMX)))


@pytest.mark.parametrize(
    ("function", "at_call", "number", "headers"),
    [
        (*call, *way)
        for place, call in enumerate(FAILING)
        for way in in_turn(WAYS_TO_FAIL, place, len(WAYS_TO_FAIL))
    ],
)
def test_a_full_disk_leaves_nothing_behind_and_is_said(
    staff: Client,
    measure: Measure,
    folder_of_files: Path,
    monkeypatch: pytest.MonkeyPatch,
    function: str,
    at_call: int,
    number: int,
    headers: dict[str, str],
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, function, failing(getattr(os, function), number, at_call))
        response = upload(staff, measure, headers=headers)
    assert response.status_code == 422
    page = read(response)
    assert page.one(class_="errors").one("li").text == DISK_FULL
    for name, value in TYPED.items():
        assert page.one(id=f"id_{name}").value == value
    assert below(folder_of_files) == []
    assert not Evidence.objects.exists()
    assert not Evidence.history.exists()
    # And when there is room again it can be sent.
    assert upload(staff, measure).status_code == 302


def test_half_a_file_is_taken_away(
    staff: Client, measure: Measure, folder_of_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write

    def half(descriptor: int, data: memoryview) -> int:
        if stat.S_ISFIFO(os.fstat(descriptor).st_mode):
            return write(descriptor, data)
        if len(data) < len(PDF):
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(descriptor, data[: len(data) // 2])

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", half)
        assert upload(staff, measure).status_code == 422
    assert below(folder_of_files) == []


@pytest.mark.parametrize("size", [1, 7, 100])
def test_a_disk_that_takes_little_at_a_time_takes_all(
    folder_of_files: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:size]))
    default_storage.save("evidence/aa/x.pdf", ContentFile(PDF))
    assert (folder_of_files / "evidence/aa/x.pdf").read_bytes() == PDF


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.EIO, errno.ENAMETOOLONG])
@pytest.mark.parametrize("function", ["mkdir", "write", "fsync"])
def test_a_folder_that_cannot_be_written_is_said_too(
    staff: Client,
    measure: Measure,
    folder_of_files: Path,
    monkeypatch: pytest.MonkeyPatch,
    function: str,
    number: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, function, failing(getattr(os, function), number, 1))
        response = upload(staff, measure)
    assert response.status_code == 422
    assert read(response).one(class_="errors").one("li").text == CANNOT_WRITE
    assert os.strerror(number) in caplog.text
    assert below(folder_of_files) == []
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("megabytes", [3, 19])
def test_a_large_file_needs_no_room_on_the_way(
    staff: Client, measure: Measure, settings: Settings, tmp_path: Path, megabytes: int
) -> None:
    """Where uploads were kept until the view had seen them, a full disk was an error before any form."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "there is none")
    data = PDF + b"\n" * (megabytes * 1024 * 1024)
    assert upload(staff, measure, data).status_code == 302
    assert measure.evidence.get().size == len(data)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 128 KB of which 100 KB are taken."""
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if os.geteuid() != 0 or mount is None or umount is None:
        pytest.skip("only root can mount a small file system")
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=128k", "tmpfs", folder],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"this machine does not let a file system be mounted: {mounted.stderr.strip()}")
    try:
        (folder / "taken").write_bytes(b"x" * 100_000)
        yield folder
    finally:
        subprocess.run([umount, folder], check=True)


def test_a_file_system_that_is_really_full(
    staff: Client, measure: Measure, settings: Settings, small_disk: Path
) -> None:
    settings.MEDIA_ROOT = small_disk / "media"
    response = upload(staff, measure, PDF + b"\n" * 200_000)
    assert response.status_code == 422
    assert read(response).one(class_="errors").one("li").text == DISK_FULL
    assert below(small_disk / "media") == []
    assert upload(staff, measure, PDF).status_code == 302


# --- A full database ----------------------------------------------------------------------------------


@contextmanager
def refused_rows() -> Iterator[None]:
    """A database that says that it is full where evidence or a report is to be stored."""
    if connection.vendor == "sqlite":
        cause: Exception = sqlite3.OperationalError("database or disk is full")
        vars(cause)["sqlite_errorcode"] = sqlite3.SQLITE_FULL
    else:
        cause = psycopg.errors.DiskFull("could not extend file")

    def refuse(execute: Any, sql: str, *more: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE")) and "measures_" in sql:
            raise OperationalError(*cause.args) from cause
        return execute(sql, *more)

    with connection.execute_wrapper(refuse):
        yield


@contextmanager
def full_file() -> Iterator[None]:
    """SQLite's file has no page left for a long text, and may get no other."""
    with connection.cursor() as cursor:
        page, free, pages, most = (
            cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_size", "freelist_count", "page_count", "max_page_count")
        )
        cursor.execute(f"PRAGMA max_page_count = {pages + 10}")
        cursor.execute("CREATE TABLE filler (content BLOB)")
        # Down to the last page: an error leaves things as they were, and half as much is tried.
        size = free + 10
        while size:
            try:
                cursor.execute("INSERT INTO filler VALUES (zeroblob(%s))", [size * page])
            except OperationalError:
                size //= 2
        try:
            yield
        finally:
            cursor.execute("DROP TABLE filler")
            cursor.execute(f"PRAGMA max_page_count = {most}")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_a_full_database_leaves_no_file_and_is_said(
    staff: Client, measure: Measure, folder_of_files: Path, headers: dict[str, str]
) -> None:
    with refused_rows():
        response = upload(staff, measure, headers=headers)
    assert response.status_code == 422
    assert read(response).one(class_="errors").one("li").text == DISK_FULL
    assert below(folder_of_files) == []
    assert not Evidence.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_address_too_is_refused_by_a_full_database_in_words(staff: Client, measure: Measure) -> None:
    sent = TYPED | {"evidence-address": f"https://www.example.go.th/{'x' * 900}"}
    with refused_rows():
        response = staff.post(reverse("add_evidence", args=[measure.pk]), sent)
    assert response.status_code == 422
    page = read(response)
    assert page.one(class_="errors").one("li").text == DISK_FULL
    assert page.one(id="id_evidence-address").value == sent["evidence-address"]
    assert not Evidence.history.exists()


LONG: Final = "ก" * 4_000


def report(client: Client, measure: Measure, **more: Any) -> Any:
    address = reverse("measure", args=[measure.pk])
    sent = read(client.get(address)).one("form", class_="progress-form").form_data()
    told = {"status": "in_progress", "status_reason": "รอพัสดุ", "result": LONG}
    return lambda: client.post(address, sent | told, **more)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
@pytest.mark.parametrize("debug", [True, False])
def test_every_other_page_says_that_the_database_is_full(
    staff: Client,
    measure: Measure,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    headers: dict[str, str],
    debug: bool,
) -> None:
    settings.DEBUG = debug
    send = report(staff, measure, headers=headers)
    with refused_rows():
        response = send()
    assert response.status_code == 507
    assert "พื้นที่เก็บข้อมูลเต็ม" in read(response).one("h1").text
    assert "The disk is full" in caplog.text
    measure.refresh_from_db()
    assert (measure.result, measure.version) == ("", 1)


@pytest.mark.parametrize("debug", [True, False])
def test_a_database_that_cannot_be_opened_for_want_of_room_is_said_too(
    staff: Client, measure: Measure, settings: Settings, debug: bool
) -> None:
    """Before the view: SQLite's connections share a file, which the first of them makes."""
    settings.DEBUG = debug
    staff.raise_request_exception = False
    cause = sqlite3.OperationalError("disk I/O error")
    vars(cause)["sqlite_errorcode"] = sqlite3.SQLITE_IOERR_SHMSIZE

    def refuse(execute: Any, sql: str, *more: Any) -> Any:
        raise OperationalError(*cause.args) from cause

    for headers in ({}, HTMX):
        with connection.execute_wrapper(refuse):
            response = staff.get(reverse("measure", args=[measure.pk]), headers=headers)
        assert response.status_code == 507
        assert "พื้นที่เก็บข้อมูลเต็ม" in read(response).one("h1").text
    assert staff.get(reverse("measure", args=[measure.pk])).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_what_sqlite_itself_says_when_it_is_full_is_understood(staff: Client, measure: Measure) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("a PostgreSQL server cannot be filled by a test; what it says then is injected above")
    send = report(staff, measure)
    with full_file():
        assert send().status_code == 507
    measure.refresh_from_db()
    assert (measure.result, measure.version) == ("", 1)
    assert send().status_code == 302
    measure.refresh_from_db()
    assert measure.result == LONG


def test_only_a_full_disk_is_called_one() -> None:
    assert not is_disk_full(None)
    assert not is_disk_full(OSError("no number"))
    assert not is_disk_full(OSError(errno.EACCES, "Permission denied"))
    assert not is_disk_full(OperationalError("database is locked"))
    assert is_disk_full(OSError(errno.ENOSPC, "No space left on device"))
