"""The life of a round: open → submitted → approved, returned or taken back; approved → open for a correction.

Each step is one transaction, and a conditional UPDATE lets exactly one of two people through. What is
submitted is the report document itself, frozen: nothing has to be locked while somebody makes up their mind.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from core.locking import StaleEdit, claim
from ledger.services import append, appends_last
from measures.models import Evidence, Measure, Plan
from reports.document.builder import build_document, measures_of
from reports.document.facts import ReportDocument
from reports.document.redaction import for_everybody
from reports.document.serialization import to_json
from reports.models import (
    Edition,
    EditionWithdrawal,
    Publication,
    Round,
    RoundLength,
    RoundState,
    Submission,
    SubmissionOutcome,
)
from reports.noting import (
    decision_noted,
    edition_noted,
    hiding_of_edition_noted,
    publication_noted,
    submission_noted,
    withdrawal_noted,
)
from reports.rounds.edition_files import (
    FilesNotReady,
    ask_for_files,
    lay_out,
    missing_formats,
    store_file,
)
from reports.rounds.exposure import exposures
from reports.rounds.marks import mark_of
from reports.rounds.selectors import Gap, document_of, gaps_of


class NotReady(Exception):
    """The round cannot be submitted yet; the gaps say what is missing."""

    def __init__(self, gaps: Sequence[Gap]) -> None:
        super().__init__(f"{len(gaps)} gaps")
        self.gaps = gaps


class NothingToReport(Exception):
    """The plan has no measure: there is nothing to submit."""


class OwnSubmission(Exception):
    """The agency asks that another person approves than the one who submitted."""


@transaction.atomic
def submit(reporting_round: Round, person: User) -> Submission:
    """Freeze the report of an open round and hand it to the approver.

    Which evidence is public is frozen with it: what is ticked later is for the next report.

    Raises:
        NothingToReport: the plan has no measure; nothing is stored.
        NotReady: something is missing; nothing is stored.
        StaleEdit: the round is not open, or no longer.
    """
    _move(reporting_round, RoundState.OPEN, RoundState.SUBMITTED)
    measures = measures_of(reporting_round)
    check_ready(reporting_round, measures)
    document = build_document(reporting_round, measures=measures)
    # From here on the report refers to it: it may be hidden, but not go.
    _evidence_in(document).update(in_edition=True)
    submission = Submission.objects.create(
        round=reporting_round,
        document=to_json(document).decode(),
        submitted_by=person,
        submitted_at=timezone.now(),
    )
    append(submission_noted(submission))
    return submission


def check_ready(reporting_round: Round, measures: Sequence[Measure]) -> None:
    """Look whether a round can be submitted as things stand.

    Args:
        measures: those of the round, by measures_of().

    Raises:
        NothingToReport: the plan has no measure.
        NotReady: something is missing.
    """
    if not measures:
        raise NothingToReport
    if gaps := gaps_of(reporting_round, measures):
        raise NotReady(gaps)


@transaction.atomic
def withdraw(submission: Submission, person: User) -> None:
    """Take a submission back before anybody has decided on it; the round is open again.

    Raises:
        StaleEdit: it was decided on already, or is taken back.
    """
    _decide(submission, person, SubmissionOutcome.WITHDRAWN)
    _open_again(submission)
    append(decision_noted(submission))


@transaction.atomic
def give_back(submission: Submission, person: User, reason: str) -> None:
    """Return a submission with a reason; the round is open again.

    Raises:
        StaleEdit: it was decided on already.
    """
    _decide(submission, person, SubmissionOutcome.RETURNED, reason)
    _open_again(submission)
    append(decision_noted(submission))


def _open_again(submission: Submission) -> None:
    """Open the round of a submission that came back; evidence that no edition refers to may go again."""
    _move(submission.round, RoundState.SUBMITTED, RoundState.OPEN)
    returned = _evidence_in(document_of(submission)).exclude(
        pk__in=_kept_by_editions(submission.round.plan_id)
    )
    # What is in the log of hidings stays as well.
    returned.filter(hidings__isnull=True).update(in_edition=False)


def approve(submission: Submission, person: User, address: str, *, in_background: bool = True) -> Edition:
    """Make the edition of a submission: its document for good. Its files follow from that document alone.

    Of evidence that is not public the edition holds what may leave the agency and no more. Earlier editions
    of the round that hold more are withdrawn. Approving the twelve-month round closes the plan.

    Args:
        submission: as the approver saw it, with its round, plan and agency.
        address: the public page of the round; with the revision behind it, it is printed on the report.
        in_background: the files are made by a worker, as a job that is queued with the edition; else they are
            made first and stored with it, for commands that nobody waits for.

    Raises:
        OwnSubmission: the agency wants somebody else to approve.
        RendererUnavailable: not in the background: the PDF cannot be made on this machine.
        StaleEdit: it was decided on already; of two approvals at once one makes an edition.
    """
    reporting_round = submission.round
    if submission.submitted_by_id == person.pk and not reporting_round.plan.agency.allows_own_approval:
        raise OwnSubmission
    now = timezone.now()
    mark = mark_of(submission, person, address, now)
    document = for_everybody(replace(document_of(submission), edition=mark))
    exposed = [exposure.edition for exposure in exposures(reporting_round.editions.standing())]
    # Before the transaction: nobody else has to wait for a second until the database can be written.
    files = None if in_background else lay_out(document)
    text = to_json(document)
    with transaction.atomic(), appends_last():
        _decide(submission, person, SubmissionOutcome.APPROVED)
        _move(reporting_round, RoundState.SUBMITTED, RoundState.APPROVED)
        try:
            edition = Edition.objects.create(
                round=reporting_round,
                revision=mark.revision,
                code=mark.code,
                document=text.decode(),
                sha256=hashlib.sha256(text).hexdigest(),
                approved_by=mark.approved_by,
                approved_post=mark.approved_post,
                approved_at=now,
                correction=mark.correction,
            )
        except IntegrityError as error:
            raise StaleEdit from error
        withdrawn = EditionWithdrawal.objects.bulk_create(
            EditionWithdrawal(edition=earlier, replaced_by=edition) for earlier in exposed
        )
        append(
            edition_noted(edition, submission),
            *(withdrawal_noted(each, edition.approved_at) for each in withdrawn),
        )
        _close_finished_plan(reporting_round.plan)
        if files is None:
            ask_for_files(edition, person)
        else:
            for name, made in files.items():
                store_file(edition, name, made)
    return edition


@transaction.atomic
def reopen(reporting_round: Round, reason: str) -> None:
    """Open an approved round for a correction; a closed plan opens with it. The edition stays as it is.

    Raises:
        StaleEdit: the round is not approved, or no longer.
    """
    _move(reporting_round, RoundState.APPROVED, RoundState.OPEN, correction=reason)
    plan = reporting_round.plan
    if plan.is_closed:
        plan.closed_at = None
        plan.save(update_fields=["closed_at"])


@transaction.atomic
def publish(edition: Edition, person: User) -> None:
    """Show an edition to everybody; publishing what is public already changes nothing.

    Raises:
        FilesNotReady: not all of its files are made yet.
    """
    if missing_formats(edition) and not Publication.objects.filter(edition=edition).exists():
        raise FilesNotReady
    publication, is_new = Publication.objects.get_or_create(
        edition=edition, defaults={"published_by": person, "published_at": timezone.now()}
    )
    if is_new:
        append(publication_noted(publication))


@transaction.atomic
def unpublish(reporting_round: Round, person: User | None = None) -> bool:
    """Hide all editions of a round from the public; they stay what they are. False: none was public."""
    publications = list(Publication.objects.filter(edition__round=reporting_round))
    for publication in publications:
        publication.delete()
    by, now = person.pk if person else None, timezone.now()
    append(*(hiding_of_edition_noted(publication.edition_id, by, now) for publication in publications))
    return bool(publications)


def _move(
    reporting_round: Round, before: RoundState, after: RoundState, correction: str | None = None
) -> None:
    """Take a round from one state to the next; holds its row to the end of the transaction."""
    claim(reporting_round, seen={"state": before}, becomes={"state": after})
    if correction is not None:
        reporting_round.correction = correction
    # Again through save(), which leaves the line in the history.
    reporting_round.save(update_fields=["state", "correction"])


def _decide(submission: Submission, person: User, outcome: SubmissionOutcome, reason: str = "") -> None:
    claim(
        submission,
        seen={"outcome": SubmissionOutcome.PENDING},
        becomes={
            "outcome": outcome,
            "decided_by": person,
            "decided_at": timezone.now(),
            "reason": reason,
        },
    )


def _kept_by_editions(plan: int) -> set[int]:
    """The evidence that a plan's editions refer to; of what is private only the submission says which."""
    editions = Edition.objects.filter(round__plan=plan)
    approved = Submission.objects.filter(round__plan=plan, outcome=SubmissionOutcome.APPROVED)
    return {line.id for frozen in (*editions, *approved) for line in document_of(frozen).evidence}


def _evidence_in(document: ReportDocument) -> QuerySet[Evidence]:
    return Evidence.objects.filter(pk__in=[line.id for line in document.evidence])


def _close_finished_plan(plan: Plan) -> None:
    if plan.rounds.filter(months=RoundLength.TWELVE, state=RoundState.APPROVED).exists():
        plan.closed_at = timezone.now()
        plan.save(update_fields=["closed_at"])
