"""A report document says what the database holds: for the demonstration, what the published report says."""

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from accounts.models import Division
from measures.models import Indicator, Measure, Plan, Responsibility, Step
from measures.status import Status
from reports.demo import DEFAULT_PASSWORD, load_real_report
from reports.document.builder import build_document
from reports.document.facts import (
    IndicatorSection,
    MeasureRow,
    ReportDocument,
    Signatory,
    StatusName,
    StepLine,
)
from reports.models import Round
from tests.support.factories import make_measure

pytestmark = pytest.mark.django_db

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
SEED: dict[str, Any] = json.loads((FIXTURES / "kongkoi_2566.json").read_text(encoding="utf-8"))
INDICATORS: list[dict[str, Any]] = json.loads((FIXTURES / "indicators.json").read_text(encoding="utf-8"))
LABELS = {
    "done": "ดำเนินการแล้วเสร็จ",
    "in_progress": "อยู่ระหว่างดำเนินการ",
    "not_started": "ยังไม่ได้ดำเนินการ",
    "cancelled": "ยกเลิก",
}
SIX_MONTHS_END = date(2023, 3, 31)


def round_of(plan: Plan, months: int = 6) -> Round:
    return Round.objects.select_related("plan__agency").get(plan=plan, months=months)


def only_row(document: ReportDocument) -> MeasureRow:
    (row,) = document.measures
    return row


# --- The published report ---------------------------------------------------------------------------


def seed_steps(seed: dict[str, Any]) -> tuple[StepLine, ...]:
    """Numbered here anew: ๑. and below it ๑.๑; those of a finished measure are done at the round's end."""
    done_on = SIX_MONTHS_END if seed["status"] == "done" else None
    lines = []
    for number, step in enumerate(seed["steps"], seed["first_step"]):
        lines.append(StepLine(f"{number}.", 1, step["text"], done_on))
        for place, substep in enumerate(step.get("steps", []), 1):
            lines.append(StepLine(f"{number}.{place}", 2, substep["text"], done_on))
    return tuple(lines)


def seed_row(seed: dict[str, Any], late: bool) -> MeasureRow:
    return MeasureRow(
        title=seed["title"],
        steps=seed_steps(seed),
        parties=tuple(seed["divisions"]),
        due_text=seed["due_text"],
        due_on=date.fromisoformat(seed["due_on"]),
        status=seed["status"],
        status_label=LABELS[seed["status"]],
        late=late,
        reason="",
        result="",
        obstacle="",
        id=ANY,
    )


@cache
def demonstration() -> dict[int, ReportDocument]:
    """Its reports by months, read from the database of the first test that asks: nobody changes them."""
    load_real_report(DEFAULT_PASSWORD)
    plan = Plan.objects.get()
    return {months: build_document(round_of(plan, months), as_of=date(2023, 4, 5)) for months in (6, 12)}


@pytest.mark.parametrize(("months", "late_indicators"), [(6, set()), (12, {2})])
def test_the_demonstration_is_the_published_report_fact_by_fact(
    months: int, late_indicators: set[int]
) -> None:
    assert demonstration()[months] == ReportDocument(
        agency="องค์การบริหารส่วนตำบลกองก้อย",
        agency_short="อบต.กองก้อย",
        province="แม่ฮ่องสอน",
        fiscal_year=2566,
        months=6 if months == 6 else 12,
        as_of=date(2023, 4, 5),
        statuses=tuple(StatusName(value, label) for value, label in LABELS.items()),
        indicators=tuple(
            IndicatorSection(
                entry["number"],
                entry["name"],
                tuple(
                    seed_row(seed, late=entry["number"] in late_indicators)
                    for seed in SEED["measures"]
                    if seed["indicator"] == entry["number"]
                ),
            )
            for entry in INDICATORS
        ),
        # Who signs is of the agency's profile, not of the report: named by their posts.
        reporter=Signatory("", "หัวหน้าสำนักปลัด"),
        approver=Signatory("", "นายกองค์การบริหารส่วนตำบล"),
    )


def test_the_demonstration_has_the_figures_that_were_counted_by_hand() -> None:
    built = demonstration()[6]
    assert built.measure_count == 10
    assert [count.count for count in built.status_counts] == [7, 3, 0, 0]
    assert built.late_count == 0
    assert [entry.number for entry in built.sections] == [1, 2, 3, 4, 5, 6, 7, 8, 10]
    assert [entry.number for entry in built.indicators_without_measures] == [9]
    assert sum(len(row.steps) for row in built.measures) == 47
    assert sum(step.level == 2 for row in built.measures for step in row.steps) == 15


def test_the_second_measure_of_indicator_4_goes_on_counting() -> None:
    first, second = demonstration()[6].indicators[3].measures
    assert [step.label for step in first.steps] == ["1.", "1.1", "1.2", "1.3", "1.4"]
    assert [step.label for step in second.steps] == ["2.", "2.1", "2.2", "2.3", "2.4"]
    assert [step.level for step in second.steps] == [1, 2, 2, 2, 2]


# --- Late -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("months", "due_on", "late"),
    [
        (6, date(2023, 3, 30), True),
        (6, date(2023, 3, 31), False),
        (6, date(2023, 4, 1), False),
        (12, date(2023, 4, 1), True),
        (12, date(2023, 9, 29), True),
        (12, date(2023, 9, 30), False),
        (6, None, False),
        (12, None, False),
    ],
)
@pytest.mark.parametrize("read_on", [date(2022, 10, 1), date(2024, 1, 1)])
def test_late_is_judged_at_the_end_of_the_round_whenever_it_is_read(
    plan: Plan, months: int, due_on: date | None, late: bool, read_on: date
) -> None:
    make_measure(plan, due_on=due_on, status=Status.IN_PROGRESS)
    assert only_row(build_document(round_of(plan, months), as_of=read_on)).late is late


