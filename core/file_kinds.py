"""What a file is, by how its content begins; never by its name."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final


@dataclass(frozen=True)
class Kind:
    """A type of file that is stored: its media type, the ending of its name, its name for people."""

    content_type: str
    ending: str
    label: str


PDF: Final = Kind("application/pdf", "pdf", "PDF")
JPEG: Final = Kind("image/jpeg", "jpg", "ภาพ JPEG")
PNG: Final = Kind("image/png", "png", "ภาพ PNG")
WEBP: Final = Kind("image/webp", "webp", "ภาพ WebP")
DOCX: Final = Kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", "Word")
XLSX: Final = Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", "Excel")
PICTURE_KINDS: Final = (JPEG, PNG, WEBP)
KINDS: Final = (PDF, JPEG, PNG, WEBP, DOCX, XLSX)
CONTENT_TYPES: Final = tuple(kind.content_type for kind in KINDS)
BY_TYPE: Final = {kind.content_type: kind for kind in KINDS}

MB: Final = 1024 * 1024


class Content(Enum):
    """What the first bytes of a file say that it is."""

    PDF = auto()
    JPEG = auto()
    PNG = auto()
    WEBP = auto()
    HEIC = auto()
    ZIP = auto()
    OLD_OFFICE = auto()
    """Word and Excel before 2007, and newer ones with a password."""
    RTF = auto()
    WEB_PAGE = auto()
    """HTML, or XML of any kind."""
    PROGRAM = auto()
    UNKNOWN = auto()
    """Anything else, plain text too."""


_BEGINNINGS: Final = (
    (b"%PDF-", Content.PDF),
    (b"\xff\xd8\xff", Content.JPEG),
    (b"\x89PNG\r\n\x1a\n", Content.PNG),
    (b"PK\x03\x04", Content.ZIP),
    (b"PK\x05\x06", Content.ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Content.OLD_OFFICE),
    (b"{\\rtf", Content.RTF),
    # Windows, Linux, macOS (three ways), Java, scripts, Windows' shortcuts.
    (b"MZ", Content.PROGRAM),
    (b"\x7fELF", Content.PROGRAM),
    (b"\xfe\xed\xfa", Content.PROGRAM),
    (b"\xcf\xfa\xed\xfe", Content.PROGRAM),
    (b"\xce\xfa\xed\xfe", Content.PROGRAM),
    (b"\xca\xfe\xba\xbe", Content.PROGRAM),
    (b"#!", Content.PROGRAM),
    (b"L\0\0\0\x01\x14\x02\0", Content.PROGRAM),
)
_HEIC_BRANDS: Final = (b"heic", b"heix", b"mif1", b"msf1", b"hevc", b"avif")
_WEB_PAGES: Final = (b"<!doctype", b"<html", b"<?xml", b"<table")


def content_of(data: bytes) -> Content:
    """What a file is; whether the rest of it is whole is another question."""
    for beginning, content in _BEGINNINGS:
        if data.startswith(beginning):
            return content
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return Content.WEBP
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return Content.HEIC
    text = data[:1024].lstrip(b"\xef\xbb\xbf \r\n\t")
    if text.startswith(b"%PDF"):
        return Content.PDF
    if text.startswith(b"{\\rtf"):
        return Content.RTF
    return Content.WEB_PAGE if text.lower().startswith(_WEB_PAGES) else Content.UNKNOWN


def size_text(size: int) -> str:
    """A size as people read it: 350 KB, 2.4 MB."""
    if size < MB:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / MB:.1f} MB".replace(".0 MB", " MB")
