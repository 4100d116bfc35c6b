"""The plan as a list: its filters are its address, alone and together, and wrong ones are ignored."""

import re
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Division
from measures.models import Measure, Plan, Responsibility, Step
from measures.plan_list.forms import MeasureFilter
from reports.new_year.services import open_year
from tests.conftest import SignIn
from tests.support.factories import YEAR, make_agency, make_measure
from tests.support.html import Element, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]


@pytest.fixture
def second(plan: Plan) -> Division:
    return plan.agency.divisions.get(position=2)


@pytest.fixture
def measures(plan: Plan, second: Division) -> dict[str, Measure]:
    """One of every kind: titles are the kinds."""
    due = date(2023, 9, 30)
    made = {
        "done": make_measure(plan, "done", indicator=1, status="done", due_on=date(2022, 12, 1)),
        "progress": make_measure(plan, "progress", indicator=1, position=2, status="in_progress", due_on=due),
        "late": make_measure(
            plan, "late", indicator=2, status="in_progress", due_on=date(2023, 1, 31), divisions=0
        ),
        "new": make_measure(plan, "new", indicator=3, due_on=None, divisions=2),
        "cancelled": make_measure(
            plan, "cancelled", indicator=3, position=2, status="cancelled", status_reason="x", due_on=due
        ),
    }
    Responsibility.objects.create(measure=made["late"], division=second)
    Step.objects.create(measure=made["new"], text="จัดทำคู่มือ 100% เล่มแรก", position=3)
    Step.objects.create(measure=made["new"], text="เผยแพร่คู่มือ", position=4)
    return made


def listed(client: Client, **query: Any) -> list[str]:
    """The titles on the list, whose count has to be what the page says."""
    response = client.get(f"{reverse('plan', args=[YEAR])}?{urlencode(query)}")
    assert response.status_code == 200
    page = read(response)
    titles = [cell.one("a").text for cell in page.all("td", "list-title")]
    assert page.one("p", "count").text.split(" มาตรการ")[0] == f"พบ {len(titles)}"
    return titles


ALL = ["done", "progress", "late", "new", "cancelled"]


def test_without_filters_everything_stands_in_report_order(
    sign_in: SignIn, measures: dict[str, Measure]
) -> None:
    assert listed(sign_in("executive")) == ALL


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({"status": "done"}, ["done"]),
        ({"status": "in_progress"}, ["progress", "late"]),
        ({"status": "not_started"}, ["new"]),
        ({"status": "cancelled"}, ["cancelled"]),
        ({"status": "late"}, ["late"]),
        ({"status": "outstanding"}, ["progress", "late", "new"]),
        ({"indicator": 1}, ["done", "progress"]),
        ({"indicator": 3}, ["new", "cancelled"]),
        ({"text": "PROG"}, ["progress"]),
        # In a step, and once although two steps match.
        ({"text": "คู่มือ"}, ["new"]),
        ({"text": " คู่มือ "}, ["new"]),
        # What is typed is text, not a pattern.
        ({"text": "100%"}, ["new"]),
        ({"text": "1_0%"}, []),
        ({"text": "ไม่มีคำนี้"}, []),
        ({"status": "in_progress", "indicator": 1}, ["progress"]),
        ({"status": "outstanding", "indicator": 3}, ["new"]),
        ({"status": "outstanding", "indicator": 3, "text": "เผยแพร่"}, ["new"]),
        ({"status": "done", "indicator": 3}, []),
    ],
)
def test_a_filter_in_the_address(
    sign_in: SignIn, measures: dict[str, Measure], query: dict[str, Any], titles: list[str]
) -> None:
    assert listed(sign_in("staff"), **query) == titles


def test_a_division_is_a_filter_alone_and_with_others(
    sign_in: SignIn, measures: dict[str, Measure], second: Division
) -> None:
    client = sign_in("officer")
    assert listed(client, division=second.pk) == ["late", "new"]
    assert listed(client, division=second.pk, status="late") == ["late"]
    assert listed(client, division=second.pk, indicator=3) == ["new"]


