"""How far a job is, in words that people read."""

import math
from datetime import timedelta

from django.utils import timezone

from accounts.background.runs import LEASE
from accounts.models import BackgroundJob, BackgroundWorker, JobState

NOBODY_WORKS = timedelta(seconds=20)


def time_left(job: BackgroundJob) -> str:
    """How long it will still take: อีกประมาณ 20 วินาที; empty where that cannot be said yet."""
    seconds = job.seconds_left(timezone.now())
    if seconds is None:
        return ""
    if seconds < 60:
        return f"อีกประมาณ {5 * math.ceil(seconds / 5)} วินาที"
    return f"อีกประมาณ {math.ceil(seconds / 60)} นาที"


def waits_in_vain(job: BackgroundJob) -> bool:
    """Whether a job waits and no worker is there that could take it; a query only for one that waits."""
    now = timezone.now()
    if job.state != JobState.WAITING or now - job.asked_at < NOBODY_WORKS:
        return False
    return not BackgroundWorker.objects.filter(seen_at__gt=now - LEASE).exists()
