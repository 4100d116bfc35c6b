"""What every page about a plan needs around its own content."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from accounts.access import can_manage_agency
from accounts.http import Request
from measures.models import Plan
from measures.notices import notices_of


def render_page(
    request: Request,
    template: str,
    plan: Plan,
    room: str,
    context: Mapping[str, Any],
    status: int = 200,
) -> HttpResponse:
    """Render a page or a fragment in the frame of its plan: agency, year and the years to choose from.

    Args:
        room: which entry of the navigation is the present one, for example "dashboard".
    """
    frame = {
        "plan": plan,
        "agency": plan.agency,
        "years": Plan.objects.filter(agency=plan.agency).values_list("fiscal_year", flat=True),
        "room": room,
        # Asked only by the pages that show them.
        "notices": lambda: notices_of(plan),
        "manages": can_manage_agency(request.user, plan.agency),
    }
    return render(request, template, {**frame, **context}, status=status)
