"""Which addresses a file of an office program can link to."""

from typing import Final
from urllib.parse import quote, urlsplit

# Excel takes no longer one, and calls a file with one damaged.
MAX_ADDRESS: Final = 2_000
# What an address is made of (RFC 3986); anything else is written with percent signs.
KEPT: Final = "%:/?#[]@!$&'()*+,;=-._~"


def link_target(address: str) -> str:
    """An address as the file names it; empty where it is none that may be followed.

    Word refuses a file with an address that is not well formed, so that such a one stays text.
    """
    try:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            return ""
        _ = parts.port
        host = parts.netloc.encode("idna").decode() if not parts.netloc.isascii() else parts.netloc
    except ValueError:
        return ""
    if any(sign in host for sign in ' <>"{}|\\^`%'):
        return ""
    target = quote(parts._replace(netloc=host).geturl(), safe=KEPT)
    return target if len(target) <= MAX_ADDRESS else ""
