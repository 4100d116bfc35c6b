"""Office files as the zip archives they are, opened with the suspicion that an upload deserves.

Nothing is unpacked to disk, nothing outside the archive is ever asked for, and of an XML part only what a
reader picks out of the stream is kept: a part may be large without its reading being so.
"""

import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import ClassVar, Final
from xml.parsers import expat

from core import office_archive
from core.dangers import DOCTYPE, Dangerous
from core.office_look import look_at_office
from measures.plan_import.model import Unreadable
from measures.plan_import.tables.table import TOO_LARGE, Budget

# One part that is read, as measured.
MAX_PART: Final = 100_000_000
MAX_DEPTH: Final = 400
MAX_NAMES: Final = 20_000
CHUNK: Final = 64 * 1024

DAMAGED: Final = "ไฟล์เสียหายหรือไม่สมบูรณ์ กรุณาเปิดด้วยโปรแกรมเดิมแล้วบันทึกใหม่ หากเปิดไม่ได้ ให้คัดลอกตารางมาวางแทน"
BOMB: Final = "ไฟล์นี้ขยายตัวเกินปกติเมื่อเปิดอ่าน จึงไม่นำเข้าเพื่อความปลอดภัย กรุณาคัดลอกตารางไปไว้ในไฟล์ใหม่แล้วนำเข้าไฟล์ใหม่นั้น"
LOCKED: Final = "ไฟล์นี้มีรหัสผ่าน กรุณาเอารหัสผ่านออก (บันทึกเป็นไฟล์ใหม่ที่ไม่มีรหัสผ่าน) แล้วนำเข้าใหม่"
MACROS: Final = "ไฟล์นี้มีมาโคร จึงไม่นำเข้าเพื่อความปลอดภัย กรุณาบันทึกเป็น .docx หรือ .xlsx (แบบไม่มีมาโคร) แล้วนำเข้าใหม่"

# "{namespace}name" of the transitional and of the strict standard, as "prefix:name".
_PREFIXES: Final[Mapping[str, str]] = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "x",
    "http://purl.oclc.org/ooxml/spreadsheetml/main": "x",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r",
    "http://schemas.openxmlformats.org/package/2006/relationships": "rel",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
}

Attributes = dict[str, str]


class Reader:
    """Picks out of the stream of an XML part what it wants. Names are "w:p"; those of other spaces ":p"."""

    # The elements of which start and end are told, and those that are left out with all that is in them.
    wanted: ClassVar[frozenset[str]] = frozenset()
    skipped: ClassVar[frozenset[str]] = frozenset()
    wants_text: ClassVar[bool] = False

    def start(self, tag: str, attributes: Attributes) -> None:
        """A wanted element begins."""

    def end(self, tag: str) -> None:
        """A wanted element ends."""

    def text(self, text: str) -> None:
        """Characters between tags, also of elements that are not wanted."""


class Package:
    """An Office file whose list of contents has been looked through."""

    def __init__(self, archive: zipfile.ZipFile, budget: Budget) -> None:
        self._archive = archive
        self._budget = budget
        self._entries = {info.filename.lower(): info for info in archive.infolist()}
        self._refuse_doctypes()

    def _refuse_doctypes(self) -> None:
        for entry in self._archive.infolist():
            if entry.filename.lower().endswith((".xml", ".rels")):
                self._refuse_doctype(entry)

    def _refuse_doctype(self, entry: zipfile.ZipInfo) -> None:
        """Also in parts that are never parsed; those that are, are watched once more while parsing."""
        with self._archive.open(entry) as part:
            # The null bytes are those of UTF-16.
            if b"<!DOCTYPE" in part.read(4096).replace(b"\0", b""):
                raise Unreadable(DOCTYPE)
        self._budget.time()

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._entries

    def parse(self, name: str, reader: Reader) -> None:
        """Stream a part through a reader.

        Raises:
            Unreadable: the part is missing, is no XML, is too much, or has a document type.
        """
        entry = self._entries.get(name.lower())
        if entry is None:
            raise Unreadable(DAMAGED)
        parser = _parser(reader, self._budget)
        measured = 0
        with self._archive.open(entry) as part:
            while chunk := part.read(CHUNK):
                measured += len(chunk)
                if measured > MAX_PART:
                    raise Unreadable(TOO_LARGE)
                self._budget.time()
                parser.Parse(chunk, False)
            parser.Parse(b"", True)

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """The parts that a part ("" is the package) refers to: id → kind (the type's last word) and name."""
        folder, file = posixpath.split(name)
        listed = posixpath.join(folder, "_rels", f"{file}.rels")
        reader = _Relations(folder)
        if listed in self:
            self.parse(listed, reader)
        return reader.found

    def content_types(self) -> set[str]:
        """The kinds of content that the file says it has."""
        return office_archive.content_types(self._archive)


