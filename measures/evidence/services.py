"""Changes to evidence: its file is stored before its row, and goes after it (see signals)."""

import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction

from accounts.models import User
from core.disk_space import DISK_FULL, is_disk_full
from measures.evidence.files import CheckedFile
from measures.models import Evidence, Measure, Part, Step

logger = logging.getLogger(__name__)


CANNOT_WRITE = "เครื่องแม่ข่ายเขียนไฟล์ไม่ได้ จึงยังไม่ได้บันทึก กรุณาแจ้งผู้ดูแลระบบ แล้วลองอีกครั้ง"


class NotStored(Exception):
    """The evidence could not be written; nothing of it is left. The text is the sentence for the person."""


@dataclass(frozen=True)
class NewEvidence:
    """A piece of evidence as a person names it; either an address or a file."""

    title: str
    effective_on: date
    public: bool
    step: Step | None = None
    address: str = ""
    file: CheckedFile | None = None


def store_evidence(measure: Measure, new: NewEvidence, person: User, part: Part | None = None) -> Evidence:
    """Store a piece of evidence of a measure, or of a division's part of it, its file first.

    A transaction around this one could be undone when the file is long written, so there must be none.

    Raises:
        NotStored: the disk is full, of the files or of the database, or the folder of the files cannot be
            written.
    """
    evidence = Evidence(
        measure=measure,
        part=part,
        step=new.step,
        title=new.title,
        address=new.address,
        effective_on=new.effective_on,
        public=new.public,
        added_by=person,
    )
    try:
        if new.file is None:
            # With its line of history, or without both.
            with transaction.atomic():
                evidence.save()
        else:
            _save_with_file(evidence, new.file)
    except (OSError, DatabaseError) as error:
        if is_disk_full(error):
            logger.exception("Evidence of measure %s: the disk is full", measure.pk)
            raise NotStored(DISK_FULL) from error
        raise
    return evidence


def _save_with_file(evidence: Evidence, file: CheckedFile) -> None:
    name = _write(file)
    try:
        with transaction.atomic(durable=True):
            evidence.file.name = name
            evidence.file_name = file.name
            evidence.content_type = file.kind.content_type
            evidence.size = len(file.data)
            evidence.sha256 = file.sha256
            evidence.save()
    except BaseException:
        # What went wrong first is what counts.
        with suppress(OSError):
            default_storage.delete(name)
        raise


def _write(file: CheckedFile) -> str:
    """Put a file into the store under a name that tells nothing of it; the name. It is on the disk then."""
    unique = uuid4().hex
    # A folder for each of 256 beginnings: no folder becomes too long to list.
    name = f"evidence/{unique[:2]}/{unique}.{file.kind.ending}"
    try:
        return default_storage.save(name, ContentFile(file.data))
    except OSError as error:
        if is_disk_full(error):
            raise
        logger.exception("The file %s cannot be written", name)
        raise NotStored(CANNOT_WRITE) from error


@transaction.atomic
def drop_evidence(evidence: Evidence) -> None:
    """Take a piece of evidence away; its file goes when that is certain. The history keeps the line.

    Raises:
        InEdition: nothing is taken away then.
    """
    # What approves a report marks its evidence in a transaction; one of the two waits for the other here.
    Evidence.objects.select_for_update().filter(pk=evidence.pk).first()
    evidence.delete()


def set_public(evidence: Evidence, public: bool) -> bool:
    """Let the public see a piece of evidence, or no longer; whether that was a change."""
    if evidence.public == public:
        return False
    evidence.public = public
    evidence.save(update_fields=["public"])
    return True
