"""What becomes public is seen before: places that look like personal data, and obstacles that stay."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agency, User
from measures.models import Measure, Plan
from measures.status import Status
from reports.models import Edition, Publication, Round
from reports.renderers import FORMATS
from reports.rounds.selectors import document_of
from reports.rounds.services import approve, submit
from tests.conftest import SignIn
from tests.support.factories import YEAR, make_evidence_file, make_measure
from tests.support.html import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february", "nothing_written")]

PAGE = f"/reports/{YEAR}/6/"
PHONE = "081-234-5678"
STAYS = "งบประมาณไม่พอ"


@pytest.fixture
def told(plan: Plan) -> Measure:
    """A finished measure whose result names somebody's telephone number."""
    return make_measure(
        plan, "จัดอบรม", status=Status.DONE, result=f"ประสานคุณดำ โทร {PHONE} แล้ว", obstacle=STAYS
    )


def the_round(plan: Plan) -> Round:
    return plan.rounds.get(months=6)


def approved(plan: Plan, people: dict[str, User]) -> Edition:
    submission = submit(the_round(plan), people["officer"])
    return approve(submission, people["executive"], "https://ita.example.go.th/")


def places(client: Client) -> list[str]:
    return [item.text for item in read(client.get(PAGE)).one("section", id="personal-data").all("li")]


def test_before_submitting_the_officer_is_shown_each_place_with_a_link(
    told: Measure, sign_in: SignIn
) -> None:
    officer = sign_in("officer")
    (place,) = places(officer)
    assert PHONE in place
    assert "หมายเลขโทรศัพท์" in place
    assert "ผลการดำเนินงาน" in place
    link = read(officer.get(PAGE)).one("section", id="personal-data").one("a")
    assert link["href"] == reverse("measure", args=[told.pk])


def test_the_approver_is_shown_it_and_staff_are_not(
    told: Measure, plan: Plan, people: dict[str, User], sign_in: SignIn
) -> None:
    submit(the_round(plan), people["officer"])
    assert PHONE in places(sign_in("executive"))[0]
    assert "personal-data" not in sign_in("staff").get(PAGE).content.decode()


def test_an_edition_with_such_a_place_is_published_only_by_who_says_to_have_looked(
    told: Measure, plan: Plan, people: dict[str, User], sign_in: SignIn
) -> None:
    edition = approved(plan, people)
    officer = sign_in("officer")
    assert PHONE in places(officer)[0]
    refused = officer.post(reverse("publish_round", args=[YEAR, 6]))
    assert refused.status_code == 422
    assert "ข้อมูลส่วนบุคคล" in read(refused).all(role="alert")[0].text
    assert not Publication.objects.exists()
    box = read(refused).one("input", name="checked")
    done = officer.post(reverse("publish_round", args=[YEAR, 6]), {"checked": box["value"]})
    assert done.status_code == 302
    assert Publication.objects.get().edition == edition
    assert "personal-data" not in officer.get(PAGE).content.decode()


def test_the_name_of_a_file_that_becomes_public_is_looked_at_too(plan: Plan, sign_in: SignIn) -> None:
    clean = make_measure(plan, "จัดอบรม", status=Status.DONE, result="เสร็จ")
    make_evidence_file(clean, public=False)
    proof = make_evidence_file(clean, public=True)
    type(proof).objects.filter(measure=clean).update(file_name="บัตร 3-1007-01234-56-7.pdf")
    # One that stays at the agency is left out.
    (place,) = places(sign_in("officer"))
    assert "ชื่อไฟล์ของหลักฐานลำดับที่" in place
    page = read(sign_in("officer").get(PAGE))
    assert "ไม่ได้ตรวจเนื้อหาในไฟล์หลักฐาน" in page.one("section", id="personal-data").text


def test_without_such_a_place_nothing_more_is_asked(
    measure: Measure, plan: Plan, people: dict[str, User], sign_in: SignIn
) -> None:
    Measure.objects.update(status=Status.DONE, result="จัดประชุมแล้ว")
    officer = sign_in("officer")
    assert "ไม่พบ" in read(officer.get(PAGE)).one(id="personal-data").text
    approved(plan, people)
    assert read(officer.get(PAGE)).all("input", name="checked") == []
    assert officer.post(reverse("publish_round", args=[YEAR, 6])).status_code == 302
    assert Publication.objects.exists()


def test_obstacles_leave_the_agency_only_where_it_has_chosen_so(
    told: Measure, plan: Plan, agency: Agency, people: dict[str, User], sign_in: SignIn
) -> None:
    Agency.objects.update(publishes_obstacles=False)
    plan.refresh_from_db()
    officer = sign_in("officer")
    assert STAYS in officer.get(PAGE).content.decode()
    assert STAYS not in officer.get(PAGE, {"public": 1}).content.decode()
    submission = submit(the_round(plan), people["officer"])
    # The choice is frozen with what was submitted.
    Agency.objects.update(publishes_obstacles=True)
    assert STAYS in next(document_of(submission).measures).obstacle
    edition = approve(submission, people["executive"], "https://ita.example.go.th/")
    document = document_of(edition)
    assert [row.obstacle for row in document.measures] == [""]
    for name in ("csv", "json"):
        assert STAYS.encode() not in FORMATS[name].render(document).content
    officer.post(reverse("publish_round", args=[YEAR, 6]), {"checked": "1"})
    assert STAYS not in Client().get(f"/public/here/{YEAR}/6/").content.decode()


def test_where_obstacles_are_public_they_are_in_the_edition(
    told: Measure, plan: Plan, people: dict[str, User]
) -> None:
    assert [row.obstacle for row in document_of(approved(plan, people)).measures] == [STAYS]
