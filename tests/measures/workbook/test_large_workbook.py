"""A large workbook is read by a worker and comes back to the page that shows what it would change."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.background.files import KEPT_FOR, file_address
from accounts.background.limits import MAX_JOBS
from accounts.background.services import ask
from accounts.models import BackgroundJob, JobFile, JobFileRole, JobState, User
from measures.models import Measure, Plan
from measures.plan_import import weight
from measures.workbook.reading import ask_to_read
from measures.workbook.services import HEADINGS, INSTRUCTIONS
from tests.conftest import SignIn
from tests.support.factories import YEAR, make_measure
from tests.support.html import read
from tests.support.workers import work_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]

SHEET = reverse("sheet", args=[YEAR])


@pytest.fixture(autouse=True)
def queue(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is queued waits for a worker, as on a site; every workbook is large."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    monkeypatch.setattr(weight, "LARGE_UNPACKED", 100)


@pytest.fixture
def filled(plan: Plan, sign_in: SignIn) -> bytes:
    """The workbook of a plan with one measure, filled in."""
    make_measure(plan, "หนึ่ง")
    taken = sign_in("staff").get(reverse("plan_workbook", args=[YEAR]))
    book = openpyxl.load_workbook(io.BytesIO(taken.content))
    column = list(HEADINGS).index("result") + 1
    book.worksheets[0].cell(len(INSTRUCTIONS) + 4, column).value = "ประชุมแล้ว"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.fixture
def sent(filled: bytes, sign_in: SignIn) -> BackgroundJob:
    """The job that reads what staff has sent."""
    answer = sign_in("staff").post(SHEET, {"file": SimpleUploadedFile("ผล.xlsx", filled)})
    job = BackgroundJob.objects.get()
    assert answer["Location"] == reverse("job", args=[job.pk])
    return job


def test_what_it_would_change_is_shown_and_then_stored(sent: BackgroundJob, sign_in: SignIn) -> None:
    assert work_once() == "done"
    sent.refresh_from_db()
    client = sign_in("staff")
    page = client.get(sent.result_address)
    assert "ประชุมแล้ว" in read(page).text
    assert Measure.objects.get().result == ""
    rows = [field["value"] for field in read(page).all("input", name="row")]
    assert client.post(SHEET, {"row": rows}).status_code == 302
    assert Measure.objects.get().result == "ประชุมแล้ว"


def test_what_one_has_sent_is_nobody_elses(sent: BackgroundJob, sign_in: SignIn) -> None:
    # Nor is it there before it is read.
    assert sign_in("staff").get(f"{SHEET}?job={sent.pk}").status_code == 404
    work_once()
    sent.refresh_from_db()
    for person in ("officer", "other_staff", "stranger"):
        assert sign_in(person).get(sent.result_address).status_code == 404, person
    assert sign_in("officer").get(file_address(sent)).status_code == 403
    # What was read is for the page alone.
    assert sign_in("staff").get(file_address(sent)).status_code == 410
    assert sign_in("staff").get(f"{SHEET}?job={sent.pk}9").status_code == 404
    BackgroundJob.objects.update(ended_at=timezone.now() - KEPT_FOR - timedelta(minutes=1))
    assert "7 วัน" in sign_in("staff").get(sent.result_address).content.decode()


def test_a_file_that_is_gone_or_no_workbook_is_said(
    sent: BackgroundJob, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    JobFile.objects.filter(role=JobFileRole.GIVEN).delete()
    assert work_once() == "failed"
    sent.refresh_from_db()
    assert "ส่งไฟล์ใหม่" in sent.error
    monkeypatch.setattr(weight, "LARGE", 10)
    sign_in("staff").post(SHEET, {"file": SimpleUploadedFile("ผล.csv", "ก,ข\n1,2".encode() * 9)})
    assert work_once() == "failed"
    job = BackgroundJob.objects.latest("pk")
    assert job.error
    assert job.result_address == SHEET


@pytest.mark.parametrize("change", ["deactivated", "closed"])
def test_nothing_is_read_for_who_may_no_longer_report(
    sent: BackgroundJob, plan: Plan, people: dict[str, User], change: str
) -> None:
    if change == "closed":
        Plan.objects.filter(pk=plan.pk).update(closed_at=timezone.now())
    else:
        User.objects.filter(pk=people["staff"].pk).update(is_active=False)
    assert work_once() == "failed"
    sent.refresh_from_db()
    assert (sent.state, sent.tries) == (JobState.FAILED, 1)
    assert not JobFile.objects.filter(role=JobFileRole.MADE).exists()


def test_who_has_too_many_jobs_is_told_which(
    plan: Plan, filled: bytes, sign_in: SignIn, people: dict[str, User]
) -> None:
    for number in range(MAX_JOBS):
        ask("read_workbook", str(number), "อ่าน", agency=plan.agency, person=people["staff"])
    answer = sign_in("staff").post(SHEET, {"file": SimpleUploadedFile("ผล.xlsx", filled)})
    assert answer.status_code == 429
    assert BackgroundJob.objects.count() == MAX_JOBS
    assert not JobFile.objects.exists()


def test_a_name_that_no_database_takes_is_made_readable(plan: Plan, people: dict[str, User]) -> None:
    job = ask_to_read(plan, "ผ\x00ล.xlsx", b"x", people["staff"])
    assert job.title.endswith("ผล.xlsx")
    assert ask_to_read(plan, "\x00", b"y", people["staff"]).title.endswith("ไฟล์ Excel")
