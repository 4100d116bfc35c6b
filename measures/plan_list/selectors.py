"""What the plan list shows: the measures that the filters leave, and how many each status would leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from accounts.models import User
from measures.access import can_update_part
from measures.models import Indicator, Measure, Part, Plan, Report
from measures.plan_list.forms import LATE, OUTSTANDING, UNPROVED, MeasureFilter
from measures.questions import measures_of_plan
from measures.search.selectors import Found, search
from measures.status import FINISHED, SHORT_WORDS, Status

PILLS: Final = (
    ("", "ทั้งหมด"),
    (LATE, SHORT_WORDS[LATE]),
    (OUTSTANDING, "ยังไม่แล้วเสร็จ"),
    *(
        (status, SHORT_WORDS[status])
        for status in (Status.IN_PROGRESS, Status.NOT_STARTED, Status.DONE, Status.CANCELLED)
    ),
    (UNPROVED, "ยังไม่มีหลักฐาน"),
)


@dataclass(frozen=True)
class Pill:
    """A status as a filter, with how many measures it leaves beside the other filters in force."""

    value: str
    label: str
    count: int
    current: bool


@dataclass(frozen=True)
class ListedMeasure:
    """A row: a measure, and where in it was found what was searched for."""

    measure: Measure
    found: Found | None
    report: Report
    """Whose status the row goes by: the part of the division that is filtered by, or the measure."""
    target: Report
    """On what the person reports from the row."""


@dataclass(frozen=True)
class ListedGroup:
    """The rows of one indicator."""

    indicator: Indicator
    rows: Sequence[ListedMeasure]


@dataclass(frozen=True)
class PlanList:
    """The list of a plan's measures as the filters leave it."""

    groups: Sequence[ListedGroup]
    pills: Sequence[Pill]
    count: int
    total: int

    @property
    def measures(self) -> Sequence[Measure]:
        return [row.measure for group in self.groups for row in group.rows]


def measures_of(plan: Plan) -> Sequence[Measure]:
    """All measures of a plan in report order, with what a row shows, in three queries."""
    return measures_of_plan(plan.pk)


def listed(
    plan: Plan, measures: Sequence[Measure], filters: MeasureFilter, person: User, today: date
) -> PlanList:
    """Filter the measures of a plan; asks the database only for what is searched through.

    Args:
        measures: all of the plan.
    """
    found = search(plan, measures, filters.chosen.text, person)
    rows = [
        _row(measure, found[measure.pk] if found else None, filters.report_of(measure), person)
        for measure in measures
        if filters.leaves(measure) and (found is None or measure.pk in found)
    ]
    status = filters.chosen.status
    left = [row for row in rows if has_status(row.report, status, today)]
    return PlanList(_groups(left), _pills(rows, status, today), len(left), len(measures))


def _row(measure: Measure, found: Found | None, report: Report, person: User) -> ListedMeasure:
    own = isinstance(report, Part) and can_update_part(person, report)
    return ListedMeasure(measure, found, report, report if own else measure)


def has_status(report: Report, status: str, today: date) -> bool:
    """Whether a measure or a part is of a status, or of what follows from others: late, outstanding, without
    evidence; empty for any. Reported work without evidence counts: what has not begun or is cancelled needs
    none.
    """
    if status == LATE:
        return report.is_late_on(today)
    if status == OUTSTANDING:
        return report.counted_status not in FINISHED
    if status == UNPROVED:
        return not report.about.has_evidence and report.counted_status in (Status.IN_PROGRESS, Status.DONE)
    return status in ("", report.counted_status)


def _pills(rows: Sequence[ListedMeasure], chosen: str, today: date) -> Sequence[Pill]:
    """Those that would leave something, and the one in force. Late is a part of others: it says so itself."""
    counted = [
        Pill(value, label, sum(has_status(row.report, value, today) for row in rows), value == chosen)
        for value, label in PILLS
    ]
    return [
        pill
        for pill in counted
        if pill.current or pill.value == "" or (pill.count and pill.value != OUTSTANDING)
    ]


def _groups(rows: Sequence[ListedMeasure]) -> Sequence[ListedGroup]:
    groups: dict[int, list[ListedMeasure]] = {}
    for row in rows:
        groups.setdefault(row.measure.indicator_id, []).append(row)
    return [ListedGroup(group[0].measure.indicator, group) for group in groups.values()]
