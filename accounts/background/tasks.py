"""The library's task that works on a job: takes it, does what its kind says, and notes how it ended."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Final

from django.db import transaction
from django.utils import timezone
from django_tasks import TaskContext, task
from simple_history.models import HistoricalRecords

from accounts.background.kinds import JobKind, kind_named
from accounts.background.runs import SOMETHING_WENT_WRONG, JobProblem, JobStopped, LeaseLost, Run, claim_job
from accounts.models import JobState, User

# Before the second try, the third …; the last of them for all that follow.
PAUSES: Final = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=5))

NOT_ALLOWED: Final = "ผู้สั่งงานนี้ไม่มีสิทธิ์ทำงานนี้แล้ว จึงไม่ได้ทำ"

logger = logging.getLogger(__name__)


@task(takes_context=True)
def run_job(context: TaskContext, job: int) -> str:
    """Work on a job, unless somebody does already or it is done: asking twice does no harm.

    What goes wrong for the last time is also the library's failure, with its trace, for the administrator.
    """
    run = claim_job(job, context.task_result.worker_ids[-1])
    if run is None:
        return "nothing to do"
    kind = kind_named(run.job.kind)
    try:
        _do(run, kind)
    except JobStopped:
        run.end(JobState.CANCELLED)
    except LeaseLost:
        logger.warning("Another worker has taken up job %d", job)
    except Exception as error:
        if not _tries_again(run, kind, error):
            raise
        logger.exception("Job %d is tried again", job)
    except BaseException:
        # This process was told to end, not the job.
        _queue_again(run, "", timedelta())
        raise
    return str(run.job.state)


def _do(run: Run, kind: JobKind | None) -> None:
    if kind is None:
        raise JobProblem(SOMETHING_WENT_WRONG)
    person = run.job.asked_by
    if kind.allowed and not (person and person.is_active and kind.allowed(person, run.job)):
        raise JobProblem(NOT_ALLOWED)
    with on_behalf_of(run.job.asked_by):
        address = kind.do(run)
    run.end(JobState.DONE, result_address=address)


@contextmanager
def on_behalf_of(person: User | None) -> Iterator[None]:
    """The history of what is changed inside names who asked for it: it takes the person from a request."""
    context = HistoricalRecords.context
    before = getattr(context, "request", None)
    context.request = SimpleNamespace(user=person)
    try:
        yield
    finally:
        context.request = before
        if before is None:
            del context.request


def _tries_again(run: Run, kind: JobKind | None, error: Exception) -> bool:
    """Whether a try that failed is followed by another one; else the job has failed."""
    sentence = error.sentence if isinstance(error, JobProblem) else SOMETHING_WENT_WRONG
    hopeless = isinstance(error, JobProblem) and not error.again
    can_wait = run_job.get_backend().supports_defer
    try:
        if kind is None or hopeless or run.job.tries >= kind.max_tries or not can_wait:
            mended_at = error.address if isinstance(error, JobProblem) else ""
            run.end(JobState.FAILED, error=sentence, result_address=mended_at)
            return False
        _queue_again(run, sentence, PAUSES[min(run.job.tries, len(PAUSES)) - 1])
    except LeaseLost:
        logger.warning("Another worker has taken up job %d", run.job.pk)
    return True


@transaction.atomic
def _queue_again(run: Run, sentence: str, pause: timedelta) -> None:
    run.give_back(sentence)
    run_job.using(run_after=timezone.now() + pause).enqueue(run.job.pk)
