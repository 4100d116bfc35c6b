"""Refused sign-ins: whose address counts behind proxies, who is locked out by whom, and what is stored."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

import pytest
from django.core import signing
from django.db import connection
from django.test import Client, RequestFactory
from pytest_django import Settings
from time_machine import TimeMachineFixture

from accounts.models import SignInCount, SignInRefusal, SiteSession, User
from accounts.sign_in import known_devices, limits
from accounts.sign_in.client_address import UNKNOWN, client_address, client_network
from accounts.sign_in.limits import MAX_ROWS, Try, begin_try, counted_for
from accounts.sign_in.refusals import MAX_OF_PERSON, note_refusal
from tests.support.factories import OFFICE, PASSWORD
from tests.support.thorough import THOROUGH

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
def ten_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "OF_ADDRESS", replace(limits.OF_ADDRESS, at_once=10))


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
    for number in range(11):
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
    for seconds in range(0, 90, 5):
        time_machine.move_to(start + timedelta(seconds=seconds), tick=False)
        assert tried("staff", "wrong", "198.51.100.9") == 429
    time_machine.move_to(start + timedelta(seconds=91), tick=False)
    assert tried("staff", PASSWORD, "198.51.100.9") == 302


# --- A device that is known -----------------------------------------------------------------------------


@pytest.fixture
def name_is_busy(behind_proxy: None, february: None) -> None:
    """Somebody tries staff's password from everywhere."""
    for number in range(limits.OF_NAME.at_once):
        tried("staff", "wrong", f"203.0.113.{number}")


def sign_in_from(client: Client, address: str, name: str = "staff", password: str = PASSWORD) -> Any:
    sent = {"username": name, "password": password}
    return client.post(LOGIN, sent, REMOTE_ADDR=PROXY, headers={"X-Forwarded-For": address})


def test_a_name_that_is_tried_from_everywhere_is_slowed_for_strangers(
    name_is_busy: None, time_machine: TimeMachineFixture
) -> None:
    answer = sign_in_from(Client(), "198.51.100.1")
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= limits.OF_NAME.interval / 1_000
    assert tried("officer", PASSWORD, "198.51.100.1") == 302, "other names are not concerned"
    time_machine.shift(31)
    assert tried("staff", PASSWORD, "198.51.100.1") == 302, "it is slowed, not closed"


def test_nobody_can_keep_a_person_out_of_a_device_of_theirs(behind_proxy: None) -> None:
    own = Client()
    assert sign_in_from(own, "198.51.100.1").status_code == 302
    own.post("/logout/")
    # From everywhere, and from the office itself.
    for number in range(limits.OF_NAME.at_once):
        tried("staff", "wrong", f"203.0.113.{number}")
    for _ in range(limits.OF_NAME_FROM_HERE.at_once):
        tried("staff", "wrong", "198.51.100.1")
    assert tried("staff", PASSWORD, "198.51.100.1") == 429
    assert sign_in_from(own, "198.51.100.1").status_code == 302


def test_a_device_of_one_person_is_no_device_of_another(name_is_busy: None) -> None:
    client = Client()
    assert sign_in_from(client, "198.51.100.1", "officer").status_code == 302
    client.post("/logout/")
    assert sign_in_from(client, "198.51.100.1").status_code == 429


def test_a_device_that_is_known_is_limited_by_itself(behind_proxy: None) -> None:
    """Whoever copies the cookie has ten tries as anybody."""
    client = Client()
    sign_in_from(client, "198.51.100.1")
    client.post("/logout/")
    answers = [sign_in_from(client, f"203.0.113.{n}", password="wrong").status_code for n in range(11)]
    assert answers == [200] * 9 + [429] * 2


def test_a_cookie_that_nobody_signed_is_none(name_is_busy: None, settings: Settings) -> None:
    for forged in ("", "x", "eyJkZXZpY2UiOiJ4IiwicGVvcGxlIjpbXX0:1:x"):
        client = Client()
        client.cookies[settings.DEVICE_COOKIE_NAME] = forged
        assert sign_in_from(client, "198.51.100.1").status_code == 429, forged