class _Relations(Reader):
    wanted = frozenset({"rel:Relationship"})

    def __init__(self, folder: str) -> None:
        self.found: dict[str, tuple[str, str]] = {}
        self._folder = folder

    def start(self, tag: str, attributes: Attributes) -> None:
        # What lies outside the file is never looked up.
        if attributes.get(":TargetMode") != "External":
            target = attributes.get(":Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.join(self._folder, target)
            kind = attributes.get(":Type", "").rpartition("/")[2]
            self.found[attributes.get(":Id", "")] = (kind, posixpath.normpath(path))


@contextmanager
def opened(content: bytes, budget: Budget) -> Iterator[Package]:
    """The package in a file's content.

    Raises:
        Unreadable: a locked, macro-carrying, damaged or oversized archive.
    """
    try:
        with office_archive.opened(content) as archive:
            package = Package(archive, budget)
            look_at_office(archive)
            office_archive.refuse_programs(package.content_types())
            yield package
    except Dangerous as dangerous:
        raise Unreadable(str(dangerous)) from dangerous
    except office_archive.Bomb as bomb:
        raise Unreadable(BOMB) from bomb
    except office_archive.Macros as macros:
        raise Unreadable(MACROS) from macros
    except office_archive.Locked as locked:
        raise Unreadable(LOCKED) from locked
    except office_archive.BadArchive as broken:
        raise Unreadable(DAMAGED) from broken


def _parser(reader: "Reader", budget: Budget) -> expat.XMLParserType:
    """A parser that calls the reader for the few elements it wants: most of a document is styling."""
    parser = expat.ParserCreate(namespace_separator="\n")
    parser.buffer_text = True
    parser.buffer_size = CHUNK
    wanted, skipped = reader.wanted, reader.skipped
    names: dict[str, str] = {}
    depth = skipping = 0

    def short(name: str) -> str:
        # A part of a million different names is not to fill the memory.
        if len(names) > MAX_NAMES:
            raise Unreadable(DAMAGED)
        space, _, local = name.rpartition("\n")
        known = names[name] = f"{_PREFIXES.get(space, '')}:{local}"
        return known

    def refuse(*_: object) -> None:
        raise Unreadable(DOCTYPE)

    def opening(name: str, attributes: list[str]) -> None:
        nonlocal depth, skipping
        depth += 1
        if depth > MAX_DEPTH:
            raise Unreadable(DAMAGED)
        tag = names.get(name) or short(name)
        if skipping:
            return
        if tag in skipped:
            skipping = depth
        elif tag in wanted:
            budget.work()
            pairs = iter(attributes)
            reader.start(
                tag, {names.get(key) or short(key): value for key, value in zip(pairs, pairs, strict=True)}
            )

    def closing(name: str) -> None:
        nonlocal depth, skipping
        depth -= 1
        if skipping:
            if depth < skipping:
                skipping = 0
        elif names[name] in wanted:
            reader.end(names[name])

    def text(characters: str) -> None:
        if not skipping:
            reader.text(characters)

    parser.ordered_attributes = True
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = opening
    parser.EndElementHandler = closing
    if reader.wants_text:
        parser.CharacterDataHandler = text
    return parser
