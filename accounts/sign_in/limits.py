"""Limits of wrong passwords: by name and address together, and by address.

They are counted by allauth in the cache that all workers share; what is counted when is decided here.
"""

from dataclasses import dataclass
from ipaddress import ip_address

from allauth.core.internal import ratelimit
from django.http import HttpRequest

from accounts.sign_in.client_address import client_address, client_network

APP = "allauth.account"
OF_NAME = "wrong_password"
OF_ADDRESS = "wrong_password_of_address"


@dataclass
class Try:
    """A password that is being looked at. It counts as wrong from the start, so that a hundred at once do."""

    request: HttpRequest
    name: str
    of_address: ratelimit.RateLimitUsage | None

    def was_right(self) -> None:
        """The right password forgives the wrong ones of its name; of an address it only does not count."""
        ratelimit.clear(self.request, app=APP, action=OF_NAME, key=_key(self.request, self.name))
        if self.of_address:
            self.of_address.rollback()


def begin_try(request: HttpRequest, name: str) -> Try | None:
    """Count a try; None, with nothing counted, if this name from here or every name from here has to wait."""
    of_address = None
    if _address_counts(request):
        of_address = ratelimit.consume(request, app=APP, action=OF_ADDRESS)
        if of_address is None:
            return None
    if ratelimit.consume(request, app=APP, action=OF_NAME, key=_key(request, name)) is None:
        if of_address:
            of_address.rollback()
        return None
    return Try(request, name, of_address)


def has_to_wait(request: HttpRequest, name: str) -> bool:
    """Whether the next try would not be looked at."""
    key = _key(request, name)
    return ratelimit.consume(request, app=APP, action=OF_NAME, key=key, dry_run=True) is None or (
        _address_counts(request)
        and ratelimit.consume(request, app=APP, action=OF_ADDRESS, dry_run=True) is None
    )


def _key(request: HttpRequest, name: str) -> str:
    """Name and address in one: nobody can close a name for somebody else."""
    return f"{client_network(request)} {name}"


def _address_counts(request: HttpRequest) -> bool:
    """Behind a proxy that TRUSTED_PROXIES does not count everybody has this machine's address."""
    address = ip_address(client_address(request))
    return not (address.is_loopback or address.is_unspecified)
