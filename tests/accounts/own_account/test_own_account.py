"""One's own account: name, post, e-mail, reminders, and signing out everywhere."""

from typing import Final

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import AccountEvent, AccountEventKind, User
from tests.conftest import SignIn
from tests.support.factories import PASSWORD
from tests.support.html import read

pytestmark = pytest.mark.django_db

ACCOUNT: Final = "/account/"


@pytest.mark.parametrize("name", ["staff", "officer", "executive", "overseer", "admin"])
def test_everybody_finds_it_in_their_own_menu(sign_in: SignIn, name: str) -> None:
    page = read(sign_in(name).get(ACCOUNT))
    entries = [link for link in page.one(class_="menu-list").all("a") if link.text == "บัญชีของฉัน"]
    assert [(entry["href"], entry.get("aria-current")) for entry in entries] == [(ACCOUNT, "page")]


def test_name_post_and_reminders_are_one_s_own(sign_in: SignIn, people: dict[str, User]) -> None:
    client = sign_in("staff")
    form = read(client.get(ACCOUNT)).one("main").all("form")[0].form_data()
    assert "wants_reminders" in form
    del form["wants_reminders"]
    response = client.post(ACCOUNT, form | {"full_name": "สมหญิง ใจดี", "post": "นักวิชาการคลัง"}, follow=True)
    assert "บันทึกบัญชีของท่านแล้ว" in read(response).one(class_="said").text
    staff = people["staff"]
    staff.refresh_from_db()
    assert (staff.full_name, staff.post, staff.wants_reminders) == ("สมหญิง ใจดี", "นักวิชาการคลัง", False)


@pytest.mark.parametrize(
    "more", [{"username": "boss"}, {"is_officer": "on"}, {"agency": "1"}, {"is_superuser": "on"}]
)
def test_nothing_else_can_be_changed_here(
    sign_in: SignIn, people: dict[str, User], more: dict[str, str]
) -> None:
    sign_in("staff").post(ACCOUNT, {"full_name": "สมหญิง ใจดี", **more})
    after = User.objects.get(pk=people["staff"].pk)
    assert (after.username, after.is_officer, after.is_superuser) == ("staff", False, False)
    assert after.agency_id == people["staff"].agency_id


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"full_name": ""}, "กรุณากรอกชื่อ-นามสกุล"),
        ({"full_name": "ก" * 151}, "ยาวเกินไป"),
        ({"full_name": "ก", "post": "\x07"}, "อักขระ"),
        ({"full_name": "ก", "email": "ไม่ใช่อีเมล"}, "อีเมลไม่ถูกต้อง"),
    ],
)
def test_what_will_not_do_is_said_and_nothing_is_stored(
    sign_in: SignIn, people: dict[str, User], typed: dict[str, str], said: str
) -> None:
    response = sign_in("staff").post(ACCOUNT, typed)
    assert response.status_code == 422
    page = read(response)
    assert said in page.one(class_="errors").text
    # The head of the page still names the person as stored.
    assert page.one(class_="person-who").one("strong").text == "staff"
    assert User.objects.get(username="staff").full_name == ""


def test_another_e_mail_asks_for_the_password_and_tells_the_old_address(
    sign_in: SignIn, people: dict[str, User], settings: Settings, mailoutbox: list[EmailMessage]
) -> None:
    settings.MAIL_IS_SET_UP = True
    User.objects.filter(username="staff").update(email="old@example.go.th", full_name="สมหญิง")
    client = sign_in("staff")
    asked = client.post(ACCOUNT, {"full_name": "สมหญิง ใจดี", "email": "new@example.go.th"})
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert User.objects.get(username="staff").email == "old@example.go.th"
    assert client.post(asked["Location"], {"password": PASSWORD})["Location"] == ACCOUNT
    staff = User.objects.get(username="staff")
    # Nothing that was typed is lost on the way.
    assert (staff.email, staff.full_name) == ("new@example.go.th", "สมหญิง ใจดี")
    (event,) = AccountEvent.objects.filter(person=staff)
    assert event.kind == AccountEventKind.CHANGED
    assert event.detail == "อีเมล old@example.go.th เป็น new@example.go.th"
    (sent,) = mailoutbox
    assert sent.to == ["old@example.go.th"]
    assert "new@example.go.th" in sent.body


def test_an_address_may_be_somebody_else_s_too(sign_in: SignIn, people: dict[str, User]) -> None:
    User.objects.filter(username__in=["staff", "officer"]).update(email="saraban@example.go.th")
    answer = sign_in("staff").post(ACCOUNT, {"full_name": "ก", "email": "saraban@example.go.th"})
    assert answer["Location"] == ACCOUNT


def test_what_an_officer_changes_meanwhile_is_kept(sign_in: SignIn, people: dict[str, User]) -> None:
    """Only what the person has changed is stored."""
    client = sign_in("staff")
    form = read(client.get(ACCOUNT)).one("main").all("form")[0].form_data()
    client.post(ACCOUNT, form | {"full_name": "สมหญิง ใจดี"})
    line = User.history.filter(id=people["staff"].pk).first()
    assert line is not None
    assert line.full_name == "สมหญิง ใจดี"


def test_signing_out_everywhere_keeps_this_device_alone(sign_in: SignIn, people: dict[str, User]) -> None:
    here, elsewhere, other = sign_in("staff"), sign_in("staff"), sign_in("officer")
    response = here.post(reverse("sign_out_everywhere"), follow=True)
    assert "ออกจากระบบทุกอุปกรณ์แล้ว" in read(response).one(class_="said").text
    assert here.get(ACCOUNT).status_code == 200
    assert elsewhere.get(ACCOUNT)["Location"].startswith(reverse("login"))
    assert other.get(ACCOUNT).status_code == 200
    # The password stays; and it works a second time.
    again = Client()
    again.post(reverse("login"), {"username": "staff", "password": PASSWORD})
    here.post(reverse("sign_out_everywhere"))
    assert again.get(ACCOUNT).status_code == 302
    assert here.get(ACCOUNT).status_code == 200
    kinds = AccountEvent.objects.filter(person=people["staff"]).values_list("kind", flat=True)
    assert list(kinds) == [AccountEventKind.SIGNED_OUT_EVERYWHERE] * 2
