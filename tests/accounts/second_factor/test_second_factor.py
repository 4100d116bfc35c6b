"""The second factor: set up, asked for at sign-in, limited, demanded by an agency, taken away."""

from base64 import b64decode
from datetime import timedelta
from typing import Any, Final

import pytest
from allauth.mfa.models import Authenticator
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from time_machine import TimeMachineFixture

from accounts.models import AccountEvent, AccountEventKind, Agency, User
from accounts.second_factor.selectors import has_second_factor
from accounts.second_factor.services import remove_second_factors
from tests.conftest import SignIn
from tests.support.factories import PASSWORD
from tests.support.html import read
from tests.support.second_factor import code_of, give_app, recovery_codes_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]

LOGIN: Final = "/login/"
STEP: Final = "/login/step/"
ADD: Final = "/account/second/app/"
CONFIRM: Final = "/account/confirm/"


def events_of(person: User) -> list[tuple[str, str]]:
    events = AccountEvent.objects.filter(person=person).order_by("id")
    return list(events.values_list("kind", "detail"))


def first_step(client: Client, name: str = "staff", **more: str) -> str:
    response = client.post(LOGIN, {"username": name, "password": PASSWORD, **more})
    return str(response["Location"])


def confirmed(client: Client, path: str) -> Any:
    """The page that asks for the password first, once it has it."""
    asked = client.get(path)
    assert asked["Location"].startswith(CONFIRM)
    return client.post(asked["Location"], {"password": PASSWORD}, follow=True)


# --- Setting one up -----------------------------------------------------------------------------------


def test_an_app_is_set_up_with_the_password_a_square_and_its_first_code(
    sign_in: SignIn, people: dict[str, User]
) -> None:
    client = sign_in("staff")
    page = read(confirmed(client, ADD))
    kind, square = page.one("main").one("img")["src"].split(",", 1)
    assert kind == "data:image/svg+xml;base64"
    assert b"<svg" in b64decode(square)
    secret = page.one("code").text
    wrong = client.post(ADD, {"code": "000000"})
    assert wrong.status_code == 422
    # The square in hand stays good.
    assert read(wrong).one("code").text == secret
    response = client.post(ADD, {"code": code_of(secret)}, follow=True)
    assert response.redirect_chain[-1][0] == reverse("mfa_view_recovery_codes")
    page = read(response)
    shown = [each.text for each in page.one("main").all("code")]
    assert len(shown) == 10
    assert "เปิดการยืนยันตัวตนด้วยแอปแล้ว" in page.one(class_="said").text
    assert has_second_factor(people["staff"])
    assert events_of(people["staff"]) == [(AccountEventKind.SECOND_FACTOR_ADDED, "แอปยืนยันตัวตน")]
    file = client.get(reverse("mfa_download_recovery_codes"))
    assert [code for code in shown if code in file.content.decode()] == shown
    assert "รหัสสำรอง" in file.content.decode()


def test_the_password_is_asked_for_again_and_has_to_be_right(sign_in: SignIn) -> None:
    client = sign_in("staff")
    asked = client.get(ADD)["Location"]
    response = client.post(asked, {"password": "wrong"})
    assert response.status_code == 422
    assert "รหัสผ่านไม่ถูกต้อง" in read(response).one(class_="errors").text
    assert client.get(ADD)["Location"].startswith(CONFIRM)


def test_a_confirmed_password_is_good_for_five_minutes(
    sign_in: SignIn, time_machine: TimeMachineFixture
) -> None:
    client = sign_in("staff")
    confirmed(client, ADD)
    time_machine.shift(timedelta(minutes=4))
    assert client.get(ADD).status_code == 200
    time_machine.shift(timedelta(minutes=2))
    assert client.get(ADD)["Location"].startswith(CONFIRM)


# --- Signing in ---------------------------------------------------------------------------------------


def test_a_sign_in_asks_for_the_code_and_then_leads_where_one_wanted_to_go(people: dict[str, User]) -> None:
    secret = give_app(people["staff"])
    client = Client()
    assert first_step(client, next="/divisions/") == STEP
    assert client.get(reverse("account"))["Location"].startswith(LOGIN), "half a sign-in is none"
    page = read(client.get(STEP))
    assert page.one("h1").text == "ยืนยันตัวตนชั้นที่สอง"
    assert client.post(STEP, {"code": code_of(secret)})["Location"] == "/divisions/"
    assert client.get(reverse("account")).status_code == 200


def test_a_code_is_good_once(people: dict[str, User]) -> None:
    secret = give_app(people["staff"])
    for expected in (302, 422):
        client = Client()
        first_step(client)
        assert client.post(STEP, {"code": code_of(secret)}).status_code == expected


