"""A new year's plan from the one before: what was promised goes on, what was reported does not."""

import io
from datetime import date
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from measures.later_years import day_on, years_on
from measures.models import Measure, Plan, Step
from reports.new_year.services import open_year
from tests.conftest import SignIn
from tests.support.factories import YEAR, make_evidence, make_measure

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]


@pytest.mark.parametrize(
    ("text", "later"),
    [
        ("ตลอดปีงบประมาณ พ.ศ. ๒๕๖๖", "ตลอดปีงบประมาณ พ.ศ. ๒๕๖๗"),
        ("เมษายน ๒๕๖๖ และ ตุลาคม ๒๕๖๖", "เมษายน ๒๕๖๗ และ ตุลาคม ๒๕๖๗"),
        ("ตุลาคม – มีนาคม ๒๕๖๖", "ตุลาคม – มีนาคม ๒๕๖๗"),
        ("ตุลาคม 2565 - กันยายน 2566", "ตุลาคม 2566 - กันยายน 2567"),
        ("ไตรมาส ๒ ปี ๒๕๖๖", "ไตรมาส ๒ ปี ๒๕๖๗"),
        ("ภายในวันที่ ๓๑ มีนาคม พ.ศ. ๒๕๖๖", "ภายในวันที่ ๓๑ มีนาคม พ.ศ. ๒๕๖๗"),
        ("มี.ค. 66", "มี.ค. 67"),
        ("31/3/2566", "31/3/2567"),
        ("ภายในปี 2566", "ภายในปี 2567"),
        ("ทุกเดือน", "ทุกเดือน"),
        ("มีนาคม ๒๕๗๐", "มีนาคม ๒๕๗๐"),
        ("", ""),
    ],
)
def test_when_something_is_due_moves_on(text: str, later: str) -> None:
    assert years_on(text, 2566, 1, is_due=True) == later


@pytest.mark.parametrize(
    ("text", "later"),
    [
        ("จัดทำแผนประจำปีงบประมาณ พ.ศ. ๒๕๖๖", "จัดทำแผนประจำปีงบประมาณ พ.ศ. ๒๕๖๗"),
        ("สรุปผลเดือนมีนาคม 2566", "สรุปผลเดือนมีนาคม 2567"),
        ("ตาม พ.ร.บ. การปฏิบัติราชการทางอิเล็กทรอนิกส์ พ.ศ. 2565", None),
        ("แผนปฏิบัติการ (พ.ศ. ๒๕๖๖ – ๒๕๗๐)", None),
        ("ปรับปรุงห้อง 2566", None),
    ],
)
def test_in_a_title_only_years_of_time_move_on(text: str, later: str | None) -> None:
    assert years_on(text, 2566, 1) == (later or text)


def test_a_leap_day_has_no_next_year() -> None:
    assert day_on(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert day_on(date(2023, 9, 30), 1) == date(2024, 9, 30)


@pytest.fixture
def source(plan: Plan) -> Measure:
    """A measure with everything that stays behind."""
    measure = make_measure(
        plan,
        "แผนประจำปีงบประมาณ พ.ศ. ๒๕๖๖",
        divisions=2,
        indicator=3,
        position=4,
        first_step=2,
        status="done",
        result="ผล",
        obstacle="ปัญหา",
    )
    first = measure.steps.order_by("position")[0]
    first.done_on = date(2023, 1, 5)
    first.save()
    Step.objects.create(measure=measure, parent=first, position=3, text="ย่อยของปีงบประมาณ 2566")
    make_evidence(measure)
    return measure


def clone(**options: Any) -> str:
    said = io.StringIO()
    call_command(
        "clone_plan", **{"agency": "here", "source": YEAR, "target": YEAR + 1, **options}, stdout=said
    )
    return said.getvalue()


def test_the_command_copies_what_was_promised(source: Measure) -> None:
    assert clone() == "เปิดแผนปี 2567 แล้ว: 1 มาตรการจากปี 2566\n"
    made = Measure.objects.get(plan__fiscal_year=YEAR + 1)
    assert (made.title, made.position, made.first_step) == ("แผนประจำปีงบประมาณ พ.ศ. ๒๕๖๗", 4, 2)
    assert (made.indicator, made.due_text) == (source.indicator, "ตลอดปีงบประมาณ พ.ศ. ๒๕๖๗")
    assert made.due_on == date(2024, 9, 30)
    assert [party.name for party in made.parties] == ["กองที่ 1", "กองที่ 2"]
    steps = list(made.steps.order_by("position"))
    assert [(step.text, step.done_on) for step in steps] == [
        ("ขั้นที่ 1", None),
        ("ขั้นที่ 2", None),
        ("ย่อยของปีงบประมาณ 2567", None),
    ]
    assert steps[2].parent == steps[0]
    assert (made.status, made.result, made.obstacle, made.reported_at) == ("not_started", "", "", None)
    assert not made.evidence.exists()
    assert made.continues == source
    assert made.plan.rounds.count() == 2


def test_two_years_on_moves_two_years(source: Measure) -> None:
    clone(target=YEAR + 2)
    made = Measure.objects.get(plan__fiscal_year=YEAR + 2)
    assert (made.due_text, made.due_on) == ("ตลอดปีงบประมาณ พ.ศ. ๒๕๖๘", date(2025, 9, 30))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"agency": "nowhere"}, "“nowhere” ไม่มีแผนปีงบประมาณ 2566: ปีที่มีคือ ไม่มี"),
        ({"source": 2560}, "ปีที่มีคือ 2566"),
        ({"target": YEAR}, "ต้องหลังปีใน --from"),
        ({"target": 2800}, "ต้องหลังปีใน --from"),
    ],
)
def test_the_command_says_what_is_wrong(source: Measure, options: dict[str, Any], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        clone(**options)
    assert Plan.objects.count() == 1


def test_a_year_with_measures_is_not_written_over(source: Measure, plan: Plan) -> None:
    make_measure(open_year(plan.agency, YEAR + 1), "มีอยู่แล้ว")
    with pytest.raises(CommandError, match="มีมาตรการอยู่แล้ว จึงไม่คัดลอกทับ"):
        clone()
    assert Measure.objects.count() == 2


def test_the_officer_copies_by_the_page(sign_in: SignIn, source: Measure) -> None:
    officer = sign_in("officer")
    wrong = officer.post(reverse("no_plan"), {"year": "2565", "source": "2566"})
    assert wrong.status_code == 422
    assert "คัดลอกได้จากปีก่อนหน้าเท่านั้น" in wrong.content.decode()
    answer = officer.post(reverse("no_plan"), {"year": "๒๕๖๗", "source": "2566"}, follow=True)
    assert "คัดลอกมาตรการแล้ว" in answer.content.decode()
    made = Measure.objects.get(plan__fiscal_year=YEAR + 1)
    page = officer.get(reverse("measure", args=[made.pk])).content.decode()
    assert f'<a href="{reverse("measure", args=[source.pk])}">' in page
    assert f'<a href="{reverse("report", args=[YEAR, 12])}">รายงานของปีนั้น</a>' in page
