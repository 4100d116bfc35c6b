"""Who acts as approver (รักษาราชการแทน) approves on those days, and the edition says in whose place."""

from datetime import date, datetime
from typing import Any, Final

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from time_machine import TimeMachineFixture

from accounts.access import can_change_email, can_reset_password, post_of_approver
from accounts.models import AccountEvent, ActingApprover, Agency, User
from accounts.people.acting import confirm_acting, end_acting, name_acting
from accounts.people.services import set_active
from core.locking import StaleEdit
from measures.models import Plan
from reports.access import can_approve_round
from reports.models import Round
from reports.rounds.questions import CONFIRMED
from reports.rounds.services import OwnSubmission, approve, submit
from tests.conftest import SignIn
from tests.support.factories import OFFICE, YEAR, make_measure
from tests.support.html import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february", "nothing_laid_out")]

TODAY: Final = date(2023, 2, 1)
ADDRESS: Final = "https://ita.example.go.th/"


@pytest.fixture
def round_(plan: Plan) -> Round:
    made = make_measure(plan, status="in_progress", result="ประกาศแล้ว")
    made.reported_at = datetime(2023, 2, 1, 10, tzinfo=OFFICE)
    made.save()
    return plan.rounds.select_related("plan__agency").get(months=6)


@pytest.fixture
def acting(agency: Agency, people: dict[str, User]) -> ActingApprover:
    """The staff of the first division, until 10 February."""
    return name_acting(agency, people["staff"], TODAY, date(2023, 2, 10), "12/2566", people["executive"])


def now(person: User) -> User:
    """As the next request reads the person."""
    read_again: User = User.objects.get(pk=person.pk)
    return read_again


def fill(client: Client, **typed: str) -> Any:
    path = reverse("acting")
    form = read(client.get(path)).one("main").one("form").form_data()
    return client.post(path, form | typed)


def test_an_executive_names_who_approves_meanwhile(sign_in: SignIn, people: dict[str, User]) -> None:
    executive = sign_in("executive")
    person = str(people["staff"].pk)
    response = fill(executive, person=person, ends_on="10/2/2566", order="12/2566")
    assert response["Location"] == reverse("people")
    acting = ActingApprover.objects.get()
    assert (acting.person, acting.starts_on, acting.ends_on) == (people["staff"], TODAY, date(2023, 2, 10))
    event = AccountEvent.objects.get()
    assert (event.kind, event.person) == ("acting_named", people["staff"])
    assert event.detail == "1 ก.พ. 2566 ถึง 10 ก.พ. 2566 คำสั่งเลขที่ 12/2566"
    assert list(event.waits_for.all()) == [people["staff"]]
    panel = read(executive.get(reverse("people"))).one("section", class_="people-acting").text
    assert "staff ตั้งแต่ 1 กุมภาพันธ์ 2566 ถึง 10 กุมภาพันธ์ 2566" in panel


def test_whom_an_officer_names_approves_once_an_executive_has_confirmed(
    sign_in: SignIn, people: dict[str, User], round_: Round
) -> None:
    fill(sign_in("officer"), person=str(people["staff"].pk), ends_on="10/2/2566", order="12/2566")
    event = AccountEvent.objects.get()
    assert (event.kind, list(event.waits_for.all())) == ("acting_proposed", [people["executive"]])
    assert not can_approve_round(now(people["staff"]), round_)
    executive = sign_in("executive")
    page = read(executive.get(reverse("people")))
    assert page.one("form", class_="news").text.startswith("เสนอผู้รักษาราชการแทน (รอการยืนยัน) staff")
    path = reverse("confirm_acting", args=[ActingApprover.objects.get().pk])
    assert path in [link["href"] for link in page.one("section", class_="people-acting").all("a")]
    assert read(executive.get(path)).one("button", class_="primary").text == "ยืนยันและออกรหัสผ่านใหม่"
    old = now(people["staff"]).password
    answer = executive.post(path)
    assert can_approve_round(now(people["staff"]), round_)
    # Whoever proposed them may have known the password.
    assert now(people["staff"]).password != old
    shown = read(answer).one("strong", class_="people-password").text
    assert now(people["staff"]).check_password(shown)
    assert executive.post(path).status_code == 409
    assert now(people["staff"]).check_password(shown)


