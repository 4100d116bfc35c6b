"""Refused sign-ins: whose address counts behind proxies, who is locked out by whom, and what is stored."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from pytest_django import Settings
from time_machine import TimeMachineFixture

from accounts.models import User
from accounts.sign_in.client_address import UNKNOWN, client_address, client_network
from accounts.sign_in.limits import begin_try
from tests.support.factories import OFFICE, PASSWORD

LOGIN: Final = "/login/"
PROXY: Final = "127.0.0.1"


# --- Whose address it is ------------------------------------------------------------------------------


def address_of(settings: Settings, proxies: int, forwarded: str | None, peer: str = PROXY) -> str:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=peer)
    if forwarded is not None:
        request.META["HTTP_X_FORWARDED_FOR"] = forwarded
    return client_address(request)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        # Without a proxy whoever calls can write what they like.
        (0, None, PROXY),
        (0, "198.51.100.9", PROXY),
        (0, "198.51.100.9, 203.0.113.5", PROXY),
        # One proxy: the last entry is its own, all before it the client's invention.
        (1, "203.0.113.5", "203.0.113.5"),
        (1, "198.51.100.9, 203.0.113.5", "203.0.113.5"),
        (1, "198.51.100.9,198.51.100.8,203.0.113.5", "203.0.113.5"),
        (1, "<script>, , 127.0.0.1,203.0.113.5", "203.0.113.5"),
        # Two: what the first of them saw.
        (2, "203.0.113.5, 10.0.0.2", "203.0.113.5"),
        (2, "198.51.100.9, 203.0.113.5, 10.0.0.2", "203.0.113.5"),
        (3, "198.51.100.9, 203.0.113.5, 10.0.0.3, 10.0.0.2", "203.0.113.5"),
        # It did not come through all of them.
        (1, None, PROXY),
        (1, "", PROXY),
        (2, "198.51.100.9", PROXY),
        (3, "198.51.100.9, 203.0.113.5", PROXY),
        # No address at the place that counts.
        (1, "198.51.100.9, unknown", PROXY),
        (1, "198.51.100.9, _hidden", PROXY),
        (1, "198.51.100.9,", PROXY),
        (1, "203.0.113.5.6", PROXY),
        (1, "203.0.113.256", PROXY),
        (1, "๒๐๓.๐.๑๑๓.๕", PROXY),
        (1, "203.0.113.5; DROP TABLE", PROXY),
        (1, "9" * 8_000, PROXY),
        (1, "," * 8_000, PROXY),
        # Ports, brackets, and other spellings of one address.
        (1, "203.0.113.5:50123", "203.0.113.5"),
        (1, " \t203.0.113.5 ", "203.0.113.5"),
        (1, "[2001:db8:1:2::7]:443", "2001:db8:1:2::7"),
        (1, "[2001:db8:1:2::7]", "2001:db8:1:2::7"),
        (1, "2001:DB8:1:2:0:0:0:7", "2001:db8:1:2::7"),
        (1, "::ffff:203.0.113.5", "203.0.113.5"),
        (1, "[::ffff:203.0.113.5]:443", "203.0.113.5"),
        (1, "[]:443", PROXY),
        (1, "[2001:db8::7", PROXY),
    ],
)
def test_the_client_s_address_is_what_the_trusted_proxies_saw(
    settings: Settings, proxies: int, forwarded: str | None, address: str
) -> None:
    assert address_of(settings, proxies, forwarded) == address


def test_several_headers_are_one_list(settings: Settings) -> None:
    """The WSGI servers join them with commas, in their order."""
    assert address_of(settings, 1, "198.51.100.9,203.0.113.5") == "203.0.113.5"


@pytest.mark.parametrize("peer", ["", "unix:", "@"])
def test_a_server_on_a_socket_knows_addresses_by_its_proxy_alone(settings: Settings, peer: str) -> None:
    assert address_of(settings, 0, "203.0.113.5", peer) == UNKNOWN
    assert address_of(settings, 1, "203.0.113.5", peer) == "203.0.113.5"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("fe80::1%eth0", "fe80::"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
    ],
)
def test_a_network_of_ipv6_counts_as_one_address(settings: Settings, address: str, network: str) -> None:
    settings.TRUSTED_PROXIES = 0
    assert client_network(RequestFactory().get("/", REMOTE_ADDR=address)) == network


@pytest.mark.parametrize("header", ["X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_CLIENT_IP"])
def test_no_other_header_is_believed(settings: Settings, header: str) -> None:
    settings.TRUSTED_PROXIES = 1
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.5")
    request.META[header] = "198.51.100.9"
    assert client_address(request) == "203.0.113.5"


# --- Who is locked out by whom ------------------------------------------------------------------------


def tried(name: str, password: str, address: str, path: str = LOGIN, **more: Any) -> int:
    """The answer to a sign-in from an address behind the README's proxy."""
    sent = {"username": name, "password": password}
    return (
        Client().post(path, sent, REMOTE_ADDR=PROXY, headers={"X-Forwarded-For": address, **more}).status_code
    )


