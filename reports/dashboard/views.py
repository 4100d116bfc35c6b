"""The executive's two minutes: the page, the same for a projector, and one sheet of paper."""

from typing import Any, Final

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from accounts.background.limits import TooMuchAtOnce, heavy_answer, too_many
from accounts.request import Request
from core.http import NotFound, file_response, unchanged_answer, year_asked
from measures.access import can_edit_plan, get_plan, newest_plan
from measures.models import Plan
from reports.dashboard.selectors import dashboard_of, measures_of_plan
from reports.dashboard.summary import html_of, stored_pdf
from reports.renderers import RendererUnavailable

# What fits on one screen; all of it is a link away.
DIVISIONS_SHOWN: Final = 5
LATE_SHOWN: Final = 2


@require_safe
def dashboard(request: Request) -> HttpResponse:
    """What is done and what waits; by indicator, over time, by division; what is late, what is new.

    ?year=2566 names the fiscal year, without it the newest plan; ?view=screen is for a projector;
    ?divisions=all names every division.
    """
    plan = _plan_asked(request)
    if plan is None:
        return redirect("no_plan")
    context = _context(request, plan)
    if not context["figures"].tally.total:
        return render(request, "reports/dashboard/empty.html", context)
    if request.GET.get("view") == "screen":
        return render(request, "reports/dashboard/screen.html", context)
    return render(request, "reports/dashboard/page.html", context)


@require_safe
def summary_pdf(request: Request) -> HttpResponseBase:
    """The dashboard as one sheet of paper; what the browser has already is not laid out again."""
    plan = _plan_asked(request)
    if plan is None:
        raise NotFound("ยังไม่มีแผน")
    html, key = html_of(plan, _context(request, plan))
    etag = quote_etag(key)
    if unchanged := unchanged_answer(request, etag):
        return unchanged
    try:
        with heavy_answer(request.user):
            made = stored_pdf(html, key)
    except TooMuchAtOnce as limit:
        return too_many(request, limit)
    except RendererUnavailable as error:
        return render(request, "reports/rounds/unavailable.html", {"what": str(error)}, status=503)
    name = f"{plan.agency.slug}-{plan.fiscal_year}-summary.pdf"
    return file_response(
        made.content, "application/pdf", name, cache="private, no-cache", etag=etag, as_attachment=False
    )


def _plan_asked(request: Request) -> Plan | None:
    """The plan of ?year=, else the newest; None where there is none yet.

    Raises:
        NotFound: no plan of that year.
    """
    asked = request.GET.get("year", "")
    if not asked:
        return newest_plan(request)
    year = year_asked(request)
    if year is None:
        raise NotFound(f"ไม่มีปีงบประมาณ พ.ศ. {asked[:20]}")
    return get_plan(request, year)


def _context(request: Request, plan: Plan) -> dict[str, Any]:
    today = timezone.localdate()
    measures = measures_of_plan(plan)
    figures = dashboard_of(plan, measures, today)
    shows_all = request.GET.get("divisions") == "all"
    return {
        "figures": figures,
        "round": plan.year.round_on(today),
        "today": today,
        "starts_in": (plan.year.start - today).days,
        "divisions": figures.divisions if shows_all else figures.divisions[:DIVISIONS_SHOWN],
        "late": figures.late[:LATE_SHOWN],
        "year_before": plan.fiscal_year - 1,
        "edits": can_edit_plan(request.user, plan),
    }
