"""The executive's two minutes: every figure is right, and every number leads to a list of that many."""

import re
from datetime import UTC, date, datetime
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from time_machine import TimeMachineFixture

from accounts.models import Division, User
from measures.meter import Segment
from measures.models import Comment, Measure, Plan, Responsibility, Step
from measures.status import Status
from reports.dashboard.figures import Dashboard, Tally, tally
from reports.dashboard.selectors import dashboard_of, measures_of_plan
from reports.new_year.services import open_year
from reports.rounds.services import submit
from tests.conftest import SignIn
from tests.support.factories import OFFICE, YEAR, make_evidence, make_measure
from tests.support.html import Element, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]

DAY = date(2023, 2, 1)


def figures_of(plan: Plan, on: date = DAY) -> Dashboard:
    return dashboard_of(plan, measures_of_plan(plan), on)


@pytest.fixture
def filled(plan: Plan, people: dict[str, User]) -> Plan:
    """Two late, one done, one cancelled, one waiting; both divisions; reports on two."""
    make_measure(plan, "ล่าช้า ก", status="in_progress", due_on=date(2023, 1, 15), divisions=2)
    make_measure(plan, "ล่าช้า ข", indicator=2, due_on=date(2022, 12, 15))
    make_measure(
        plan,
        "เสร็จ",
        indicator=2,
        position=2,
        status="done",
        due_on=date(2022, 12, 1),
        reported_by=people["staff"],
        reported_at=datetime(2023, 1, 1, tzinfo=UTC),
    )
    make_measure(
        plan,
        "ยกเลิก",
        indicator=10,
        status="cancelled",
        status_reason="x",
        due_on=date(2022, 12, 1),
        reported_at=datetime(2023, 1, 31, 20, 0, tzinfo=UTC),
    )
    make_measure(plan, "รอ", indicator=10, position=2, due_on=None, divisions=0)
    return plan


# --- The figures ---------------------------------------------------------------------------------------


def test_measures_are_counted_by_status_and_late_ones_besides(filled: Plan) -> None:
    counted = tally(measures_of_plan(filled), DAY)
    assert counted == Tally(done=1, in_progress=1, not_started=2, cancelled=1, late=2)
    assert (counted.total, counted.outstanding) == (5, 3)


def test_nothing_counts_as_nothing() -> None:
    empty = tally([], DAY)
    assert (empty.total, empty.outstanding, list(empty.bar)) == (0, 0, [])


def test_a_bar_has_a_part_for_each_status_that_occurs() -> None:
    bar = Tally(done=1, in_progress=0, not_started=2, cancelled=1, late=9).bar
    assert bar == [
        Segment(Status.DONE, 1, 0.0, 25.0),
        Segment(Status.NOT_STARTED, 2, 25.0, 50.0),
        Segment(Status.CANCELLED, 1, 75.0, 25.0),
    ]
    assert [(part.end, part.label) for part in bar] == [
        (25.0, "ดำเนินการแล้วเสร็จ"),
        (75.0, "ยังไม่ได้ดำเนินการ"),
        (100.0, "ยกเลิก"),
    ]


@pytest.mark.parametrize("counts", [(1, 1, 1, 0), (3, 3, 1, 0), (1, 5, 7, 11), (0, 0, 0, 1)])
def test_the_parts_of_a_bar_fill_it(counts: tuple[int, int, int, int]) -> None:
    parts = Tally(*counts, late=0).bar
    assert parts[0].start == 0
    assert parts[-1].end == pytest.approx(100, abs=0.02)
    for left, right in pairwise(parts):
        assert left.end == pytest.approx(right.start, abs=0.02)


def test_every_indicator_is_shown_also_those_without_measures(filled: Plan) -> None:
    figures = figures_of(filled)
    assert [(e.indicator.number, e.tally.done, e.tally.total) for e in figures.indicators] == [
        (1, 0, 1),
        (2, 1, 2),
        *((n, 0, 0) for n in range(3, 10)),
        (10, 0, 2),
    ]
    assert sum(e.tally.total for e in figures.indicators) == figures.tally.total


def test_a_shared_measure_counts_for_each_of_its_divisions(filled: Plan) -> None:
    figures = figures_of(filled)
    assert [(e.division.name, e.tally.total, e.tally.late) for e in figures.divisions] == [
        ("กองที่ 1", 4, 2),
        ("กองที่ 2", 1, 1),
    ]


