"""All evidence of a plan in one ZIP: what is in it, who has it, and what comes of it where it fails."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.background.files import file_address, made_by
from accounts.background.services import cancel, take_up_again
from accounts.models import Agency, BackgroundJob, JobState, User
from core.disk_space import DISK_FULL
from measures.bundle import archive as archives
from measures.bundle.archive import LIST, NOT_WHOLE
from measures.bundle.making import ask_for_bundle
from measures.models import Measure, Plan
from reports.models import Round
from tests.conftest import SignIn
from tests.support.factories import (
    PDF,
    YEAR,
    make_edition,
    make_evidence,
    make_evidence_file,
    make_measure,
)
from tests.support.html import read
from tests.support.workers import wait_until, work_off, work_once, worker

PAGE = reverse("bundle", args=[YEAR])
FOLDER = "01 ตัวชี้วัดเรื่องที่ 1"


@pytest.fixture
def queue(settings: Settings) -> None:
    """What is queued waits for a worker, as on a site."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def opened(job: BackgroundJob) -> zipfile.ZipFile:
    file = made_by(job)
    assert file
    archive = zipfile.ZipFile(io.BytesIO(Path(default_storage.path(file.path)).read_bytes()))
    assert archive.testzip() is None
    return archive


def rows_of(archive: zipfile.ZipFile) -> list[tuple[Any, ...]]:
    sheet = openpyxl.load_workbook(io.BytesIO(archive.read(LIST))).worksheets[0]
    return list(sheet.iter_rows(min_row=2, values_only=True))


# --- What is in it -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_file_lies_in_the_folder_of_its_measure_and_the_list_names_all(
    measure: Measure, plan: Plan, people: dict[str, User]
) -> None:
    other = make_measure(plan, "=ชื่อ/ที่\\ลอง: ..", position=2)
    make_evidence_file(measure)
    make_evidence_file(measure)
    make_evidence_file(other)
    link = make_evidence(other)
    make_edition(Round.objects.get(plan=plan, months=6))
    job = ask_for_bundle(plan, people["officer"])
    archive = opened(job)
    assert archive.namelist() == [
        f"{FOLDER}/01 มาตรการ/คำสั่ง.pdf",
        f"{FOLDER}/01 มาตรการ/คำสั่ง (2).pdf",
        f"{FOLDER}/02 =ชื่อ-ที่-ลอง/คำสั่ง.pdf",
        "รายงาน/รอบ 6 เดือน ฉบับที่ 1.pdf",
        LIST,
    ]
    assert archive.read(f"{FOLDER}/01 มาตรการ/คำสั่ง (2).pdf") == PDF
    rows = rows_of(archive)
    assert [row[5] for row in rows] == [*archive.namelist()[:3], link.address]
    assert rows[2][1] == other.title
    assert {row[8] for row in rows} == {None}


@pytest.mark.django_db
def test_a_file_that_is_gone_or_another_one_is_named_in_the_list_and_the_rest_is_there(
    measure: Measure, plan: Plan, people: dict[str, User], folder_of_files: Path
) -> None:
    gone, changed, kept = (make_evidence_file(measure) for _ in range(3))
    (folder_of_files / str(gone.file.name)).unlink()
    (folder_of_files / str(changed.file.name)).write_bytes(b"%PDF-other")
    archive = opened(ask_for_bundle(plan, people["officer"]))
    assert len(archive.namelist()) == 2
    assert [row[8] for row in rows_of(archive)] == [NOT_WHOLE, NOT_WHOLE, None]
    assert rows_of(archive)[2][7] == kept.sha256


@pytest.mark.django_db
def test_of_a_plan_without_evidence_there_is_the_list_alone(plan: Plan, people: dict[str, User]) -> None:
    assert opened(ask_for_bundle(plan, people["staff"])).namelist() == [LIST]


# --- The page ----------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_it_is_asked_for_once_followed_and_taken_away(measure: Measure, sign_in: SignIn) -> None:
    make_evidence_file(measure)
    client = sign_in("staff")
    assert "ไฟล์ 1 รายการ" in read(client.get(PAGE)).text
    answer = client.post(PAGE)
    job = BackgroundJob.objects.get()
    assert answer["Location"] == reverse("job", args=[job.pk])
    assert sign_in("officer").post(PAGE)["Location"] == answer["Location"]
    assert "ดูความคืบหน้า" in read(client.get(PAGE)).text
    assert work_once() == "done"
    assert read(client.get(PAGE)).all("a", href=file_address(job))
    got = b"".join(client.get(file_address(job)).streaming_content)  # type: ignore[attr-defined]
    assert zipfile.is_zipfile(io.BytesIO(got))


@pytest.mark.django_db
def test_only_the_people_of_the_office_have_it(measure: Measure, sign_in: SignIn, agency: Agency) -> None:
    sign_in("officer").post(PAGE)
    job = BackgroundJob.objects.get()
    overseer = sign_in("overseer")
    assert overseer.get(f"{PAGE}?agency={agency.slug}").status_code == 403
    assert overseer.post(f"{PAGE}?agency={agency.slug}").status_code == 403
    assert overseer.get(file_address(job)).status_code == 403
    for person in ("stranger", "admin"):
        assert sign_in(person).get(PAGE).status_code == 404
        assert sign_in(person).get(file_address(job)).status_code == 404


# --- What goes wrong ---------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_without_room_on_the_disk_nothing_is_begun(
    measure: Measure, plan: Plan, people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("measures.bundle.making.shutil.disk_usage", lambda path: SimpleNamespace(free=1_000))
    job = ask_for_bundle(plan, people["officer"])
    assert work_once() == "failed"
    job.refresh_from_db()
    assert job.error == DISK_FULL


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_cancelled_in_the_middle_it_leaves_no_file(
    measure: Measure, plan: Plan, people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_evidence_file(measure)
    make_evidence_file(measure)
    job = ask_for_bundle(plan, people["officer"])
    put = archives._put

    def put_and_cancel(*given: Any) -> Any:
        assert cancel(job)
        return put(*given)

    monkeypatch.setattr(archives, "_put", put_and_cancel)
    assert work_once() == "cancelled"
    job.refresh_from_db()
    assert (job.state, made_by(job)) == (JobState.CANCELLED, None)
    assert list(Path(default_storage.path("jobs")).iterdir()) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("queue")
def test_a_killed_worker_is_followed_by_one_that_makes_all_of_it(
    measure: Measure, plan: Plan, people: dict[str, User], folder_of_files: Path
) -> None:
    make_evidence_file(measure)
    job = ask_for_bundle(plan, people["officer"])
    here = f"""
from django.conf import settings
settings.MEDIA_ROOT = {str(folder_of_files)!r}
from django.core.files.storage import storages
"""
    hangs = f"""{here}
import time
from measures.bundle import archive as archives
from measures.bundle import archive
archive._list = lambda rows: time.sleep(300)
"""
    with worker(hangs) as process:
        wait_until(lambda: BackgroundJob.objects.filter(done=1).exists())
        process.kill()
        process.wait()
    half = list((folder_of_files / "jobs").iterdir())
    assert len(half) == 1
    BackgroundJob.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert take_up_again() == 1
    work_off(here)
    job.refresh_from_db()
    assert (job.state, job.tries) == (JobState.DONE, 2)
    assert len(opened(job).namelist()) == 2
    # The half is nobody's: clean_up removes it after a day.
    assert half[0].exists()
