"""The division's first screen: what needs a report first, and how long the round is open."""

from datetime import date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from time_machine import TimeMachineFixture

from measures.models import Plan, Responsibility
from reports.new_year.services import open_year
from tests.conftest import SignIn
from tests.support.factories import OFFICE, YEAR, make_measure
from tests.support.html import Element, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]


def titles(part: Element) -> list[str]:
    return [card.one("h2").text for card in part.all("article", "work-card")]


def open_work(sign_in: SignIn, query: str = "") -> Element:
    return read(sign_in("staff").get(reverse("work") + query))


def test_late_comes_first_then_by_due_day_and_finished_is_folded(sign_in: SignIn, plan: Plan) -> None:
    make_measure(plan, "ไม่มีกำหนด", due_on=None, indicator=1)
    make_measure(plan, "ไกล", due_on=date(2023, 9, 30), indicator=1, position=2)
    make_measure(plan, "ใกล้", due_on=date(2023, 2, 28), indicator=9)
    make_measure(plan, "ล่าช้าน้อย", due_on=date(2023, 1, 31), indicator=8)
    make_measure(plan, "ล่าช้ามาก", due_on=date(2022, 12, 31), indicator=10)
    make_measure(plan, "ครบกำหนดวันนี้", due_on=date(2023, 2, 1), indicator=7)
    make_measure(plan, "เสร็จ", due_on=date(2022, 11, 1), status="done", indicator=2)
    make_measure(plan, "ยกเลิก", status="cancelled", status_reason="x", indicator=3)
    page = open_work(sign_in)
    assert titles(page.all("ul", "cards")[0]) == [
        "ล่าช้ามาก",
        "ล่าช้าน้อย",
        "ครบกำหนดวันนี้",
        "ใกล้",
        "ไกล",
        "ไม่มีกำหนด",
    ]
    folded = page.one("details", "folded")
    assert titles(folded) == ["เสร็จ", "ยกเลิก"]
    assert folded.one("summary").text == "เสร็จแล้วหรือยกเลิก 2 มาตรการ"
    assert page.one("p", "lead").text == "ต้องรายงาน 6 จาก 8 มาตรการ"


def test_equal_due_days_stand_as_in_the_report(sign_in: SignIn, plan: Plan) -> None:
    make_measure(plan, "ข", indicator=2)
    make_measure(plan, "ก หลัง", indicator=1, position=2)
    make_measure(plan, "ก ก่อน", indicator=1, position=1)
    assert titles(open_work(sign_in)) == ["ก ก่อน", "ก หลัง", "ข"]


def test_only_the_own_division_s_measures_are_listed(sign_in: SignIn, plan: Plan) -> None:
    theirs = make_measure(plan, "ของกองอื่น", divisions=0)
    Responsibility.objects.create(measure=theirs, division=plan.agency.divisions.get(position=2))
    make_measure(plan, "ร่วมกัน", divisions=2, position=2)
    assert titles(open_work(sign_in)) == ["ร่วมกัน"]


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (datetime(2023, 2, 1, 10, tzinfo=OFFICE), "รอบ 6 เดือน ปิด 31 มี.ค. 2566 (อีก 58 วัน)"),
        (datetime(2023, 3, 31, 23, 59, tzinfo=OFFICE), "รอบ 6 เดือน ปิด 31 มี.ค. 2566 (อีก 0 วัน)"),
        (datetime(2023, 4, 1, 0, 0, tzinfo=OFFICE), "รอบ 12 เดือน ปิด 30 ก.ย. 2566 (อีก 182 วัน)"),
        (datetime(2023, 10, 1, 0, 0, tzinfo=OFFICE), "รอบ 12 เดือน ปิดแล้วเมื่อ 30 ก.ย. 2566"),
    ],
)
def test_the_round_says_when_it_closes(
    sign_in: SignIn, plan: Plan, time_machine: TimeMachineFixture, now: datetime, said: str
) -> None:
    time_machine.move_to(now, tick=False)
    assert open_work(sign_in).one("p", "round").text == said


def test_a_card_leads_to_the_report(sign_in: SignIn, plan: Plan) -> None:
    measure = make_measure(plan, due_on=date(2023, 1, 1))
    card = open_work(sign_in).one("article", "work-card")
    path = reverse("measure", args=[measure.pk])
    assert card.one("h2").one("a")["href"] == path
    assert card.one("a", "button")["href"] == f"{path}#progress"
    assert card.one("p", "work-top").text == "ล่าช้า ยังไม่ดำเนินการ ตัวชี้วัดที่ 1"
    assert card.one("p", "work-facts").text == "ขั้นตอน 0/2 กำหนด ตลอดปีงบประมาณ พ.ศ. ๒๕๖๖"


def test_a_closed_plan_has_nothing_to_report(sign_in: SignIn, plan: Plan) -> None:
    make_measure(plan)
    plan.closed_at = timezone.now()
    plan.save()
    assert open_work(sign_in).one("article", "work-card").all("a", "button") == []


def test_a_division_that_is_done_is_told_so(sign_in: SignIn, plan: Plan) -> None:
    make_measure(plan, status="done")
    assert open_work(sign_in).one("p", "lead").text == "เสร็จครบทั้ง 1 มาตรการแล้ว ไม่มีอะไรรอรายงาน"


def test_a_division_without_measures_is_shown_the_whole_plan(sign_in: SignIn, plan: Plan) -> None:
    page = open_work(sign_in)
    assert page.one("p", "empty").one("a")["href"] == reverse("plan", args=[YEAR])
    assert page.all("article") == []


def test_another_year_can_be_asked_for(sign_in: SignIn, plan: Plan) -> None:
    make_measure(plan, "ปีนี้")
    make_measure(open_year(plan.agency, YEAR + 1), "ปีหน้า")
    assert titles(open_work(sign_in)) == ["ปีหน้า"]
    assert titles(open_work(sign_in, f"?year={YEAR}")) == ["ปีนี้"]


@pytest.mark.parametrize("year", ["nonsense", "-2566", "99999", "9" * 30, "9" * 5000])
def test_what_is_no_year_is_ignored(sign_in: SignIn, plan: Plan, year: str) -> None:
    make_measure(plan, "ปีนี้")
    assert titles(open_work(sign_in, f"?year={year}")) == ["ปีนี้"]


def test_a_year_without_a_plan_leads_to_what_can_be_done(sign_in: SignIn, plan: Plan) -> None:
    response = sign_in("staff").get(f"{reverse('work')}?year=2599")
    assert response.status_code == 302
    assert response["Location"] == reverse("no_plan")
