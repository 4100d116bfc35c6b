"""The page on which an officer decides for the whole agency."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import agency_in_view, can_manage_agency
from accounts.agency_settings.forms import AgencyForm
from accounts.request import Request


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
    }
    return render(request, "accounts/agency_settings/page.html", context, status=422 if form.errors else 200)
