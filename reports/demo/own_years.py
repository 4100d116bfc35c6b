"""The agency's own story: its plan of this fiscal year as it stands now, and of the years before."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Final

from django.utils import timezone

from accounts.models import Agency
from core.thai_calendar import FiscalYear
from measures.models import Measure, Plan
from measures.outline.services import drop_measure
from measures.parts.services import set_by_division
from reports.demo.clock import acting
from reports.demo.progress import plan_measure, play
from reports.demo.rounds import approved, published, returned, submitted
from reports.demo.stage import Stage
from reports.demo.story import Age, StoryRound, Telling, read_story
from reports.models import Edition, Round, Submission
from reports.new_year.services import open_year, open_year_from

# A plan is opened in the last weeks of the year before.
OPENED: Final = -14
# From October to December the report of the year before is still being made: the last closed year is the one
# before that.
FIRST_MONTH: Final = 10
# In quarters of an hour after the office opens.
LATE_IN_THE_DAY: Final = 26

Happening = tuple[datetime, Callable[[], None]]


def load_own_years(stage: Stage, agency: Agency) -> None:
    """This year's plan and those before it which are missing; a plan that is there is left alone."""
    today = timezone.localdate(stage.now)
    present = FiscalYear.containing(today).number
    ages: tuple[Age, ...] = (2, 1, 0) if today.month >= FIRST_MONTH else (1, 0)
    for age in ages:
        if not agency.plans.filter(fiscal_year=present - age).exists():
            # Until this year all reported together, as offices did that had the site before.
            year = FiscalYear(present - age)
            _tell(stage, agency, Telling(year, age, agency.short_name, by_division=age == 0))


def _tell(stage: Stage, agency: Agency, telling: Telling) -> None:
    plan = _opened(stage, agency, telling)
    measures = _measures(stage, plan, telling)
    happenings = list(_reports(stage, measures, telling))
    for round_ in plan.rounds.select_related("plan__agency"):
        happenings += _RoundTold(stage, round_, telling).days()
    for at, happen in sorted(happenings, key=lambda happening: happening[0]):
        if at <= stage.now:
            happen()


def _opened(stage: Stage, agency: Agency, telling: Telling) -> Plan:
    before = agency.plans.filter(fiscal_year=telling.year.number - 1, is_sample=True).first()
    with acting(stage.people["officer"], telling.moment(OPENED)):
        if before is not None:
            return open_year_from(before, telling.year.number)
        plan = open_year(agency, telling.year.number)
        plan.is_sample = True
        plan.save(update_fields=["is_sample"])
        return plan


def _measures(stage: Stage, plan: Plan, telling: Telling) -> dict[str, Measure]:
    """The plan's measures as the story has them, by key: those of the year before are there already."""
    there = {measure.title: measure for measure in plan.measures.all()}
    found = {}
    with acting(stage.people["officer"], telling.moment(OPENED, 1)):
        for told, _ in telling.measures():
            found[told.key] = there[told.title] if told.title in there else plan_measure(stage, plan, told)
            set_by_division(found[told.key], told.by_division)
        for measure in there.values():
            if measure not in found.values():
                drop_measure(measure)
    return found


def _reports(stage: Stage, measures: dict[str, Measure], telling: Telling) -> Iterator[Happening]:
    for told, events in telling.measures():
        for event in events:
            yield event.at, partial(play, stage, measures[told.key], event, stage.people[event.by])


class _RoundTold:
    """A round of the story: submitted, returned with a reason, submitted again, approved, published."""

    def __init__(self, stage: Stage, round_: Round, telling: Telling) -> None:
        self._stage = stage
        self._round = round_
        self._telling = telling
        self._story: StoryRound = read_story()["rounds"][str(round_.months)]
        self._officer, self._executive = stage.people["officer"], stage.people["executive"]
        self._submission: Submission | None = None
        self._edition: Edition | None = None

    def days(self) -> Iterator[Happening]:
        """Everything that happens to the round; what comes later in a day than reports do sees them."""
        story = self._story
        steps = (
            (story["submit"], self._submit),
            (story["return"], self._return),
            (story["submit_again"], self._submit),
            (story["approve"], self._approve),
            (story["publish"], self._publish),
        )
        for place, (day, happen) in enumerate(steps, LATE_IN_THE_DAY):
            at = self._telling.moment(day, place)
            yield at, partial(happen, at)

    def _submit(self, at: datetime) -> None:
        self._submission = submitted(self._round, self._officer, at)

    def _return(self, at: datetime) -> None:
        if self._submission is not None:
            returned(self._submission, self._executive, at, self._story["reason"])

    def _approve(self, at: datetime) -> None:
        if self._submission is not None:
            self._edition = approved(self._stage, self._submission, self._executive, at)

    def _publish(self, at: datetime) -> None:
        if self._edition is not None:
            published(self._edition, self._officer, at)
