"""Settings with which a production site must not start, and networks as settings name them."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final

from django.core.exceptions import ImproperlyConfigured

# token_urlsafe(50), as README.md has it, makes 67 letters.
SHORTEST_KEY: Final = 32
FEWEST_LETTERS: Final = 8
# Of Django's template of a project, and of this site without settings.
KNOWN_KEYS: Final = ("django-insecure-", "for-development-")


def refuse_unsafe(secret_key: str, hosts: Sequence[str]) -> None:
    """Who guesses the key signs in as anybody; with * anybody has links in the site's mails lead elsewhere.

    Raises:
        ImproperlyConfigured: one of them would let that happen.
    """
    if any(host.strip() in {"*", "."} for host in hosts):
        raise ImproperlyConfigured("ALLOWED_HOSTS must name the site's hosts, not * (see README.md).")
    is_short = len(secret_key) < SHORTEST_KEY or len(set(secret_key)) < FEWEST_LETTERS
    if is_short or secret_key.startswith(KNOWN_KEYS):
        raise ImproperlyConfigured(
            "SECRET_KEY is too short or known to everybody. Set it to a long random text (see README.md)."
        )


def networks(texts: Sequence[str]) -> Sequence[IPv4Network | IPv6Network]:
    """Networks such as 10.0.0.0/8.

    Raises:
        ImproperlyConfigured: one of the texts is none.
    """
    try:
        return [ip_network(text.strip()) for text in texts]
    except ValueError as error:
        raise ImproperlyConfigured(
            f"ADMIN_NETWORKS must be networks such as 10.0.0.0/8, separated by commas: {error}"
        ) from error
