"""The report as PDF: the paper's template, laid out by WeasyPrint.

Importing this module takes about a second, because WeasyPrint comes with it; ita_tracker.wsgi imports it
when a worker starts, so that no request pays for it.
"""

import re
from base64 import b64decode
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, time
from functools import cache
from importlib import import_module
from typing import Any, Final

import fontpkg_sarabun
from django.conf import settings
from django.template.loader import render_to_string

from reports.document.facts import ReportDocument
from reports.document.figures import NO_PICTURES, Pictures, figures
from reports.document.printable import with_stand_ins
from reports.renderers import Rendered, RendererUnavailable, csv, json
from reports.renderers.archive import finish_for_archive
from reports.thai_pdf import ClusterFont, ToUnicodeFinisher, made_font
from reports.thai_pdf.kept import keeping

try:
    from reports.renderers.unbroken import use_words
    from reports.renderers.weasy import AttachedFile, BundledFiles, Layout
except OSError as error:
    # WeasyPrint loads Pango when it is imported. The site works without it; only this format does not.
    PANGO_ERROR: str | None = str(error)
else:
    PANGO_ERROR = None
    use_words(settings.CACHE_DIR)

PACKAGES: Final = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
STYLESHEETS: Final = ("css/paper_fonts.css", "css/paper.css", "css/summary.css")

# Where fonts that were made are kept.
FOLDER: Final = settings.CACHE_DIR
# The family of the fonts that are made from Sarabun, in the file and in the stylesheets: no machine has it.
FAMILY: Final = "ITA Tracker Thai"
# As the PDF names them.
REGULAR, BOLD = "ITA-Tracker-Thai", "ITA-Tracker-Thai-Bold"
# As the font package names what they are made from.
FONTS: Final = {REGULAR: "Sarabun-Regular.ttf", BOLD: "Sarabun-Bold.ttf"}

INDENT: Final = re.compile(r"(?<=>)\s*\n\s*(?=<)")


def paper_html(document: ReportDocument, pictures: Pictures = NO_PICTURES) -> str:
    """The page that is laid out: the same partial and stylesheet as the preview on screen."""
    html = render_to_string("reports/paper/page.html", {"document": document, "pictures": pictures})
    # A third of the page is the indent of its tags, which takes as long to be read as text.
    return INDENT.sub("\n", html)


@cache
def paper_fonts() -> dict[str, ClusterFont]:
    """The paper's typefaces with a glyph for every Thai cluster; made in about a second, once a machine.

    Raises:
        RendererUnavailable: the font package is missing or lacks a file.
    """
    folder = fontpkg_sarabun.ROOT / "files"
    try:
        return {name: made_font(FOLDER, (folder / file).read_bytes(), FAMILY) for name, file in FONTS.items()}
    except FileNotFoundError as error:
        raise RendererUnavailable("ไม่พบแบบอักษร Sarabun: ติดตั้งด้วย pip install fontpkg-sarabun") from error


def warm_up() -> None:
    """Make now what the first report would have to wait for; what is missing is said when it is asked for."""
    # A report with pictures imports it when it has some.
    import_module("measures.evidence.printing")
    empty = ReportDocument("ก", "ก", "", 2566, 6, date(2023, 3, 31), statuses=(), indicators=())
    with suppress(RendererUnavailable):
        make(empty)


def lay_out(html: str, others: Mapping[str, tuple[bytes, str]] | None = None) -> "Layout":
    """Lay out HTML on A4 pages.

    Args:
        html: what is laid out; the paper's stylesheet and fonts are there for it.
        others: files that it names besides, by path, each with its content type.

    Raises:
        RendererUnavailable: Pango or the font package is missing; the message says what to install.
    """
    if PANGO_ERROR is not None:
        raise RendererUnavailable(f"ไม่พบ Pango ซึ่งใช้ทำ PDF: ติดตั้งด้วย apt-get install {PACKAGES}")
    files = {f"sarabun/{FONTS[name]}": (font.data, "font/ttf") for name, font in paper_fonts().items()}
    for name in STYLESHEETS:
        files[name] = ((settings.BASE_DIR / "static" / name).read_bytes(), "text/css")
    with keeping():
        return Layout(html, BundledFiles(files | dict(others or {})))


def make(document: ReportDocument, pictures: Pictures = NO_PICTURES) -> Rendered:
    """Render a report document.

    Raises:
        RendererUnavailable: as lay_out().
    """
    drawable, notes = with_stand_ins(document, paper_fonts()[REGULAR].characters)
    others = {"seal.png": (b64decode(document.seal), "image/png")} if document.seal else {}
    for figure in figures(drawable, pictures):
        others[figure.file] = (pictures[figure.line.number], "image/jpeg")
    with keeping(names_in(drawable)):
        layout = lay_out(paper_html(drawable, pictures), others)
    content = layout.to_pdf(finish, data_files(document))
    return Rendered(content, pages=len(layout), notes=notes)


def names_in(document: ReportDocument) -> set[str]:
    """The names of offices and posts in a report."""
    posts = {document.reporter.post, document.approver.post}
    parties = {party for measure in document.measures for party in measure.parties}
    return {document.agency, document.agency_short} | posts | parties


def finish(laid_out: Any, pdf: Any) -> None:
    """The last touch before the file is written: what each glyph says, and what an archive asks for."""
    ToUnicodeFinisher(paper_fonts())(laid_out, pdf)
    identifier = laid_out.metadata.custom.get("dcterms.identifier", "")
    finish_for_archive(pdf, identifier)


def data_files(document: ReportDocument) -> list["AttachedFile"]:
    """The report's facts for programs, dated as the report is: the same document gives the same file."""
    made = datetime.combine(document.as_of, time())
    return [
        AttachedFile("report.json", "ข้อมูลของรายงาน (JSON)", json.make(document).content, made),
        AttachedFile("report.csv", "ข้อมูลของรายงาน (CSV)", csv.make(document).content, made),
    ]
