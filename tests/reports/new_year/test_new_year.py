"""The officer opens a fiscal year: once each, in Thai or Arabic digits, with both rounds."""

import pytest
from django.urls import reverse

from accounts.models import User
from measures.models import Plan
from reports.new_year.services import open_year
from tests.conftest import SignIn
from tests.support.factories import YEAR, make_measure
from tests.support.html import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]


@pytest.mark.parametrize("typed", ["2567", "๒๕๖๗", " 2567 "])
def test_a_year_is_opened_with_both_rounds(sign_in: SignIn, plan: Plan, typed: str) -> None:
    response = sign_in("officer").post(reverse("no_plan"), {"year": typed})
    assert (response.status_code, response["Location"]) == (302, reverse("edit_plan", args=[2567]))
    opened = Plan.objects.get(agency=plan.agency, fiscal_year=2567)
    assert list(opened.rounds.order_by("months").values_list("months", "state")) == [
        (6, "open"),
        (12, "open"),
    ]
    page = read(sign_in("officer").post(reverse("no_plan"), {"year": "2568"}, follow=True))
    assert page.one(role="status", class_="said").text == "เปิดแผนปีงบประมาณ พ.ศ. 2568 แล้ว เริ่มเพิ่มมาตรการได้เลย"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "กรุณากรอกปีงบประมาณ พ.ศ."),
        ("2023", "กรุณากรอกปี พ.ศ. สี่หลัก"),
        ("67", "กรุณากรอกปี พ.ศ. สี่หลัก"),
        ("2499", "กรุณากรอกปี พ.ศ. สี่หลัก"),
        ("2701", "กรุณากรอกปี พ.ศ. สี่หลัก"),
        ("ปีหน้า", "กรุณากรอกปี พ.ศ. สี่หลัก"),
        ("-2567", "กรุณากรอกปี พ.ศ. สี่หลัก"),
        ("2566", "มีแผนของปีงบประมาณ พ.ศ. 2566 อยู่แล้ว"),
        ("๒๕๖๖", "มีแผนของปีงบประมาณ พ.ศ. 2566 อยู่แล้ว"),
        ("25\x0066", "อักขระควบคุม"),
        ("9" * 5000, "ยาวเกินไป"),
    ],
)
def test_what_is_no_new_year_is_refused_at_the_field(
    sign_in: SignIn, plan: Plan, typed: str, said: str
) -> None:
    response = sign_in("officer").post(reverse("no_plan"), {"year": typed})
    assert response.status_code == 422
    page = read(response)
    assert said in page.one(id="id_year_error").text
    assert page.one(id="id_year").value == typed
    assert Plan.objects.count() == 1


def test_the_year_after_the_newest_is_suggested(sign_in: SignIn, plan: Plan) -> None:
    page = read(sign_in("officer").get(reverse("no_plan")))
    assert page.one(id="id_year").value == "2567"


def test_the_present_year_is_suggested_to_begin_with(sign_in: SignIn, people: dict[str, User]) -> None:
    assert read(sign_in("officer").get(reverse("no_plan"))).one(id="id_year").value == "2566"


def test_others_are_told_whom_to_ask(sign_in: SignIn, people: dict[str, User]) -> None:
    for role in ("staff", "executive", "overseer"):
        page = read(sign_in(role).get(reverse("no_plan") + "?agency=here"))
        assert page.one("h1").text == "ยังไม่มีแผน"
        assert page.one("main").all("form") == []
        response = sign_in(role).post(reverse("no_plan") + "?agency=here", {"year": "2570"})
        assert response.status_code == 403
    assert not Plan.objects.exists()


def test_opening_a_year_again_changes_nothing(plan: Plan) -> None:
    make_measure(plan)
    plan.rounds.filter(months=6).update(state="approved")
    assert open_year(plan.agency, YEAR) == plan
    assert plan.measures.count() == 1
    assert plan.rounds.get(months=6).state == "approved"
    assert plan.rounds.count() == 2
