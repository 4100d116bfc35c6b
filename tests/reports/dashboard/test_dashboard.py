"""The executive's two minutes: every figure is right, and every number leads to a list of that many."""

import re
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Division, User
from measures.meter import Segment
from measures.models import Indicator, Measure, Plan
from measures.status import Status
from reports.dashboard.figures import Tally, dashboard, tally
from reports.new_year.services import open_year
from tests.conftest import SignIn
from tests.support.factories import YEAR, make_measure
from tests.support.html import Element, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]

DAY = date(2023, 2, 1)


def measures_of(plan: Plan) -> list[Measure]:
    return list(Measure.objects.filter(plan=plan).with_parties().in_report_order())


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
    counted = tally(measures_of(filled), DAY)
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
    assert [(part.end, part.middle, part.label) for part in bar] == [
        (25.0, 12.5, "ดำเนินการแล้วเสร็จ"),
        (75.0, 50.0, "ยังไม่ได้ดำเนินการ"),
        (100.0, 87.5, "ยกเลิก"),
    ]


@pytest.mark.parametrize("counts", [(1, 1, 1, 0), (3, 3, 1, 0), (1, 5, 7, 11), (0, 0, 0, 1)])
def test_the_parts_of_a_bar_fill_it(counts: tuple[int, int, int, int]) -> None:
    parts = Tally(*counts, late=0).bar
    assert parts[0].start == 0
    assert parts[-1].end == pytest.approx(100, abs=0.02)
    for left, right in pairwise(parts):
        assert left.end == pytest.approx(right.start, abs=0.02)


def test_every_indicator_is_shown_also_those_without_measures(filled: Plan) -> None:
    figures = dashboard(measures_of(filled), Indicator.objects.all(), DAY)
    assert [(e.indicator.number, e.tally.done, e.tally.total) for e in figures.indicators] == [
        (1, 0, 1),
        (2, 1, 2),
        *((n, 0, 0) for n in range(3, 10)),
        (10, 0, 2),
    ]
    assert sum(e.tally.total for e in figures.indicators) == figures.tally.total


def test_a_shared_measure_counts_for_each_of_its_divisions(filled: Plan) -> None:
    figures = dashboard(measures_of(filled), [], DAY)
    assert [(e.division.name, e.tally.total, e.tally.late) for e in figures.divisions] == [
        ("กองที่ 1", 4, 2),
        ("กองที่ 2", 1, 1),
    ]


def test_what_is_late_is_named_longest_first(filled: Plan) -> None:
    figures = dashboard(measures_of(filled), [], DAY)
    assert [measure.title for measure in figures.late] == ["ล่าช้า ข", "ล่าช้า ก"]
    assert dashboard(measures_of(filled), [], date(2022, 12, 15)).late == []


def test_the_latest_reports_are_named_newest_first(filled: Plan) -> None:
    measures = measures_of(filled)
    assert [m.title for m in dashboard(measures, [], DAY).lately_reported] == ["ยกเลิก", "เสร็จ"]
    assert [m.title for m in dashboard(measures, [], DAY, lately=1).lately_reported] == ["ยกเลิก"]


def test_the_division_with_most_to_do_is_the_first_of_equals(filled: Plan) -> None:
    most = dashboard(measures_of(filled), [], DAY).most_outstanding
    assert most is not None
    assert (most.division.name, most.tally.outstanding) == ("กองที่ 1", 2)
    Measure.objects.update(status="done")
    assert dashboard(measures_of(filled), [], DAY).most_outstanding is None


def test_divisions_stand_in_the_agency_s_order(filled: Plan) -> None:
    Division.objects.filter(name="กองที่ 2").update(position=0)
    figures = dashboard(measures_of(filled), [], DAY)
    assert [entry.division.name for entry in figures.divisions] == ["กองที่ 2", "กองที่ 1"]


# --- The page ------------------------------------------------------------------------------------------


def opened(sign_in: SignIn, role: str = "executive", query: str = "") -> Element:
    response = sign_in(role).get(reverse("dashboard") + query)
    assert response.status_code == 200
    return read(response)