def test_a_clock_that_is_half_a_minute_wrong_does_not_matter(people: dict[str, User]) -> None:
    secret = give_app(people["staff"])
    for later, expected in ((-1, 302), (1, 302), (3, 422)):
        client = Client()
        first_step(client)
        assert client.post(STEP, {"code": code_of(secret, later)}).status_code == expected, later


def test_a_recovery_code_helps_once(people: dict[str, User]) -> None:
    give_app(people["staff"])
    code = recovery_codes_of(people["staff"])[0]
    for expected in (302, 422):
        client = Client()
        first_step(client)
        assert client.post(STEP, {"code": code}).status_code == expected
    assert len(recovery_codes_of(people["staff"])) == 9


def test_five_wrong_codes_are_enough_for_a_quarter_of_an_hour(
    people: dict[str, User], time_machine: TimeMachineFixture
) -> None:
    secret = give_app(people["staff"])
    client = Client()
    first_step(client)
    for _ in range(5):
        response = client.post(STEP, {"code": "000000"})
        assert "รหัสไม่ถูกต้อง" in read(response).one(class_="errors").text
    # Neither another browser nor the right code helps then.
    for each in (client, Client()):
        first_step(each)
        response = each.post(STEP, {"code": code_of(secret)})
        assert response.status_code == 422
        assert "กรุณารอ 15 นาทีแล้วลองใหม่" in read(response).one(class_="errors").text
    time_machine.shift(timedelta(minutes=14))
    first_step(client)
    assert client.post(STEP, {"code": code_of(secret)}).status_code == 422
    time_machine.shift(timedelta(minutes=2))
    first_step(client)
    assert client.post(STEP, {"code": code_of(secret)}).status_code == 302


def test_who_stops_half_way_can_begin_anew_as_somebody_else(people: dict[str, User]) -> None:
    give_app(people["staff"])
    client = Client()
    first_step(client)
    assert client.get(LOGIN)["Location"] == STEP
    assert client.post(reverse("logout"))["Location"] == LOGIN
    assert client.get(LOGIN).status_code == 200
    assert first_step(client, "officer") == reverse("home")


def test_the_second_step_is_over_after_a_quarter_of_an_hour(
    people: dict[str, User], time_machine: TimeMachineFixture
) -> None:
    secret = give_app(people["staff"])
    client = Client()
    first_step(client)
    time_machine.shift(timedelta(minutes=16))
    assert client.post(STEP, {"code": code_of(secret)})["Location"] == LOGIN


# --- An agency that demands one -----------------------------------------------------------------------


@pytest.fixture
def demanded(agency: Agency, people: dict[str, User]) -> None:
    Agency.objects.filter(pk=agency.pk).update(demands_second_factor=True)


@pytest.mark.parametrize("name", ["officer", "executive"])
def test_who_owes_one_is_led_there_and_back(demanded: None, people: dict[str, User], name: str) -> None:
    client = Client()
    first_step(client, name)
    for path in (reverse("home"), reverse("dashboard"), reverse("account")):
        assert client.get(path)["Location"] == ADD
    page = read(confirmed(client, ADD))
    assert "หน่วยงานกำหนด" in page.one("main").text
    client.post(ADD, {"code": code_of(page.one("code").text)})
    assert client.get(reverse("account")).status_code == 200


def test_nobody_else_owes_one(demanded: None, sign_in: SignIn) -> None:
    for name in ("staff", "overseer", "stranger"):
        assert sign_in(name).get(reverse("account")).status_code == 200


def test_the_officer_demands_it_in_the_settings(sign_in: SignIn, agency: Agency) -> None:
    client = sign_in("officer")
    form = read(client.get(reverse("agency"))).one("main").one("form")
    client.post(reverse("agency"), form.form_data() | {"demands_second_factor": "on"})
    agency.refresh_from_db()
    assert agency.demands_second_factor
    assert client.get(reverse("dashboard"))["Location"] == ADD


# --- Taking it away -----------------------------------------------------------------------------------


def test_an_app_is_taken_away_with_the_password_and_its_codes_go_too(
    sign_in: SignIn, people: dict[str, User], settings: Settings, mailoutbox: list[EmailMessage]
) -> None:
    settings.MAIL_IS_SET_UP = True
    User.objects.filter(username="staff").update(email="staff@example.go.th")
    give_app(people["staff"])
    client = sign_in("staff")
    page = read(confirmed(client, "/account/second/app/remove/"))
    assert page.one("h1").text == "เลิกใช้แอปยืนยันตัวตนหรือไม่"
    client.post("/account/second/app/remove/")
    assert not Authenticator.objects.filter(user=people["staff"]).exists()
    assert events_of(people["staff"]) == [(AccountEventKind.SECOND_FACTOR_REMOVED, "แอปยืนยันตัวตน")]
    (sent,) = mailoutbox
    assert "ยกเลิกการยืนยันตัวตนชั้นที่สอง" in sent.subject
    assert first_step(Client()) == reverse("home")


