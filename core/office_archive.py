"""Word and Excel files as the ZIP archives they are: what is in one, and how much of it there would be.

Every ZIP archive from outside is opened here, whether it is kept as evidence or read as a plan.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final
from xml.parsers import expat

from core.budget import TooMuchWork, WorkLimit
from core.office_look import look_at_office

MAX_ENTRIES: Final = 5_000
# Of the archive's own list of contents; 5,000 entries need a quarter of it.
MAX_LIST: Final = 2 * 1024 * 1024
MAX_UNPACKED: Final = 200 * 1024 * 1024
# A sheet of many equal rows packs 1 to 100; only what was made to explode packs 1 to 1,000.
MAX_RATIO: Final = 200
# What is small unpacked does no harm, however well it packs.
RATIO_COUNTS_FROM: Final = 5_000_000
# The table of types of an archive of 5,000 entries.
MAX_TYPES: Final = 1024 * 1024
BLOCK: Final = 64 * 1024
CONTENT_TYPES: Final = "[Content_Types].xml"
MAIN_PARTS: Final = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
}
MACROS: Final = ("vbaproject", "macroenabled", "macrosheet")
# The archive's last record: its signature, and where in it the length of the list stands.
LAST_RECORD: Final = b"PK\x05\x06"
LAST_RECORD_MAX: Final = 65_557


class BadArchive(Exception):
    """It cannot be unpacked, or something in it is not as the format says."""


class Locked(BadArchive):
    """It has a password."""


class Bomb(Exception):
    """Unpacked, it would be out of all proportion."""


class Macros(Exception):
    """It holds a program."""


@contextmanager
def opened(data: bytes) -> Iterator[zipfile.ZipFile]:
    """An archive whose list of contents has been looked through; nothing of it is unpacked yet.

    Raises:
        BadArchive, Locked, Bomb, Macros: as their names say; BadArchive also for what goes wrong inside the
            with block, which is reading the archive.
    """
    _check_list(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_declared(entries)
            refuse_programs(entry.filename for entry in entries)
            yield archive
    except TooMuchWork as much:
        raise Bomb from much
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as broken:
        raise BadArchive from broken


def refuse_programs(told: Iterable[str]) -> None:
    """What names of parts and types of content say.

    Raises:
        Macros: one of them is that of a program.
    """
    if any(word in text.casefold() for text in told for word in MACROS):
        raise Macros


def kind_of(data: bytes) -> str:
    """Which office document an archive is: "docx", "xlsx", or "" for any other archive.

    Every entry is unpacked once, block by block and thrown away, because what an archive says of its sizes
    is what whoever made it wanted it to say.

    Raises:
        BadArchive, Locked, Bomb, Macros: as their names say.
        Dangerous: something else in it acts by itself.
    """
    with opened(data) as archive:
        _check_unpacked(archive)
        look_at_office(archive)
        types = content_types(archive)
    refuse_programs(types)
    found = {MAIN_PARTS[name] for name in types if name in MAIN_PARTS}
    return found.pop() if len(found) == 1 else ""


def content_types(archive: zipfile.ZipFile) -> set[str]:
    """The types of content that an archive says it holds; none for one that is no office document.

    Raises:
        BadArchive: the table cannot be read.
        Bomb: it is too long.
    """
    if CONTENT_TYPES not in archive.namelist():
        return set()
    if archive.getinfo(CONTENT_TYPES).file_size > MAX_TYPES:
        raise Bomb
    found: set[str] = set()

    def element(_: str, attributes: dict[str, str]) -> None:
        found.add(attributes.get("ContentType", ""))

    def refuse(*_: object) -> None:
        raise BadArchive

    parser = expat.ParserCreate()
    parser.StartElementHandler = element
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(archive.read(CONTENT_TYPES), True)
    except (expat.ExpatError, LookupError) as broken:
        # Also in letters of a kind that no text has.
        raise BadArchive from broken
    return found


def _check_list(data: bytes) -> None:
    """The list of contents is read whole by whoever opens the archive: its length comes first."""
    at = data.rfind(LAST_RECORD, max(0, len(data) - LAST_RECORD_MAX))
    if at < 0:
        raise BadArchive
    try:
        entries, length = struct.unpack_from("<HL", data, at + 10)
    except struct.error as broken:
        raise BadArchive from broken
    if entries > MAX_ENTRIES or length > MAX_LIST:
        raise Bomb


def _check_declared(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(names) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise Bomb
    if any(entry.flag_bits & 1 for entry in entries):
        raise Locked
    if len(set(names)) != len(names) or any(".." in name.split("/") or name[:1] == "/" for name in names):
        raise BadArchive
    # Word and Excel know these two; others would only cost memory.
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise BadArchive
    for entry in entries:
        _check_ratio(entry.file_size, entry)


def _check_ratio(unpacked: int, entry: zipfile.ZipInfo) -> None:
    if unpacked > RATIO_COUNTS_FROM and unpacked > MAX_RATIO * max(entry.compress_size, 1):
        raise Bomb


def _check_unpacked(archive: zipfile.ZipFile) -> None:
    total = 0
    limit = WorkLimit()
    for entry in archive.infolist():
        size = 0
        with archive.open(entry) as file:
            while block := file.read(BLOCK):
                limit.check()
                size += len(block)
                total += len(block)
                if total > MAX_UNPACKED:
                    raise Bomb
                _check_ratio(size, entry)
        if size != entry.file_size:
            raise BadArchive
