"""A job in the background: asked for once, taken once, tried again, taken up again, cancelled, forgotten."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from accounts.background.progress import time_left, waits_in_vain
from accounts.background.runs import LEASE, SOMETHING_WENT_WRONG, JobProblem, LeaseLost, Run, claim_job
from accounts.background.selectors import queue_health
from accounts.background.services import WORKER_DIED, ask, cancel, prune, take_up_again, try_again
from accounts.background.sign_of_life import LONGEST_TRY, show_life
from accounts.models import BackgroundJob, BackgroundWorker, JobState
from tests.accounts.background.conftest import KnownKind, ask_for
from tests.support.workers import wait_until, work_once, worker

NOTHING_HAPPENS = "from accounts.background.kinds import register; register('count')(lambda run: '')"


def state_of(job: BackgroundJob) -> str:
    job.refresh_from_db()
    return job.state


# --- Asking ------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_a_job_waits_until_a_worker_comes(kind: KnownKind) -> None:
    done: list[int] = []

    def do(run: Run) -> str:
        done.append(run.job.pk)
        return "/there/"

    kind("note", do)
    job = ask_for("note", total=3)
    assert (job.state, job.tries, done) == (JobState.WAITING, 0, [])
    assert work_once() == "done"
    job.refresh_from_db()
    assert (job.state, job.tries, job.done, job.total, job.result_address) == (
        JobState.DONE,
        1,
        3,
        3,
        "/there/",
    )
    assert job.ended_at
    assert done == [job.pk]


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_what_is_asked_for_twice_is_queued_once(kind: KnownKind) -> None:
    kind("note", lambda run: "")
    first, second = ask_for("note"), ask_for("note")
    other = ask_for("note", "2")
    assert first == second
    assert other != first
    assert DBTaskResult.objects.count() == 2
    work_once()
    work_once()
    assert ask_for("note") not in (first, other)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("queue")
def test_two_people_who_ask_at_once_get_one_job(kind: KnownKind) -> None:
    kind("note", lambda run: "")

    def asked(_: int) -> int:
        try:
            return ask_for("note").pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(asked, range(4)))) == 1
    assert DBTaskResult.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_what_is_taken_back_was_never_queued(kind: KnownKind) -> None:
    kind("note", lambda run: "")
    with transaction.atomic():
        ask_for("note")
        transaction.set_rollback(True)
    assert not BackgroundJob.objects.exists()
    assert not DBTaskResult.objects.exists()


@pytest.mark.django_db
def test_without_a_queue_it_is_done_at_once(kind: KnownKind) -> None:
    kind("note", lambda run: "/there/")
    assert ask_for("note").state == JobState.DONE


# --- Progress ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_job_says_how_far_it_is_and_how_long_it_will_take(kind: KnownKind) -> None:
    seen: list[tuple[int, int, str, str]] = []

    def do(run: Run) -> str:
        run.report(0, 4, "หน้าแรก")
        assert time_left(run.job) == ""
        BackgroundJob.objects.update(started_at=timezone.now() - timedelta(seconds=30))
        run.report(1, 4, "หน้าสอง")
        job = BackgroundJob.objects.get()
        seen.append((job.done, job.total, job.doing, time_left(job)))
        return ""

    kind("pages", do)
    job = ask_for("pages")
    assert seen == [(1, 4, "หน้าสอง", "อีกประมาณ 2 นาที")]
    assert (job.state, job.doing, time_left(job)) == (JobState.DONE, "", "")


# --- Failing -----------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_what_fails_is_tried_again_later_and_not_for_ever(kind: KnownKind) -> None:
    def broken(run: Run) -> str:
        raise ValueError("no")

    kind("broken", broken, max_tries=2)
    job = ask_for("broken")
    assert work_once() == "waiting"
    job.refresh_from_db()
    assert (job.state, job.tries, job.error) == (JobState.WAITING, 1, SOMETHING_WENT_WRONG)
    later = DBTaskResult.objects.get(status=TaskResultStatus.READY)
    assert later.run_after > timezone.now()
    assert work_once() == "failed"
    job.refresh_from_db()
    assert (job.state, job.tries) == (JobState.FAILED, 2)
    # The administrator sees it with its trace.
    assert "ValueError: no" in DBTaskResult.objects.get(status=TaskResultStatus.FAILED).traceback
    health = queue_health()
    assert (health.waiting, health.failed, list(health.failed_jobs)) == (0, 1, [job])


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_what_cannot_be_mended_by_waiting_fails_at_once_with_its_sentence(kind: KnownKind) -> None:
    def hopeless(run: Run) -> str:
        raise JobProblem("แผนปิดแล้ว")

    kind("hopeless", hopeless)
    job = ask_for("hopeless")
    assert work_once() == "failed"
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, "แผนปิดแล้ว")
    again = try_again(job, None)
    assert (again.state, again.tries, again.kind) == (JobState.WAITING, 0, "hopeless")
    assert again != job


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_a_kind_that_this_version_does_not_know_fails_in_words() -> None:
    job = ask_for("unknown")
    work_once()
    assert (state_of(job), job.error) == (JobState.FAILED, SOMETHING_WENT_WRONG)


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_a_worker_that_is_told_to_end_hands_its_job_back(kind: KnownKind) -> None:
    def told(run: Run) -> str:
        raise SystemExit(1)

    kind("told", told)
    job = ask_for("told")
    work_once()
    assert (state_of(job), job.lease_until, job.worker) == (JobState.WAITING, None, "")
    assert DBTaskResult.objects.filter(status=TaskResultStatus.READY).count() == 1


# --- The lease ---------------------------------------------------------------------------------------


@pytest.fixture
def held(kind: KnownKind, queue: None, db: None) -> Run:
    """A job that a worker has taken."""
    kind("held", lambda run: "", max_tries=2)
    run = claim_job(ask_for("held").pk, "one")
    assert run
    return run


def lease_ends(job: BackgroundJob) -> None:
    BackgroundJob.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_a_job_that_somebody_works_on_is_not_taken(held: Run) -> None:
    assert claim_job(held.job.pk, "two") is None
    assert take_up_again() == 0


def test_when_the_lease_ends_another_worker_takes_it_up_and_the_first_changes_nothing_more(held: Run) -> None:
    lease_ends(held.job)
    assert take_up_again() == 1
    # Whoever looks at the same moment queues it no second time.
    assert take_up_again() == 0
    second = claim_job(held.job.pk, "two")
    assert second
    with pytest.raises(LeaseLost):
        held.report(1, 2)
    with pytest.raises(LeaseLost):
        held.end(JobState.DONE)
    second.end(JobState.DONE)
    assert (state_of(held.job), held.job.worker, held.job.tries) == (JobState.DONE, "two", 2)


def test_a_job_that_kills_every_worker_is_given_up(held: Run) -> None:
    lease_ends(held.job)
    take_up_again()
    assert claim_job(held.job.pk, "two")
    lease_ends(held.job)
    assert take_up_again() == 0
    assert (state_of(held.job), held.job.error) == (JobState.FAILED, WORKER_DIED)


def test_a_sign_of_life_renews_the_lease_of_what_hangs_not_too_long(held: Run) -> None:
    lease_ends(held.job)
    show_life("one")
    held.job.refresh_from_db()
    assert held.job.lease_until
    assert held.job.lease_until > timezone.now() + LEASE / 2
    assert held.job.state == JobState.RUNNING
    # What has gone on for half an hour does not end any more.
    BackgroundJob.objects.update(started_at=timezone.now() - LONGEST_TRY)
    lease_ends(held.job)
    show_life("one")
    assert state_of(held.job) == JobState.WAITING


def test_a_job_whose_worker_died_before_it_took_it_is_queued_again(
    kind: KnownKind, queue: None, db: None
) -> None:
    kind("note", lambda run: "")
    ask_for("note")
    row = DBTaskResult.objects.get()
    row.claim("dead")
    long_ago = timezone.now() - 2 * LEASE
    DBTaskResult.objects.update(started_at=long_ago)
    BackgroundJob.objects.update(asked_at=long_ago)
    assert take_up_again() == 1
    # The dead worker's row would say RUNNING for ever.
    assert list(DBTaskResult.objects.values_list("status", flat=True)) == [TaskResultStatus.READY]
    assert work_once() == "done"


def test_another_task_of_a_dead_worker_has_failed_and_is_not_repeated_by_itself(
    queue: None, db: None
) -> None:
    from accounts.mails import send_mail_task

    send_mail_task.enqueue("ก", "ข", ["a@example.go.th"])
    row = DBTaskResult.objects.get()
    row.claim("dead")
    DBTaskResult.objects.update(started_at=timezone.now() - 2 * LEASE)
    BackgroundWorker.objects.create(
        name="busy", machine="x", started_at=timezone.now(), seen_at=timezone.now()
    )
    take_up_again()
    assert queue_health().failed == 1
    row.status, row.worker_ids = TaskResultStatus.RUNNING, ["busy"]
    row.save()
    DBTaskResult.objects.update(started_at=timezone.now() - 2 * LEASE)
    take_up_again()
    assert (queue_health().running, queue_health().failed) == (1, 0)


# --- Cancelling --------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_what_waits_is_cancelled_at_once_and_what_runs_after_its_step(kind: KnownKind) -> None:
    done: list[str] = []

    def do(run: Run) -> str:
        run.report(0, 2)
        done.append("first")
        assert cancel(run.job)
        run.report(1, 2)
        done.append("second")
        return ""

    kind("steps", do, may_cancel=True)
    waiting = ask_for("steps", "1")
    assert cancel(waiting)
    assert state_of(waiting) == JobState.CANCELLED
    assert work_once() == "nothing to do"
    running = ask_for("steps", "2")
    assert work_once() == "cancelled"
    assert (state_of(running), done) == (JobState.CANCELLED, ["first"])
    assert not cancel(running)


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_what_must_be_finished_cannot_be_cancelled(kind: KnownKind) -> None:
    kind("must", lambda run: "")
    job = ask_for("must")
    assert not cancel(job)
    assert state_of(job) == JobState.WAITING


# --- Forgetting --------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_results_are_kept_for_seven_days(kind: KnownKind) -> None:
    kind("note", lambda run: "")
    for name, days in (("old", 8), ("new", 6)):
        job = ask_for("note", name)
        work_once()
        ended = timezone.now() - timedelta(days=days)
        BackgroundJob.objects.filter(pk=job.pk).update(ended_at=ended)
        DBTaskResult.objects.filter(args_kwargs__args=[job.pk]).update(finished_at=ended)
    ask_for("note", "waiting")
    assert prune() == 1
    assert set(BackgroundJob.objects.values_list("subject", flat=True)) == {"new", "waiting"}
    assert DBTaskResult.objects.count() == 2


# --- The administrator -------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_the_administrator_sees_the_queue_and_whether_somebody_works(
    kind: KnownKind, django_assert_num_queries: Callable[[int], Iterator[None]]
) -> None:
    kind("note", lambda run: "")
    job = ask_for("note")
    assert not waits_in_vain(job)
    job.asked_at -= timedelta(minutes=1)
    assert waits_in_vain(job)
    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        health = queue_health()
    assert (health.waiting, health.running, health.failed, health.is_worked_on) == (1, 0, 0, False)
    assert health.oldest == DBTaskResult.objects.get().enqueued_at
    show_life("one")
    assert [each.name for each in queue_health().workers] == ["one"]
    assert not waits_in_vain(job)
    BackgroundWorker.objects.update(seen_at=timezone.now() - 2 * LEASE)
    assert not queue_health().is_worked_on


# --- Real workers ------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("queue")
def test_two_workers_at_once_take_each_job_once(tmp_path: Path) -> None:
    jobs = [ask("count", str(number), "งาน", agency=None, person=None) for number in range(24)]
    noted = tmp_path / "noted"
    # A write of a line with O_APPEND is whole.
    before = f"""
import os, time
from accounts.background.kinds import register
def count(run):
    with open({str(noted)!r}, "a") as file:
        file.write(f"{{run.job.pk}} {{run.job.worker}}\\n")
    time.sleep(0.02)
    return ""
register("count")(count)
"""
    with worker(before) as _, worker(before) as _:
        wait_until(lambda: not BackgroundJob.objects.unfinished().exists())
    lines = [line.split() for line in noted.read_text().splitlines()]
    assert sorted(int(pk) for pk, _ in lines) == sorted(job.pk for job in jobs)
    assert set(BackgroundJob.objects.values_list("state", "tries")) == {(JobState.DONE, 1)}
    assert len({name for _, name in lines}) == 2, "one of them did nothing"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("queue")
def test_a_worker_shows_life_and_says_when_it_ends() -> None:
    ask_for("count")
    with worker(NOTHING_HAPPENS) as process:
        wait_until(lambda: queue_health().is_worked_on)
        # Before its first job it may not listen to signals yet.
        wait_until(lambda: not BackgroundJob.objects.unfinished().exists())
        process.terminate()
        process.wait(30)
        assert not BackgroundWorker.objects.exists()
    assert BackgroundJob.objects.get().state == JobState.DONE
