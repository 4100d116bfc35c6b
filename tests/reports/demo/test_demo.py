"""manage.py demo loads the real report, the story around it and a person of every role, and never undoes what
people did since. What the story tells is tested in test_demo_story.py.
"""

from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any, Final

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import Model
from pytest_django import Settings
from time_machine import TimeMachineFixture

from accounts.models import Agency, Division, Role, User
from measures.models import Evidence, Indicator, Measure, Plan, Responsibility, Step
from measures.status import Status
from reports import demo
from reports.demo import DEFAULT_PASSWORD, load_real_report
from reports.demo.drafts import SeedMeasure, SeedStep
from reports.demo.rounds import NO_PDF
from reports.models import Edition, Round, RoundState
from reports.renderers import RendererUnavailable
from tests.support.demo_world import without_laying_out
from tests.support.factories import OFFICE

pytestmark = pytest.mark.django_db

NAMES = ["staff", "officer", "executive", "overseer", "admin"]
NOON_IN_BANGKOK = datetime(2023, 3, 31, 5, tzinfo=UTC)
OCTOBER: Final = datetime(2026, 10, 20, 10, tzinfo=OFFICE)
MAY: Final = datetime(2027, 5, 10, 10, tzinfo=OFFICE)
NEXT_YEAR: Final = datetime(2027, 11, 24, 10, tzinfo=OFFICE)


