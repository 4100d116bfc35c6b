"""The overseer's list of agencies."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import can_see_overview
from accounts.models import Agency
from accounts.request import Request
from core.http import year_asked
from measures.models import Plan
from measures.status import FINISHED, Status

PAGE_SIZE = 50


@require_safe
def overview(request: Request) -> HttpResponse:
    """Every agency's plan of one year with its counts, a page at a time, by province and name."""
    if not can_see_overview(request.user):
        raise PermissionDenied
    asked = year_asked(request)
    # PostgreSQL refuses to be asked for a NUL.
    text = request.GET.get("text", "").replace("\x00", "").strip()
    newest = Plan.objects.aggregate(newest=Max("fiscal_year"))["newest"]
    year = newest if asked is None else asked
    plans = _plans_with_counts().filter(fiscal_year=year)
    if text:
        plans = plans.filter(Q(agency__name__icontains=text) | Q(agency__province__icontains=text))
    context = {
        "page": Paginator(plans, PAGE_SIZE).get_page(request.GET.get("page")),
        "year": year,
        "text": text,
        "years": Plan.objects.order_by("-fiscal_year").values_list("fiscal_year", flat=True).distinct(),
        "without_plan": Agency.objects.exclude(plans__fiscal_year=year).count(),
    }
    return render(request, "reports/overview/page.html", context)


def _plans_with_counts() -> QuerySet[Plan]:
    late = Q(measures__due_on__lt=timezone.localdate()) & ~Q(measures__status__in=FINISHED)
    return (
        Plan.objects.select_related("agency")
        .annotate(
            total=Count("measures"),
            done=Count("measures", filter=Q(measures__status=Status.DONE)),
            late=Count("measures", filter=late),
        )
        .order_by("agency__province", "agency__name", "pk")
    )
