"""The overseer's list of agencies: every one with its counts, a page at a time."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Agency, Division
from measures.models import Plan
from reports.new_year.services import open_year
from tests.conftest import SignIn
from tests.support.factories import YEAR, make_agency, make_measure
from tests.support.html import Element, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]


def opened(sign_in: SignIn, **query: str) -> Element:
    response = sign_in("overseer").get(reverse("overview"), query)
    assert response.status_code == 200
    return read(response)


def names(page: Element) -> list[str]:
    return [cell.text for cell in page.all("td", "list-title")]


@pytest.fixture
def agencies(plan: Plan) -> list[Agency]:
    """Three agencies with a plan: here (no province), ก and ข; elsewhere has none."""
    made = []
    for slug, name, province in (("a", "อบต. ก", "ตรัง"), ("b", "อบต. ข", "กาฬสินธุ์")):
        agency = make_agency(slug)
        Agency.objects.filter(pk=agency.pk).update(name=name, province=province)
        agency.refresh_from_db()
        open_year(agency, YEAR)
        made.append(agency)
    return made


def test_agencies_stand_by_province_and_name_with_their_counts(
    sign_in: SignIn, agencies: list[Agency], plan: Plan
) -> None:
    make_measure(plan, status="done", due_on=date(2022, 12, 1), divisions=2, steps=3)
    make_measure(plan, position=2, due_on=date(2022, 12, 1), divisions=2, steps=3)
    make_measure(plan, position=3, status="cancelled", status_reason="x", due_on=date(2022, 12, 1))
    make_measure(plan, position=4, due_on=date(2023, 2, 1))
    page = opened(sign_in)
    rows = [[cell.text for cell in row.all("td")] for row in page.one("tbody").all("tr")]
    assert rows == [
        ["องค์การบริหารส่วนตำบล here", "–", "4", "1", "1"],
        ["อบต. ข", "กาฬสินธุ์", "0", "0", "0"],
        ["อบต. ก", "ตรัง", "0", "0", "0"],
    ]
    assert page.one("p", "count").text == "พบ 3 หน่วยงาน · อีก 1 หน่วยงานยังไม่มีแผนของปีนี้"


def test_a_row_leads_to_the_agency_s_dashboard(sign_in: SignIn, agencies: list[Agency]) -> None:
    link = opened(sign_in).all("td", "list-title")[1].one("a")
    page = read(sign_in("overseer").get(link["href"]))
    assert page.one("p", "bar-name").text == "อบต. ข"
    assert "2566" in page.one("h1").text


@pytest.mark.parametrize("text", ["ตรัง", "อบต. ก", " ตรัง "])
def test_agencies_are_found_by_name_and_province(sign_in: SignIn, agencies: list[Agency], text: str) -> None:
    assert names(opened(sign_in, text=text)) == ["อบต. ก"]


@pytest.mark.parametrize("text", ["ไม่มี", "100%", "_", "<b>"])
def test_a_search_without_a_find_says_so(sign_in: SignIn, agencies: list[Agency], text: str) -> None:
    page = opened(sign_in, text=text)
    assert names(page) == []
    assert page.one("p", "empty").text == "ไม่พบหน่วยงานที่มีแผนตามเงื่อนไขนี้"


def test_a_search_for_nothing_readable_finds_all(sign_in: SignIn, agencies: list[Agency]) -> None:
    assert len(names(opened(sign_in, text=" \x00"))) == 3


def test_the_year_is_chosen_and_the_newest_to_begin_with(
    sign_in: SignIn, agencies: list[Agency], plan: Plan
) -> None:
    open_year(plan.agency, YEAR + 1)
    page = opened(sign_in)
    assert page.one("h1").text == "ทุกหน่วยงาน ปีงบประมาณ พ.ศ. 2567"
    assert names(page) == ["องค์การบริหารส่วนตำบล here"]
    assert [option.value for option in page.one(id="overview-year").all("option")] == ["2567", "2566"]
    assert len(names(opened(sign_in, year="2566"))) == 3
    assert names(opened(sign_in, year="2500")) == []


@pytest.mark.parametrize("year", ["abc", "-1", "99999", "9" * 5000])
def test_what_is_no_year_is_ignored(sign_in: SignIn, agencies: list[Agency], year: str) -> None:
    assert len(names(opened(sign_in, year=year))) == 3


def test_fifty_agencies_are_a_page(sign_in: SignIn, plan: Plan) -> None:
    made = Agency.objects.bulk_create(
        Agency(name=f"อบต. {n:03}", short_name=f"{n}", slug=f"s{n}", province="ตรัง") for n in range(120)
    )
    Division.objects.bulk_create(Division(agency=agency, name="กอง") for agency in made)
    Plan.objects.bulk_create(Plan(agency=agency, fiscal_year=YEAR) for agency in made)
    seen: list[str] = []
    address = "?text=ตรัง"
    for number in (1, 2, 3):
        response = sign_in("overseer").get(reverse("overview") + address)
        page = read(response)
        seen += names(page)
        pager = page.one("nav", "pager")
        assert pager.one("span").text == f"หน้า {number} จาก 3"
        following = [link["href"] for link in pager.all("a") if link.text == "ถัดไป"]
        assert len(following) == (number < 3)
        assert len([link for link in pager.all("a") if link.text == "ก่อนหน้า"]) == (number > 1)
        address = following[0] if following else ""
    assert seen == [f"อบต. {n:03}" for n in range(120)]


@pytest.mark.parametrize("number", ["0", "-1", "99", "abc", "9" * 30])
def test_a_page_that_does_not_exist_is_another_one(
    sign_in: SignIn, agencies: list[Agency], number: str
) -> None:
    assert len(names(opened(sign_in, page=number))) == 3


def test_before_there_is_any_plan_the_page_says_so(sign_in: SignIn, agency: Agency) -> None:
    page = opened(sign_in)
    assert page.one("h1").text == "ทุกหน่วยงาน"
    assert page.one("p", "empty").text == "ไม่พบหน่วยงานที่มีแผนตามเงื่อนไขนี้"
