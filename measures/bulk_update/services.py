"""One change for many measures: what it would do to each, by the rule that holds for one alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction

from accounts.models import User
from core.locking import StaleEdit
from core.thai_calendar import long_date
from measures.access import can_edit_plan, can_update
from measures.models import Measure, Part, Report
from measures.outline.services import set_due
from measures.parts.services import save_report
from measures.progress.rules import FINISH_STEPS, KEEP_STEPS, problems_of
from measures.progress.services import Progress
from measures.status import SHORT_WORDS, Status

# A measure and its part, 0 for the whole; or the versions of both.
Key = tuple[int, int]


@dataclass(frozen=True)
class BulkChange:
    """What is to become of every chosen measure; an empty status or None leaves that as it is."""

    status: str
    reason: str
    open_steps: str
    due_on: date | None
    of_parts: bool = False
    """Whether the officer changes what each division has reported, where divisions report their own parts."""


@dataclass(frozen=True)
class BulkLine:
    """What a change does to one measure or one part: from what to what, or why it does nothing."""

    report: Report
    before: str
    after: str
    why_not: str
    asks: frozenset[str] = frozenset()
    """The fields of the change that would have to be filled in otherwise for it to do something."""
    progress: Progress | None = None
    """What is to be stored of its status; None where that stays."""
    finish_steps_on: date | None = None
    due_on: date | None = None
    """The day on which the measure is to be due from now on; None where that stays."""

    @property
    def measure(self) -> Measure:
        return self.report.about

    @property
    def part(self) -> Part | None:
        return self.report if isinstance(self.report, Part) else None

    @property
    def changes(self) -> bool:
        return not self.why_not

    @property
    def key(self) -> Key:
        """The measure and the part; 0 for the measure as a whole."""
        return self.measure.pk, self.part.pk if self.part else 0

    @property
    def seen(self) -> str:
        """The measure with its part and both versions, as the confirmation sends it back."""
        measure, part = self.key
        return f"{measure}.{part}.{self.report.version}.{self.measure.outline_version}"


def lines_of(
    measures: Iterable[Measure], change: BulkChange, person: User, today: date
) -> Sequence[BulkLine]:
    """What the change would do to each measure, or to each of the parts on which the person reports.

    No query after with_parties(), with_parts() and with_step_counts().
    """
    lines: list[BulkLine] = []
    for measure in measures:
        reports = _reports(measure, change, person)
        lines.append(_line(reports[0], change, person, today))
        # When it is due is said once for all of them.
        rest = replace(change, due_on=None)
        lines += [_line(report, rest, person, today) for report in reports[1:] if change.status]
    return lines


def _reports(measure: Measure, change: BulkChange, person: User) -> Sequence[Report]:
    """What of a measure is changed: never empty."""
    if person.is_officer:
        return measure.reports if change.of_parts else [measure]
    return measure.reports_of(person.own_divisions) or [measure]


def _line(report: Report, change: BulkChange, person: User, today: date) -> BulkLine:
    measure = report.about
    progress: Progress | None = None
    finish_steps_on: date | None = None
    before = _said(report.status if change.status else "", measure.due_on, change.due_on)
    after = _said(change.status, change.due_on, change.due_on)
    why_not = ""
    asks: frozenset[str] = frozenset()
    same_status = not change.status or report.status == change.status
    if same_status and change.due_on in (None, measure.due_on):
        why_not = "เป็นเช่นนี้อยู่แล้ว"
    elif change.due_on and not can_edit_plan(person, measure.plan):
        why_not = "คุณแก้วันครบกำหนดของมาตรการนี้ไม่ได้"
    elif not same_status and not can_update(person, report):
        why_not = "คุณรายงานผลของมาตรการนี้ไม่ได้"
    elif not same_status:
        progress = _progress(report, change)
        problems = _problems(report, progress, change, today)
        why_not, asks = " ".join(problems.values()), frozenset(problems)
        finish_steps_on = today if _finishes_steps(change) else None
    return BulkLine(report, before, after, why_not, asks, progress, finish_steps_on, change.due_on)


def _progress(report: Report, change: BulkChange) -> Progress:
    """The report as its own page would send it."""
    reason = change.reason or report.status_reason
    return Progress(change.status, reason, report.result, report.obstacle)


def _problems(report: Report, progress: Progress, change: BulkChange, today: date) -> Mapping[str, str]:
    # The day on which it is due from now on says whether it is late.
    report.about.due_on = change.due_on or report.about.due_on
    return problems_of(report, progress, change.open_steps or KEEP_STEPS, today)


def _finishes_steps(change: BulkChange) -> bool:
    return change.status == Status.DONE and change.open_steps == FINISH_STEPS


def _said(status: str, due_on: date | None, changed: date | None) -> str:
    parts = [SHORT_WORDS[status]] if status else []
    if changed:
        parts.append(f"ครบกำหนด {long_date(due_on)}" if due_on else "ไม่มีวันครบกำหนด")
    return " · ".join(parts)


@transaction.atomic
def apply(
    lines: Sequence[BulkLine], versions: Mapping[tuple[int, int], tuple[int, int]], person: User
) -> int:
    """Store a change on what it changes, each in the version that was confirmed.

    Args:
        versions: of the report and of the outline, by BulkLine.key.

    Returns:
        On how many.

    Raises:
        StaleEdit: somebody else changed one of them in between; nothing is stored then.
    """
    if versions.keys() - {line.key for line in lines}:
        # Divisions report their own parts by now, or no longer.
        raise StaleEdit
    changed = [line for line in lines if line.changes and line.key in versions]
    for line in changed:
        version, outline_version = versions[line.key]
        if line.due_on:
            set_due(line.measure, outline_version, line.due_on)
        if line.progress is not None:
            save_report(line.report, version, line.progress, person, finish_steps_on=line.finish_steps_on)
    return len(changed)
