"""Word and Excel files: what is really in the archive, and how much of it there would be unpacked."""

import io
import struct
import zipfile
import zlib
from typing import Final

from lxml import etree  # type: ignore[import-untyped]

MOST_ENTRIES: Final = 2_000
# Of the archive's own list of contents; 2,000 entries need a tenth of it.
LONGEST_LIST: Final = 1024 * 1024
MOST_UNPACKED: Final = 200 * 1024 * 1024
# A sheet of many equal rows packs 1 to 100; only what was made to explode packs 1 to 1,000.
MOST_RATIO: Final = 200
# What is small unpacked does no harm, however well it packs.
RATIO_COUNTS_FROM: Final = 1024 * 1024
# The table of types of an archive of 2,000 entries; it is read as a whole, as a tree.
LONGEST_TYPES: Final = 1024 * 1024
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


class Bomb(Exception):
    """Unpacked, it would be out of all proportion."""


class Macros(Exception):
    """It holds a program."""


def kind_of(data: bytes) -> str:
    """Which office document an archive is: "docx", "xlsx", or "" for any other archive.

    Every entry is unpacked once, block by block and thrown away, because what an archive says of its sizes
    is what whoever made it wanted it to say.

    Raises:
        BadArchive, Bomb, Macros: as their names say.
    """
    _check_list(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES:
                raise Bomb
            _check_declared(entries)
            _check_unpacked(archive, entries)
            if CONTENT_TYPES not in archive.namelist():
                return ""
            if archive.getinfo(CONTENT_TYPES).file_size > LONGEST_TYPES:
                raise Bomb
            return _main_part(archive.read(CONTENT_TYPES), [entry.filename for entry in entries])
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as broken:
        raise BadArchive from broken


def _check_list(data: bytes) -> None:
    """The list of contents is read whole by whoever opens the archive: its length comes first."""
    at = data.rfind(LAST_RECORD, max(0, len(data) - LAST_RECORD_MAX))
    if at < 0:
        raise BadArchive
    try:
        entries, length = struct.unpack_from("<HL", data, at + 10)
    except struct.error as broken:
        raise BadArchive from broken
    if entries > MOST_ENTRIES or length > LONGEST_LIST:
        raise Bomb


def _check_declared(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names) or any(".." in name.split("/") or name[:1] == "/" for name in names):
        raise BadArchive
    if any(entry.flag_bits & 1 for entry in entries):
        raise BadArchive
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise BadArchive
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise Bomb
    for entry in entries:
        _check_ratio(entry.file_size, entry)


def _check_ratio(unpacked: int, entry: zipfile.ZipInfo) -> None:
    if unpacked > RATIO_COUNTS_FROM and unpacked > MOST_RATIO * entry.compress_size:
        raise Bomb


def _check_unpacked(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    total = 0
    for entry in entries:
        size = 0
        with archive.open(entry) as file:
            while block := file.read(BLOCK):
                size += len(block)
                total += len(block)
                if total > MOST_UNPACKED:
                    raise Bomb
                _check_ratio(size, entry)
        if size != entry.file_size:
            raise BadArchive


def _main_part(content_types: bytes, names: list[str]) -> str:
    """What the archive's table of types says that it is, after a look for programs in it."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        table = etree.fromstring(content_types, parser)
    except etree.XMLSyntaxError as broken:
        raise BadArchive from broken
    declared = {element.get("ContentType", "") for element in table.iter(tag=etree.Element)}
    told = " ".join([*declared, *names]).casefold()
    if any(word in told for word in MACROS):
        raise Macros
    found = {MAIN_PARTS[name] for name in declared if name in MAIN_PARTS}
    return found.pop() if len(found) == 1 else ""
