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
    return [card.one("h3").text for card in part.all("article", "task")]


def groups(page: Element) -> dict[str, list[str]]:
    """The titles under each heading."""
    return {group.one("h2").text: titles(group) for group in page.all("section", "task-group")}


def open_work(sign_in: SignIn, query: str = "") -> Element:
    return read(sign_in("staff").get(reverse("work") + query))


def test_measures_stand_by_when_they_need_a_report_and_finished_ones_are_folded(
    sign_in: SignIn, plan: Plan
) -> None:
    november = datetime(2022, 11, 1, 9, 0, tzinfo=OFFICE)
    make_measure(plan, "ไม่มีกำหนด", due_on=None, indicator=1, reported_at=november)
    make_measure(plan, "ไกล", due_on=date(2023, 9, 30), indicator=1, position=2, reported_at=november)
    make_measure(plan, "ไกล ไม่เคยรายงาน", due_on=date(2023, 9, 30), indicator=4)
    make_measure(plan, "ใกล้", due_on=date(2023, 2, 28), indicator=9, reported_at=november)
    make_measure(plan, "ล่าช้าน้อย", due_on=date(2023, 1, 31), indicator=8)
    make_measure(plan, "ล่าช้ามาก", due_on=date(2022, 12, 31), indicator=10)
    make_measure(plan, "ครบกำหนดวันนี้", due_on=date(2023, 2, 1), indicator=7)
    make_measure(plan, "เสร็จ", due_on=date(2022, 11, 1), status="done", indicator=2)
    make_measure(plan, "ยกเลิก", status="cancelled", status_reason="x", indicator=3)
    page = open_work(sign_in)
    assert groups(page) == {
        "เกินกำหนด": ["ล่าช้ามาก", "ล่าช้าน้อย"],
        "รอบนี้": ["ครบกำหนดวันนี้", "ใกล้", "ไกล ไม่เคยรายงาน"],
        "ภายหลัง": ["ไกล", "ไม่มีกำหนด"],
    }
    assert [group.one(class_="panel-head").text for group in page.all("section", "task-group")] == [
        "เกินกำหนด 2 มาตรการ",
        "รอบนี้ 3 มาตรการ",
        "ภายหลัง 2 มาตรการ",
    ]
    folded = page.one("details", "folded")
    assert titles(folded) == ["เสร็จ", "ยกเลิก"]
    assert folded.one("summary").text == "แล้วเสร็จหรือยกเลิก 2 มาตรการ"
    assert page.one(class_="work-now").one("strong").text == "5"


def test_what_was_reported_in_the_first_round_needs_a_report_in_the_second(
    sign_in: SignIn, plan: Plan, time_machine: TimeMachineFixture
) -> None:
    days = (datetime(2023, 3, 31, 9, tzinfo=OFFICE), datetime(2023, 4, 1, 9, tzinfo=OFFICE))
    for position, day in enumerate(days, 1):
        make_measure(plan, f"{day:%d/%m}", position=position, due_on=None, reported_at=day)
    time_machine.move_to(datetime(2023, 4, 2, 9, 0, tzinfo=OFFICE), tick=False)
    assert groups(open_work(sign_in)) == {"รอบนี้": ["31/03"], "ภายหลัง": ["01/04"]}


def test_the_year_s_measures_are_counted(sign_in: SignIn, plan: Plan) -> None:
    for position, status in enumerate(("done", "done", "in_progress", "not_started", "cancelled"), 1):
        make_measure(plan, status, status=status, position=position, status_reason="x")
    year = open_work(sign_in).one("div", "work-year")
    assert year.one("p").text == "ทั้งปีแล้วเสร็จ 2 จาก 5 มาตรการ"
    assert year.one("svg")["aria-label"] == "แล้วเสร็จ 2, กำลังดำเนินการ 1, ยังไม่เริ่ม 1, ยกเลิก 1"
    assert len(year.all("rect")) == 4


def test_one_card_alone_has_a_filled_button(sign_in: SignIn, plan: Plan) -> None:
    for position in (1, 2, 3):
        make_measure(plan, f"มาตรการ {position}", position=position)
    page = open_work(sign_in)
    first, *others = page.all("article", "task")
    assert len(first.all("a", "primary")) == 1
    assert [card.all("a", "button") for card in others] == [[], []]
    assert len(page.all(class_="primary")) == 1


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
        (datetime(2023, 2, 1, 10, tzinfo=OFFICE), "ปิดรอบ 6 เดือน 31 มี.ค. 2566 · อีก 58 วัน"),
        (datetime(2023, 3, 31, 23, 59, tzinfo=OFFICE), "ปิดรอบ 6 เดือนวันนี้ 31 มี.ค. 2566"),
        (datetime(2023, 4, 1, 0, 0, tzinfo=OFFICE), "ปิดรอบ 12 เดือน 30 ก.ย. 2566 · อีก 182 วัน"),
        (datetime(2023, 10, 1, 0, 0, tzinfo=OFFICE), "รอบ 12 เดือนปิดแล้วเมื่อ 30 ก.ย. 2566"),
    ],
)
def test_the_round_says_when_it_closes(
    sign_in: SignIn, plan: Plan, time_machine: TimeMachineFixture, now: datetime, said: str
) -> None:
    make_measure(plan)
    time_machine.move_to(now, tick=False)
    assert open_work(sign_in).one("p", "round").text == said


