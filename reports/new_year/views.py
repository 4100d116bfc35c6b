"""Opening a fiscal year, and what to do where there is no plan yet."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import agency_in_view, can_manage_agency
from accounts.request import Request
from core.thai_calendar import FiscalYear
from measures.access import plans_in_view
from measures.models import Plan
from reports.new_year.forms import NewYearForm
from reports.new_year.services import open_year, open_year_from


@require_http_methods(["GET", "HEAD", "POST"])
def no_plan(request: Request) -> HttpResponse:
    """Opens a fiscal year (the officer); for everybody else, what to do where there is no plan yet."""
    agency = agency_in_view(request)
    manages = can_manage_agency(request.user, agency)
    if request.method == "POST" and not manages:
        raise PermissionDenied
    plans = list(plans_in_view(request).select_related("agency"))
    taken = {plan.fiscal_year for plan in plans}
    present = FiscalYear.containing(timezone.localdate()).number
    suggested = max(present, max(taken, default=0) + 1)
    form = NewYearForm(
        request.POST if request.method == "POST" else None,
        taken=taken,
        initial={"year": suggested, "source": max(taken, default=None)},
    )
    if form.is_valid():
        plan = _opened(request, form.cleaned_data["year"], form.cleaned_data["source"])
        said = "คัดลอกมาตรการแล้ว กรุณาตรวจกำหนดและผู้รับผิดชอบ" if plan.measures.exists() else "เริ่มเพิ่มมาตรการได้เลย"
        messages.success(request, f"เปิดแผนปีงบประมาณ พ.ศ. {plan.fiscal_year} แล้ว {said}")
        return redirect("edit_plan", plan.fiscal_year)
    context = {
        "form": form,
        "years": sorted(taken, reverse=True),
        # Editing and importing lead here where no plan is open.
        "closed": plans[0] if plans and all(plan.is_closed for plan in plans) else None,
    }
    return render(request, "reports/new_year/page.html", context, status=422 if form.errors else 200)


def _opened(request: Request, year: int, source: int | None) -> Plan:
    if source is None:
        return open_year(agency_in_view(request), year)
    return open_year_from(plans_in_view(request).select_related("agency").get(fiscal_year=source), year)
