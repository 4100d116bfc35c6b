"""Changes to evidence: its file is stored before its row, and goes after it (see signals)."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction

from accounts.models import User
from core.disk_space import DISK_FULL, is_disk_full
from measures.evidence.files import CheckedFile
from measures.evidence.quota import QuotaUsedUp, check_quota, lock_quota
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


def store_evidence(
    measure: Measure, pieces: Sequence[NewEvidence], person: User, part: Part | None = None
) -> Sequence[Evidence]:
    """Store pieces of evidence of a measure, or of a division's part of it, their files first: all or none.

    A transaction around this one could be undone when the files are long written, so there must be none.

    Raises:
        NotStored: the disk is full, of the files or of the database, the folder of the files cannot be
            written, or the agency's files take all the room that they may.
    """
    written: list[str] = []
    try:
        rows = [_row(measure, part, new, person, written) for new in pieces]
        # Each with its line of history, or all without both.
        with transaction.atomic(durable=bool(written)):
            if written and settings.AGENCY_QUOTA:
                # Before the first row: of two at once, the second sees what the first has stored.
                lock_quota(measure.plan.agency_id)
            for row in rows:
                row.save()
            if written and settings.AGENCY_QUOTA:
                check_quota(measure.plan.agency_id)
    except BaseException as error:
        # What went wrong first is what counts.
        for name in written:
            with suppress(OSError):
                default_storage.delete(name)
        if isinstance(error, OSError | DatabaseError) and is_disk_full(error):
            logger.exception("Evidence of measure %s: the disk is full", measure.pk)
            raise NotStored(DISK_FULL) from error
        if isinstance(error, QuotaUsedUp):
            raise NotStored(str(error)) from error
        raise
    return rows


def _row(measure: Measure, part: Part | None, new: NewEvidence, person: User, written: list[str]) -> Evidence:
    """A piece of evidence that is to be saved; the name of its file, which lies in the store, is noted."""
    row = Evidence(
        measure=measure,
        part=part,
        step=new.step,
        title=new.title,
        address=new.address,
        effective_on=new.effective_on,
        public=new.public,
        added_by=person,
    )
    if new.file is not None:
        row.file.name = _write(new.file)
        written.append(row.file.name)
        row.file_name = new.file.name
        row.content_type = new.file.kind.content_type
        row.size = len(new.file.data)
        row.sha256 = new.file.sha256
    return row


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


class Gone(Exception):
    """The evidence was taken away meanwhile; the text is the sentence for the person."""

    def __str__(self) -> str:
        return "หลักฐานนี้เพิ่งถูกนำออก จึงยังไม่ได้ใช้กับมาตรการอื่น"


@transaction.atomic
def reuse_evidence(evidence: Evidence, measures: Sequence[int], person: User) -> int:
    """Let a piece of evidence prove other measures as well: a line in each, with the same file or address.

    Whether it is public is decided for each line by itself; at first it is as that of the evidence.

    Args:
        measures: keys of measures of the same plan.

    Returns:
        How many did not have it yet.

    Raises:
        Gone: nothing is stored then.
    """
    # Whoever takes it away, and its file with it, waits here or has been waited for.
    stored = Evidence.objects.select_for_update().filter(pk=evidence.pk).first()
    if stored is None:
        raise Gone
    same = Evidence.objects.filter(
        measure__in=measures, sha256=stored.sha256, address=stored.address, effective_on=stored.effective_on
    )
    having = set(same.values_list("measure_id", flat=True))
    missing = [pk for pk in measures if pk not in having]
    for pk in missing:
        Evidence.objects.create(
            measure_id=pk,
            title=stored.title,
            address=stored.address,
            file=stored.file.name,
            file_name=stored.file_name,
            content_type=stored.content_type,
            size=stored.size,
            sha256=stored.sha256,
            effective_on=stored.effective_on,
            public=stored.public,
            added_by=person,
        )
    return len(missing)


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
