"""What a report's first page says, in every format: the answer in one sentence, the steps of each indicator,
what is late.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from reports.document.facts import IndicatorSection, MeasureRow, ReportDocument

# Values of statuses, which no edition ever changed.
DONE: Final = "done"
CANCELLED: Final = "cancelled"
NOT_YET_DUE: Final = "ครบกำหนดก่อนสิ้นรอบ"
NO_REASON: Final = "ไม่ได้ระบุเหตุผล"
NOBODY: Final = "–"


@dataclass(frozen=True, slots=True)
class Headline:
    """The report in one sentence of two parts: what is done, and how all the rest stands."""

    answer: str
    rest: str


@dataclass(frozen=True, slots=True)
class StepCount:
    """How many of an indicator's steps are done; cancelled measures have none, of a done one all are."""

    done: int
    total: int

    @property
    def share(self) -> float:
        """In hundredths."""
        return round(100 * self.done / self.total, 2) if self.total else 0


@dataclass(frozen=True, slots=True)
class LateLine:
    """A measure that is late, whose it is and since how many days."""

    indicator: int
    title: str
    divisions: tuple[str, ...]
    due_text: str
    due_on: date | None
    days: int
    """0: its day is still to come, before the round's last."""
    reason: str

    @property
    def whose(self) -> str:
        return ", ".join(self.divisions) or NOBODY

    @property
    def since(self) -> str:
        """เกินกำหนด 12 วัน."""
        return f"เกินกำหนด {self.days} วัน" if self.days else NOT_YET_DUE


def headline(document: ReportDocument) -> Headline:
    """What an executive has to know."""
    counts = {count.value: count for count in document.status_counts}
    total = document.measure_count
    if not total:
        return Headline("แผนนี้ยังไม่มีมาตรการ", "")
    done = counts[DONE].count if DONE in counts else 0
    others = [f"{one.label} {one.count}" for one in counts.values() if one.value != DONE and one.count]
    late = [f"{late_word(document)} {document.late_count}"] if document.late_count else []
    answer = f"แล้วเสร็จ {done} จาก {total} มาตรการ (ร้อยละ {_percent(done, total)})"
    return Headline(answer, " · ".join(late + others))


def _percent(done: int, total: int) -> int:
    """Never 0 or 100 unless it is all or nothing."""
    if done in (0, total):
        return 100 * (done == total)
    return min(99, max(1, round(100 * done / total)))


def steps_done(section: IndicatorSection) -> StepCount:
    """The steps of an indicator's measures."""
    counts = [steps_of(row) for row in section.measures]
    return StepCount(sum(count.done for count in counts), sum(count.total for count in counts))


def steps_of(row: MeasureRow) -> StepCount:
    """The steps of one measure."""
    if row.status == CANCELLED:
        return StepCount(0, 0)
    done = sum(row.status == DONE or step.done_on is not None for step in row.steps)
    return StepCount(done, len(row.steps))


def standing(document: ReportDocument, section: IndicatorSection) -> str:
    """How an indicator's measures stand: the words of one status, else each with its count."""
    named = [(name.label, section.count(name.value)) for name in document.statuses]
    named = [(label, count) for label, count in named if count]
    if len(named) == 1 and named[0][1] == 1:
        return named[0][0]
    # No line ends between a word and its number.
    return " · ".join(f"{label}\u00a0{count}" for label, count in named)


def counted_to(document: ReportDocument) -> date:
    """The day to which lateness is counted: that of the facts, at most the round's last."""
    return min(document.as_of, document.ends_on)


def late_word(document: ReportDocument) -> str:
    """What a late measure is called: before the round's last day some of them are not late yet."""
    return "ล่าช้า" if document.as_of >= document.ends_on else "ล่าช้าเมื่อสิ้นรอบ"


def late_lines(document: ReportDocument) -> Sequence[LateLine]:
    """The measures that are late, in printed order."""
    day = counted_to(document)
    return [
        LateLine(
            indicator=section.number,
            title=row.title,
            divisions=_whose(row),
            due_text=row.due_text,
            due_on=row.due_on,
            days=max(0, (day - row.due_on).days) if row.due_on else 0,
            reason=row.reason or NO_REASON,
        )
        for section in document.sections
        for row in section.measures
        if row.late
    ]


def _whose(row: MeasureRow) -> tuple[str, ...]:
    """Of what is reported division by division, those whose own part is late; else all responsible."""
    return tuple(part.division for part in row.parts if part.late) or row.parties
