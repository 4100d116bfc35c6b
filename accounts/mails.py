"""Mails to people: plain Thai text, all by one task, in the background where there is a worker."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from smtplib import SMTPAuthenticationError, SMTPResponseException
from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.dispatch import receiver
from django.utils import timezone
from django_tasks import TaskResult, TaskResultStatus, task
from django_tasks.signals import task_finished
from django_tasks_db.models import DBTaskResult

MAX_TRIES: Final = 5
PAUSES: Final = (1, 5, 30, 120)
"""Minutes before the second try, the third …"""

SUBJECT_PREFIX: Final = "[ITA Tracker]"

logger = logging.getLogger(__name__)


def send_mail(to: str, subject: str, lines: Sequence[str]) -> None:
    """Have a mail sent; nothing happens where no mail is set up or the person has no address.

    Within a transaction it is sent only if that is stored.
    """
    if settings.MAIL_IS_SET_UP and to:
        send_mail_task.enqueue(f"{SUBJECT_PREFIX} {subject}", "\n".join(lines), [to])


@task
def send_mail_task(subject: str, text: str, to: Sequence[str], html: str = "", tries: int = 1) -> str:
    """Send a mail; where the server surely has not taken it, try again later, five times in all.

    What was broken off in the middle may have arrived: it is not sent again by itself. A mail that could not
    be sent is a failed task, which the administrator sees.

    Args:
        to: the addresses; all of them see one another.
        html: the same as a page; empty for none.
        tries: which try this is.

    Raises:
        OSError, SMTPException: it was not sent, or it is not known whether it was.
    """
    connection = get_connection()
    message = EmailMultiAlternatives(subject, text, to=list(to), connection=connection)
    if html:
        message.attach_alternative(html, "text/html")
    try:
        connection.open()
    except OSError as error:
        # A refused sign-in stays refused until the administrator mends it, but nothing was sent.
        return _later(error, subject, text, to, html, tries)
    try:
        message.send()
    except SMTPResponseException as error:
        # The server has answered, and the answer was no.
        if 400 <= error.smtp_code < 500 and not isinstance(error, SMTPAuthenticationError):
            return _later(error, subject, text, to, html, tries)
        raise
    finally:
        connection.close()
    return "sent"


def _later(error: Exception, subject: str, text: str, to: Sequence[str], html: str, tries: int) -> str:
    if tries >= MAX_TRIES or not send_mail_task.get_backend().supports_defer:
        raise error
    logger.warning("A mail is tried again: %s", error)
    after = timezone.now() + timedelta(minutes=PAUSES[tries - 1])
    send_mail_task.using(run_after=after).enqueue(subject, text, list(to), html, tries + 1)
    return "tried again later"


@receiver(task_finished)
def forget_what_was_sent(task_result: TaskResult[object], **_: object) -> None:
    """A mail may hold a link that is as good as a password: what was sent is not kept for seven days."""
    sent = task_result.status == TaskResultStatus.SUCCESSFUL
    if (
        sent
        and task_result.task.func is send_mail_task.func
        and send_mail_task.get_backend().supports_get_result
    ):
        DBTaskResult.objects.filter(pk=task_result.id).update(args_kwargs={"args": [], "kwargs": {}})
