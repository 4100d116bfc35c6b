"""Encryption with a passphrase by age: an archive of any size goes through it piece by piece.

Of a passphrase age encrypts only what is in memory as a whole. So the passphrase opens a key made for this
archive alone, and the key opens the archive. Both lie in a tar, which age's own program opens too.
"""

import os
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, Final

import pyrage

from operations.backup.archive import ABOUT
from operations.backup.problems import BackupProblem, DamagedArchive
from operations.backup.tar_reader import Source, TarReader, cut_off_is_said

READ_ME: Final = "READ-ME.txt"
KEY: Final = "key.age"
CONTENT: Final = "archive.tar.age"
MAX_KEY: Final = 64 * 1024
HOW: Final = b"""A backup of ITA Tracker. `manage.py restore` opens it. So does age (https://age-encryption.org):
    tar xf THIS-FILE
    age --decrypt --output key.txt key.age         # asks for the passphrase
    age --decrypt --identity key.txt --output archive.tar archive.tar.age
"""


class _Background(threading.Thread):
    """Runs a function and keeps what it raises for who waits for it."""

    def __init__(self, work: Any) -> None:
        super().__init__(daemon=True)
        self._work = work
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            self._work()
        except Exception as error:  # age has its own, a full disk raises another: all are told who waits
            self.error = error


@contextmanager
def encrypted(out: IO[bytes], passphrase: str) -> Iterator[IO[bytes]]:
    """What is written inside the block goes into a file encrypted; the file can be sought in."""
    identity = pyrage.x25519.Identity.generate()
    for name, data in ((READ_ME, HOW), (KEY, pyrage.passphrase.encrypt(str(identity).encode(), passphrase))):
        out.write(_header(name, len(data)) + data + _padding(len(data)))
    place = out.tell()
    out.write(bytes(tarfile.BLOCKSIZE))
    reading, writing = os.pipe()

    def encrypt() -> None:
        with os.fdopen(reading, "rb") as source:
            pyrage.encrypt_io(source, out, [identity.to_public()])

    work = _Background(encrypt)
    work.start()
    try:
        with os.fdopen(writing, "wb") as sink:
            yield sink
    except BrokenPipeError:
        # The other end has a reason, which is raised below.
        work.join()
        if work.error is None:
            raise
    finally:
        work.join()
    if work.error is not None:
        raise work.error
    out.seek(0, os.SEEK_END)
    size = out.tell() - place - tarfile.BLOCKSIZE
    out.write(_padding(size) + bytes(2 * tarfile.BLOCKSIZE))
    out.write(bytes(-out.tell() % tarfile.RECORDSIZE))
    out.seek(place)
    out.write(_header(CONTENT, size))


@contextmanager
def opened(file: IO[bytes], passphrase: str) -> Iterator[Source]:
    """The archive inside a file, decrypted where it is encrypted; at the end of the block all has been read.

    Raises:
        BackupProblem: a passphrase is missing or not the right one.
        DamagedArchive: what is encrypted is not as it was written.
    """
    file.seek(0)
    tar = TarReader(file)
    found = tar.next()
    if found is not None and found[0].name == ABOUT:
        file.seek(0)
        yield file
        return
    identity = _identity(tar, found, passphrase)
    found = tar.next()
    if found is None or found[0].name != CONTENT:
        raise DamagedArchive("ไม่มีส่วนที่เข้ารหัส")
    content = found[1]
    reading, writing = os.pipe()

    def decrypt() -> None:
        with os.fdopen(writing, "wb") as sink:
            pyrage.decrypt_io(content, sink, [identity])

    work = _Background(decrypt)
    work.start()
    problem: DamagedArchive | None = None
    try:
        with os.fdopen(reading, "rb") as source:
            try:
                yield source
            except DamagedArchive as error:
                # It may have ended early because of what went wrong at the other end.
                problem = error
    finally:
        work.join()
    if work.error is not None and not isinstance(work.error, BrokenPipeError):
        raise DamagedArchive("ถอดรหัสไม่ได้จนจบ") from work.error
    if problem is not None:
        raise problem
    tar.expect_end()


def _identity(tar: TarReader, first: Any, passphrase: str) -> Any:
    if first is None or first[0].name != READ_ME or first[0].size > MAX_KEY:
        raise DamagedArchive("ไม่ใช่ไฟล์สำรองของระบบนี้")
    with cut_off_is_said():
        first[1].read()
    found = tar.next()
    if found is None or found[0].name != KEY or found[0].size > MAX_KEY:
        raise DamagedArchive("ไม่มีกุญแจ")
    if not passphrase:
        raise BackupProblem("ไฟล์สำรองนี้เข้ารหัสไว้ ให้บอกไฟล์ของรหัสผ่านด้วย --passphrase-file")
    with cut_off_is_said():
        key = found[1].read()
    try:
        return pyrage.x25519.Identity.from_str(pyrage.passphrase.decrypt(key, passphrase).decode())
    except (pyrage.DecryptError, pyrage.IdentityError, UnicodeDecodeError) as error:
        raise BackupProblem("รหัสผ่านของไฟล์สำรองไม่ถูกต้อง หรือส่วนกุญแจเสียหาย") from error


def _header(name: str, size: int) -> bytes:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry.tobuf(tarfile.GNU_FORMAT)


def _padding(size: int) -> bytes:
    return bytes(-size % tarfile.BLOCKSIZE)