def test_an_officer_cannot_confirm_whom_an_officer_named(
    sign_in: SignIn, agency: Agency, people: dict[str, User], round_: Round
) -> None:
    acting = name_acting(agency, people["staff"], TODAY, TODAY, "1", people["officer"])
    path = reverse("confirm_acting", args=[acting.pk])
    for name, status in (("officer", 403), ("staff", 403), ("stranger", 404), ("overseer", 404)):
        assert sign_in(name).post(path).status_code == status
    assert not can_approve_round(now(people["staff"]), round_)
    # Named in advance and waiting: the officer can no longer get into the account.
    assert not can_reset_password(people["officer"], now(people["staff"]))
    assert not can_change_email(people["officer"], now(people["staff"]))


def test_the_officer_cannot_reset_who_acts_from_tomorrow(agency: Agency, people: dict[str, User]) -> None:
    later = date(2023, 2, 2)
    name_acting(agency, people["staff"], later, later, "1", people["executive"])
    assert not can_reset_password(people["officer"], now(people["staff"]))
    assert not can_change_email(people["officer"], now(people["staff"]))


def test_what_was_ended_or_is_over_is_confirmed_by_nobody(
    agency: Agency, people: dict[str, User], time_machine: TimeMachineFixture
) -> None:
    ended = name_acting(agency, people["staff"], TODAY, TODAY, "1", people["officer"])
    end_acting(ended, people["officer"])
    over = name_acting(agency, people["staff"], TODAY, TODAY, "2", people["officer"])
    with pytest.raises(StaleEdit):
        confirm_acting(ended, people["executive"])
    time_machine.move_to(datetime(2023, 2, 2, 9, tzinfo=OFFICE))
    with pytest.raises(StaleEdit):
        confirm_acting(over, people["executive"])


def test_on_those_days_the_person_may_approve(
    round_: Round, people: dict[str, User], acting: ActingApprover, time_machine: TimeMachineFixture
) -> None:
    assert can_approve_round(now(people["staff"]), round_)
    assert not can_approve_round(now(people["other_staff"]), round_)
    for moment, may in (
        (datetime(2023, 1, 31, 23, 59, tzinfo=OFFICE), False),
        (datetime(2023, 2, 1, 0, 0, tzinfo=OFFICE), True),
        (datetime(2023, 2, 10, 23, 59, tzinfo=OFFICE), True),
        (datetime(2023, 2, 11, 0, 0, tzinfo=OFFICE), False),
    ):
        time_machine.move_to(moment, tick=False)
        assert can_approve_round(now(people["staff"]), round_) is may


def test_the_edition_says_in_whose_place(
    round_: Round, agency: Agency, people: dict[str, User], acting: ActingApprover
) -> None:
    agency.approver_post = "นายกองค์การบริหารส่วนตำบล"
    agency.save()
    staff = people["staff"]
    staff.full_name, staff.post = "สมชาย ใจดี", "รองปลัด"
    staff.save()
    edition = approve(submit(round_, people["officer"]), now(staff), ADDRESS)
    assert edition.approved_by == "สมชาย ใจดี"
    assert edition.approved_post == "รองปลัด รักษาราชการแทน นายกองค์การบริหารส่วนตำบล"
    assert edition.approved_post in edition.document


def test_an_executives_own_approval_says_the_own_post_alone(round_: Round, people: dict[str, User]) -> None:
    people["executive"].post = "นายก"
    people["executive"].save()
    edition = approve(submit(round_, people["officer"]), now(people["executive"]), ADDRESS)
    assert edition.approved_post == "นายก"


def test_a_post_fits_into_an_edition(agency: Agency, people: dict[str, User], acting: ActingApprover) -> None:
    staff = people["staff"]
    assert post_of_approver(now(staff)) == "รักษาราชการแทน ผู้บริหาร"
    User.objects.filter(pk=staff.pk).update(post="ก" * 150)
    assert post_of_approver(now(staff)) == "รักษาราชการแทน ผู้บริหาร"
    Agency.objects.filter(pk=agency.pk).update(approver_post="ข" * 150)
    assert post_of_approver(now(staff)) == ("รักษาราชการแทน " + "ข" * 150)[:150]


def test_not_for_what_the_person_has_submitted(
    round_: Round, agency: Agency, people: dict[str, User]
) -> None:
    name_acting(agency, people["officer"], TODAY, TODAY, "12/2566", people["executive"])
    submission = submit(round_, people["officer"])
    with pytest.raises(OwnSubmission):
        approve(submission, now(people["officer"]), ADDRESS)
    agency.allows_own_approval = True
    agency.save()
    submission.round.plan.agency.refresh_from_db()
    assert approve(submission, now(people["officer"]), ADDRESS).revision == 1


