"""The executive's two minutes."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import NotFound
from accounts.characters import number_in
from accounts.http import Request
from measures.access import get_plan, plans_in_view
from measures.models import Indicator, Measure
from measures.pages import render_page
from reports.dashboard import dashboard as figures_of


@require_safe
def dashboard(request: Request) -> HttpResponse:
    """Counts by status, indicator and division, what is late and whose, what was reported lately.

    ?year=2566 names the fiscal year; without it, the newest plan.
    """
    asked = request.GET.get("year", "")
    if asked:
        year = number_in(asked)
        if year is None:
            raise NotFound(f"ไม่มีปีงบประมาณ พ.ศ. {asked[:20]}")
        plan = get_plan(request, year)
    else:
        newest = plans_in_view(request).select_related("agency").first()
        if newest is None:
            return redirect("no_plan")
        plan = newest
    measures = Measure.objects.filter(plan=plan).with_parties().in_report_order()
    figures = figures_of(list(measures), Indicator.objects.all(), timezone.localdate())
    return render_page(request, "reports/dashboard.html", plan, "dashboard", {"figures": figures})
