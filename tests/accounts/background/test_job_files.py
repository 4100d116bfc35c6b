"""What a job was given and has made: kept for seven days, handed out to whoever may have it then."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.background.files import KEPT_FOR, GivenFile, file_address, given_to, made_by, making
from accounts.background.limits import MAX_AT_ONCE, MAX_JOBS, TooManyJobs, TooMuchAtOnce, heavy_answer
from accounts.background.runs import LeaseLost, Run, claim_job
from accounts.background.services import ask, cancel, prune, try_again
from accounts.background.tasks import NOT_ALLOWED
from accounts.models import Agency, BackgroundJob, JobFile, JobState, User
from tests.accounts.background.conftest import KnownKind
from tests.conftest import SignIn
from tests.support.html import read
from tests.support.workers import work_once

Asks = Callable[..., BackgroundJob]


def write(run: Run) -> str:
    """Makes a file of what it was given."""
    given = given_to(run.job)
    with making(run, "ผล.txt", "text/plain") as file:
        file.write(b"made of " + (given.content if given else b"nothing"))
    return file_address(run.job)


@pytest.fixture
def asked(agency: Agency, people: dict[str, User], kind: KnownKind) -> Asks:
    """asked() is a job of the officer that makes a file which the people of the agency may have."""
    kind(
        "write",
        write,
        may_cancel=True,
        is_heavy=True,
        allowed=lambda person, job: person.agency_id == job.agency_id,
    )

    def of(subject: str = "1", person: str = "officer", given: GivenFile | None = None) -> BackgroundJob:
        return ask("write", subject, "เขียน", agency=agency, person=people[person], given=given)

    return of


def on_the_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


# --- Handing out -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_file_goes_to_whoever_may_have_it_at_that_moment(
    asked: Asks, sign_in: SignIn, people: dict[str, User]
) -> None:
    job = asked()
    where = file_address(job)
    for person in ("officer", "staff", "executive"):
        answer = sign_in(person).get(where)
        assert b"".join(answer.streaming_content) == b"made of nothing"  # type: ignore[attr-defined]
        assert answer["Cache-Control"] == "private, no-store"
    page = read(sign_in("officer").get(reverse("job", args=[job.pk])))
    assert page.all("a", href=where)
    # Sees the job, as all of an agency, and may not have its file.
    assert sign_in("overseer").get(where).status_code == 403
    seen = read(sign_in("overseer").get(reverse("job", args=[job.pk]))).text
    assert "ดาวน์โหลด" not in seen
    for person in ("stranger", "admin"):
        assert sign_in(person).get(where).status_code == 404
    client = sign_in("staff")
    User.objects.filter(pk=people["staff"].pk).update(agency=people["stranger"].agency)
    assert client.get(where).status_code == 404
    client = sign_in("executive")
    User.objects.filter(pk=people["executive"].pk).update(is_active=False)
    assert client.get(where).status_code == 302


@pytest.mark.django_db
def test_a_file_that_is_gone_is_said_and_made_anew(
    asked: Asks, sign_in: SignIn, folder_of_files: Path
) -> None:
    job = asked()
    (file,) = on_the_disk(folder_of_files)
    file.unlink()
    client = sign_in("officer")
    gone = client.get(file_address(job))
    assert gone.status_code == 410
    assert "ไม่อยู่แล้ว" in read(gone).text
    assert "สั่งทำอีกครั้ง" in read(client.get(reverse("job", args=[job.pk]))).text
    again = client.post(reverse("retry_job", args=[job.pk]))
    newest = BackgroundJob.objects.latest("pk")
    assert again["Location"] == reverse("job", args=[newest.pk])
    assert made_by(newest)
    # Of one that is there nothing is made anew.
    assert client.post(reverse("retry_job", args=[newest.pk])).status_code == 409


@pytest.mark.django_db(transaction=True)
def test_after_seven_days_neither_file_nor_row_is_left(
    asked: Asks, sign_in: SignIn, folder_of_files: Path, request: pytest.FixtureRequest
) -> None:
    job = asked()
    assert len(on_the_disk(folder_of_files)) == 1
    BackgroundJob.objects.update(ended_at=timezone.now() - KEPT_FOR - timedelta(minutes=1))
    # Also before anybody has tidied.
    assert sign_in("officer").get(file_address(job)).status_code == 410
    request.getfixturevalue("queue")
    assert prune() == 1
    assert not JobFile.objects.exists()
    assert on_the_disk(folder_of_files) == []
    assert sign_in("officer").get(file_address(job)).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_newest_file_about_a_thing_takes_the_place_of_the_one_before(
    asked: Asks, folder_of_files: Path
) -> None:
    first, second, other = asked(), asked(), asked("2")
    assert [made_by(job) is not None for job in (first, second, other)] == [False, True, True]
    assert len(on_the_disk(folder_of_files)) == 2


# --- Making ------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_what_was_given_is_read_by_the_worker_and_by_the_next_try(asked: Asks) -> None:
    job = asked(given=GivenFile("ไฟล์.txt", b"given"))
    assert cancel(job)
    job.refresh_from_db()
    again = try_again(job, job.asked_by)
    assert work_once() == "done"
    file = made_by(again)
    assert file
    assert Path(default_storage.path(file.path)).read_bytes() == b"made of given"


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_a_worker_that_lost_its_lease_leaves_no_file(asked: Asks, folder_of_files: Path) -> None:
    job = asked()
    run = claim_job(job.pk, "first")
    assert run
    BackgroundJob.objects.filter(pk=job.pk).update(tries=2, worker="second")
    with pytest.raises(LeaseLost):
        write(run)
    assert on_the_disk(folder_of_files) == []
    assert not JobFile.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
@pytest.mark.parametrize("change", ["deactivated", "moved to another agency"])
def test_nothing_is_done_for_who_may_no_longer(
    asked: Asks, people: dict[str, User], folder_of_files: Path, change: str
) -> None:
    job = asked()
    elsewhere = {"agency": people["stranger"].agency}
    changed = {"is_active": False} if change == "deactivated" else elsewhere
    User.objects.filter(pk=people["officer"].pk).update(**changed)
    assert work_once() == "failed"
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, NOT_ALLOWED)
    assert on_the_disk(folder_of_files) == []


# --- Limits ------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_a_person_has_a_few_heavy_jobs_at_once_and_the_page_names_them(
    asked: Asks, sign_in: SignIn, kind: KnownKind
) -> None:
    jobs = [asked(str(number)) for number in range(MAX_JOBS)]
    # The same again is the same job, and others have their own.
    assert asked("0") == jobs[0]
    assert asked("of another", "executive").asked_by != jobs[0].asked_by
    with pytest.raises(TooManyJobs) as refused:
        asked("more")
    assert refused.value.jobs == jobs
    assert not BackgroundJob.objects.filter(subject="more").exists()
    BackgroundJob.objects.filter(pk=jobs[0].pk).update(state=JobState.CANCELLED, ended_at=timezone.now())
    asked("more")
    answer = sign_in("officer").post(reverse("retry_job", args=[jobs[0].pk]))
    assert answer.status_code == 429
    assert answer["Retry-After"] == "30"
    page = read(answer)
    assert "ยังทำไม่เสร็จ" in page.text
    assert page.all("a", href=reverse("job", args=[jobs[1].pk]))
    # What is not heavy, such as the files of an edition, is never refused.
    kind("light", lambda run: "")
    light = ask("light", "1", "เบา", agency=jobs[1].agency, person=jobs[1].asked_by)
    assert light.state == JobState.WAITING


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("queue")
def test_requests_at_once_get_no_more_than_one_after_another(asked: Asks) -> None:
    def ask_for(number: int) -> bool:
        try:
            asked(str(number))
        except TooManyJobs:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(MAX_JOBS + 2) as pool:
        got = list(pool.map(ask_for, range(MAX_JOBS + 2)))
    assert sum(got) == MAX_JOBS
    assert BackgroundJob.objects.count() == MAX_JOBS


@pytest.mark.django_db
def test_a_person_waits_for_a_few_heavy_answers_at_once(people: dict[str, User]) -> None:
    assert MAX_AT_ONCE == 2
    with heavy_answer(people["officer"]), heavy_answer(people["officer"]):
        with pytest.raises(TooMuchAtOnce), heavy_answer(people["officer"]):
            pass
        with heavy_answer(people["staff"]):
            pass
    with heavy_answer(people["officer"]):
        pass
