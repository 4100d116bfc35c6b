"""What changed since the report of the round before: measure by measure, the same in every format.

Pure: no query, no clock. What is compared is frozen in the document, so that an edition stays as it is.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from core.thai_calendar import long_date, thai_digits
from reports.document.earlier import EarlierEdition, EarlierMeasure
from reports.document.facts import MeasureRow, ReportDocument
from reports.document.first_page import CANCELLED, StepCount, steps_of

ADDED: Final = "เพิ่มใหม่"
GONE: Final = "นำออกจากแผน"
CANCELLED_SINCE: Final = "ยกเลิก"
STATUS: Final = "สถานะเปลี่ยน"
NEW_RESULT: Final = "รายงานผลใหม่"
RESULT: Final = "ผลเปลี่ยน"
STEPS: Final = "ขั้นตอนเปลี่ยน"
TITLE: Final = "ชื่อเปลี่ยน"
SAME: Final = "ไม่เปลี่ยนแปลง"
RESULT_IS_SAME: Final = "ผลการดำเนินงานไม่เปลี่ยนแปลง"
# In the order in which they are counted.
KINDS: Final = (ADDED, CANCELLED_SINCE, GONE, STATUS, NEW_RESULT, RESULT, STEPS, TITLE)
# A row of the printed table up to so many characters is not divided.
SHORT: Final = 900


class _Known(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def title(self) -> str: ...


Before = TypeVar("Before", bound=_Known)
After = TypeVar("After", bound=_Known)


def paired(before: Iterable[Before], after: Iterable[After]) -> Iterator[tuple[Before | None, After | None]]:
    """Each measure of the later report with what it was, in the later order; those that are gone come last.

    Measures are the same where the system knows them by the same number, whatever their titles say; where it
    knows none, by their titles.
    """
    old: defaultdict[object, list[Before]] = defaultdict(list)
    for was in before:
        old[was.id or was.title].append(was)
    for row in after:
        same = old[row.id or row.title]
        yield (same.pop(0) if same else None), row
    for left in old.values():
        for was in left:
            yield was, None


@dataclass(frozen=True, slots=True)
class MeasureChange:
    """A measure then and now; of one that was added `before` is None, of one that is gone `after`."""

    indicator: int
    before: EarlierMeasure | None
    after: MeasureRow | None

    @property
    def title(self) -> str:
        return self.after.title if self.after else self.before.title if self.before else ""

    @property
    def kinds(self) -> Sequence[str]:
        """What changed, in words; empty where nothing did."""
        was, now = self.before, self.after
        if was is None:
            return [ADDED]
        if now is None:
            return [GONE]
        cancelled = now.status == CANCELLED
        status = (was.status, was.late) != (now.status, now.late)
        found = (
            (CANCELLED_SINCE, status and cancelled),
            (STATUS, status and not cancelled),
            (NEW_RESULT, self.result_changed and not was.result),
            (RESULT, self.result_changed and bool(was.result)),
            (STEPS, not cancelled and self.steps_before != self.steps_after),
            (TITLE, was.title != now.title),
        )
        return [kind for kind, is_so in found if is_so]

    @property
    def words(self) -> str:
        return " · ".join(self.kinds) or SAME

    @property
    def result_changed(self) -> bool:
        """Whether another text is reported now; of what was added or is gone, whether there is one."""
        return self.result_before != self.result_after

    @property
    def result_before(self) -> str:
        return self.before.result if self.before else ""

    @property
    def result_after(self) -> str:
        return self.after.result if self.after else ""

    @property
    def status_before(self) -> str:
        return _status(self.before) if self.before else ""

    @property
    def status_after(self) -> str:
        return _status(self.after) if self.after else ""

    @property
    def steps_before(self) -> StepCount | None:
        return StepCount(self.before.steps_done, self.before.steps_total) if self.before else None

    @property
    def steps_after(self) -> StepCount | None:
        return steps_of(self.after) if self.after else None

    @property
    def is_short(self) -> bool:
        """Whether no page should end inside its row."""
        return max(len(self.title), len(self.result_before), len(self.result_after)) <= SHORT


@dataclass(frozen=True, slots=True)
class Changes:
    """All that changed, with the report that it is compared with."""

    earlier: EarlierEdition
    measures: Sequence[MeasureChange]
    """Every measure of both reports, in printed order."""

    @property
    def changed(self) -> Sequence[MeasureChange]:
        return [change for change in self.measures if change.kinds]

    @property
    def same(self) -> Sequence[MeasureChange]:
        return [change for change in self.measures if not change.kinds]

    @property
    def heading(self) -> str:
        return f"การเปลี่ยนแปลงจากรอบ {self.earlier.months} เดือน"

    @property
    def compared_with(self) -> str:
        """Which report that is, with Thai numbers and its code as it is printed."""
        earlier = self.earlier
        name = f"รายงานรอบ {earlier.months} เดือน ฉบับที่ {earlier.revision}"
        day = thai_digits(long_date(earlier.approved_on))
        return f"เทียบกับ{thai_digits(name)} รหัส {earlier.code} อนุมัติเมื่อ {day}"

    @property
    def same_line(self) -> str:
        """Which measures did not change, with Thai numbers."""
        named = ", ".join(f"ตัวชี้วัดที่ {thai_digits(change.indicator)} {change.title}" for change in self.same)
        return f"มาตรการที่{SAME} {thai_digits(len(self.same))} มาตรการ ได้แก่ {named}"

    @property
    def summary(self) -> str:
        """How many measures changed in which way."""
        kinds = [kind for change in self.measures for kind in change.kinds]
        counted = [f"{kind} {kinds.count(kind)}" for kind in KINDS if kind in kinds]
        return " · ".join([*counted, f"{SAME} {len(self.same)}"])


def changes_in(document: ReportDocument) -> Changes | None:
    """What changed since the report that a document stands beside; None where it stands beside none."""
    earlier = document.earlier
    if earlier is None:
        return None
    indicators = iter([section.number for section in document.sections for _ in section.measures])
    return Changes(
        earlier,
        [
            MeasureChange(next(indicators) if now else was.indicator if was else 0, was, now)
            for was, now in paired(earlier.measures, document.measures)
        ],
    )


def as_earlier(document: ReportDocument) -> EarlierEdition | None:
    """What a later report keeps of an approved one; None of a draft."""
    mark = document.edition
    if mark is None:
        return None
    return EarlierEdition(
        months=document.months,
        revision=mark.revision,
        code=mark.code,
        approved_on=mark.approved_on,
        measures=tuple(
            EarlierMeasure(
                id=row.id,
                indicator=section.number,
                title=row.title,
                status=row.status,
                status_label=row.status_label,
                late=row.late,
                result=row.result,
                steps_done=steps_of(row).done,
                steps_total=steps_of(row).total,
            )
            for section in document.sections
            for row in section.measures
        ),
    )


def _status(row: EarlierMeasure | MeasureRow) -> str:
    return f"{row.status_label} (ล่าช้า)" if row.late else row.status_label
