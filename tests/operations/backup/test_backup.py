"""A backup holds the whole site as it was at one moment, and brings it back onto an empty one."""

import io
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from datetime import date
from hashlib import sha256
from pathlib import Path
from threading import Event, Lock

import pyrage
import pytest
from django.conf import settings as site_settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, connections, transaction
from pytest_django import Settings

from accounts.models import User
from core import file_kinds
from core.waiting_deletions import NOTE, deletions_wait, left_by_a_killed_copy
from measures.evidence.files import CheckedFile
from measures.evidence.services import NewEvidence, drop_evidence, store_evidence
from measures.models import Evidence, Measure
from operations.backup import about, databases, services
from operations.backup.encryption import encrypted
from operations.backup.problems import BackupProblem, DamagedArchive
from operations.backup.services import RESTORING, back_up, check, restore
from reports.models import Edition, SignedScan
from tests.support.empty_site import all_files, all_rows, empty_site
from tests.support.factories import (
    PDF,
    make_edition,
    make_evidence_file,
    make_job,
    make_job_file,
    make_scan,
)
from tests.support.thorough import THOROUGH

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def evidence(measure: Measure, people: dict[str, User], folder_of_files: Path) -> Evidence:
    """A site with people, a plan, a published edition, its signed scan, two pieces of evidence with files."""
    edition = make_edition(measure.plan.rounds.get(months=6))
    make_scan(edition)
    make_evidence_file(measure, PDF + b"another")
    default_storage.save("seals/ตรา.png", ContentFile(b"\x89PNG"))
    return make_evidence_file(measure)


@pytest.fixture
def archive(evidence: Evidence, tmp_path: Path) -> Path:
    back_up(path := tmp_path / "site.tar")
    return path


def test_every_row_trigger_and_file_comes_back(archive: Path, tmp_path: Path) -> None:
    rows, files = all_rows(), all_files()
    assert len(files) == 3
    with empty_site(tmp_path):
        contents = restore(archive)
        assert all_rows() == rows
        assert all_files() == files
        assert contents.files == 3
        for model, change in ((Edition, {"code": "forged"}), (SignedScan, {"content": b"forged"})):
            with pytest.raises(IntegrityError), transaction.atomic():
                model.objects.update(**change)
        # It goes on as any site: nothing is left to migrate, and new rows get new keys.
        call_command("migrate", check_unapplied=True, verbosity=0)
        make_evidence_file(Measure.objects.get())


def test_what_jobs_have_made_is_left_out(evidence: Evidence, tmp_path: Path) -> None:
    make_job_file(make_job(evidence.measure.plan.agency))
    assert back_up(tmp_path / "site.tar").files == 3


def test_nobody_else_on_the_machine_reads_an_archive_or_what_comes_out_of_it(
    archive: Path, tmp_path: Path
) -> None:
    assert archive.stat().st_mode & 0o777 == 0o600
    with empty_site(tmp_path):
        restore(archive)
        media = Path(site_settings.MEDIA_ROOT)
        assert all(path.stat().st_mode & 0o007 == 0 for path in media.rglob("*"))
        assert not (media / RESTORING).exists()


def test_nothing_but_the_archive_is_left(archive: Path, tmp_path: Path, folder_of_files: Path) -> None:
    assert [path.name for path in tmp_path.iterdir()] == ["site.tar"]
    assert not (folder_of_files / NOTE).exists()


def test_an_archive_is_not_written_over(archive: Path) -> None:
    before = archive.read_bytes()
    with pytest.raises(BackupProblem, match="มีไฟล์"):
        back_up(archive)
    assert archive.read_bytes() == before


def test_a_backup_that_fails_leaves_nothing(
    evidence: Evidence, tmp_path: Path, folder_of_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder_of_files / "evidence" / "link").symlink_to("/etc/passwd")
    with pytest.raises(BackupProblem, match="link"):
        back_up(tmp_path / "site.tar")
    assert list(tmp_path.iterdir()) == []
    assert not (folder_of_files / NOTE).exists()