def test_the_page_of_the_round_lets_the_person_approve(
    sign_in: SignIn, round_: Round, people: dict[str, User], acting: ActingApprover
) -> None:
    submission = submit(round_, people["officer"])
    path = reverse("approve_round", args=[YEAR, 6])
    assert sign_in("other_staff").post(path, {"submission": submission.pk}).status_code == 403
    assert "อนุมัติ" in read(sign_in("staff").get(reverse("report", args=[YEAR, 6]))).one("main").text
    sent = {"submission": submission.pk, CONFIRMED: "1"}
    assert sign_in("staff").post(path, sent).status_code == 302


def test_it_is_ended_early_once(
    sign_in: SignIn, round_: Round, people: dict[str, User], acting: ActingApprover
) -> None:
    officer, path = sign_in("officer"), reverse("end_acting", args=[acting.pk])
    assert sign_in("stranger").post(path).status_code == 404
    assert sign_in("staff").post(path).status_code == 403
    assert officer.post(path).status_code == 302
    assert officer.post(path).status_code == 302
    assert not can_approve_round(now(people["staff"]), round_)
    kinds = list(AccountEvent.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["acting_named", "acting_ended"]
    assert read(officer.get(reverse("people"))).all("section", class_="people-acting") == []
    # What was is kept.
    assert ActingApprover.objects.get().ended_at is not None


def test_who_is_taken_out_of_use_acts_for_nobody(people: dict[str, User], acting: ActingApprover) -> None:
    set_active(people["staff"], active=False, by=people["officer"])
    assert not ActingApprover.objects.not_over(TODAY).exists()
    kinds = set(AccountEvent.objects.values_list("kind", flat=True))
    assert kinds == {"acting_named", "deactivated", "acting_ended"}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"person": ""}, "กรุณาเลือกผู้รักษาราชการแทน"),
        ({"person": "x"}, "ตัวเลือกนี้ไม่มีแล้ว"),
        ({"person": "9" * 30}, "ตัวเลือกนี้ไม่มีแล้ว"),
        ({"starts_on": "1/2/2023"}, "อ่านวันที่ไม่ได้"),
        ({"ends_on": "31/1/2566"}, "วันสิ้นสุดต้องไม่อยู่ก่อนวันเริ่ม"),
        ({"starts_on": "1/1/2566", "ends_on": "31/1/2566"}, "วันสิ้นสุดผ่านไปแล้ว"),
        ({"ends_on": ""}, "กรุณากรอกวันสุดท้ายที่รักษาราชการแทน"),
        ({"order": ""}, "กรุณากรอกเลขที่คำสั่ง"),
        ({"order": "ก" * 300}, "ใส่ได้ไม่เกิน 200"),
    ],
)
def test_what_is_wrong_is_said(
    sign_in: SignIn, people: dict[str, User], typed: dict[str, str], said: str
) -> None:
    right = {"person": str(people["staff"].pk), "ends_on": "10/2/2566", "order": "12/2566"}
    response = fill(sign_in("executive"), **right | typed)
    assert response.status_code == 422
    assert said in read(response).one(class_="errors").text
    assert not ActingApprover.objects.exists()
    assert not AccountEvent.objects.exists()


def test_nobody_of_another_agency_or_out_of_use_is_named(
    sign_in: SignIn, agency: Agency, people: dict[str, User]
) -> None:
    User.objects.filter(username="other_staff").update(is_active=False)
    for name in ("stranger", "other_staff"):
        response = fill(sign_in("executive"), person=str(people[name].pk), ends_on="10/2/2566", order="1")
        assert response.status_code == 422
        with pytest.raises(ValidationError):
            name_acting(agency, people[name], TODAY, TODAY, "1", people["executive"])


def test_one_person_acts_once_at_a_time(
    agency: Agency, people: dict[str, User], acting: ActingApprover
) -> None:
    executive = people["executive"]
    with pytest.raises(ValidationError, match="อยู่แล้วในช่วงเวลานี้"):
        name_acting(agency, people["staff"], date(2023, 2, 10), date(2023, 2, 12), "13", executive)
    name_acting(agency, people["staff"], date(2023, 2, 11), date(2023, 2, 12), "13", executive)
    assert people["staff"].acting.count() == 2


@pytest.mark.parametrize("name", ["staff", "stranger", "overseer", "admin"])
def test_nobody_else_names_or_ends(
    agency: Agency, people: dict[str, User], acting: ActingApprover, name: str
) -> None:
    with pytest.raises(PermissionDenied):
        name_acting(agency, people["other_staff"], TODAY, TODAY, "1", people[name])
    if name != "admin":
        with pytest.raises(PermissionDenied):
            end_acting(acting, people[name])
