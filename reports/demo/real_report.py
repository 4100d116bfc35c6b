"""The one real part of the demonstration: an agency's published six-month report of fiscal year 2566."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Final, TypedDict, cast

from django.conf import settings

from accounts.models import Agency, User
from core.thai_calendar import FiscalYear, RoundMonths
from measures.models import Indicator, Plan
from measures.status import Status
from reports.demo.drafts import SeedMeasure, draft_measures, insert, insert_drafts, noon
from reports.demo.people import PEOPLE, divisions_by_name, load_person
from reports.demo.rounds import approved, published, submitted
from reports.demo.stage import Stage
from reports.models import Round

# Of the approval, which nobody published, the days are invented: after the end of the round.
SUBMITTED, APPROVED, PUBLISHED = timedelta(days=10), timedelta(days=18), timedelta(days=20)
FILE: Final = "kongkoi_2566.json"


class SeedAgency(TypedDict):
    name: str
    short_name: str
    slug: str
    kind: str
    province: str
    reporter_post: str
    approver_post: str
    thai_digits: bool


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
    text = (settings.BASE_DIR / "fixtures" / FILE).read_text(encoding="utf-8")
    return cast(SeedReport, json.loads(text))


def load_agency_and_people(stage: Stage, report: SeedReport) -> Agency:
    """The agency with its divisions, and a person of every role."""
    agency = load_agency(report)
    stage.people |= {person.username: load_person(person, agency, stage.password) for person in PEOPLE}
    return agency


def load_agency(report: SeedReport) -> Agency:
    """The agency with its divisions; an agency that is there already is left as people made it."""
    agency = Agency.objects.filter(slug=report["agency"]["slug"]).first()
    if agency is None:
        agency = Agency(**report["agency"])
        insert([agency])
        divisions_by_name(agency, report["divisions"])
    return agency


def load_plan(
    agency: Agency, report: SeedReport, indicators: Mapping[int, Indicator], reported_by: User
) -> Plan | None:
    """The year's plan, rounds and measures; None where that plan is there already: it is left alone.

    The report says nothing of single steps. Those of a measure that is done are done by the end of the
    round that it reports; those of a measure in progress stay unreported.
    """
    if agency.plans.filter(fiscal_year=report["fiscal_year"]).exists():
        return None
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
    return plan


def publish_report(stage: Stage, plan: Plan, report: SeedReport) -> None:
    """Let the reported round be submitted, approved and published, in the spring after it."""
    round_ = plan.rounds.select_related("plan__agency").get(months=report["reported_months"])
    at = noon(round_.ends_on)
    officer, executive = stage.people["officer"], stage.people["executive"]
    if (submission := submitted(round_, officer, at + SUBMITTED)) is None:
        return
    if edition := approved(stage, submission, executive, at + APPROVED):
        published(edition, officer, at + PUBLISHED)
