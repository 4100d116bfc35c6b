"""Sessions: when they end, where one is signed in, what the browser may keep, the password again."""

import json
import os
import secrets
import subprocess
import sys
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from django.conf import settings as site_settings
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from time_machine import TimeMachineFixture

from accounts.models import SiteSession, User
from accounts.sessions.services import MAX_SESSIONS, mark_of
from measures.models import Measure
from tests.conftest import SignIn
from tests.support.factories import OFFICE, PASSWORD
from tests.support.html import read

pytestmark = pytest.mark.django_db

SESSIONS: Final = "/account/sessions/"
CHROME: Final = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36"
LINE: Final = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36 Line/14.1"


def signed_in(name: str = "staff", agent: str = CHROME, address: str = "203.0.113.77") -> Client:
    client = Client(headers={"User-Agent": agent}, REMOTE_ADDR=address)
    answer = client.post(reverse("login"), {"username": name, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("account")).status_code == 200


# --- When they end ------------------------------------------------------------------------------------


@pytest.fixture
def morning(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(datetime(2023, 2, 1, 8, 0, tzinfo=OFFICE), tick=False)


@pytest.mark.usefixtures("morning", "people")
def test_who_does_nothing_for_two_hours_signs_in_again(time_machine: TimeMachineFixture) -> None:
    client = signed_in()
    time_machine.shift(timedelta(hours=1, minutes=59))
    assert is_in(client)
    time_machine.shift(timedelta(hours=1, minutes=59))
    assert is_in(client)
    time_machine.shift(timedelta(hours=2, seconds=1))
    assert not is_in(client)


@pytest.mark.usefixtures("morning", "people")
def test_both_limits_are_settings(time_machine: TimeMachineFixture, settings: Settings) -> None:
    settings.SESSION_IDLE_MINUTES, settings.SESSION_HOURS = 30, 1
    client = signed_in()
    for _ in range(2):
        time_machine.shift(timedelta(minutes=29))
        assert is_in(client)
    time_machine.shift(timedelta(minutes=3))
    assert not is_in(client), "an hour is over, however busy it was"


@pytest.mark.usefixtures("morning", "people")
def test_a_page_writes_that_it_was_looked_at_once_in_five_minutes(
    time_machine: TimeMachineFixture,
) -> None:
    client = signed_in()
    seen = []
    for minutes in (0, 4, 1, 4):
        time_machine.shift(timedelta(minutes=minutes))
        is_in(client)
        seen.append(SiteSession.objects.get().seen_at)
    assert seen[0] == seen[1] != seen[2] == seen[3]


@pytest.mark.usefixtures("morning", "people")
def test_what_is_over_is_deleted_at_the_next_sign_in(time_machine: TimeMachineFixture) -> None:
    signed_in("officer")
    time_machine.shift(timedelta(hours=13))
    signed_in("staff")
    assert [row.person and row.person.username for row in SiteSession.objects.all()] == ["staff"]


@pytest.mark.usefixtures("people")
def test_of_one_person_only_so_many_are_kept() -> None:
    clients = [signed_in() for _ in range(MAX_SESSIONS + 2)]
    assert SiteSession.objects.count() == MAX_SESSIONS
    assert [is_in(client) for client in clients] == [False] * 2 + [True] * MAX_SESSIONS


# --- Where one is signed in ---------------------------------------------------------------------------


@pytest.mark.usefixtures("people")
def test_a_person_sees_their_devices_and_signs_out_one() -> None:
    here, there = signed_in(), signed_in(agent=LINE, address="2001:db8:1:2:3:4:5:6")
    signed_in("officer")
    rows = read(here.get(SESSIONS)).one("tbody").all("tr")
    texts = [row.text for row in rows]
    assert len(texts) == 2
    assert "Chrome บน Windows" in texts[0]
    assert "203.0.113.x" in texts[0]
    assert "เครื่องนี้" in texts[0]
    assert "LINE บน Android" in texts[1]
    assert "2001:0db8:0001:…" in texts[1]
    assert "203.0.113.77" not in here.get(SESSIONS).content.decode(), "only a part of the address is kept"
    answer = here.post(rows[1].one("form")["action"], follow=True)
    assert "ออกจากระบบที่เครื่องนั้นแล้ว" in read(answer).one(class_="said").text
    assert (is_in(here), is_in(there)) == (True, False)
    assert "ออกจากระบบไปแล้ว" in here.post(rows[1].one("form")["action"], follow=True).content.decode()


@pytest.mark.usefixtures("people")
def test_nobody_ends_a_session_of_somebody_else() -> None:
    own, other = signed_in(), signed_in("officer")
    row = SiteSession.objects.get(person__username="officer")
    own.post(reverse("sign_out_device", args=[mark_of(row)]))
    assert is_in(other)


@pytest.mark.usefixtures("people")
def test_the_page_does_not_tell_what_a_cookie_holds() -> None:
    client = signed_in()
    keys = list(SiteSession.objects.values_list("session_key", flat=True))
    page = client.get(SESSIONS).content.decode()
    assert keys
    assert not [key for key in keys if key in page]


@pytest.mark.usefixtures("people")
def test_signing_out_everywhere_leaves_this_session_alone() -> None:
    here, there = signed_in(), signed_in()
    here.post(reverse("sign_out_everywhere"))
    assert (is_in(here), is_in(there)) == (True, False)
    assert SiteSession.objects.count() == 1


def test_a_new_device_is_told_by_mail_and_a_known_one_is_not(
    people: dict[str, User], settings: Settings, mailoutbox: list[EmailMessage]
) -> None:
    settings.MAIL_IS_SET_UP = True
    User.objects.filter(pk=people["staff"].pk).update(email="staff@example.go.th")
    client = signed_in()
    (mail,) = mailoutbox
    assert mail.to == ["staff@example.go.th"]
    assert "เครื่องใหม่" in mail.subject
    assert "Chrome บน Windows จาก: 203.0.113.x" in mail.body
    client.post(reverse("logout"))
    client.post(reverse("login"), {"username": "staff", "password": PASSWORD})
    assert is_in(client)
    assert len(mailoutbox) == 1


# --- What the browser may keep ------------------------------------------------------------------------


def test_no_page_of_who_is_signed_in_is_kept(sign_in: SignIn, measure: Measure) -> None:
    client = sign_in("staff")
    for path in (reverse("account"), reverse("measure", args=[measure.pk]), reverse("work"), reverse("help")):
        assert "no-store" in client.get(path)["Cache-Control"], path
    part = client.get(reverse("measure", args=[measure.pk]), headers={"HX-Request": "true"})
    assert "no-store" in part["Cache-Control"]
    refused = client.post(reverse("account"), {"full_name": ""})
    assert (refused.status_code, "no-store" in refused["Cache-Control"]) == (422, True)
    assert "no-store" in client.get("/nothing/")["Cache-Control"]


def test_pages_for_everybody_may_be_kept(client: Client, db: None) -> None:
    for path in (reverse("public"), reverse("privacy"), reverse("help")):
        assert "no-store" not in client.get(path).get("Cache-Control", ""), path


def test_with_https_the_cookies_are_the_host_s_own() -> None:
    """Read anew with the settings of a production site, in a process of its own."""
    code = (
        "import json; from ita_tracker import settings as s;"
        "print(json.dumps([s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.DEVICE_COOKIE_NAME,"
        " s.MESSAGE_COOKIE_NAME, s.SESSION_COOKIE_SECURE]))"
    )
    told = {}
    for https in ("on", "off"):
        site = {"SECRET_KEY": secrets.token_urlsafe(50), "ALLOWED_HOSTS": "ita.example.go.th"}
        found = subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | site | {"HTTPS": https},
            cwd=site_settings.BASE_DIR,
            check=True,
            capture_output=True,
            text=True,
        )
        told[https] = json.loads(found.stdout)
    names = ["sessionid", "csrftoken", "device", "messages"]
    assert told["on"] == [*(f"__Host-{name}" for name in names), True]
    assert told["off"] == [*names, False]


# --- The password again -------------------------------------------------------------------------------


@pytest.mark.usefixtures("morning")
def test_people_s_rights_change_only_soon_after_the_password(
    people: dict[str, User], time_machine: TimeMachineFixture
) -> None:
    client = signed_in("officer")
    path = reverse("person_active", args=[people["staff"].pk])
    time_machine.shift(timedelta(minutes=14))
    assert client.post(path, {"active": "0"})["Location"] == reverse("people")
    time_machine.shift(timedelta(minutes=2))
    asked = client.post(path, {"active": "1"})
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    staff = User.objects.get(username="staff")
    assert not staff.is_active, "nothing was done yet"
    wrong = client.post(asked["Location"], {"password": "wrong"})
    assert wrong.status_code == 422
    done = client.post(asked["Location"], {"password": PASSWORD})
    assert done["Location"] == reverse("people")
    staff.refresh_from_db()
    assert staff.is_active, "what was asked for goes on by itself"
    # And for a quarter of an hour it is not asked for again.
    time_machine.shift(timedelta(minutes=14))
    assert client.post(path, {"active": "0"})["Location"] == reverse("people")


@pytest.mark.usefixtures("morning")
@pytest.mark.parametrize("name", ["person", "person_password", "person_active"])
def test_no_way_to_people_s_rights_is_without_it(
    people: dict[str, User], time_machine: TimeMachineFixture, name: str
) -> None:
    client = signed_in("officer")
    path = reverse(name, args=[people["staff"].pk])
    data: dict[str, Any] = {}
    if name == "person":
        data = read(client.get(path)).one("main").all("form")[0].form_data() | {"full_name": "คนอื่น"}
    time_machine.shift(timedelta(minutes=16))
    assert client.post(path, data)["Location"].startswith(reverse("account_reauthenticate"))


@pytest.mark.usefixtures("morning")
def test_the_administrator_s_pages_ask_for_it_too(
    people: dict[str, User], time_machine: TimeMachineFixture
) -> None:
    client = signed_in("admin")
    time_machine.shift(timedelta(minutes=16))
    for path in (
        reverse("admin:accounts_user_change", args=[people["staff"].pk]),
        reverse("admin:accounts_user_add"),
        reverse("admin:auth_user_password_change", args=[people["staff"].pk]),
    ):
        assert client.post(path, {})["Location"].startswith(reverse("account_reauthenticate")), path


@pytest.mark.usefixtures("morning")
def test_who_has_no_password_here_signs_in_elsewhere_again(
    people: dict[str, User], time_machine: TimeMachineFixture, settings: Settings
) -> None:
    client = signed_in("officer")
    officer = people["officer"]
    User.objects.filter(pk=officer.pk).update(password="!unusable")
    client.force_login(User.objects.get(pk=officer.pk), "django.contrib.auth.backends.ModelBackend")
    settings.OIDC_SERVER_URL = "https://id.example.go.th"
    time_machine.shift(timedelta(minutes=16))
    answer = client.post(reverse("person_active", args=[people["staff"].pk]), {"active": "0"})
    assert answer["Location"].startswith(reverse("openid_connect_login", args=["office"]))
    assert User.objects.get(username="staff").is_active
