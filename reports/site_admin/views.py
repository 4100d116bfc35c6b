"""The first page of who looks after the site: all agencies, how far each is, and how the site is."""

from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.access import can_set_up_agencies
from accounts.models import Agency, AgencyKind, User
from accounts.request import Request
from accounts.set_up.spreadsheet import template_workbook
from core.file_kinds import XLSX
from core.http import file_response
from core.thai_calendar import FiscalYear
from reports.overview.selectors import STANDINGS, Asked, agencies_asked_for, months_to_look_at
from reports.site_admin.health import health

PAGE_SIZE: Final = 50


@require_safe
def site_admin(request: Request) -> HttpResponse:
    """Agencies a page at a time, with a search in the address; people; health; what to do next."""
    _ask_for_administrator(request)
    total = Agency.objects.count()
    if not total:
        return redirect("start_agency")
    today = timezone.localdate()
    year = FiscalYear.containing(today)
    # PostgreSQL refuses to be asked for a NUL.
    text = request.GET.get("text", "").replace("\x00", "").strip()[:100]
    kind = request.GET.get("kind", "")
    kind = kind if kind in AgencyKind.values else ""
    asked = Asked(year=year.number, months=months_to_look_at(year, today), text=text, kind=kind, sort="name")
    found = agencies_asked_for(asked, today, Agency.objects.all())
    counted = found.annotate(people=Count("users", filter=Q(users__is_active=True)))
    page = Paginator(counted, PAGE_SIZE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "page": page,
        "agencies": [(agency, STANDINGS[vars(agency)["standing"]]) for agency in page.object_list],
        "text": text,
        "kind": kind,
        "kinds": AgencyKind.choices,
        "query": urlencode({name: value for name, value in (("text", text), ("kind", kind)) if value}),
        "asked": asked,
        "total": total,
        "people": User.objects.filter(is_active=True).count(),
        "health": health(),
    }
    return render(request, "reports/site_admin/page.html", context)


@require_safe
def agencies_template(request: Request) -> HttpResponse:
    """The empty spreadsheet for many agencies at once."""
    _ask_for_administrator(request)
    return file_response(template_workbook(), XLSX.content_type, "agencies.xlsx", cache="private, no-store")


def _ask_for_administrator(request: Request) -> None:
    if not can_set_up_agencies(request.user):
        raise PermissionDenied