def test_steps_are_counted_by_indicator(filled: Plan) -> None:
    Step.objects.filter(measure__title="ล่าช้า ก", position=1).update(done_on=date(2023, 1, 1))
    figures = figures_of(filled)
    # That of a measure which is done are done; those of a cancelled one are none.
    assert [(e.steps_done, e.steps_total) for e in figures.indicators if e.tally.total] == [
        (1, 2),
        (2, 4),
        (0, 2),
    ]
    assert (figures.trend.done, figures.trend.total) == (3, 8)


def test_what_is_late_is_named_longest_first_with_its_days(filled: Plan) -> None:
    late = figures_of(filled).late
    assert [(entry.measure.title, entry.days) for entry in late] == [("ล่าช้า ข", 48), ("ล่าช้า ก", 17)]
    assert figures_of(filled, date(2022, 12, 15)).late == []


def test_the_latest_reports_are_named_newest_first(filled: Plan) -> None:
    assert [m.about.title for m in figures_of(filled).lately_reported] == ["ยกเลิก", "เสร็จ"]


def test_the_divisions_that_are_most_behind_stand_first(filled: Plan) -> None:
    first, second = filled.agency.divisions.order_by("position")
    third = Division.objects.create(agency=filled.agency, name="กองที่ 3", position=3)
    Responsibility.objects.filter(division=first).update(division=third)
    names = [entry.division.name for entry in figures_of(filled).divisions]
    assert names == ["กองที่ 3", "กองที่ 2"]
    # Of equals, the one that stands first in the agency.
    Measure.objects.exclude(title="ล่าช้า ก").delete()
    assert [entry.division for entry in figures_of(filled).divisions] == [second, third]


def test_nobody_is_blamed_by_a_tie(filled: Plan) -> None:
    most = figures_of(filled).most_late
    assert most is not None
    assert ([division.name for division in most.divisions], most.count) == (["กองที่ 1"], 2)
    Measure.objects.filter(title="ล่าช้า ข").update(status="done")
    most = figures_of(filled).most_late
    assert most is not None
    assert ([division.name for division in most.divisions], most.count) == (["กองที่ 1", "กองที่ 2"], 1)
    Measure.objects.update(status="done")
    assert figures_of(filled).most_late is None


# --- The page ------------------------------------------------------------------------------------------


def opened(sign_in: SignIn, role: str = "executive", query: str = "") -> Element:
    response = sign_in(role).get(reverse("dashboard") + query)
    assert response.status_code == 200
    return read(response)


def test_the_answer_stands_on_top_and_its_parts_add_up(sign_in: SignIn, filled: Plan) -> None:
    answer = opened(sign_in).one("section", "answer")
    assert answer.one("p", "figure").text == "1 จาก 5"
    assert answer.one("p", "answer-words").text == "มาตรการแล้วเสร็จ · เหลืออีก 58 วันก่อนสิ้นรอบ 6 เดือน"
    parts = [item.text for item in answer.one("ul", "key").all("li")]
    assert parts == ["แล้วเสร็จ 1", "กำลังดำเนินการ 1", "ยังไม่เริ่ม 2", "ยกเลิก 1", "ในจำนวนนี้ล่าช้า 2"]
    assert sum(int(part.split()[-1]) for part in parts[:-1]) == 5
    assert answer.one("svg", "meter")["aria-label"] == ", ".join(parts)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (datetime(2022, 9, 20, 12, tzinfo=OFFICE), "เริ่มปีงบประมาณในอีก 11 วัน"),
        (datetime(2023, 3, 30, 12, tzinfo=OFFICE), "เหลืออีก 1 วันก่อนสิ้นรอบ 6 เดือน"),
        (datetime(2023, 3, 31, 12, tzinfo=OFFICE), "วันนี้เป็นวันสุดท้ายของรอบ 6 เดือน"),
        (datetime(2023, 4, 1, 12, tzinfo=OFFICE), "เหลืออีก 182 วันก่อนสิ้นรอบ 12 เดือน"),
        (datetime(2023, 10, 1, 12, tzinfo=OFFICE), "สิ้นปีงบประมาณแล้วเมื่อ 30 ก.ย. 2566"),
    ],
)
def test_the_time_that_is_left_is_said_in_words(
    sign_in: SignIn, filled: Plan, time_machine: TimeMachineFixture, day: datetime, words: str
) -> None:
    time_machine.move_to(day, tick=False)
    assert opened(sign_in).one("p", "answer-words").text == f"มาตรการแล้วเสร็จ · {words}"


