"""Every request has a name, shared by its error page, its answer and the log; errors go by mail."""

import io
import json
import logging
import logging.config
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

import measures.plan_list.views
from ita_tracker.error_mail import MAX_KINDS, PAUSE, ErrorMailHandler, may_send
from ita_tracker.log_settings import logging_of
from ita_tracker.request_ids import request_id
from measures.models import Measure
from tests.conftest import SignIn
from tests.support.factories import YEAR
from tests.support.html import read

GIVEN = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def broken(sign_in: SignIn, measure: Measure, monkeypatch: pytest.MonkeyPatch) -> Client:
    def fails(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the secret of นางสาวใจดี")

    monkeypatch.setattr(measures.plan_list.views, "MeasureFilter", fails)
    client = sign_in("officer")
    client.raise_request_exception = False
    return client


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the console gets, as JSON lines."""
    written = io.StringIO()
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    config: dict[str, Any] = logging_of("json", mails=False)
    config["handlers"]["console"]["stream"] = written
    logging.config.dictConfig(config)
    yield written
    root.handlers[:], root.level = before


@pytest.mark.django_db
def test_an_error_page_its_answer_and_the_log_have_the_same_name(broken: Client, lines: io.StringIO) -> None:
    response = broken.get(reverse("plan", args=[YEAR]))
    assert response.status_code == 500
    name = response["X-Request-ID"]
    assert read(response).one("code").text == name
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    (error,) = [each for each in told if "exc_info" in each]
    assert (error["request_id"], error["level"], error["name"]) == (name, "ERROR", "django.request")
    assert "Traceback" in error["exc_info"]
    assert error["time"]
    # Thai stays readable.
    assert "นางสาวใจดี" in lines.getvalue()
    assert request_id.get() == ""


@pytest.mark.django_db
def test_two_requests_have_two_names() -> None:
    first, second = (Client().get("/healthz")["X-Request-ID"] for _ in range(2))
    assert first != second


@pytest.mark.django_db
def test_a_trusted_proxy_may_give_the_name_and_nobody_else(settings: Settings) -> None:
    headers = {"X-Request-ID": GIVEN}
    assert Client().get("/healthz", headers=headers)["X-Request-ID"] != GIVEN
    settings.TRUSTED_PROXIES = 1
    assert Client().get("/healthz", headers=headers)["X-Request-ID"] == GIVEN


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["short", "x" * 65, "a b c d e f g", 'abcdefg"><script>', "ไทยไทยไทยไทย", "", "-" * 9]
)
def test_a_name_that_is_none_is_replaced(settings: Settings, name: str) -> None:
    settings.TRUSTED_PROXIES = 1
    given = Client().get("/healthz", headers={"X-Request-ID": name.encode().decode("latin-1")})[
        "X-Request-ID"
    ]
    assert given != name
    assert given.isalnum()


# --- Errors by mail -----------------------------------------------------------------------------------


@pytest.fixture
def handler(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ErrorMailHandler:
    """One that mails when it is told to, instead of by a thread."""
    settings.CACHE_DIR, settings.ERROR_MAIL_TO = tmp_path, ["admin@example.go.th"]
    monkeypatch.setattr(ErrorMailHandler, "_go_on", lambda self: None)
    return ErrorMailHandler()


def record(message: str, error: Exception | None = None, line: int = 1) -> logging.LogRecord:
    info = None
    if error is not None:
        try:
            raise error  # noqa: TRY301 - for its trace
        except Exception:
            info = sys.exc_info()
    return logging.LogRecord("django.request", logging.ERROR, __file__, line, message, (), info)


def test_a_mail_tells_kind_and_place_and_nothing_of_people(handler: ErrorMailHandler) -> None:
    secret = "password=hunter2 somchai@example.go.th"
    handler.emit(record(f"Internal Server Error: /calendar/{secret}", OperationalError(secret)))
    assert handler.send()
    (sent,) = mail.outbox
    assert sent.to == ["admin@example.go.th"]
    assert "OperationalError" in sent.body
    assert "test_logs.py" in sent.body
    assert not any(word in f"{sent.subject}{sent.body}" for word in ("hunter2", "somchai", "calendar"))


def test_once_a_minute_at_most_by_all_processes_of_the_site(
    handler: ErrorMailHandler, tmp_path: Path
) -> None:
    other = ErrorMailHandler()
    for each in (handler, other):
        each.emit(record("x", ValueError()))
    assert handler.send()
    assert not other.send()
    for _ in range(100):
        handler.emit(record("x", ValueError()))
    assert not handler.send()
    assert len(mail.outbox) == 1
    stamp = tmp_path / "error-mail"
    stamp.write_text(str(float(stamp.read_text(encoding="ascii")) - PAUSE - 1), encoding="ascii")
    assert handler.send()
    # What came meanwhile is told then, counted.
    assert "100" in mail.outbox[1].subject


def test_a_storm_of_errors_is_a_short_mail(handler: ErrorMailHandler) -> None:
    for line in range(1_000):
        handler.emit(record("x", line=line))
    assert handler.send()
    (sent,) = mail.outbox
    assert "1000" in sent.subject
    assert sent.body.count("django.request") == MAX_KINDS
    assert f"อีก {1_000 - MAX_KINDS} ครั้ง" in sent.body


def test_without_a_place_for_the_limit_nothing_is_sent(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert not may_send(tmp_path / "file" / "error-mail")


@pytest.mark.parametrize("mails", [True, False])
def test_the_handler_is_there_where_mail_is_set_up(mails: bool) -> None:
    assert ("mail" in logging_of("json", mails=mails)["root"]["handlers"]) is mails
