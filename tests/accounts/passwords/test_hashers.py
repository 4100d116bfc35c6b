"""Passwords are looked at in turns: so many at once, and who is known does not wait for strangers."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BoundedSemaphore, Event
from typing import Final

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from accounts.passwords import hashers
from accounts.passwords.hashers import TooBusy, as_stranger, turn

AT_ONCE: Final = 2


@pytest.fixture(autouse=True)
def free_places(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.PASSWORD_TURN_SECONDS = 0
    monkeypatch.setattr(hashers, "_for_strangers", BoundedSemaphore(AT_ONCE))
    monkeypatch.setattr(hashers, "_for_known", BoundedSemaphore(1))


def test_only_so_many_passwords_are_looked_at_at_once() -> None:
    inside, done = Barrier(AT_ONCE + 1), Event()

    def look() -> None:
        with as_stranger(), turn():
            inside.wait(20)
            done.wait(20)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        looking = [threads.submit(look) for _ in range(AT_ONCE)]
        inside.wait(20)
        with as_stranger(), pytest.raises(TooBusy), turn():
            pass
        # Who is known has a place of their own.
        with turn():
            pass
        done.set()
        for each in looking:
            each.result(20)
    with as_stranger(), turn():
        pass


def test_what_is_stored_is_django_s(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["accounts.passwords.hashers.BoundedArgon2"]
    stored = make_password("a long enough password")
    assert stored.startswith("argon2$argon2id$")
    assert check_password("a long enough password", stored)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert check_password("a long enough password", stored)


def test_who_finds_no_place_is_told_when_to_come_back(
    people: dict[str, User], settings: Settings, client: Client
) -> None:
    settings.PASSWORD_HASHERS = ["accounts.passwords.hashers.BoundedArgon2"]
    with as_stranger(), turn(), turn():
        answer = client.post(reverse("login"), {"username": "staff", "password": "x"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "มีผู้เข้าสู่ระบบพร้อมกันมาก" in answer.content.decode()
