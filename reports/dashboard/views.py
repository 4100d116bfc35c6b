"""The executive's two minutes."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.request import Request
from core.http import NotFound, year_asked
from measures.access import get_plan, newest_plan
from measures.models import Indicator, Measure
from reports.dashboard.figures import dashboard as figures_of


@require_safe
def dashboard(request: Request) -> HttpResponse:
    """Counts by status, indicator and division, what is late and whose, what was reported lately.

    ?year=2566 names the fiscal year; without it, the newest plan.
    """
    asked = request.GET.get("year", "")
    if asked:
        year = year_asked(request)
        if year is None:
            raise NotFound(f"ไม่มีปีงบประมาณ พ.ศ. {asked[:20]}")
        plan = get_plan(request, year)
    else:
        newest = newest_plan(request)
        if newest is None:
            return redirect("no_plan")
        plan = newest
    measures = Measure.objects.filter(plan=plan).with_parties().in_report_order()
    figures = figures_of(list(measures), Indicator.objects.all(), timezone.localdate())
    return render(request, "reports/dashboard/page.html", {"figures": figures})
