"""The officer's pages: the plan as it is edited, and one measure of it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import can_manage_agency
from accounts.request import Request
from core.locking import StaleEdit
from core.row_formset import asked_arrangement
from core.text import number_in
from measures.access import can_edit_plan, get_measure_to_edit, get_plan, get_plan_to_edit
from measures.evidence.signals import InEdition
from measures.listing import by_every_indicator
from measures.models import Indicator, Measure, Plan
from measures.outline.forms import OutlineForms
from measures.outline.selectors import last_import
from measures.outline.services import create_measure, drop_measure, move_measure, save_outline


@require_safe
def edit_plan(request: Request, year: int) -> HttpResponse:
    """All measures of the plan with what can be done to each; of a closed plan, that it is closed."""
    plan = get_plan(request, year)
    if not can_edit_plan(request.user, plan):
        if not can_manage_agency(request.user, plan.agency):
            raise PermissionDenied
        # The choice of year leads here: that the plan is closed is said, and how it is opened again.
        return render(request, "measures/outline/closed.html")
    measures = Measure.objects.filter(plan=plan).with_parties().with_step_counts().in_report_order()
    groups = by_every_indicator(Indicator.objects.order_by("number"), measures)
    context = {
        "groups": groups,
        "is_empty": not any(group.measures for group in groups),
        "last_import": last_import(plan),
    }
    return render(request, "measures/outline/plan.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add_measure(request: Request, year: int) -> HttpResponse:
    """A new measure."""
    plan = get_plan_to_edit(request, year)
    if request.method != "POST":
        indicator = number_in(request.GET.get("indicator", ""), 2)
        return _form_page(request, plan, OutlineForms(plan, None, indicator=indicator))
    forms = OutlineForms(plan, None, request.POST)
    if asked := asked_arrangement(request.POST):
        return _arranged(request, plan, forms, asked)
    if not forms.is_valid():
        return _form_page(request, plan, forms, status=422)
    measure = create_measure(plan, forms.outline)
    messages.success(request, f"เพิ่มมาตรการ “{measure.title}” แล้ว")
    return redirect("edit_plan", plan.fiscal_year)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_measure(request: Request, pk: int) -> HttpResponse:
    """The outline of one measure."""
    measure = get_measure_to_edit(request, pk)
    plan = measure.plan
    if request.method != "POST":
        return _form_page(request, plan, OutlineForms(plan, measure))
    forms = OutlineForms(plan, measure, request.POST)
    if asked := asked_arrangement(request.POST):
        return _arranged(request, plan, forms, asked)
    if not forms.is_valid():
        return _form_page(request, plan, forms, status=422)
    try:
        save_outline(measure, forms.main.cleaned_data["version"], forms.outline)
    except StaleEdit:
        return _conflict(request, pk, forms)
    messages.success(request, f"บันทึกมาตรการ “{measure.title}” แล้ว")
    return redirect("edit_plan", plan.fiscal_year)


@require_POST
def move(request: Request, pk: int) -> HttpResponse:
    """One place up or down within the indicator."""
    measure = get_measure_to_edit(request, pk)
    move_measure(measure, -1 if request.POST.get("to") == "up" else 1)
    # The list is long: the page comes back where the measure stands now.
    return redirect(f"{reverse('edit_plan', args=[measure.plan.fiscal_year])}#measure-{measure.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
def delete_measure(request: Request, pk: int) -> HttpResponse:
    """Asks once, naming the measure and what goes with it, then deletes it."""
    measure = get_measure_to_edit(request, pk)
    context = {"measure": measure, "refused": False}
    status = 200
    if request.method == "POST":
        try:
            drop_measure(measure)
        except InEdition:
            context["refused"], status = True, 409
        else:
            messages.success(request, f"ลบมาตรการ “{measure.title}” แล้ว")
            return redirect("edit_plan", measure.plan.fiscal_year)
    return render(request, "measures/outline/delete.html", context, status=status)


def _conflict(request: Request, pk: int, forms: OutlineForms) -> HttpResponse:
    stored = get_measure_to_edit(request, pk)
    differences = forms.differences_from(stored)
    forms.rebase(stored)
    return _form_page(request, stored.plan, forms, status=409, conflict=True, differences=differences)


def _arranged(request: Request, plan: Plan, forms: OutlineForms, asked: tuple[str, str, int]) -> HttpResponse:
    forms.arrange(*asked)
    return _form_page(request, plan, forms)


def _form_page(
    request: Request, plan: Plan, forms: OutlineForms, status: int = 200, **extra: object
) -> HttpResponse:
    context = {"forms": forms, "measure": forms.measure, "conflict": False, "differences": [], **extra}
    template = "measures/outline/_form.html" if request.htmx else "measures/outline/measure.html"
    return render(request, template, context, status=status)
