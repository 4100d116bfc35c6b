"""Questions about the queue: for the person who asked for a job, and for the administrator."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from accounts.background.runs import LEASE
from accounts.models import BackgroundJob, BackgroundWorker, JobState


@dataclass(frozen=True)
class QueueHealth:
    """How the work in the background goes, for the site's administrator."""

    waiting: int
    """Tasks that could be worked on now or wait for their hour."""
    running: int
    failed: int
    """Tasks that have failed for good within the seven days that results are kept."""
    oldest: datetime | None
    """Since when the oldest task waits that could be worked on now; None where nothing waits."""
    workers: Sequence[BackgroundWorker]
    """Those that have shown life lately."""
    failed_jobs: Iterable[BackgroundJob]
    """The last jobs that have failed, each with its agency, at most ten; asked for when looked at."""

    @property
    def is_worked_on(self) -> bool:
        """Whether there is a worker at all."""
        return bool(self.workers)


def queue_health() -> QueueHealth:
    """How the queue stands; two queries."""
    now = timezone.now()
    rows = DBTaskResult.objects.aggregate(
        waiting=Count("pk", filter=Q(status=TaskResultStatus.READY)),
        running=Count("pk", filter=Q(status=TaskResultStatus.RUNNING)),
        failed=Count("pk", filter=Q(status=TaskResultStatus.FAILED)),
        # Without an hour of its own a row has one that never comes.
        oldest=Min(
            "enqueued_at",
            filter=Q(status=TaskResultStatus.READY) & (Q(run_after__lte=now) | Q(run_after__year=9999)),
        ),
    )
    failed = BackgroundJob.objects.filter(state=JobState.FAILED).select_related("agency")
    return QueueHealth(
        **rows,
        workers=list(BackgroundWorker.objects.filter(seen_at__gt=now - LEASE)),
        failed_jobs=failed.order_by("-ended_at")[:10],
    )
