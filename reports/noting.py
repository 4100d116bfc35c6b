"""What the provable log holds of submissions, editions, their files and scans, and what is published."""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Final, cast

from ledger.entries import LogDraft
from ledger.models import LogKind
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
    SubmissionOutcome,
)

DECISIONS: Final = {
    SubmissionOutcome.WITHDRAWN.value: LogKind.TAKEN_BACK,
    SubmissionOutcome.RETURNED.value: LogKind.RETURNED,
}


def text_sha256(text: str) -> str:
    """The hash of a stored document."""
    return hashlib.sha256(text.encode()).hexdigest()


def submission_noted(submission: Submission) -> LogDraft:
    """The line of a submission."""
    return LogDraft(
        LogKind.SUBMITTED,
        f"submission:{submission.pk}",
        submission.submitted_at,
        {
            "submission": submission.pk,
            "round": submission.round_id,
            "document": text_sha256(submission.document),
        },
        {"by": _key(submission.submitted_by_id)},
    )


def decision_noted(submission: Submission) -> LogDraft:
    """The line of a submission that was taken back or returned; the reason is personal."""
    decided_at = cast("datetime", submission.decided_at)
    return LogDraft(
        DECISIONS[submission.outcome],
        f"submission:{submission.pk}",
        decided_at,
        {"submission": submission.pk, "round": submission.round_id},
        {"by": _key(submission.decided_by_id), "reason": submission.reason},
    )


def edition_noted(edition: Edition, submission: Submission | None) -> LogDraft:
    """The line of an edition, with the hashes of its document and of its evidence files.

    The hash of a file that is not public is salted: nobody can ask the log whether the office has that file.

    Args:
        submission: of which it was made; None in data of old where that is not known.
    """
    document = submission.document if submission else edition.document
    files = list(evidence_files(document))
    return LogDraft(
        LogKind.APPROVED,
        f"edition:{edition.pk}",
        edition.approved_at,
        {
            "edition": edition.pk,
            "round": edition.round_id,
            "revision": edition.revision,
            "code": edition.code,
            "document": text_sha256(edition.document),
            "submission": submission and submission.pk,
            "evidence": {str(pk): sha256 for pk, public, sha256 in files if public},
        },
        {
            "by": edition.approved_by,
            "post": edition.approved_post,
            "correction": edition.correction,
            **{f"evidence/{pk}": sha256 for pk, public, sha256 in files if not public},
        },
    )


def evidence_files(document: str) -> Iterator[tuple[int, bool, str]]:
    """Of each evidence file that a document names: its key, whether it is public, its hash."""
    for indicator in json.loads(document)["indicators"]:
        for measure in indicator["measures"]:
            for line in measure["evidence"]:
                if line.get("id") and line.get("sha256"):
                    yield line["id"], line["public"], line["sha256"]


def file_noted(file: EditionFile, at: datetime) -> LogDraft:
    """The line of an edition's file."""
    return LogDraft(
        LogKind.FILE_STORED,
        f"edition:{file.edition_id}",
        at,
        {"edition": file.edition_id, "format": file.format, "sha256": file.sha256},
    )


def copy_noted(copy: SignedCopy) -> LogDraft:
    """The line of a copy of an edition's file to which a signature or time stamp was added: pdf.1, pdf.2."""
    return LogDraft(
        LogKind.FILE_STORED,
        f"edition:{copy.file.edition_id}",
        copy.made_at,
        {
            "edition": copy.file.edition_id,
            "format": f"{copy.file.format}.{copy.number}",
            "sha256": copy.sha256,
        },
    )


def paper_noted(paper: EditionPaper) -> LogDraft:
    """The line of a paper that goes round an edition. It is not public: its hash is salted."""
    return LogDraft(
        LogKind.FILE_STORED,
        f"edition:{paper.edition_id}",
        paper.made_at,
        {"edition": paper.edition_id, "format": paper.file_name},
        {"sha256": paper.sha256, "by": _key(paper.made_by_id)},
    )


def withdrawal_noted(withdrawal: EditionWithdrawal, at: datetime) -> LogDraft:
    """The line of an edition whose files are handed out no more, since another took its place."""
    return LogDraft(
        LogKind.FILES_WITHDRAWN,
        f"edition:{withdrawal.edition_id}",
        at,
        {"edition": withdrawal.edition_id, "replaced_by": withdrawal.replaced_by_id},
    )


def publication_noted(publication: Publication) -> LogDraft:
    """The line of an edition that everybody may see from now on."""
    return LogDraft(
        LogKind.PUBLISHED,
        f"edition:{publication.edition_id}",
        publication.published_at,
        {"edition": publication.edition_id},
        {"by": _key(publication.published_by_id)},
    )


def hiding_of_edition_noted(edition: int, person: int | None, at: datetime) -> LogDraft:
    """The line of an edition that is hidden from everybody; it stays what it is."""
    return LogDraft(LogKind.UNPUBLISHED, f"edition:{edition}", at, {"edition": edition}, {"by": _key(person)})


def scan_noted(scan: SignedScan) -> LogDraft:
    """The line of a scan of a signed report; everybody may read it while the scan is public."""
    return LogDraft(
        LogKind.FILE_STORED,
        f"scan:{scan.pk}",
        scan.attached_at,
        {"scan": scan.pk, "edition": scan.edition_id, "sha256": scan.sha256, "pages": scan.pages},
        {"by": scan.attached_by},
    )


def scan_publication_noted(publication: ScanPublication) -> LogDraft:
    """The line of a scan that is offered to everybody from now on."""
    return LogDraft(
        LogKind.PUBLISHED,
        f"scan:{publication.scan_id}",
        publication.published_at,
        {"scan": publication.scan_id},
        {"by": _key(publication.published_by_id)},
    )


def hiding_of_scan_noted(scan: int, person: int | None, at: datetime) -> LogDraft:
    """The line of a scan that is offered no longer."""
    return LogDraft(LogKind.UNPUBLISHED, f"scan:{scan}", at, {"scan": scan}, {"by": _key(person)})


def _key(person: int | None) -> str:
    """Nobody, where nothing is known of who did it or the account is gone."""
    return "" if person is None else str(person)
