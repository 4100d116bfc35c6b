"""All that the project knows of pyHanko's signing: PAdES signatures, and time stamps that make them last.

Importing this module imports pyHanko, which takes half a second: import it where something is signed.
"""

import asyncio
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from asn1crypto import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, PdfTimeStamper, SimpleSigner
from pyhanko.sign.signers.pdf_signer import TimestampDSSContentSettings
from pyhanko.sign.validation.ades import ades_timestamp_validation_internal
from pyhanko.sign.validation.dss import DocumentSecurityStore, collect_validation_info
from pyhanko_certvalidator import ValidationContext

from reports.signatures.certificate import Credentials
from reports.signatures.network import BoundedFetchers, BoundedTimeStamper

HASH: Final = "sha256"
FIELD: Final = "Signature1"
# PDF/A wants it printed, PDF/UA wants it hidden or beside the page.
INVISIBLE: Final = InvisSigSettings(box_out_of_bounds=True)
DSS_FIRST: Final = TimestampDSSContentSettings(include_vri=False, update_before_ts=True)


@dataclass(frozen=True)
class Archived:
    """A file with a new time stamp on top."""

    content: bytes
    stamp_until: datetime
    """When the certificate of that time stamp ends."""


class _Writer(IncrementalPdfFileWriter):
    """Adds to a file what is asked for and nothing else.

    pyHanko would write the metadata anew with its own name and the time, and what it does not know would go.
    """

    def _update_meta(self) -> None:
        """Leave title, dates and the claims of PDF/A and PDF/UA as they are."""


def signed(
    content: bytes, credentials: Credentials, *, reason: str, location: str, timestamp_url: str = ""
) -> bytes:
    """A PDF with a signature on top (PAdES B-B); with a time stamp server, one that says when (B-T).

    Args:
        content: the file; it is what the result begins with.
        timestamp_url: of a server of RFC 3161, which is then asked.

    Raises:
        ValueError: the certificate cannot be opened.
        OSError: no time stamp can be had.
    """
    signer = SimpleSigner.load_pkcs12_data(credentials.pkcs12, [], credentials.passphrase or None)
    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=HASH,
        subfilter=SigSeedSubFilter.PADES,
        reason=reason,
        location=location,
    )
    pdf_signer = PdfSigner(
        metadata,
        signer,
        timestamper=BoundedTimeStamper(timestamp_url) if timestamp_url else None,
        new_field_spec=SigFieldSpec(FIELD, invis_sig_settings=INVISIBLE),
    )
    made: bytes = pdf_signer.sign_pdf(_Writer(io.BytesIO(content))).getvalue()
    return made


def archived(content: bytes, timestamp_url: str, roots: Sequence[bytes]) -> Archived:
    """A signed PDF with what proves its last signature or time stamp, and a new time stamp over all (B-LTA).

    Args:
        content: the file; it is what the result begins with.
        roots: the certificates that are trusted (DER).

    Raises:
        OSError: no time stamp can be had.
        Exception: a certificate is revoked, has ended, comes from nobody who is trusted, or nobody says
            whether it is revoked: pyHanko has many errors for that.
    """
    return asyncio.run(_archived(content, timestamp_url, roots))


async def _archived(content: bytes, timestamp_url: str, roots: Sequence[bytes]) -> Archived:
    reader = PdfFileReader(io.BytesIO(content))
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(each) for each in roots],
        allow_fetching=True,
        fetcher_backend=BoundedFetchers(),
        # Where a certificate says who can be asked whether it is revoked, somebody has to have answered.
        revocation_mode="hard-fail",
    )
    stamps = reader.embedded_timestamp_signatures
    last = stamps[-1] if stamps else reader.embedded_regular_signatures[-1]
    paths = [await _path_of_stamp(last, context)] if stamps else await collect_validation_info(last, context)
    writer = _Writer(io.BytesIO(content))
    DocumentSecurityStore.supply_dss_in_writer(
        writer, last.pkcs7_content, paths=paths, validation_context=context
    )
    stamper = PdfTimeStamper(BoundedTimeStamper(timestamp_url), invis_settings=INVISIBLE)
    made = await stamper.async_timestamp_pdf(writer, HASH, context, dss_settings=DSS_FIRST)
    result = made.getvalue()
    newest = PdfFileReader(io.BytesIO(result)).embedded_timestamp_signatures[-1]
    return Archived(result, newest.signer_cert.not_valid_after)


async def _path_of_stamp(stamp: Any, context: ValidationContext) -> Any:
    """The certificates of a time stamp that still holds.

    Raises:
        ValueError: it does not.
    """
    found = await ades_timestamp_validation_internal(
        stamp.signed_data,
        context,
        expected_tst_imprint=stamp.compute_digest,
        ts_qualification_requirements=None,
    )
    status = found.api_status
    if status is None or not (status.valid and status.intact and status.trusted):
        raise ValueError("the last time stamp does not hold")
    return status.validation_path


def trusted_of(credentials: Credentials) -> list[bytes]:
    """The roots that came with a certificate, in its own file (DER).

    Raises:
        ValueError: the certificate cannot be opened.
    """
    signer = SimpleSigner.load_pkcs12_data(credentials.pkcs12, [], credentials.passphrase or None)
    known = [*signer.cert_registry, signer.signing_cert]
    return [each.dump() for each in known if each.self_signed in ("yes", "maybe")]
