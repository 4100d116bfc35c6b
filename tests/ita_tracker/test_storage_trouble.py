"""A database that can only be read is read; what was sent is not stored, and that is said in Thai."""

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import resolve, reverse
from psycopg_pool import PoolTimeout

from accounts.models import User
from core.storage_trouble import Trouble, trouble_of
from ita_tracker import storage_trouble
from measures.models import Measure, Plan
from tests.conftest import SignIn
from tests.support.factories import YEAR
from tests.support.html import read
from tests.support.sweep import furnish, visits
from tests.support.thorough import THOROUGH


@contextmanager
def read_only() -> Iterator[None]:
    """The database opened so that nothing can be written, as where its file or disk is read-only."""
    settings = connection.settings_dict
    name = settings["NAME"]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = on")
    else:
        connection.close()
        settings["NAME"] = f"file:{name}?mode=ro"
    try:
        yield
    finally:
        settings["NAME"] = name
        if connection.vendor == "postgresql":
            # It goes back into the pool as it is.
            with connection.cursor() as cursor:
                cursor.execute("RESET default_transaction_read_only")
        connection.close()


@contextmanager
def held_by_another() -> Iterator[None]:
    """Somebody else is in the middle of a write and does not end, and nobody waits for it."""
    options = connection.settings_dict["OPTIONS"]
    patience = options["timeout"]
    options["timeout"] = 0
    connection.close()
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            options["timeout"] = patience
            connection.close()


def report(client: Client, measure: Measure) -> tuple[str, dict[str, Any]]:
    address = reverse("measure", args=[measure.pk])
    form = read(client.get(address)).one("form", class_="progress-form").form_data()
    return address, form | {"status": "in_progress", "status_reason": "รอพัสดุ", "result": "ผลที่พิมพ์"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("february")
def test_every_page_that_reads_still_reads(sign_in: SignIn, plan: Plan, people: dict[str, User]) -> None:
    """In short a page of each route; that no state writes a row is asked in the sweep of all pages."""
    pages = [
        visit
        for visit in visits(furnish(plan, people))
        if visit.data is None and visit.status == 200 and not visit.htmx
    ]
    if not THOROUGH:
        pages = list({resolve(visit.path.split("?")[0]).url_name: visit for visit in pages}.values())
    clients = {visit.role: sign_in(visit.role) for visit in pages}
    for client in clients.values():
        client.raise_request_exception = False
    with read_only():
        wrong = {
            (visit.name, visit.role, status)
            for visit in pages
            if (status := clients[visit.role].get(visit.path).status_code) != 200
        }
    assert wrong == set()
    assert len(pages) > (80 if THOROUGH else 40)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["plain", "htmx"])
def test_what_is_sent_to_a_read_only_database_is_not_stored_and_that_is_said(
    sign_in: SignIn, measure: Measure, headers: dict[str, str]
) -> None:
    client = sign_in("staff")
    address, sent = report(client, measure)
    with read_only():
        response = client.post(address, sent, headers=headers)
    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    page = read(response)
    assert page.one("h1").text == "ยังบันทึกไม่ได้"
    assert "ยังไม่ได้บันทึก" in page.one("main").text
    assert page.one("code").text == response["X-Request-ID"]
    measure.refresh_from_db()
    assert (measure.result, measure.version) == ("", 1)
    # The form that is still open is good once the database can be written again.
    assert client.post(address, sent).status_code == 302
    measure.refresh_from_db()
    assert measure.result == "ผลที่พิมพ์"


