"""An archive of the whole site: made while people work, checked, restored onto an empty site."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import IO, Any, Final

from django.conf import settings
from django.core.files.storage import default_storage

from accounts.background.files import FOLDER
from core.waiting_deletions import NOTE, AlreadyHeld, deletions_wait
from operations.backup import databases
from operations.backup.about import about_this_site, check_fits_here, check_readable
from operations.backup.archive import DATABASE, FILES, ArchiveWriter, read_archive
from operations.backup.encryption import encrypted, opened
from operations.backup.problems import BackupProblem

# A folder, so that nobody takes what is not whole for a backup.
MAKING: Final = ".ita-backup-"
# Below MEDIA_ROOT, while a restore is under way.
RESTORING: Final = ".restoring"
# What a file system of its own has.
LOST_AND_FOUND: Final = "lost+found"
# What jobs were given and have made goes after a week, and can be made again.
OF_JOBS: Final = FOLDER.removesuffix("/")
NOT_OURS: Final = (NOTE, RESTORING, LOST_AND_FOUND, OF_JOBS)


@dataclass(frozen=True)
class Contents:
    """What an archive holds."""

    about: Mapping[str, Any]
    files: int
    """Below MEDIA_ROOT."""
    size: int
    """In bytes, of the database and all files."""


def back_up(target: Path, passphrase: str = "") -> Contents:
    """Write an archive of database and files into a new file, and read it again as a whole.

    Nobody has to wait for it. Files that are taken away meanwhile go when it is done.

    Raises:
        BackupProblem: it could not be made; nothing is left of it then.
        OSError: the disk is full, or a file cannot be read.
    """
    if target.exists():
        raise BackupProblem(f"มีไฟล์ {target} อยู่แล้ว เลือกชื่ออื่น")
    media = Path(settings.MEDIA_ROOT)
    media.mkdir(mode=settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS, parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=MAKING, dir=target.parent) as folder:
        made = Path(folder, "archive")
        try:
            with deletions_wait(media, default_storage.delete):
                _write(made, Path(folder, DATABASE), media, passphrase)
        except AlreadyHeld as error:
            raise BackupProblem("กำลังสำรองข้อมูลอยู่แล้ว รอให้เสร็จก่อน") from error
        contents = check(made, passphrase)
        try:
            # Not rename(): what somebody else has put there meanwhile stays.
            os.link(made, target)
        except FileExistsError as error:
            raise BackupProblem(f"มีไฟล์ {target} อยู่แล้ว เลือกชื่ออื่น") from error
        _flush(target.parent)
    return contents


def check(path: Path, passphrase: str = "") -> Contents:
    """Read an archive as a whole, compare every hash, and look whether its database can be read.

    Raises:
        BackupProblem: this version cannot restore it; DamagedArchive: it is not as it was written.
    """
    with TemporaryDirectory(prefix=MAKING, dir=_room_for(path)) as folder:
        copy = Path(folder, DATABASE)
        contents = _read(path, passphrase, check_readable, {DATABASE: copy})
        databases.check_copy(copy, contents.about["engine"])
    return contents


def restore(path: Path, passphrase: str = "") -> Contents:
    """Bring an archive back onto an empty site: every row, trigger and file, or nothing.

    All of it is read and checked before anything is written. Then the files are laid out beside their place
    and compared again, moved there, and the database is put in last.

    Raises:
        BackupProblem: the site is not empty, or the archive cannot be taken; nothing was changed.
    """
    media = Path(settings.MEDIA_ROOT)
    _ask_for_an_empty_site(media)
    contents = check(path, passphrase)
    check_fits_here(contents.about)
    was_there = media.exists()
    laid_out = media / RESTORING
    if laid_out.exists():
        # Of a restore that was killed before anything was in its place.
        shutil.rmtree(laid_out)
    moved: list[Path] = []
    try:
        _make_folder(laid_out)
        _read(path, passphrase, check_fits_here, {}, laid_out)
        databases.check_copy(laid_out / DATABASE, contents.about["engine"])
        _flush_all(laid_out)
        for child in _children(laid_out / "media"):
            moved += [child.rename(media / child.name)]
        _flush(media)
        databases.put_in_place(laid_out / DATABASE)
    except BaseException:
        for each in (*moved, laid_out):
            _remove(each)
        if not was_there:
            with suppress(OSError):
                media.rmdir()
        raise
    shutil.rmtree(laid_out)
    return contents


def _write(made: Path, copy: Path, media: Path, passphrase: str) -> None:
    with made.open("w+b") as file:
        os.fchmod(file.fileno(), 0o600)
        about = about_this_site()
        # The database first: a file is there before its row is, so each row that was copied has its file.
        databases.copy_to(copy)
        with _sealed(file, passphrase) as out, ArchiveWriter(out) as archive:
            archive.add_about(about)
            with copy.open("rb") as database:
                archive.add(DATABASE, database, copy.stat().st_size)
            copy.unlink()
            for name, path in files_below(media):
                # An upload that was given up takes its half a file along.
                with suppress(FileNotFoundError), path.open("rb") as content:
                    there = os.fstat(content.fileno())
                    archive.add(FILES + name, content, there.st_size, there.st_mtime)
            archive.finish()
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _sealed(file: IO[bytes], passphrase: str) -> Iterator[IO[bytes]]:
    if not passphrase:
        yield file
        return
    with encrypted(file, passphrase) as out:
        yield out


def files_below(media: Path, folder: str = "") -> Iterator[tuple[str, Path]]:
    """Every file with its name below MEDIA_ROOT, folders and files by their names.

    Raises:
        BackupProblem: there is a link or a device, which the site never makes.
    """
    with os.scandir(media / folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if not folder and entry.name in NOT_OURS:
            continue
        name = f"{folder}{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            yield from files_below(media, f"{name}/")
        elif entry.is_file(follow_symlinks=False):
            yield name, Path(entry.path)
        elif os.path.lexists(entry.path):
            raise BackupProblem(f"มีสิ่งที่ไม่ใช่ไฟล์ธรรมดาใน MEDIA_ROOT: {name!r}")


def _read(
    path: Path, passphrase: str, judge: Any, kept: Mapping[str, Path], folder: Path | None = None
) -> Contents:
    """Read an archive; keep some of its files at their places, or all of them in a folder."""
    said: dict[str, Any] = {}

    def look(facts: Mapping[str, Any]) -> None:
        judge(facts)
        said.update(facts)

    def place(name: str) -> Path | None:
        if folder is None:
            return kept.get(name)
        where = folder / name
        _make_folder(where.parent)
        return where

    try:
        with path.open("rb") as file, opened(file, passphrase) as source:
            files, size = read_archive(source, look, place)
    except FileNotFoundError as error:
        raise BackupProblem(f"ไม่พบไฟล์ {path}") from error
    return Contents(said, files, size)


def _ask_for_an_empty_site(media: Path) -> None:
    if not databases.is_empty():
        raise BackupProblem("ฐานข้อมูลของระบบนี้ไม่ว่าง กู้คืนได้เฉพาะลงฐานข้อมูลที่ยังไม่มีตารางใด (ยังไม่ได้สั่ง migrate)")
    if list(_children(media)):
        raise BackupProblem(f"โฟลเดอร์ {media} ไม่ว่าง กู้คืนได้เฉพาะลงโฟลเดอร์ไฟล์ที่ว่าง")


def _remove(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def _children(media: Path) -> list[Path]:
    return [child for child in media.iterdir() if child.name not in NOT_OURS] if media.is_dir() else []


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir()
        folder.chmod(settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS)


def _flush_all(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if path.is_file():
            path.chmod(settings.FILE_UPLOAD_PERMISSIONS)
        _flush(path)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _room_for(path: Path) -> Path:
    """A folder that can be written: beside the archive, if it can be, whose disk has room for the like."""
    return path.parent if os.access(path.parent, os.W_OK) else Path(gettempdir())
