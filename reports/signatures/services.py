"""Signing the PDF of an edition when it is made, and what is added to it later, in copies beside it.

A signature that fails keeps nobody from having a report: the file is stored as it is, with the sentence that
says why, and the next night tries again in a copy.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from ledger.services import append
from reports.document.facts import ReportDocument
from reports.document.serialization import from_json
from reports.models import EditionFile, FileSignature, SignatureLevel, SignedCopy
from reports.noting import copy_noted
from reports.signatures.certificate import CertificateProblem, credentials, roots, usable_facts

SIGNED_FORMATS: Final = frozenset({"pdf"})
NOT_SIGNED: Final = "ลงลายมือชื่อดิจิทัลไม่ได้: {}"
NOT_STAMPED: Final = "ลงลายมือชื่อดิจิทัลแล้ว แต่ยังไม่มีตราประทับเวลา: {}"
REVOKED: Final = "ใบรับรองของหน่วยงานหรือของเซิร์ฟเวอร์ตราประทับเวลาถูกเพิกถอนแล้ว"
NO_ANSWER: Final = "เซิร์ฟเวอร์ตราประทับเวลาหรือผู้ออกใบรับรองไม่ตอบ"
NOT_PROVEN: Final = "ตรวจใบรับรองกับผู้ออกไม่ได้ โปรดตรวจ SIGNING_ROOTS_FILE และการเชื่อมต่อออกนอกเครื่อง"
UNKNOWN: Final = "เกิดข้อผิดพลาดที่ไม่คาดไว้ โปรดดูบันทึกของเครื่องแม่ข่าย"
DAMAGED: Final = "ไฟล์ที่เก็บไว้ไม่ตรงกับ SHA-256 ของไฟล์ จึงไม่เพิ่มลายมือชื่อให้"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class SignedFile:
    """A file as it is to be stored, with what its FileSignature says."""

    content: bytes
    level: str = ""
    signer: str = ""
    stamp_until: datetime | None = None
    problem: str = ""


def sign(content: bytes, name: str, document: ReportDocument) -> SignedFile | None:
    """A file of an edition with the organisation's signature; it may ask the time stamp server.

    Outside of a transaction: that server may take seconds to answer.

    Args:
        content: the file; what is returned begins with it.
        name: its format.
        document: of the edition.

    Returns:
        None where this site signs nothing of this format. What is for trying out, with invented facts, gets
        no organisation's signature.
    """
    if name not in SIGNED_FORMATS or document.sample_note or not settings.SIGNING.has_certificate:
        return None
    try:
        return _signed(content, document)
    except CertificateProblem as problem:
        return SignedFile(content, problem=NOT_SIGNED.format(problem))
    except Exception:  # whatever it is, the office has its report
        logger.exception("An edition could not be signed")
        return SignedFile(content, problem=NOT_SIGNED.format(UNKNOWN))


def note_signature(file: EditionFile, signed: SignedFile) -> None:
    """Store what was signed, in the transaction that stores the file."""
    FileSignature.objects.create(
        file=file,
        level=signed.level,
        signer=signed.signer,
        stamp_until=signed.stamp_until,
        problem=signed.problem,
    )


def add_to(signature: FileSignature) -> SignedCopy | None:
    """Make the next copy of a file: signed if it is not yet, else with a newer time stamp on top.

    Returns:
        None where somebody else has made it at this moment.

    Raises:
        CertificateProblem: it cannot be made now; the text says why.
    """
    file = EditionFile.objects.select_related("edition").get(pk=signature.file_id)
    if hashlib.sha256(file.content).hexdigest() != file.sha256:
        raise CertificateProblem(DAMAGED)
    last = SignedCopy.objects.filter(file=file).order_by("-number").first()
    content = bytes(file.content) + bytes(last.added if last else b"")
    if not (last or signature).level:
        made = _signed(content, from_json(file.edition.document.encode()))
    else:
        made = _stamped(SignedFile(content))
    copy = SignedCopy(
        file=file,
        number=last.number + 1 if last else 1,
        added=made.content[len(file.content) :],
        sha256=hashlib.sha256(made.content).hexdigest(),
        level=made.level,
        stamp_until=made.stamp_until,
        made_at=timezone.now(),
    )
    try:
        with transaction.atomic():
            copy.save(force_insert=True)
            append(copy_noted(copy))
    except IntegrityError:
        if not SignedCopy.objects.filter(file=file, number=copy.number).exists():
            raise
        return None
    return copy


def _signed(content: bytes, document: ReportDocument) -> SignedFile:
    """Signed, and stamped where a time stamp server is set and answers.

    Raises:
        CertificateProblem: the certificate cannot sign.
    """
    from reports.signatures import signing

    signer = usable_facts().name[:200]
    told = {"reason": reason_of(document), "location": document.agency}
    basic = SignedFile(signing.signed(content, credentials(), **told), SignatureLevel.BASIC, signer)
    url = settings.SIGNING.timestamp_url
    if not url:
        return basic
    try:
        timed = signing.signed(content, credentials(), **told, timestamp_url=url)
        return _stamped(SignedFile(timed, SignatureLevel.BASIC, signer))
    except OSError as error:
        logger.warning("No time stamp for an edition: %s", error)
        return _with_problem(basic, NO_ANSWER)
    except CertificateProblem as problem:
        if str(problem) == REVOKED:
            raise
        return _with_problem(basic, str(problem))


def _with_problem(basic: SignedFile, problem: str) -> SignedFile:
    return SignedFile(basic.content, basic.level, basic.signer, problem=NOT_STAMPED.format(problem))


def _stamped(signed: SignedFile) -> SignedFile:
    """With a new time stamp, and what proves the one before.

    Raises:
        CertificateProblem: it cannot be had.
    """
    from pyhanko_certvalidator.errors import InsufficientRevinfoError, RevokedError

    from reports.signatures import signing

    trusted = [*roots(), *signing.trusted_of(credentials())]
    try:
        made = signing.archived(signed.content, settings.SIGNING.timestamp_url, trusted)
    except RevokedError as error:
        logger.warning("A certificate of signing is revoked: %s", error)
        raise CertificateProblem(REVOKED) from error
    except (OSError, InsufficientRevinfoError) as error:
        logger.warning("No time stamp: %s", error)
        raise CertificateProblem(NO_ANSWER) from error
    except Exception as error:
        logger.warning("A certificate of signing cannot be proven: %r", error)
        raise CertificateProblem(NOT_PROVEN) from error
    return SignedFile(made.content, SignatureLevel.ARCHIVE, signed.signer, made.stamp_until)


def reason_of(document: ReportDocument) -> str:
    """What the signature says that it is for."""
    said = f"รายงานรอบ {document.months} เดือน ปีงบประมาณ พ.ศ. {document.fiscal_year} ของ{document.agency}"
    mark = document.edition
    if mark is None:
        return said
    return f"{said} ฉบับที่ {mark.revision} รหัส {mark.code} อนุมัติโดย {mark.approved_by}"