@pytest.mark.parametrize(
    "query",
    [
        {"status": "nonsense"},
        {"status": "done;drop"},
        {"indicator": "abc"},
        {"indicator": "99"},
        {"indicator": "9" * 5000},
        {"division": "-1"},
        {"division": "0"},
        {"division": "9" * 30},
        {"text": "ก" * 101},
        {"text": "\x00"},
        {"text": "  "},
        {"unknown": "x"},
    ],
)
def test_what_the_address_says_wrongly_is_ignored(
    sign_in: SignIn, measures: dict[str, Measure], query: dict[str, str]
) -> None:
    assert listed(sign_in("staff"), **query) == ALL


def test_a_wrong_filter_does_not_take_the_others_along(sign_in: SignIn, measures: dict[str, Measure]) -> None:
    assert listed(sign_in("staff"), status="nonsense", indicator=2) == ["late"]


def test_a_division_of_another_agency_is_no_filter(sign_in: SignIn, measures: dict[str, Measure]) -> None:
    theirs = Division.objects.exclude(agency__slug="here")[0]
    assert listed(sign_in("staff"), division=theirs.pk) == ALL


def test_the_form_shows_the_filters_in_force(sign_in: SignIn, measures: dict[str, Measure]) -> None:
    page = read(sign_in("staff").get(reverse("plan", args=[YEAR]) + "?status=late&indicator=2&text=la"))
    form = page.one("form", "filters")
    assert form["method"] == "get"
    assert form.form_data() == {"status": "late", "indicator": "2", "division": "", "text": "la"}


def test_the_choices_are_the_plan_s_own(sign_in: SignIn, measures: dict[str, Measure], plan: Plan) -> None:
    form = read(sign_in("staff").get(reverse("plan", args=[YEAR]))).one("form", "filters")
    assert [option.value for option in form.one(id="id_indicator").all("option")] == ["", "1", "2", "3"]
    assert [option.text for option in form.one(id="id_division").all("option")] == [
        "ทุกส่วนราชการ",
        "กองที่ 1",
        "กองที่ 2",
    ]


def test_filters_can_be_cleared(sign_in: SignIn, measures: dict[str, Measure]) -> None:
    client, path = sign_in("staff"), reverse("plan", args=[YEAR])
    filtered = read(client.get(f"{path}?status=done"))
    assert filtered.one("p", "count").one("a")["href"] == path
    assert read(client.get(path)).one("p", "count").all("a") == []
    # The overseer stays with the agency.
    overseer = read(sign_in("overseer").get(f"{path}?agency=here&status=done"))
    assert overseer.one("p", "count").one("a")["href"] == f"{path}?agency=here"
    assert overseer.one("form", "filters").form_data()["agency"] == "here"


def test_each_indicator_has_one_heading(sign_in: SignIn, measures: dict[str, Measure]) -> None:
    page = read(sign_in("staff").get(reverse("plan", args=[YEAR])))
    assert [head.text for head in page.all("th", scope="rowgroup")] == [
        "ตัวชี้วัดที่ 1 ตัวชี้วัดเรื่องที่ 1",
        "ตัวชี้วัดที่ 2 ตัวชี้วัดเรื่องที่ 2",
        "ตัวชี้วัดที่ 3 ตัวชี้วัดเรื่องที่ 3",
    ]


def row(page: Element, measure: Measure) -> list[str]:
    cells = page.one("tbody", id=f"measure-{measure.pk}").all("td")
    return [cell.text for cell in cells]


def test_a_row_says_who_until_when_and_how_far(sign_in: SignIn, measures: dict[str, Measure]) -> None:
    measures["new"].steps.filter(position=1).update(done_on=date(2023, 1, 1))
    page = read(sign_in("executive").get(reverse("plan", args=[YEAR])))
    assert row(page, measures["new"]) == [
        "new ขั้นตอน 1/4",
        "กองที่ 1กองที่ 2",
        "ตลอดปีงบประมาณ พ.ศ. ๒๕๖๖",
        "ยังไม่ดำเนินการ",
        "",
    ]
    assert row(page, measures["late"])[3] == "ล่าช้า กำลังดำเนินการ"


