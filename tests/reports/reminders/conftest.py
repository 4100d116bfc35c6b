"""A plan with something to report, people with mail, and servers on this machine."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from pytest_django import Settings
from time_machine import TimeMachineFixture

from accounts.models import User
from measures.models import Measure, Plan
from tests.reports.reminders.servers import LineApi, Mailbox, line_api, mail_server
from tests.support.factories import OFFICE, make_measure

SITE = "https://ita.example.go.th"


def use_mail_server(settings: Settings, port: int) -> None:
    """Let the site send its mail there."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.MAIL_IS_SET_UP = True


@pytest.fixture(autouse=True)
def site(settings: Settings, time_machine: TimeMachineFixture) -> None:
    """09:00 on 1 March 2566 in the office: thirty days before the end of the first round."""
    settings.PUBLIC_URL = SITE
    settings.MAIL_IS_SET_UP = True
    time_machine.move_to(datetime(2023, 3, 1, 9, 0, tzinfo=OFFICE), tick=False)


@pytest.fixture
def owed(plan: Plan, people: dict[str, User]) -> Measure:
    """A measure on which the first division owes its report; officer, staff and other staff have mail."""
    for name in ("officer", "staff", "other_staff"):
        people[name].email = f"{name}@here.example.go.th"
        people[name].save()
    return make_measure(plan, "มาตรการที่รอ")


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    """A real SMTP server to which the site sends."""
    with mail_server() as box:
        use_mail_server(settings, box.port)
        yield box


@pytest.fixture
def line(settings: Settings, plan: Plan) -> Iterator[LineApi]:
    """A stand-in for LINE, a token, and a group of the agency."""
    plan.agency.line_group = "C0123456789abcdef"
    plan.agency.save()
    settings.LINE_CHANNEL_TOKEN = "a-token"
    with line_api() as api:
        settings.LINE_API_URL = api.address
        yield api
