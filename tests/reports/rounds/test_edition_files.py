"""Approving answers at once; a worker makes the edition's files from its frozen document, each once."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from time import perf_counter
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from accounts.background.runs import SOMETHING_WENT_WRONG
from accounts.background.services import take_up_again
from accounts.models import BackgroundJob, JobState, User
from measures.models import Measure, Plan
from reports.models import Edition, EditionFile, Publication, Round
from reports.renderers import FORMATS, Rendered, RendererUnavailable
from reports.rounds.edition_files import FilesNotReady, missing_formats
from reports.rounds.questions import CONFIRMED
from reports.rounds.selectors import document_of
from reports.rounds.services import approve, publish, submit
from tests.conftest import SignIn
from tests.support.factories import YEAR, make_measure
from tests.support.thorough import THOROUGH
from tests.support.workers import wait_until, work_off, work_once, worker

PAGE = ("report", [YEAR, 6])
# Of approving, with the session and the history.
QUERIES = 45


@pytest.fixture
def queue(settings: Settings) -> None:
    """What is queued waits for a worker, as on a site."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def round_(plan: Plan, people: dict[str, User]) -> Round:
    """A round that waits for the executive."""
    make_measure(plan, "มาตรการ", status="done", result="ผล", reported_at=timezone.now())
    found = Round.objects.select_related("plan__agency").get(plan=plan, months=6)
    submit(found, people["officer"])
    return found


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The formats that are laid out in this process, in order; none takes a moment."""
    order: list[str] = []

    def fake(name: str) -> Callable[[Any], Rendered]:
        def make(_: Any) -> Rendered:
            order.append(name)
            return Rendered(name.encode())

        return make

    for name, report_format in FORMATS.items():
        monkeypatch.setitem(FORMATS, name, replace(report_format, make=fake(name)))
    return order


def approve_on_page(client: Client, round_: Round) -> Any:
    pending = round_.submissions.get(outcome="pending")
    sent = {"submission": pending.pk, CONFIRMED: "1"}
    return client.post(reverse("approve_round", args=[YEAR, round_.months]), sent)


def said(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", "", response.content.decode()))


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_approving_answers_at_once_and_lays_nothing_out(
    round_: Round, sign_in: SignIn, made: list[str]
) -> None:
    client = sign_in("executive")
    client.get(reverse("report", args=[YEAR, 6]))
    begun = perf_counter()
    response = approve_on_page(client, round_)
    print(f"approving answered in {(perf_counter() - begun) * 1_000:.0f} ms")
    assert response.status_code == 302
    assert made == []
    edition = Edition.objects.get()
    assert not edition.files.exists()
    work_once()
    assert made == list(FORMATS)
    assert {file.format for file in edition.files.all()} == set(FORMATS)
    job = BackgroundJob.objects.get()
    assert (job.state, job.done, job.total) == (JobState.DONE, len(FORMATS), len(FORMATS))
    assert (job.agency, job.asked_by) == (round_.plan.agency, User.objects.get(username="executive"))


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_approving_a_large_plan_answers_at_once(
    plan: Plan, people: dict[str, User], sign_in: SignIn, made: list[str]
) -> None:
    measures = 200 if THOROUGH else 2 * QUERIES
    for number in range(measures):
        make_measure(
            plan,
            f"มาตรการที่ {number}",
            indicator=1 + number % 10,
            position=1 + number // 10,
            steps=5,
            status="done",
            reported_at=timezone.now(),
        )
    found = Round.objects.select_related("plan__agency").get(plan=plan, months=6)
    submit(found, people["officer"])
    client = sign_in("executive")
    client.get(reverse("report", args=[YEAR, 6]))
    begun = perf_counter()
    with CaptureQueriesContext(connection) as asked:
        assert approve_on_page(client, found).status_code == 302
    print(f"approving {measures} measures answered in {(perf_counter() - begun) * 1_000:.0f} ms")
    assert made == []
    # How long it takes grows with nothing but the report's text.
    assert len(asked) <= QUERIES


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_the_page_shows_how_far_the_files_are_and_publishing_waits_for_all_of_them(
    round_: Round, sign_in: SignIn, made: list[str]
) -> None:
    approve_on_page(sign_in("executive"), round_)
    officer = sign_in("officer")
    page = officer.get(reverse(*PAGE[:1], args=PAGE[1]))
    assert "รอคิว เสร็จแล้ว 0 จาก 5" in said(page)
    assert "เผยแพร่ให้ทุกคนดู" not in said(page)
    assert "htmx" in page.content.decode()
    refused = officer.post(reverse("publish_round", args=[YEAR, 6]))
    assert refused.status_code == 409
    assert "ไฟล์ของฉบับนี้ยังทำไม่ครบ" in said(refused)
    assert not Publication.objects.exists()
    BackgroundJob.objects.update(
        state=JobState.RUNNING,
        worker="w",
        lease_until=timezone.now() + timedelta(minutes=1),
        started_at=timezone.now() - timedelta(seconds=4),
        done=2,
        doing="ทำไฟล์ Excel",
    )
    bar = officer.get(reverse("edition_files", args=[YEAR, 6]), headers={"HX-Request": "true"})
    assert "กำลังทำไฟล์ Excel เสร็จแล้ว 2 จาก 5 · อีกประมาณ 10 วินาที" in said(bar)
    assert officer.get(reverse("edition_files", args=[YEAR, 6])).status_code == 302
    BackgroundJob.objects.update(state=JobState.WAITING, lease_until=None)
    work_once()
    over = officer.get(reverse("edition_files", args=[YEAR, 6]), headers={"HX-Request": "true"})
    assert over.headers["HX-Refresh"] == "true"
    assert officer.post(reverse("publish_round", args=[YEAR, 6])).status_code == 302
    assert Publication.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_a_file_that_is_not_made_yet_is_a_page_that_says_so(
    round_: Round, sign_in: SignIn, made: list[str]
) -> None:
    approve_on_page(sign_in("executive"), round_)
    for name, args in (("download", [YEAR, 6, "pdf"]), ("edition", [YEAR, 6, 1, "pdf"])):
        response = sign_in("staff").get(reverse(name, args=args))
        assert (response.status_code, response.headers["Retry-After"]) == (503, "10")
        assert "ไฟล์ PDF ของฉบับที่ 1 ยังทำไม่เสร็จ" in said(response)
    assert made == []
    work_once()
    assert sign_in("staff").get(reverse("download", args=[YEAR, 6, "pdf"])).content == b"pdf"


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_a_file_that_fails_is_tried_three_times_and_then_the_officer_has_a_button(
    round_: Round, sign_in: SignIn, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Any) -> Rendered:
        raise MemoryError

    good = FORMATS["docx"]
    monkeypatch.setitem(FORMATS, "docx", replace(good, make=broken))
    approve_on_page(sign_in("executive"), round_)
    for _ in range(3):
        work_once()
    job = BackgroundJob.objects.get()
    assert (job.state, job.tries, job.error) == (JobState.FAILED, 3, SOMETHING_WENT_WRONG)
    # What was made before is kept, and was made once.
    assert made == ["pdf"]
    page = said(sign_in("officer").get(reverse("report", args=[YEAR, 6])))
    assert "ไฟล์ของฉบับนี้มี 1 จาก 5 แบบ จึงยังเผยแพร่ไม่ได้" in page
    assert SOMETHING_WENT_WRONG in page
    assert "ทำไฟล์ที่ขาดอีกครั้ง" in page
    again = reverse("edition_files", args=[YEAR, 6])
    assert "ทำไฟล์ที่ขาดอีกครั้ง" not in said(sign_in("executive").get(reverse("report", args=[YEAR, 6])))
    assert sign_in("executive").post(again).status_code == 403
    monkeypatch.setitem(FORMATS, "docx", good)
    assert sign_in("officer").post(again).status_code == 302
    # Pressed twice it is queued once.
    sign_in("officer").post(again)
    assert BackgroundJob.objects.unfinished().count() == 1
    work_once()
    assert made == ["pdf", "docx", "xlsx", "csv", "json"]
    assert missing_formats(Edition.objects.get()) == []
    sign_in("officer").post(again)
    assert BackgroundJob.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_what_is_not_installed_is_said_to_the_officer_at_once(
    round_: Round, sign_in: SignIn, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unavailable(_: Any) -> Rendered:
        raise RendererUnavailable("apt-get install libpango-1.0-0")

    monkeypatch.setitem(FORMATS, "pdf", replace(FORMATS["pdf"], make=unavailable))
    approve_on_page(sign_in("executive"), round_)
    work_once()
    assert "apt-get install libpango-1.0-0" in said(sign_in("officer").get(reverse("report", args=[YEAR, 6])))
    assert Round.objects.get(pk=round_.pk).state == "approved"


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_of_two_approvals_at_once_one_queues_files(
    round_: Round, people: dict[str, User], sign_in: SignIn, made: list[str]
) -> None:
    client, pending = sign_in("executive"), round_.submissions.get()
    where = reverse("approve_round", args=[YEAR, 6])
    answers = [client.post(where, {"submission": pending.pk, CONFIRMED: "1"}).status_code for _ in range(2)]
    assert answers == [302, 409]
    assert BackgroundJob.objects.count() == DBTaskResult.objects.count() == 1


@pytest.mark.django_db
def test_for_a_command_the_files_are_stored_with_the_edition(
    round_: Round, people: dict[str, User], made: list[str], settings: Settings
) -> None:
    pending = round_.submissions.get()
    pending.round = round_
    edition = approve(pending, people["executive"], "https://ita.example.go.th/", in_background=False)
    assert made == list(FORMATS)
    assert edition.files.count() == len(FORMATS)
    assert not BackgroundJob.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_no_way_leads_to_a_public_edition_without_its_files(
    round_: Round, people: dict[str, User], made: list[str]
) -> None:
    pending = round_.submissions.get()
    pending.round = round_
    edition = approve(pending, people["executive"], "https://ita.example.go.th/")
    with pytest.raises(FilesNotReady):
        publish(edition, people["officer"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("queue")
def test_a_worker_that_is_killed_leaves_what_is_stored_and_another_goes_on(
    round_: Round, people: dict[str, User]
) -> None:
    pending = round_.submissions.get()
    pending.round = round_
    edition = approve(pending, people["executive"], "https://ita.example.go.th/")
    # A worker that has made the PDF and hangs in the Word file.
    hangs = """
