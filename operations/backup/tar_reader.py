"""Reading a tar that anybody may have made: plain files with plain names, one after the other, or nothing."""

import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, Final, Protocol, cast

from operations.backup.problems import DamagedArchive

CHUNK: Final = 1024 * 1024
# Of what stands before a file: its name and size. More than that is no archive of ours.
MAX_HEADER: Final = 64 * 1024
MAX_NAME: Final = 1_000
MAX_DEPTH: Final = 30


@contextmanager
def cut_off_is_said() -> Iterator[None]:
    """What tarfile raises where a file ends too early is said as damage."""
    try:
        yield
    except (tarfile.TarError, EOFError) as error:
        raise DamagedArchive("ขาดกลางคัน") from error


class Source(Protocol):
    """What can be read from beginning to end."""

    def read(self, size: int = -1, /) -> bytes: ...


class Sink(Protocol):
    """What can be written to."""

    def write(self, data: bytes, /) -> Any: ...


def is_plain(name: str) -> bool:
    """Whether a name leads nowhere but down from where it begins, and is one line."""
    parts = name.split("/")
    return (
        len(name) <= MAX_NAME
        and len(parts) <= MAX_DEPTH
        and not any(part in ("", ".", "..") or len(part.encode(*UTF8)) > 255 for part in parts)
        and not any(letter < " " or letter in "\\\x7f" for letter in name)
    )


# Linux takes names that are no text.
UTF8: Final = ("utf-8", "surrogateescape")


@dataclass(frozen=True)
class ArchivedFile:
    """A file of an archive."""

    name: str
    size: int


class _Guarded:
    """What tarfile reads from: counts, and gives no endless headers, which tarfile would keep in memory."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.count = 0
        self.allowed: int | None = None

    def read(self, size: int = -1, /) -> bytes:
        data = self._source.read(size)
        self.count += len(data)
        if self.allowed is not None:
            self.allowed -= len(data)
            if self.allowed < 0:
                raise DamagedArchive("มีส่วนหัวที่ยาวผิดปกติ")
        return data


class TarReader:
    """The files of a tar one after the other; whatever else one may hold is refused."""

    def __init__(self, source: Source) -> None:
        self._guarded = _Guarded(source)
        self._end = 0
        try:
            self._guarded.allowed = MAX_HEADER
            self._tar: Any = tarfile.open(  # noqa: SIM115  it holds nothing but the source
                fileobj=cast(Any, self._guarded),
                mode="r|",
                encoding=UTF8[0],
                errors=UTF8[1],
            )
        except (tarfile.TarError, EOFError, ValueError) as error:
            raise DamagedArchive("ไม่ใช่ไฟล์สำรองของระบบนี้") from error

    def next(self) -> tuple[ArchivedFile, IO[bytes]] | None:
        """The next file; the one before has been read to its end. None where there is none.

        Raises:
            DamagedArchive: it is no plain file, or has no plain name.
        """
        self._guarded.allowed = MAX_HEADER
        try:
            found = self._tar.next()
        except (tarfile.TarError, EOFError, ValueError) as error:
            raise DamagedArchive("อ่านรายการถัดไปไม่ได้") from error
        self._guarded.allowed = None
        self._tar.members = []
        if found is None:
            return None
        if found.type != tarfile.REGTYPE or found.issparse() or not is_plain(found.name):
            raise DamagedArchive(f"มีสิ่งที่ไม่ใช่ไฟล์ธรรมดา {found.name[:100]!r}")
        self._end = found.offset_data + -(-found.size // tarfile.BLOCKSIZE) * tarfile.BLOCKSIZE
        return ArchivedFile(found.name, found.size), self._tar.extractfile(found)

    def expect_end(self) -> None:
        """Read what follows the last file.

        Raises:
            DamagedArchive: it is not the end of a tar, or not all of it.
        """
        while self._guarded.read(CHUNK):
            pass
        whole = self._end + 2 * tarfile.BLOCKSIZE
        whole += -whole % tarfile.RECORDSIZE
        if self._guarded.count != whole:
            raise DamagedArchive("ท้ายไฟล์ไม่ครบหรือมีส่วนเกิน")