@pytest.mark.parametrize("role", ["executive", "overseer", "staff"])
def test_every_number_leads_to_a_list_of_that_many(sign_in: SignIn, filled: Plan, role: str) -> None:
    client = sign_in(role)
    page = read(client.get(reverse("dashboard") + "?agency=here")).one("main")

    @cache
    def listed_at(address: str) -> int:
        return len(read(client.get(address)).all("th", "list-title", scope="row"))

    followed = 0
    for link in page.all("a"):
        if not link["href"].startswith(reverse("plan", args=[YEAR])) or "pill" in link.get("class"):
            continue
        listed = listed_at(link["href"])
        row = next((element for element in link.ancestors() if element.tag == "tr"), None)
        if "tile" in link.get("class").split():
            # A tile counts steps; its link leads to the measures.
            number = int(link.text.split(".")[0])
            assert listed == Measure.objects.filter(indicator__number=number).count()
        elif row is not None and link.parent is not None and link.parent.tag == "th":
            # The name leads to all of its measures.
            assert listed == int(row.one("td", "number").text.split("/")[1])
        else:
            found = re.search(r"\d+", link.text)
            assert found is not None
            assert listed == int(found[0]), link["href"]
        followed += 1
    # Two of the figure, five of the bar, three indicators, two divisions twice, and the head of what is late.
    assert followed == 2 + 5 + 3 + 2 * 2 + 1


def test_an_indicator_says_how_many_of_its_steps_are_done(sign_in: SignIn, filled: Plan) -> None:
    tiles = [item.text for item in opened(sign_in).one("ol", "tiles").all("li")]
    assert tiles[:3] == [
        "1. ตัวชี้วัดเรื่องที่ 1 0/2 ขั้นตอน ล่าช้า",
        "2. ตัวชี้วัดเรื่องที่ 2 2/4 ขั้นตอน ล่าช้า",
        "3. ตัวชี้วัดเรื่องที่ 3 ไม่มีมาตรการ",
    ]
    assert tiles[9] == "10. ตัวชี้วัดเรื่องที่ 10 0/2 ขั้นตอน"
    Measure.objects.filter(indicator__number=10, status="not_started").delete()
    assert opened(sign_in).one("ol", "tiles").all("li")[9].text.endswith("ยกเลิกแล้ว")


def test_more_late_ones_than_fit_have_a_link_to_all(sign_in: SignIn, plan: Plan) -> None:
    for n in range(1, 7):
        make_measure(plan, f"ล่าช้า {n}", position=n, due_on=date(2022, 12, n), divisions=2)
    late = opened(sign_in).one("section", aria_labelledby="late")
    assert [item.one("a").text for item in late.all("li")] == ["ล่าช้า 1", "ล่าช้า 2"]
    assert late.one("ul").all("li")[0].one("span", "secondary").text == (
        "เกินกำหนด 62 วัน · 2 ส่วนราชการ: กองที่ 1, กองที่ 2"
    )
    assert [link.text for link in late.one("div", "panel-head").all("a")] == ["ล่าช้า 6 มาตรการ", "ดูทั้งหมด"]


def test_whose_the_lateness_is_is_said_without_breaking_a_tie(sign_in: SignIn, filled: Plan) -> None:
    def said() -> str:
        return opened(sign_in).one("section", aria_labelledby="late").one("p", "most-late").text

    assert said() == "มากที่สุด: กองที่ 1 2 มาตรการ"
    second = filled.agency.divisions.get(name="กองที่ 2")
    third = Division.objects.create(agency=filled.agency, name="กองที่ 3", position=3)
    late = Measure.objects.get(title="ล่าช้า ข")
    Responsibility.objects.create(measure=late, division=second, position=2)
    assert said() == "ทุกส่วนราชการมีเท่ากัน ส่วนราชการละ 2 มาตรการ"
    Responsibility.objects.create(measure=late, division=third, position=3)
    assert said() == "มากที่สุดเท่ากัน 2 ส่วนราชการ ส่วนราชการละ 2"


