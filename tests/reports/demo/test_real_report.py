"""The real part of the demonstration is the published report, whole, with a person of every role."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Final

import pytest
from django.db.models import Model
from pytest_django import DjangoDbBlocker

from accounts.models import Agency, Division, Role, User
from measures.models import Indicator, Measure, Plan, Responsibility, Step
from measures.status import Status
from reports.demo import PEOPLE, read_report
from reports.demo.drafts import SeedMeasure, SeedStep
from reports.models import Round
from tests.support.demo_world import real_report

pytestmark = pytest.mark.django_db

NAMES: Final = [person.username for person in PEOPLE]
NOON_IN_BANGKOK: Final = datetime(2023, 3, 31, 5, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), real_report():
        yield


def test_the_report_is_loaded_whole() -> None:
    assert Agency.objects.get().slug == "kongkoi"
    assert Indicator.objects.count() == 10
    assert Division.objects.count() == 5
    assert Plan.objects.get().fiscal_year == 2566
    assert list(Round.objects.values_list("months", "state")) == [(6, "open"), (12, "open")]
    assert Measure.objects.count() == 10
    assert Measure.objects.filter(status=Status.DONE).count() == 7
    assert Measure.objects.filter(status=Status.IN_PROGRESS).count() == 3
    assert Responsibility.objects.count() == 7 * 4 + 3
    assert Step.objects.count() == 47
    assert Step.objects.filter(parent__isnull=False).count() == 15


def test_every_measure_is_as_the_fixture_has_it() -> None:
    report = read_report()
    loaded = Measure.objects.order_by("pk")
    assert [as_seed(measure) for measure in loaded] == report["measures"]
    assert list(Division.objects.order_by("position").values_list("name", flat=True)) == report["divisions"]


def as_seed(measure: Measure) -> SeedMeasure:
    assert measure.due_on is not None
    return {
        "indicator": measure.indicator.number,
        "title": measure.title,
        "first_step": measure.first_step,
        "steps": [step_as_seed(step) for step in measure.steps.filter(parent=None).order_by("position")],
        "divisions": [division.name for division in measure.parties],
        "due_text": measure.due_text,
        "due_on": measure.due_on.isoformat(),
        "status": measure.status,
    }


def step_as_seed(step: Step) -> SeedStep:
    seed = SeedStep(text=step.text)
    substeps = [step_as_seed(substep) for substep in step.children.order_by("position")]
    if substeps:
        seed["steps"] = substeps
    return seed


def test_the_two_measures_of_indicator_4_follow_each_other() -> None:
    both = Measure.objects.filter(indicator__number=4).order_by("position")
    assert list(both.values_list("position", "first_step")) == [(1, 1), (2, 2)]


def test_steps_of_done_measures_are_done_and_those_in_progress_not_reported() -> None:
    done = Step.objects.filter(measure__status=Status.DONE).values_list("done_on", flat=True)
    others = Step.objects.exclude(measure__status=Status.DONE).values_list("done_on", flat=True)
    assert set(done) == {date(2023, 3, 31)}
    assert set(others) == {None}


def test_measures_are_reported_by_the_officer_at_the_end_of_the_round() -> None:
    reports = set(Measure.objects.values_list("reported_at", "reported_by__username"))
    assert reports == {(NOON_IN_BANGKOK, "officer")}


def test_there_is_a_person_of_every_role_where_the_role_belongs() -> None:
    people = {user.username: user for user in User.objects.order_by("pk")}
    assert list(people) == NAMES == ["staff", "officer", "executive", "overseer", "admin"]
    assert [user.main_role for user in people.values()] == list(Role)
    assert all(len(user.roles) == 1 for user in people.values())
    for user in people.values():
        user.full_clean()
        assert user.full_name
    assert [division.name for division in people["staff"].divisions.all()] == ["สำนักปลัด"]
    assert [name for name in NAMES if people[name].agency] == ["staff", "officer", "executive"]
    assert [name for name in NAMES if people[name].is_superuser and people[name].is_staff] == ["admin"]


@pytest.mark.parametrize("model", [Agency, Division, User, Plan, Measure, Responsibility, Step, Round])
def test_each_record_has_one_line_of_history_with_the_reason(model: type[Model]) -> None:
    history = list(model.history.all())  # type: ignore[attr-defined]
    if model is User:
        # The divisions of staff are stored after the person, and leave a line of their own.
        assert [line.username for line in history if line.history_type == "~"] == ["staff"]
        history = [line for line in history if line.history_type == "+"]
    assert sorted(line.id for line in history) == sorted(model._default_manager.values_list("pk", flat=True))
    assert {(line.history_type, line.history_change_reason) for line in history} == {("+", "ข้อมูลตัวอย่าง")}


def test_the_report_enters_history_on_the_day_it_speaks_of() -> None:
    assert set(Measure.history.values_list("history_date", flat=True)) == {NOON_IN_BANGKOK}
    assert set(Step.history.values_list("history_date", flat=True)) == {NOON_IN_BANGKOK}
