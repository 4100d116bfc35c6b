"""Where a round stands: one short label, and the four steps of its life with their dates and names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import TextChoices
from django.utils import timezone

from accounts.models import User
from core.thai_calendar import short_date, short_moment
from reports.models import Edition, Round, RoundState, SignedScan, Submission, SubmissionOutcome


class RoundStanding(TextChoices):
    """What a person calls the state of a round on a day; what is stored (RoundState) says less."""

    AHEAD = "ahead", "ยังไม่ถึงรอบ"
    OPEN = "open", "เปิดรับรายงาน"
    DUE = "due", "สิ้นสุดรอบแล้ว รอส่งรายงาน"
    RETURNED = "returned", "ส่งกลับให้แก้ไข"
    CORRECTING = "correcting", "กำลังแก้ไขฉบับที่อนุมัติ"
    SUBMITTED = "submitted", "รออนุมัติ"
    APPROVED = "approved", "อนุมัติแล้ว รอเผยแพร่"
    PUBLISHED = "published", "เผยแพร่แล้ว"


def standing_of(reporting_round: Round, today: date) -> RoundStanding:
    """Where a round stands; no query after with_decisions()."""
    if reporting_round.state == RoundState.SUBMITTED:
        return RoundStanding.SUBMITTED
    if reporting_round.state == RoundState.APPROVED:
        newest_is_public = reporting_round.published_revision == reporting_round.edition_count
        return RoundStanding.PUBLISHED if newest_is_public else RoundStanding.APPROVED
    if reporting_round.returned_reason:
        return RoundStanding.RETURNED
    if reporting_round.edition_count:
        return RoundStanding.CORRECTING
    if today > reporting_round.ends_on:
        return RoundStanding.DUE
    return RoundStanding.OPEN if today >= reporting_round.reports_from else RoundStanding.AHEAD


# How the first step is called once a submission came back, and what stands before the moment.
CAME_BACK: Final[dict[str, tuple[str, str]]] = {
    SubmissionOutcome.RETURNED: ("แก้ไขรายงาน", "ส่งกลับ "),
    SubmissionOutcome.WITHDRAWN: ("รับรายงาน", "ถอนคืน "),
}


@dataclass(frozen=True)
class RoundStep:
    """One step of a round's life; progress is done, now or later."""

    name: str
    progress: str
    who: str = ""
    """In words, as it was typed; may be empty."""
    lines: Sequence[str] = ()
    """What is known of it, in our own words with Arabic digits."""


def steps_of(
    reporting_round: Round,
    *,
    measures: int,
    last: Submission | None,
    edition: Edition | None,
    scan: SignedScan | None = None,
    today: date,
) -> Sequence[RoundStep]:
    """The four steps: reports come in, submitted, approved, published.

    Args:
        measures: how many measures the report has.
        last: the latest submission, decided on or not, with who submitted and decided.
        edition: the newest edition, where it counts, or the one that is public while a correction is made.
        scan: the newest scan of the signed edition, if there is one.
    """
    if reporting_round.state == RoundState.OPEN:
        return _open_steps(reporting_round, last, edition)
    collected = RoundStep("รับรายงาน", "done", lines=[f"ครบ {measures} มาตรการ"])
    submitted = RoundStep("ส่งแล้ว", "done")
    if last:
        submitted = RoundStep("ส่งแล้ว", "done", name_of(last.submitted_by), [_moment(last.submitted_at)])
    if reporting_round.state == RoundState.SUBMITTED:
        waited = [waited_in_words(last, today)] if last else []
        return [
            collected,
            submitted,
            RoundStep("รออนุมัติ", "now", "ผู้บริหาร", waited),
            RoundStep("เผยแพร่", "later", lines=["หลังอนุมัติ"]),
        ]
    if edition is None:
        return [collected, submitted, RoundStep("อนุมัติแล้ว", "done"), RoundStep("เผยแพร่", "now")]
    approved = RoundStep(
        "อนุมัติแล้ว",
        "done",
        edition.approved_by,
        [_moment(edition.approved_at), f"ฉบับที่ {edition.revision}", *_signed(scan)],
    )
    return [collected, submitted, approved, _publication(edition)]


def waited_in_words(submission: Submission, today: date) -> str:
    """How long a submission waits: ส่งวันนี้, รอมาแล้ว 3 วัน."""
    days = (today - timezone.localdate(submission.submitted_at)).days
    return f"รอมาแล้ว {days} วัน" if days > 0 else "ส่งวันนี้"


def name_of(person: User | None) -> str:
    """Who did something; an account that is gone has no name left."""
    return person.get_full_name() if person else ""


def _open_steps(
    reporting_round: Round, last: Submission | None, edition: Edition | None
) -> Sequence[RoundStep]:
    """A round that is open: for the first time, returned, taken back, or for a correction."""
    came_back = CAME_BACK.get(last.outcome) if last else None
    if last and came_back and last.decided_at:
        name, said = came_back
        collecting = RoundStep(name, "now", name_of(last.decided_by), [said + _moment(last.decided_at)])
        submitted = RoundStep("ส่งอีกครั้ง", "later", lines=[f"ส่งครั้งก่อน {_short(last.submitted_at)}"])
    elif reporting_round.edition_count:
        lines = [f"จากฉบับที่ {reporting_round.edition_count}"]
        collecting = RoundStep("แก้ไขรายงาน", "now", lines=lines)
        submitted = RoundStep("ส่งอีกครั้ง", "later")
    else:
        collecting = RoundStep("รับรายงาน", "now", lines=[f"ข้อมูลถึง {short_date(reporting_round.ends_on)}"])
        submitted = RoundStep("ส่งให้ผู้บริหาร", "later")
    standing = [f"ฉบับที่ {edition.revision} ยังเผยแพร่อยู่"] if edition and edition.published_at else ["หลังอนุมัติ"]
    return [
        collecting,
        submitted,
        RoundStep("อนุมัติ", "later", lines=["โดยผู้บริหาร"]),
        RoundStep("เผยแพร่", "later", lines=standing),
    ]


def _signed(scan: SignedScan | None) -> Sequence[str]:
    return [f"แนบสำเนาที่ลงนาม {_short(scan.attached_at)}"] if scan else []


def _publication(edition: Edition) -> RoundStep:
    if edition.published_at is None:
        return RoundStep("เผยแพร่", "now", lines=["ยังไม่เผยแพร่"])
    return RoundStep(
        "เผยแพร่แล้ว", "done", name_of(edition.publication.published_by), [_moment(edition.published_at)]
    )


def _moment(when: datetime) -> str:
    return short_moment(timezone.localtime(when))


def _short(when: datetime) -> str:
    return short_date(timezone.localtime(when).date())
