"""One change for many measures: what it would do to each, by the rule that holds for one alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from accounts.models import User
from core.thai_calendar import long_date
from measures.access import can_edit_plan, can_update_measure
from measures.models import Measure
from measures.outline.services import set_due
from measures.progress.rules import FINISH_STEPS, KEEP_STEPS, problems_of
from measures.progress.services import Progress, save_progress
from measures.status import SHORT_WORDS, Status


@dataclass(frozen=True)
class BulkChange:
    """What is to become of every chosen measure; an empty status or None leaves that as it is."""

    status: str
    reason: str
    open_steps: str
    due_on: date | None


@dataclass(frozen=True)
class BulkLine:
    """What a change does to one measure: from what to what, or why it does nothing."""

    measure: Measure
    before: str
    after: str
    why_not: str
    asks: frozenset[str] = frozenset()
    """The fields of the change that would have to be filled in otherwise for it to do something."""
    progress: Progress | None = None
    """What is to be stored of its status; None where that stays."""
    finish_steps_on: date | None = None

    @property
    def changes(self) -> bool:
        return not self.why_not

    @property
    def seen(self) -> str:
        """The measure with both its versions, as the confirmation sends it back."""
        return f"{self.measure.pk}.{self.measure.version}.{self.measure.outline_version}"


def lines_of(
    measures: Iterable[Measure], change: BulkChange, person: User, today: date
) -> Sequence[BulkLine]:
    """What the change would do to each measure; no query after with_parties() and with_step_counts()."""
    return [_line(measure, change, person, today) for measure in measures]


def _line(measure: Measure, change: BulkChange, person: User, today: date) -> BulkLine:
    progress: Progress | None = None
    finish_steps_on: date | None = None
    before = _said(measure.status if change.status else "", measure.due_on, change.due_on)
    after = _said(change.status, change.due_on, change.due_on)
    why_not = ""
    asks: frozenset[str] = frozenset()
    same_status = not change.status or measure.status == change.status
    if same_status and change.due_on in (None, measure.due_on):
        why_not = "เป็นเช่นนี้อยู่แล้ว"
    elif change.due_on and not can_edit_plan(person, measure.plan):
        why_not = "คุณแก้วันครบกำหนดของมาตรการนี้ไม่ได้"
    elif not same_status and not can_update_measure(person, measure):
        why_not = "คุณรายงานผลของมาตรการนี้ไม่ได้"
    elif not same_status:
        progress = _progress(measure, change)
        problems = _problems(measure, progress, change, today)
        why_not, asks = " ".join(problems.values()), frozenset(problems)
        finish_steps_on = today if _finishes_steps(change) else None
    return BulkLine(measure, before, after, why_not, asks, progress, finish_steps_on)


def _progress(measure: Measure, change: BulkChange) -> Progress:
    """The report on the measure as its own page would send it."""
    reason = change.reason or measure.status_reason
    return Progress(change.status, reason, measure.result, measure.obstacle)


def _problems(measure: Measure, progress: Progress, change: BulkChange, today: date) -> Mapping[str, str]:
    # The day on which it is due from now on says whether it is late.
    measure.due_on = change.due_on or measure.due_on
    return problems_of(measure, progress, change.open_steps or KEEP_STEPS, today)


def _finishes_steps(change: BulkChange) -> bool:
    return change.status == Status.DONE and change.open_steps == FINISH_STEPS


def _said(status: str, due_on: date | None, changed: date | None) -> str:
    parts = [SHORT_WORDS[status]] if status else []
    if changed:
        parts.append(f"ครบกำหนด {long_date(due_on)}" if due_on else "ไม่มีวันครบกำหนด")
    return " · ".join(parts)


@transaction.atomic
def apply(
    lines: Sequence[BulkLine], change: BulkChange, versions: Mapping[int, tuple[int, int]], person: User
) -> int:
    """Store a change on the measures that it changes, each in the version that was confirmed.

    Returns:
        On how many.

    Raises:
        StaleEdit: somebody else changed one of them in between; nothing is stored then.
    """
    changed = [line for line in lines if line.changes and line.measure.pk in versions]
    for line in changed:
        version, outline_version = versions[line.measure.pk]
        if change.due_on:
            set_due(line.measure, outline_version, change.due_on)
        if line.progress is not None:
            save_progress(line.measure, version, line.progress, person, finish_steps_on=line.finish_steps_on)
    return len(changed)
