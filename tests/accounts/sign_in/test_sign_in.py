"""Signing in and out; wrong passwords; a sign-in that ran out while something was typed."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client
from django.urls import reverse
from django.utils.module_loading import import_string
from time_machine import TimeMachineFixture

from accounts.models import User
from measures.models import Measure
from tests.conftest import SignIn
from tests.support.factories import OFFICE, PASSWORD, YEAR
from tests.support.html import read

pytestmark = pytest.mark.django_db

LOGIN = "/login/"


def sign_in_with(
    client: Client, name: str, password: str, address: str = LOGIN, host: str = "10.0.0.1"
) -> int:
    response = client.post(address, {"username": name, "password": password}, REMOTE_ADDR=host)
    return response.status_code


def test_the_right_password_leads_to_the_work(client: Client, people: dict[str, User]) -> None:
    response = client.post(LOGIN, {"username": "staff", "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, reverse("home"))
    assert client.get(reverse("no_plan")).status_code == 200


def test_after_signing_in_one_is_where_one_wanted_to_go(
    client: Client, measure: Measure, people: dict[str, User]
) -> None:
    wanted = f"{reverse('plan', args=[YEAR])}?status=late&text=%E0%B8%81"
    asked = client.get(wanted)
    page = read(client.get(asked["Location"]))
    form = page.one("main").one("form")
    assert form.form_data()["next"] == wanted
    response = client.post(form["action"], form.form_data() | {"username": "staff", "password": PASSWORD})
    assert response["Location"] == wanted


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_signing_in_leads_nowhere_else(client: Client, people: dict[str, User], elsewhere: str) -> None:
    data = {"username": "staff", "password": PASSWORD, "next": elsewhere}
    assert client.post(LOGIN, data)["Location"] == reverse("home")


@pytest.mark.parametrize(
    ("name", "password"), [("staff", "wrong"), ("nobody", PASSWORD), ("STAFF", PASSWORD)]
)
def test_a_wrong_name_or_password_is_answered_alike_in_thai(
    client: Client, people: dict[str, User], name: str, password: str
) -> None:
    response = client.post(LOGIN, {"username": name, "password": password})
    page = read(response)
    assert page.one(class_="errors").text == "ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง กรุณาตรวจแล้วลองอีกครั้ง"
    assert page.one(id="id_username").value == name
    assert password not in response.content.decode() or password == name
    assert "_auth_user_id" not in client.session


def test_missing_fields_are_named(client: Client, db: None) -> None:
    page = read(client.post(LOGIN, {}))
    assert page.one(id="id_username_error").text == "กรุณากรอกชื่อผู้ใช้"
    assert page.one(id="id_password_error").text == "กรุณากรอกรหัสผ่าน"


@pytest.mark.parametrize("name", ["staff\x00", "ก" * 10_000, "' OR 1=1 --", "\ud7ff\u200b"])
def test_strange_names_are_wrong_names(client: Client, people: dict[str, User], name: str) -> None:
    assert sign_in_with(client, name, PASSWORD) == 200
    assert "_auth_user_id" not in client.session


def test_a_closed_account_cannot_sign_in(client: Client, people: dict[str, User]) -> None:
    User.objects.filter(username="staff").update(is_active=False)
    assert sign_in_with(client, "staff", PASSWORD) == 200
    assert "_auth_user_id" not in client.session


def test_after_ten_wrong_passwords_one_more_is_looked_at_every_minute_and_a_half(
    people: dict[str, User], time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(datetime(2023, 2, 1, 10, 0, tzinfo=OFFICE), tick=False)
    client = Client()
    assert [sign_in_with(client, "staff", "wrong") for _ in range(9)] == [200] * 9
    assert sign_in_with(client, "staff", "wrong") == 429
    response = client.post(LOGIN, {"username": "staff", "password": PASSWORD}, REMOTE_ADDR="10.0.0.1")
    assert response.status_code == 429
    page = read(response)
    assert page.one("h1").text == "ใส่รหัสผ่านผิดหลายครั้งเกินไป"
    assert "รอ 2 นาที" in page.one("main").text
    assert page.one("main").one("a")["href"] == LOGIN
    # Nobody else is shut out: another name from here, this name from elsewhere.
    assert sign_in_with(Client(), "officer", PASSWORD) == 302
    assert sign_in_with(Client(), "staff", PASSWORD, host="10.0.0.2") == 302
    time_machine.shift(timedelta(seconds=89))
    assert sign_in_with(client, "staff", PASSWORD) == 429
    time_machine.shift(timedelta(seconds=2))
    assert sign_in_with(client, "staff", PASSWORD) == 302


def test_the_right_password_forgives_the_wrong_ones(people: dict[str, User]) -> None:
    for _ in range(3):
        client = Client()
        for _ in range(9):
            assert sign_in_with(client, "staff", "wrong") == 200
        assert sign_in_with(client, "staff", PASSWORD) == 302


def test_signing_out_is_a_button_and_not_a_link(sign_in: SignIn) -> None:
    client = sign_in("staff")
    assert client.get(reverse("logout")).status_code == 405
    assert client.get(reverse("no_plan")).status_code == 200
    response = client.post(reverse("logout"))
    assert (response.status_code, response["Location"]) == (302, LOGIN)
    assert client.get(reverse("no_plan")).status_code == 302


def test_a_part_of_a_page_is_answered_401_when_the_sign_in_ran_out(measure: Measure) -> None:
    """The sign-in page in place of the form would replace what a person has typed."""
    path = reverse("measure", args=[measure.pk])
    for response in (
        Client().post(path, {"result": "พิมพ์ไว้"}, headers={"HX-Request": "true"}),
        Client().get(path, headers={"HX-Request": "true"}),
    ):
        assert response.status_code == 401
        assert response.content == b""
    assert Client().get(path).status_code == 302


def test_a_session_ends_after_a_day_of_work(sign_in: SignIn, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(datetime(2023, 2, 1, 8, 0, tzinfo=OFFICE), tick=False)
    client = sign_in("staff")
    for _ in range(11):
        time_machine.shift(timedelta(hours=1))
        assert client.get(reverse("no_plan")).status_code == 200
    time_machine.shift(timedelta(minutes=59))
    assert client.get(reverse("no_plan")).status_code == 200
    time_machine.shift(timedelta(minutes=2))
    assert client.get(reverse("no_plan")).status_code == 302


def test_passwords_are_stored_with_argon2() -> None:
    from django.conf import settings as stored

    # Tests use a faster one; what counts is what the settings say.
    from ita_tracker import sign_in_settings as settings

    assert stored.PASSWORD_HASHERS != settings.PASSWORD_HASHERS
    assert issubclass(import_string(settings.PASSWORD_HASHERS[0]), Argon2PasswordHasher)
