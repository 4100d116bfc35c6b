"""The certificate of the organisation that runs this site, by the settings, and what is wrong with it.

What reads it is imported when there is one: a site without a certificate pays nothing.
"""

import binascii
import logging
from base64 import b64decode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings

from core.thai_calendar import long_date

# A new certificate takes an office some weeks.
ENDS_SOON: Final = timedelta(days=45)
UNREADABLE: Final = "อ่านไฟล์ใบรับรองหรือรหัสผ่านที่ตั้งไว้ไม่ได้"
NOT_OPENED: Final = "เปิดใบรับรองไม่ได้ รหัสผ่านไม่ถูกต้องหรือไฟล์ไม่ใช่ PKCS#12"
NO_KEY: Final = "ไฟล์ใบรับรองไม่มีกุญแจส่วนตัวหรือไม่มีใบรับรอง"
NOT_FOR_SIGNING: Final = "ใบรับรองนี้ไม่ได้ออกให้ใช้ลงลายมือชื่อ"
NOT_YET: Final = "ใบรับรองเริ่มใช้ได้วันที่ {}"
EXPIRED: Final = "ใบรับรองหมดอายุเมื่อวันที่ {}"
NO_ROOTS: Final = "อ่านใบรับรองรากใน SIGNING_ROOTS_FILE ไม่ได้"

logger = logging.getLogger(__name__)


class CertificateProblem(Exception):
    """The certificate cannot sign now; the text is the sentence that says why."""


@dataclass(frozen=True)
class Credentials:
    """What signing needs; not to be shown or logged."""

    pkcs12: bytes
    passphrase: bytes


@dataclass(frozen=True)
class CertificateFacts:
    """What may be told of a certificate."""

    name: str
    """Whose it is: the organisation, or else the common name."""
    starts_at: datetime
    ends_at: datetime
    may_sign: bool


def credentials() -> Credentials:
    """The certificate as it was configured; read each time, so that a new file needs no new start.

    Raises:
        CertificateProblem: it cannot be read.
    """
    given = settings.SIGNING
    try:
        if given.certificate_file:
            content = Path(given.certificate_file).read_bytes()
        else:
            content = b64decode(given.certificate)
        passphrase = given.passphrase.encode()
        if given.passphrase_file:
            passphrase = Path(given.passphrase_file).read_bytes().partition(b"\n")[0].strip()
    except (OSError, binascii.Error) as error:
        logger.warning("The signing certificate cannot be read: %s", error)
        raise CertificateProblem(UNREADABLE) from error
    return Credentials(content, passphrase)


def facts() -> CertificateFacts:
    """Whose certificate it is and how long it holds.

    Raises:
        CertificateProblem: it cannot be read or opened.
    """
    found = credentials()
    return _facts(found.pkcs12, found.passphrase)


def usable_facts() -> CertificateFacts:
    """As facts(), of a certificate that can sign now.

    Raises:
        CertificateProblem: it cannot.
    """
    found = facts()
    now = datetime.now(UTC)
    if now >= found.ends_at:
        raise CertificateProblem(EXPIRED.format(long_date(found.ends_at)))
    if now < found.starts_at:
        raise CertificateProblem(NOT_YET.format(long_date(found.starts_at)))
    if not found.may_sign:
        raise CertificateProblem(NOT_FOR_SIGNING)
    return found


def roots() -> list[bytes]:
    """The root certificates that are trusted besides those of the certificate's own file (DER).

    Raises:
        CertificateProblem: the file that the settings name cannot be read.
    """
    if not settings.SIGNING.roots_file:
        return []
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    try:
        found = x509.load_pem_x509_certificates(Path(settings.SIGNING.roots_file).read_bytes())
    except (OSError, ValueError) as error:
        logger.warning("SIGNING_ROOTS_FILE cannot be read: %s", error)
        raise CertificateProblem(NO_ROOTS) from error
    return [each.public_bytes(Encoding.DER) for each in found]


# Deriving the key of a PKCS#12 file takes a tenth of a second; health is asked for often.
@lru_cache(maxsize=2)
def _facts(pkcs12: bytes, passphrase: bytes) -> CertificateFacts:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates
    from cryptography.x509.oid import NameOID

    try:
        key, certificate, _ = load_key_and_certificates(pkcs12, passphrase or None)
    except ValueError as error:
        raise CertificateProblem(NOT_OPENED) from error
    if key is None or certificate is None:
        raise CertificateProblem(NO_KEY)
    names = [
        *certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME),
        *certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME),
    ]
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        may_sign = usage.digital_signature or usage.content_commitment
    except x509.ExtensionNotFound:
        may_sign = True
    return CertificateFacts(
        str(names[0].value) if names else certificate.subject.rfc4514_string(),
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
        may_sign,
    )
