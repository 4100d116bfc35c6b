"""PDF.js in Chromium: what Firefox, and every viewer that is built on it, finds in a PDF.

The version that is installed (.ci/npm/package.json) is the last one that takes every glyph whose text holds a
combining mark for one without width (mozilla/pdf.js issue 21890): what it finds, later ones find too.
"""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.browser import chromium

FILES: Final = Path(__file__).resolve().parents[2] / ".cache/npm/node_modules/pdfjs-dist"
# Nothing is there but what is handed out below: .invalid is reserved (RFC 2606).
ADDRESS: Final = "https://pdfjs.invalid"
# The viewer's own find, without its window. It says how many there are when it has been through all pages.
SCRIPT: Final = """
async (encoded) => {
    globalThis.pdfjsLib = await import("/build/pdf.mjs");
    pdfjsLib.GlobalWorkerOptions.workerSrc = "/build/pdf.worker.mjs";
    const { EventBus, PDFFindController } = await import("/web/pdf_viewer.mjs");
    const data = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
    const opened = await pdfjsLib.getDocument({ data, cMapUrl: "/cmaps/" }).promise;
    const eventBus = new EventBus();
    const linkService = { pagesCount: opened.numPages, page: 1 };
    const controller = new PDFFindController({ eventBus, linkService, updateMatchesCountOnProgress: false });
    controller.setDocument(opened);
    globalThis.countOf = (query) => new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error(`no answer for ${query}`)), 60000);
        const counted = ({ matchesCount }) => resolve(matchesCount.total);
        eventBus.on("updatefindmatchescount", counted, { once: true });
        eventBus.dispatch("find", {
            type: "again", query, caseSensitive: true, entireWord: false, highlightAll: false,
            findPrevious: false, matchDiacritics: true,
        });
    });
    globalThis.textOf = async () => {
        const pages = [];
        for (let number = 1; number <= opened.numPages; number++) {
            const { items } = await (await opened.getPage(number)).getTextContent();
            pages.push(items.map(({ str, hasEOL }) => str + (hasEOL ? "\\n" : "")).join(""));
        }
        return pages.join("\\n");
    };
    // What a screen reader goes through in the viewer: of each page the kinds around each text, and the text.
    globalThis.readAloud = async () => {
        const pages = [];
        for (let number = 1; number <= opened.numPages; number++) {
            const page = await opened.getPage(number);
            const { items } = await page.getTextContent({ includeMarkedContent: true });
            const texts = new Map();
            const open = [];
            for (const { type, id, str, hasEOL } of items) {
                if (type === "endMarkedContent") open.pop();
                else if (type) open.push(id);
                else if (open.at(-1)) {
                    texts.set(open.at(-1), (texts.get(open.at(-1)) ?? "") + str + (hasEOL ? "\\n" : ""));
                }
            }
            const said = [];
            const visit = (node, around) => {
                if (node.type === "content") said.push([around.join(" "), texts.get(node.id) ?? ""]);
                else if (node.alt) said.push([[...around, node.role].join(" "), node.alt]);
                else for (const kid of node.children ?? []) visit(kid, [...around, node.role]);
            };
            visit(await page.getStructTree(), []);
            pages.push(said);
        }
        return pages;
    };
}
"""
COUNTS: Final = """async (words) => {
    const counts = [];
    for (const word of words) counts.push(await countOf(word));
    return counts;
}"""


class PdfJs:
    """The reader, in a page of a browser."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._opened = b""

    def text(self, content: bytes) -> str:
        """The text of a PDF, page by page."""
        self._open(content)
        return str(self._page.evaluate("textOf()"))

    def counts(self, content: bytes, words: Sequence[str]) -> list[int]:
        """How often its find box finds each of some distinct words, with their case and marks as they are."""
        self._open(content)
        found: list[int] = self._page.evaluate(COUNTS, list(words))
        return found

    def read_aloud(self, content: bytes) -> list[list[tuple[str, str]]]:
        """Of each page what a screen reader reads of it in order: the kinds around a text, and the text."""
        self._open(content)
        pages: list[list[list[str]]] = self._page.evaluate("readAloud()")
        return [[(around, text) for around, text in page] for page in pages]

    def _open(self, content: bytes) -> None:
        if content != self._opened:
            self._page.goto(f"{ADDRESS}/")
            self._page.evaluate(SCRIPT, b64encode(content).decode())
            self._opened = content


@contextmanager
def running() -> Iterator[PdfJs]:
    """Start it.

    Raises:
        FileNotFoundError: Chromium or PDF.js is not installed; the message says how to.
    """
    program = chromium.lighter()
    if program is None or not FILES.is_dir():
        raise FileNotFoundError(
            "chromium or pdf.js was not found: .ci/bootstrap test installs them where npm is"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=chromium.ARGUMENTS)
        with reader_in(browser) as reader:
            yield reader
        browser.close()


@contextmanager
def reader_in(browser: Browser) -> Iterator[PdfJs]:
    """The reader, in a page of a browser that runs already."""
    with browser.new_context() as context:
        page = context.new_page()
        page.route("**/*", hand_out)
        yield PdfJs(page)


def hand_out(route: Route) -> None:
    """Answer with a file of the package, or with an empty page."""
    path = urlsplit(route.request.url).path.lstrip("/")
    if path:
        route.fulfill(path=FILES / path)
    else:
        route.fulfill(body="<!doctype html><title>PDF.js</title>", content_type="text/html")
