"""The archive: a tar of what it is, the database, the files, and last the SHA-256 of each.

It is written and read once from beginning to end, whatever its size. A reader takes nothing but plain files
with plain names, each of which comes after the one before: no link, no folder, no name twice.
"""

import hashlib
import json
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final, Self, cast

from operations.backup.problems import BackupProblem, DamagedArchive
from operations.backup.tar_reader import (
    CHUNK,
    MAX_NAME,
    UTF8,
    ArchivedFile,
    Sink,
    Source,
    TarReader,
    cut_off_is_said,
    is_plain,
)

ABOUT: Final = "about.json"
DATABASE: Final = "database"
FILES: Final = "media/"
# As sha256sum writes it, and `sha256sum --check` reads it.
MANIFEST: Final = "manifest.sha256"

# Of what an archive says of itself.
MAX_ABOUT: Final = 256 * 1024


def _line(digest: str, name: str) -> bytes:
    return f"{digest}  {name}\n".encode(*UTF8)


class _Hashed:
    """Passes on what is read, exactly so many bytes of it, and hashes it."""

    def __init__(self, source: Source, size: int) -> None:
        self._source = source
        self.left = size
        self._hash = hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        wanted = self.left if size < 0 else min(size, self.left)
        data = self._source.read(wanted) if wanted else b""
        self.left -= len(data)
        self._hash.update(data)
        return data

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()


class ArchiveWriter:
    """Adds files to an archive, in a with block; at its end finish() has to be called."""

    def __init__(self, out: Sink) -> None:
        self._tar: Any = tarfile.open(  # noqa: SIM115  __exit__() closes it
            fileobj=cast(Any, out),
            mode="w|",
            format=tarfile.PAX_FORMAT,
            encoding=UTF8[0],
            errors=UTF8[1],
        )
        self._lines = tempfile.TemporaryFile()  # noqa: SIM115  as long as the archive

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # Where finish() was not reached, whoever reads what was written until then is not to take it.
        with suppress(OSError):
            self._tar.close()
        self._lines.close()

    def add_about(self, facts: Mapping[str, Any]) -> None:
        """What the archive is; the first of all."""
        self._add_text(ABOUT, json.dumps(facts, ensure_ascii=False, indent=1).encode())

    def add(self, name: str, source: Source, size: int, changed: float = 0) -> None:
        """A file of so many bytes.

        Args:
            changed: when it was changed last, in seconds since 1970.

        Raises:
            BackupProblem: its name cannot stand in an archive.
            OSError: it ended before that many bytes.
        """
        if not is_plain(name):
            raise BackupProblem(f"ชื่อไฟล์นี้สำรองไม่ได้: {name!r}")
        entry = tarfile.TarInfo(name)
        entry.size, entry.mtime, entry.mode = size, int(changed), 0o640
        hashed = _Hashed(source, size)
        self._tar.addfile(entry, hashed)
        # It would keep a note of each file.
        self._tar.members = []
        self._lines.write(_line(hashed.digest, name))

    def finish(self) -> None:
        """Write the manifest and the end."""
        size = self._lines.tell()
        self._lines.seek(0)
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode = size, 0o640
        self._tar.addfile(entry, self._lines)
        self._tar.close()

    def _add_text(self, name: str, data: bytes) -> None:
        with tempfile.SpooledTemporaryFile(MAX_ABOUT) as file:
            file.write(data)
            file.seek(0)
            self.add(name, file, len(data))


def copy(source: Source, sink: Sink | None, size: int) -> str:
    """Copy so many bytes, or only read them; their SHA-256.

    Raises:
        DamagedArchive: there are not so many.
    """
    hashed = _Hashed(source, size)
    with cut_off_is_said():
        while data := hashed.read(CHUNK):
            if sink is not None:
                sink.write(data)
    if hashed.left:
        raise DamagedArchive("ขาดกลางคัน")
    return hashed.digest


Place = Callable[[str], Path | None]
"""Where a file of the archive goes, by its name; None: it is only read."""


def read_archive(source: Source, judge: Callable[[Mapping[str, Any]], None], place: Place) -> tuple[int, int]:
    """Read an archive from beginning to end and compare every hash.

    Args:
        judge: looks at what the archive says of itself before anything else is read; raises what is wrong.
        place: of each file; its folder exists and the file does not.

    Returns:
        How many files below MEDIA_ROOT, and how many bytes the database and they have.

    Raises:
        DamagedArchive: it is not as it was written.
    """
    tar = TarReader(source)
    files = size = 0
    with tempfile.TemporaryFile() as lines:
        for entry, content in _in_order(tar):
            if entry.name == MANIFEST:
                _compare(lines, content, entry.size)
                tar.expect_end()
                return files, size
            if entry.name == ABOUT:
                with cut_off_is_said():
                    data = content.read(MAX_ABOUT)
                judge(_facts(data))
                lines.write(_line(hashlib.sha256(data).hexdigest(), ABOUT))
                continue
            with _opened(place(entry.name)) as sink:
                lines.write(_line(copy(content, sink, entry.size), entry.name))
            files += entry.name.startswith(FILES)
            size += entry.size
    raise DamagedArchive("ไม่มีรายการค่าตรวจสอบที่ท้ายไฟล์")


@contextmanager
def _opened(path: Path | None) -> Iterator[IO[bytes] | None]:
    if path is None:
        yield None
        return
    with path.open("xb") as file:
        yield file


def _in_order(tar: TarReader) -> Iterator[tuple[ArchivedFile, IO[bytes]]]:
    """What it is, the database, the files by their names, the manifest: in no other order, and none twice."""
    place = 0
    before: list[str] = []
    while (found := tar.next()) is not None:
        name, parts = found[0].name, found[0].name.split("/")
        if place < 2:
            fits = name == (ABOUT, DATABASE)[place]
        else:
            fits = name == MANIFEST or (name.startswith(FILES) and parts > before)
        if not fits or (name == ABOUT and found[0].size > MAX_ABOUT):
            raise DamagedArchive(f"มีรายการที่ไม่ควรมี {name[:100]!r}")
        place, before = place + 1, parts
        yield found


def _facts(data: bytes) -> Mapping[str, Any]:
    try:
        facts = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise DamagedArchive("อ่านข้อมูลของไฟล์สำรองไม่ได้") from error
    if not isinstance(facts, dict):
        raise DamagedArchive("อ่านข้อมูลของไฟล์สำรองไม่ได้")
    return facts


def _compare(lines: IO[bytes], content: IO[bytes], size: int) -> None:
    """Whether the manifest says what was read, and which file is the first that differs."""
    written = lines.tell()
    lines.seek(0)
    with cut_off_is_said():
        for line in lines:
            if content.readline(MAX_NAME * 4 + 100) != line:
                raise DamagedArchive(f"{line.decode(*UTF8).strip().split('  ', 1)[1]} ไม่ตรงกับค่าตรวจสอบ")
    if written != size:
        raise DamagedArchive("รายการค่าตรวจสอบมีส่วนเกิน")
