"""People and data that most tests need: one small agency, a stranger's agency, a person of every role."""

import gc
import hashlib
import runpy
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import hypothesis
import pytest
from django.conf import settings as site_settings
from django.contrib.auth import login
from django.core.cache import cache, caches
from django.core.management.color import Style
from django.core.management.commands import flush
from django.db import connection
from django.http import HttpRequest
from django.template import engines
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker, Settings
from time_machine import TimeMachineFixture

from accounts.models import AccountEvent, Agency, User
from accounts.sessions.store import SessionStore
from accounts.triggers import protect as protect_log
from accounts.triggers import release as release_log
from core import append_only
from ledger.models import LogLine, LogSalt
from measures.models import EvidenceHiding, Indicator, Measure, Plan
from reports import triggers
from reports.demo import DEFAULT_PASSWORD, load_real_report
from reports.document.facts import ReportDocument
from reports.document.serialization import to_json
from reports.models import (
    Edition,
    EditionFile,
    EditionPaper,
    EditionWithdrawal,
    FileSignature,
    PaperTemplate,
    Publication,
    ScanPublication,
    SignedCopy,
    SignedScan,
)
from reports.new_year.services import open_year
from reports.renderers import FORMATS, Rendered
from tests.support.factories import OFFICE, YEAR, make_agency, make_indicators, make_measure, make_people
from tests.support.second_engine import Notes, SecondEngine, commits

# What is loaded now stays, as pytest_collection_finish says: until then the collector would find nothing.
gc.disable()

# How long an example takes says how busy the machine is, not whether the property holds.
hypothesis.settings.register_profile(
    "shared machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("shared machine")

# Begun first: what takes long and comes last keeps one worker busy while the others have nothing left to do.
LONGEST: Final = (
    "browser/test_every_page.py",
    "browser/test_whole_year.py",
    "browser/test_refused_forms.py",
    "browser/test_rounds.py",
    "ita_tracker/test_hostile_input.py",
    "ita_tracker/test_permissions.py",
    "ita_tracker/test_page_habits.py",
)
HERE: Final = Path(__file__).parent

KEPT_FOR_A_TEST: Final = ("reports", "counts")
KEPT_BY_MEASURES: Final = "measures_evidencehiding"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Two options, for the two engines of `make test`."""
    parser.addoption(
        "--first-engine",
        type=Path,
        metavar="FILE",
        help="note what the tests ask of the database, and which of them are enough for a second engine",
    )
    parser.addoption(
        "--second-engine",
        type=Path,
        metavar="FILE",
        help="only what another database could answer otherwise, and of that what was noted to be enough;"
        " all of it where nothing was noted",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Note, or leave out."""
    if file := config.getoption("--first-engine"):
        config.pluginmanager.register(Notes(config.rootpath / file), "first engine")
    if file := config.getoption("--second-engine"):
        config.pluginmanager.register(SecondEngine(config.rootpath / file), "second engine")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest, and spare the browser's tests the tracer, which would slow down the server that
    they wait for; other tests reach all that they reach.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.no_cover)
    items.sort(key=place_of)


def place_of(item: pytest.Item) -> int:
    """The longest files first, the others as they are."""
    name = item.path.relative_to(HERE).as_posix()
    return LONGEST.index(name) if name in LONGEST else len(LONGEST)


def pytest_collection_finish() -> None:
    """Let the garbage collector leave alone what is there for good, and come less often: a tenth of the time
    of all tests was its looking through Django and them.

    Raises:
        UsageError: a module has rendered a template while it was imported, before FAIL_INVALID_TEMPLATE_VARS
            could tell the templates' engine: in the tests after it an unknown name would print nothing.
    """
    if vars(engines)["_engines"]:
        raise pytest.UsageError("a test module renders a template while it is imported")
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many random requests were answered what, by all processes together."""
    answers: Counter[str] = Counter()
    places = 0
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            told = dict(report.user_properties)
            answers.update({str(status): count for status, count in told.get("answers", {}).items()})
            places = max(places, told.get("places", 0))
    if answers:
        counts = ", ".join(f"{count:,} x {status}" for status, count in sorted(answers.items()))
        terminalreporter.write_line(f"{answers.total():,} requests to {places:,} places: {counts}")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file, as in production: one in memory is a single connection that all threads would share,
    and the transactions of two people at once would run into one another.
    """
    database = site_settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        path = tmp_path_factory.mktemp("database") / "test.sqlite3"
        database.setdefault("TEST", {})["NAME"] = str(path)


