"""Devices on which a person has signed in before, remembered by a signed cookie and nowhere else."""

import secrets
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.models import User

SALT: Final = "accounts.known_device"
MAX_AGE: Final = 365 * 24 * 60 * 60
# Who share a computer; the longest ago goes first.
MAX_PEOPLE: Final = 8


def device_of(request: HttpRequest, name: str) -> str:
    """A text that stands for this device of the person with this user name; empty where it is unknown.

    A session of the person counts as a device of theirs.
    """
    user = getattr(request, "user", None)
    if isinstance(user, User) and user.username.lower() == name.lower():
        return f"session {user.pk}"
    device, people = _read(request)
    return device if device and _mark(device, name) in people else ""


def is_known(request: HttpRequest, person: User) -> bool:
    """Whether the person has signed in on this device before."""
    device, people = _read(request)
    return bool(device) and _mark(device, person.username) in people


def remember(request: HttpRequest, response: HttpResponseBase, person: User) -> None:
    """Give the device a cookie that says that the person has signed in on it."""
    device, people = _read(request)
    device = device or secrets.token_urlsafe(12)
    mark = _mark(device, person.username)
    people = [mark, *(each for each in people if each != mark)][:MAX_PEOPLE]
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps({"device": device, "people": people}, salt=SALT),
        max_age=MAX_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        said: Any = signing.loads(
            request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=SALT, max_age=MAX_AGE
        )
        return str(said["device"]), [str(each) for each in said["people"]]
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return "", []


def _mark(device: str, name: str) -> str:
    """A cookie is read by whoever has the device: it names nobody."""
    return signing.Signer(salt=SALT).signature(f"{device} {name.lower()}")[:16]
