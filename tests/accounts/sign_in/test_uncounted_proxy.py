"""Whoever runs a site behind a proxy that TRUSTED_PROXIES does not count is told so, once."""

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from accounts.sign_in import client_address


@pytest.fixture(autouse=True)
def nothing_said_yet() -> None:
    client_address._warn_of_an_uncounted_proxy.cache_clear()


def ask(header: str) -> None:
    client_address.client_address(RequestFactory().get("/", headers={"X-Forwarded-For": header}))


def test_it_is_said_once(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.TRUSTED_PROXIES = 0
    for _ in range(3):
        ask("192.0.2.7")
    assert [record.getMessage() for record in caplog.records if "TRUSTED_PROXIES" in record.getMessage()] == [
        caplog.records[0].getMessage()
    ]


@pytest.mark.parametrize(("proxies", "header"), [(1, "192.0.2.7"), (0, "")])
def test_nothing_is_said_where_nothing_is_wrong(
    settings: Settings, caplog: pytest.LogCaptureFixture, proxies: int, header: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    ask(header)
    assert caplog.records == []
