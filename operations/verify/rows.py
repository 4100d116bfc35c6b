"""What the rows of today would be noted as: what every line of the log is compared with."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from accounts.models import AccountEvent
from accounts.noting import event_noted
from ledger.checking import CheckedLine
from ledger.entries import LogDraft
from ledger.heads import LogHead, heads_in
from ledger.models import LogKind
from measures.evidence.noting import hiding_noted
from measures.models import EvidenceHiding
from reports.models import (
    Edition,
    EditionFile,
    EditionPaper,
    EditionWithdrawal,
    Publication,
    ScanPublication,
    SignedCopy,
    SignedScan,
    Submission,
)
from reports.noting import (
    DECISIONS,
    copy_noted,
    decision_noted,
    edition_noted,
    evidence_files,
    file_noted,
    paper_noted,
    publication_noted,
    scan_noted,
    scan_publication_noted,
    submission_noted,
    text_sha256,
    withdrawal_noted,
)

BATCH = 200
# Each may be some megabytes.
FILES = 20


@dataclass(frozen=True)
class RowKey:
    """By what a row and its line find each other."""

    kind: str
    subject: str
    format: str = ""
    """Of a file."""


@dataclass(frozen=True)
class RowToCheck:
    """A row as it would be noted today."""

    draft: LogDraft
    problem: str = ""
    """What is wrong with the row by itself, in Thai."""
    evidence: Mapping[int, str] = field(default_factory=dict)
    """Of an edition: the hashes of the evidence files that the approver saw, by key."""
    printed: LogHead | None = None
    """Of an edition: the head that it prints."""

    @property
    def key(self) -> RowKey:
        return RowKey(self.draft.kind, self.draft.subject, str(self.draft.facts.get("format", "")))


def key_of(line: CheckedLine) -> RowKey:
    """The row that a line tells of."""
    return RowKey(line.kind, line.subject, str(line.facts.get("format", "")))


def rows_to_check(submission_of: Mapping[int, int]) -> Iterator[RowToCheck]:
    """Every row of which the log must have a line, except what persons may do.

    Args:
        submission_of: by edition, the submission that its line names.
    """
    yield from _submissions()
    yield from _editions(submission_of)
    yield from _files()
    yield from _papers()
    for withdrawal in EditionWithdrawal.objects.select_related("replaced_by").defer("replaced_by__document"):
        yield RowToCheck(withdrawal_noted(withdrawal, withdrawal.replaced_by.approved_at))
    for publication in Publication.objects.iterator(BATCH):
        yield RowToCheck(publication_noted(publication))
    yield from _scans()
    for shown in ScanPublication.objects.iterator(BATCH):
        yield RowToCheck(scan_publication_noted(shown))
    for hiding in EvidenceHiding.objects.order_by("pk").iterator(BATCH):
        yield RowToCheck(hiding_noted(hiding))
    for event in AccountEvent.objects.order_by("pk").iterator(BATCH):
        yield RowToCheck(event_noted(event))


def _submissions() -> Iterator[RowToCheck]:
    for submission in Submission.objects.order_by("pk").iterator(BATCH):
        yield RowToCheck(submission_noted(submission))
        if submission.outcome in DECISIONS:
            yield RowToCheck(decision_noted(submission))


def _editions(submission_of: Mapping[int, int]) -> Iterator[RowToCheck]:
    for editions in _batches(Edition.objects.order_by("pk").iterator(BATCH)):
        wanted = [submission_of[edition.pk] for edition in editions if edition.pk in submission_of]
        submissions = Submission.objects.in_bulk(wanted)
        for edition in editions:
            yield _edition(edition, submissions.get(submission_of.get(edition.pk, 0)))


def _edition(edition: Edition, submission: Submission | None) -> RowToCheck:
    same = text_sha256(edition.document) == edition.sha256
    problem = "" if same else "รายงานไม่ตรงกับ SHA-256 ของฉบับ"
    try:
        draft = edition_noted(edition, submission)
        told = {pk: sha256 for pk, _, sha256 in evidence_files((submission or edition).document)}
        printed = heads_in(json.loads(edition.document)["edition"].get("log_head", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        # Whatever somebody has put there is no report.
        draft = LogDraft(LogKind.APPROVED, f"edition:{edition.pk}", edition.approved_at)
        return RowToCheck(draft, problem or "อ่านรายงานของฉบับไม่ได้")
    return RowToCheck(draft, problem, told, printed[0] if printed else None)


def _files() -> Iterator[RowToCheck]:
    files = EditionFile.objects.select_related("edition").defer("edition__document").order_by("pk")
    for file in files.iterator(FILES):
        same = hashlib.sha256(file.content).hexdigest() == file.sha256
        draft = file_noted(file, file.edition.approved_at)
        yield RowToCheck(draft, "" if same else "เนื้อไฟล์ไม่ตรงกับ SHA-256 ของไฟล์")
    copies = (
        SignedCopy.objects.select_related("file__edition").defer("file__edition__document").order_by("pk")
    )
    for copy in copies.iterator(FILES):
        same = hashlib.sha256(copy.content).hexdigest() == copy.sha256
        yield RowToCheck(copy_noted(copy), "" if same else "เนื้อสำเนาไม่ตรงกับ SHA-256 ของสำเนา")


def _scans() -> Iterator[RowToCheck]:
    # One at a time: a scan has up to 20 MB.
    for scan in SignedScan.objects.order_by("pk").iterator(1):
        same = hashlib.sha256(scan.content).hexdigest() == scan.sha256
        yield RowToCheck(scan_noted(scan), "" if same else "สำเนาที่ลงนามไม่ตรงกับ SHA-256 ของไฟล์")


def _papers() -> Iterator[RowToCheck]:
    for paper in EditionPaper.objects.order_by("pk").iterator(FILES):
        same = hashlib.sha256(paper.content).hexdigest() == paper.sha256
        yield RowToCheck(paper_noted(paper), "" if same else "เนื้อไฟล์ไม่ตรงกับ SHA-256 ของไฟล์")


def _batches(editions: Iterable[Edition]) -> Iterator[list[Edition]]:
    left = iter(editions)
    while batch := list(islice(left, BATCH)):
        yield batch
