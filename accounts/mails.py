"""Mails to people: plain Thai text, sent in the background where there is a worker."""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django_tasks import task

SUBJECT_PREFIX = "[ITA Tracker]"


def send_mail(to: str, subject: str, lines: Sequence[str]) -> None:
    """Have a mail sent; nothing happens where no mail is set up or the person has no address.

    To be called after a transaction and not within one: a mail server may take its time.
    """
    if settings.MAIL_IS_SET_UP and to:
        deliver_mail.enqueue(to, f"{SUBJECT_PREFIX} {subject}", "\n".join(lines))


@task()
def deliver_mail(to: str, subject: str, body: str) -> None:
    """Hand one mail to the mail server; raises what the server answers."""
    EmailMessage(subject, body, to=[to]).send()