@pytest.mark.parametrize(
    ("status", "late"),
    [(Status.NOT_STARTED, True), (Status.IN_PROGRESS, True), (Status.DONE, False), (Status.CANCELLED, False)],
)
def test_what_is_done_or_cancelled_is_not_late(plan: Plan, status: Status, late: bool) -> None:
    make_measure(plan, due_on=date(2022, 12, 31), status=status, status_reason="เหตุผล")
    built = build_document(round_of(plan))
    assert only_row(built).late is late
    assert built.late_count == late


# --- What people typed ------------------------------------------------------------------------------


def test_result_obstacle_and_reason_are_verbatim(plan: Plan) -> None:
    make_measure(
        plan,
        title="ก < ข & “ค”",
        status=Status.CANCELLED,
        status_reason="เพราะ 3 < 5",
        result="บรรทัดที่ 1\nบรรทัดที่ ๒ ",
        obstacle="  งบ & คน",
    )
    row = only_row(build_document(round_of(plan)))
    assert row.title == "ก < ข & “ค”"
    assert (row.status, row.status_label) == ("cancelled", "ยกเลิก")
    assert row.reason == "เพราะ 3 < 5"
    assert row.result == "บรรทัดที่ 1\nบรรทัดที่ ๒ "
    assert row.obstacle == "  งบ & คน"


def test_parties_come_in_the_order_of_the_measure_not_of_the_agency(plan: Plan) -> None:
    measure = make_measure(plan, divisions=0)
    for place, name in enumerate(["กองที่ 2", "กองที่ 1"], 1):
        Responsibility.objects.create(
            measure=measure, division=Division.objects.get(name=name), position=place
        )
    assert only_row(build_document(round_of(plan))).parties == ("กองที่ 2", "กองที่ 1")


def test_steps_of_both_levels_come_in_printed_order_with_the_day_they_were_done(plan: Plan) -> None:
    measure = make_measure(plan, steps=0, first_step=3)
    second = Step.objects.create(measure=measure, position=2, text="ข")
    first = Step.objects.create(measure=measure, position=1, text="ก", done_on=date(2023, 2, 1))
    Step.objects.create(measure=measure, parent=second, position=1, text="ข๑")
    Step.objects.create(measure=measure, parent=first, position=2, text="ก๒")
    Step.objects.create(measure=measure, parent=first, position=1, text="ก๑", done_on=date(2023, 1, 1))
    assert only_row(build_document(round_of(plan))).steps == (
        StepLine("3.", 1, "ก", date(2023, 2, 1)),
        StepLine("3.1", 2, "ก๑", date(2023, 1, 1)),
        StepLine("3.2", 2, "ก๒", None),
        StepLine("4.", 1, "ข", None),
        StepLine("4.1", 2, "ข๑", None),
    )


def test_measures_come_by_indicator_then_by_place(plan: Plan) -> None:
    make_measure(plan, "ค", indicator=10, position=1)
    make_measure(plan, "ข", indicator=2, position=2)
    make_measure(plan, "ก", indicator=2, position=1)
    built = build_document(round_of(plan))
    assert [row.title for row in built.measures] == ["ก", "ข", "ค"]
    assert [entry.number for entry in built.indicators] == list(range(1, 11))


def test_another_agencys_or_years_measures_are_not_in_it(plan: Plan) -> None:
    from reports.new_year.services import open_year
    from tests.support.factories import make_agency

    make_measure(plan, "ของเรา")
    make_measure(open_year(plan.agency, 2567), "ของปีอื่น")
    make_measure(open_year(make_agency("other"), 2566), "ของคนอื่น")
    assert [row.title for row in build_document(round_of(plan)).measures] == ["ของเรา"]


# --- The day, and how much it asks ------------------------------------------------------------------


def test_it_is_dated_by_the_day_at_the_office(plan: Plan) -> None:
    # Still the day before in London.
    with time_machine.travel("2023-03-31T18:30:00Z", tick=False):
        assert build_document(round_of(plan)).as_of == date(2023, 4, 1)
    assert build_document(round_of(plan), as_of=date(2023, 3, 31)).as_of == date(2023, 3, 31)


def fill(plan: Plan, count: int) -> None:
    """Measures with two parties and three steps each, inserted at once."""
    indicators = list(Indicator.objects.all())
    divisions = list(plan.agency.divisions.all())
    measures = Measure.objects.bulk_create(
        Measure(plan=plan, indicator=indicators[n % 10], title=f"มาตรการ {n}") for n in range(count)
    )
    Responsibility.objects.bulk_create(
        Responsibility(measure=measure, division=division) for measure in measures for division in divisions
    )
    Step.objects.bulk_create(
        Step(measure=measure, position=n, text="ขั้นตอน") for measure in measures for n in (1, 2, 3)
    )


@pytest.mark.parametrize("count", [10, 200])
def test_a_large_plan_asks_no_more_queries_than_a_small_one(
    plan: Plan, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fill(plan, count)
    with_plan = round_of(plan)
    with django_assert_num_queries(6):
        built = build_document(with_plan)
    assert built.measure_count == count
    assert {(len(row.parties), len(row.steps)) for row in built.measures} == {(2, 3)}
    bare = Round.objects.get(pk=with_plan.pk)
    with django_assert_num_queries(8):
        build_document(bare)
