"""The page of reminders: the own switch and calendar; for the officer who gets what, and what was sent."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core import signing
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Agency, User
from measures.models import Measure
from reports.access import can_see_reminders
from reports.models import ReminderSending, ReminderState
from reports.reminders.messages import STOP, stop_address
from reports.reminders.services import note_reminders
from reports.waiting.selectors import waiting_for
from tests.conftest import SignIn
from tests.reports.reminders.conftest import SITE
from tests.reports.reminders.servers import Mailbox
from tests.support.html import read

pytestmark = pytest.mark.django_db

PAGE = "/reminders/"


@pytest.fixture
def noted(owed: Measure, agency: Agency, people: dict[str, User]) -> ReminderSending:
    """A mail to staff of which nobody knows whether it arrived."""
    note_reminders(agency, date(2023, 3, 1))
    ReminderSending.objects.exclude(person=people["staff"]).delete()
    sending = ReminderSending.objects.get()
    sending.state, sending.started_at, sending.error = ReminderState.UNKNOWN, timezone.now(), "ไม่ทราบ"
    sending.save()
    return sending


def test_only_the_officer_sees_who_is_reminded(
    owed: Measure, agency: Agency, people: dict[str, User], sign_in: SignIn
) -> None:
    for role in ("staff", "officer", "executive", "overseer", "admin"):
        page = sign_in(role).get(PAGE).content.decode()
        assert ("จะเตือนใคร" in page) == can_see_reminders(people[role], agency) == (role == "officer")
        assert "ปฏิทินของคุณ" in page
    assert not can_see_reminders(people["stranger"], agency)


def test_the_preview_says_who_gets_what_when_and_why_not(
    owed: Measure, people: dict[str, User], sign_in: SignIn
) -> None:
    User.objects.filter(pk=people["staff"].pk).update(email="")
    page = read(sign_in("officer").get(PAGE))
    rows = {row.one("th").text.split()[0]: row.text for row in page.all("table")[0].all("tr")[1:]}
    assert "officer@here.example.go.th" in rows["officer"]
    assert "ไม่ส่ง · ยังไม่มีอีเมล" in rows["staff"]
    assert "ไม่ส่ง · รายงานครบแล้ว" in rows["other_staff"]
    chips = [chip.text for chip in page.all("li", "chip")]
    assert chips[:2] == ["24 มี.ค. 2566 · อีก 7 วัน", "30 มี.ค. 2566 · อีก 1 วัน"]


def test_the_officer_reads_the_message_but_not_the_person_s_own_way_out(
    owed: Measure, agency: Agency, mailbox: Mailbox, sign_in: SignIn
) -> None:
    def texts() -> list[str]:
        return [text.text for text in read(sign_in("officer").get(PAGE)).all("pre")]

    assert len([text for text in texts() if "มาตรการที่รอ" in text]) == 2
    call_command("send_reminders", stdout=StringIO())
    assert len(texts()) == 4
    assert not [text for text in texts() if "/reminders/stop/" in text]
    reminders = [mail for mail in mailbox.mails if "มาตรการที่รอ" in mail.get_content()]
    assert len(reminders) == 2
    assert all("/reminders/stop/" in mail.get_content() for mail in reminders)


def test_without_a_mail_server_the_page_says_so(owed: Measure, sign_in: SignIn, settings: Settings) -> None:
    settings.MAIL_IS_SET_UP = False
    assert "EMAIL_URL" in read(sign_in("officer").get(PAGE)).one("div", "note").text


def test_what_nobody_knows_of_is_shown_and_repeated_by_hand(
    noted: ReminderSending, mailbox: Mailbox, sign_in: SignIn
) -> None:
    officer = sign_in("officer")
    # That somebody has signed in was told to them.
    mailbox.mails.clear()
    page = read(officer.get(PAGE))
    assert "ไม่ทราบผล 1 รายการ" in page.one("div", "note").text
    answer = officer.post(reverse("repeat_reminder", args=[noted.pk]), follow=True)
    assert read(answer).one("div", "said").text == "ส่งถึง staff@here.example.go.th แล้ว"
    assert len(mailbox.mails) == 1
    answer = officer.post(reverse("repeat_reminder", args=[noted.pk]), follow=True)
    assert "จึงไม่ส่งซ้ำ" in read(answer).one("div", "said").text
    assert len(mailbox.mails) == 1


def test_what_was_refused_is_said_with_its_reason(noted: ReminderSending, sign_in: SignIn) -> None:
    ReminderSending.objects.update(state=ReminderState.REFUSED, error="LINE ไม่รับโทเคนของระบบ", tries=1)
    note = read(sign_in("officer").get(PAGE)).one("div", "note").text
    assert "LINE ไม่รับโทเคนของระบบ" in note
    assert "ระบบจะลองใหม่เอง" in note


def test_another_agency_s_reminder_is_not_there(noted: ReminderSending, sign_in: SignIn) -> None:
    path = reverse("repeat_reminder", args=[noted.pk])
    assert sign_in("stranger").post(path).status_code == 404
    assert sign_in("staff").post(path).status_code == 403
    noted.refresh_from_db()
    assert noted.state == ReminderState.UNKNOWN


def test_everybody_turns_their_own_reminders_off_and_on(people: dict[str, User], sign_in: SignIn) -> None:
    staff = sign_in("staff")
    for on in ("0", "1"):
        staff.post(reverse("reminder_switch"), {"on": on})
        assert User.objects.get(pk=people["staff"].pk).wants_reminders == (on == "1")
    assert User.objects.get(pk=people["officer"].pk).wants_reminders


def test_the_link_in_a_mail_asks_once_and_needs_no_sign_in(people: dict[str, User]) -> None:
    path = stop_address(people["staff"]).removeprefix(SITE)
    reader = Client()
    assert "ยืนยัน" in reader.get(path).content.decode()
    assert User.objects.get(pk=people["staff"].pk).wants_reminders
    assert "ปิดรับการเตือนแล้ว" in reader.post(path).content.decode()
    assert not User.objects.get(pk=people["staff"].pk).wants_reminders
    # Pressed again it says the same.
    assert reader.get(path).status_code == 200


@pytest.mark.parametrize(("token", "signed"), [("x", None), ("1", None), ("", "another"), ("", STOP)])
def test_a_link_that_was_made_up_is_not_found(
    people: dict[str, User], token: str, signed: str | None
) -> None:
    # Of nobody, or signed for something else.
    token = token or signing.dumps(0 if signed == STOP else people["staff"].pk, salt=signed or "")
    assert Client().post(reverse("stop_reminders", args=[token])).status_code == 404


def test_the_list_of_what_was_sent_ends(
    noted: ReminderSending, sign_in: SignIn, people: dict[str, User]
) -> None:
    first = noted.day
    noted.state = ReminderState.REFUSED
    for number in range(1, 70):
        noted.pk, noted.day = None, first + timedelta(days=number)
        noted.save(force_insert=True)
    assert len(read(sign_in("officer").get(PAGE)).all("table")[1].all("tr")) == 51


def test_the_administrator_is_told_why_reminders_did_not_leave(
    noted: ReminderSending, people: dict[str, User], sign_in: SignIn
) -> None:
    admin = people["admin"]
    assert [item.kind for item in waiting_for(admin, noted.day)] == ["without_plan"]
    ReminderSending.objects.update(state=ReminderState.REFUSED, error="ติดต่อเซิร์ฟเวอร์อีเมลไม่ได้")
    assert [item.kind for item in waiting_for(admin, noted.day)] == ["without_plan", "unsent"]
    page = read(sign_in("admin").get(PAGE))
    assert [line.text for line in page.one("ul", "bulleted").all("li")] == ["ติดต่อเซิร์ฟเวอร์อีเมลไม่ได้ · 1 รายการ"]
    # A refusal of a week ago is none any more, nor is one of who wants no mail.
    assert waiting_for(admin, noted.day + timedelta(days=7))[-1].kind == "without_plan"
    User.objects.filter(pk=people["staff"].pk).update(wants_reminders=False)
    assert waiting_for(admin, noted.day)[-1].kind == "without_plan"


@pytest.mark.parametrize("group", ["", "C" + "0a" * 16, " C" + "1" * 32 + " "])
def test_the_officer_names_the_agency_s_line_group(agency: Agency, sign_in: SignIn, group: str) -> None:
    assert sign_in("officer").post(reverse("line_group"), {"line_group": group}).status_code == 302
    assert Agency.objects.get(pk=agency.pk).line_group == group.strip()


@pytest.mark.parametrize("group", ["x", "U" + "1" * 32, "C" + "1" * 31, "C" + "1" * 70])
def test_what_is_no_line_group_is_said_and_nothing_typed_is_lost(
    agency: Agency, sign_in: SignIn, group: str
) -> None:
    answer = sign_in("officer").post(reverse("line_group"), {"line_group": group})
    assert answer.status_code == 422
    page = read(answer)
    assert page.one("div", "errors").all("li")
    assert page.one("input", id="id_line_group")["value"] == group
    assert Agency.objects.get(pk=agency.pk).line_group == ""
