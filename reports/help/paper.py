"""The manual on paper: a sheet for the wall of each part, and the book of all of them."""

import hashlib
from collections.abc import Sequence
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.template.loader import render_to_string

from reports.help.contents import BOOK, ManualPart
from reports.help.pictures import file_of, path_of, pictures
from reports.renderers import Rendered
from reports.renderers.stored import look, stored

if TYPE_CHECKING:
    from reports.renderers.weasy import Layout

SOURCES: Final = (
    "reports/help/*",
    "reports/templatetags/manual.py",
    "static/manual/*",
    "templates/measures/status/*",
    "templates/parts/shape.html",
    "templates/reports/help/*",
)
# Classes of paper.css.
LETTERS: Final = ("largest", "large", "fair", "small", "smaller", "smallest")


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
    """Lay out a file of the manual; as stored_pdf(). What hangs on the wall has letters as large as fit."""
    from reports.renderers import pdf

    is_book = name == BOOK
    files = {file_of(of): (_for_paper(path_of(of)), "image/png") for of in pictures()} if is_book else {}
    context = {"parts": parts, "site": site, "is_book": is_book, "is_wall": not is_book, "on_paper": True}

    def laid_out(letters: str) -> "Layout":
        html = render_to_string("reports/help/paper.html", {**context, "letters": letters})
        return pdf.lay_out(html, files)

    layout = laid_out(LETTERS[0])
    for letters in LETTERS[1:]:
        if is_book or len(layout) == 1:
            break
        layout = laid_out(letters)
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
