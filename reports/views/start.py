"""Where a person begins: the way to their work, the change of year, a new fiscal year, the site's health."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import Error as AnyDatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import agency_in_view, can_manage_agency
from accounts.characters import number_in
from accounts.http import Request
from accounts.models import Role
from measures.access import plans_in_view
from measures.models import Plan
from measures.thai import FiscalYear
from reports.forms import NewYearForm
from reports.years import open_year, open_year_from

LANDING = {
    Role.STAFF: "work",
    Role.OFFICER: "dashboard",
    Role.EXECUTIVE: "dashboard",
    Role.OVERSEER: "overview",
    Role.ADMIN: "admin:index",
}


@require_safe
def home(request: Request) -> HttpResponse:
    """Sends a signed-in person to where their work is."""
    return redirect(LANDING[Role(request.user.role)])


@require_safe
def year(request: Request) -> HttpResponse:
    """The same room in another year: where the bar's choice of year leads (?year=2566&room=plan)."""
    agency = agency_in_view(request)
    chosen = number_in(request.GET.get("year", ""))
    if chosen is None:
        return redirect("home")
    query: dict[str, str | int] = {"agency": agency.slug} if request.user.agency_id is None else {}
    match request.GET.get("room", ""):
        case "plan":
            address = reverse("plan", args=[chosen])
        case "edit":
            address = reverse("edit_plan", args=[chosen])
        case "reports":
            address = reverse("reports")
        case "work":
            address, query["year"] = reverse("work"), chosen
        case _:
            address, query["year"] = reverse("dashboard"), chosen
    return redirect(f"{address}?{urlencode(query)}" if query else address)


@require_http_methods(["GET", "HEAD", "POST"])
def no_plan(request: Request) -> HttpResponse:
    """Opens a fiscal year (the officer); for everybody else, what to do where there is no plan yet."""
    agency = agency_in_view(request)
    manages = can_manage_agency(request.user, agency)
    if request.method == "POST" and not manages:
        raise PermissionDenied
    taken = set(plans_in_view(request).values_list("fiscal_year", flat=True))
    suggested = max(taken) + 1 if taken else FiscalYear.containing(timezone.localdate()).number
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
        "agency": agency,
        "plan": None,
        "years": sorted(taken, reverse=True),
        "room": "new_plan",
        "manages": manages,
    }
    return render(request, "reports/new_plan.html", context, status=422 if form.errors else 200)


def _opened(request: Request, year: int, source: int | None) -> Plan:
    if source is None:
        return open_year(agency_in_view(request), year)
    return open_year_from(plans_in_view(request).select_related("agency").get(fiscal_year=source), year)


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 only if the database answers and every migration is applied; for load balancers and monitors."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except AnyDatabaseError:
        return HttpResponse("database does not answer\n", status=503, content_type="text/plain")
    if waiting:
        return HttpResponse("migrations are not applied\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")
