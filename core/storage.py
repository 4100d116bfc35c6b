"""File storage that survives a power cut: what save() has returned is on the disk, with its folders."""

import errno
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from django.core.files import File
from django.core.files.storage import FileSystemStorage

from core.waiting_deletions import must_wait

# Some network file systems cannot flush a folder, and flush its entries by themselves.
CANNOT_FLUSH_FOLDERS: Final = (errno.EINVAL, errno.ENOTSUP)
ATTEMPTS: Final = 20


class FlushedStorage(FileSystemStorage):
    """Flushes a file and every folder above it before the name is handed out, and leaves nothing half made.

    Without it the row in the database, which is flushed at its commit, outlives the file that it names.
    """

    def _save(self, name: str, content: File[Any]) -> str:
        name, descriptor = self._create(name)
        path = Path(self.path(name))
        try:
            try:
                _write(descriptor, content.chunks())
                if self.file_permissions_mode is not None:
                    os.fchmod(descriptor, self.file_permissions_mode)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            # All of them each time: another upload may have made a folder just now and not yet flushed it.
            for folder in self._folders_above(path):
                _flush_folder(folder)
            _flush_folder(Path(self.location))
        except BaseException:
            with suppress(OSError):
                path.unlink()
            self._drop_empty_folders(path)
            raise
        return name

    def delete(self, name: str) -> None:
        """Remove a file, and the folders that are empty without it; while a backup copies them, after it."""
        if must_wait(Path(self.location), name):
            return
        super().delete(name)
        path = Path(self.path(name))
        self._drop_empty_folders(path)
        for folder in (*self._folders_above(path), Path(self.location)):
            if folder.is_dir():
                _flush_folder(folder)
                return

    def _create(self, name: str) -> tuple[str, int]:
        """Make an empty file where there is none; the name that it has got and an open descriptor."""
        for _ in range(ATTEMPTS):
            path = Path(self.path(name))
            try:
                self._make_folder(path.parent)
                return name, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
            except FileExistsError:
                name = self.get_available_name(name)
            except FileNotFoundError:
                # Another request dropped the folder, which was empty, at the same moment.
                continue
            except BaseException:
                self._drop_empty_folders(path)
                raise
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), name)

    def _make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self._make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        if self.directory_permissions_mode is not None:
            # Not by mkdir(), whose mode the process's mask makes smaller.
            folder.chmod(self.directory_permissions_mode)
        _flush_folder(folder.parent)

    def _folders_above(self, path: Path) -> Iterable[Path]:
        """From the folder of a file up to, and without, the storage's own."""
        inside = path.relative_to(self.location).parents
        return [Path(self.location, each) for each in inside if each != Path()]

    def _drop_empty_folders(self, path: Path) -> None:
        for folder in self._folders_above(path):
            # One that holds something stays.
            with suppress(OSError):
                folder.rmdir()


def _write(descriptor: int, chunks: Iterable[bytes]) -> None:
    for chunk in chunks:
        rest = memoryview(chunk)
        while rest:
            rest = rest[os.write(descriptor, rest) :]


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in CANNOT_FLUSH_FOLDERS:
            raise
    finally:
        os.close(descriptor)
