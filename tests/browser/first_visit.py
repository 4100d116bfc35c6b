"""Pages opened as by somebody who was never here: what they weigh, how they move while their parts come."""

from base64 import b64encode
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from playwright.sync_api import Browser, BrowserContext, Page, Response

from tests.served import ServedVisit, Site

SESSION: Final = "sessionid"
TOKEN: Final = "x" * 32
FOREVER: Final = "immutable"
# Long, because a shared machine may be busy; what comes at once is not waited for.
PATIENCE_MS: Final = 180_000

# What a phone at the edge of a village has: 1.6 Mbit/s, as in the goals for the largest paint.
SLOW: Final = {
    "offline": False,
    "latency": 60,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 0.75e6 / 8,
}
# What no first picture of a page waits for: letters, pictures, and modules, the only scripts there are.
LATE: Final = frozenset({"Font", "Image", "Script"})
FIRST_PICTURE: Final = """() => new Promise((done) => {
  new PerformanceObserver((list) => {
    if (list.getEntriesByName("first-contentful-paint").length) done();
  }).observe({type: "paint", buffered: true});
})"""
# With the letters that came.
DRAWN: Final = "document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(done)))"
# Before any script of the page: what moves without a person having asked for it, and the largest paint.
WATCH: Final = """() => {
  window.measured = {shift: 0, moved: [], paint: 0};
  const name = (node) => {
    const element = node && (node.nodeType === 1 ? node : node.parentElement);
    return element ? `${element.tagName.toLowerCase()}.${element.className}` : "?";
  };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      window.measured.shift += entry.value;
      for (const source of entry.sources) window.measured.moved.push(name(source.node));
    }
  }).observe({type: "layout-shift", buffered: true});
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.measured.paint = entry.startTime;
  }).observe({type: "largest-contentful-paint", buffered: true});
}"""


@dataclass
class Weight:
    """What came over the line for one page."""

    requests: int = 0
    bytes: int = 0
    """With the heads of the answers."""
    later: int = 0
    """Of them those of a later visit: what the browser does not keep for good."""
    longest_chain: int = 0
    """How many requests had to wait for another, the longest way: a font that a stylesheet names is 2."""
    largest: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Movement:
    """How much of what is shown moved while the page loaded, what moved, when the largest part was there."""

    shift: float
    moved: tuple[str, ...]
    paint: float
    """In milliseconds."""


class Line:
    """Counts what comes over the line of a page.

    Without a speed what is LATE is kept back until the words of a page are shown, as a slow line does, in no
    time; and the browser keeps on its disk what it may, which counts as when it first came.
    """

    def __init__(self, page: Page, speed: Mapping[str, Any] | None, slower: int = 1) -> None:
        self._page = page
        self._is_slow = speed is not None
        self._addresses: dict[str, str] = {}
        self._sizes: dict[str, int] = {}
        self._documents: set[str] = set()
        self._held: list[str] | None = None
        self._form: str | None = None
        self.cookies_came = True
        self._begin()
        self._cdp = page.context.new_cdp_session(page)
        self._cdp.on("Network.requestWillBeSent", self._asked)
        self._cdp.on("Network.responseReceived", self._answered)
        self._cdp.on("Network.responseReceivedExtraInfo", self._told)
        self._cdp.on("Network.loadingFinished", self._came)
        self._cdp.on("Fetch.requestPaused", self._paused)
        self._cdp.send("Network.enable")
        if speed:
            self._cdp.send("Network.emulateNetworkConditions", dict(speed))
            self._cdp.send("Emulation.setCPUThrottlingRate", {"rate": slower})
        else:
            self._intercept(LATE)

    def _forget(self) -> None:
        """Of what the browser has in its memory nothing could be kept back: it is to ask for it again."""
        for disabled in (True, False):
            self._cdp.send("Network.setCacheDisabled", {"cacheDisabled": disabled})

    def _intercept(self, kinds: Collection[str]) -> None:
        patterns = [{"urlPattern": "*", "resourceType": kind} for kind in kinds]
        self._cdp.send("Fetch.enable", {"patterns": patterns})

    def _begin(self) -> None:
        self.weight = Weight()
        self._depths: dict[str, int] = {}
        self._kept: dict[str, bool] = {}
        self._of_page: set[str] = set()

    def open(self, path: str, form: Mapping[str, Any] | None = None) -> Response:
        """Open a page and wait until it is whole, letters too; a form is sent as by its button."""
        self._begin()
        if form is not None:
            self._form = urlencode({"csrfmiddlewaretoken": TOKEN, **form}, doseq=True)
            self._intercept({*LATE, "Document"})
        if self._is_slow:
            response = self._page.goto(path, wait_until="load")
        else:
            self._forget()
            self._held = []
            response = self._page.goto(path, wait_until="commit")
            self._page.evaluate(FIRST_PICTURE)
            held, self._held = self._held, None
            for request in held:
                self._cdp.send("Fetch.continueRequest", {"requestId": request})
            self._page.wait_for_load_state("load")
        if form is not None:
            self._intercept(() if self._is_slow else LATE)
        assert response is not None
        self._page.evaluate(DRAWN)
        return response

    def _paused(self, event: dict[str, Any]) -> None:
        answer: dict[str, Any] = {"requestId": event["requestId"]}
        if event["resourceType"] == "Document" and self._form is not None:
            headers = {**event["request"]["headers"], "Content-Type": "application/x-www-form-urlencoded"}
            answer["method"] = "POST"
            answer["headers"] = [{"name": name, "value": value} for name, value in headers.items()]
            answer["postData"] = b64encode(self._form.encode()).decode()
            self._form = None
        elif self._held is not None and event["resourceType"] in LATE:
            self._held.append(event["requestId"])
            return
        self._cdp.send("Fetch.continueRequest", answer)

    def _asked(self, event: dict[str, Any]) -> None:
        address = event["request"]["url"]
        if address.startswith("data:"):
            return
        cause = event["initiator"].get("url", "")
        self._depths[address] = self._depths.get(cause, 0) + 1 if cause else 0
        self._addresses[event["requestId"]] = address
        self._of_page.add(event["requestId"])
        self.weight.longest_chain = max(self.weight.longest_chain, self._depths[address])

    def _told(self, event: dict[str, Any]) -> None:
        self.cookies_came |= any(name.lower() == "set-cookie" for name in event["headers"])

    def _answered(self, event: dict[str, Any]) -> None:
        headers = {name.lower(): value for name, value in event["response"]["headers"].items()}
        self._kept[event["requestId"]] = FOREVER in headers.get("cache-control", "")
        if event["type"] == "Document":
            self._documents.add(event["requestId"])

    def _came(self, event: dict[str, Any]) -> None:
        request = event["requestId"]
        address = self._addresses.get(request)
        if address is None:
            return
        size, first = int(event["encodedDataLength"]), self._sizes.get(address, 0)
        if request not in self._documents:
            # What the browser has kept counts as when it first came, also where it asked whether it is new.
            size = max(size, first)
        self._sizes[address] = size
        # A picture may come when another page is open.
        if request not in self._of_page:
            return
        self.weight.requests += 1
        self.weight.bytes += size
        if not self._kept.get(request, False):
            self.weight.later += size
        self.weight.largest[address] = size


