"""What belongs to no room alone: the way to one's work, the change of year, the site's health."""

from django.contrib.auth.decorators import login_not_required
from django.db import Error as AnyDatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import agency_in_view, can_see_overview
from accounts.models import Role
from accounts.request import Request
from core.http import year_asked
from measures.models import Plan

LANDING = {
    Role.STAFF: "work",
    Role.OFFICER: "dashboard",
    Role.EXECUTIVE: "dashboard",
    Role.OVERSEER: "overview",
    Role.ADMIN: "site_admin",
}


@require_safe
def home(request: Request) -> HttpResponse:
    """Sends a signed-in person to where their work is; an officer who has no plan yet, to setting up."""
    user = request.user
    if user.main_role == Role.OFFICER and not Plan.objects.filter(agency=user.agency_id).exists():
        return redirect("start")
    return redirect(LANDING[request.user.main_role])


@require_safe
def year(request: Request) -> HttpResponse:
    """The same room in another year: where the bar's choice of year leads (?year=2566&room=plan)."""
    chosen = year_asked(request)
    room = request.GET.get("room", "")
    if chosen is not None and room == "overview" and can_see_overview(request.user):
        return redirect(f"{reverse('overview')}?{urlencode({'year': chosen})}")
    agency = agency_in_view(request)
    if chosen is None:
        return redirect("home")
    query: dict[str, str | int] = {"agency": agency.slug} if request.user.agency_id is None else {}
    match room:
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


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What the site keeps of people, for everybody to read."""
    return render(request, "site/privacy.html")


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """How far everybody can use the site, whatever they use it with."""
    return render(request, "site/accessibility.html")


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 only if the database answers and every migration is applied; for load balancers and monitors."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except AnyDatabaseError:
        return HttpResponse(
            "database does not answer\n", status=503, content_type="text/plain", headers={"Retry-After": "5"}
        )
    if waiting:
        return HttpResponse(
            "migrations are not applied\n",
            status=503,
            content_type="text/plain",
            headers={"Retry-After": "60"},
        )
    return HttpResponse("ok\n", content_type="text/plain")
