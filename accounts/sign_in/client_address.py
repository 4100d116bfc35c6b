"""Address of the computer that sends a request, behind a counted number of trusted proxies."""

import logging
import re
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

from django.conf import settings
from django.http import HttpRequest

UNKNOWN: Final = str(IPv4Address(0))
# 192.0.2.7:50123, [2001:db8::7] and [2001:db8::7]:50123: some proxies write the port too.
WITH_PORT: Final = re.compile(r"(?:\[(?P<six>[^\]]+)\]|(?P<four>[0-9.]+))(?::[0-9]{1,5})?")
# Who rents one IPv6 address has 2 to the power of 64 of them.
BITS_OF_NETWORK: Final = 64

logger = logging.getLogger(__name__)


def client_address(request: HttpRequest) -> str:
    """The client's address in its shortest spelling; UNKNOWN where nothing says it.

    Every proxy adds the address that it was called from to the right end of X-Forwarded-For. What the client
    itself wrote stands to the left of that. So with n trusted proxies only the n-th entry from the right
    counts. A header with fewer entries, or with something else at that place, did not come through those
    proxies; the address of the connection then counts.
    """
    count = settings.TRUSTED_PROXIES
    header = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if header and not count:
        _warn_of_an_uncounted_proxy()
    entries = header.split(",")
    forwarded = _address(entries[-count]) if 0 < count <= len(entries) else None
    return str(forwarded or _address(request.META.get("REMOTE_ADDR", "")) or UNKNOWN)


def client_network(request: HttpRequest) -> str:
    """The address by which tries are counted: of IPv6 the first address of its network of 64 bits."""
    address = ip_address(client_address(request))
    if isinstance(address, IPv4Address):
        return str(address)
    host_bits = address.max_prefixlen - BITS_OF_NETWORK
    return str(IPv6Address(int(address) >> host_bits << host_bits))


@cache
def _warn_of_an_uncounted_proxy() -> None:
    """Once for each process: anybody can send the header, and nobody is to fill the log with it."""
    logger.warning(
        "A request has X-Forwarded-For, but TRUSTED_PROXIES is 0. If a proxy stands in front of the site, set"
        " TRUSTED_PROXIES (see README.md): until then everybody counts as one address."
    )


def _address(text: str) -> IPv4Address | IPv6Address | None:
    text = text.strip()
    if spelled := WITH_PORT.fullmatch(text):
        text = spelled["six"] or spelled["four"]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    # One client is one address, whichever way the server listens.
    return getattr(address, "ipv4_mapped", None) or address
