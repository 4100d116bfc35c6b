"""What a division has to do in a year: its measures by when they need a report."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from accounts.models import Division
from core.thai_calendar import ReportingRound
from measures.listing import When, urgency, when_needed
from measures.meter import Segment, short_words, stacked
from measures.models import Measure, Part, Plan, Report
from measures.status import Status


@dataclass(frozen=True)
class Task:
    """A measure, or a division's part of it, on the first screen of the division."""

    report: Report
    days_left: int | None
    """How many days are left until its due date; None where none matters any more or it has passed."""
    days_over: int
    """How many days its due date has passed; 0 where it has not."""

    @property
    def measure(self) -> Measure:
        return self.report.about

    @property
    def part(self) -> Part | None:
        """None where all its divisions report together."""
        return self.report if isinstance(self.report, Part) else None

    @property
    def steps_done(self) -> int:
        """How many steps are marked done by who reports."""
        return self.report.steps_done


@dataclass(frozen=True)
class Work:
    """The measures of a division by when they need a report, each group the most urgent first."""

    round: ReportingRound
    overdue: Sequence[Task]
    this_round: Sequence[Task]
    later: Sequence[Task]
    finished: Sequence[Task]

    @property
    def waiting(self) -> Sequence[Task]:
        """What needs a report before the round ends."""
        return [*self.overdue, *self.this_round]

    @property
    def total(self) -> int:
        return len(self.waiting) + len(self.later) + len(self.finished)

    @property
    def done(self) -> int:
        """How many measures of the year are done."""
        return self._counts[Status.DONE]

    @property
    def meter(self) -> Sequence[Segment]:
        """The measures of the year by status, for a bar."""
        order = (Status.DONE, Status.IN_PROGRESS, Status.NOT_STARTED, Status.CANCELLED)
        return stacked((status, self._counts[status]) for status in order)

    @property
    def meter_label(self) -> str:
        """The same in words."""
        return short_words(self.meter)

    @property
    def _counts(self) -> Counter[str]:
        return Counter(task.report.counted_status for task in [*self.waiting, *self.later, *self.finished])

    @property
    def first(self) -> Task | None:
        """What to begin with: the only one with a filled button."""
        return next(iter([*self.waiting, *self.later]), None)


def work_of(divisions: Sequence[Division], plan: Plan, today: date) -> Work:
    """The work of divisions in the year of a plan, seen from a day; three queries."""
    mine = Measure.objects.filter(plan=plan).of_divisions(divisions)
    measures = mine.with_step_counts().with_returns(divisions).with_parties().with_parts()
    reports = [report for measure in measures for report in measure.reports_of(divisions)]
    groups: dict[When, list[Task]] = {when: [] for when in When}
    for report in sorted(reports, key=lambda each: (not each.about.is_returned, urgency(each))):
        groups[_when(report, plan, today)].append(_task(report, today))
    return Work(
        plan.year.round_on(today),
        groups[When.OVERDUE],
        groups[When.THIS_ROUND],
        groups[When.LATER],
        groups[When.NEVER],
    )


def _when(report: Report, plan: Plan, today: date) -> When:
    """What was returned waits for its division, whatever its status; of a closed plan nothing waits."""
    when = when_needed(report, today)
    if plan.is_closed:
        return When.NEVER if when == When.NEVER else When.LATER
    return min(when, When.THIS_ROUND) if report.about.is_returned else when


def _task(report: Report, today: date) -> Task:
    days = report.days_left_on(today)
    return Task(report, days if days is None or days >= 0 else None, max(0, -(days or 0)))
