"""The manual on paper: a sheet for the wall of each part, and the book of all of them."""

import hashlib
from collections.abc import Sequence
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from typing import Final

from django.conf import settings
from django.template.loader import render_to_string

from reports.help.contents import BOOK, ManualPart
from reports.help.pictures import file_of, path_of, pictures
from reports.renderers import Rendered
from reports.renderers.stored import look, stored

SOURCES: Final = (
    "reports/help/*",
    "reports/templatetags/manual.py",
    "static/manual/*",
    "templates/measures/status/*",
    "templates/reports/help/*",
)


def stored_pdf(name: str, parts: Sequence[ManualPart], site: str) -> Rendered:
    """A file of the manual, laid out once for all who ask.

    Args:
        name: BOOK, or the role whose part hangs on the wall.
        parts: what is in it.
        site: the address that is printed.

    Raises:
        RendererUnavailable: something is not installed that lays out paper.
    """
    return stored(content_key(name, site), partial(make_pdf, name, parts, site))


def content_key(name: str, site: str) -> str:
    """A text that is the same exactly as long as the file would be."""
    return hashlib.sha256(f"manual {name} {site} {_look()}".encode()).hexdigest()


def make_pdf(name: str, parts: Sequence[ManualPart], site: str) -> Rendered:
    """Lay out a file of the manual; as stored_pdf()."""
    from reports.renderers import pdf

    context = {"parts": parts, "site": site, "is_book": name == BOOK, "on_paper": True}
    html = render_to_string("reports/help/paper.html", context)
    files = {file_of(name): (_for_paper(path_of(name)), "image/png") for name in pictures()}
    layout = pdf.lay_out(html, files)
    return Rendered(layout.to_pdf(pdf.finish), pages=len(layout))


def _for_paper(picture: Path) -> bytes:
    """A picture with the same few colours as a PNG, which WeasyPrint takes as it is."""
    from PIL import Image

    file = BytesIO()
    with Image.open(picture) as opened:
        opened.convert("RGB").convert("P", palette=Image.Palette.ADAPTIVE, colors=256).save(file, "PNG")
    return file.getvalue()


@cache
def _look() -> str:
    """A hash of all that the files are made from."""
    digest = hashlib.sha256(look().encode())
    paths = {path for pattern in SOURCES for path in settings.BASE_DIR.glob(pattern) if path.is_file()}
    for path in sorted(paths):
        digest.update(path.read_bytes())
    return digest.hexdigest()
