"""The files of jobs: what one was given to read, and what it has made, kept for seven days.

They lie below MEDIA_ROOT, where every worker and every server of a site finds them, and go with their rows.
What a killed worker has left half made has no row, and the search for such files removes it.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import IO, Any, Final
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone

from accounts.background.runs import JobProblem, Run
from accounts.models import BackgroundJob, JobFile, JobFileRole
from core.text import cut_to_bytes

# Below MEDIA_ROOT. Not in backups: everything in it can be made again.
FOLDER: Final = "jobs/"
KEPT_FOR: Final = timedelta(days=7)
# What most file systems have room for.
LONGEST_NAME: Final = 200
GIVEN_IS_GONE: Final = "ไม่พบไฟล์ที่ส่งมาแล้ว จึงอ่านไม่ได้ กรุณาส่งไฟล์ใหม่อีกครั้ง"


@dataclass(frozen=True)
class GivenFile:
    """A file that a job is to read, as it was uploaded."""

    name: str
    content: bytes


@contextmanager
def saved(given: GivenFile | None) -> Iterator[JobFile | None]:
    """A file on the disk and its row, still without a job and not stored; None where there is no file.

    Where the block ends by an exception the file goes.
    """
    if given is None:
        yield None
        return
    path = default_storage.save(_new_path(), ContentFile(given.content))
    try:
        name = cut_to_bytes(given.name, LONGEST_NAME)
        yield JobFile(role=JobFileRole.GIVEN, path=path, name=name, size=len(given.content))
    except BaseException:
        with suppress(OSError):
            default_storage.delete(path)
        raise


def given_to(job: BackgroundJob) -> GivenFile | None:
    """What a job was given; None where it was given nothing, or that is gone."""
    file = job.files.filter(role=JobFileRole.GIVEN).first()
    if file is None:
        return None
    try:
        return GivenFile(file.name, Path(default_storage.path(file.path)).read_bytes())
    except OSError:
        return None


def read_given(run: Run) -> GivenFile:
    """As given_to(), for the worker.

    Raises:
        JobProblem: the file is gone.
    """
    given = given_to(run.job)
    if given is None:
        raise JobProblem(GIVEN_IS_GONE)
    return given


@contextmanager
def making(run: Run, name: str, content_type: str) -> Iterator[IO[bytes]]:
    """A file to write the result of a job into; it is the job's at the end of the block, flushed to the disk.

    What an earlier job of the same kind about the same thing has made goes then. Where the block ends by an
    exception nothing is left.
    """
    path = _new_path()
    whole = Path(default_storage.path(path))
    whole.parent.mkdir(parents=True, exist_ok=True)
    try:
        with whole.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        with transaction.atomic():
            # Of two workers that both believe to hold the job, one stores.
            run.still_holds()
            job = run.job
            earlier = JobFile.objects.filter(job__kind=job.kind, job__subject=job.subject)
            # One by one, so that each takes its file along.
            for each in earlier.filter(role=JobFileRole.MADE):
                each.delete()
            JobFile.objects.create(
                job=job,
                role=JobFileRole.MADE,
                path=path,
                name=cut_to_bytes(name, LONGEST_NAME),
                content_type=content_type,
                size=size,
            )
    except BaseException:
        with suppress(OSError):
            whole.unlink()
        raise


def keep_facts(run: Run, facts: Any) -> None:
    """Keep what a job has found out, for the page that shows it; facts: what JSON can say."""
    with making(run, "facts.json", "application/json") as file:
        file.write(json.dumps(facts, ensure_ascii=False).encode())


def facts_of(job: BackgroundJob) -> Any | None:
    """What keep_facts() has kept; None where it is gone."""
    file = made_by(job)
    if file is None:
        return None
    try:
        return json.loads(Path(default_storage.path(file.path)).read_bytes())
    except (OSError, ValueError):
        return None


def file_address(job: BackgroundJob) -> str:
    """Where the file that a job makes is handed out."""
    return reverse("job_file", args=[job.pk])


def made_by(job: BackgroundJob) -> JobFile | None:
    """The file that a job has made; None where there is none, it is too old, or gone from the disk."""
    if job.ended_at and job.ended_at < timezone.now() - KEPT_FOR:
        return None
    file: JobFile | None = job.files.filter(role=JobFileRole.MADE).first()
    return file if file is not None and Path(default_storage.path(file.path)).is_file() else None


def expired_files() -> QuerySet[JobFile]:
    """The files of jobs that ended more than seven days ago."""
    return JobFile.objects.filter(job__ended_at__lt=timezone.now() - KEPT_FOR)


def _new_path() -> str:
    return f"{FOLDER}{uuid4().hex}"


@receiver(post_delete, sender=JobFile)
def _drop_the_file(instance: JobFile, **_: Any) -> None:
    # A file that cannot be deleted is noted in the log and bothers nobody else.
    transaction.on_commit(partial(default_storage.delete, instance.path), robust=True)
