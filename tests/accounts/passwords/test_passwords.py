"""Passwords: one's own instead of one that was handed over, changing it, a new one by a link in a mail."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import pytest
from django.contrib.auth import get_user
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from time_machine import TimeMachineFixture

from accounts.models import AccountEvent, AccountEventKind, User
from accounts.passwords.links import password_link
from tests.conftest import SignIn
from tests.support.factories import OFFICE, PASSWORD
from tests.support.html import read

pytestmark = pytest.mark.django_db

NEW: Final = "ห้องประชุมชั้นสอง เปิดแล้ว"
CHANGE: Final = "/account/password/"
FORGOTTEN: Final = "/password/forgotten/"

Mailbox = list[EmailMessage]


@pytest.fixture
def mail(settings: Settings) -> None:
    settings.MAIL_IS_SET_UP = True
    settings.PUBLIC_URL = "https://ita.example.go.th"


@pytest.fixture
def handed_over(people: dict[str, User]) -> User:
    """Staff whose password somebody else has made."""
    User.objects.filter(username="staff").update(must_change_password=True, email="office@example.go.th")
    return people["staff"]


def kinds(person: User) -> list[str]:
    return list(AccountEvent.objects.filter(person=person).values_list("kind", flat=True))


def twice(password: str, **more: str) -> dict[str, str]:
    return {"password1": password, "password2": password, **more}


# --- A password that was handed over ------------------------------------------------------------------


def test_a_password_that_was_handed_over_is_changed_before_anything_else(
    handed_over: User, sign_in: SignIn
) -> None:
    client = sign_in("staff")
    for path in (reverse("home"), reverse("work"), reverse("account"), reverse("mfa_index")):
        assert client.get(path)["Location"] == CHANGE
        assert client.post(path)["Location"] == CHANGE
    # What is for everybody stays open, and so does the way out.
    assert client.get(reverse("public")).status_code == 200
    page = read(client.get(CHANGE))
    assert page.one("h1").text == "ตั้งรหัสผ่านของท่านเอง"
    # Who has just typed it in need not type it again.
    assert set(page.one("main").one("form").form_data()) == {"csrfmiddlewaretoken", "password1", "password2"}
    assert client.post(CHANGE, twice(NEW))["Location"] == reverse("home")
    assert client.get(reverse("work")).status_code != 302 or client.get(reverse("work"))["Location"] != CHANGE
    handed_over.refresh_from_db()
    assert handed_over.check_password(NEW)
    assert not handed_over.must_change_password
    assert kinds(handed_over) == [AccountEventKind.PASSWORD_CHANGED]


def test_signing_out_stays_possible(handed_over: User, sign_in: SignIn) -> None:
    assert sign_in("staff").post(reverse("logout"))["Location"] == reverse("login")


def test_a_part_of_a_page_leads_the_whole_page_there(handed_over: User, sign_in: SignIn) -> None:
    response = sign_in("staff").get(reverse("work"), headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Redirect"]) == (204, CHANGE)


# --- Changing one's own -------------------------------------------------------------------------------


def test_a_changed_password_ends_every_other_session_and_not_this_one(
    sign_in: SignIn, people: dict[str, User], mail: None, mailoutbox: Mailbox
) -> None:
    User.objects.filter(username="officer").update(email="officer@example.go.th")
    here, elsewhere = sign_in("officer"), sign_in("officer")
    response = here.post(CHANGE, twice(NEW, old_password=PASSWORD))
    assert response["Location"] == reverse("account")
    assert "เปลี่ยนรหัสผ่านแล้ว" in read(here.get(reverse("account"))).one(class_="said").text
    assert elsewhere.get(reverse("account"))["Location"].startswith(reverse("login"))
    assert kinds(people["officer"]) == [AccountEventKind.PASSWORD_CHANGED]
    (sent,) = mailoutbox
    assert sent.to == ["officer@example.go.th"]
    assert "officer" in sent.body
    assert NEW not in sent.body


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (twice(NEW, old_password="wrong"), "รหัสผ่านปัจจุบันไม่ถูกต้อง"),
        (twice("สั้นเกินไป", old_password=PASSWORD), "12"),
        (twice(PASSWORD, old_password=PASSWORD), "ต้องต่างจากรหัสผ่านเดิม"),
        (twice("123456789012", old_password=PASSWORD), "ตัวเลข"),
        (twice("officer-1234", old_password=PASSWORD), "คล้าย"),
        (twice("qwerty123456", old_password=PASSWORD), "เดาได้ง่าย"),
        ({"password1": NEW, "password2": "x", "old_password": PASSWORD}, "ไม่ตรงกัน"),
        ({"password1": "", "password2": "", "old_password": ""}, "กรุณากรอกรหัสผ่านใหม่"),
    ],
)
def test_a_password_that_will_not_do_is_refused_in_thai(
    sign_in: SignIn, people: dict[str, User], typed: dict[str, str], said: str
) -> None:
    client = sign_in("officer")
    response = client.post(CHANGE, typed)
    assert response.status_code == 422
    errors = read(response).one(class_="errors").text
    assert said in errors
    assert not re.search("[a-z]{4}", errors), errors
    people["officer"].refresh_from_db()
    assert people["officer"].check_password(PASSWORD)
    assert kinds(people["officer"]) == []


def test_the_password_of_the_demonstration_is_long_enough(sign_in: SignIn) -> None:
    assert sign_in("staff").post(CHANGE, twice("ita-demo-2566", old_password=PASSWORD)).status_code == 302


# --- By a link in a mail ------------------------------------------------------------------------------


def links_in(sent: EmailMessage) -> list[str]:
    return re.findall(r"https://ita\.example\.go\.th(/password/new/\S+)", str(sent.body))


def test_without_mail_the_sign_in_page_says_whom_to_ask(client: Client, db: None) -> None:
    page = read(client.get(reverse("login")))
    assert "ติดต่อเจ้าหน้าที่ผู้รับผิดชอบ ITA" in page.one("main").text
    assert client.get(FORGOTTEN).status_code == 404
    assert client.post(FORGOTTEN, {"email": "a@example.go.th"}).status_code == 404


def test_a_link_by_mail_leads_to_a_new_password(
    client: Client, people: dict[str, User], mail: None, mailoutbox: Mailbox
) -> None:
    User.objects.filter(username="staff").update(email="Staff@Example.go.th", must_change_password=True)
    page = read(client.get(reverse("login")))
    (link,) = [each for each in page.one("main").all("a") if each.text == "ลืมรหัสผ่าน"]
    response = client.post(link["href"], {"email": "staff@example.go.th"}, follow=True)
    assert "ส่งลิงก์แล้ว" in read(response).one("h1").text
    (sent,) = mailoutbox
    assert sent.to == ["Staff@Example.go.th"]
    (path,) = links_in(sent)
    response = client.get(path, follow=True)
    page = read(response)
    assert "staff" in page.one("main").text
    # The secret part does not stay in the address, which other sites could be told.
    secret = path.split("/")[-2]
    assert secret not in response.redirect_chain[-1][0]
    response = client.post(response.redirect_chain[-1][0], twice(NEW), follow=True)
    assert "ตั้งรหัสผ่านใหม่ของ staff แล้ว" in read(response).one(class_="said").text
    signed_in = client.post(reverse("login"), {"username": "staff", "password": NEW})
    assert signed_in["Location"] == reverse("home")
    assert AccountEventKind.RESET_MAILED in kinds(people["staff"])
    # Who knows the password by then need not change it again.
    assert client.get(reverse("account")).status_code == 200


def test_one_mail_has_a_link_for_each_account_of_a_shared_mailbox(
    client: Client, people: dict[str, User], mail: None, mailoutbox: Mailbox
) -> None:
    User.objects.filter(username__in=["staff", "officer", "executive"]).update(email="saraban@example.go.th")
    User.objects.filter(username="executive").update(is_active=False)
    client.post(FORGOTTEN, {"email": "saraban@example.go.th"})
    (sent,) = mailoutbox
    assert len(links_in(sent)) == 2
    assert "ชื่อผู้ใช้ officer" in sent.body
    assert "ชื่อผู้ใช้ staff" in sent.body
    assert "executive" not in sent.body


def test_the_answer_does_not_tell_whether_an_address_is_known(
    client: Client, people: dict[str, User], mail: None, mailoutbox: Mailbox
) -> None:
    User.objects.filter(username="staff").update(email="staff@example.go.th")
    answers = [client.post(FORGOTTEN, {"email": address}) for address in ("staff@example.go.th", "x@y.go.th")]
    assert len({(answer.status_code, answer["Location"], answer.content) for answer in answers}) == 1
    assert len(mailoutbox) == 1


def test_a_mailbox_is_not_filled(
    client: Client, people: dict[str, User], mail: None, mailoutbox: Mailbox
) -> None:
    User.objects.filter(username="staff").update(email="staff@example.go.th")
    answers = [client.post(FORGOTTEN, {"email": "STAFF@example.go.th"}).status_code for _ in range(5)]
    assert answers == [302] * 3 + [429] * 2
    assert len(mailoutbox) == 3


def test_a_mail_server_that_refuses_stops_nobody(
    client: Client, people: dict[str, User], mail: None, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    User.objects.filter(username="staff").update(email="staff@example.go.th")
    assert client.post(FORGOTTEN, {"email": "staff@example.go.th"}).status_code == 302


def refused(client: Client, path: str) -> str:
    response = client.get(path, follow=True)
    assert response.status_code == 410
    return read(response).one("main").text


def opened(client: Client, path: str) -> str:
    """Where the link leads; the form is there."""
    response = client.get(path, follow=True)
    assert response.status_code == 200
    return str(response.redirect_chain[-1][0])


def used(person: User) -> str:
    path = password_link(person)
    client = Client()
    assert client.post(opened(client, path), twice(NEW)).status_code == 302
    return path


def after_a_sign_in(person: User) -> str:
    path = password_link(person)
    Client().post(reverse("login"), {"username": person.username, "password": PASSWORD})
    return path


def deactivated(person: User) -> str:
    path = password_link(person)
    User.objects.filter(pk=person.pk).update(is_active=False)
    return path


def of_another_person(person: User) -> str:
    other = User.objects.get(username="officer")
    return password_link(person).replace(
        password_link(person).split("/")[3], password_link(other).split("/")[3]
    )


def cut_off(person: User) -> str:
    return password_link(person)[:-3] + "/"


@pytest.mark.parametrize("spoiled", [used, after_a_sign_in, deactivated, of_another_person, cut_off])
def test_a_link_that_is_over_says_what_to_do(
    people: dict[str, User], spoiled: Callable[[User], str], mail: None
) -> None:
    said = refused(Client(), spoiled(people["staff"]))
    assert "ลิงก์นี้ใช้ไม่ได้แล้ว" in said
    assert "กรุณาขอลิงก์ใหม่" in said


def test_a_link_is_good_for_a_day(people: dict[str, User], time_machine: TimeMachineFixture) -> None:
    start = datetime(2023, 2, 1, 10, 0, tzinfo=OFFICE)
    time_machine.move_to(start, tick=False)
    path = password_link(people["staff"])
    time_machine.move_to(start + timedelta(hours=23, minutes=59), tick=False)
    opened(Client(), path)
    time_machine.move_to(start + timedelta(days=1, minutes=1), tick=False)
    assert "ขอรหัสผ่านใหม่จากเจ้าหน้าที่" in refused(Client(), path)


@pytest.mark.parametrize("path", ["/password/new/ก/x/", "/password/new/MQ/%00/", "/password/new/%FF/x-y/"])
def test_no_address_of_a_link_is_answered_500(client: Client, db: None, path: str) -> None:
    assert client.get(path).status_code in (404, 410)


def test_setting_a_password_signs_nobody_in(people: dict[str, User]) -> None:
    client = Client()
    client.post(opened(client, password_link(people["staff"])), twice(NEW))
    assert get_user(client).is_anonymous
