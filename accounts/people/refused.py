"""The page of limits that were reached: whose password somebody tried to guess, from where, how often."""

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import people_to_manage
from accounts.request import Request
from accounts.sign_in.refusals import KEPT_FOR, refusals_of

LINES_ON_PAGE: Final = 50


@require_safe
def refusals(request: Request) -> HttpResponse:
    """Of the own agency's people; the administrator sees all, and names of nobody, until one is named."""
    user = request.user
    of_all = user.is_administrator and user.agency_id is None and "agency" not in request.GET
    agency = None if of_all else people_to_manage(request)
    page = Paginator(refusals_of(agency), LINES_ON_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "of_all": of_all, "days": KEPT_FOR.days}
    return render(request, "accounts/people/refused.html", context)