def sql_flush_of_what_tests_store(style: Style, connection: Any, **options: Any) -> list[str]:
    """As django.core.management.sql.sql_flush, but for two tables."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    stored = [name for name in tables if name not in ("django_content_type", "auth_permission")]
    sql: list[str] = connection.ops.sql_flush(style, stored, **options)
    return sql


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A test that commits leaves the names of models and of what may be done with them, as migrations made
    them: to make them anew after each takes twenty times as long as to empty the tables.

    At the end, end the sessions that threads of tests have left: PostgreSQL drops no database in use, and on
    a busy machine a closed session may take longer to end than it waits.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush, "sql_flush", sql_flush_of_what_tests_store)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_, **__: None)
        yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(scope="session")
def folder_of_locks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where processes wait for one another: the workers of a test run are not those of a site."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session", autouse=True)
def site_of_tests(folder_of_locks: Path) -> Iterator[None]:
    """What is so in every test that does not say otherwise.

    Argon2 is slow on purpose, and tests sign in thousands of times. What is queued is done before the call
    returns: most tests ask what comes of it, not when.
    """
    memory = "django.core.cache.backends.locmem.LocMemCache"
    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        TASKS={"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}},
        CACHE_DIR=folder_of_locks,
        CACHES={
            **site_settings.CACHES,
            **{name: {"BACKEND": memory, "LOCATION": name} for name in KEPT_FOR_A_TEST},
        },
    ):
        yield


@pytest.fixture(autouse=True)
def empty_store_of_reports() -> None:
    """No test is given a report that an earlier one, or the person at this machine, had made."""
    for name in KEPT_FOR_A_TEST:
        caches[name].clear()


@pytest.fixture(scope="session")
def folders_of_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where each test has a folder for its files."""
    return tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def folder_of_files(settings: Settings, folders_of_files: Path) -> Path:
    """Where files of evidence lie: a folder of this test's own, not there before something is stored."""
    settings.MEDIA_ROOT = folder = folders_of_files / uuid4().hex
    return folder


@pytest.fixture(autouse=True)
def editions_go_with_their_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """The database refuses to delete an edition, also to the flush after a test that commits."""
    if not commits(request.node):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    # Its table belongs to no model: a flush leaves it.
    cache.clear()
    if AccountEvent.objects.exists():
        release_log(connection)
        AccountEvent.objects.all().delete()
        protect_log(connection)
    if EditionPaper.objects.exists() or PaperTemplate.objects.exists():
        triggers.release_papers(connection)
        EditionPaper.objects.all().delete()
        PaperTemplate.objects.all().delete()
        triggers.protect_papers(connection)
    kept = (Edition, EvidenceHiding, LogLine)
    if any(model.objects.exists() for model in kept):
        triggers.release(connection)
        append_only.release(connection, LogLine._meta.db_table)
        append_only.release(connection, KEPT_BY_MEASURES)
        for model in (
            LogSalt, LogLine, EditionWithdrawal, EvidenceHiding, ScanPublication, SignedScan, Publication,
            FileSignature, SignedCopy, EditionFile, Edition,
        ):  # fmt: skip
            model.objects.all().delete()
        triggers.protect(connection)
        append_only.protect(connection, KEPT_BY_MEASURES, (("id",),))
        append_only.protect(connection, LogLine._meta.db_table, (("number",),))


@pytest.fixture
def indicators(db: None) -> list[Indicator]:
    """All ten."""
    return make_indicators()


@pytest.fixture
def agency(indicators: list[Indicator]) -> Agency:
    return make_agency("here")


@pytest.fixture
def plan(agency: Agency) -> Plan:
    """The agency's open plan of fiscal year 2566, with both rounds and no measures."""
    return open_year(agency, YEAR)


@pytest.fixture
def measure(plan: Plan) -> Measure:
    """A measure of the first division with two steps, not started."""
    return make_measure(plan)


@pytest.fixture
def people(agency: Agency) -> dict[str, User]:
    """A person of every role in the agency, staff of its other division, and people of another agency."""
    return make_people(agency)


SignIn = Callable[[str], Client]


@pytest.fixture
def sign_in(people: dict[str, User]) -> SignIn:
    """sign_in("officer") is a client of that person; sign_in("anonymous") of nobody."""

    def client_of(name: str) -> Client:
        client = Client()
        if name != "anonymous":
            # As Client.force_login, which stores the session of a visitor first.
            request = HttpRequest()
            request.session = SessionStore()
            login(request, people[name], backend="django.contrib.auth.backends.ModelBackend")
            request.session.save()
            client.cookies[site_settings.SESSION_COOKIE_NAME] = str(request.session.session_key)
        return client

    return client_of


@pytest.fixture
def demo(settings: Settings) -> None:
    """The seed report's agency and people, as `manage.py demo` makes them, without the story around them."""
    settings.DEBUG = settings.READABLE_ERRORS = True
    load_real_report(DEFAULT_PASSWORD)


@pytest.fixture
def nothing_laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PDF that takes no time, another one for each document: for tests of what is done with reports."""

    def made(document: ReportDocument) -> Rendered:
        return Rendered(b"%PDF-" + hashlib.sha256(to_json(document)).digest(), pages=1)

    monkeypatch.setitem(FORMATS, "pdf", replace(FORMATS["pdf"], make=made))


@pytest.fixture
def looked_at_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is looked at in a process of its own is looked at in this one: for tests of many files that ask
    something else than what looking may cost.
    """

    def here(program: Path, data: bytes, **_: int) -> str:
        told: str = runpy.run_path(str(program))["answer"](data)
        return told.strip()

    rooms = ("core.dangers", "reports.signed_scan.files", "reports.signatures.looking")
    for room in (*rooms, "reports.publication_pack.papers"):
        monkeypatch.setattr(f"{room}.in_child", here)


@pytest.fixture
def nothing_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A menu that counts nothing beside its rooms, which takes a third of a page's time: for tests of many
    pages that ask something else.
    """
    monkeypatch.setattr("ita_tracker.menu.waiting_of", lambda _: ())


@pytest.fixture
def february(time_machine: TimeMachineFixture) -> None:
    """10:00 on 1 February 2566 in the office: two months before the end of the first round."""
    time_machine.move_to(datetime(2023, 2, 1, 10, 0, tzinfo=OFFICE), tick=False)
