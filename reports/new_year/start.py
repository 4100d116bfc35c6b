"""The last step of an agency's first run: this year's plan from a file, from the year before, or empty."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import agency_in_view, can_manage_agency
from accounts.models import Agency
from accounts.request import Request
from accounts.set_up import steps
from core.forms import ReadableForm
from core.thai_calendar import FiscalYear
from measures.access import plans_in_view
from measures.models import Plan, PlanImport
from measures.plan_import.forms import ImportForm
from measures.plan_import.parsing import Unreadable
from measures.plan_import.services import take_in
from reports.new_year.services import open_year, open_year_from

IMPORT, COPY, EMPTY = "import", "copy", "empty"


class FirstPlanForm(ReadableForm, forms.Form):
    """How this year's plan begins; of the ways one needs a file."""

    way = forms.ChoiceField(choices=[(IMPORT, IMPORT), (COPY, COPY), (EMPTY, EMPTY)], initial=IMPORT)
    file = forms.FileField(
        label="ไฟล์แผน",
        required=False,
        help_text=ImportForm.declared_fields["file"].help_text,
        error_messages={"empty": "ไฟล์นี้ว่าง กรุณาเลือกไฟล์อื่น"},
    )

    def clean(self) -> dict[str, Any]:
        """An import needs a file."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("way") == IMPORT and not cleaned.get("file") and not self.errors:
            self.add_error("file", "กรุณาเลือกไฟล์แผนที่จะนำเข้า")
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
def start_plan(request: Request) -> HttpResponse:
    """Opens this fiscal year's plan in one of three ways; where it is open already, leads to it."""
    agency = agency_in_view(request)
    if not can_manage_agency(request.user, agency):
        raise PermissionDenied
    year = FiscalYear.containing(timezone.localdate()).number
    plans = list(plans_in_view(request).select_related("agency").order_by("-fiscal_year"))
    if any(plan.fiscal_year == year for plan in plans):
        return redirect("dashboard")
    source = next((plan for plan in plans if plan.fiscal_year < year), None)
    form = FirstPlanForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        way = form.cleaned_data["way"]
        if way == IMPORT:
            try:
                return redirect("import_preview", _taken_in(agency, year, form, request).pk)
            except Unreadable as error:
                form.add_error("file", str(error))
        elif way == EMPTY or source is None:
            open_year(agency, year)
            messages.success(request, f"เปิดแผนปีงบประมาณ พ.ศ. {year} แล้ว เริ่มเพิ่มมาตรการได้เลย")
            return redirect("edit_plan", year)
        else:
            return _copied(request, source, year)
    context = {
        "form": form,
        "year": year,
        "source": source,
        "steps": steps.steps_of(agency, steps.PLAN),
    }
    return render(request, "reports/new_year/start.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _taken_in(agency: Agency, year: int, form: FirstPlanForm, request: Request) -> PlanImport:
    """The year is opened only for a file that can be read."""
    file = form.cleaned_data["file"]
    return take_in(open_year(agency, year), file.name, file.read(), request.user)


def _copied(request: Request, source: Plan, year: int) -> HttpResponse:
    open_year_from(source, year)
    messages.success(request, f"เปิดแผนปีงบประมาณ พ.ศ. {year} แล้ว กรุณาตรวจกำหนดและผู้รับผิดชอบ")
    return redirect("edit_plan", year)
