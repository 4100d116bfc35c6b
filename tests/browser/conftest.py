"""A real Chromium against a live server that holds the demonstration's agency and people.

Every page that a test opens is watched: a request to another host, an error on the console (a breach of the
content security policy is one), or an exception in a script fails the test, whatever else it asserts.
"""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.servers.basehttp import WSGIRequestHandler
from django.db import connection, transaction
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    WebError,
    expect,
    sync_playwright,
)
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from ita_tracker import static_files
from reports.demo import DEFAULT_PASSWORD, load_real_report
from tests.browser import chromium

DESK: Final = chromium.DESK
PHONE: Final = chromium.PHONE
# Long, because laying out a report takes many seconds where other programs use the machine; what appears at
# once is not waited for.
PATIENCE_MS: Final = 180_000
# Answers that the site gives on purpose, and shows: a form to be mended, a stale edit. The browser puts every
# 4xx on its console.
ON_PURPOSE: Final = r"Failed to load resource: the server responded with a status of (409|422) "

LEFT_BY_A_FLUSH: Final = frozenset({"django_content_type", "auth_permission"})

expect.set_options(timeout=PATIENCE_MS)


class Watch:
    """What went wrong in the pages of one test without showing on them."""

    def __init__(self, address: str) -> None:
        self.host = urlsplit(address).netloc
        self.problems: list[str] = []
        self.allowed = [ON_PURPOSE]

    def allow(self, pattern: str) -> None:
        """Expect messages of this kind on the console: the test provokes them."""
        self.allowed.append(pattern)

    def over(self, context: BrowserContext) -> None:
        """Watch every page of a context."""
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", self._error)

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.netloc != self.host:
            self.problems.append(f"request to another host: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type != "error" or any(re.search(pattern, message.text) for pattern in self.allowed):
            return
        self.problems.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _error(self, error: WebError) -> None:
        self.problems.append(f"script: {error.error}")


@dataclass(frozen=True)
class Rows:
    """All rows of a table, as the database holds them."""

    columns: list[str]
    values: list[tuple[Any, ...]]

    @classmethod
    def of(cls, table: str) -> "Rows":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            return cls([column[0] for column in cursor.description], cursor.fetchall())

    def put_back(self, table: str) -> None:
        into = (
            f"{connection.ops.quote_name(table)} ({', '.join(map(connection.ops.quote_name, self.columns))})"
        )
        places = ", ".join(["%s"] * len(self.columns))
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {into} VALUES ({places})", self.values)  # noqa: S608


OpenPage = Callable[..., Page]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, one a worker. Each launch and each context has a new profile."""
    program = chromium.lighter()
    if program is None:
        pytest.fail("chromium was not found. Install the Debian package chromium.")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's synchronous calls keep an event loop running in this thread, in which Django would then
        # refuse every query. Nothing here is asynchronous to Django: the test waits for each call.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=program, args=chromium.ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def joined_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the one stylesheet and the one script of a production site."""
    found = {
        name: (storage, name)
        for finder in finders.get_finders()
        for name, storage in finder.list(["*.png"])
        if name.startswith(("css/", "js/"))
    }
    folder = tmp_path_factory.mktemp("joined")
    for name, kind in static_files.KINDS.items():
        (folder / name).parent.mkdir()
        (folder / name).write_text(static_files.joined(name, kind, found).content, encoding="utf-8")
        # The older a file, the longer a browser asks no more for it.
        os.utime(folder / name, (0, 0))
    return folder


@pytest.fixture(autouse=True)
def files_are_joined(settings: Settings, joined_files: Path) -> None:
    """The browser asks for two files instead of fifty, which took it longer than all else of a page."""
    settings.STATICFILES_DIRS = [joined_files, *settings.STATICFILES_DIRS]


@pytest.fixture(autouse=True)
def answers_are_sent_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the second half of an answer waits 40 ms for the browser to confirm the first."""
    monkeypatch.setattr(WSGIRequestHandler, "disable_nagle_algorithm", True)


@pytest.fixture(scope="package")
def kept_demo() -> dict[str, Rows]:
    """What the demonstration has put into each table, once it has been loaded."""
    return {}


@pytest.fixture
def demo(settings: Settings, kept_demo: dict[str, Rows]) -> None:
    """The seed report's agency and people as everywhere, but told once a worker and then put back as rows,
    which takes a tenth of the time.
    """
    settings.DEBUG = settings.READABLE_ERRORS = True
    if kept_demo:
        with transaction.atomic():
            for table, rows in kept_demo.items():
                rows.put_back(table)
        return
    load_real_report(DEFAULT_PASSWORD)
    for table in connection.introspection.django_table_names(only_existing=True, include_views=False):
        rows = Rows.of(table)
        if rows.values and table not in LEFT_BY_A_FLUSH:
            kept_demo[table] = rows


@pytest.fixture
def site(live_server: LiveServer, transactional_db: None, demo: None) -> str:
    """The address of a site with the demonstration's data, in the database that the test sees."""
    return live_server.url


@pytest.fixture
def watch(site: str) -> Iterator[Watch]:
    """Fails the test for what its pages did unseen."""
    watch = Watch(site)
    yield watch
    assert not watch.problems, "\n".join(watch.problems)


@pytest.fixture
def open_page(browser: Browser, site: str, watch: Watch) -> Iterator[OpenPage]:
    """open_page("staff") is that person's page, in a browser context nobody else shares; "" is nobody's.

    The person is signed in already and the page is blank; with by_form=True the form has been filled, and the
    page is where that led. Other options are those of Browser.new_context(), as java_script_enabled=False.
    """
    contexts: list[BrowserContext] = []

    def opened(person: str = "", *, by_form: bool = False, **options: Any) -> Page:
        context = browser.new_context(base_url=site, locale="th-TH", **{"viewport": DESK, **options})
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        watch.over(context)
        if person and not by_form:
            give_session(context, person, site)
        page = context.new_page()
        if by_form:
            sign_in(page, person)
        return page

    yield opened
    for context in contexts:
        context.close()


def give_session(context: BrowserContext, person: str, site: str) -> None:
    """Let a context begin as it is after a person has signed in, without opening a page for it."""
    client = Client()
    client.force_login(User.objects.get(username=person), backend="django.contrib.auth.backends.ModelBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": session.key, "value": session.value, "url": site}])


def sign_in(page: Page, person: str) -> None:
    """Sign in by the form, as a person does; ends on the page where that person's work is."""
    page.goto("/login/")
    sign_in_form(page, person)


def sign_in_form(page: Page, person: str) -> None:
    """Fill the sign-in form that is open, and wait until it has let the person in."""
    page.get_by_label("ชื่อผู้ใช้").fill(person)
    page.get_by_label("รหัสผ่าน").fill(os.environ.get("ITA_DEMO_PASSWORD") or DEFAULT_PASSWORD)
    page.get_by_role("button", name="เข้าสู่ระบบ").click()
    page.wait_for_url(lambda address: "/login/" not in address)


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def java_script(request: pytest.FixtureRequest) -> bool:
    """Both ways: every journey has to work without JavaScript too."""
    return bool(request.param)
