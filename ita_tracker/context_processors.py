"""What the frame of every page shows."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.access import can_manage_agency
from accounts.events import news_of
from accounts.models import User
from ita_tracker import __version__
from ita_tracker.menu import Menu, feature_of, menu_of, room_of
from measures.models import Plan
from measures.notices import notices_of
from reports.help.views import help_address
from reports.waiting.selectors import told_in_full


def frame(request: HttpRequest) -> dict[str, Any]:
    """The agency and the plan that access functions found for this page, the room, the menu.

    What asks the database is asked only by the pages that show it.
    """
    plan: Plan | None = getattr(request, "plan", None)

    def menu() -> Menu | None:
        return menu_of(request, request.user) if isinstance(request.user, User) else None

    agency = plan.agency if plan else getattr(request, "agency", None)

    return {
        "plan": plan,
        "agency": agency,
        "room": room_of(request),
        "version": __version__,
        "menu": SimpleLazyObject(menu),
        "help_address": lambda: help_address(request, feature_of(request)),
        "news": lambda: news_of(request.user) if isinstance(request.user, User) else (),
        "waits": lambda: told_in_full(request),
        "notices": lambda: notices_of(plan) if plan else (),
        "manages": lambda: (
            agency is not None and isinstance(request.user, User) and can_manage_agency(request.user, agency)
        ),
    }