def test_of_many_divisions_the_page_names_those_most_behind_and_leads_to_all(
    sign_in: SignIn, plan: Plan
) -> None:
    measure = make_measure(plan, due_on=date(2022, 12, 1), divisions=0)
    made = [
        Division.objects.create(agency=plan.agency, name=f"ส่วนราชการ {n:02}", position=n + 10)
        for n in range(40)
    ]
    done = make_measure(plan, position=2, status="done", divisions=0)
    for place, division in enumerate(made, 1):
        responsible_for = measure if place > 38 else done
        Responsibility.objects.create(measure=responsible_for, division=division, position=place)
    section = opened(sign_in).one("section", aria_labelledby="by-division")
    names = [row.one("th").text for row in section.one("tbody").all("tr")]
    assert names == ["ส่วนราชการ 38", "ส่วนราชการ 39", "ส่วนราชการ 00", "ส่วนราชการ 01", "ส่วนราชการ 02"]
    link = section.one("div", "panel-head").one("a")
    assert link.text == "ดูทั้ง 40 ส่วนราชการ"
    whole = read(sign_in("executive").get(link["href"])).one("section", aria_labelledby="by-division")
    assert len(whole.one("tbody").all("tr")) == 40


def test_the_trend_is_told_in_words_and_as_a_table(sign_in: SignIn, filled: Plan) -> None:
    make_measure(open_year(filled.agency, YEAR - 1), status="done")
    Step.objects.filter(measure__plan__fiscal_year=YEAR - 1).update(done_on=date(2022, 1, 31))
    trend = opened(sign_in).one("section", aria_labelledby="trend")
    chart = trend.one("svg", "chart")
    assert chart["aria-labelledby"] == "chart-title chart-words"
    assert chart.one(id="chart-words").text == (
        "ณ วันที่ 1 ก.พ. 2566 เสร็จ 2 จาก 8 ขั้นตอน คิดเป็นร้อยละ 25 เวลาผ่านไปร้อยละ 33 ปีก่อนในวันเดียวกันร้อยละ 100"
    )
    assert [item.text for item in trend.one("ul", "trend-key").all("li")] == [
        "ปีนี้ 25%",
        "ปีก่อน 100%",
        "เวลาที่ผ่านไป 33%",
    ]
    rows = [[cell.text for cell in row.all("td")] for row in trend.one("tbody").all("tr")]
    assert (len(rows), rows[0], rows[4], rows[11]) == (
        12,
        ["0%", "0%", "8%"],
        ["25%", "100%", "33%"],
        ["–", "100%", "100%"],
    )
    assert len(chart.all("path", "line-before")) == 1


def test_without_a_year_before_there_is_no_line_of_it(sign_in: SignIn, filled: Plan) -> None:
    trend = opened(sign_in).one("section", aria_labelledby="trend")
    assert "ปีก่อน" not in trend.text
    assert trend.all("path", "line-before") == []
    assert [cell.text for cell in trend.one("thead").all("th")] == ["เดือน", "ปีนี้", "เวลาที่ผ่านไป"]


def test_the_latest_reports_say_what_when_and_who(sign_in: SignIn, filled: Plan) -> None:
    items = opened(sign_in).one("section", aria_labelledby="lately").all("li")
    # 20:00 UTC on 31 January is 1 February in the office.
    assert [item.one("span").text for item in items] == [
        "ยกเลิก · 1 ก.พ. 2566",
        "แล้วเสร็จ · 1 ม.ค. 2566 · staff",
    ]


def test_what_waits_for_the_person_has_one_button(
    sign_in: SignIn, plan: Plan, people: dict[str, User]
) -> None:
    make_measure(plan, status="done", reported_at=timezone.now())
    assert opened(sign_in).all("section", "awaited") == []
    assert len(opened(sign_in).all("section", "answer-wide")) == 1
    submit(plan.rounds.select_related("plan__agency").get(months=6), people["officer"])
    page = opened(sign_in)
    tasks = page.one("section", "awaited")
    assert tasks.one("h2").text == "รอคุณดำเนินการ"
    button = tasks.one("a", "primary")
    assert (button.text, button["href"]) == ("ตรวจและอนุมัติ", reverse("report", args=[YEAR, 6]))
    assert page.all("a", "primary") == [button]
    assert page.all("section", "answer-wide") == []
    for role in ("officer", "staff"):
        assert opened(sign_in, role).all("section", "awaited") == []


