"""Reports that were made already, by what is in them.

The store is a help and never a condition: what cannot be read, is not whole or is not what was stored is made
again, and what cannot be stored is handed out all the same.
"""

import hashlib
import json
import logging
from collections.abc import Callable
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.cache import caches

from core.single_flight import SingleFlight, one_process_at_a_time
from reports.document.facts import ReportDocument
from reports.document.figures import NO_PICTURES, Pictures
from reports.document.serialization import to_json
from reports.renderers import Format, Rendered

# What the look of a report depends on besides its facts.
SOURCES: Final = (
    "core/text.py",
    "core/excel_cells.py",
    "measures/evidence/printing.py",
    "reports/document/*.py",
    "reports/renderers/**/*.py",
    "reports/rounds/pictures.py",
    "reports/templatetags/paper.py",
    "reports/thai_pdf/*.py",
    "reports/thai_pdf/words/*.txt",
    "static/css/paper.css",
    "static/css/paper_fonts.css",
    "templates/reports/paper/*.html",
)
LIBRARIES: Final = ("weasyprint", "fontpkg-sarabun", "python-docx", "openpyxl", "pillow")
KEPT_FOR: Final = 7 * 24 * 60 * 60
# Part of each entry's hash: an entry of another layout is none.
LAYOUT: Final = b"ita-tracker/stored-report/1"
HASH_LENGTH: Final = hashlib.sha256().digest_size

logger = logging.getLogger(__name__)
_under_way: Final = SingleFlight[Rendered]()


def content_key(document: ReportDocument, report_format: Format) -> str:
    """A text that is the same exactly as long as the file would be: a hash of the facts and of the look."""
    digest = hashlib.sha256(to_json(document))
    digest.update(f"{report_format.name} {look()}".encode())
    return digest.hexdigest()


def stored_before(key: str) -> Rendered | None:
    """What is stored under a key; None where it has to be made."""
    return _read(key)


def stored_rendering(
    key: str,
    document: ReportDocument,
    report_format: Format,
    pictures_for: Callable[[ReportDocument], Pictures] | None = None,
) -> Rendered:
    """The file of a document, from the store where it is there, else made and stored.

    Of all who ask at the same moment, also of other workers, one makes it.

    Args:
        key: content_key() of the document and the format.
        pictures_for: asked for the pictures of the document where it has to be made.

    Raises:
        RendererUnavailable: it has to be made and something is not installed; nothing is stored then.
    """

    def make() -> Rendered:
        wanted = pictures_for if report_format.has_pictures else None
        return report_format.render(document, wanted(document) if wanted else NO_PICTURES)

    return stored(key, make)


def stored(key: str, make: Callable[[], Rendered]) -> Rendered:
    """What is stored under a key, else what make() makes, which is stored then; as stored_rendering()."""
    return _read(key) or _under_way.once(key, partial(_make, key, make))


def _make(key: str, make: Callable[[], Rendered]) -> Rendered:
    with one_process_at_a_time(settings.CACHE_DIR / "locks", key):
        # Whoever was waited for has stored it.
        if stored := _read(key):
            return stored
        rendered = make()
        _write(key, rendered)
        return rendered


@cache
def look() -> str:
    """A hash of the program that makes reports: a new version never serves an old one's layout."""
    digest = hashlib.sha256(" ".join(f"{name} {version(name)}" for name in LIBRARIES).encode())
    root: Path = settings.BASE_DIR
    for path in sorted(path for pattern in SOURCES for path in root.glob(pattern)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


# --- The store --------------------------------------------------------------------------------------


def _read(key: str) -> Rendered | None:
    """What is stored under a key; None where nothing is, or nothing that can be trusted."""
    try:
        entry = caches["reports"].get(key)
    except Exception as error:  # A damaged pickle can raise anything.
        logger.warning(
            "A stored report cannot be read and is made again: %s: %s", type(error).__name__, error
        )
        return None
    if entry is None:
        return None
    rendered = _unpacked(key, entry)
    if rendered is None:
        logger.warning("A stored report is damaged and is made again: %s", key)
    return rendered


def _write(key: str, rendered: Rendered) -> None:
    try:
        caches["reports"].set(key, _packed(key, rendered), KEPT_FOR)
    except Exception as error:  # The disk may be full, the folder another's, the cache any of Django's.
        logger.warning(
            "A report cannot be stored and will be made again: %s: %s", type(error).__name__, error
        )


def _packed(key: str, rendered: Rendered) -> bytes:
    """A hash; the length of what is told about the file, in four bytes; what is told; the file."""
    told = json.dumps([rendered.pages, rendered.notes]).encode()
    body = len(told).to_bytes(4, "big") + told + rendered.content
    return _hash(key, body) + body


def _unpacked(key: str, entry: object) -> Rendered | None:
    if not isinstance(entry, bytes) or entry[:HASH_LENGTH] != _hash(key, entry[HASH_LENGTH:]):
        return None
    start = HASH_LENGTH + 4
    end = start + int.from_bytes(entry[HASH_LENGTH:start], "big")
    pages, notes = json.loads(entry[start:end])
    return Rendered(entry[end:], pages, tuple(notes))


def _hash(key: str, body: bytes) -> bytes:
    """Of what is stored and of what it is stored under: nobody gets another's report."""
    return hashlib.sha256(b"\0".join((LAYOUT, key.encode(), body))).digest()
