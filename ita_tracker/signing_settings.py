"""Settings of signing: the certificate of the organisation that runs the site, and a time stamp server.

Here it is only seen that they can be read and are nobody else's: whether the passphrase fits and whether the
certificate still holds is said by `manage.py check` and by /readyz, while the site works.
"""

import binascii
from base64 import b64decode
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_IROTH, S_ISREG
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import Env


@dataclass(frozen=True)
class SigningSettings:
    """What is set of signing; each is empty where it is not."""

    certificate_file: str = ""
    """Of a PKCS#12 file with certificate, key and issuers."""
    certificate: str = field(default="", repr=False)
    """The same in base64, instead of a file."""
    passphrase_file: str = ""
    """Its first line is the passphrase."""
    passphrase: str = field(default="", repr=False)
    roots_file: str = ""
    """Root certificates in PEM, of the certificate and of the time stamp server."""
    timestamp_url: str = ""
    """Of a time stamp server (RFC 3161)."""

    @property
    def has_certificate(self) -> bool:
        """Whether this site signs what is approved on it."""
        return bool(self.certificate_file or self.certificate)


def secret_file(env: Env, name: str) -> str:
    """The path of a file that only this site may read; empty where none is named.

    Raises:
        ImproperlyConfigured: it cannot be read, or everybody on this machine can read it.
    """
    path = env.str(name, default="")
    if not path:
        return ""
    try:
        mode = Path(path).stat().st_mode
        with Path(path).open("rb") as file:
            is_empty = not file.read(1)
    except OSError as error:
        raise ImproperlyConfigured(f"{name} cannot be read: {error}") from error
    if not S_ISREG(mode) or is_empty:
        raise ImproperlyConfigured(f"{name} is empty or no file: {path}")
    if mode & S_IROTH:
        raise ImproperlyConfigured(f"{name} can be read by everybody on this machine: chmod o-r {path}")
    return path


def web_address(env: Env, name: str) -> str:
    """An address of the web; empty where none is named.

    Raises:
        ImproperlyConfigured: it is none.
    """
    address = env.str(name, default="").strip()
    try:
        parts = urlsplit(address)
        known = not address or (parts.scheme in {"http", "https"} and bool(parts.hostname))
    except ValueError:
        known = False
    if not known:
        raise ImproperlyConfigured(f"{name} must be an address such as http://tsa.example.go.th/stamp.")
    return address


def signing_of(env: Env) -> SigningSettings:
    """What the environment says of signing.

    Raises:
        ImproperlyConfigured: something cannot be read, is not safe, or does not fit the rest.
    """
    found = SigningSettings(
        certificate_file=secret_file(env, "SIGNING_CERTIFICATE_FILE"),
        certificate="".join(env.str("SIGNING_CERTIFICATE", default="").split()),
        passphrase_file=secret_file(env, "SIGNING_PASSPHRASE_FILE"),
        passphrase=env.str("SIGNING_PASSPHRASE", default=""),
        roots_file=_certificates(env, "SIGNING_ROOTS_FILE"),
        timestamp_url=web_address(env, "TIMESTAMP_URL"),
    )
    _check_together(found)
    return found


def _check_together(found: SigningSettings) -> None:
    if found.certificate and found.certificate_file:
        raise ImproperlyConfigured("Set SIGNING_CERTIFICATE or SIGNING_CERTIFICATE_FILE, not both.")
    if found.passphrase and found.passphrase_file:
        raise ImproperlyConfigured("Set SIGNING_PASSPHRASE or SIGNING_PASSPHRASE_FILE, not both.")
    if found.has_certificate and not (found.passphrase or found.passphrase_file):
        raise ImproperlyConfigured("A signing certificate needs SIGNING_PASSPHRASE_FILE (see README.md).")
    if not found.has_certificate and found != SigningSettings():
        raise ImproperlyConfigured(
            "SIGNING_PASSPHRASE, SIGNING_ROOTS_FILE and TIMESTAMP_URL need SIGNING_CERTIFICATE_FILE."
        )
    try:
        b64decode(found.certificate, validate=True)
    except binascii.Error as error:
        raise ImproperlyConfigured("SIGNING_CERTIFICATE must be a PKCS#12 file in base64.") from error


def _certificates(env: Env, name: str) -> str:
    path = env.str(name, default="")
    try:
        if path and "BEGIN CERTIFICATE" not in Path(path).read_text(encoding="utf-8"):
            raise ImproperlyConfigured(f"{name} has no certificate in PEM: {path}")
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name} cannot be read: {error}") from error
    return path
