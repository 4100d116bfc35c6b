"""What happened to a round, in words: submitted, returned, approved, corrected, published; who and when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from accounts.models import User
from reports.models import Publication, Round, Submission


@dataclass(frozen=True)
class Event:
    """One thing that somebody did; detail may be empty."""

    when: datetime
    who: str
    what: str
    detail: str = ""


def events_of(reporting_round: Round) -> Sequence[Event]:
    """Everything that happened to a round, newest first; four queries."""
    events = [*_submissions(reporting_round), *_corrections(reporting_round), *_publications(reporting_round)]
    return sorted(events, key=lambda event: event.when, reverse=True)


def _submissions(reporting_round: Round) -> Iterator[Event]:
    for submission in reporting_round.submissions.select_related("submitted_by", "decided_by").defer(
        "document"
    ):
        yield Event(submission.submitted_at, _name(submission.submitted_by), "ส่งรายงานให้ผู้บริหาร")
        if submission.outcome == Submission.Outcome.RETURNED and submission.decided_at:
            yield Event(submission.decided_at, _name(submission.decided_by), "ส่งกลับให้แก้ไข", submission.reason)
    for edition in reporting_round.editions.only("approved_at", "revision", "code", "approved_by"):
        yield Event(
            edition.approved_at, edition.approved_by, f"อนุมัติเป็นฉบับที่ {edition.revision}", f"รหัส {edition.code}"
        )


def _corrections(reporting_round: Round) -> Iterator[Event]:
    records = reporting_round.history.select_related("history_user").order_by("history_date", "history_id")
    for before, after in pairwise(records):
        if (before.state, after.state) == (Round.State.APPROVED, Round.State.OPEN):
            yield Event(
                after.history_date, _name(after.history_user), "เปิดรอบเพื่อแก้ไขฉบับที่อนุมัติแล้ว", after.correction
            )


def _publications(reporting_round: Round) -> Iterator[Event]:
    records = Publication.history.filter(edition__round=reporting_round.pk)
    for record in records.select_related("history_user", "edition").defer("edition__document"):
        what = "หยุดเผยแพร่" if record.history_type == "-" else "เผยแพร่"
        yield Event(record.history_date, _name(record.history_user), f"{what}ฉบับที่ {record.edition.revision}")


def _name(person: User | None) -> str:
    return person.get_full_name() if person else "ระบบ"
