"""The plan as a list, and the division's own first screen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import NotFound
from accounts.characters import number_in
from accounts.http import Request
from accounts.models import Role
from measures.access import can_edit_plan, can_update_measure, get_plan, plans_in_view
from measures.forms.bulk import BulkForm
from measures.forms.filters import MeasureFilter
from measures.models import Indicator, Measure, Plan
from measures.pages import render_page
from measures.status import FINISHED


@dataclass(frozen=True)
class IndicatorGroup:
    """The measures of one indicator, for a list with a heading a group."""

    indicator: Indicator
    measures: Sequence[Measure]


def by_indicator(measures: Iterable[Measure]) -> Sequence[IndicatorGroup]:
    """Group measures that are in report order."""
    groups: dict[int, list[Measure]] = {}
    for measure in measures:
        groups.setdefault(measure.indicator_id, []).append(measure)
    return [IndicatorGroup(group[0].indicator, group) for group in groups.values()]


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
    template = "measures/_plan_table.html" if request.htmx else "measures/plan.html"
    return render_page(request, template, plan, "plan", context)


@require_safe
def work(request: Request) -> HttpResponse:
    """The measures of one's own division, the ones that need a report first."""
    if request.user.role != Role.STAFF:
        raise NotFound("หน้านี้เป็นของเจ้าหน้าที่ของส่วนราชการ")
    plans = plans_in_view(request)
    if year := number_in(request.GET.get("year", "")):
        plans = plans.filter(fiscal_year=year)
    plan = plans.select_related("agency").first()
    if plan is None:
        return redirect("no_plan")
    today = timezone.localdate()
    mine = Measure.objects.filter(plan=plan).of_division(request.user.division_id or 0)
    measures = sorted(mine.with_step_counts().with_parties(), key=urgency)
    waiting = [measure for measure in measures if measure.status not in FINISHED]
    context = {
        "waiting": waiting,
        "finished": [measure for measure in measures if measure.status in FINISHED],
        "total": len(measures),
        "round": plan.year.round_on(today),
        "today": today,
    }
    return render_page(request, "measures/work.html", plan, "work", context)


def urgency(measure: Measure) -> tuple[bool, bool, str, int, int, int]:
    """What needs a report first: late, then by due date (none last), then as in the report."""
    return (
        measure.status in FINISHED,
        not measure.is_late,
        measure.due_on.isoformat() if measure.due_on else "9999",
        measure.indicator.number,
        measure.position,
        measure.pk,
    )


@require_safe
def latest_plan(request: Request) -> HttpResponse:
    """/plans/ leads to the newest plan."""
    plan: Plan | None = plans_in_view(request).first()
    if plan is None:
        return redirect("no_plan")
    return redirect("plan", plan.fiscal_year)
