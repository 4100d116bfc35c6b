"""A large upload is read by a worker and comes back to the same page as a small one; nothing sent is lost."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.background.files import KEPT_FOR
from accounts.background.limits import MAX_JOBS
from accounts.background.runs import LeaseLost, claim_job
from accounts.background.services import ask, cancel, take_up_again
from accounts.models import BackgroundJob, JobFile, JobState, User
from measures.models import Measure, Plan, PlanImport
from measures.plan_import import readings, weight
from measures.plan_import.parsing import parse_text
from measures.plan_import.preview import plan_of
from measures.plan_import.readings import plan_from, plan_in_view
from tests.conftest import SignIn
from tests.support.factories import YEAR
from tests.support.html import read
from tests.support.workers import work_once

START = reverse("import_plan")
HEAD = "ตัวชี้วัดที่\tมาตรการ\tขั้นตอน\tผู้รับผิดชอบ\tกำหนดแล้วเสร็จ\tผลการดำเนินงาน"
LINES = [
    f"1\tมาตรการที่ {number}\t1. ขั้นแรก\tกองช่าง กองคลัง\t31 มีนาคม 2566\tดำเนินการแล้วเสร็จ" for number in range(12)
]
PASTED = "\n".join([HEAD, *LINES])


@pytest.fixture
def queue(settings: Settings) -> None:
    """What is queued waits for a worker, as on a site."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture(autouse=True)
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is pasted here is large already."""
    monkeypatch.setattr(weight, "LARGE", len(PASTED.encode()) - 1)


@pytest.fixture
def sent(plan: Plan, sign_in: SignIn, queue: None) -> BackgroundJob:
    """The job that reads what the officer has pasted."""
    answer = sign_in("officer").post(START, {"year": YEAR, "text": PASTED})
    job = BackgroundJob.objects.get()
    assert answer["Location"] == reverse("job", args=[job.pk])
    return job


def preview_of(job: BackgroundJob) -> str:
    return reverse("import_preview", args=[job.arguments["plan_import"]])


# --- How much there is -------------------------------------------------------------------------------


def test_what_a_worker_reads_is_known_by_its_size_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not weight.is_for_a_worker(PASTED.encode()[:-1])
    assert weight.is_for_a_worker(PASTED.encode())
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("xl/worksheets/sheet1.xml", "<row/>" * 1_000)
        made.writestr("xl/media/photo.png", b"\0" * 100_000)
    monkeypatch.setattr(weight, "LARGE_UNPACKED", 6_007)
    assert weight.is_for_a_worker(archive.getvalue())
    # Pictures are not read.
    monkeypatch.setattr(weight, "LARGE_UNPACKED", 6_008)
    assert not weight.is_for_a_worker(archive.getvalue())
    # What is wrong with an archive is said at once.
    assert not weight.is_for_a_worker(archive.getvalue()[:500])


def test_what_was_read_is_kept_without_loss() -> None:
    texts = (PASTED, "ก\tข\n1\t2", f"{HEAD}\n99\t\t\t\tเมื่อไหร่ก็ได้\tยกเลิก")
    for text in texts:
        plan = parse_text(text, YEAR)
        assert plan_from(json.loads(json.dumps(readings.facts_in(plan)))) == plan


# --- The way there and back --------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_large_upload_comes_back_to_the_page_that_a_small_one_is_shown_on_at_once(
    sent: BackgroundJob, sign_in: SignIn, plan: Plan
) -> None:
    client, where = sign_in("officer"), preview_of(sent)
    # Not before it is read.
    assert client.get(where)["Location"] == reverse("job", args=[sent.pk])
    assert work_once() == "done"
    sent.refresh_from_db()
    assert sent.result_address == where
    page = read(client.get(where)).text
    assert "12 มาตรการ" in page
    made = PlanImport.objects.get()
    assert plan_in_view(made) == plan_of(made)
    assert not Measure.objects.exists()
    mend = reverse("import_measure", args=[made.pk, 0])
    assert "มาตรการที่ 0" in client.get(mend).content.decode()
    client.post(reverse("import_apply", args=[made.pk]))
    assert work_once() == "done"
    assert Measure.objects.count() == 12


@pytest.mark.django_db
def test_the_page_does_not_read_what_a_worker_has_read(
    sent: BackgroundJob, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    work_once()
    for name in ("read", "read_pasted", "understand"):
        monkeypatch.setattr(f"measures.plan_import.parsing.{name}", None)
    client = sign_in("officer")
    with CaptureQueriesContext(connection) as queries:
        assert client.get(preview_of(sent)).status_code == 200
    assert len(queries) <= 12, [query["sql"] for query in queries]


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_columns_are_read_anew_by_a_worker_and_mended_measures_stay_until_then(
    sent: BackgroundJob, sign_in: SignIn
) -> None:
    work_once()
    client, made = sign_in("officer"), PlanImport.objects.get()
    made.edits = {"0": {}}
    made.save()
    columns = {f"column-{place}": "ignored" for place in range(6)}
    columns |= {"column-0": "indicator", "column-1": "steps", "column-2": "title"}
    answer = client.post(reverse("import_columns", args=[made.pk]), columns)
    job = BackgroundJob.objects.latest("pk")
    assert answer["Location"] == reverse("job", args=[job.pk])
    made.refresh_from_db()
    assert (made.mapping, made.edits) == ({}, {"0": {}})
    assert work_once() == "done"
    made.refresh_from_db()
    assert (made.mapping["2"], made.edits) == ("title", {})
    assert all("ขั้นแรก" in each.title for each in plan_in_view(made).measures)
    assert client.get(preview_of(job)).status_code == 200


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_what_cannot_be_read_says_why_and_where_to_go(plan: Plan, sign_in: SignIn) -> None:
    client = sign_in("officer")
    content = b"%PDF-1.7\n" + b"x" * len(PASTED.encode())
    client.post(START, {"year": YEAR, "file": SimpleUploadedFile("แผน.pdf", content)})
    assert work_once() == "failed"
    job = BackgroundJob.objects.get()
    assert "PDF" in job.error
    assert (job.tries, job.result_address) == (1, START)
    page = client.get(preview_of(job))
    assert page.status_code == 200
    assert job.error in read(page).text


# --- Nothing lost ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_without_a_worker_the_page_says_so_and_what_was_sent_stays(
    sent: BackgroundJob, sign_in: SignIn
) -> None:
    BackgroundJob.objects.update(asked_at=timezone.now() - timedelta(minutes=1))
    page = read(sign_in("officer").get(reverse("job", args=[sent.pk]))).text
    assert "ไม่มีผู้ทำงานเบื้องหลัง" in page
    assert bytes(PlanImport.objects.get().content).decode() == PASTED


@pytest.mark.django_db
def test_who_has_too_many_jobs_is_told_where_the_upload_is_kept(
    plan: Plan, sign_in: SignIn, people: dict[str, User], queue: None
) -> None:
    for number in range(MAX_JOBS):
        ask("read_plan", str(number), "อ่าน", agency=plan.agency, person=people["officer"])
    client = sign_in("officer")
    answer = client.post(START, {"year": YEAR, "text": PASTED})
    made = PlanImport.objects.get()
    kept = reverse("import_preview", args=[made.pk])
    assert answer.status_code == 429
    assert read(answer).all("a", href=kept)
    page = read(client.get(kept))
    assert "เก็บไว้แล้ว" in page.text
    BackgroundJob.objects.update(state=JobState.CANCELLED, ended_at=timezone.now())
    client.post(reverse("import_read", args=[made.pk]))
    assert work_once() == "done"
    assert client.get(kept).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("lost", ["cancelled", "file gone", "a week later"])
def test_what_is_no_longer_read_is_read_again_from_what_was_sent(
    sent: BackgroundJob, sign_in: SignIn, lost: str
) -> None:
    client = sign_in("officer")
    if lost == "cancelled":
        assert cancel(sent)
        assert work_once() == "nothing to do"
    else:
        assert work_once() == "done"
        if lost == "file gone":
            JobFile.objects.all().delete()
        else:
            BackgroundJob.objects.update(ended_at=timezone.now() - KEPT_FOR - timedelta(minutes=1))
    page = client.get(preview_of(sent))
    assert "อ่านต้นฉบับนี้" in read(page).text
    again = client.post(reverse("import_read", args=[sent.arguments["plan_import"]]))
    job = BackgroundJob.objects.latest("pk")
    assert again["Location"] == reverse("job", args=[job.pk])
    assert work_once() == "done"
    assert "12 มาตรการ" in read(client.get(preview_of(sent))).text


@pytest.mark.django_db
def test_a_plan_that_went_meanwhile_is_said(sent: BackgroundJob, plan: Plan) -> None:
    PlanImport.objects.all().delete()
    assert work_once() == "failed"
    sent.refresh_from_db()
    assert sent.error == readings.GONE


@pytest.mark.django_db
def test_what_a_dead_worker_has_left_is_read_by_the_next(sent: BackgroundJob) -> None:
    first = claim_job(sent.pk, "first")
    assert first
    BackgroundJob.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert take_up_again() == 1
    assert work_once("second") == "done"
    sent.refresh_from_db()
    assert (sent.state, sent.tries) == (JobState.DONE, 2)
    # The first comes back and changes nothing any more.
    kept = JobFile.objects.get()
    with pytest.raises(LeaseLost):
        readings.read_large_import.do(first)
    assert JobFile.objects.get() == kept
