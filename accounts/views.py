"""Signing in and out, and the officer's list of divisions."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.views import LoginView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import agency_in_view, can_manage_agency
from accounts.divisions import DivisionInUse, list_version, save_divisions
from accounts.edits import StaleEdit
from accounts.forms import AgencyForm, DivisionFormSet, ListVersion, SignInForm
from accounts.http import Request
from accounts.models import Agency
from accounts.rows import RowFormSet, asked_arrangement


class SignIn(LoginView):
    """The sign-in page; someone who is signed in already goes to their work."""

    template_name = "accounts/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        """Where the person wanted to go; nobody wants to sign in or out once they are in."""
        wanted = super().get_redirect_url()
        return "" if urlsplit(wanted).path in {reverse("login"), reverse("logout")} else wanted


@require_http_methods(["GET", "HEAD", "POST"])
def agency(request: Request) -> HttpResponse:
    """What the officer decides for the whole agency."""
    found = agency_in_view(request)
    if not can_manage_agency(request.user, found):
        raise PermissionDenied
    form = AgencyForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_valid():
        form.save()
        messages.success(request, "บันทึกการตั้งค่าแล้ว")
        return redirect("agency")
    context: dict[str, Any] = {
        "form": form,
        "agency": found,
        "plan": None,
        "years": [],
        "room": "agency",
        "manages": True,
    }
    return render(request, "accounts/agency.html", context, status=422 if form.errors else 200)


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
        "version": ListVersion(initial={"version": version or list_version(stored)}),
        "stored": stored,
        "stale": stale,
        "in_use": in_use,
        "agency": agency,
        "plan": None,
        "years": [],
        "room": "divisions",
        "manages": True,
    }
    template = "accounts/_divisions.html" if request.htmx else "accounts/divisions.html"
    return render(request, template, context, status=status)
