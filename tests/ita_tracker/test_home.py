"""A signed-in person lands where their work is, and changes the year without leaving the room."""

import pytest
from django.urls import reverse

from accounts.models import User
from measures.models import Plan
from reports.new_year.services import open_year
from tests.conftest import SignIn
from tests.support.factories import YEAR
from tests.support.html import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]


@pytest.mark.parametrize(
    ("role", "landing"),
    [
        ("staff", "work"),
        ("officer", "dashboard"),
        ("executive", "dashboard"),
        ("overseer", "overview"),
        ("admin", "site_admin"),
    ],
)
def test_everyone_lands_where_their_work_is(sign_in: SignIn, plan: Plan, role: str, landing: str) -> None:
    client = sign_in(role)
    response = client.get(reverse("home"))
    assert response["Location"] == reverse(landing)
    assert client.get(response["Location"]).status_code == 200


@pytest.mark.parametrize("role", ["staff", "executive"])
def test_without_a_plan_everyone_ends_on_a_page_that_says_what_to_do(
    sign_in: SignIn, people: dict[str, User], role: str
) -> None:
    response = sign_in(role).get(reverse("home"), follow=True)
    assert response.redirect_chain[-1][0] == reverse("no_plan")
    assert read(response).one("h1").text == "ยังไม่มีแผน"


def test_without_a_plan_the_officer_is_led_through_setting_up(
    sign_in: SignIn, people: dict[str, User]
) -> None:
    response = sign_in("officer").get(reverse("home"), follow=True)
    assert response.redirect_chain[-1][0] == reverse("start_plan")


def test_plans_leads_to_the_newest_plan(sign_in: SignIn, plan: Plan) -> None:
    open_year(plan.agency, YEAR + 1)
    assert sign_in("staff").get(reverse("plans"))["Location"] == reverse("plan", args=[YEAR + 1])


def test_plans_without_a_plan_leads_to_what_can_be_done(sign_in: SignIn, people: dict[str, User]) -> None:
    assert sign_in("staff").get(reverse("plans"))["Location"] == reverse("no_plan")
    assert sign_in("staff").get(reverse("reports"))["Location"] == reverse("no_plan")
    assert sign_in("staff").get(reverse("work"))["Location"] == reverse("no_plan")


@pytest.mark.parametrize(
    ("room", "leads_to"),
    [
        ("plan", "/plans/2566/"),
        ("edit", "/plans/2566/edit/"),
        ("reports", "/reports/"),
        ("work", "/work/?year=2566"),
        ("dashboard", "/dashboard/?year=2566"),
        ("divisions", "/dashboard/?year=2566"),
        ("", "/dashboard/?year=2566"),
        ("//evil.example", "/dashboard/?year=2566"),
    ],
)
def test_another_year_is_shown_in_the_same_room(
    sign_in: SignIn, plan: Plan, room: str, leads_to: str
) -> None:
    response = sign_in("officer").get(reverse("year"), {"year": "2566", "room": room})
    assert (response.status_code, response["Location"]) == (302, leads_to)


def test_the_overseer_stays_with_the_agency(sign_in: SignIn, plan: Plan) -> None:
    for room, leads_to in (
        ("plan", "/plans/2566/?agency=here"),
        ("reports", "/reports/?agency=here"),
        ("dashboard", "/dashboard/?agency=here&year=2566"),
    ):
        response = sign_in("overseer").get(reverse("year"), {"year": "2566", "room": room, "agency": "here"})
        assert response["Location"] == leads_to
        assert sign_in("overseer").get(leads_to).status_code == 200


@pytest.mark.parametrize("year", ["", "abc", "25666", "9" * 5000, "-1"])
def test_what_is_no_year_leads_home(sign_in: SignIn, plan: Plan, year: str) -> None:
    response = sign_in("officer").get(reverse("year"), {"year": year, "room": "plan"})
    assert response["Location"] == reverse("home")


def test_the_bar_offers_every_year_and_stands_on_the_one_shown(sign_in: SignIn, plan: Plan) -> None:
    open_year(plan.agency, YEAR + 1)
    form = read(sign_in("officer").get(reverse("plan", args=[YEAR]))).one("form", "masthead-year")
    assert [option.value for option in form.all("option")] == ["2567", "2566"]
    assert form.form_data() == {"year": "2566", "room": "plan"}
    form = read(sign_in("overseer").get(reverse("plan", args=[YEAR]) + "?agency=here")).one(
        "form", "masthead-year"
    )
    assert form.form_data()["agency"] == "here"


@pytest.mark.parametrize(
    ("role", "rooms"),
    [
        ("staff", ["งานของเรา", "ภาพรวม", "มาตรการ", "รายงาน"]),
        ("officer", ["ภาพรวม", "มาตรการ", "รายงาน", "แก้ไขแผน"]),
        ("executive", ["ภาพรวม", "มาตรการ", "รายงาน"]),
    ],
)
def test_the_bar_leads_to_the_rooms_of_the_role(
    sign_in: SignIn, plan: Plan, role: str, rooms: list[str]
) -> None:
    client = sign_in(role)
    bar = read(client.get(reverse("plan", args=[YEAR]) + "?agency=here")).one("nav", "rooms")
    assert [link.text for link in bar.all("a")] == rooms
    assert bar.one("a", aria_current="page").text == "มาตรการ"
    for link in bar.all("a"):
        assert client.get(link["href"]).status_code == 200


def test_the_overseer_has_the_rooms_of_an_agency_on_its_pages_only(sign_in: SignIn, plan: Plan) -> None:
    client = sign_in("overseer")
    seen = {
        path: read(client.get(path))
        for path in (reverse("overview"), reverse("plan", args=[YEAR]) + "?agency=here")
    }
    for page in seen.values():
        assert [link.text for link in page.one("nav", "rooms").all("a")] == ["ทุกหน่วยงาน", "รายงานเผยแพร่"]
        assert len(page.all("form", "masthead-year")) == 1
    of_all, of_one = seen.values()
    assert not of_all.all("nav", "agency-rooms")
    links = of_one.one("nav", "agency-rooms").all("a")
    assert [link.text for link in links] == ["ภาพรวม", "มาตรการ", "รายงาน"]
    for link in links:
        assert client.get(link["href"]).status_code == 200


def test_the_reports_of_every_year_are_listed_newest_first(sign_in: SignIn, plan: Plan) -> None:
    open_year(plan.agency, YEAR + 1)
    page = read(sign_in("executive").get(reverse("reports")))
    years = [section.one("h2").text for section in page.all("section", "round-year")]
    assert years == ["ปีงบประมาณ พ.ศ. 2567", "ปีงบประมาณ พ.ศ. 2566"]
    rounds = [row.text for row in page.all("section", "round-year")[0].one("ul", "round-list").all("li")]
    assert len(rounds) == 2
    assert "รอบ 6 เดือน" in rounds[0]
    assert "1 ต.ค. 2566 – 31 มี.ค. 2567" in rounds[0]
    assert "ยังไม่ถึงรอบ" in rounds[0]
    assert "รอบ 12 เดือน" in rounds[1]


def test_a_plan_without_rounds_says_so(sign_in: SignIn, plan: Plan) -> None:
    plan.rounds.all().delete()
    page = read(sign_in("executive").get(reverse("reports")))
    assert page.one("div", "empty").text.startswith("ยังไม่มีรอบการรายงาน")
