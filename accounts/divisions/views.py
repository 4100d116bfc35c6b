"""The officer's list of divisions."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import agency_in_view, can_manage_agency
from accounts.divisions.forms import DivisionFormSet, ListVersion
from accounts.divisions.services import DivisionInUse, list_version, save_divisions
from accounts.models import Agency
from accounts.request import Request
from core.locking import StaleEdit
from core.row_formset import RowFormSet, asked_arrangement


@require_http_methods(["GET", "HEAD", "POST"])
def divisions(request: Request) -> HttpResponse:
    """The agency's divisions as one list that the officer edits."""
    agency = agency_in_view(request)
    if not can_manage_agency(request.user, agency):
        raise PermissionDenied
    if request.method == "POST":
        return _save_divisions(request, agency)
    return _divisions_page(request, agency)


def _save_divisions(request: Request, agency: Agency) -> HttpResponse:
    rows = DivisionFormSet(request.POST, prefix="divisions")
    version = request.POST.get("version", "")
    if asked := asked_arrangement(request.POST):
        return _divisions_page(request, agency, rows.arranged(asked[1], asked[2]), version)
    if not rows.is_valid():
        return _divisions_page(request, agency, rows, version, status=422)
    try:
        save_divisions(agency, version, [(row["id"], row["name"]) for row in rows.filled])
    except StaleEdit:
        # No version: the page takes the present one, so that the next save is made knowing both lists.
        return _divisions_page(request, agency, rows, stale=True, status=409)
    except DivisionInUse as division:
        return _divisions_page(request, agency, rows, version, in_use=str(division), status=422)
    messages.success(request, "บันทึกรายชื่อส่วนราชการแล้ว")
    return redirect("divisions")


def _divisions_page(
    request: Request,
    agency: Agency,
    rows: RowFormSet | None = None,
    version: str = "",
    *,
    stale: bool = False,
    in_use: str = "",
    status: int = 200,
) -> HttpResponse:
    stored = list(agency.divisions.order_by("position", "id"))
    initial = [{"id": division.pk, "name": division.name} for division in stored]
    rows = rows or DivisionFormSet(prefix="divisions", initial=initial)
    context = {
        "rows": rows,
        "lists": [rows],
        "list_state": ListVersion(initial={"version": version or list_version(stored)}),
        "stored": stored,
        "stale": stale,
        "in_use": in_use,
    }
    template = "accounts/divisions/_form.html" if request.htmx else "accounts/divisions/page.html"
    return render(request, template, context, status=status)