def test_who_may_report_on_a_measure_can_from_the_list(sign_in: SignIn, measures: dict[str, Measure]) -> None:
    def reportable(role: str) -> set[str]:
        page = read(sign_in(role).get(reverse("plan", args=[YEAR]) + "?agency=here"))
        return {title for title, m in measures.items() if page.all("a", id=f"report-{m.pk}")}

    assert reportable("officer") == set(ALL)
    assert reportable("staff") == {"done", "progress", "new", "cancelled"}
    assert reportable("other_staff") == {"late", "new"}
    assert reportable("executive") == reportable("overseer") == set()


def test_htmx_gets_the_table_alone(sign_in: SignIn, measures: dict[str, Measure]) -> None:
    path = reverse("plan", args=[YEAR]) + "?status=late"
    part = read(sign_in("staff").get(path, headers={"HX-Request": "true"}))
    assert part.all("html") == part.all("form", "filters") == []
    whole = read(sign_in("staff").get(path))
    assert part.one(id="plan-table").text == whole.one(id="plan-table").text


def test_an_empty_plan_says_what_to_do(sign_in: SignIn, plan: Plan) -> None:
    path = reverse("plan", args=[YEAR])
    table = read(sign_in("officer").get(path)).one(id="plan-table")
    assert table.one("p", "empty").one("a")["href"] == reverse("add_measure", args=[YEAR])
    table = read(sign_in("staff").get(path)).one(id="plan-table")
    assert "เจ้าหน้าที่ผู้รับผิดชอบ ITA เป็นผู้เพิ่ม" in table.one("p", "empty").text
    assert table.all("a") == []


def test_filters_that_leave_nothing_say_so(sign_in: SignIn, measures: dict[str, Measure]) -> None:
    table = read(sign_in("staff").get(reverse("plan", args=[YEAR]) + "?text=ไม่มี")).one(id="plan-table")
    assert "ไม่มีมาตรการที่ตรงกับตัวกรองนี้" in table.one("p", "empty").text
    assert table.one("p", "empty").one("a")["href"] == reverse("plan", args=[YEAR])


def test_a_closed_plan_says_so_and_offers_no_change(
    sign_in: SignIn, measures: dict[str, Measure], plan: Plan
) -> None:
    plan.closed_at = timezone.now()
    plan.save()
    page = read(sign_in("officer").get(reverse("plan", args=[YEAR])))
    assert page.one("p", "note").text == "แผนของปีนี้ปิดแล้ว จึงดูได้อย่างเดียว"
    assert page.one("main").all("a", href=reverse("edit_plan", args=[YEAR])) == []
    assert not any(element.get("id").startswith("report-") for element in page.walk())


def test_the_plan_of_another_year_is_another_list(
    sign_in: SignIn, measures: dict[str, Measure], plan: Plan
) -> None:
    make_measure(open_year(plan.agency, YEAR + 1), "ปีหน้า")
    page = read(sign_in("staff").get(reverse("plan", args=[YEAR + 1])))
    assert [cell.one("a").text for cell in page.all("td", "list-title")] == ["ปีหน้า"]


def test_the_search_looks_at_the_steps_of_the_plan_alone(plan: Plan, measures: dict[str, Measure]) -> None:
    other = open_year(make_agency("another"), YEAR)
    for place in range(1, 40):
        make_measure(other, f"คู่มือ {place}", position=place, steps=5)
    filters = MeasureFilter({"text": "คู่มือ"}, plan=plan)
    found = filters.apply(Measure.objects.filter(plan=plan))
    assert [measure.title for measure in found] == ["new"]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Of a small table every plan is a scan, unless it is told what a large one would cost.
            cursor.execute("SET LOCAL enable_seqscan = off")
    # Whatever a planner makes of it, the steps are asked for by their measure, and that is of the plan.
    assert re.search(r'U0\."measure_id" = \(?"measures_measure"\."id"', str(found.query))
    told = found.explain()
    assert "measures_step_measure_id" in told
    # SQLite says SCAN, PostgreSQL Seq Scan, where it goes through all rows.
    assert not re.search("(?:SCAN|Seq Scan on) (?:measures_step|u0)", told, re.IGNORECASE)
