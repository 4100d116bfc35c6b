"""Reminders are noted before they are sent, sent once, and what nobody knows of is repeated only by hand."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Agency, Division, User
from core.locking import StaleEdit
from measures.models import Measure, Plan
from reports.models import ReminderSending, ReminderState, Round, RoundState
from reports.new_year.services import open_year
from reports.reminders.digests import digests_on
from reports.reminders.services import MAX_TRIES, deliver, note_reminders, repeat, to_send
from tests.reports.reminders.conftest import SITE, use_mail_server
from tests.reports.reminders.servers import LineApi, Mailbox, free_port, silent_server
from tests.support.factories import YEAR, make_measure

pytestmark = pytest.mark.django_db

DAY = date(2023, 3, 1)


def remind(on: date = DAY) -> str:
    out = StringIO()
    call_command("send_reminders", on=on.isoformat(), stdout=out)
    return out.getvalue()


def sent_to(mailbox: Mailbox) -> list[str]:
    return sorted(str(mail["To"]) for mail in mailbox.mails)


def states() -> list[tuple[str, str]]:
    return sorted(ReminderSending.objects.values_list("address", "state"))


# --- Who gets what -----------------------------------------------------------------------------------


def test_who_owes_a_report_and_the_officer_are_sent_one_mail_each(owed: Measure, mailbox: Mailbox) -> None:
    remind()
    assert sent_to(mailbox) == ["officer@here.example.go.th", "staff@here.example.go.th"]
    assert [state for _, state in states()] == ["sent", "sent"]


def test_a_mail_is_plain_thai_text_with_whole_addresses(
    owed: Measure, mailbox: Mailbox, people: dict[str, User]
) -> None:
    make_measure(owed.plan, "ที่เลยกำหนด", position=2, due_on=date(2023, 2, 1))
    remind()
    (mail,) = [mail for mail in mailbox.mails if mail["To"] == "staff@here.example.go.th"]
    assert mail["Subject"].strip() == "ITA: รอรายงาน 2 มาตรการ รอบ 6 เดือน ภายใน 31 มี.ค. 2566 (อีก 30 วัน)"
    assert mail.get_content_type() == "text/plain"
    text = mail.get_content()
    for said in (
        "เรียน staff",
        "รอบ 6 เดือน ปีงบประมาณ พ.ศ. 2566 ภายในวันที่ 31 มีนาคม 2566 (อีก 30 วัน)",
        "กองที่ 1\n- มาตรการที่รอ\n- ที่เลยกำหนด (เกินกำหนดตั้งแต่ 1 ก.พ. 2566)",
        f"{SITE}/work/",
        f"{SITE}/reminders/stop/",
    ):
        assert said in text.replace("\r\n", "\n")
    assert mail["List-Unsubscribe"].strip().startswith(f"<{SITE}/reminders/stop/")


def test_the_officer_is_told_which_divisions_owe_what(owed: Measure, mailbox: Mailbox) -> None:
    make_measure(owed.plan, "ร่วมกัน", position=2, divisions=2)
    remind()
    (mail,) = [mail for mail in mailbox.mails if mail["To"] == "officer@here.example.go.th"]
    assert "รอรายงานจาก 2 ส่วนราชการ" in mail["Subject"]
    text = mail.get_content().replace("\r\n", "\n")
    assert "กองที่ 1\n- มาตรการที่รอ\n- ร่วมกัน\n\nกองที่ 2\n- ร่วมกัน" in text
    assert f"{SITE}/reports/{YEAR}/6/" in text


@pytest.mark.parametrize("why", ["off", "no mail", "inactive", "reported", "submitted", "closed"])
def test_nothing_is_sent_to_who_does_not_want_or_need_it(
    owed: Measure, mailbox: Mailbox, people: dict[str, User], why: str
) -> None:
    staff = User.objects.filter(pk=people["staff"].pk)
    match why:
        case "off":
            staff.update(wants_reminders=False)
        case "no mail":
            staff.update(email="")
        case "inactive":
            staff.update(is_active=False)
        case "reported":
            Measure.objects.update(reported_at=timezone.now(), status="in_progress")
        case "submitted":
            Round.objects.update(state=RoundState.SUBMITTED)
        case _:
            Plan.objects.update(closed_at=timezone.now())
    remind()
    assert "staff@here.example.go.th" not in sent_to(mailbox)


def test_two_rounds_are_one_message(owed: Measure, mailbox: Mailbox, plan: Plan) -> None:
    # In November the year before is late, and its twelve-month round is still open beside the new year.
    make_measure(open_year(plan.agency, YEAR + 1), "ปีใหม่")
    plan.agency.days_before_round_end = 0
    remind(date(2023, 10, 1))
    to_staff = [mail for mail in mailbox.mails if mail["To"] == "staff@here.example.go.th"]
    assert len(to_staff) == 1
    text = to_staff[0].get_content()
    assert "รอบ 6 เดือน ปีงบประมาณ พ.ศ. 2566" in text
    assert "รอบ 12 เดือน ปีงบประมาณ พ.ศ. 2566" in text


def test_the_days_are_counted_from_the_agency_s_own_deadline(owed: Measure, mailbox: Mailbox) -> None:
    owed.plan.agency.days_before_round_end = 10
    owed.plan.agency.save()
    remind()
    assert mailbox.mails == []
    remind(date(2023, 3, 14))
    assert {mail["Subject"].rpartition(" ภายใน ")[2] for mail in mailbox.mails} == {"21 มี.ค. 2566 (อีก 7 วัน)"}


def test_it_is_sent_weekly_when_late(owed: Measure, mailbox: Mailbox) -> None:
    for day in range(1, 16):
        remind(date(2023, 4, day))
    late = [mail for mail in mailbox.mails if mail["To"] == "staff@here.example.go.th"]
    assert ["เลยกำหนดแล้ว 1 วัน" in late[0]["Subject"], len(late)] == [True, 3]


# --- Once --------------------------------------------------------------------------------------------


def test_called_again_it_sends_nothing_again(owed: Measure, mailbox: Mailbox) -> None:
    for on in (DAY, DAY, DAY + timedelta(days=2)):
        remind(on)
    assert len(mailbox.mails) == 2


def test_a_dry_run_says_who_gets_what_and_sends_and_notes_nothing(owed: Measure, mailbox: Mailbox) -> None:
    out = StringIO()
    call_command("send_reminders", "--dry-run", stdout=out)
    assert "staff <staff@here.example.go.th> ITA: รอรายงาน 1 มาตรการ" in out.getvalue()
    assert "ทั้งหมด 2 รายการ ยังไม่ได้ส่ง" in out.getvalue()
    assert (mailbox.mails, states()) == ([], [])


@pytest.mark.django_db(transaction=True)
def test_two_at_once_send_each_only_once(owed: Measure, mailbox: Mailbox, agency: Agency) -> None:
    def run(_: int) -> None:
        try:
            note_reminders(agency, DAY)
            for parcel in to_send(DAY):
                deliver(parcel)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(4)))
    assert sent_to(mailbox) == ["officer@here.example.go.th", "staff@here.example.go.th"]
    assert ReminderSending.objects.count() == 2


def test_what_was_noted_and_never_begun_is_sent_by_the_next_run(
    owed: Measure, mailbox: Mailbox, agency: Agency
) -> None:
    assert note_reminders(agency, DAY) == 2
    assert mailbox.mails == []
    remind()
    assert len(mailbox.mails) == 2


# --- How it ends -------------------------------------------------------------------------------------


def killed_while_sending(agency: Agency, address: str) -> ReminderSending:
    """As it is left behind where the process is killed between sending and noting."""
    note_reminders(agency, DAY)
    sending = ReminderSending.objects.get(address=address)
    sending.started_at, sending.tries = timezone.now(), 1
    sending.save()
    return sending


def test_of_what_was_broken_off_nobody_knows_and_it_is_not_sent_again_by_itself(
    owed: Measure, mailbox: Mailbox, agency: Agency
) -> None:
    sending = killed_while_sending(agency, "staff@here.example.go.th")
    remind()
    assert sent_to(mailbox) == ["officer@here.example.go.th"]
    sending.refresh_from_db()
    # It may still be on its way.
    assert (sending.state, sending.outcome) == (ReminderState.NOTED, ReminderState.NOTED)
    ReminderSending.objects.filter(pk=sending.pk).update(started_at=timezone.now() - timedelta(minutes=16))
    sending.refresh_from_db()
    assert sending.outcome == ReminderState.UNKNOWN
    assert "ไม่ทราบผล 1 รายการ" in remind()
    sending.refresh_from_db()
    assert sending.state == ReminderState.UNKNOWN
    assert sent_to(mailbox) == ["officer@here.example.go.th"]


def test_what_nobody_knows_of_is_repeated_by_hand_under_the_same_name(
    owed: Measure, mailbox: Mailbox, agency: Agency
) -> None:
    sending = killed_while_sending(agency, "staff@here.example.go.th")
    with pytest.raises(StaleEdit):
        repeat(sending)
    ReminderSending.objects.filter(pk=sending.pk).update(state=ReminderState.UNKNOWN)
    repeat(sending)
    assert deliver([sending.pk]) == 1
    assert mailbox.mails[0]["Message-ID"] == f"<{sending.retry_key}@ita.example.go.th>"
    with pytest.raises(StaleEdit):
        repeat(sending)


def test_a_server_that_is_not_there_is_said_and_tried_again_by_the_next_runs_up_to_a_bound(
    owed: Measure, settings: Settings
) -> None:
    use_mail_server(settings, free_port())
    for run in range(1, MAX_TRIES + 3):
        remind()
        found = ReminderSending.objects.first()
        assert found is not None
        assert (found.state, found.error) == ("refused", "ติดต่อเซิร์ฟเวอร์อีเมลไม่ได้")
        assert found.tries == min(run, MAX_TRIES)


def test_after_the_server_is_back_the_next_run_sends(
    owed: Measure, settings: Settings, mailbox: Mailbox
) -> None:
    use_mail_server(settings, free_port())
    remind()
    use_mail_server(settings, mailbox.port)
    remind()
    assert len(mailbox.mails) == 2
    assert {state for _, state in states()} == {"sent"}


def test_a_server_that_hangs_is_waited_for_once_and_not_by_each(owed: Measure, settings: Settings) -> None:
    settings.EMAIL_TIMEOUT = 1
    with silent_server() as port:
        use_mail_server(settings, port)
        remind()
    errors = set(ReminderSending.objects.values_list("state", "error"))
    assert errors == {("refused", "เซิร์ฟเวอร์อีเมลไม่ตอบภายใน 1 วินาที")}


def test_an_address_that_the_server_refuses_stops_no_other(owed: Measure, mailbox: Mailbox) -> None:
    mailbox.refuses = {"officer@here.example.go.th": "550 no such user"}
    remind()
    assert sent_to(mailbox) == ["staff@here.example.go.th"]
    refused = ReminderSending.objects.get(address="officer@here.example.go.th")
    assert refused.state == ReminderState.REFUSED
    assert "550 no such user" in refused.error


def test_of_a_line_that_breaks_while_a_mail_is_handed_over_nobody_knows(
    owed: Measure, mailbox: Mailbox
) -> None:
    mailbox.drops = True
    remind()
    assert {state for _, state in states()} == {"unknown"}
    mailbox.drops = False
    remind()
    assert mailbox.mails == []


def test_who_turns_it_off_meanwhile_is_not_sent_what_was_noted(
    owed: Measure, mailbox: Mailbox, agency: Agency, people: dict[str, User]
) -> None:
    note_reminders(agency, DAY)
    User.objects.filter(pk=people["staff"].pk).update(wants_reminders=False)
    remind()
    assert sent_to(mailbox) == ["officer@here.example.go.th"]
    assert ReminderSending.objects.get(person=people["staff"]).tries == MAX_TRIES


# --- LINE --------------------------------------------------------------------------------------------


def to_group() -> ReminderSending:
    return ReminderSending.objects.get(person=None)


def test_a_group_is_sent_the_divisions_and_measures_in_one_post(
    owed: Measure, line: LineApi, mailbox: Mailbox
) -> None:
    remind()
    ((path, headers, body),) = line.posts
    assert path == "/v2/bot/message/push"
    assert headers["Authorization"] == "Bearer a-token"
    assert headers["X-Line-Retry-Key"] == str(to_group().retry_key)
    assert body["to"] == "C0123456789abcdef"
    (message,) = body["messages"]
    assert message["type"] == "text"
    assert "กองที่ 1\n- มาตรการที่รอ" in message["text"]
    assert f"{SITE}/" in message["text"]
    assert to_group().state == ReminderState.SENT


@pytest.mark.parametrize(
    ("status", "headers", "state", "said"),
    [
        (400, {}, "refused", "รหัสกลุ่ม LINE"),
        (401, {}, "refused", "LINE_CHANNEL_TOKEN"),
        (403, {}, "refused", "ไม่มีสิทธิ"),
        (409, {"x-line-accepted-request-id": "a"}, "sent", ""),
        (409, {}, "unknown", "409"),
        (429, {}, "refused", "โควตา"),
        (500, {}, "unknown", "500"),
    ],
)
def test_an_answer_of_line_is_taken_as_its_documentation_says(
    owed: Measure,
    line: LineApi,
    mailbox: Mailbox,
    status: int,
    headers: dict[str, str],
    state: str,
    said: str,
) -> None:
    line.answers = [(status, headers, {"message": "x"})]
    remind()
    assert to_group().state == state
    assert said in to_group().error
    # The next run tries what was refused, and leaves alone what nobody knows of.
    remind()
    assert len(line.posts) == (2 if state == "refused" else 1)


def test_repeated_by_hand_a_message_keeps_its_retry_key_and_line_takes_it_once(
    owed: Measure, line: LineApi, mailbox: Mailbox
) -> None:
    remind()
    # It arrived, but the answer was lost.
    ReminderSending.objects.filter(person=None).update(state=ReminderState.UNKNOWN, sent_at=None)
    repeat(to_group())
    deliver([to_group().pk])
    keys = {headers["X-Line-Retry-Key"] for _, headers, _ in line.posts}
    assert (len(line.posts), len(keys)) == (2, 1)
    assert to_group().state == ReminderState.SENT


def test_of_a_line_that_does_not_answer_nobody_knows(
    owed: Measure, line: LineApi, mailbox: Mailbox, settings: Settings
) -> None:
    settings.EMAIL_TIMEOUT = 1
    with silent_server() as port:
        settings.LINE_API_URL = f"http://127.0.0.1:{port}"
        remind()
    assert to_group().state == ReminderState.UNKNOWN


@pytest.mark.parametrize("lacks", ["token", "group"])
def test_without_a_token_or_a_group_nothing_goes_to_line(
    owed: Measure, line: LineApi, mailbox: Mailbox, settings: Settings, lacks: str
) -> None:
    if lacks == "token":
        settings.LINE_CHANNEL_TOKEN = ""
    else:
        Agency.objects.update(line_group="")
    remind()
    assert line.posts == []


def test_a_long_list_fits_into_one_message(owed: Measure, line: LineApi, mailbox: Mailbox) -> None:
    for number in range(2, 60):
        make_measure(owed.plan, "มาตรการที่มีชื่อยาวมาก " * 10, position=number)
    remind()
    text = line.posts[0][2]["messages"][0]["text"]
    assert len(text) <= 5_000
    assert "กองที่ 1 59 มาตรการ" in text


# --- The command -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("unset", "said"), [("PUBLIC_URL", "PUBLIC_URL"), ("MAIL_IS_SET_UP", "EMAIL_URL")])
def test_what_is_not_set_up_is_said_in_one_line(
    owed: Measure, settings: Settings, unset: str, said: str
) -> None:
    setattr(settings, unset, "")
    with pytest.raises(CommandError, match=said):
        remind()
    assert states() == []


def test_a_day_that_is_none_is_refused(owed: Measure) -> None:
    with pytest.raises(CommandError, match="31/3/2566"):
        call_command("send_reminders", on="31/3/2566")


def test_forty_divisions_cost_no_more_queries_than_two(owed: Measure, agency: Agency) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert digests_on(agency, DAY)
        return len(asked)

    few = queries()
    for number in range(3, 41):
        Division.objects.create(agency=agency, name=f"กองที่ {number}", position=number)
    make_measure(owed.plan, "ทุกกอง", position=2, divisions=40)
    assert queries() == few
