"""All evidence of a plan as one file: how much there is, asking for it, and where it is."""

from django.db.models import Count, Q, Sum
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.background.files import KEPT_FOR, made_by
from accounts.background.limits import TooManyJobs, too_many
from accounts.models import JobState
from accounts.request import Request
from core.file_kinds import size_text
from measures.access import evidence_in_view, get_plan_to_bundle
from measures.bundle.making import ask_for_bundle, newest_bundle
from measures.models import Plan


@require_http_methods(["GET", "HEAD", "POST"])
def bundle(request: Request, year: int) -> HttpResponse:
    """GET: how much there is, and the newest bundle. POST: have one made."""
    plan = get_plan_to_bundle(request, year)
    if request.method != "POST":
        return _page(request, plan)
    try:
        return redirect("job", ask_for_bundle(plan, request.user).pk)
    except TooManyJobs as limit:
        return too_many(request, limit)


def _page(request: Request, plan: Plan) -> HttpResponse:
    is_file = ~Q(file="")
    there = evidence_in_view(request.user, plan).aggregate(
        files=Count("pk", filter=is_file), links=Count("pk", filter=~is_file), size=Sum("size")
    )
    job = newest_bundle(plan)
    file = made_by(job) if job and job.state == JobState.DONE else None
    context = {
        "there": {**there, "size": size_text(there["size"] or 0)},
        "job": job,
        "file": file,
        "until": job.ended_at + KEPT_FOR if file and job and job.ended_at else None,
    }
    return render(request, "measures/bundle/page.html", context)