import time
from dataclasses import replace
from reports.renderers import FORMATS
FORMATS["docx"] = replace(FORMATS["docx"], make=lambda document: time.sleep(300))
"""
    with worker(hangs) as process:
        wait_until(lambda: BackgroundJob.objects.filter(doing="ทำไฟล์ Word").exists())
        process.kill()
        process.wait()
    first = EditionFile.objects.get()
    assert (first.format, bytes(first.content[:5])) == ("pdf", b"%PDF-")
    job = BackgroundJob.objects.get()
    assert job.state == JobState.RUNNING
    assert job.lease_until
    # As long as it may still be alive nobody takes its work.
    assert take_up_again() == 0
    BackgroundJob.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert take_up_again() == 1
    work_off()
    job.refresh_from_db()
    assert (job.state, job.tries, job.done) == (JobState.DONE, 2, len(FORMATS))
    files = list(EditionFile.objects.order_by("pk"))
    assert [file.format for file in files] == list(FORMATS)
    assert (files[0].pk, files[0].sha256) == (first.pk, first.sha256)
    # What is in it is what was approved: code and all.
    document = document_of(edition)
    assert document.edition
    assert document.edition.code.encode() in bytes(files[-1].content)


@pytest.mark.django_db
def test_a_file_that_two_workers_make_at_once_is_stored_once(round_: Round, measure: Measure) -> None:
    from reports.rounds.edition_files import MadeFile, store_file
    from tests.support.factories import make_edition

    edition = make_edition(round_)
    before = bytes(edition.files.get().content)
    store_file(edition, "pdf", MadeFile(b"%PDF-of the other"))
    assert bytes(edition.files.get().content) == before
