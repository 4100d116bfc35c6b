"""The agencies beside the real one, all invented: each at another point of the report that is due."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from django.utils import timezone

from accounts.models import Agency, Role, User
from accounts.set_up.suggestions import kind_of
from core.thai_calendar import FiscalYear, RoundMonths
from measures.models import SAMPLE, Evidence, Measure, Plan
from measures.status import Status, is_late
from reports.demo.clock import acting
from reports.demo.drafts import Draft, SeedMeasure, SeedStep, draft_measures, insert, insert_drafts
from reports.demo.evidence import address_of
from reports.demo.people import DemoPerson, divisions_by_name, load_person
from reports.demo.progress import play
from reports.demo.rounds import approved, published, returned, submitted
from reports.demo.stage import Stage
from reports.demo.standing import Standing, standing
from reports.demo.story import StoryAgency, Telling, Told, ToldEvent, at_the_office, read_story
from reports.models import Round, RoundLength

# When things happen to the report that is due: so many days ago, but at the latest so many days after the end
# of the round.
DAYS: Final = {
    "published": ((9, 12), (6, 17), (4, 19)),
    "approved": ((5, 20), (1, 27)),
    "submitted": ((2, 33),),
    "returned": ((6, 15), (3, 20)),
    "late": (),
}
OPENED: Final = -10


@dataclass(frozen=True)
class Due:
    """The round that ended last: the one of which an overseer asks who has published it."""

    year: FiscalYear
    months: RoundMonths

    @classmethod
    def on(cls, today: date) -> "Due":
        """From April the six months of this year; from October, and until March, the whole year before."""
        year = FiscalYear.containing(today)
        return cls(year, 6) if today > year.round_end(6) else cls(FiscalYear(year.number - 1), 12)

    @property
    def end(self) -> date:
        return self.year.round_end(self.months)


def load_neighbours(stage: Stage) -> None:
    """Every neighbour with its people and plans; what is there already is left alone."""
    for about in read_story()["neighbours"]["agencies"]:
        agency = _agency(about)
        if about["point"] != "without_plan":
            _load_plans(stage, about, agency)


def _agency(about: StoryAgency) -> Agency:
    agency = Agency.objects.filter(slug=about["slug"]).first()
    if agency is None:
        agency = Agency(
            # In the name itself, so that no page and no file can leave it out.
            name=f"{about['kind']}{about['place']} ({SAMPLE})",
            short_name=f"{about['short']}{about['place']}",
            slug=about["slug"],
            kind=kind_of(about["kind"]),
            province=read_story()["neighbours"]["province"],
        )
        insert([agency])
        divisions_by_name(agency, read_story()["neighbours"]["divisions"])
    return agency


def _load_plans(stage: Stage, about: StoryAgency, agency: Agency) -> None:
    today = timezone.localdate(stage.now)
    due, present = Due.on(today), FiscalYear.containing(today)
    officer, executive = (load_person(person, agency, stage.password) for person in _people(about, agency))
    for year in dict.fromkeys((due.year, present)):
        if _has_plan(agency, year):
            continue
        telling = Telling(year, 0 if year == present else 1, agency.short_name, about["behind"])
        neighbour = _Neighbour(stage, about, agency, officer, executive, telling)
        neighbour.load(due if year == due.year else None)


def _has_plan(agency: Agency, year: FiscalYear) -> bool:
    return agency.plans.filter(fiscal_year=year.number).exists()


def _people(about: StoryAgency, agency: Agency) -> tuple[DemoPerson, DemoPerson]:
    name, short = about["slug"].removeprefix("demo-"), agency.short_name
    return (
        DemoPerson(f"officer-{name}", Role.OFFICER, f"เจ้าหน้าที่ผู้รับผิดชอบ ITA {short}", "หัวหน้าสำนักปลัด"),
        DemoPerson(f"executive-{name}", Role.EXECUTIVE, f"ผู้บริหาร {short}", f"นายก{about['kind']}"),
    )


@dataclass(frozen=True)
class _Neighbour:
    """One plan of a neighbour, on its way into the database."""

    stage: Stage
    about: StoryAgency
    agency: Agency
    officer: User
    executive: User
    telling: Telling

    def load(self, due: Due | None) -> None:
        """The plan as it stands; if it is the one that is due, with its report up to the agency's point."""
        days = self._days(due) if due else []
        until = days[0] if days else self._silent_since(due)
        told = list(self.telling.measures(self.about["measures"]))
        stands = [standing(measure, events, until) for measure, events in told]
        if days and due:
            stands = [self._explained(each, of, due) for each, (of, _) in zip(stands, told, strict=True)]
        plan, measures = self._insert([measure for measure, _ in told], stands)
        if days and due:
            self._move(plan.rounds.select_related("plan__agency").get(months=due.months), days)
            plan.refresh_from_db()
            if not plan.is_closed:
                for measure, (_, events) in zip(measures, told, strict=True):
                    self._go_on(measure, events, until)

    def _silent_since(self, due: Due | None) -> datetime:
        """Until when reports come in: who is late with the report that is due has sent none since its end."""
        return min(self.stage.now, at_the_office(due.end)) if due else self.stage.now

    def _days(self, due: Due) -> list[datetime]:
        today = timezone.localdate(self.stage.now)
        return [
            at_the_office(min(today - timedelta(days=ago), due.end + timedelta(days=after)))
            for ago, after in DAYS[self.about["point"]]
        ]

    def _explained(self, stands: Standing, measure: Told, due: Due) -> Standing:
        """A report can be submitted only with a reason for what is late and what has not started."""
        reasons = read_story()["reasons"]
        if stands.reason:
            return stands
        if is_late(stands.status, measure.due_on, due.end):
            return replace(stands, reason=reasons["late"])
        if stands.status == Status.NOT_STARTED:
            return replace(stands, reason=reasons["not_started"])
        return stands

    def _insert(self, told: Sequence[Told], stands: Sequence[Standing]) -> tuple[Plan, list[Measure]]:
        opened = self.telling.moment(OPENED)
        plan = Plan(agency=self.agency, fiscal_year=self.telling.year.number, is_sample=True)
        with acting(self.officer, opened):
            insert([plan], opened)
            insert([Round(plan=plan, months=months) for months in RoundLength.values], opened)
            divisions = divisions_by_name(self.agency, read_story()["neighbours"]["divisions"])
            seeds = [_seed(measure, of) for measure, of in zip(told, stands, strict=True)]
            drafts = draft_measures(plan, seeds, self.stage.indicators, divisions)
            for draft, measure, of in zip(drafts, told, stands, strict=True):
                self._report(draft, measure, of)
            insert_drafts(drafts, max([opened, *(of.reported_at for of in stands if of.reported_at)]))
            measures = [draft.measure for draft in drafts]
            insert(
                [row for measure, of in zip(measures, stands, strict=True) for row in self._web(measure, of)]
            )
        return plan, measures

    def _report(self, draft: Draft, told: Told, stands: Standing) -> None:
        measure = draft.measure
        measure.status_reason = stands.reason
        measure.result = stands.result
        measure.obstacle = stands.obstacle
        measure.reported_at = stands.reported_at
        measure.reported_by = self.officer if stands.reported_at else None
        steps = iter(draft.steps)
        substeps = iter(draft.substeps)
        for number, level, _ in told.steps:
            step = next(steps if level == 1 else substeps)
            step.done_on = stands.ticked.get(number)

    def _web(self, measure: Measure, stands: Standing) -> list[Evidence]:
        """Of a neighbour's evidence only what is on the web: nobody signs in there to open its files."""
        return [
            Evidence(
                measure=measure,
                title=told.title,
                address=address_of(told, self.agency.slug, self.telling.year.number),
                effective_on=on,
                public=told.public,
                added_by=self.officer,
            )
            for told, on in stands.evidence
            if told.kind == "web"
        ]

    def _move(self, round_: Round, days: Sequence[datetime]) -> None:
        submission = submitted(round_, self.officer, days[0])
        if submission is None or len(days) == 1:
            return
        if self.about["point"] == "returned":
            reason = read_story()["neighbours"]["returned_reason"]
            returned(submission, self.executive, days[1], reason)
            return
        edition = approved(self.stage, submission, self.executive, days[1])
        if edition is not None and self.about["point"] == "published":
            published(edition, self.officer, days[2])

    def _go_on(self, measure: Measure, events: Sequence[ToldEvent], since: datetime) -> None:
        for event in events:
            if since < event.at <= self.stage.now:
                on_the_web = [told for told in event.evidence if told.kind == "web"]
                play(self.stage, measure, replace(event, evidence=on_the_web), self.officer)


def _seed(told: Told, stands: Standing) -> SeedMeasure:
    steps: list[SeedStep] = []
    for _, level, text in told.steps:
        if level == 1:
            steps.append({"text": text, "steps": []})
        else:
            steps[-1]["steps"].append({"text": text})
    return {
        "indicator": told.indicator,
        "title": told.title,
        "first_step": 1,
        "steps": steps,
        "divisions": list(told.divisions),
        "due_text": told.due_text,
        "due_on": told.due_on.isoformat(),
        "status": stands.status,
    }
