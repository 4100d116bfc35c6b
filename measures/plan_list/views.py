"""The plan as a list."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.request import Request
from measures.access import can_edit_plan, can_update_measure, get_plan, newest_plan
from measures.bulk_update.forms import BulkForm
from measures.listing import by_indicator
from measures.models import Measure
from measures.plan_list.forms import MeasureFilter


@require_safe
def plan_list(request: Request, year: int) -> HttpResponse:
    """All measures of a plan, with filters whose state is the address."""
    plan = get_plan(request, year)
    filters = MeasureFilter(request.GET, plan=plan)
    listed = filters.apply(Measure.objects.filter(plan=plan)).with_step_counts().with_parties()
    measures = list(listed.in_report_order())
    context = {
        "filters": filters,
        "groups": by_indicator(measures),
        "count": len(measures),
        "reportable": {m.pk for m in measures if can_update_measure(request.user, m)},
        "may_edit": can_edit_plan(request.user, plan),
        "bulk": BulkForm(may_edit=can_edit_plan(request.user, plan)),
        "panel_open": False,
        "said": "",
    }
    template = "measures/plan_list/_table.html" if request.htmx else "measures/plan_list/page.html"
    return render(request, template, context)


@require_safe
def latest_plan(request: Request) -> HttpResponse:
    """/plans/ leads to the newest plan."""
    plan = newest_plan(request)
    return redirect("plan", plan.fiscal_year) if plan else redirect("no_plan")