def test_a_card_says_how_far_it_is_and_leads_to_the_report(sign_in: SignIn, plan: Plan) -> None:
    measure = make_measure(plan, due_on=date(2023, 1, 20))
    card = open_work(sign_in).one("article", "task")
    path = reverse("measure", args=[measure.pk])
    assert card.one("h3").one("a")["href"] == path
    assert card.one("a", "button")["href"] == f"{path}#progress"
    assert card.one("p", "task-top").text == "เกินกำหนด 12 วัน กำหนด 20 ม.ค. 2566"
    assert card.one(class_="steps-count").text == "ขั้นตอน 0/2"


@pytest.mark.parametrize(
    ("due_on", "said"),
    [
        (date(2023, 2, 19), "ยังไม่เริ่ม กำหนด 19 ก.พ. 2566 · อีก 18 วัน"),
        (date(2023, 2, 1), "ยังไม่เริ่ม กำหนด 1 ก.พ. 2566 · วันนี้"),
        (None, "ยังไม่เริ่ม ตลอดปีงบประมาณ พ.ศ. 2566"),
    ],
)
def test_nearness_is_said_in_words(sign_in: SignIn, plan: Plan, due_on: date | None, said: str) -> None:
    make_measure(plan, due_on=due_on)
    assert open_work(sign_in).one("p", "task-top").text == said


def test_a_closed_plan_has_nothing_to_report(sign_in: SignIn, plan: Plan) -> None:
    make_measure(plan)
    plan.closed_at = timezone.now()
    plan.save()
    page = open_work(sign_in)
    assert page.one("article", "task").all("a", "button") == []
    assert page.one("p", "work-said").text == "แผนปีงบประมาณ 2566 ปิดแล้ว ดูได้อย่างเดียว"


def test_a_division_that_is_done_is_told_so(sign_in: SignIn, plan: Plan) -> None:
    make_measure(plan, status="done")
    assert open_work(sign_in).one("p", "work-said").text == "แล้วเสร็จครบทั้ง 1 มาตรการ ไม่มีอะไรรอรายงาน"


def test_where_nothing_waits_in_this_round_the_next_one_is_named(sign_in: SignIn, plan: Plan) -> None:
    later = make_measure(plan, "ทีหลัง", reported_at=timezone.now())
    now = open_work(sign_in).one(class_="work-now")
    assert now.one("p", "work-said").text == "รอบนี้รายงานครบแล้ว"
    assert now.one("p", "work-next").text == "ถัดไป: ทีหลัง กำหนด 30 ก.ย. 2566"
    assert now.one("p", "work-next").one("a")["href"] == reverse("measure", args=[later.pk])


def test_a_division_without_measures_is_shown_the_whole_plan(sign_in: SignIn, plan: Plan) -> None:
    page = open_work(sign_in)
    assert page.one("div", "empty").one("a")["href"] == reverse("plan", args=[YEAR])
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


def test_the_agencys_own_deadline_comes_before_the_rounds_end(sign_in: SignIn, plan: Plan) -> None:
    make_measure(plan, "รอ")
    assert "รายงานภายใน" not in open_work(sign_in).one(class_="work-now").text
    plan.agency.days_before_round_end = 45
    plan.agency.save()
    said = [line.text for line in open_work(sign_in).one(class_="work-now").all("p", "round")]
    assert said == ["รายงานภายใน 14 ก.พ. 2566 · อีก 13 วัน", "ปิดรอบ 6 เดือน 31 มี.ค. 2566"]
    page = sign_in("staff").get(reverse("measure", args=[plan.measures.get().pk])).content.decode()
    assert "รายงานภายใน 14 ก.พ. 2566" in page


def test_a_deadline_that_has_passed_says_for_how_long(
    sign_in: SignIn, plan: Plan, time_machine: TimeMachineFixture
) -> None:
    make_measure(plan, "รอ")
    plan.agency.days_before_round_end = 30
    plan.agency.save()
    time_machine.move_to(datetime(2023, 3, 1, 9, tzinfo=OFFICE))
    assert "วันนี้เป็นวันสุดท้ายที่ต้องรายงาน" in open_work(sign_in).one(class_="work-now").text
    time_machine.move_to(datetime(2023, 3, 6, 9, tzinfo=OFFICE))
    assert "เลยกำหนดรายงาน 1 มี.ค. 2566 มาแล้ว 5 วัน" in open_work(sign_in).one(class_="work-now").text
