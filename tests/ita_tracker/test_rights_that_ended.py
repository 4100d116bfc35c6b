"""What a person may do follows from what they are now: who was moved, lost a role or was taken out of use
goes on nowhere with a page, a session or a link from before.
"""

from collections.abc import Callable
from typing import Any, Final

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from accounts.models import Agency, Division, JobState, User
from measures.models import Measure
from reports.reminders.messages import STOP
from reports.reminders.services import make_calendar_key
from tests.conftest import SignIn
from tests.ita_tracker.test_permissions import (
    TABLE,
    addresses_of,
    as_signed_in,
    drawn,
    files_take_no_time,
    published,
)
from tests.support.factories import YEAR, make_job
from tests.support.thorough import THOROUGH, in_turn

pytestmark = pytest.mark.django_db
__all__ = ["files_take_no_time", "published"]

REPORT = {"status": "in_progress", "status_reason": "ก", "version": "1"}


def test_staff_of_another_division_report_no_more(
    sign_in: SignIn, people: dict[str, User], measure: Measure
) -> None:
    staff, person = sign_in("staff"), people["staff"]
    assert staff.get(reverse("measure", args=[measure.pk])).status_code == 200
    person.divisions.set([Division.objects.get(agency=person.agency, position=2)])
    step = measure.steps.all()[0]
    for name, key, data in (
        ("measure", measure.pk, REPORT),
        ("tick_step", step.pk, {"done": "1"}),
        ("add_evidence", measure.pk, {"evidence-title": "ก"}),
        ("add_comment", measure.pk, {"comment-text": "ก"}),
        ("put_back", measure.pk, {"save": "1"}),
    ):
        assert staff.post(reverse(name, args=[key]), data).status_code == 403, name
    measure.refresh_from_db()
    assert (measure.version, measure.status) == (1, "not_started")


def moved(person: User) -> None:
    """To another agency, as the administrator does it."""
    User.objects.filter(pk=person.pk).update(agency=Agency.objects.get(slug="elsewhere"))
    person.divisions.clear()


def no_officer(person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_officer=False, is_division_staff=True)


def out_of_use(person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)


@pytest.mark.usefixtures("published", "files_take_no_time", "nothing_waits")
@pytest.mark.parametrize(
    ("ends", "now_as"), [(moved, "stranger"), (no_officer, "other_staff"), (out_of_use, "anonymous")]
)
def test_an_officer_who_is_none_is_answered_as_what_they_are_now(
    sign_in: SignIn, people: dict[str, User], measure: Measure, ends: Callable[[User], None], now_as: str
) -> None:
    """Also about a job that the person has asked for: done again, it would be done as before."""
    officer = sign_in("officer")
    addresses = addresses_of(measure)
    job = make_job(measure.plan.agency, state=JobState.FAILED, error="ก", asked_by=people["officer"])
    addresses |= {name: reverse(name, args=[job.pk]) for name in ("job", "cancel_job", "retry_job")}
    ends(people["officer"])
    place = ("anonymous", "stranger", "staff", "other_staff").index(now_as)
    wrong = {}
    asked = sorted(
        {*in_turn(list(TABLE), place, 3), *((name, "POST") for name in ("cancel_job", "retry_job"))}
    )
    for name, method in asked:
        # What they may do as what they are now is asked elsewhere, and would end this session.
        if name.startswith(("admin", "log", "mfa", "account", "sign_out", "set_password")):
            continue
        with drawn(THOROUGH):
            status = as_signed_in(officer).generic(method, addresses[name]).status_code
        agreed = int(TABLE[name, method].split()[place])
        if status != agreed:
            wrong[name, method] = status, agreed
    assert wrong == {}


def test_links_of_who_is_out_of_use_answer_nothing(client: Client, people: dict[str, User]) -> None:
    person = people["staff"]
    make_calendar_key(person)
    feed = reverse("calendar_feed", args=[person.calendar_key])
    stop = reverse("stop_reminders", args=[signing.dumps(person.pk, salt=STOP)])
    assert [client.get(path).status_code for path in (feed, stop)] == [200, 200]
    out_of_use(person)
    assert [client.get(path).status_code for path in (feed, stop)] == [404, 404]


def test_an_overseer_of_less_sees_less_at_once(
    sign_in: SignIn, people: dict[str, User], measure: Measure
) -> None:
    overseer, where = sign_in("overseer"), f"{reverse('plan', args=[YEAR])}?agency=here"
    assert overseer.get(where).status_code == 200
    User.objects.filter(pk=people["overseer"].pk).update(oversees_everywhere=False)
    assert overseer.get(where).status_code == 404
    assert overseer.get(reverse("measure", args=[measure.pk])).status_code == 404


# --- What a request says of itself --------------------------------------------------------------------

ELSEWHERE: Final = (
    "//evil.example/",
    "https://evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "///evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "/%09/evil.example",
    "\t//evil.example",
    "https:///x",
)


@pytest.mark.parametrize("where", ELSEWHERE)
def test_no_address_that_is_sent_along_leads_to_another_site(
    sign_in: SignIn, people: dict[str, User], where: str
) -> None:
    def leads(response: Any) -> str:
        return str(response.headers.get("Location", ""))

    officer, nobody = sign_in("officer"), Client()
    signs_in = {"username": "staff", "password": "a long enough password", "next": where}
    answers = [
        officer.get(reverse("login"), {"next": where}),
        nobody.post(reverse("login"), signs_in),
        officer.post(reverse("read_news", args=[1]), {"next": where}),
        officer.post(
            reverse("account_reauthenticate"), {"password": "a long enough password", "next": where}
        ),
        officer.get(reverse("year"), {"year": str(YEAR), "room": where}),
        officer.post(reverse("logout"), {"next": where}),
    ]
    for response in answers:
        target = leads(response)
        # As a browser reads it: a backslash is a slash, and blanks at the ends are nothing.
        read = "".join(target.split()).replace("\\", "/")
        assert not read.startswith("//"), target
        assert ":" not in read.split("/")[0], target


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1"},
        {"X-Original-URL": "/people/", "X-Rewrite-URL": "/people/"},
        {"X-Forwarded-Proto": "https", "X-Script-Name": "/x"},
        {"X-HTTP-Method-Override": "POST"},
        {"X-Remote-User": "admin", "Remote-User": "admin"},
    ],
)
def test_a_header_makes_nobody_somebody_else(
    sign_in: SignIn, measure: Measure, headers: dict[str, str]
) -> None:
    staff = sign_in("staff")
    assert staff.get(reverse("people"), headers=headers).status_code == 403
    assert staff.get(reverse("edit_plan", args=[YEAR]), headers=headers).status_code == 403
    assert Client().get(reverse("plans"), headers=headers).status_code == 302
    page = staff.get(reverse("reminders"), headers=headers)
    assert b"evil.example" not in page.content


def test_a_host_that_is_not_the_sites_is_refused(client: Client, people: dict[str, User]) -> None:
    assert client.get(reverse("login"), headers={"Host": "evil.example"}).status_code == 400
