"""The guided first run: an agency, its divisions, its people; its plan is reports.new_year's."""

from collections.abc import Sequence
from copy import copy
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import agency_in_view, can_manage_agency, can_set_up_agencies
from accounts.agency_settings.forms import CHOOSE_PROVINCE
from accounts.models import Agency, Division, Role
from accounts.request import Request
from accounts.sessions.again import ask_password_again
from accounts.set_up import steps
from accounts.set_up.forms import DivisionsForm, FirstOfficerForm, NewAgencyForm, PeopleFormSet
from accounts.set_up.services import (
    Issued,
    NewPerson,
    add_divisions,
    create_agency,
    create_own_agency,
    create_people,
    prepared,
)
from accounts.set_up.suggestions import username_for
from accounts.set_up.typical_divisions import typical_divisions
from core.locking import StaleEdit
from core.row_formset import RowFormSet, asked_arrangement

MEANWHILE = "ชื่อนี้เพิ่งถูกใช้ไปในขณะเดียวกัน กรุณากดอีกครั้ง ระบบจะตั้งชื่ออื่นให้"


@require_safe
def start(request: Request) -> HttpResponse:
    """Leads to the step at which setting up stands: of one's own agency, else of a new one."""
    user = request.user
    if user.agency is not None and can_manage_agency(user, user.agency):
        return redirect(steps.next_step(user.agency))
    if can_set_up_agencies(user):
        return redirect("start_agency")
    raise PermissionDenied


# --- The agency ----------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start_agency(request: Request) -> HttpResponse:
    """A new agency with its officer, for who looks after the site."""
    if not can_set_up_agencies(request.user):
        raise PermissionDenied
    may_be_self = request.user.agency_id is None and not Agency.objects.exists()
    data = request.POST if request.method == "POST" else None
    form, officer = NewAgencyForm(data), FirstOfficerForm(data, may_be_self=may_be_self, prefix="officer")
    if CHOOSE_PROVINCE in request.POST:
        return _agency_page(request, form.shown_again(), officer)
    if data is None or not (form.is_valid() & officer.is_valid()):
        return _agency_page(request, form, officer)
    try:
        return _agency_created(request, form, officer)
    except StaleEdit:
        form.add_error(None, MEANWHILE)
        return _agency_page(request, form, officer)


def _agency_created(request: Request, form: NewAgencyForm, officer: FirstOfficerForm) -> HttpResponse:
    agency = form.instance
    if officer.cleaned_data.get("is_self"):
        create_own_agency(agency, copy(request.user))
        messages.success(request, f"เพิ่ม{agency.name}แล้ว")
        return redirect("start_divisions")
    issued = prepared(officer.person(agency.slug), agency)
    create_agency(agency, issued, request.user)
    return _issued_page(request, [issued], agency, by_administrator=True)


def _agency_page(request: Request, form: NewAgencyForm, officer: FirstOfficerForm) -> HttpResponse:
    wrong = bool(form.is_bound and (form.errors or officer.errors))
    context = {
        "form": form,
        "officer": officer,
        "forms": [form, officer],
        "wrong": wrong,
        "steps": steps.steps_of(None, steps.AGENCY),
    }
    return render(request, "accounts/set_up/agency.html", context, status=422 if wrong else 200)


# --- Divisions -----------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def start_divisions(request: Request) -> HttpResponse:
    """The divisions that an agency of this kind usually has, to be ticked, and others."""
    agency = _own(request)
    data = request.POST if request.method == "POST" else None
    form = DivisionsForm(data, typical=typical_divisions(agency.kind))
    if form.is_valid():
        added = add_divisions(agency, form.names)
        messages.success(request, f"เพิ่ม {added} ส่วนราชการแล้ว" if added else "รายชื่อเหมือนเดิม")
        return redirect("start_people")
    present = list(agency.divisions.order_by("position", "id"))
    if data is None and present:
        # What is there is shown as a list; nothing is ticked for a second time.
        form.fields["usual"].initial = []
    context = {"form": form, "present": present, "steps": steps.steps_of(agency, steps.DIVISIONS)}
    return render(request, "accounts/set_up/divisions.html", context, status=422 if form.errors else 200)


# --- People --------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start_people(request: Request) -> HttpResponse:
    """A table of people, each of whom gets a one-time password that is handed over on paper."""
    agency = _own(request)
    divisions = list(agency.divisions.order_by("position", "id"))
    options: dict[str, Any] = {
        "prefix": "people",
        "form_kwargs": {"divisions": divisions, "slug": agency.slug},
    }
    if request.method != "POST":
        return _people_page(request, agency, PeopleFormSet(initial=_first_rows(divisions), **options))
    rows = PeopleFormSet(request.POST, **options)
    rows.present = frozenset(agency.users.values_list("full_name", flat=True))
    if asked := asked_arrangement(request.POST):
        return _people_page(request, agency, rows.arranged(asked[1], asked[2]))
    if not rows.is_valid():
        return _people_page(request, agency, rows, status=422)
    if not rows.filled:
        return redirect("start_plan")
    ask_password_again(request)
    try:
        issued = create_people(agency, _new_people(rows, agency, divisions), request.user)
    except StaleEdit:
        return _people_page(request, agency, rows, status=409, meanwhile=True)
    return _issued_page(request, issued, agency)


def _first_rows(divisions: list[Division]) -> list[dict[str, Any]]:
    """A row for the head of the agency, and one for each division."""
    staff = [{"role": Role.STAFF.value, "division": division.pk} for division in divisions[:20]]
    return [{"role": Role.EXECUTIVE.value}, *staff]


def _new_people(rows: RowFormSet, agency: Agency, divisions: list[Division]) -> list[NewPerson]:
    by_id = {division.pk: division for division in divisions}
    taken = {row["username"] for row in rows.filled}
    people = []
    for row in rows.filled:
        role = Role(row["role"])
        username = row["username"] or username_for(agency.slug, role, taken)
        taken.add(username)
        division = by_id.get(row["division"]) if role == Role.STAFF else None
        people.append(NewPerson(username, row["full_name"], role, row["post"], division=division))
    return people


def _people_page(
    request: Request, agency: Agency, rows: RowFormSet, status: int = 200, *, meanwhile: bool = False
) -> HttpResponse:
    context = {
        "rows": rows,
        "lists": [rows],
        "meanwhile": meanwhile,
        "present": agency.users.filter(is_active=True).order_by("full_name", "username"),
        "steps": steps.steps_of(agency, steps.PEOPLE),
    }
    return render(request, "accounts/set_up/people.html", context, status=status)


def _issued_page(
    request: Request, issued: Sequence[Issued], agency: Agency, *, by_administrator: bool = False
) -> HttpResponse:
    """One-time passwords, to be printed now: nobody can look them up later."""
    context = {
        "issued": issued,
        "of": agency,
        "by_administrator": by_administrator,
        "site": request.build_absolute_uri("/"),
    }
    return render(request, "accounts/set_up/issued.html", context)


def _own(request: Request) -> Agency:
    """The agency that one sets up.

    Raises:
        NotFound: another agency than one's own.
        PermissionDenied: somebody else keeps it.
    """
    agency = agency_in_view(request)
    if not can_manage_agency(request.user, agency):
        raise PermissionDenied
    return agency
