"""The task that sends a mail: once, again where it surely was not sent, and otherwise shown as failed."""

from datetime import timedelta
from smtplib import SMTPConnectError, SMTPDataError, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from accounts.mails import MAX_TRIES, send_mail_task
from tests.support.workers import work_once

pytestmark = pytest.mark.django_db
TO = ["a@example.go.th"]


def test_a_mail_is_sent_as_text_and_as_a_page() -> None:
    send_mail_task.enqueue("หัวเรื่อง", "ข้อความ", TO, "<p>ข้อความ</p>")
    (sent,) = mail.outbox
    assert (sent.subject, sent.body, sent.to) == ("หัวเรื่อง", "ข้อความ", TO)
    assert isinstance(sent, EmailMultiAlternatives)
    assert sent.alternatives[0][1] == "text/html"


@pytest.mark.parametrize("error", [SMTPConnectError(421, "busy"), ConnectionRefusedError(), TimeoutError()])
@pytest.mark.usefixtures("queue")
def test_a_server_that_is_not_there_is_tried_again_later(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def refused(self: EmailBackend) -> None:
        raise error

    monkeypatch.setattr(EmailBackend, "open", refused)
    assert send_mail_task.call("ก", "ข", TO) == "tried again later"
    row = DBTaskResult.objects.get()
    assert row.args_kwargs["args"] == ["ก", "ข", TO, "", 2]
    assert row.run_after > timezone.now() + timedelta(seconds=50)
    with pytest.raises(type(error)):
        send_mail_task.call("ก", "ข", TO, "", MAX_TRIES)
    assert DBTaskResult.objects.filter(status=TaskResultStatus.READY).count() == 1


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (SMTPDataError(451, "later"), True),
        (SMTPDataError(550, "never"), False),
        (SMTPServerDisconnected(), False),
    ],
)
@pytest.mark.usefixtures("queue")
def test_what_may_have_arrived_is_not_sent_again(
    monkeypatch: pytest.MonkeyPatch, error: Exception, *, again: bool
) -> None:
    def broken_off(self: EmailBackend, messages: object) -> None:
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", broken_off)
    if again:
        send_mail_task.call("ก", "ข", TO)
    else:
        with pytest.raises(type(error)):
            send_mail_task.call("ก", "ข", TO)
    assert DBTaskResult.objects.exists() is again


@pytest.mark.usefixtures("queue")
def test_what_was_sent_is_not_kept_in_the_queue() -> None:
    send_mail_task.enqueue("ก", "https://ita.example.go.th/secret/", TO)
    assert work_once() == "sent"
    assert len(mail.outbox) == 1
    assert DBTaskResult.objects.get().args_kwargs == {"args": [], "kwargs": {}}
