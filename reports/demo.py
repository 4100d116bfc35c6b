"""The demonstration: the ten indicators, one agency's real six-month report, and a person of every role.

Nothing here overwrites what a person has changed since: a second run adds only what is missing.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final, NotRequired, TypedDict, cast

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from accounts.models import Agency, Division, Role, User
from measures.indicators import load_indicators
from measures.models import Indicator, Measure, Plan, Responsibility, Step
from measures.status import Status
from measures.thai import FiscalYear, RoundMonths
from reports.models import Round

REASON: Final = "ข้อมูลตัวอย่าง"
DEFAULT_PASSWORD: Final = "ita-demo-2566"
ONLY_WITH_DEBUG: Final = (
    "คำสั่งนี้ใส่ข้อมูลตัวอย่าง จึงใช้ได้เฉพาะเมื่อเปิด DEBUG: ตั้ง DEBUG=True บนเครื่องทดลอง และอย่าใช้กับระบบจริง"
)


# --- The file in fixtures/ --------------------------------------------------------------------------


class SeedAgency(TypedDict):
    name: str
    short_name: str
    slug: str
    province: str
    thai_digits: bool


class SeedStep(TypedDict):
    text: str
    steps: NotRequired[list["SeedStep"]]


class SeedMeasure(TypedDict):
    indicator: int
    title: str
    first_step: int
    steps: list[SeedStep]
    divisions: list[str]
    due_text: str
    due_on: str
    status: str


class SeedReport(TypedDict):
    """What is loaded of the file; it also lists where and why it differs from the published report."""

    agency: SeedAgency
    divisions: list[str]
    fiscal_year: int
    rounds: list[RoundMonths]
    reported_months: RoundMonths
    measures: list[SeedMeasure]


def read_report() -> SeedReport:
    """The published report, as the project ships it."""
    text = (settings.BASE_DIR / "fixtures" / "kongkoi_2566.json").read_text(encoding="utf-8")
    return cast(SeedReport, json.loads(text))


# --- Measures that are not in the database yet ------------------------------------------------------


@dataclass
class Draft:
    """A measure with its divisions and steps as unsaved records, so that many can be inserted at once."""

    measure: Measure
    responsibilities: list[Responsibility]
    steps: list[Step] = field(default_factory=list)
    substeps: list[Step] = field(default_factory=list)

    def mark_done(self, day: date, first: int | None = None) -> None:
        """Tick the steps with all below them: every one, or only the first few of the first level."""
        done = self.steps[:first]
        for step in done:
            step.done_on = day
        for substep in self.substeps:
            if substep.parent in done:
                substep.done_on = day


def draft_measures(
    plan: Plan,
    seeds: Sequence[SeedMeasure],
    indicators: Mapping[int, Indicator],
    divisions: Mapping[str, Division],
) -> list[Draft]:
    """The measures of a plan, none of their steps reported; places follow the order within an indicator."""
    places: Counter[int] = Counter()
    drafts = []
    for seed in seeds:
        places[seed["indicator"]] += 1
        measure = Measure(
            plan=plan,
            indicator=indicators[seed["indicator"]],
            position=places[seed["indicator"]],
            title=seed["title"],
            first_step=seed["first_step"],
            due_text=seed["due_text"],
            due_on=date.fromisoformat(seed["due_on"]),
            status=Status(seed["status"]),
        )
        draft = Draft(
            measure,
            [
                Responsibility(measure=measure, division=divisions[name], position=place)
                for place, name in enumerate(seed["divisions"], 1)
            ],
        )
        _draft_steps(draft, seed["steps"])
        drafts.append(draft)
    return drafts


def _draft_steps(draft: Draft, seeds: Sequence[SeedStep]) -> None:
    for place, seed in enumerate(seeds, 1):
        step = Step(measure=draft.measure, position=place, text=seed["text"])
        draft.steps.append(step)
        draft.substeps += [
            Step(measure=draft.measure, parent=step, position=subplace, text=subseed["text"])
            for subplace, subseed in enumerate(seed.get("steps", []), 1)
        ]


def insert_drafts(drafts: Sequence[Draft], at: datetime) -> None:
    """Insert in the order that the keys ask for: a second-level step needs the key of the one above it."""
    insert([draft.measure for draft in drafts], at)
    insert([row for draft in drafts for row in draft.responsibilities], at)
    insert([step for draft in drafts for step in draft.steps], at)
    insert([step for draft in drafts for step in draft.substeps], at)


def insert(rows: Sequence[Any], at: datetime | None = None) -> None:
    """Insert records of one model, each with its first line of history, dated now unless told."""
    if rows:
        bulk_create_with_history(
            rows, type(rows[0]), batch_size=1_000, default_change_reason=REASON, default_date=at
        )


def noon(day: date) -> datetime:
    """The middle of a day at the office, for records of which only the day is known."""
    return datetime.combine(day, time(12), tzinfo=timezone.get_default_timezone())


# --- Loading ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DemoPerson:
    """An account of the demonstration, named by its role: it stands for no real person."""

    username: str
    role: Role
    full_name: str
    post: str = ""
    division: str = ""


PEOPLE: Final = (
    DemoPerson("staff", Role.STAFF, "เจ้าหน้าที่ สำนักปลัด", "เจ้าพนักงานธุรการ", division="สำนักปลัด"),
    DemoPerson("officer", Role.OFFICER, "เจ้าหน้าที่ผู้รับผิดชอบ ITA", "หัวหน้าสำนักปลัด"),
    DemoPerson("executive", Role.EXECUTIVE, "ผู้บริหาร", "นายกองค์การบริหารส่วนตำบล"),
    DemoPerson("overseer", Role.OVERSEER, "ผู้กำกับดูแล", "ท้องถิ่นอำเภอ"),
    DemoPerson("admin", Role.ADMIN, "ผู้ดูแลระบบ"),
)


@transaction.atomic
def load_demo(password: str) -> Agency:
    """Load whatever of the demonstration is missing, and make the password that of every demo account."""
    report = read_report()
    indicators = load_indicators()
    agency = load_agency(report)
    people = {person.username: load_person(person, agency, password) for person in PEOPLE}
    load_plan(agency, report, indicators, reported_by=people["officer"])
    return agency


def load_agency(report: SeedReport) -> Agency:
    """The agency with its divisions; an agency that is there already is left as people made it."""
    agency = Agency.objects.filter(slug=report["agency"]["slug"]).first()
    if agency is None:
        agency = Agency(**report["agency"])
        insert([agency])
        divisions_by_name(agency, report["divisions"])
    return agency


def divisions_by_name(agency: Agency, names: Sequence[str]) -> dict[str, Division]:
    """The agency's divisions of these names, those that it lacks added after the ones that it has."""
    found = {division.name: division for division in agency.divisions.all()}
    missing = [name for name in names if name not in found]
    added = [
        Division(agency=agency, name=name, position=place)
        for place, name in enumerate(missing, len(found) + 1)
    ]
    insert(added)
    return found | {division.name: division for division in added}