@contextmanager
def no_file_may_grow() -> Iterator[None]:
    """What a quota does: a file that is larger than one page cannot be written to beyond it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.django_db(transaction=True)
def test_a_quota_that_is_used_up_is_said_and_what_is_there_is_read(sign_in: SignIn, measure: Measure) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the files are those of PostgreSQL's own processes")
    client = sign_in("staff")
    address, sent = report(client, measure)
    with no_file_may_grow():
        assert client.get(address).status_code == 200
        response = client.post(address, sent)
    assert response.status_code == 507
    assert "ยังไม่ได้บันทึก" in read(response).one("main").text
    measure.refresh_from_db()
    assert measure.version == 1
    assert client.post(address, sent).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_a_locked_database_is_read_and_says_so_to_who_writes(sign_in: SignIn, measure: Measure) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL locks rows; a lock that is not had in time is told apart below")
    client = sign_in("staff")
    address, sent = report(client, measure)
    with held_by_another():
        assert client.get(reverse("plan", args=[YEAR])).status_code == 200
        response = client.post(address, sent)
    assert response.status_code == 503
    assert "ยังไม่ได้บันทึก" in read(response).one("main").text
    measure.refresh_from_db()
    assert measure.version == 1
    assert client.post(address, sent).status_code == 302


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (psycopg.OperationalError("connection refused"), Trouble.AWAY),
        (psycopg.OperationalError("the connection is closed"), Trouble.AWAY),
        (psycopg.InterfaceError("the connection is closed"), Trouble.AWAY),
        (psycopg.errors.AdminShutdown(), Trouble.AWAY),
        (psycopg.errors.CannotConnectNow(), Trouble.AWAY),
        (psycopg.errors.TooManyConnections(), Trouble.AWAY),
        (psycopg.errors.ConnectionFailure(), Trouble.AWAY),
        (PoolTimeout("no connection after 2 sec"), Trouble.AWAY),
        (psycopg.errors.QueryCanceled(), Trouble.BUSY),
        (psycopg.errors.LockNotAvailable(), Trouble.BUSY),
        (psycopg.errors.ReadOnlySqlTransaction(), Trouble.READ_ONLY),
        (psycopg.errors.DiskFull(), Trouble.FULL),
        (psycopg.errors.UniqueViolation(), None),
        (psycopg.InterfaceError("cannot adapt"), None),
        (sqlite3.OperationalError("no such table"), None),
        (ValueError("connection is closed"), None),
        (None, None),
    ],
    ids=repr,
)
def test_what_an_error_says_of_the_database(error: BaseException | None, trouble: Trouble | None) -> None:
    assert trouble_of(error) == trouble
    # As Django raises it.
    outer = OperationalError("x")
    outer.__cause__ = error
    assert trouble_of(outer) == trouble


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        (sqlite3.SQLITE_FULL, Trouble.FULL),
        # A quota, which SQLite does not tell from other errors of writing.
        (sqlite3.SQLITE_IOERR_WRITE, Trouble.FULL),
        (sqlite3.SQLITE_READONLY_DIRECTORY, Trouble.READ_ONLY),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, Trouble.BUSY),
        (sqlite3.SQLITE_CANTOPEN, Trouble.AWAY),
        (sqlite3.SQLITE_CORRUPT, None),
    ],
)
def test_what_sqlite_s_numbers_say(code: int, trouble: Trouble | None) -> None:
    error = sqlite3.OperationalError("x")
    vars(error)["sqlite_errorcode"] = code
    assert trouble_of(error) == trouble


@pytest.mark.parametrize(("method", "label"), [("get", "ลองอีกครั้ง"), ("post", "กลับไปหน้าแรก")])
def test_who_only_looks_is_offered_to_look_again(rf: Any, method: str, label: str) -> None:
    page = read(storage_trouble.page_of(getattr(rf, method)("/public/"), Trouble.AWAY))
    assert page.one("a", class_="button").text == label


@pytest.mark.django_db
def test_pages_that_go_on_without_a_database_ask_it_nothing(django_assert_num_queries: Any) -> None:
    arguments: dict[str, list[Any]] = {"help_part": ["staff"], "report_schema": [1]}
    for name in sorted(storage_trouble.WITHOUT_DATABASE):
        address = reverse(name, args=arguments.get(name, []))
        with django_assert_num_queries(0):
            assert Client().get(address).status_code == 200


def test_a_process_asks_a_database_that_was_away_again_only_after_a_while(
    monkeypatch: pytest.MonkeyPatch, rf: Any
) -> None:
    now, asked = [100.0], []

    def answer(request: Any) -> Any:
        asked.append(request.path)
        storage_trouble._stopped[request] = Trouble.AWAY

    monkeypatch.setattr("ita_tracker.storage_trouble.time.monotonic", lambda: now[0])
    site = storage_trouble.StorageTrouble(answer)
    for seconds, times in ((0, 1), (0.5, 1), (1.5, 2)):
        now[0] = 100.0 + timedelta(seconds=seconds).total_seconds()
        assert site(rf.get("/plans/")).status_code == 503
        assert len(asked) == times
