"""The plan as a list."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.request import Request
from measures.access import (
    can_edit_plan,
    can_report,
    get_plan,
    get_saved_filter,
    newest_plan,
    plans_in_view,
    saved_filters_in_view,
)
from measures.bulk_update.forms import BulkForm
from measures.models import Plan
from measures.plan_list.forms import Chosen, MeasureFilter, SaveFilterForm
from measures.plan_list.selectors import listed, measures_of
from measures.plan_list.services import save_filter
from measures.rollover import plans_to_copy


@require_safe
def plan_list(request: Request, year: int) -> HttpResponse:
    """All measures of a plan, with filters whose state is the address."""
    return _page(request, get_plan(request, year), request.GET)


@require_POST
def keep_filter(request: Request, year: int) -> HttpResponse:
    """Keep the filters that come along under a name of one's own."""
    plan = get_plan(request, year)
    filters = MeasureFilter(request.POST, plan=plan, measures=measures_of(plan))
    form = SaveFilterForm(request.POST)
    if form.is_valid():
        try:
            saved = save_filter(request.user, plan, form.cleaned_data["name"], filters.chosen)
        except ValidationError as error:
            form.add_error("name", error.messages[0])
        else:
            messages.success(request, f"บันทึกตัวกรอง “{saved.name}” แล้ว")
            return redirect(_address(request, plan, filters.chosen))
    return _page(request, plan, request.POST, form)


@require_POST
def drop_filter(request: Request, year: int, pk: int) -> HttpResponse:
    """Forget a filter of one's own; the list stays as it is filtered."""
    plan = get_plan(request, year)
    saved = get_saved_filter(request, plan, pk)
    chosen = Chosen.of(saved)
    saved.delete()
    messages.success(request, f"ลบตัวกรอง “{saved.name}” แล้ว")
    return redirect(_address(request, plan, chosen))


@require_safe
def latest_plan(request: Request) -> HttpResponse:
    """/plans/ leads to the newest plan."""
    plan = newest_plan(request)
    return redirect("plan", plan.fiscal_year) if plan else redirect("no_plan")


def _page(
    request: Request, plan: Plan, data: QueryDict, saving: SaveFilterForm | None = None
) -> HttpResponse:
    """The whole page, or for htmx the part of it that filters change.

    Args:
        saving: a name that was refused.
    """
    measures = measures_of(plan)
    filters = MeasureFilter(data, plan=plan, measures=measures)
    shown = listed(plan, measures, filters, request.user, timezone.localdate())
    chosen, may_edit = filters.chosen, can_edit_plan(request.user, plan)
    saved = [(each, Chosen.of(each)) for each in saved_filters_in_view(request.user, plan)]
    context: dict[str, Any] = {
        "filters": filters,
        "chosen": chosen,
        "list": shown,
        "saved": saved,
        "present": next((each for each, values in saved if values == chosen), None),
        "saving": saving or SaveFilterForm(),
        "reportable": {m.pk for m in shown.measures if can_report(request.user, m)},
        "reports_any": any(can_report(request.user, measure) for measure in measures),
        "may_edit": may_edit,
        "has_parts": any(measure.by_division for measure in measures),
        "sources": plans_to_copy(plans_in_view(request), [plan])[:1] if may_edit and not measures else [],
        "bulk": BulkForm(may_edit=may_edit),
        "panel_open": False,
        "said": "",
    }
    template = "measures/plan_list/_table.html" if request.htmx else "measures/plan_list/page.html"
    return render(request, template, context, status=422 if saving else 200)


def _address(request: Request, plan: Plan, chosen: Chosen) -> str:
    """The list with filters, of the agency in view."""
    query = QueryDict(mutable=True)
    for name in ("status", "indicator", "division", "text"):
        if value := getattr(chosen, name):
            query[name] = value
    if request.user.agency_id is None:
        query["agency"] = plan.agency.slug
    return f"{reverse('plan', args=[plan.fiscal_year])}{'?' if query else ''}{query.urlencode()}"
