"""What is done to jobs: asking for one, cancelling it, and taking up again what a killed worker has left.

The library's row and the job's are stored in one transaction: both are there, or neither is.
"""

import logging
from typing import Any, Final

from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from accounts.background.files import KEPT_FOR, GivenFile, given_to, saved
from accounts.background.kinds import heavy_kinds, kind_named
from accounts.background.limits import check_jobs_of
from accounts.background.runs import LEASE, LET_GO
from accounts.background.tasks import run_job
from accounts.models import Agency, BackgroundJob, BackgroundWorker, JobState, User

WORKER_DIED: Final = "ผู้ทำงานเบื้องหลังหยุดกลางคันหลายครั้ง ลองอีกครั้งได้ หากยังไม่สำเร็จกรุณาแจ้งผู้ดูแลระบบ"
# What the library's row says of a task that nobody may repeat by itself.
LEFT_BEHIND: Final = "The worker ended in the middle; whether the task was done is not known."

logger = logging.getLogger(__name__)


def ask(
    kind: str,
    subject: str,
    title: str,
    *,
    agency: Agency | None,
    person: User | None,
    total: int = 0,
    arguments: dict[str, Any] | None = None,
    given: GivenFile | None = None,
) -> BackgroundJob:
    """Put a job into the queue; where one about the same thing is unfinished already, that one.

    Inside a transaction nobody works on it before the transaction is committed.

    Args:
        kind: a name of accounts.background.kinds.
        subject: what it is about; of one kind and subject one job is unfinished.
        total: how many steps it has, where that is known.
        given: a file for it to read.

    Raises:
        TooManyJobs: the person has as many heavy ones under way as one may have; nothing is queued.
    """
    about = BackgroundJob.objects.about(kind, subject).unfinished()
    if unfinished := about.first():
        return unfinished
    job = BackgroundJob(
        kind=kind,
        subject=subject,
        title=title[:300],
        agency=agency,
        asked_by=person,
        asked_at=timezone.now(),
        total=total,
        arguments=arguments or {},
    )
    try:
        # A file is on the disk before the transaction, which on SQLite holds up everybody who writes.
        with saved(given) as file, transaction.atomic():
            if person is not None and kind in heavy_kinds():
                check_jobs_of(person)
            job.save(force_insert=True)
            if file is not None:
                file.job = job
                file.save()
            run_job.enqueue(job.pk)
    except IntegrityError:
        # Asked for by somebody else at this moment, and perhaps done already.
        return BackgroundJob.objects.about(kind, subject)[0]
    job.refresh_from_db()
    return job


def try_again(job: BackgroundJob, person: User | None) -> BackgroundJob:
    """Ask anew for what has failed or was cancelled; the job before stays as it ended."""
    return ask(
        job.kind,
        job.subject,
        job.title,
        agency=job.agency,
        person=person,
        total=job.total,
        arguments=job.arguments,
        given=given_to(job),
    )


def cancel(job: BackgroundJob) -> bool:
    """Take a job out of the queue, or let it end after its present step; False: it cannot be, or is over."""
    kind = kind_named(job.kind)
    if kind is None or not kind.may_cancel:
        return False
    mine = BackgroundJob.objects.filter(pk=job.pk)
    if mine.filter(state=JobState.WAITING).update(state=JobState.CANCELLED, ended_at=timezone.now()):
        return True
    return bool(mine.filter(state=JobState.RUNNING).update(wants_to_stop=True))


def take_up_again() -> int:
    """Queue the jobs that dead workers have left, and tidy the library's rows; says how many jobs.

    Every worker calls it with its sign of life. Called by several at once it queues each job once.
    """
    now = timezone.now()
    taken_up = 0
    for job in BackgroundJob.objects.filter(state=JobState.RUNNING, lease_until__lt=now):
        taken_up += _let_go(job)
    taken_up += _queue_forgotten()
    _end_tasks_of_dead_workers()
    return taken_up


@transaction.atomic
def _let_go(job: BackgroundJob) -> bool:
    """Queue one job whose lease ended; one that has killed every worker so far has failed."""
    theirs = BackgroundJob.objects.filter(
        pk=job.pk, state=JobState.RUNNING, tries=job.tries, lease_until__lt=timezone.now()
    )
    kind = kind_named(job.kind)
    if kind is None or job.tries >= kind.max_tries:
        ended = {"lease_until": None, "ended_at": timezone.now(), "error": WORKER_DIED}
        theirs.update(state=JobState.FAILED, **ended)
        return False
    if not theirs.update(**LET_GO):
        return False
    run_job.enqueue(job.pk)
    logger.warning("The worker of job %d is gone; it is taken up again", job.pk)
    return True


@transaction.atomic
def _queue_forgotten() -> int:
    """Queue the jobs whose worker was killed after it took the library's row and before it took the job."""
    long_ago = timezone.now() - LEASE
    waiting = BackgroundJob.objects.filter(state=JobState.WAITING, asked_at__lt=long_ago)
    if not waiting.exists():
        return 0
    rows = DBTaskResult.objects.filter(task_path=run_job.module_path).filter(
        Q(status=TaskResultStatus.READY) | Q(status=TaskResultStatus.RUNNING, started_at__gt=long_ago)
    )
    queued = {row["args"][0] for row in rows.values_list("args_kwargs", flat=True)}
    forgotten = [job for job in waiting.select_for_update(skip_locked=True) if job.pk not in queued]
    for job in forgotten:
        run_job.enqueue(job.pk)
    return len(forgotten)


def _end_tasks_of_dead_workers() -> None:
    """A row that says RUNNING for a worker that is gone would stay for ever."""
    long_ago = timezone.now() - LEASE
    BackgroundWorker.objects.filter(seen_at__lt=long_ago).delete()
    alive = set(BackgroundWorker.objects.values_list("name", flat=True))
    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=long_ago)
    for row in running:
        if row.worker_ids and row.worker_ids[-1] in alive:
            continue
        theirs = DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.RUNNING)
        if row.task_path == run_job.module_path:
            # The job itself says how it goes on.
            theirs.delete()
        else:
            ended = {"status": TaskResultStatus.FAILED, "finished_at": timezone.now()}
            theirs.update(**ended, traceback=LEFT_BEHIND, exception_class_path="builtins.RuntimeError")


def prune() -> int:
    """Forget what ended more than seven days ago, jobs and the library's rows; says how many jobs."""
    old = BackgroundJob.objects.filter(ended_at__lt=timezone.now() - KEPT_FOR)
    _, deleted = old.delete()
    call_command("prune_db_task_results", queue_name="*", min_age_days=KEPT_FOR.days, verbosity=0)
    return deleted.get("accounts.BackgroundJob", 0)