def test_a_post_that_needed_the_password_goes_on_by_itself(sign_in: SignIn, people: dict[str, User]) -> None:
    give_app(people["staff"])
    client = sign_in("staff")
    asked = client.post("/account/second/app/remove/")
    client.post(asked["Location"], {"password": PASSWORD})
    assert not has_second_factor(people["staff"])


def test_new_recovery_codes_replace_the_old(sign_in: SignIn, people: dict[str, User]) -> None:
    give_app(people["staff"])
    before = recovery_codes_of(people["staff"])
    client = sign_in("staff")
    confirmed(client, reverse("mfa_generate_recovery_codes"))
    response = client.post(reverse("mfa_generate_recovery_codes"), follow=True)
    after = recovery_codes_of(people["staff"])
    assert not set(before) & set(after)
    assert [code.text for code in read(response).one("main").all("code")] == after
    assert events_of(people["staff"])[-1] == (AccountEventKind.SECOND_FACTOR_ADDED, "รหัสสำรองชุดใหม่")


def test_codes_alone_are_no_second_factor(sign_in: SignIn) -> None:
    client = sign_in("staff")
    confirmed(client, reverse("mfa_generate_recovery_codes"))
    response = client.post(reverse("mfa_generate_recovery_codes"))
    assert response.status_code == 422
    assert "ต้องมีแอปยืนยันตัวตนหรือพาสคีย์ก่อน" in read(response).one(class_="errors").text


def test_somebody_else_takes_them_away_from_who_has_lost_them(people: dict[str, User]) -> None:
    give_app(people["staff"])
    assert remove_second_factors(people["staff"], people["officer"])
    assert not remove_second_factors(people["staff"], people["officer"])
    (event,) = AccountEvent.objects.filter(person=people["staff"])
    assert (event.done_by, event.detail, event.seen_at) == (people["officer"], "ทั้งหมด", None)


def test_the_administrator_takes_them_away_in_the_list_of_people(
    sign_in: SignIn, people: dict[str, User]
) -> None:
    give_app(people["officer"])
    sent = {"action": "take_away_second_factors", "_selected_action": [people["officer"].pk]}
    assert sign_in("admin").post("/admin/accounts/user/", sent).status_code == 302
    assert not has_second_factor(people["officer"])
    assert events_of(people["officer"]) == [(AccountEventKind.SECOND_FACTOR_REMOVED, "ทั้งหมด")]


def test_the_administrator_sees_no_secret(sign_in: SignIn) -> None:
    page = sign_in("admin").get("/admin/").content.decode()
    for path in ("/admin/mfa/", "/admin/account/", "/admin/socialaccount/"):
        assert path not in page


# --- Passkeys -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "secure", "offered"),
    [
        ("ita.example.go.th", True, True),
        ("localhost:8000", False, True),
        ("ita.example.go.th", False, False),
        ("192.0.2.7", True, False),
        ("[2001:db8::7]:443", True, False),
        ("127.0.0.1:8000", False, False),
    ],
)
def test_passkeys_are_offered_where_browsers_keep_them(
    sign_in: SignIn, settings: Settings, host: str, secure: bool, offered: bool
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    client = sign_in("staff")
    page = read(client.get(reverse("mfa_index"), secure=secure, headers={"Host": host}))
    assert ("เพิ่มพาสคีย์" in page.text) is offered
    status = client.get(reverse("mfa_add_webauthn"), secure=secure, headers={"Host": host}).status_code
    assert status == (302 if offered else 404)


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "{",
        "[]",
        "1",
        "null",
        '{"id": 1}',
        '{"id": "eA", "rawId": "eA", "type": "public-key"}',
        '{"id":"eA","rawId":"eA","type":"x","response":{"clientDataJSON":"x","attestationObject":1}}',
        '{"id":"eA","rawId":"eA","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":"oA"}}',
        '{"id":"eA","rawId":"eA","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"oA"}}',
    ],
)
def test_an_answer_that_is_none_of_a_passkey_is_refused(
    sign_in: SignIn, people: dict[str, User], settings: Settings, answer: str
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    client = sign_in("staff")
    asked = client.get(reverse("mfa_add_webauthn"), headers={"Host": "localhost"})
    client.post(asked["Location"], {"password": PASSWORD}, headers={"Host": "localhost"})
    sent = {"name": "เครื่อง", "credential": answer}
    assert client.post(reverse("mfa_add_webauthn"), sent, headers={"Host": "localhost"}).status_code == 422
    give_app(people["officer"])
    stranger = Client()
    first_step(stranger, "officer")
    assert stranger.post(STEP, {"credential": answer}).status_code == 422
