"""What the frame of every page shows: the bar with the agency, the year and the rooms."""

from typing import Any, Final

from django.http import HttpRequest

from accounts.access import can_manage_agency
from accounts.models import User
from measures.models import Plan
from measures.notices import notices_of
from reports.help.views import help_address

# Which entry of the bar is the present one, by the feature whose view answers.
ROOMS: Final = {
    "accounts.agency_settings": "agency",
    "accounts.divisions": "divisions",
    "measures.bulk_update": "plan",
    "measures.measure_page": "plan",
    "measures.outline": "edit",
    "measures.plan_import": "edit",
    "measures.plan_list": "plan",
    "measures.work": "work",
    "measures.workbook": "plan",
    "reports.dashboard": "dashboard",
    "reports.new_year": "new_plan",
    "reports.overview": "overview",
    "reports.rounds": "reports",
}


def frame(request: HttpRequest) -> dict[str, Any]:
    """The agency and the plan that access functions found for this page, the years to choose from, the room.

    What asks the database is asked only by the pages that show it.
    """
    plan: Plan | None = getattr(request, "plan", None)
    agency = plan.agency if plan else getattr(request, "agency", None)

    return {
        "plan": plan,
        "agency": agency,
        "years": Plan.objects.filter(agency=agency).values_list("fiscal_year", flat=True) if plan else (),
        "room": room_of(request),
        "notices": lambda: notices_of(plan) if plan else (),
        "help_address": lambda: help_address(request, feature_of(request)),
        "manages": lambda: (
            agency is not None and isinstance(request.user, User) and can_manage_agency(request.user, agency)
        ),
    }


def room_of(request: HttpRequest) -> str:
    """The present entry of the bar; empty for a page that is in none."""
    return ROOMS.get(feature_of(request), "")


def feature_of(request: HttpRequest) -> str:
    """The feature whose view answers: measures.work; empty where none does."""
    module = request.resolver_match.func.__module__ if request.resolver_match else ""
    return ".".join(module.split(".")[:2])
