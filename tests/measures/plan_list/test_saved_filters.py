"""Filters that a person keeps: found again as a pill, one's own, and few enough to be seen at once."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from measures.models import Plan, SavedFilter
from tests.conftest import SignIn
from tests.support.factories import YEAR, make_measure
from tests.support.html import Element, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]

PLAN = reverse("plan", args=[YEAR])
KEEP = reverse("keep_filter", args=[YEAR])


@pytest.fixture(autouse=True)
def measures(plan: Plan) -> None:
    make_measure(plan, "หนึ่ง", status="in_progress", divisions=2)
    make_measure(plan, "สอง", indicator=2)


def keep(client: Client, name: str, query: str = "", **filters: Any) -> Any:
    return client.post(KEEP + query, {"save-name": name, **filters})


def kept(client: Client, query: str = "") -> dict[str, str]:
    """The pills of what the person keeps: address by name."""
    page = read(client.get(PLAN + query))
    return {link.text: link["href"] for pills in page.all("nav", "saved") for link in pills.all("a")}


def offers(client: Client, query: str) -> list[str]:
    """What the page offers to do with the filters in force."""
    page: Element = read(client.get(PLAN + query)).one(id="plan-kept")
    return [summary.text for summary in page.all("summary")]


def test_a_filter_is_kept_and_found_again(sign_in: SignIn, plan: Plan) -> None:
    officer = sign_in("officer")
    division = plan.agency.divisions.get(position=2)
    answer = keep(officer, " กอง ๒ ", status="in_progress", division=division.pk, text="หนึ่ง")
    address = (
        f"{PLAN}?status=in_progress&division={division.pk}&text=%E0%B8%AB%E0%B8%99%E0%B8%B6%E0%B9%88%E0%B8%87"
    )
    assert answer["Location"] == address
    assert kept(officer) == {"กอง ๒": address}
    page = read(officer.get(address))
    assert page.one("nav", "saved").one("a", aria_current="true").text == "กอง ๒"
    assert page.one("p", "count").text == "พบ 1 จาก 2 มาตรการ"


def test_it_is_for_every_year_of_the_agency_and_for_nobody_else(
    sign_in: SignIn, people: dict[str, User], plan: Plan
) -> None:
    keep(sign_in("staff"), "ของฉัน", status="in_progress")
    assert list(kept(sign_in("staff"))) == ["ของฉัน"]
    assert kept(sign_in("officer")) == {}
    # The overseer keeps some for each agency, and stays with it.
    overseer = sign_in("overseer")
    answer = keep(overseer, "ดู", "?agency=here", status="not_started")
    assert answer["Location"] == f"{PLAN}?status=not_started&agency=here"
    assert list(kept(overseer, "?agency=here").values()) == [f"{PLAN}?status=not_started&agency=here"]
    here, elsewhere = plan.agency, people["stranger"].agency
    mine = people["overseer"].saved_filters
    assert (mine.filter(agency=here).count(), mine.filter(agency=elsewhere).count()) == (1, 0)


def test_keeping_is_offered_for_a_new_filter_and_removing_for_a_kept_one(sign_in: SignIn) -> None:
    officer = sign_in("officer")
    assert offers(officer, "") == []
    assert offers(officer, "?status=in_progress") == ["บันทึกตัวกรองนี้"]
    keep(officer, "ทำอยู่", status="in_progress")
    assert offers(officer, "?status=in_progress") == ["ลบตัวกรองนี้"]
    assert offers(officer, "?status=in_progress&indicator=1") == ["บันทึกตัวกรองนี้"]


def test_a_kept_filter_is_removed_by_its_person_alone(sign_in: SignIn) -> None:
    officer = sign_in("officer")
    keep(officer, "ทำอยู่", status="in_progress")
    form = read(officer.get(f"{PLAN}?status=in_progress")).one("form", "menu-form")
    assert "ทำอยู่" in form.one("p").text
    for other in ("staff", "executive", "stranger"):
        assert sign_in(other).post(form["action"]).status_code == 404
    assert SavedFilter.objects.count() == 1
    assert officer.post(form["action"])["Location"] == f"{PLAN}?status=in_progress"
    assert kept(officer) == {}


@pytest.mark.parametrize(
    ("name", "filters", "said"),
    [
        ("", {"status": "late"}, "กรุณากรอกชื่อตัวกรอง"),
        ("ก" * 41, {"status": "late"}, "ยาวเกินไป"),
        ("ก\x07", {"status": "late"}, "อักขระควบคุม"),
        ("ชื่อเดิม", {"status": "late"}, "คุณมีตัวกรองชื่อนี้แล้ว"),
        ("ไม่มีตัวกรอง", {}, "กรุณาเลือกตัวกรองก่อน"),
        ("ตัวกรองผิด", {"status": "x", "division": "0", "indicator": "11"}, "กรุณาเลือกตัวกรองก่อน"),
    ],
)
def test_what_is_wrong_is_said_and_stays_as_typed(
    sign_in: SignIn, name: str, filters: dict[str, str], said: str
) -> None:
    officer = sign_in("officer")
    keep(officer, "ชื่อเดิม", status="in_progress")
    answer = keep(officer, name, **filters)
    assert answer.status_code == 422
    page = read(answer)
    assert said in page.one("div", "errors").text
    assert page.one("div", "errors").one("a")["href"] == "#id_save-name"
    field = page.one("input", id="id_save-name")
    assert field.value == name
    assert any(around.tag == "details" and "open" in around.attributes for around in field.ancestors())
    assert page.one("p", "count").text.startswith("พบ 0" if filters.get("status") == "late" else "ทั้งหมด")
    assert SavedFilter.objects.count() == 1


def test_there_is_an_end_to_how_many(sign_in: SignIn) -> None:
    officer = sign_in("officer")
    for number in range(SavedFilter.MAX):
        assert keep(officer, f"ชื่อ {number}", status="late").status_code == 302
    assert "ไม่เกิน 12 รายการ" in read(keep(officer, "อีก", status="late")).one("div", "errors").text
    # Each person has a number of their own.
    assert keep(sign_in("staff"), "อีก", status="late").status_code == 302


def test_with_its_division_goes_a_filter(sign_in: SignIn, plan: Plan) -> None:
    """Without it, it would show every division's measures under the name of one."""
    division = plan.agency.divisions.create(name="กองใหม่", position=9)
    keep(sign_in("officer"), "กองใหม่", division=division.pk)
    division.delete()
    assert kept(sign_in("officer")) == {}
