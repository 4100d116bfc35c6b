"""The page of a job: how far it is, cancelling it, asking for it again."""

from pathlib import Path
from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.access import can_change_job, get_job, get_job_to_change
from accounts.background.files import KEPT_FOR, file_address, made_by
from accounts.background.kinds import kind_named, may_have
from accounts.background.limits import TooManyJobs, too_many
from accounts.background.progress import time_left, waits_in_vain
from accounts.background.services import cancel, try_again
from accounts.models import BackgroundJob, JobState
from accounts.request import Request

GONE: Final = "ไฟล์ของงานนี้ไม่อยู่แล้ว ไฟล์เก็บไว้ 7 วันหลังทำเสร็จ หากยังต้องการ กรุณาสั่งทำใหม่"


@require_safe
def show_job(request: Request, pk: int) -> HttpResponse:
    """The page; for htmx the bar alone, or the whole page anew once the job is over."""
    job = get_job(request, pk)
    if request.htmx and not job.is_unfinished:
        return HttpResponseClientRefresh()
    return _page(request, job, "_job.html" if request.htmx else "page.html")


@require_safe
def job_file(request: Request, pk: int) -> HttpResponseBase:
    """The file that a job has made, for whoever may have it at this moment; a page (410) where it is gone."""
    job = get_job(request, pk)
    if not may_have(request.user, job):
        raise PermissionDenied
    # What was only found out for a page is no file for a person.
    file = made_by(job) if job.result_address == file_address(job) else None
    if file is None:
        return _page(request, job, "page.html", "" if job.is_unfinished else GONE, 410)
    try:
        content = Path(default_storage.path(file.path)).open("rb")  # noqa: SIM115 - the answer closes it
    except OSError:
        # It went between the two looks.
        return _page(request, job, "page.html", GONE, 410)
    response = FileResponse(
        content, as_attachment=True, filename=file.name, content_type=file.content_type or None
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
def cancel_job(request: Request, pk: int) -> HttpResponse:
    """Take it out of the queue, or let it end after its present step."""
    job = get_job_to_change(request, pk)
    if not cancel(job):
        job.refresh_from_db()
        return _page(request, job, "page.html", "งานนี้จบไปแล้วหรือยกเลิกไม่ได้ ยังไม่มีอะไรเปลี่ยนจากการกดครั้งนี้", 409)
    messages.success(request, "ยกเลิกงานนี้แล้ว หากกำลังทำอยู่จะหยุดเมื่อจบขั้นตอนนี้")
    return redirect("job", job.pk)


@require_POST
def retry_job(request: Request, pk: int) -> HttpResponse:
    """Ask anew for what has failed or was cancelled."""
    job = get_job_to_change(request, pk)
    if not _is_to_repeat(job):
        return _page(request, job, "page.html", "งานนี้ยังไม่จบหรือทำเสร็จแล้ว จึงสั่งทำอีกครั้งไม่ได้", 409)
    try:
        return redirect("job", try_again(job, request.user).pk)
    except TooManyJobs as limit:
        return too_many(request, limit)


def _is_to_repeat(job: BackgroundJob) -> bool:
    """Whether it may be asked for anew: it came to nothing, or what came of it is gone."""
    return job.may_be_asked_again or (
        job.state == JobState.DONE and job.result_address == file_address(job) and made_by(job) is None
    )


def _page(
    request: Request, job: BackgroundJob, template: str, problem: str = "", status: int = 200
) -> HttpResponse:
    kind = kind_named(job.kind)
    changes = can_change_job(request.user, job)
    makes_file = job.state == JobState.DONE and job.result_address == file_address(job)
    file = made_by(job) if makes_file else None
    context = {
        "job": job,
        "left": time_left(job),
        "in_vain": waits_in_vain(job),
        "problem": problem,
        "cancels": changes and kind is not None and kind.may_cancel and job.is_unfinished,
        "repeats": changes and _is_to_repeat(job),
        "makes_file": makes_file,
        "file": file if file and may_have(request.user, job) else None,
        "until": (job.ended_at or job.asked_at) + KEPT_FOR,
    }
    return render(request, f"accounts/background/{template}", context, status=status)