def test_the_sentence_on_top_says_it_all(sign_in: SignIn, filled: Plan) -> None:
    lead = opened(sign_in).one("p", "lead").text
    assert lead == "เสร็จแล้ว 1 จาก 5 มาตรการ · ล่าช้า 2 · กองที่ 1 ยังไม่เสร็จ 2"


@pytest.mark.parametrize("role", ["executive", "overseer", "staff"])
def test_every_number_leads_to_a_list_of_that_many(sign_in: SignIn, filled: Plan, role: str) -> None:
    client = sign_in(role)
    page = read(client.get(reverse("dashboard") + "?agency=here")).one("main")
    followed = 0
    for link in page.all("a"):
        if not link["href"].startswith(reverse("plan", args=[YEAR])):
            continue
        response = client.get(link["href"])
        assert response.status_code == 200
        rows = len(read(response).all("td", "list-title"))
        row = next((element for element in link.ancestors() if element.tag == "tr"), None)
        if row is not None and link.parent is not None and link.parent.tag == "th":
            # The name leads to all of its measures.
            assert rows == int(row.one("td", "number").text.split("/")[1])
        else:
            number = re.search(r"\d+", link.text)
            assert number is not None
            assert rows == int(number[0]), link["href"]
        followed += 1
    # Five figures, the three indicators with measures, two divisions with a name and a number each.
    assert followed == 5 + 3 + 2 * 2


def test_more_late_ones_than_fit_have_a_link_to_all(sign_in: SignIn, plan: Plan) -> None:
    for n in range(1, 7):
        make_measure(plan, f"ล่าช้า {n}", position=n, due_on=date(2022, 12, n))
    late = opened(sign_in).one("section", aria_labelledby="late")
    assert [item.one("a").text for item in late.all("li")] == [f"ล่าช้า {n}" for n in range(1, 5)]
    assert late.one("ul").all("li")[0].one("span").text == "กองที่ 1 · ครบกำหนด 1 ธ.ค. 2565"
    link = late.all("a")[-1]
    assert (link.text, link["href"]) == (
        "ดูที่ล่าช้าทั้งหมด 6 มาตรการ",
        reverse("plan", args=[YEAR]) + "?status=late",
    )


def test_the_latest_reports_say_what_when_and_who(sign_in: SignIn, filled: Plan) -> None:
    items = opened(sign_in).one("section", aria_labelledby="lately").all("li")
    # 20:00 UTC on 31 January is 1 February in the office.
    assert [item.one("span").text for item in items] == [
        "ยกเลิก · 1 ก.พ. 2566",
        "เสร็จแล้ว · 1 ม.ค. 2566 · staff",
    ]


def test_a_plan_without_trouble_says_so(sign_in: SignIn, plan: Plan) -> None:
    make_measure(plan, divisions=0)
    page = opened(sign_in)
    assert page.one("section", aria_labelledby="late").one("p").text == "ไม่มีมาตรการที่ล่าช้า"
    assert page.one("section", aria_labelledby="lately").one("p").text == "ยังไม่มีใครรายงาน"
    assert "ล่าช้า" not in page.one("p", "lead").text
    assert "status=cancelled" not in str([link["href"] for link in page.all("a")])


def test_an_empty_plan_says_what_to_do(sign_in: SignIn, plan: Plan) -> None:
    assert opened(sign_in).one("p", "empty").all("a") == []
    link = opened(sign_in, "officer").one("p", "empty").one("a")
    assert link["href"] == reverse("add_measure", args=[YEAR])


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
    assert "เสร็จแล้ว ๑ จาก ๕ มาตรการ" in main
    # What was typed into a name stays as it was typed.
    assert re.sub("กองที่ [12]|ตัวชี้วัดเรื่องที่ [0-9]+", "", main) == re.sub(
        "กองที่ [12]|ตัวชี้วัดเรื่องที่ [0-9]+|[0-9]", "", main
    )
