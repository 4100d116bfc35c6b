"""Reports that were made already, by what is in them."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.cache import caches

from reports.document import ReportDocument
from reports.renderers import Format, Rendered
from reports.serialization import to_json

# What the look of a report depends on besides its facts.
SOURCES: Final = (
    "reports/printable.py",
    "reports/renderers/*.py",
    "reports/thai_pdf/*.py",
    "static/paper.css",
    "templates/reports/*paper*.html",
)
LIBRARIES: Final = ("weasyprint", "fontpkg-sarabun", "python-docx", "openpyxl")
KEPT_FOR: Final = 7 * 24 * 60 * 60


def content_key(document: ReportDocument, report_format: Format) -> str:
    """A text that is the same exactly as long as the file would be: a hash of the facts and of the look."""
    digest = hashlib.sha256(to_json(document))
    digest.update(f"{report_format.name} {look()}".encode())
    return digest.hexdigest()


def stored_rendering(key: str, document: ReportDocument, report_format: Format) -> Rendered:
    """The file of a document, from the store where it is there, else made and stored.

    Args:
        key: content_key() of the document and the format.

    Raises:
        RendererUnavailable: it has to be made and something is not installed; nothing is stored then.
    """
    store = caches["reports"]
    rendered: Rendered | None = store.get(key)
    if rendered is None:
        rendered = report_format.render(document)
        store.set(key, rendered, KEPT_FOR)
    return rendered


@cache
def look() -> str:
    """A hash of the program that makes reports: a new version never serves an old one's layout."""
    digest = hashlib.sha256(" ".join(f"{name} {version(name)}" for name in LIBRARIES).encode())
    root: Path = settings.BASE_DIR
    for path in sorted(path for pattern in SOURCES for path in root.glob(pattern)):
        digest.update(path.read_bytes())
    return digest.hexdigest()
