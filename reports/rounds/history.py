"""What happened to a round, in words: submitted, returned, taken back, approved, corrected, published.

With who did it and when.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

from accounts.models import User
from measures.models import EvidenceHiding
from reports.models import (
    EditionPaper,
    EditionWithdrawal,
    Publication,
    Round,
    RoundState,
    ScanPublication,
    SignedScan,
    SubmissionOutcome,
)

CAME_BACK: Final[dict[str, str]] = {
    SubmissionOutcome.RETURNED: "ส่งกลับให้แก้ไข",
    SubmissionOutcome.WITHDRAWN: "ถอนรายงานที่ส่งคืน",
}


@dataclass(frozen=True)
class RoundEvent:
    """One thing that somebody did; detail may be empty."""

    when: datetime
    who: str
    what: str
    detail: str = ""


def events_of(reporting_round: Round, *, tells_private: bool) -> Sequence[RoundEvent]:
    """Everything that happened to a round, newest first; nine queries.

    Args:
        tells_private: also of evidence that is not for everybody, by its title, and of signed scans.
    """
    events = [
        *_submissions(reporting_round),
        *_corrections(reporting_round),
        *_publications(reporting_round),
        *_withdrawals(reporting_round),
        *(_scans(reporting_round) if tells_private else ()),
        *_papers(reporting_round),
        *(_hidings(reporting_round) if tells_private else ()),
    ]
    return sorted(events, key=lambda event: event.when, reverse=True)


def _submissions(reporting_round: Round) -> Iterator[RoundEvent]:
    for submission in reporting_round.submissions.select_related("submitted_by", "decided_by").defer(
        "document"
    ):
        yield RoundEvent(submission.submitted_at, _name(submission.submitted_by), "ส่งรายงานให้ผู้บริหาร")
        came_back = CAME_BACK.get(submission.outcome)
        if came_back and submission.decided_at:
            yield RoundEvent(
                submission.decided_at, _name(submission.decided_by), came_back, submission.reason
            )
    for edition in reporting_round.editions.only("round", "approved_at", "revision", "code", "approved_by"):
        yield RoundEvent(
            edition.approved_at, edition.approved_by, f"อนุมัติเป็นฉบับที่ {edition.revision}", f"รหัส {edition.code}"
        )


def _corrections(reporting_round: Round) -> Iterator[RoundEvent]:
    records = reporting_round.history.select_related("history_user").order_by("history_date", "history_id")
    for before, after in pairwise(records):
        if (before.state, after.state) == (RoundState.APPROVED, RoundState.OPEN):
            yield RoundEvent(
                after.history_date, _name(after.history_user), "เปิดรอบเพื่อแก้ไขฉบับที่อนุมัติแล้ว", after.correction
            )


def _publications(reporting_round: Round) -> Iterator[RoundEvent]:
    records = Publication.history.filter(edition__round=reporting_round.pk)
    for record in records.select_related("history_user", "edition").defer("edition__document"):
        what = "หยุดเผยแพร่" if record.history_type == "-" else "เผยแพร่"
        yield RoundEvent(
            record.history_date, _name(record.history_user), f"{what}ฉบับที่ {record.edition.revision}"
        )


def _withdrawals(reporting_round: Round) -> Iterator[RoundEvent]:
    found = EditionWithdrawal.objects.filter(edition__round=reporting_round.pk)
    found = found.select_related("edition", "replaced_by")
    for withdrawal in found.defer("edition__document", "replaced_by__document"):
        what = f"ถอนไฟล์ของฉบับที่ {withdrawal.edition.revision}"
        yield RoundEvent(withdrawal.when, withdrawal.replaced_by.approved_by, what, withdrawal.reason)


def _scans(reporting_round: Round) -> Iterator[RoundEvent]:
    """Scans of the signed report that were attached, and what was decided of them for everybody."""
    found = SignedScan.objects.filter(edition__round=reporting_round.pk).select_related("edition")
    for scan in found.defer("content", "edition__document"):
        what = f"แนบสำเนาที่ลงนามของฉบับที่ {scan.edition.revision}"
        yield RoundEvent(scan.attached_at, scan.attached_by, what, f"{scan.pages} หน้า")
    records = ScanPublication.history.filter(scan__edition__round=reporting_round.pk)
    records = records.select_related("history_user", "scan__edition")
    for record in records.defer("scan__content", "scan__edition__document"):
        does = "ไม่ให้ประชาชน" if record.history_type == "-" else "ให้ประชาชน"
        what = f"{does}ดาวน์โหลดสำเนาที่ลงนามของฉบับที่ {record.scan.edition.revision}"
        yield RoundEvent(record.history_date, _name(record.history_user), what)


def _papers(reporting_round: Round) -> Iterator[RoundEvent]:
    """Each making of the papers that go round an edition."""
    found = EditionPaper.objects.filter(edition__round=reporting_round.pk).select_related(
        "made_by", "edition"
    )
    made = {(each.edition_id, each.version): each for each in found.defer("content", "edition__document")}
    for paper in made.values():
        what = f"จัดทำเอกสารประกอบการเผยแพร่ฉบับที่ {paper.edition.revision}"
        yield RoundEvent(paper.made_at, _name(paper.made_by), what, f"ครั้งที่ {paper.version}")


def _hidings(reporting_round: Round) -> Iterator[RoundEvent]:
    """Evidence of the round that was hidden after a report referred to it, and shown again."""
    period = (reporting_round.starts_on, reporting_round.ends_on)
    found = EvidenceHiding.objects.filter(
        evidence__measure__plan=reporting_round.plan_id, evidence__effective_on__range=period
    )
    for hiding in found.select_related("evidence"):
        what = "ซ่อนหลักฐานจากสาธารณะ" if hiding.hidden else "เลิกซ่อนหลักฐานจากสาธารณะ"
        yield RoundEvent(hiding.done_at, hiding.done_by, what, f"{hiding.evidence.title}: {hiding.reason}")


def _name(person: User | None) -> str:
    return person.get_full_name() if person else "ระบบ"
