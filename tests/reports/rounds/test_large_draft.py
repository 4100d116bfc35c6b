"""The PDF of a large report is laid out by a worker; of other drafts a person waits for few."""

from pathlib import Path

import pytest
from django.urls import reverse
from pytest_django import Settings

from accounts.background.limits import MAX_AT_ONCE, MAX_JOBS
from accounts.background.services import ask
from accounts.models import BackgroundJob, User
from core.slots import slot
from measures.models import Measure, Plan
from reports.document.redaction import for_everybody
from reports.models import Round
from reports.renderers import FORMATS
from reports.rounds import draft_files
from reports.rounds.selectors import document_in_force
from tests.conftest import SignIn
from tests.support.factories import YEAR, make_evidence_file
from tests.support.html import read
from tests.support.workers import work_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february", "nothing_written")]

PDF = reverse("download", args=[YEAR, 6, "pdf"])


@pytest.fixture
def queue(settings: Settings) -> None:
    """What is queued waits for a worker, as on a site."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def large(measure: Measure, queue: None, monkeypatch: pytest.MonkeyPatch) -> Measure:
    """The only measure of a report that is large already."""
    monkeypatch.setattr(draft_files, "LARGE", 0)
    return measure


def test_a_large_draft_is_a_job_of_all_who_ask_for_it(large: Measure, sign_in: SignIn) -> None:
    client = sign_in("officer")
    page = client.get(PDF)["Location"]
    job = BackgroundJob.objects.get()
    assert page == reverse("job", args=[job.pk])
    assert sign_in("executive").get(PDF)["Location"] == page
    assert work_once() == "done"
    job.refresh_from_db()
    answer = sign_in("executive").get(job.result_address)
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")  # type: ignore[attr-defined]
    # What is laid out is handed out at once, here from the store, on another machine from the job.
    assert client.get(PDF).content.startswith(b"%PDF-")
    assert sign_in("stranger").get(job.result_address).status_code == 404


def test_who_may_not_see_private_evidence_gets_a_file_without(large: Measure, sign_in: SignIn) -> None:
    make_evidence_file(large, public=False)
    sign_in("officer").get(PDF)
    full = BackgroundJob.objects.get()
    overseer = sign_in("overseer")
    overseer.get(f"{PDF}?agency=here")
    public = BackgroundJob.objects.latest("pk")
    assert public != full
    assert [work_once(), work_once()] == ["done", "done"]
    full.refresh_from_db()
    public.refresh_from_db()
    assert overseer.get(full.result_address).status_code == 403
    files = [(sign_in("officer"), full), (overseer, public)]
    answers = [client.get(job.result_address) for client, job in files]
    contents = [b"".join(answer.streaming_content) for answer in answers]  # type: ignore[attr-defined]
    document = document_in_force(Round.objects.select_related("plan__agency").get(months=6))
    assert for_everybody(document) != document
    assert contents == [FORMATS["pdf"].make(each).content for each in (document, for_everybody(document))]


def test_another_machine_finds_the_file_with_the_job_until_something_changes(
    large: Measure, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in("officer")
    client.get(PDF)
    assert work_once() == "done"
    job = BackgroundJob.objects.get()
    monkeypatch.setattr("reports.rounds.downloads.stored_before", lambda key: None)
    assert client.get(PDF)["Location"] == job.result_address
    large.title = "ชื่อใหม่"
    large.save()
    newer = client.get(PDF)["Location"]
    assert newer == reverse("job", args=[BackgroundJob.objects.latest("pk").pk])


def test_other_formats_and_small_reports_answer_at_once(
    large: Measure, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in("officer")
    assert client.get(reverse("download", args=[YEAR, 6, "csv"])).status_code == 200
    monkeypatch.setattr(draft_files, "LARGE", 1)
    assert client.get(PDF).content.startswith(b"%PDF-")
    assert not BackgroundJob.objects.exists()


def test_who_has_too_many_jobs_is_told_which(
    large: Measure, plan: Plan, sign_in: SignIn, people: dict[str, User]
) -> None:
    for number in range(MAX_JOBS):
        ask("draft_file", str(number), "ไฟล์", agency=plan.agency, person=people["officer"])
    answer = sign_in("officer").get(PDF)
    assert answer.status_code == 429
    assert read(answer).all("a", href=reverse("job", args=[BackgroundJob.objects.latest("pk").pk]))


def test_a_person_waits_for_a_few_drafts_at_once(
    measure: Measure, sign_in: SignIn, people: dict[str, User], settings: Settings
) -> None:
    folder, key = Path(settings.CACHE_DIR) / "slots", f"person-{people['officer'].pk}"
    client = sign_in("officer")
    with slot(folder, key, MAX_AT_ONCE), slot(folder, key, MAX_AT_ONCE):
        answer = client.get(PDF)
        assert (answer.status_code, answer["Retry-After"]) == (429, "5")
        assert "ลองใหม่" in read(answer).text
        assert client.get(reverse("dashboard_pdf")).status_code == 429
        # What was made for somebody else already keeps nobody waiting.
        assert sign_in("executive").get(PDF).status_code == 200
        assert client.get(PDF).status_code == 200
