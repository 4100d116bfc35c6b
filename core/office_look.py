"""Says what in a Word or Excel file could act by itself: what it loads from elsewhere, OLE, ActiveX, DDE.

What a file merely names, a link that a person clicks or a template on the writer's own disk, does no harm
here and is left alone: half of what offices write has one.
"""

import re
import zipfile
from collections.abc import Callable, Set
from typing import Final
from urllib.parse import unquote
from xml.parsers import expat

from core.budget import TooMuchWork, WorkLimit
from core.dangers import ACTIVE_X, DDE, DOCTYPE, OLE, REMOTE, Dangerous

CHUNK: Final = 64 * 1024
MAX_FIELDS: Final = 200_000
# The last word of a relationship's type.
LINKS: Final = frozenset({"hyperlink"})
OF_OLE: Final = frozenset({"oleobject"})
OF_ACTIVE_X: Final = frozenset({"control", "activexcontrolbinary"})
# https://…, \\server\…, //server/…, file://server/…; not file:///C:/…, which is of the writer's own machine.
ELSEWHERE: Final = re.compile(
    r"\s*(?:(?!file:)[a-z][a-z0-9+.-]+:|[\\/]{2}|file:[\\/]{2}(?![\\/]?[a-z]:|[\\/][a-z]:))", re.IGNORECASE
)
CALLS: Final = re.compile(r"\bDDE(?:AUTO)?\b", re.IGNORECASE)
LOADS: Final = re.compile(r"\bINCLUDE(?:PICTURE|TEXT)\b[^A-Za-z]*(\S+)", re.IGNORECASE)
# In which elements a field's command stands. In every encoding that the parser knows but UTF-16 their names
# are these bytes.
FIELDS: Final = (b"instrText", b"fldSimple")
NO_UTF_16: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[^\0]")
# What the list of parts calls text of Word, wherever it lies.
OF_WORD: Final = re.compile(r"wordprocessingml.*\+xml\s*$", re.IGNORECASE)
LIST_OF_PARTS: Final = "[Content_Types].xml"
# Files that a chart has in it: its figures, as a workbook of their own.
CHARTS: Final = (".xlsx", ".docx", ".pptx")

Start = Callable[[str, dict[str, str]], None]


def look_at_office(archive: zipfile.ZipFile) -> None:
    """Look through what an office file refers to, and through its fields.

    Raises:
        Dangerous: something in it acts by itself.
        TooMuchWork: there is more to look through than in any honest file.
        zipfile.BadZipFile, ValueError: a part cannot be read.
    """
    limit = WorkLimit()
    texts = _texts_of_word(archive, limit)
    for entry in archive.infolist():
        name = entry.filename.casefold()
        if name.endswith(".rels"):
            _parse(archive, entry, _relation, limit)
        elif (name.startswith("word/") and name.endswith(".xml")) or {name, name.rpartition(".")[2]} & texts:
            _look_at_fields(archive, entry, limit)
        elif "/externallinks/" in f"/{name}" and name.endswith(".xml"):
            _parse(archive, entry, _external_link, limit)
        elif "/activex/" in f"/{name}":
            raise Dangerous(ACTIVE_X)
        elif "/embeddings/" in f"/{name}" and not name.endswith(CHARTS):
            raise Dangerous(OLE)


def _texts_of_word(archive: zipfile.ZipFile, limit: WorkLimit) -> Set[str]:
    """Names of parts, and endings of such names, that the list of parts calls text of Word."""
    found: set[str] = set()

    def start(_: str, attributes: dict[str, str]) -> None:
        if OF_WORD.search(attributes.get("ContentType", "")):
            told = attributes.get("PartName") or attributes.get("Extension", "")
            found.add(unquote(told).lstrip("/").casefold())

    if LIST_OF_PARTS in archive.namelist():
        _parse(archive, archive.getinfo(LIST_OF_PARTS), start, limit)
    return found


def _relation(tag: str, attributes: dict[str, str]) -> None:
    if tag.rpartition(":")[2] != "Relationship":
        return
    kind = attributes.get("Type", "").rpartition("/")[2].casefold()
    target = attributes.get("Target", "")
    if kind in OF_ACTIVE_X:
        raise Dangerous(ACTIVE_X)
    if kind in OF_OLE:
        raise Dangerous(OLE)
    if kind not in LINKS and ELSEWHERE.match(target):
        raise Dangerous(REMOTE.format(target.strip()[:80]))


def _external_link(tag: str, _: dict[str, str]) -> None:
    name = tag.rpartition(":")[2]
    if name in ("ddeLink", "oleLink"):
        raise Dangerous(DDE)


def _look_at_fields(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: WorkLimit) -> None:
    """A field's command may stand in pieces: all of a part's are looked at as one text."""
    if not _may_have_fields(archive, entry, limit):
        _parse(archive, entry, None, limit)
        return
    pieces: list[str] = []
    inside = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        name = tag.rpartition(":")[2]
        if name == "fldSimple":
            pieces.extend(value for key, value in attributes.items() if key.rpartition(":")[2] == "instr")
        elif name == "fldChar":
            pieces.append("\n")
        inside = name == "instrText"

    def text(characters: str) -> None:
        if inside:
            pieces.append(characters)
            if len(pieces) > MAX_FIELDS:
                raise TooMuchWork

    _parse(archive, entry, start, limit, text)
    fields = "".join(pieces)
    if CALLS.search(fields):
        raise Dangerous(DDE)
    for loaded in LOADS.finditer(fields):
        if ELSEWHERE.match(loaded[1].strip('"“”')):
            raise Dangerous(REMOTE.format(loaded[1][:80]))


def _may_have_fields(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: WorkLimit) -> bool:
    """Whether a part names an element of FIELDS, or might in letters that are not these bytes.

    Most parts do not, and to be told of each of their elements takes a hundred times as long.
    """
    seen = b""
    with archive.open(entry) as part:
        while chunk := part.read(CHUNK):
            limit.check()
            if not seen and not NO_UTF_16.match(chunk):
                return True
            # A name may begin in the chunk before.
            seen = seen[-max(map(len, FIELDS)) :] + chunk
            if any(name in seen for name in FIELDS):
                return True
    return False


def _parse(
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    start: Start | None,
    limit: WorkLimit,
    text: Callable[[str], None] | None = None,
) -> None:
    parser = expat.ParserCreate()
    if start:
        parser.StartElementHandler = start
    if text:
        parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        with archive.open(entry) as part:
            while chunk := part.read(CHUNK):
                limit.check()
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
    except (expat.ExpatError, LookupError) as broken:
        # Also in letters of a kind that no text has.
        raise ValueError from broken


def _refuse(*_: object) -> None:
    raise Dangerous(DOCTYPE)
