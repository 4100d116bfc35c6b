"""The page on which an officer says what the agency is and decides for all of it, and its seal."""

from copy import copy
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import condition, require_http_methods, require_safe

from accounts.access import agency_in_view, can_manage_agency
from accounts.agency_settings.forms import CHOOSE_PROVINCE, AgencyForm, place_choices
from accounts.agency_settings.seals import ENDINGS, NoSeal, read_seal
from accounts.agency_settings.services import save_profile
from accounts.agency_settings.usage import usage_of
from accounts.models import Agency
from accounts.places import districts_of
from accounts.request import Request
from core.http import NotFound, file_response
from core.locking import StaleEdit

# Its address names its content.
FOR_EVER = "public, max-age=31536000, immutable"


@require_http_methods(["GET", "HEAD", "POST"])
def agency(request: Request) -> HttpResponse:
    """The agency's profile and what the officer decides for all of it."""
    found = agency_in_view(request)
    if not can_manage_agency(request.user, found):
        raise PermissionDenied
    # A copy: the top of the page shows what is stored, whatever is being typed.
    if request.method != "POST":
        return _page(request, AgencyForm(instance=copy(found)))
    form = AgencyForm(request.POST, request.FILES, instance=copy(found))
    if CHOOSE_PROVINCE in request.POST:
        return _page(request, form.shown_again())
    if not form.is_valid():
        return _page(request, form, status=422)
    return _saved(request, form)


def _saved(request: Request, form: AgencyForm) -> HttpResponse:
    cleaned = form.cleaned_data
    try:
        save_profile(form.instance, cleaned["state"], form.new_seal, without_seal=cleaned["without_seal"])
    except NoSeal as error:
        form.add_error("seal_file", str(error))
        return _page(request, form, status=422)
    except StaleEdit:
        stored = Agency.objects.get(pk=form.instance.pk)
        differences = form.differences_from(stored)
        form.rebase(stored)
        return _page(request, form, status=409, conflict=True, differences=differences)
    messages.success(request, "บันทึกข้อมูลหน่วยงานแล้ว")
    return redirect("agency")


def _page(request: Request, form: AgencyForm, status: int = 200, **more: Any) -> HttpResponse:
    usage = usage_of(request.agency)
    context = {"form": form, "conflict": False, "differences": [], "usage": usage, **more}
    return render(request, "accounts/agency_settings/page.html", context, status=status)


@require_safe
def districts(request: Request) -> HttpResponse:
    """The districts of ?province= as the options of a list."""
    chosen = districts_of(request.GET.get("province", "")[:60])
    choices = place_choices("เลือกอำเภอ", chosen, "")
    return render(request, "accounts/agency_settings/_districts.html", {"choices": choices})


def _etag(request: HttpRequest, sha256: str, ending: str) -> str:
    return f'"{sha256}-{ending}"'


@login_not_required
@require_safe
@condition(etag_func=_etag)
def seal(request: HttpRequest, sha256: str, ending: str) -> HttpResponse:
    """A seal by the hash of its bytes; everybody may see it.

    Raises:
        NotFound: no such seal.
    """
    data = read_seal(sha256, ending)
    if data is None:
        raise NotFound("ไม่พบตรานี้")
    return file_response(data, ENDINGS[ending], f"seal.{ending}", cache=FOR_EVER, as_attachment=False)