def load_person(person: DemoPerson, agency: Agency, password: str) -> User:
    """The account of this name; of one that is there already only a differing password is replaced."""
    user = User.objects.filter(username=person.username).first() or _new_user(person, agency)
    if not user.check_password(password):
        user.set_password(password)
        # Read by simple-history when the record is saved.
        user._change_reason = REASON  # type: ignore[attr-defined]
        user.save()
    return user


def _new_user(person: DemoPerson, agency: Agency) -> User:
    works_here = person.role in {Role.STAFF, Role.OFFICER, Role.EXECUTIVE}
    is_admin = person.role == Role.ADMIN
    return User(
        username=person.username,
        role=person.role,
        full_name=person.full_name,
        post=person.post,
        agency=agency if works_here else None,
        division=divisions_by_name(agency, [person.division])[person.division] if person.division else None,
        is_staff=is_admin,
        is_superuser=is_admin,
    )


def load_plan(
    agency: Agency, report: SeedReport, indicators: Mapping[int, Indicator], reported_by: User
) -> None:
    """The year's plan, rounds and measures, all or none: a plan that is there already is left alone.

    The report says nothing of single steps. Those of a measure that is done are done by the end of the
    round that it reports; those of a measure in progress stay unreported.
    """
    if agency.plans.filter(fiscal_year=report["fiscal_year"]).exists():
        return
    reported_on = FiscalYear(report["fiscal_year"]).round_end(report["reported_months"])
    at = noon(reported_on)
    plan = Plan(agency=agency, fiscal_year=report["fiscal_year"])
    insert([plan], at)
    insert([Round(plan=plan, months=months) for months in report["rounds"]], at)
    drafts = draft_measures(
        plan, report["measures"], indicators, divisions_by_name(agency, report["divisions"])
    )
    for draft in drafts:
        draft.measure.reported_by = reported_by
        draft.measure.reported_at = at
        if draft.measure.status == Status.DONE:
            draft.mark_done(reported_on)
    insert_drafts(drafts, at)
