"""The page of a job: how far it is, cancelling it, asking for it again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.access import can_change_job, get_job, get_job_to_change
from accounts.background.kinds import kind_named
from accounts.background.progress import time_left, waits_in_vain
from accounts.background.services import cancel, try_again
from accounts.models import BackgroundJob
from accounts.request import Request


@require_safe
def show_job(request: Request, pk: int) -> HttpResponse:
    """The page; for htmx the bar alone, or the whole page anew once the job is over."""
    job = get_job(request, pk)
    if request.htmx and not job.is_unfinished:
        return HttpResponseClientRefresh()
    return _page(request, job, "_job.html" if request.htmx else "page.html")


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
    if not job.may_be_asked_again:
        return _page(request, job, "page.html", "งานนี้ยังไม่จบหรือทำเสร็จแล้ว จึงสั่งทำอีกครั้งไม่ได้", 409)
    return redirect("job", try_again(job, request.user).pk)


def _page(
    request: Request, job: BackgroundJob, template: str, problem: str = "", status: int = 200
) -> HttpResponse:
    kind = kind_named(job.kind)
    changes = can_change_job(request.user, job)
    context = {
        "job": job,
        "left": time_left(job),
        "in_vain": waits_in_vain(job),
        "problem": problem,
        "cancels": changes and kind is not None and kind.may_cancel and job.is_unfinished,
        "repeats": changes and job.may_be_asked_again,
    }
    return render(request, f"accounts/background/{template}", context, status=status)
