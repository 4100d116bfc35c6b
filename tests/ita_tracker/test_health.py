"""/healthz says whether the site can work: to a load balancer, without a sign-in, by plain HTTP."""

from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

import ita_tracker.views

pytestmark = pytest.mark.django_db


def asked(**options: Any) -> tuple[int, str]:
    response = Client().get("/healthz", **options)
    assert response["Content-Type"] == "text/plain"
    assert "no-cache" in response["Cache-Control"]
    return response.status_code, response.content.decode()


def test_all_is_well() -> None:
    assert asked() == (200, "ok\n")


def test_a_migration_that_is_not_applied_is_not_well() -> None:
    MigrationRecorder.Migration.objects.filter(app="measures").delete()
    assert asked() == (503, "migrations are not applied\n")


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_that_does_not_answer_is_not_well(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def broken(*args: object) -> None:
        raise error("connection refused: secret-host")

    monkeypatch.setattr(ita_tracker.views, "MigrationExecutor", broken)
    assert asked() == (503, "database does not answer\n")


def test_it_answers_by_plain_http_where_all_else_is_sent_to_https(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert asked() == (200, "ok\n")
    assert Client().get("/login/").status_code == 301


def test_it_reads_no_session_and_no_person(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_max_num_queries(2):
        asked()