def movement_of(page: Page) -> Movement:
    """What WATCH has seen so far."""
    measured = page.evaluate("window.measured")
    return Movement(measured["shift"], tuple(dict.fromkeys(measured["moved"])), measured["paint"])


class Visitor:
    """Somebody whose every page is shown and counted as at a first visit.

    Args:
        speed: of the line, in Chromium's own terms. Without one nothing depends on a clock: letters, pictures
            and scripts come once the words are shown. Chromium's slow line stands still for good in one of
            some hundred visits, with answers that came whole and are not read.
        slower: with a speed, how many times slower than it is the processor is made.
        options: those of Browser.new_context().
    """

    def __init__(
        self,
        browser: Browser,
        site: Site,
        role: str,
        *,
        speed: Mapping[str, Any] | None = None,
        slower: int = 1,
        **options: Any,
    ) -> None:
        self._site, self._role = site, role
        self._context = context_of(browser, site, role, **options)
        self._context.add_init_script(f"({WATCH})()")
        self.page = self._context.new_page()
        # Leaving what was typed asks once.
        self.page.on("dialog", lambda dialog: dialog.accept())
        self.line = Line(self.page, speed, slower)

    def visit(self, visit: ServedVisit) -> None:
        """Open one page; what is sent to it is sent as by its form."""
        if self.line.cookies_came:
            self._context.clear_cookies()
            sign_in(self._context, self._site, self._role)
            self.line.cookies_came = False
        response = self.line.open(visit.path, visit.data)
        assert response.status == visit.status, f"{visit.name} ({visit.role}): {response.status}"

    def close(self) -> None:
        """Forget everything."""
        self._context.close()


def context_of(browser: Browser, site: Site, person: str, **options: Any) -> BrowserContext:
    """A browser that was never here, its person signed in; "anonymous" is nobody."""
    context = browser.new_context(base_url=site.address, locale="th-TH", **options)
    context.set_default_timeout(PATIENCE_MS)
    sign_in(context, site, person)
    return context


def sign_in(context: BrowserContext, site: Site, person: str) -> None:
    """Give a browser the cookies of a person who has signed in."""
    cookies = [("csrftoken", TOKEN)]
    if person in site.sessions:
        cookies.append((SESSION, site.sessions[person]))
    context.add_cookies([{"name": name, "value": value, "url": site.address} for name, value in cookies])


@contextmanager
def opened(browser: Browser, site: Site, visit: ServedVisit, **options: Any) -> Iterator[tuple[Page, Line]]:
    """A page opened for the first time by who visits it; the options are those of Visitor."""
    visitor = Visitor(browser, site, visit.role, **options)
    try:
        visitor.visit(visit)
        yield visitor.page, visitor.line
    finally:
        visitor.close()
