"""A closed plan says so wherever something is missing because of it, and how it is opened again."""

from typing import Final

import pytest
from django.urls import reverse
from django.utils import timezone

from measures.models import Measure, Plan
from reports.new_year.services import open_year
from tests.conftest import SignIn
from tests.support.factories import YEAR, make_edition, make_measure
from tests.support.html import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]

SAID: Final = "แผนปีงบประมาณ พ.ศ. 2566 ปิดแล้วเมื่อ 1 ก.พ. 2566"
TO_OPEN: Final = f"/reports/{YEAR}/12/?correct=1#correct"


@pytest.fixture
def closed(plan: Plan, measure: Measure) -> Plan:
    make_edition(plan.rounds.select_related("plan__agency").get(months=12))
    plan.closed_at = timezone.now()
    plan.save()
    return plan


def pages(measure: Measure) -> dict[str, str]:
    return {
        "plan": reverse("plan", args=[YEAR]),
        "measure": reverse("measure", args=[measure.pk]),
        "round": reverse("report", args=[YEAR, 12]),
        "the other round": reverse("report", args=[YEAR, 6]),
        "edit": reverse("edit_plan", args=[YEAR]),
        "another year": f"{reverse('import_plan')}?year={YEAR}",
        "work": f"{reverse('work')}?year={YEAR}",
    }


@pytest.mark.parametrize("name", ["plan", "measure", "round", "the other round", "edit"])
def test_the_officer_is_told_with_a_way_to_open_it(
    sign_in: SignIn, closed: Plan, measure: Measure, name: str
) -> None:
    answer = sign_in("officer").get(pages(measure)[name])
    assert answer.status_code == 200
    notice = read(answer).one(class_="closed-plan")
    assert SAID in notice.text
    assert [link["href"] for link in notice.all("a")] == [TO_OPEN]


@pytest.mark.parametrize("role", ["staff", "executive"])
@pytest.mark.parametrize("name", ["plan", "measure", "round"])
def test_everybody_else_is_told_who_opens_it(
    sign_in: SignIn, closed: Plan, measure: Measure, name: str, role: str
) -> None:
    notice = read(sign_in(role).get(pages(measure)[name])).one(class_="closed-plan")
    assert SAID in notice.text
    assert "โปรดแจ้งเจ้าหน้าที่ผู้รับผิดชอบ ITA" in notice.text
    assert TO_OPEN not in str([link["href"] for link in notice.all("a")])


def test_the_way_leads_to_the_form_that_opens_it(sign_in: SignIn, closed: Plan) -> None:
    officer = sign_in("officer")
    form = read(officer.get(TO_OPEN)).one("details", id="correct")
    assert "open" in form.attributes
    reason = {"reason": "ตัวเลขผิด"}
    assert officer.post(reverse("reopen_round", args=[YEAR, 12]), reason).status_code == 302
    assert not Plan.objects.get(pk=closed.pk).is_closed


def test_work_asks_for_nothing_in_a_closed_year(sign_in: SignIn, closed: Plan, measure: Measure) -> None:
    page = read(sign_in("staff").get(pages(measure)["work"]))
    assert SAID in page.one(class_="closed-plan").text
    headings = [group.one("h2").text for group in page.all("section", "task-group")]
    assert headings == ["ไม่แล้วเสร็จเมื่อปิดแผน"]
    assert page.all("a", "primary") == []


def test_an_import_for_a_closed_year_says_why_it_offers_another(
    sign_in: SignIn, closed: Plan, measure: Measure
) -> None:
    officer = sign_in("officer")
    # Nothing is open: what can be done is to open a year, or this one again.
    answer = officer.get(pages(measure)["another year"], follow=True)
    assert answer.redirect_chain[-1][0] == reverse("no_plan")
    assert SAID in read(answer).one(class_="closed-plan").text
    open_year(closed.agency, YEAR + 1)
    answer = officer.get(pages(measure)["another year"])
    assert SAID in read(answer).one(class_="closed-plan").text
    assert "ปิดแล้วเมื่อ" not in officer.get(reverse("import_plan")).content.decode()


def test_an_open_plan_says_nothing_of_it(sign_in: SignIn, plan: Plan) -> None:
    measure = make_measure(plan, "เปิดอยู่")
    for path in pages(measure).values():
        role = "staff" if "/work/" in path else "officer"
        assert "closed-plan" not in sign_in(role).get(path).content.decode(), path
