"""The programs that are measured: the project's own renderer and what one would pick in its place.

A new one is a context manager that starts it, gives a function from a paper to a PDF, and stops it; it
raises NotInstalled where the machine does not have it.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final

from tests.bench.papers import Paper

Make = Callable[[Paper], bytes]
Start = Callable[[], AbstractContextManager[Make]]

CHROMIUM: Final = "chromium"
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


class NotInstalled(Exception):
    """The machine does not have the program; the message names it."""


@contextmanager
def ours() -> Iterator[Make]:
    """What a download runs, with the making of the HTML, which the others get for nothing."""
    from reports.renderers import pdf

    yield lambda paper: pdf.make(paper.document).content


@contextmanager
def plain_weasyprint() -> Iterator[Make]:
    """WeasyPrint as it comes, reading the same stylesheet and fonts from the folder."""
    from weasyprint import HTML

    def make(paper: Paper) -> bytes:
        content: bytes = HTML(string=paper.html, base_url=paper.page.as_uri()).write_pdf()
        return content

    yield make


@contextmanager
def chromium() -> Iterator[Make]:
    """Chromium, already running: opening the page and printing it."""
    program = shutil.which(CHROMIUM)
    if program is None:
        raise NotInstalled(CHROMIUM)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_ARGUMENTS)
        page = browser.new_page()

        def make(paper: Paper) -> bytes:
            page.goto(paper.page.as_uri())
            page.evaluate("document.fonts.ready.then(() => true)")
            return page.pdf(prefer_css_page_size=True, print_background=True)

        yield make
        browser.close()


OURS: Final = "ITA Tracker"
BASELINE: Final = "WeasyPrint, plain"
PEERS: Final[dict[str, Start]] = {
    OURS: ours,
    BASELINE: plain_weasyprint,
    "Chromium, running": chromium,
}
