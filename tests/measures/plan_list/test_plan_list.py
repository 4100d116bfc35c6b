"""The plan as a list: its filters are its address, alone and together, and wrong ones are ignored."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Division
from measures.models import Measure, Part, PartTick, Plan, Responsibility, Step
from reports.new_year.services import open_year
from tests.conftest import SignIn
from tests.support.factories import YEAR, make_measure
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
    titles = [cell.one("a").text for cell in page.all("th", "list-title") if cell.all("a")]
    said = page.one("p", "count").text
    assert said in (f"พบ {len(titles)} จาก 5 มาตรการ", "ทั้งหมด 5 มาตรการ")
    assert page.one(id="plan-pills").one("a", aria_current="true").one("strong").text == str(len(titles))
    return titles


ALL = ["done", "progress", "late", "new", "cancelled"]


def test_without_filters_everything_stands_in_report_order(
    sign_in: SignIn, measures: dict[str, Measure]
) -> None:
    assert listed(sign_in("executive")) == ALL


FILTERED: list[tuple[dict[str, Any], list[str]]] = [
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
]


def test_a_filter_in_the_address(sign_in: SignIn, measures: dict[str, Measure]) -> None:
    staff = sign_in("staff")
    for query, titles in FILTERED:
        assert listed(staff, **query) == titles, query


def test_a_division_is_a_filter_alone_and_with_others(
    sign_in: SignIn, measures: dict[str, Measure], second: Division
) -> None:
    client = sign_in("officer")
    assert listed(client, division=second.pk) == ["late", "new"]
    assert listed(client, division=second.pk, status="late") == ["late"]
    assert listed(client, division=second.pk, indicator=3) == ["new"]


WRONG_ADDRESSES: list[dict[str, str]] = [
    {"status": "nonsense"},
    {"status": "done;drop"},
    {"indicator": "abc"},
    {"indicator": "99"},
    {"indicator": "๒"},
    {"indicator": "9" * 5000},
    {"division": "-1"},
    {"division": "0"},
    {"division": "9" * 30},
    {"text": "ก" * 101},
    {"text": "\x00"},
    {"text": "\u200b"},
    {"text": "  "},
    {"unknown": "x"},
]


def test_what_the_address_says_wrongly_is_ignored(sign_in: SignIn, measures: dict[str, Measure]) -> None:
    staff = sign_in("staff")
    for query in WRONG_ADDRESSES:
        assert listed(staff, **query) == ALL, query


def test_a_wrong_filter_does_not_take_the_others_along(sign_in: SignIn, measures: dict[str, Measure]) -> None:
    assert listed(sign_in("staff"), status="nonsense", indicator=2) == ["late"]


def test_under_a_division_the_steps_are_those_that_it_has_ticked(
    sign_in: SignIn, plan: Plan, second: Division, measures: dict[str, Measure]
) -> None:
    measure = measures["new"]
    Measure.objects.filter(pk=measure.pk).update(by_division=True)
    own = Part.objects.create(measure=measure, division=second)
    PartTick.objects.create(part=own, step=measure.steps.all()[0], done_on=date(2023, 1, 5))

    def steps(**query: Any) -> str:
        page = read(sign_in("officer").get(f"{reverse('plan', args=[YEAR])}?{urlencode(query)}"))
        return page.one(id=f"measure-{measure.pk}").one("td", "list-steps").text

    total = measure.steps.count()
    assert steps() == f"0/{total}"
    assert steps(division=second.pk) == f"1/{total}"


def test_a_division_of_another_agency_is_no_filter(sign_in: SignIn, measures: dict[str, Measure]) -> None:
    theirs = Division.objects.exclude(agency__slug="here")[0]
    assert listed(sign_in("staff"), division=theirs.pk) == ALL


def test_the_form_shows_the_filters_in_force(sign_in: SignIn, measures: dict[str, Measure]) -> None:
    page = read(sign_in("staff").get(reverse("plan", args=[YEAR]) + "?status=late&indicator=2&text=la"))
    form = page.one("form", id="filters")
    assert form["method"] == "get"
    assert form.form_data() == {"status": "late", "indicator": "2", "division": "", "text": "la"}


def test_the_choices_are_the_plan_s_own(sign_in: SignIn, measures: dict[str, Measure], plan: Plan) -> None:
    form = read(sign_in("staff").get(reverse("plan", args=[YEAR]))).one("form", id="filters")
    assert [option.value for option in form.one(id="id_indicator").all("option")] == ["", "1", "2", "3"]
    assert [option.text for option in form.one(id="id_division").all("option")] == [
        "ทุกส่วนราชการ",
        "กองที่ 1",
        "กองที่ 2",
    ]


def test_an_indicator_of_which_the_plan_has_no_measure_leaves_nothing(
    sign_in: SignIn, measures: dict[str, Measure]
) -> None:
    """As a filter from another year may: all measures would be an answer to another question."""
    assert listed(sign_in("staff"), indicator=9) == []


def pills(page: Element) -> dict[str, tuple[str, str]]:
    """The filters by status: number and address by the word."""
    return {
        link.text.rsplit(" ", 2)[0]: (link.one("strong").text, link["href"])
        for link in page.one(id="plan-pills").all("a")
    }


def test_each_number_is_a_filter_and_keeps_the_others(sign_in: SignIn, measures: dict[str, Measure]) -> None:
    client, path = sign_in("staff"), reverse("plan", args=[YEAR])
    assert pills(read(client.get(path))) == {
        "ทั้งหมด": ("5", path),
        "ล่าช้า": ("1", f"{path}?status=late"),
        "กำลังดำเนินการ": ("2", f"{path}?status=in_progress"),
        "ยังไม่เริ่ม": ("1", f"{path}?status=not_started"),
        "แล้วเสร็จ": ("1", f"{path}?status=done"),
        "ยกเลิก": ("1", f"{path}?status=cancelled"),
        "ยังไม่มีหลักฐาน": ("3", f"{path}?status=unproved"),
    }
    # What would leave nothing is not offered, and what is in force always is.
    assert pills(read(client.get(f"{path}?status=outstanding&indicator=1"))) == {
        "ทั้งหมด": ("2", f"{path}?indicator=1"),
        "ยังไม่แล้วเสร็จ": ("1", f"{path}?status=outstanding&indicator=1"),
        "กำลังดำเนินการ": ("1", f"{path}?status=in_progress&indicator=1"),
        "แล้วเสร็จ": ("1", f"{path}?status=done&indicator=1"),
        "ยังไม่มีหลักฐาน": ("2", f"{path}?status=unproved&indicator=1"),
    }
    assert pills(read(client.get(f"{path}?status=late&indicator=1")))["ล่าช้า"][0] == "0"


def test_it_says_where_the_words_were_found(sign_in: SignIn, measures: dict[str, Measure]) -> None:
    page = read(sign_in("staff").get(reverse("plan", args=[YEAR]) + "?text=คู่ มือ"))
    found = page.one("p", "found")
    assert found.text == "ขั้นตอน: จัดทำคู่มือ 100% เล่มแรก และอีก 1 แห่ง"
    assert found.one("mark").text == "คู่มือ"
    page = read(sign_in("staff").get(reverse("plan", args=[YEAR]) + "?text=PROG"))
    assert page.one("th", "list-title", scope="row").one("mark").text == "prog"


def test_what_was_found_is_text_and_no_markup(sign_in: SignIn, plan: Plan) -> None:
    make_measure(plan, "<b>หนา</b>", result="<script>หนา</script>")
    page = read(sign_in("staff").get(reverse("plan", args=[YEAR]) + "?text=หนา"))
    title = page.one("th", "list-title", scope="row")
    assert title.one("a").text == "<b>หนา</b>"
    assert title.one("p", "found").text == "ผลการดำเนินงาน: <script>หนา</script>"


def test_filters_can_be_cleared(sign_in: SignIn, measures: dict[str, Measure]) -> None:
    client, path = sign_in("staff"), reverse("plan", args=[YEAR])
    filtered = read(client.get(f"{path}?status=done"))
    assert filtered.one("a", "clear")["href"] == path
    assert read(client.get(path)).all("a", "clear") == []
    # The overseer stays with the agency.
    overseer = read(sign_in("overseer").get(f"{path}?agency=here&status=done"))
    assert overseer.one("a", "clear")["href"] == f"{path}?agency=here"
    assert overseer.one("form", id="filters").form_data()["agency"] == "here"


def test_each_indicator_has_one_heading(sign_in: SignIn, measures: dict[str, Measure]) -> None:
    page = read(sign_in("staff").get(reverse("plan", args=[YEAR])))
    assert [head.text for head in page.all("th", scope="rowgroup")] == [
        "ตัวชี้วัดที่ 1 ตัวชี้วัดเรื่องที่ 1",
        "ตัวชี้วัดที่ 2 ตัวชี้วัดเรื่องที่ 2",
        "ตัวชี้วัดที่ 3 ตัวชี้วัดเรื่องที่ 3",
    ]


def row(page: Element, measure: Measure) -> list[str]:
    line = page.one("tbody", id=f"measure-{measure.pk}")
    return [cell.text for cell in line.all("th") + line.all("td")]


def test_a_row_says_who_until_when_and_how_far(sign_in: SignIn, measures: dict[str, Measure]) -> None:
    measures["new"].steps.filter(position=1).update(done_on=date(2023, 1, 1))
    page = read(sign_in("executive").get(reverse("plan", args=[YEAR])))
    title, tick, parties, due, steps, status, report = row(page, measures["new"])
    assert (title, tick, report) == ("new", "", "")
    assert parties == "กองที่ 1 กองที่ 2"
    # On a page with Arabic digits, however the plan has them.
    assert due == "ตลอดปีงบประมาณ พ.ศ. 2566"
    assert steps == "1/4"
    assert status == "ยังไม่เริ่ม"
    _, _, _, due, _, status, _ = row(page, measures["late"])
    assert due.endswith("31 ม.ค. 2566")
    assert status == "ล่าช้า 1 วัน กำลังดำเนินการ"


def test_a_day_that_is_near_says_how_near(sign_in: SignIn, measures: dict[str, Measure]) -> None:
    Measure.objects.filter(pk=measures["progress"].pk).update(due_on=date(2023, 2, 11))
    page = read(sign_in("executive").get(reverse("plan", args=[YEAR])))
    assert row(page, measures["progress"])[3].endswith("11 ก.พ. 2566 อีก 10 วัน")
    # Done is done.
    assert row(page, measures["done"])[3].endswith("1 ธ.ค. 2565")


def test_an_agency_with_thai_digits_has_no_others(
    sign_in: SignIn, measures: dict[str, Measure], plan: Plan
) -> None:
    plan.agency.thai_digits = True
    plan.agency.save()
    page = read(sign_in("executive").get(reverse("plan", args=[YEAR])))
    _, _, _, due, steps, status, _ = row(page, measures["late"])
    assert (due, steps, status) == (
        "๓๑ ม.ค. ๒๕๖๖",
        "๐/๒",
        "ล่าช้า ๑ วัน กำลังดำเนินการ",
    )


def test_of_many_divisions_the_first_are_seen_and_all_are_read(
    sign_in: SignIn, measures: dict[str, Measure], plan: Plan
) -> None:
    names = ["กองการศึกษา ศาสนา และวัฒนธรรม", "กองสาธารณสุข", "สำนักปลัด"]
    for place, name in enumerate(names, 1):
        division = Division.objects.create(agency=plan.agency, name=name, position=place + 2)
        Responsibility.objects.create(measure=measures["done"], division=division, position=place + 1)
    page = read(sign_in("executive").get(reverse("plan", args=[YEAR])))
    cell = page.one("tbody", id=f"measure-{measures['done'].pk}").one("td", "list-parties")
    hidden = cell.one("span", "chip-more")
    assert (hidden.text, hidden["aria-hidden"]) == ("+3", "true")
    assert hidden["title"] == ", ".join(names)
    read_aloud = [chip.text for chip in cell.all("span", "chip") if not chip.get("aria-hidden")]
    assert read_aloud == ["กองที่ 1", *names]


def test_who_may_report_on_a_measure_can_from_the_list(sign_in: SignIn, measures: dict[str, Measure]) -> None:
    def reportable(role: str) -> set[str]:
        page = read(sign_in(role).get(reverse("plan", args=[YEAR]) + "?agency=here"))
        return {title for title, m in measures.items() if page.all("a", id=f"report-{m.pk}")}

    assert reportable("officer") == set(ALL)
    assert reportable("staff") == {"done", "progress", "new", "cancelled"}
    assert reportable("other_staff") == {"late", "new"}
    assert reportable("executive") == reportable("overseer") == set()


def test_htmx_gets_the_table_and_what_filters_change_around_it(
    sign_in: SignIn, measures: dict[str, Measure]
) -> None:
    path = reverse("plan", args=[YEAR]) + "?status=late"
    part = read(sign_in("staff").get(path, headers={"HX-Request": "true"}))
    assert part.all("html") == part.all("form", id="filters") == part.all("form", id="change-many") == []
    whole = read(sign_in("staff").get(path))
    for name in ("plan-table", "plan-pills", "plan-count", "plan-kept"):
        assert part.one(id=name).text == whole.one(id=name).text
        assert part.one(id=name).get("hx-swap-oob") == {"plan-table": "", "plan-count": "innerHTML"}.get(
            name, "true"
        )


def test_an_empty_plan_says_how_to_begin(sign_in: SignIn, plan: Plan) -> None:
    path = reverse("plan", args=[YEAR])
    empty = read(sign_in("officer").get(path)).one("div", "empty")
    assert [link["href"] for link in empty.all("a")] == [
        f"{reverse('import_plan')}?year={YEAR}",
        reverse("add_measure", args=[YEAR]),
    ]
    # There is nothing yet to copy from.
    assert empty.all("form") == []
    empty = read(sign_in("staff").get(path)).one("div", "empty")
    assert "เจ้าหน้าที่ผู้รับผิดชอบ ITA" in empty.text
    assert empty.all("a") == []


def test_an_empty_plan_can_be_copied_from_the_year_before(sign_in: SignIn, plan: Plan) -> None:
    make_measure(open_year(plan.agency, YEAR - 1), "ปีก่อน", status="done")
    make_measure(open_year(plan.agency, YEAR - 3), "นานมาแล้ว")
    officer = sign_in("officer")
    form = read(officer.get(reverse("plan", args=[YEAR]))).one("div", "empty").one("form")
    assert form.one("button").text == "คัดลอกจากปี 2565"
    assert officer.post(form["action"], form.form_data())["Location"] == reverse("edit_plan", args=[YEAR])
    assert [(m.title, m.status) for m in plan.measures.all()] == [("ปีก่อน", "not_started")]


def test_filters_that_leave_nothing_say_so(sign_in: SignIn, measures: dict[str, Measure]) -> None:
    table = read(sign_in("staff").get(reverse("plan", args=[YEAR]) + "?text=ไม่มี")).one(id="plan-table")
    assert table.one("h2").text == "ไม่พบมาตรการที่ตรงกับตัวกรอง"
    assert table.one("a")["href"] == reverse("plan", args=[YEAR])


def test_a_closed_plan_says_so_and_offers_no_change(
    sign_in: SignIn, measures: dict[str, Measure], plan: Plan
) -> None:
    plan.closed_at = timezone.now()
    plan.save()
    page = read(sign_in("officer").get(reverse("plan", args=[YEAR])))
    assert "ปิดแล้วเมื่อ" in page.one(class_="closed-plan").text
    assert page.one("main").all("a", href=reverse("edit_plan", args=[YEAR])) == []
    assert not any(element.get("id").startswith("report-") for element in page.walk())


def test_the_plan_of_another_year_is_another_list(
    sign_in: SignIn, measures: dict[str, Measure], plan: Plan
) -> None:
    make_measure(open_year(plan.agency, YEAR + 1), "ปีหน้า")
    page = read(sign_in("staff").get(reverse("plan", args=[YEAR + 1])))
    assert [head.one("a").text for head in page.all("th", "list-title", scope="row")] == ["ปีหน้า"]


# The overseer is not asked about comments, which stay in the agency.
@pytest.mark.parametrize(("role", "more"), [("staff", 3), ("officer", 3), ("overseer", 2)])
def test_a_search_asks_few_queries_more_than_the_list(
    sign_in: SignIn, measures: dict[str, Measure], role: str, more: int
) -> None:
    client, path = sign_in(role), reverse("plan", args=[YEAR]) + "?agency=here"

    def queries(query: str = "") -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(path + query)
        return len(asked)

    queries()
    plain = queries()
    assert queries("&text=คู่มือ") == plain + more <= 15
    # A filter by anything else asks nothing more.
    assert queries("&status=late&indicator=2") == plain
