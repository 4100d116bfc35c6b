"""What waits for the person: the executive approves, the officer corrects, submits and publishes."""

from datetime import date

import pytest
from django.utils import timezone

from accounts.models import User
from measures.models import Measure, Plan
from reports.dashboard.selectors import measures_of_plan
from reports.dashboard.tasks import WaitingRound, tasks_of
from reports.models import Round, Submission
from reports.new_year.services import open_year
from reports.rounds.services import give_back, publish, submit
from tests.support.factories import YEAR, make_edition, make_evidence, make_measure, make_remaining_files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]

DAY = date(2023, 2, 1)


def waiting(user: User, plan: Plan, on: date = DAY) -> list[WaitingRound]:
    return list(tasks_of(user, plan, measures_of_plan(plan), on))


def said(user: User, plan: Plan, on: date = DAY) -> list[tuple[str, int, int]]:
    return [(task.kind, task.round.plan.fiscal_year, task.round.months) for task in waiting(user, plan, on)]


def round_of(plan: Plan, months: int = 6) -> Round:
    return Round.objects.select_related("plan__agency").get(plan=plan, months=months)


@pytest.fixture
def reported(plan: Plan) -> Measure:
    """The plan's only measure, so that nothing stands in the way of submitting."""
    return make_measure(plan, status="done", reported_at=timezone.now())


@pytest.fixture
def submission(plan: Plan, reported: Measure, people: dict[str, User]) -> Submission:
    User.objects.filter(pk=people["officer"].pk).update(full_name="เจ้าหน้าที่ ก")
    return submit(round_of(plan), people["officer"])


def test_a_submitted_round_waits_for_the_executive_alone(
    plan: Plan, submission: Submission, people: dict[str, User]
) -> None:
    (task,) = waiting(people["executive"], plan)
    assert (task.kind, task.round.months, task.by) == ("approve", 6, "เจ้าหน้าที่ ก")
    assert task.at == submission.submitted_at
    for role in ("officer", "staff", "overseer", "stranger"):
        assert waiting(people[role], plan) == []


def test_a_round_of_another_year_waits_as_well(
    plan: Plan, submission: Submission, people: dict[str, User]
) -> None:
    later = open_year(plan.agency, YEAR + 1)
    assert said(people["executive"], later) == [("approve", YEAR, 6)]


def test_another_agency_s_round_waits_for_nobody_here(
    plan: Plan, submission: Submission, people: dict[str, User]
) -> None:
    elsewhere = people["stranger"].agency
    assert elsewhere is not None
    other = open_year(elsewhere, YEAR)
    assert waiting(people["executive"], other) == []
    assert waiting(people["stranger"], other) == []


def test_a_returned_round_waits_for_the_officer_with_the_reason(
    plan: Plan, submission: Submission, people: dict[str, User]
) -> None:
    give_back(submission, people["executive"], "เพิ่มหลักฐาน")
    (task,) = waiting(people["officer"], plan)
    assert (task.kind, task.reason, task.at) == ("returned", "เพิ่มหลักฐาน", submission.decided_at or task.at)
    assert waiting(people["executive"], plan) == []


def test_an_approved_round_waits_to_be_published(plan: Plan, people: dict[str, User]) -> None:
    edition = make_edition(round_of(plan), published=False)
    assert said(people["officer"], plan) == [("publish", YEAR, 6)]
    assert waiting(people["executive"], plan) == []
    make_remaining_files(edition)
    publish(edition, people["officer"])
    assert waiting(people["officer"], plan) == []


@pytest.mark.parametrize(
    ("on", "kinds"),
    [
        (date(2023, 3, 15), []),
        (date(2023, 3, 16), [("ready", YEAR, 6)]),
        (date(2023, 4, 20), [("ready", YEAR, 6)]),
        (date(2023, 9, 15), [("ready", YEAR, 6), ("ready", YEAR, 12)]),
    ],
)
def test_towards_its_end_a_round_without_gaps_is_ready(
    plan: Plan, reported: Measure, people: dict[str, User], on: date, kinds: list[tuple[str, int, int]]
) -> None:
    assert said(people["officer"], plan, on) == kinds


def test_towards_its_end_a_round_says_how_many_measures_it_lacks(
    plan: Plan, reported: Measure, people: dict[str, User]
) -> None:
    make_measure(plan, position=2)
    (task,) = waiting(people["officer"], plan, date(2023, 3, 31))
    assert (task.kind, task.lacking) == ("lacking", 1)


def test_where_the_agency_demands_evidence_a_round_without_any_lacks_it(
    plan: Plan, reported: Measure, people: dict[str, User]
) -> None:
    plan.agency.demands_evidence = True
    plan.agency.save()
    assert [task.kind for task in waiting(people["officer"], plan, date(2023, 3, 31))] == ["lacking"]
    make_evidence(reported)
    assert [task.kind for task in waiting(people["officer"], plan, date(2023, 3, 31))] == ["ready"]


def test_the_most_pressing_stands_first(plan: Plan, submission: Submission, people: dict[str, User]) -> None:
    give_back(submission, people["executive"], "x")
    make_edition(round_of(plan, 12), published=False)
    assert said(people["officer"], plan) == [("returned", YEAR, 6), ("publish", YEAR, 12)]
