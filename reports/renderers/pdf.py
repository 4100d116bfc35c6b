"""The report as PDF: the paper's template, laid out by WeasyPrint.

Importing this module takes about a second, because WeasyPrint comes with it; ita_tracker.wsgi imports it
when a worker starts, so that no request pays for it.
"""

from pathlib import Path
from typing import Final

import fontpkg_sarabun
from django.conf import settings
from django.template.loader import render_to_string

from reports.document import ReportDocument
from reports.renderers import Rendered, RendererUnavailable

try:
    from reports.renderers.weasy import BundledFiles, Layout
except OSError as error:
    # WeasyPrint loads Pango when it is imported. The site works without it; only this format does not.
    PANGO_ERROR: str | None = str(error)
else:
    PANGO_ERROR = None

PACKAGES: Final = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
FONT_FILES: Final = ("Sarabun-Regular.ttf", "Sarabun-Bold.ttf")


def paper_html(document: ReportDocument) -> str:
    """The page that is laid out: the same partial and stylesheet as the preview on screen."""
    return render_to_string("reports/paper.html", {"document": document})


def lay_out(html: str) -> "Layout":
    """Lay out the paper's HTML on A4 pages.

    Raises:
        RendererUnavailable: Pango or the font package is missing; the message says what to install.
    """
    if PANGO_ERROR is not None:
        raise RendererUnavailable(f"ไม่พบ Pango ซึ่งใช้ทำ PDF: ติดตั้งด้วย apt-get install {PACKAGES}")
    fonts = {f"sarabun/{name}": fontpkg_sarabun.ROOT / "files" / name for name in FONT_FILES}
    if not all(path.is_file() for path in fonts.values()):
        raise RendererUnavailable("ไม่พบแบบอักษร Sarabun: ติดตั้งด้วย pip install fontpkg-sarabun")
    files: dict[str, tuple[Path, str]] = {path: (file, "font/ttf") for path, file in fonts.items()}
    files["paper.css"] = (settings.BASE_DIR / "static" / "paper.css", "text/css")
    return Layout(html, BundledFiles(files))


def make(document: ReportDocument) -> Rendered:
    """Render a report document.

    Raises:
        RendererUnavailable: as lay_out().
    """
    layout = lay_out(paper_html(document))
    return Rendered(layout.to_pdf(), pages=len(layout))