@pytest.fixture(autouse=True)
def a_machine_for_trying_out(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEBUG = True
    # Argon2 is slow on purpose, which nothing here is about.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.delenv("ITA_DEMO_PASSWORD", raising=False)
    monkeypatch.delenv("PORT", raising=False)
    without_laying_out(monkeypatch)


@pytest.fixture
def no_story(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the real report: for what the invented part makes no difference to."""
    monkeypatch.setattr(demo, "load_own_years", lambda *_: None)
    monkeypatch.setattr(demo, "load_neighbours", lambda *_: None)


def run() -> str:
    out = StringIO()
    call_command("demo", stdout=out)
    return out.getvalue()


def every_record() -> dict[str, list[dict[str, Any]]]:
    """All rows of the project's own tables, history included."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for app in ("accounts", "measures", "reports")
        for model in apps.get_app_config(app).get_models()
    }


# --- The real report --------------------------------------------------------------------------------


def test_the_report_is_loaded_whole() -> None:
    load_real_report(DEFAULT_PASSWORD)
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
    load_real_report(DEFAULT_PASSWORD)
    report = demo.read_report()
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
    load_real_report(DEFAULT_PASSWORD)
    both = Measure.objects.filter(indicator__number=4).order_by("position")
    assert list(both.values_list("position", "first_step")) == [(1, 1), (2, 2)]


def test_steps_of_done_measures_are_done_and_those_in_progress_not_reported() -> None:
    load_real_report(DEFAULT_PASSWORD)
    done = Step.objects.filter(measure__status=Status.DONE).values_list("done_on", flat=True)
    others = Step.objects.exclude(measure__status=Status.DONE).values_list("done_on", flat=True)
    assert set(done) == {date(2023, 3, 31)}
    assert set(others) == {None}


def test_measures_are_reported_by_the_officer_at_the_end_of_the_round() -> None:
    load_real_report(DEFAULT_PASSWORD)
    reports = set(Measure.objects.values_list("reported_at", "reported_by__username"))
    assert reports == {(NOON_IN_BANGKOK, "officer")}


def test_there_is_a_person_of_every_role_where_the_role_belongs() -> None:
    load_real_report(DEFAULT_PASSWORD)
    people = {user.username: user for user in User.objects.order_by("pk")}
    assert list(people) == NAMES
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
    load_real_report(DEFAULT_PASSWORD)
    history = list(model.history.all())  # type: ignore[attr-defined]
    if model is User:
        # The divisions of staff are stored after the person, and leave a line of their own.
        assert [line.username for line in history if line.history_type == "~"] == ["staff"]
        history = [line for line in history if line.history_type == "+"]
    assert sorted(line.id for line in history) == sorted(model._default_manager.values_list("pk", flat=True))
    assert {(line.history_type, line.history_change_reason) for line in history} == {("+", "ข้อมูลตัวอย่าง")}


def test_the_report_enters_history_on_the_day_it_speaks_of() -> None:
    load_real_report(DEFAULT_PASSWORD)
    assert set(Measure.history.values_list("history_date", flat=True)) == {NOON_IN_BANGKOK}
    assert set(Step.history.values_list("history_date", flat=True)) == {NOON_IN_BANGKOK}


# --- What it says -----------------------------------------------------------------------------------


@pytest.mark.usefixtures("no_story")
def test_it_prints_the_address_the_names_and_the_password_that_opens_them() -> None:
    printed = run()
    assert "http://127.0.0.1:8000/" in printed
    for name in NAMES:
        assert name in printed
        assert User.objects.get(username=name).check_password("ita-demo-2566")
    assert "ita-demo-2566" in printed


@pytest.mark.usefixtures("no_story")
def test_the_password_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ITA_DEMO_PASSWORD", "another-one-2567")
    printed = run()
    assert "another-one-2567" in printed
    assert "ita-demo-2566" not in printed
    assert all(user.check_password("another-one-2567") for user in User.objects.all())


def test_the_printed_password_is_true_of_accounts_that_had_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of the neighbours' people."""
    run()
    people = User.objects.count()
    monkeypatch.setenv("ITA_DEMO_PASSWORD", "another-one-2567")
    run()
    assert User.objects.count() == people > len(NAMES)
    assert all(user.check_password("another-one-2567") for user in User.objects.all())


# --- Twice is the same as once ----------------------------------------------------------------------


def test_a_second_run_changes_no_record_on_the_same_day_or_in_may(
    time_machine: TimeMachineFixture, folder_of_files: Path
) -> None:
    time_machine.move_to(OCTOBER, tick=False)
    run()
    once, files = every_record(), sorted(folder_of_files.rglob("*"))
    assert Evidence.objects.exclude(file="").exists()
    for moment in (OCTOBER, MAY):
        time_machine.move_to(moment, tick=False)
        run()
        assert every_record() == once
        assert sorted(folder_of_files.rglob("*")) == files


def test_a_new_fiscal_year_gets_its_plans_and_the_old_ones_stay(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(OCTOBER, tick=False)
    run()
    before = {plan.pk: plan.closed_at for plan in Plan.objects.all()}
    agencies = Agency.objects.count()
    time_machine.move_to(NEXT_YEAR, tick=False)
    run()
    added = Plan.objects.exclude(pk__in=before)
    assert set(added.values_list("fiscal_year", flat=True)) == {2571}
    assert added.get(agency__slug="kongkoi").measures.filter(continues__plan__fiscal_year=2570).count() == 13
    assert {plan.pk: plan.closed_at for plan in Plan.objects.filter(pk__in=before)} == before
    assert Agency.objects.count() == agencies
    once = every_record()
    run()
    assert every_record() == once


def test_what_people_changed_survives_a_second_run() -> None:
    run()
    measure = Measure.objects.filter(status=Status.IN_PROGRESS).first()
    assert measure is not None
    measure.status = Status.DONE
    measure.title = "ชื่อที่เจ้าหน้าที่แก้"
    measure.save()
    Measure.objects.exclude(pk=measure.pk).filter(indicator__number=1, evidence=None).delete()
    Step.objects.filter(measure=measure).update(text="ข้อความที่เจ้าหน้าที่แก้")
    Agency.objects.update(name="ชื่อใหม่")
    Division.objects.filter(name="กองช่าง").update(name="กองช่างและผังเมือง")
    User.objects.filter(username="staff").update(full_name="ชื่อที่แก้แล้ว")
    Indicator.objects.filter(number=9).update(name="ชื่อตัวชี้วัดของปีใหม่")
    Round.objects.filter(months=12, state="open").update(state=RoundState.APPROVED)
    changed = every_record()
    run()
    assert every_record() == changed


def test_a_year_that_has_a_plan_of_the_agency_s_own_gets_no_invented_one(
    time_machine: TimeMachineFixture,
) -> None:
    """In 2566 the real report is this year's; the demonstration of an older version has it too."""
    time_machine.move_to(datetime(2023, 5, 1, 10, tzinfo=OFFICE), tick=False)
    load_real_report(DEFAULT_PASSWORD)
    before = every_record()
    run()
    plans = Plan.objects.filter(agency__slug="kongkoi").order_by("fiscal_year")
    assert list(plans.values_list("fiscal_year", "is_sample")) == [(2565, True), (2566, False)]
    assert every_record()["Measure"][: len(before["Measure"])] == before["Measure"]
    assert not Edition.objects.filter(round__plan__fiscal_year=2566, round__plan__is_sample=False).exists()


@pytest.mark.usefixtures("no_story")
def test_a_missing_account_comes_back() -> None:
    load_real_report(DEFAULT_PASSWORD)
    User.objects.get(username="executive").delete()
    run()
    assert sorted(User.objects.values_list("username", flat=True)) == sorted(NAMES)


def test_a_failure_leaves_nothing_half_done(monkeypatch: pytest.MonkeyPatch, folder_of_files: Path) -> None:
    """The very last thing fails: everything before it is undone, the files of evidence too."""

    def fail(*args: object, **kwargs: object) -> None:
        assert any(path.is_file() for path in folder_of_files.rglob("*"))
        raise OSError("disk full")

    monkeypatch.setattr(demo, "load_neighbours", fail)
    with pytest.raises(OSError, match="disk full"):
        run()
    assert not any(every_record().values())
    assert not any(path.is_file() for path in folder_of_files.rglob("*"))


def test_on_a_machine_that_makes_no_pdf_reports_wait_for_approval(monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(*_: object, **__: object) -> None:
        raise RendererUnavailable("ไม่พบ Pango")

    monkeypatch.setattr("reports.demo.rounds.approve", unavailable)
    assert run().count(NO_PDF) == 1
    assert not Edition.objects.exists()
    assert Round.objects.get(plan__fiscal_year=2566, months=6).state == RoundState.SUBMITTED


# --- Where it refuses -------------------------------------------------------------------------------


def test_it_refuses_on_a_production_site(settings: Settings) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError) as refusal:
        run()
    assert "DEBUG=True" in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert not any(every_record().values())
