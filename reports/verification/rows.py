"""What the rows of today would be noted as: what every line of the log is compared with."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from accounts.models import AccountEvent
from accounts.noting import event_noted
from ledger.checking import CheckedLine
from ledger.entries import LogDraft
from ledger.models import LogKind
from measures.evidence.noting import hiding_noted
from measures.models import EvidenceHiding
from reports.models import Edition, EditionFile, EditionWithdrawal, Publication, Submission
from reports.noting import (
    DECISIONS,
    decision_noted,
    edition_noted,
    evidence_files,
    file_noted,
    publication_noted,
    submission_noted,
    text_sha256,
    withdrawal_noted,
)

BATCH = 200


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

    @property
    def key(self) -> RowKey:
        return RowKey(self.draft.kind, self.draft.subject, str(self.draft.facts.get("format", "")))


def key_of(line: CheckedLine) -> RowKey:
    """The row that a line tells of."""
    return RowKey(line.kind, line.subject, str(line.entry.get("facts", {}).get("format", "")))


def rows_to_check(submission_of: dict[int, int], evidence: dict[int, set[str]]) -> Iterator[RowToCheck]:
    """Every row of which the log must have a line.

    Args:
        submission_of: by edition, the submission that its line names.
        evidence: is filled with what approved reports say of evidence files: by key, hashes.
    """
    yield from _submissions()
    yield from _editions(submission_of, evidence)
    yield from _files()
    for withdrawal in EditionWithdrawal.objects.select_related("replaced_by").defer("replaced_by__document"):
        yield RowToCheck(withdrawal_noted(withdrawal, withdrawal.replaced_by.approved_at))
    for publication in Publication.objects.iterator(BATCH):
        yield RowToCheck(publication_noted(publication))
    for hiding in EvidenceHiding.objects.order_by("pk").iterator(BATCH):
        yield RowToCheck(hiding_noted(hiding))
    for event in AccountEvent.objects.order_by("pk").iterator(BATCH):
        yield RowToCheck(event_noted(event))


def _submissions() -> Iterator[RowToCheck]:
    for submission in Submission.objects.order_by("pk").iterator(BATCH):
        yield RowToCheck(submission_noted(submission))
        if submission.outcome in DECISIONS:
            yield RowToCheck(decision_noted(submission))


def _editions(submission_of: dict[int, int], evidence: dict[int, set[str]]) -> Iterator[RowToCheck]:
    batch: list[Edition] = []
    for edition in Edition.objects.order_by("pk").iterator(BATCH):
        batch.append(edition)
        if len(batch) == BATCH:
            yield from _with_submissions(batch, submission_of, evidence)
            batch = []
    yield from _with_submissions(batch, submission_of, evidence)


def _with_submissions(
    editions: list[Edition], submission_of: dict[int, int], evidence: dict[int, set[str]]
) -> Iterator[RowToCheck]:
    wanted = [submission_of[edition.pk] for edition in editions if edition.pk in submission_of]
    submissions = Submission.objects.in_bulk(wanted)
    for edition in editions:
        submission = submissions.get(submission_of.get(edition.pk, 0))
        try:
            draft = edition_noted(edition, submission)
            for pk, _, sha256 in evidence_files((submission or edition).document):
                evidence.setdefault(pk, set()).add(sha256)
        except (ValueError, KeyError, TypeError, AttributeError):
            draft = LogDraft(LogKind.APPROVED, f"edition:{edition.pk}", edition.approved_at)
        same = text_sha256(edition.document) == edition.sha256
        yield RowToCheck(draft, "" if same else "รายงานไม่ตรงกับ SHA-256 ของฉบับ")


def _files() -> Iterator[RowToCheck]:
    files = EditionFile.objects.select_related("edition").defer("edition__document").order_by("pk")
    for file in files.iterator(BATCH // 10):
        same = hashlib.sha256(file.content).hexdigest() == file.sha256
        yield RowToCheck(
            file_noted(file, file.edition.approved_at), "" if same else "เนื้อไฟล์ไม่ตรงกับ SHA-256 ของไฟล์"
        )
