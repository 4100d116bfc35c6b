"""Argon2 with a bounded number of passwords at once: each takes 100 MB for a tenth of a second."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import BoundedSemaphore
from typing import Final

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher

_is_stranger: Final = ContextVar("is_stranger", default=False)
_for_strangers: Final = BoundedSemaphore(settings.PASSWORDS_AT_ONCE)
# Strangers who try on and on leave room for who is signed in, or comes with a device that is known.
_for_known: Final = BoundedSemaphore(1)


class TooBusy(Exception):
    """More passwords wait to be looked at than this process can take on."""


@contextmanager
def as_stranger(is_stranger: bool = True) -> Iterator[None]:
    """What is hashed here is for somebody of whom nothing is known yet."""
    token = _is_stranger.set(is_stranger)
    try:
        yield
    finally:
        _is_stranger.reset(token)


@contextmanager
def turn() -> Iterator[None]:
    """One of the places for a password; waits for one for a short time.

    Raises:
        TooBusy: none was free.
    """
    places = _for_strangers if _is_stranger.get() else _for_known
    if not places.acquire(timeout=settings.PASSWORD_TURN_SECONDS):
        raise TooBusy
    try:
        yield
    finally:
        places.release()


class BoundedArgon2(Argon2PasswordHasher):
    """Django's Argon2, in turns; what is stored is the same."""

    def encode(self, password: str, salt: str) -> str:
        with turn():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with turn():
            return super().verify(password, encoded)