@pytest.fixture
def behind_proxy(settings: Settings, people: dict[str, User]) -> None:
    settings.TRUSTED_PROXIES = 1


@pytest.mark.parametrize("other", ["198.51.100.8", "2001:db8:1:3::1"])
def test_nobody_can_lock_a_name_for_somebody_else(behind_proxy: None, other: str) -> None:
    assert [tried("admin", "wrong", "198.51.100.9") for _ in range(11)] == [200] * 9 + [429] * 2
    assert tried("admin", PASSWORD, "198.51.100.9") == 429
    assert tried("admin", PASSWORD, other) == 302


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_administrator_s_own_door_leads_to_this_one(people: dict[str, User], method: str) -> None:
    """So that no other limit, and no sign-in without the second factor, stands beside it."""
    sent = {"username": "admin", "password": PASSWORD}
    client = Client()
    response = getattr(client, method)("/admin/login/?next=/admin/", sent if method == "post" else None)
    assert (response.status_code, response["Location"]) == (302, f"{LOGIN}?next=%2Fadmin%2F")
    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    assert client.post(response["Location"], sent)["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_what_a_client_writes_into_the_header_changes_nothing(behind_proxy: None) -> None:
    forged = [f"192.0.2.{number}, 203.0.113.66, 198.51.100.9" for number in range(11)]
    assert [tried("staff", "wrong", chain) for chain in forged] == [200] * 9 + [429] * 2
    # Nor can it lock the one whose address was written there.
    assert tried("staff", PASSWORD, "203.0.113.66") == 302


def test_without_a_proxy_the_header_is_not_looked_at(people: dict[str, User]) -> None:
    answers = [tried("staff", "wrong", f"192.0.2.{number}") for number in range(11)]
    assert answers == [200] * 9 + [429] * 2


def test_another_address_of_the_same_network_is_locked_too(behind_proxy: None) -> None:
    assert [tried("staff", "wrong", f"2001:db8:1:2::{number}") for number in range(10)][-1] == 429
    assert tried("staff", PASSWORD, "2001:db8:1:2:ffff::1") == 429


@pytest.fixture
def ten_in_all(settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "wrong_password_of_address": "10/15m/ip"}


def test_an_address_that_tries_every_name_has_to_wait(behind_proxy: None, ten_in_all: None) -> None:
    answers = [tried(f"name{number}", "wrong", "198.51.100.9") for number in range(11)]
    assert answers == [200] * 9 + [429] * 2
    assert tried("officer", PASSWORD, "198.51.100.9") == 429
    assert tried("officer", PASSWORD, "198.51.100.8") == 302


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.0.0.53", "::1", "", "::ffff:127.0.0.1"])
def test_a_proxy_that_nobody_counted_is_not_everybody(
    people: dict[str, User], ten_in_all: None, peer: str
) -> None:
    """A site that was upgraded and whose TRUSTED_PROXIES was not set yet."""
    for number in range(20):
        Client().post(LOGIN, {"username": f"name{number}", "password": "wrong"}, REMOTE_ADDR=peer)
    answer = Client().post(LOGIN, {"username": "officer", "password": PASSWORD}, REMOTE_ADDR=peer)
    assert answer.status_code == 302


def test_trying_on_does_not_make_the_wait_longer(
    behind_proxy: None, time_machine: TimeMachineFixture
) -> None:
    start = datetime(2023, 2, 1, 10, 0, tzinfo=OFFICE)
    time_machine.move_to(start, tick=False)
    for _ in range(10):
        tried("staff", "wrong", "198.51.100.9")
    time_machine.move_to(start + timedelta(minutes=14), tick=False)
    assert tried("staff", "wrong", "198.51.100.9") == 429
    time_machine.move_to(start + timedelta(minutes=15, seconds=1), tick=False)
    assert tried("staff", PASSWORD, "198.51.100.9") == 302


# --- What is stored -----------------------------------------------------------------------------------


def stored() -> tuple[int, int]:
    """Rows and characters in the cache that the workers share."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(sum(length(cache_key) + length(value)), 0) FROM shared_cache"
        )
        rows, characters = cursor.fetchone()
    return rows, characters


@pytest.fixture
def small_store(settings: Settings) -> None:
    shared = settings.CACHES["default"]
    settings.CACHES = {**settings.CACHES, "default": {**shared, "OPTIONS": {"MAX_ENTRIES": 20}}}


def long_try(name: str, address: str, number: int) -> None:
    """A refused sign-in with all that can be written into one."""
    Client().post(
        f"{LOGIN}?{'q' * 3_000}={number}",
        {"username": name, "password": "wrong", "more": "ก" * 5_000, f"field{number}": "ข" * 5_000},
        REMOTE_ADDR=PROXY,
        headers={
            "X-Forwarded-For": address,
            "User-Agent": f"{number} {'u' * 3_000}",
            "Accept": f"{number} {'a' * 3_000}",
        },
    )


def test_one_name_from_one_address_is_two_short_rows(behind_proxy: None) -> None:
    for number in range(30):
        long_try("staff", "198.51.100.9", number)
    rows, characters = stored()
    assert rows == 2, "one for the name from there, one for the address"
    assert characters < 700


def test_many_names_from_many_addresses_are_a_bounded_number_of_short_rows(
    behind_proxy: None, small_store: None
) -> None:
    for number in range(60):
        long_try(f"{number:02}{'ก' * 140}", f"198.51.100.{number}", number)
    rows, characters = stored()
    assert 0 < rows <= 21
    assert characters < 21 * 300


def test_what_is_over_makes_room_first(
    behind_proxy: None, small_store: None, time_machine: TimeMachineFixture
) -> None:
    start = datetime(2023, 2, 1, 10, 0, tzinfo=OFFICE)
    time_machine.move_to(start, tick=False)
    for number in range(10):
        long_try(f"name{number}", "198.51.100.9", number)
    time_machine.move_to(start + timedelta(minutes=14), tick=False)
    for _ in range(10):
        tried("staff", "wrong", "198.51.100.8")
    time_machine.move_to(start + timedelta(minutes=16), tick=False)
    for number in range(6):
        long_try(f"other{number}", f"198.51.100.1{number}", number)
    assert tried("staff", PASSWORD, "198.51.100.8") == 429


def test_one_address_cannot_fill_the_store_by_itself(behind_proxy: None, ten_in_all: None) -> None:
    for number in range(40):
        long_try(f"name{number}", "198.51.100.9", number)
    assert stored()[0] == 11


@pytest.mark.django_db(transaction=True)
def test_workers_that_count_at_once_let_no_more_tries_through() -> None:
    """The cache is the database's, and who counts there holds a lock."""

    def one(_: int) -> bool:
        try:
            return begin_try(RequestFactory().post(LOGIN, REMOTE_ADDR="198.51.100.9"), "staff") is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        looked_at = Counter(workers.map(one, range(30)))
    assert looked_at[True] <= 10
    assert looked_at[True] + looked_at[False] == 30


@pytest.mark.parametrize("name", ["ก" * 151, "ก" * 256, "a" * 100_000, "staff\0", "\0", "\ud7ff"])
def test_a_name_that_no_column_holds_is_a_wrong_name(behind_proxy: None, name: str) -> None:
    assert tried(name, "wrong", "198.51.100.9") == 200
