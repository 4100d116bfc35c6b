"""manage.py seed_agencies N makes N plausible agencies that keep every rule, and adds none twice."""

from collections.abc import Sequence
from datetime import date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, Model
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Agency, Division, User
from measures.models import Indicator, Measure, Plan, Responsibility, Step
from measures.status import Status, why_reason_is_needed
from reports.demo import DEFAULT_PASSWORD, drafts, load_real_report, samples
from reports.models import Round

pytestmark = pytest.mark.django_db

# Well after the sample's year: whatever is unfinished by then is late.
LATER = date(2026, 1, 1)


@pytest.fixture(autouse=True)
def a_machine_for_trying_out(settings: Settings) -> None:
    settings.DEBUG = True


def run(count: int | str) -> str:
    out = StringIO()
    call_command("seed_agencies", str(count), stdout=out)
    return out.getvalue()


def statuses() -> list[tuple[str, str, str]]:
    """Every measure's status and reason with its agency's slug, in a fixed order."""
    rows = Measure.objects.order_by("plan__agency__slug", "indicator__number", "position")
    return list(rows.values_list("plan__agency__slug", "status", "status_reason"))


def test_each_agency_has_a_whole_plan() -> None:
    printed = run(3)
    assert sorted(Agency.objects.values_list("slug", flat=True)) == ["sample-1", "sample-2", "sample-3"]
    assert Agency.objects.get(slug="sample-2").name == "องค์การบริหารส่วนตำบลตัวอย่าง 2"
    assert set(Plan.objects.values_list("fiscal_year", flat=True)) == {2566}
    assert Division.objects.count() == 3 * 5
    assert Round.objects.count() == 3 * 2
    assert Measure.objects.count() == 3 * 10
    assert Responsibility.objects.count() == 3 * 31
    assert Step.objects.count() == 3 * 47
    assert Step.objects.filter(parent__isnull=False).count() == 3 * 15
    assert "sample-3" in printed
    assert "3 หน่วยงาน" in printed
    assert "30 มาตรการ" in printed


def test_no_record_crosses_from_one_agency_to_another_and_the_seed_is_named_nowhere() -> None:
    run(3)
    for responsibility in Responsibility.objects.select_related("measure__plan", "division"):
        assert responsibility.division.agency_id == responsibility.measure.plan.agency_id
    for step in Step.objects.filter(parent__isnull=False).select_related("parent"):
        assert step.parent is not None
        assert step.parent.measure_id == step.measure_id
    # Nor does one bear the name of the agency that all are made after.
    assert not Measure.objects.filter(title__contains="กองก้อย").exists()
    assert not Step.objects.filter(text__contains="กองก้อย").exists()
    assert Step.objects.filter(text__contains="ตัวอย่าง 2").exists()


def test_statuses_vary_and_have_the_reasons_and_the_steps_that_the_rules_ask_for() -> None:
    run(20)
    assert set(Measure.objects.values_list("status", flat=True)) == set(Status)
    for measure in Measure.objects.select_related("plan"):
        round_end = measure.plan.year.round_end(6)
        if why_reason_is_needed(measure.status, measure.due_on, LATER, round_end):
            assert measure.status_reason
        # What is unique and what agrees within a row the database has asked already.
        measure.full_clean(validate_unique=False, validate_constraints=False)
    for measure in Measure.objects.with_step_counts():
        if measure.status == Status.DONE:
            assert measure.steps_done == measure.steps_total
        elif measure.status == Status.IN_PROGRESS:
            assert measure.steps_done < measure.steps_total
        else:
            assert measure.steps_done == 0


def test_the_same_number_is_the_same_data_whenever_it_was_made() -> None:
    run(3)
    at_once = statuses()
    Round.objects.all().delete()
    Measure.objects.all().delete()
    Plan.objects.all().delete()
    Agency.objects.all().delete()
    run(1)
    run(3)
    assert statuses() == at_once


def test_a_second_run_adds_only_what_is_missing() -> None:
    run(2)
    first = set(Measure.objects.values_list("pk", flat=True))
    assert "เพิ่มใหม่ 0 หน่วยงาน" in run(2)
    assert set(Measure.objects.values_list("pk", flat=True)) == first
    assert "เพิ่มใหม่ 3 หน่วยงาน" in run(5)
    assert Agency.objects.count() == 5
    assert Agency.objects.annotate(of_plans=Count("plans")).filter(of_plans=1).count() == 5


def test_it_stands_beside_the_demonstration() -> None:
    load_real_report(DEFAULT_PASSWORD)
    run(1)
    assert sorted(Agency.objects.values_list("slug", flat=True)) == ["kongkoi", "sample-1"]
    assert Indicator.objects.count() == 10
    assert User.objects.filter(agency__slug="sample-1").count() == 0


@pytest.mark.parametrize("model", [Agency, Division, Plan, Measure, Responsibility, Step, Round])
def test_each_record_has_one_line_of_history_with_the_reason(model: type[Model]) -> None:
    run(2)
    history = model.history.all()  # type: ignore[attr-defined]
    assert sorted(line.id for line in history) == sorted(model._default_manager.values_list("pk", flat=True))
    assert {line.history_change_reason for line in history} == {"ข้อมูลตัวอย่าง"}


def test_an_interrupted_run_leaves_whole_agencies_and_is_finished_by_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(samples, "BATCH", 2)
    batches = iter([drafts.insert_drafts])

    def fail_after_the_first(made: Sequence[drafts.Draft], at: datetime) -> None:
        next(batches)(made, at)

    with monkeypatch.context() as interrupted:
        interrupted.setattr(samples, "insert_drafts", fail_after_the_first)
        with pytest.raises(StopIteration):
            run(4)
    assert (Agency.objects.count(), Measure.objects.count()) == (2, 20)
    run(4)
    assert (Agency.objects.count(), Measure.objects.count()) == (4, 40)


def test_a_batch_takes_far_fewer_queries_than_it_has_records(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(150):
        run(20)


@pytest.mark.parametrize("count", ["0", "many", "1.5"])
def test_it_says_what_a_number_of_agencies_is(count: str) -> None:
    with pytest.raises(CommandError, match="1000"):
        run(count)
    assert not Agency.objects.exists()


def test_it_refuses_on_a_production_site(settings: Settings) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG=True"):
        run(1)
    assert not Agency.objects.exists()