def test_the_cookie_names_nobody_and_is_kept_from_scripts(behind_proxy: None, settings: Settings) -> None:
    client = Client()
    sign_in_from(client, "198.51.100.1")
    cookie = client.cookies[settings.DEVICE_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert "staff" not in str(signing.loads(cookie.value, salt=known_devices.SALT))


def test_the_password_that_is_asked_for_again_is_not_kept_from_who_is_signed_in(name_is_busy: None) -> None:
    request = RequestFactory().post("/account/confirm/", REMOTE_ADDR="198.51.100.1")
    request.user = User.objects.get(username="staff")
    assert counted_for(request, "staff")[1]


# --- What is stored -----------------------------------------------------------------------------------


def test_whatever_is_tried_the_rows_are_a_fixed_number(db: None) -> None:
    """Ten thousand random names and addresses with THOROUGH; a tenth of them otherwise, in small tables."""
    small = [replace(limit, rows=limit.rows if THOROUGH else 16) for limit in limits.LIMITS]
    chance = Random(1)  # noqa: S311 - no secret
    with pytest.MonkeyPatch.context() as patch:
        for name, limit in zip(("OF_NAME_FROM_HERE", "OF_ADDRESS", "OF_NAME"), small, strict=True):
            patch.setattr(limits, name, limit)
        for _ in range(10_000 if THOROUGH else 500):
            address = f"2001:db8:{chance.randrange(65_536):x}:{chance.randrange(65_536):x}::1"
            begin_try(RequestFactory().post(LOGIN, REMOTE_ADDR=address), f"{chance.random()}")
    assert 0 < SignInCount.objects.count() <= (MAX_ROWS if THOROUGH else 48)
    assert not SiteSession.objects.exists()


def test_a_try_that_has_to_wait_writes_nothing(behind_proxy: None) -> None:
    for _ in range(10):
        tried("staff", "wrong", "198.51.100.9")
    before = list(SignInCount.objects.order_by("row").values()), list(SignInRefusal.objects.values())
    for _ in range(20):
        assert tried("staff", "wrong", "198.51.100.9") == 429
    assert before == (
        list(SignInCount.objects.order_by("row").values()),
        list(SignInRefusal.objects.values()),
    )


def test_the_log_says_who_and_from_where_once(behind_proxy: None, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(datetime(2023, 2, 1, 10, 0, tzinfo=OFFICE), tick=False)
    for _ in range(3):
        for _ in range(10):
            tried("staff", "wrong", "2001:db8:1:2::7")
        time_machine.shift(1_000)
    line = SignInRefusal.objects.get()
    assert (line.person and line.person.username, line.network, line.kind) == (
        "staff",
        "2001:db8:1:2::",
        "pair",
    )
    assert line.times == 3
    assert line.last_at - line.first_at == timedelta(seconds=2_000)


def test_a_name_of_nobody_is_not_kept(behind_proxy: None) -> None:
    """It may have been a password."""
    for _ in range(10):
        tried("my secret password", "wrong", "198.51.100.9")
    line = SignInRefusal.objects.get()
    assert line.person is None
    assert "secret" not in str(list(SignInRefusal.objects.values()) + list(SignInCount.objects.values()))


def test_the_log_is_bounded_and_forgets(people: dict[str, User], time_machine: TimeMachineFixture) -> None:
    start = datetime(2023, 2, 1, 10, 0, tzinfo=OFFICE)
    time_machine.move_to(start, tick=False)
    for number in range(MAX_OF_PERSON + 5):
        request = RequestFactory().post(LOGIN, REMOTE_ADDR=f"203.0.113.{number}")
        note_refusal(request, "staff", limits.OF_NAME_FROM_HERE)
    assert SignInRefusal.objects.count() == MAX_OF_PERSON
    time_machine.move_to(start + timedelta(days=91), tick=False)
    note_refusal(RequestFactory().post(LOGIN), "officer", limits.OF_NAME_FROM_HERE)
    assert [line.person and line.person.username for line in SignInRefusal.objects.all()] == ["officer"]


@pytest.mark.django_db(transaction=True)
def test_workers_that_count_at_once_let_no_more_tries_through() -> None:
    """The cache is the database's, and who counts there holds a lock."""

    def one(_: int) -> bool:
        try:
            return (
                begin_try(RequestFactory().post(LOGIN, REMOTE_ADDR="198.51.100.9"), "staff").__class__ is Try
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        looked_at = Counter(workers.map(one, range(30)))
    assert looked_at[True] <= 10
    assert looked_at[True] + looked_at[False] == 30


@pytest.mark.parametrize("name", ["ก" * 151, "ก" * 256, "a" * 100_000, "staff\0", "\0", "\ud7ff"])
def test_a_name_that_no_column_holds_is_a_wrong_name(behind_proxy: None, name: str) -> None:
    assert tried(name, "wrong", "198.51.100.9") == 200
