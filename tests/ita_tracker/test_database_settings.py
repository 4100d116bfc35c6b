"""A server that does not answer keeps nobody for long, and an office can say otherwise in the address."""

from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models.signals import pre_migrate
from environs import Env

from ita_tracker.database_settings import databases_of

ADDRESS = "postgres://ita@localhost/ita"


def options(monkeypatch: pytest.MonkeyPatch, address: str = ADDRESS, **more: str) -> dict[str, object]:
    for name, value in {"DATABASE_URL": address, **more}.items():
        monkeypatch.setenv(name, value)
    found: dict[str, object] = databases_of(Env(), Path())["default"]["OPTIONS"]
    return found


def test_connecting_and_statements_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    assert options(monkeypatch)["connect_timeout"] == 2
    assert "statement_timeout=30000" in str(options(monkeypatch)["options"])
    assert "statement_timeout=5000" in str(options(monkeypatch, DATABASE_STATEMENT_SECONDS="5")["options"])


def test_postgresql_compiles_no_question(monkeypatch: pytest.MonkeyPatch) -> None:
    """To compile what a page asks took longer than to answer it: 22 s instead of 11 for all pages."""
    assert "jit=off" in str(options(monkeypatch)["options"])


def test_without_a_pool_each_request_connects_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "pool" in options(monkeypatch)
    assert "pool" not in options(monkeypatch, DATABASE_POOL_SIZE="0")


def test_what_the_address_says_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    found = options(monkeypatch, f"{ADDRESS}?connect_timeout=9&sslmode=require")
    assert (str(found["connect_timeout"]), found["sslmode"]) == ("9", "require")


def test_another_engine_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured):
        options(monkeypatch, "mysql://localhost/ita")


@pytest.mark.django_db
def test_a_migration_has_no_limit() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite knows no such limit")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 30000")
        pre_migrate.send(apps.get_app_config("core"), using="default")
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)
