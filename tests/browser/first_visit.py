"""Pages opened as by somebody who was never here: what they weigh, how they move while their parts come."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from playwright.sync_api import Browser, BrowserContext, Page, Response, Route

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
LATE: Final = {"font", "image", "script"}
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


class Late:
    """Keeps back what is LATE until the words of a page are shown, as a slow line does, in no time."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._held: list[Route] | None = None
        page.route("**/*", self._asked)

    def _asked(self, route: Route) -> None:
        if self._held is None or route.request.resource_type not in LATE:
            route.fallback()
        else:
            self._held.append(route)

    def open(self, path: str) -> Response | None:
        """Open a page, wait for its first picture, then let all come."""
        self._held = []
        response = self._page.goto(path, wait_until="commit")
        self._page.evaluate(FIRST_PICTURE)
        held, self._held = self._held, None
        for route in held:
            route.fallback()
        self._page.wait_for_load_state("load")
        return response


class Line:
    """Counts what comes over the line of a page; without a speed its parts are Late."""

    def __init__(self, page: Page, speed: Mapping[str, Any] | None, slower: int = 1) -> None:
        self._page = page
        self._late = None if speed else Late(page)
        self._begin()
        self._cdp = page.context.new_cdp_session(page)
        self._cdp.on("Network.requestWillBeSent", self._asked)
        self._cdp.on("Network.responseReceived", self._answered)
        self._cdp.on("Network.loadingFinished", self._came)
        self._cdp.send("Network.enable")
        if speed:
            self._cdp.send("Network.emulateNetworkConditions", dict(speed))
            self._cdp.send("Emulation.setCPUThrottlingRate", {"rate": slower})

    def _begin(self) -> None:
        self.weight = Weight()
        self._depths: dict[str, int] = {}
        self._kept: dict[str, bool] = {}
        self._addresses: dict[str, str] = {}

    def open(self, path: str) -> Response:
        """Open a page and wait until it is whole, letters too."""
        self._begin()
        response = self._late.open(path) if self._late else self._page.goto(path, wait_until="load")
        assert response is not None
        self._page.evaluate(DRAWN)
        return response

    def _asked(self, event: dict[str, Any]) -> None:
        address = event["request"]["url"]
        if address.startswith("data:"):
            return
        cause = event["initiator"].get("url", "")
        self._depths[address] = self._depths.get(cause, 0) + 1 if cause else 0
        self._addresses[event["requestId"]] = address
        self.weight.longest_chain = max(self.weight.longest_chain, self._depths[address])

    def _answered(self, event: dict[str, Any]) -> None:
        headers = {name.lower(): value for name, value in event["response"]["headers"].items()}
        self._kept[event["requestId"]] = FOREVER in headers.get("cache-control", "")

    def _came(self, event: dict[str, Any]) -> None:
        if event["requestId"] not in self._addresses:
            return
        size = int(event["encodedDataLength"])
        self.weight.requests += 1
        self.weight.bytes += size
        if not self._kept.get(event["requestId"], False):
            self.weight.later += size
        self.weight.largest[self._addresses[event["requestId"]]] = size


def movement_of(page: Page) -> Movement:
    """What WATCH has seen so far."""
    measured = page.evaluate("window.measured")
    return Movement(measured["shift"], tuple(dict.fromkeys(measured["moved"])), measured["paint"])


class Visitor:
    """Somebody whose every page is a first visit: nothing is kept from one to the next but who they are.

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
        self._cdp = self._context.new_cdp_session(self.page)

    def visit(self, visit: ServedVisit) -> None:
        """Open one page; what is sent to it is sent as by its form."""
        self._cdp.send("Network.clearBrowserCache")
        self._context.clear_cookies()
        sign_in(self._context, self._site, self._role)
        if visit.data is not None:
            send_instead(self.page, self._site.address + visit.path, visit.data)
        response = self.line.open(visit.path)
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


def send_instead(page: Page, address: str, data: Mapping[str, Any]) -> None:
    """Let the next opening of an address send a form to it."""
    body = urlencode({"csrfmiddlewaretoken": TOKEN, **data}, doseq=True)

    def send(route: Route) -> None:
        headers = {**route.request.headers, "content-type": "application/x-www-form-urlencoded"}
        route.continue_(method="POST", headers=headers, post_data=body)

    page.route(address, send, times=1)
