"""The files of an edition: a worker makes them one by one from its frozen document and stores each at once.

Made again, each would say the same: the document holds code, revision and approver as well. So a job that was
cut short goes on with what is missing, and what is stored already is left alone.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.background.kinds import register
from accounts.background.progress import time_left, waits_in_vain
from accounts.background.runs import JobProblem, Run
from accounts.background.services import ask
from accounts.models import BackgroundJob, JobState, User
from ledger.services import append
from reports.document.facts import ReportDocument
from reports.document.figures import NO_PICTURES, Pictures
from reports.document.serialization import from_json
from reports.models import Edition, EditionFile
from reports.noting import file_noted
from reports.renderers import FORMATS, RendererUnavailable
from reports.rounds.pictures import pictures_for
from reports.signatures.services import SignedFile, note_signature, sign

KIND: Final = "edition_files"


class FilesNotReady(Exception):
    """Not all files of an edition are made yet; what is published has them all."""


@dataclass(frozen=True)
class FilesStanding:
    """How far the files of an edition are."""

    made: int
    total: int
    job: BackgroundJob | None
    """The newest that makes them, or made them."""

    @property
    def is_under_way(self) -> bool:
        return self.job is not None and self.job.is_unfinished

    @property
    def left(self) -> str:
        """How long it will take, in words; empty where that cannot be said."""
        return time_left(self.job) if self.job else ""

    @property
    def in_vain(self) -> bool:
        """Whether they wait and there is no worker to make them."""
        return self.job is not None and waits_in_vain(self.job)

    @property
    def problem(self) -> str:
        """Why they are not made and nobody makes them, in Thai; empty as long as somebody does."""
        if self.is_under_way:
            return ""
        failed = self.job is not None and self.job.state == JobState.FAILED
        return self.job.error if self.job is not None and failed else "ยังไม่มีใครทำไฟล์ของฉบับนี้"


@dataclass(frozen=True)
class MadeFile:
    """A file of an edition, ready to be stored."""

    content: bytes
    signed: SignedFile | None = None
    """What is noted of its signature; None where this site signs nothing of the kind."""


def make_file(document: ReportDocument, name: str, pictures: Pictures) -> MadeFile:
    """An edition's document with its pictures as a file, signed where this site has a certificate.

    Raises:
        RendererUnavailable: this machine cannot make it.
    """
    content = FORMATS[name].render(document, pictures).content
    signed = sign(content, name, document)
    return MadeFile(signed.content if signed else content, signed)


def lay_out(document: ReportDocument) -> Mapping[str, MadeFile]:
    """Every file format of a document.

    Raises:
        RendererUnavailable: this machine cannot make one of them.
    """
    pictures = pictures_for(document)
    return {name: make_file(document, name, pictures) for name in FORMATS}


def store_file(edition: Edition, name: str, made: MadeFile) -> None:
    """Keep a file of an edition, unless it has one of that format already."""
    content, digest = made.content, hashlib.sha256(made.content).hexdigest()
    try:
        with transaction.atomic():
            file = EditionFile.objects.create(edition=edition, format=name, content=content, sha256=digest)
            append(file_noted(file, timezone.now()))
            if made.signed:
                note_signature(file, made.signed)
    except IntegrityError:
        # Another worker, which was believed dead, has stored it at this moment: it stays.
        if not edition.files.filter(format=name).exists():
            raise


def missing_formats(edition: Edition) -> Sequence[str]:
    """The formats that an edition has no file of yet, in the order in which they are made; one query."""
    stored = set(edition.files.values_list("format", flat=True))
    return [name for name in FORMATS if name not in stored]


def ask_for_files(edition: Edition, person: User) -> BackgroundJob:
    """Queue the making of what is missing; where that is under way already, nothing changes."""
    round_ = edition.round
    which = f"รอบ {round_.months} เดือน ปีงบประมาณ พ.ศ. {round_.plan.fiscal_year} ฉบับที่ {edition.revision}"
    return ask(
        KIND,
        str(edition.pk),
        f"ไฟล์ของรายงาน{which}",
        agency=round_.plan.agency,
        person=person,
        total=len(FORMATS),
        arguments={"edition": edition.pk},
    )


def files_standing(edition: Edition, made: int) -> FilesStanding | None:
    """How far the files are; None where all are there, without a query."""
    if made >= len(FORMATS):
        return None
    return FilesStanding(made, len(FORMATS), BackgroundJob.objects.about(KIND, str(edition.pk)).first())


@register(KIND)
def make_edition_files(run: Run) -> str:
    """Make the files that an edition lacks."""
    edition = Edition.objects.select_related("round__plan__agency").get(pk=run.job.arguments["edition"])
    document = from_json(edition.document.encode())
    missing = missing_formats(edition)
    pictured = any(FORMATS[name].has_pictures for name in missing)
    pictures = pictures_for(document) if pictured else NO_PICTURES
    for place, name in enumerate(missing, len(FORMATS) - len(missing)):
        run.report(place, len(FORMATS), f"ทำไฟล์ {FORMATS[name].label}")
        try:
            made = make_file(document, name, pictures)
        except RendererUnavailable as error:
            raise JobProblem(f"เครื่องที่ทำไฟล์ยังติดตั้งไม่ครบ โปรดแจ้งผู้ดูแลระบบ: {error}") from error
        store_file(edition, name, made)
    return ""