# --- Refused before anything is touched ---------------------------------------------------------------


def refused(archive: Path, match: str, passphrase: str = "") -> None:
    """That an archive is not restored onto the site as it stands, which is as before."""
    media = Path(site_settings.MEDIA_ROOT)
    before = (all_rows(), all_files(), media.exists())
    with pytest.raises(BackupProblem, match=match):
        restore(archive, passphrase)
    assert (all_rows(), all_files(), media.exists()) == before


def test_a_site_that_is_not_empty_keeps_what_it_has(archive: Path, tmp_path: Path) -> None:
    refused(archive, "ฐานข้อมูลของระบบนี้ไม่ว่าง")
    with empty_site(tmp_path):
        default_storage.save("evidence/aa/x.pdf", ContentFile(PDF))
        refused(archive, "ไม่ว่าง กู้คืนได้เฉพาะลงโฟลเดอร์")


@pytest.mark.parametrize("size", ["half", "without its end", "empty"])
def test_a_truncated_archive(archive: Path, tmp_path: Path, size: str) -> None:
    whole = archive.stat().st_size
    os.truncate(archive, {"half": whole // 2, "without its end": whole - 512, "empty": 0}[size])
    with empty_site(tmp_path):
        refused(archive, "เสียหายหรือไม่ครบ")


def test_an_archive_with_another_file_in_it(archive: Path, tmp_path: Path) -> None:
    data = archive.read_bytes()
    archive.write_bytes(data.replace(PDF[:20], PDF[:19] + b"?"))
    with empty_site(tmp_path):
        refused(archive, "ไม่ตรงกับค่าตรวจสอบ")
    with pytest.raises(DamagedArchive):
        check(archive)


def test_an_archive_of_a_newer_version_or_of_the_other_engine(
    evidence: Evidence, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = dict(about.about_this_site())
    other = "sqlite" if connection.vendor == "postgresql" else "postgresql"
    cases = (
        (facts | {"migrations": [*facts["migrations"], "reports.9999_new"]}, "รุ่นที่ใหม่กว่า"),
        (facts | {"format": 2}, "รุ่นที่ใหม่กว่า"),
        (facts | {"engine": other}, "ข้ามชนิดฐานข้อมูลไม่ได้"),
        (facts | {"program": "another"}, "ไม่ใช่ไฟล์สำรอง"),
    )
    for number, (said, match) in enumerate(cases):
        path = tmp_path / f"{number}.tar"
        with monkeypatch.context() as patch:
            patch.setattr(services, "about_this_site", lambda said=said: said)
            patch.setattr(services, "check", lambda *_: None)
            back_up(path)
            patch.setattr(services, "check", lambda *_, said=said: services.Contents(said, 0, 0))
            with empty_site(tmp_path):
                refused(path, match)


def test_a_database_that_cannot_be_put_in_takes_the_files_along(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise BackupProblem("no")

    with empty_site(tmp_path):
        with monkeypatch.context() as patch:
            patch.setattr(databases, "put_in_place", refuse)
            refused(archive, "no")
        # A restore that was killed before it had put anything in its place is no hindrance.
        (Path(site_settings.MEDIA_ROOT) / RESTORING / "media").mkdir(parents=True)
        restore(archive)


# --- While people work --------------------------------------------------------------------------------


def test_what_is_taken_away_meanwhile_is_in_the_archive_and_gone_after_it(
    evidence: Evidence, tmp_path: Path, folder_of_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, files, name = all_rows(), all_files(), str(evidence.file.name)
    copied = databases.copy_to

    def copy_and_then(path: Path) -> None:
        copied(path)
        drop_evidence(evidence)
        assert (folder_of_files / name).exists()

    with monkeypatch.context() as patch:
        patch.setattr(databases, "copy_to", copy_and_then)
        back_up(tmp_path / "site.tar")
    assert not (folder_of_files / name).exists()
    assert len(all_files()) == 2
    with empty_site(tmp_path):
        restore(tmp_path / "site.tar")
        assert all_files() == files
        assert all_rows() == rows


def test_two_backups_at_once_do_not_get_into_each_others_way(
    evidence: Evidence, tmp_path: Path, folder_of_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.waiting_deletions.PATIENCE", 0)
    with (
        deletions_wait(folder_of_files, default_storage.delete),
        pytest.raises(BackupProblem, match="กำลังสำรองข้อมูลอยู่แล้ว"),
    ):
        back_up(tmp_path / "site.tar")
    back_up(tmp_path / "site.tar")


def test_a_backup_that_was_killed_holds_up_no_deletion(evidence: Evidence, folder_of_files: Path) -> None:
    waiting = default_storage.save("evidence/aa/x.pdf", ContentFile(PDF))
    (folder_of_files / NOTE).write_text(f"{waiting}\n")
    drop_evidence(evidence)
    assert not (folder_of_files / str(evidence.file.name)).exists()
    assert (folder_of_files / waiting).exists()
    left_by_a_killed_copy(folder_of_files, default_storage.delete)
    assert not (folder_of_files / waiting).exists()
    assert not (folder_of_files / NOTE).exists()


def test_who_notes_a_name_too_late_deletes_by_itself(
    evidence: Evidence, folder_of_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at the lock and the note the backup ends."""
    held = deletions_wait(folder_of_files, default_storage.delete)
    held.__enter__()
    write = os.write

    def late(descriptor: int, data: bytes) -> int:
        monkeypatch.undo()
        held.__exit__(None, None, None)
        return write(descriptor, data)

    monkeypatch.setattr(os, "write", late)
    default_storage.delete(str(evidence.file.name))
    assert not (folder_of_files / str(evidence.file.name)).exists()


def some_file() -> NewEvidence:
    data = PDF + os.urandom(2_000)
    file = CheckedFile(file_kinds.PDF, "คำสั่ง.pdf", data, location_removed=False)
    return NewEvidence("คำสั่งแต่งตั้ง", date(2023, 1, 31), public=False, file=file)


@contextmanager
def busy(measure: Measure, person: User) -> Iterator[None]:
    """Three threads that hand in evidence and take it away again until the end of the block, as people do:
    each in one transaction.
    """
    ended = Event()
    # SQLite lets one write at a time, and tells no order of those who wait.
    turn = Lock() if connection.vendor == "sqlite" else nullcontext()

    def work(number: int) -> None:
        try:
            while not ended.is_set():
                with turn:
                    made = [store_evidence(measure, [some_file()], person)[0] for _ in range(3)]
                    for each in made[number % 2 :]:
                        drop_evidence(each)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        works = [pool.submit(work, number) for number in range(3)]
        try:
            yield
        finally:
            ended.set()
        assert [each.result() for each in works] == [None] * 3


def test_backups_of_a_busy_site_are_of_one_moment(
    measure: Measure, people: dict[str, User], tmp_path: Path
) -> None:
    """Naive copies of database and folder were broken in every third try."""
    archives = [tmp_path / f"{number}.tar" for number in range(30 if THOROUGH else 2)]
    with busy(measure, people["staff"]):
        for path in archives:
            back_up(path)
    for path in archives:
        with empty_site(tmp_path):
            restore(path)
            files = all_files()
            for row in Evidence.objects.all():
                assert sha256(files[str(row.file.name)]).hexdigest() == row.sha256
            assert Evidence.history.filter(history_type="+").count() >= Evidence.objects.count()


# --- A passphrase -------------------------------------------------------------------------------------


def test_what_is_encrypted_is_opened_by_its_passphrase_alone(
    evidence: Evidence, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, word = tmp_path / "site.tar", tmp_path / "word"
    word.write_text("รหัสผ่านของไฟล์สำรอง\n")
    # The real one takes a second each time, on purpose; see below.
    keys: dict[bytes, tuple[bytes, str]] = {}

    def lock(data: bytes, passphrase: str) -> bytes:
        keys[b"key"] = (data, passphrase)
        return b"key"

    def unlock(data: bytes, passphrase: str) -> bytes:
        if keys[data][1] != passphrase:
            raise pyrage.DecryptError("no")
        return keys[data][0]

    monkeypatch.setattr(pyrage.passphrase, "encrypt", lock)
    monkeypatch.setattr(pyrage.passphrase, "decrypt", unlock)
    call_command("backup", str(path), passphrase_file=str(word), stdout=io.StringIO())
    assert PDF[:15] not in path.read_bytes()
    rows, files = all_rows(), all_files()
    with empty_site(tmp_path):
        refused(path, "เข้ารหัสไว้")
        refused(path, "รหัสผ่านของไฟล์สำรองไม่ถูกต้อง", "another")
        damaged = tmp_path / "damaged.tar"
        for place in (5_000, path.stat().st_size // 2, path.stat().st_size - 12_000):
            data = bytearray(path.read_bytes())
            data[place] ^= 1
            damaged.write_bytes(data)
            refused(damaged, "เสียหายหรือไม่ครบ", "รหัสผ่านของไฟล์สำรอง")
        call_command("restore", str(path), passphrase_file=str(word), stdout=io.StringIO())
        assert all_rows() == rows
        assert all_files() == files


@pytest.mark.django_db(transaction=False)
def test_age_itself_opens_it(tmp_path: Path) -> None:
    """As the text inside says; it is no format of our own."""
    path = tmp_path / "x.tar"
    with path.open("w+b") as file, encrypted(file, "ก" * 12) as out:
        out.write(b"content" * 100_000)
    with tarfile.open(path) as tar:
        inside = {entry.name: tar.extractfile(entry).read() for entry in tar}  # type: ignore[union-attr]  # files
    identity = pyrage.x25519.Identity.from_str(
        pyrage.passphrase.decrypt(inside["key.age"], "ก" * 12).decode()
    )
    assert pyrage.decrypt(inside["archive.tar.age"], [identity]) == b"content" * 100_000
    assert b"archive.tar.age" in inside["READ-ME.txt"]


def test_the_commands_say_what_is_wrong(evidence: Evidence, tmp_path: Path, settings: Settings) -> None:
    said = io.StringIO()
    call_command("backup", str(tmp_path / "a.tar"), stdout=said)
    call_command("backup", str(tmp_path / "a.tar"), check=True, stdout=said)
    assert "สำรองและตรวจแล้ว" in said.getvalue()
    assert "ตรวจแล้ว ครบถ้วน" in said.getvalue()
    none = str(tmp_path / "none")
    for command, path, options in (
        ("backup", f"{none}/a.tar", {}),
        ("backup", none, {"check": True}),
        ("restore", str(tmp_path / "a.tar"), {}),
        ("backup", none, {"passphrase_file": none}),
    ):
        with pytest.raises(CommandError):
            call_command(command, path, **options)


# --- Memory -------------------------------------------------------------------------------------------

MEASURED = """
import resource, sys
from operations.backup.archive import ArchiveWriter, read_archive
from operations.backup.encryption import encrypted, opened
size, path = int(sys.argv[1]), sys.argv[2]
def most():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
def work(size):
    with open(path + ".sparse", "wb") as file:
        file.truncate(size)
    with open(path, "w+b") as file, encrypted(file, "x") as out, open(path + ".sparse", "rb") as source:
        with ArchiveWriter(out) as archive:
            archive.add_about({})
            archive.add("database", source, size)
            archive.finish()
    with open(path, "rb") as file, opened(file, "x") as source:
        read_archive(source, lambda facts: None, lambda name: None)
import pyrage
pyrage.passphrase.encrypt = pyrage.passphrase.decrypt = lambda data, passphrase: data
work(10_000)
before = most()
work(size)
print(most() - before)
"""


@pytest.mark.django_db(transaction=False)
def test_the_memory_does_not_grow_with_the_files(tmp_path: Path) -> None:
    size = (1024 if THOROUGH else 100) * 1024 * 1024
    ended = subprocess.run(
        [sys.executable, "-c", MEASURED, str(size), str(tmp_path / "x")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stderr == ""
    assert int(ended.stdout) < 25
