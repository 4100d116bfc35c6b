"""The programs that are measured: the project's own renderer and what one would pick in its place.

A new one is a context manager that starts it, gives a function from a paper to a PDF, and stops it; it
raises NotInstalled where the machine does not have it.
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from tests.bench.papers import Paper, original_fonts

if TYPE_CHECKING:
    from reports.document.facts import ReportDocument

Make = Callable[[Paper], bytes]
Start = Callable[[], AbstractContextManager[Make]]

CHROMIUM: Final = "chromium"
LIBREOFFICE: Final = "soffice"
CHROMIUM_ARGUMENTS: Final = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What the programs are told of the machine: that it has the paper's fonts and no other, and draws them with
# the little hinting that most systems do. LibreOffice, which does not read a page's own fonts, gets them in
# this way alone.
FONTCONFIG: Final = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <match target="pattern"><edit name="hintstyle" mode="append"><const>hintslight</const></edit></match>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""


class NotInstalled(Exception):
    """The machine does not have the program; the message names it."""


@contextmanager
def ours() -> Iterator[Make]:
    """What a download runs, with the making of the HTML, which the others get for nothing."""
    from reports.renderers import pdf

    yield lambda paper: pdf.make(paper.document).content


@contextmanager
def ours_with_the_original_font() -> Iterator[Make]:
    """The same without what the project does for Thai: no font of clusters and no texts of its own."""
    from django.conf import settings

    from reports.renderers import pdf
    from reports.renderers.archive import finish_for_archive
    from reports.renderers.weasy import BundledFiles, Layout

    files = {f"sarabun/{name}": (font, "font/ttf") for name, font in original_fonts().items()}

    def make(paper: Paper) -> bytes:
        styles = {
            name: ((settings.BASE_DIR / "static" / name).read_bytes(), "text/css") for name in pdf.STYLESHEETS
        }
        layout = Layout(pdf.paper_html(paper.document), BundledFiles(files | styles))
        return layout.to_pdf(lambda _, written: finish_for_archive(written), pdf.data_files(paper.document))

    yield make


@contextmanager
def plain_weasyprint() -> Iterator[Make]:
    """WeasyPrint as it comes, reading the same stylesheet and fonts from the folder."""
    from weasyprint import HTML

    from reports.renderers import faster

    def make(paper: Paper) -> bytes:
        put_back = faster.take_away()
        content: bytes = HTML(string=paper.html, base_url=paper.page.as_uri()).write_pdf()
        put_back()
        return content

    yield make


def only_fonts_of(folder: Path, at: Path) -> dict[str, str]:
    """The environment of a program for which the fonts in a folder are all that the machine has.

    Args:
        folder: with the fonts.
        at: a folder for what fontconfig is told and keeps.
    """
    file = at / "fonts.conf"
    text = FONTCONFIG.format(fonts=escape(str(folder)), cache=escape(str(at / "fontconfig")))
    file.write_text(text, encoding="utf-8")
    return {**os.environ, "FONTCONFIG_FILE": str(file)}


@contextmanager
def chromium() -> Iterator[Make]:
    """Chromium, already running: opening the page, which brings its fonts, and printing it."""
    program = shutil.which(CHROMIUM)
    if program is None:
        raise NotInstalled(CHROMIUM)
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory(prefix="ita-bench-") as name, sync_playwright() as playwright:
        folder = Path(name)
        # On a machine without any font Chromium refuses those of a page, too.
        fonts = folder / "fonts"
        fonts.mkdir()
        for file, font in original_fonts().items():
            (fonts / file).write_bytes(font)
        browser = playwright.chromium.launch(
            executable_path=program,
            args=CHROMIUM_ARGUMENTS,
            env={**only_fonts_of(fonts, folder)},
        )
        page = browser.new_page()

        def make(paper: Paper) -> bytes:
            page.goto(paper.page.as_uri())
            page.evaluate("document.fonts.ready.then(() => true)")
            return page.pdf(prefer_css_page_size=True, print_background=True)

        yield make
        browser.close()


@contextmanager
def libreoffice() -> Iterator[Make]:
    """LibreOffice, started for each page with a profile and fonts of its own: it has no lasting server."""
    program = shutil.which(LIBREOFFICE)
    if program is None:
        raise NotInstalled(LIBREOFFICE)
    with tempfile.TemporaryDirectory(prefix="ita-bench-") as name:
        folder = Path(name)

        def make(paper: Paper) -> bytes:
            command = [
                program,
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                "--headless",
                "--convert-to",
                "pdf:writer_web_pdf_Export",
                "--outdir",
                str(folder),
                str(paper.page),
            ]
            environment = only_fonts_of(paper.folder / "sarabun", folder)
            subprocess.run(command, env=environment, capture_output=True, check=True, timeout=300)
            return (folder / paper.page.name).with_suffix(".pdf").read_bytes()

        yield make


@contextmanager
def typst() -> Iterator[Make]:
    """Typst with the fonts of clusters: the table alone, tagged, PDF/A-3a: a limit to look at."""
    try:
        import typst as program
    except ImportError as error:
        raise NotInstalled("typst") from error
    from reports.renderers.pdf import paper_fonts

    with tempfile.TemporaryDirectory(prefix="ita-bench-") as name:
        folder = Path(name)
        for file, font in paper_fonts().items():
            (folder / f"{file}.ttf").write_bytes(font.data)

        def make(paper: Paper) -> bytes:
            page = folder / "paper.typ"
            page.write_text(typst_source(paper.document), encoding="utf-8")
            content: bytes = program.compile(
                str(page), font_paths=[name], ignore_system_fonts=True, pdf_standards="a-3a"
            )
            return content

        yield make


TYPST: Final = """#set document(title: {title})
#set page(paper: "a4", flipped: true, margin: (left: 25mm, rest: 20mm), numbering: "1")
#set text(font: "ITA Tracker Thai", size: 11pt, lang: "th")
#set par(leading: 0.6em)
= #{title}
#table(columns: (42mm, 76mm, 36mm, 28mm, 70mm), inset: 1.8mm,
table.header({heads}),
{rows})
"""


def typst_source(document: "ReportDocument") -> str:
    """The table of measures as a page of Typst."""
    rows = []
    for section in document.sections:
        rows.append(f"table.cell(colspan: 5, {_quoted(f'ตัวชี้วัดที่ {section.number} {section.name}')}),")
        for row in section.measures:
            steps = "\n".join(f"{step.label} {step.text}" for step in row.steps)
            result = "\n".join(filter(None, (row.status_label, row.result, row.obstacle, row.reason)))
            cells = (row.title, steps, "\n".join(row.parties), row.due_text, result)
            rows.append(", ".join(map(_quoted, cells)) + ",")
    heads = ("มาตรการ", "ขั้นตอน/วิธีการปฏิบัติ", "ผู้รับผิดชอบ", "กำหนดแล้วเสร็จ", "ผลการดำเนินงาน")
    title = _quoted(" ".join(document.title_lines))
    return TYPST.format(title=title, heads=", ".join(map(_quoted, heads)), rows="\n".join(rows))


def _quoted(text: str) -> str:
    """A text of Typst's."""
    return json.dumps(text, ensure_ascii=False)


OURS: Final = "ITA Tracker"
WITHOUT_CLUSTERS: Final = "ITA Tracker, original font"
BASELINE: Final = "WeasyPrint, plain"
TYPST_NAME: Final = "Typst, the table alone"
# What runs in this process, so that the seconds of its processor are known.
IN_PROCESS: Final = (OURS, WITHOUT_CLUSTERS, BASELINE, TYPST_NAME)
PEERS: Final[dict[str, Start]] = {
    OURS: ours,
    WITHOUT_CLUSTERS: ours_with_the_original_font,
    BASELINE: plain_weasyprint,
    TYPST_NAME: typst,
    "Chromium, running": chromium,
    "LibreOffice, started": libreoffice,
}