def test_however_much_waits_the_panel_takes_its_third_of_the_screen(
    sign_in: SignIn, plan: Plan, people: dict[str, User]
) -> None:
    """All but the first are folded: over the whole width it would be an empty box and push the rest down."""
    measure = make_measure(plan)
    make_evidence(measure, day=date(2021, 1, 1))
    now = timezone.now()
    answer = {"returns": True, "answered_at": now, "answered_by": people["staff"]}
    Comment.objects.create(measure=measure, text="x", written_at=now, **answer)
    named = Comment.objects.create(measure=measure, text="x", written_at=now)
    named.mentioned.add(people["officer"])
    page = opened(sign_in, "officer")
    panel = page.one("section", "awaited")
    assert len(panel.one("details").all("li")) == 2
    assert "awaited-many" not in panel["class"]
    assert page.all("section", "answer-wide") == []


def test_a_plan_without_trouble_says_so(sign_in: SignIn, plan: Plan) -> None:
    make_measure(plan, divisions=0)
    page = opened(sign_in)
    assert page.one("section", aria_labelledby="late").one("p").text == "ไม่มีมาตรการที่เกินกำหนด"
    assert page.one("section", aria_labelledby="lately").one("p").text.startswith("ยังไม่มีการรายงาน")
    assert page.one("section", aria_labelledby="by-division").all("table") == []
    assert "ล่าช้า" not in page.one("section", "answer").text
    assert "status=cancelled" not in str([link["href"] for link in page.all("a")])


def test_an_empty_plan_offers_three_ways_to_begin_to_who_may_edit_it(sign_in: SignIn, plan: Plan) -> None:
    assert opened(sign_in).one("div", "empty").all("a") == []
    links = [link["href"] for link in opened(sign_in, "officer").one("div", "empty").all("a")]
    assert links == [f"{reverse('import_plan')}?year={YEAR}", reverse("add_measure", args=[YEAR])]


def test_the_projector_s_view_has_no_bars_and_leads_back(sign_in: SignIn, filled: Plan) -> None:
    link = opened(sign_in).one("p", "board-ways").all("a")[1]
    page = read(sign_in("executive").get(link["href"]))
    assert page.all("header", "masthead") == page.all("footer", "footer") == []
    assert page.one("p", "figure").text == "1 จาก 5"
    back = page.one("header", "screen-head").one("a")
    assert (back.text, back["href"]) == ("กลับหน้าภาพรวม", f"{reverse('dashboard')}?year={YEAR}")


def test_without_a_year_it_is_the_newest_plan(sign_in: SignIn, filled: Plan) -> None:
    open_year(filled.agency, YEAR + 1)
    assert "2567" in opened(sign_in).one("h1").text
    assert "2566" in opened(sign_in, query="?year=2566").one("h1").text
    # Thai digits in the address are a year too.
    assert "2566" in opened(sign_in, query="?year=๒๕๖๖").one("h1").text


@pytest.mark.parametrize("year", ["2599", "25660", "abc", "-1", "²", "9" * 5000])
def test_a_year_without_a_plan_is_not_found(sign_in: SignIn, plan: Plan, year: str) -> None:
    response = sign_in("executive").get(reverse("dashboard"), {"year": year})
    assert response.status_code == 404
    assert "ปีงบประมาณ พ.ศ. " in read(response).one("main").text


def test_without_any_plan_it_leads_to_what_can_be_done(sign_in: SignIn, people: dict[str, Any]) -> None:
    response = sign_in("stranger").get(reverse("dashboard"))
    assert (response.status_code, response["Location"]) == (302, reverse("no_plan"))


def test_figures_are_thai_where_the_agency_wants_them(sign_in: SignIn, filled: Plan) -> None:
    filled.agency.thai_digits = True
    filled.agency.save()
    main = opened(sign_in).one("main").text
    assert "๑ จาก ๕ มาตรการแล้วเสร็จ" in main
    # What was typed into a name stays as it was typed.
    assert re.sub("กองที่ [12]|ตัวชี้วัดเรื่องที่ [0-9]+", "", main) == re.sub(
        "กองที่ [12]|ตัวชี้วัดเรื่องที่ [0-9]+|[0-9]", "", main
    )
