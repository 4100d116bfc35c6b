"""The page of a job: how far it is, with and without a script; cancelled and asked for again by who may."""

import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.background.runs import Run
from accounts.models import Agency, BackgroundJob, JobState, User
from tests.accounts.background.conftest import KnownKind
from tests.conftest import SignIn
from tests.support.factories import make_job

pytestmark = pytest.mark.django_db


def said(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", "", response.content.decode()))


@pytest.fixture
def running(agency: Agency, people: dict[str, User], kind: KnownKind) -> BackgroundJob:
    kind("long", lambda run: "/there/", may_cancel=True)
    now = timezone.now()
    unfinished = {"state": JobState.RUNNING, "ended_at": None, "started_at": now, "lease_until": now}
    return make_job(agency, kind="long", **unfinished, done=2, doing="ทำไฟล์ที่ 3", asked_by=people["officer"])


def test_a_reload_shows_how_far_it_is(running: BackgroundJob, sign_in: SignIn) -> None:
    page = sign_in("staff").get(reverse("job", args=[running.pk]))
    assert "กำลังทำไฟล์ที่ 3 เสร็จแล้ว 2 จาก 5" in said(page)
    assert 'max="5" value="2"' in page.content.decode()
    assert "ยกเลิกงานนี้" not in said(page)
    assert "ยกเลิกงานนี้" in said(sign_in("officer").get(reverse("job", args=[running.pk])))


def test_htmx_gets_the_bar_alone_and_the_whole_page_once_it_is_over(
    running: BackgroundJob, sign_in: SignIn
) -> None:
    client, where = sign_in("officer"), reverse("job", args=[running.pk])
    bar = client.get(where, headers={"HX-Request": "true"})
    assert "<html" not in bar.content.decode()
    assert "เสร็จแล้ว 2 จาก 5" in said(bar)
    BackgroundJob.objects.update(
        state=JobState.DONE, lease_until=None, ended_at=timezone.now(), result_address="/x/"
    )
    assert client.get(where, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert 'href="/x/"' in client.get(where).content.decode()


def test_whoever_may_change_it_cancels_it_once(running: BackgroundJob, sign_in: SignIn) -> None:
    where = reverse("cancel_job", args=[running.pk])
    assert sign_in("staff").post(where).status_code == 403
    assert sign_in("stranger").post(where).status_code == 404
    assert sign_in("officer").post(where).status_code == 302
    running.refresh_from_db()
    assert running.wants_to_stop
    assert "ขอยกเลิกแล้ว" in said(sign_in("officer").get(reverse("job", args=[running.pk])))
    BackgroundJob.objects.update(state=JobState.CANCELLED, lease_until=None, ended_at=timezone.now())
    refused = sign_in("officer").post(where)
    assert refused.status_code == 409
    assert "ยังไม่มีอะไรเปลี่ยน" in said(refused)


def test_what_failed_says_why_and_is_asked_for_again(
    running: BackgroundJob, sign_in: SignIn, people: dict[str, User]
) -> None:
    failed = {"state": JobState.FAILED, "lease_until": None, "ended_at": timezone.now(), "error": "แผนปิดแล้ว"}
    BackgroundJob.objects.update(**failed)
    client, where = sign_in("officer"), reverse("retry_job", args=[running.pk])
    page = said(client.get(reverse("job", args=[running.pk])))
    assert "แผนปิดแล้ว" in page
    assert "สั่งทำอีกครั้ง" in page
    again = client.post(where)
    assert again.status_code == 302
    newest = BackgroundJob.objects.first()
    assert newest
    assert (newest.state, newest.result_address) == (JobState.DONE, "/there/")
    assert again["Location"] == reverse("job", args=[newest.pk])
    assert client.post(reverse("retry_job", args=[newest.pk])).status_code == 409


def test_the_history_names_who_asked_for_it(agency: Agency, people: dict[str, User], kind: KnownKind) -> None:
    from accounts.background.services import ask

    def rename(run: Run) -> str:
        agency.short_name = "ใหม่"
        agency.save()
        return ""

    kind("rename", rename)
    ask("rename", "1", "เปลี่ยนชื่อ", agency=agency, person=people["officer"])
    newest = agency.history.first()
    assert newest
    assert (newest.short_name, newest.history_user) == ("ใหม่", people["officer"])
