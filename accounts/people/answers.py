"""Where a change of people leads to, and the one page that shows a password."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.access import can_see_people
from accounts.models import Agency, User
from accounts.request import Request
from core.http import site_address


def back_to(request: Request, agency: Agency) -> HttpResponse:
    """The list of the agency's people, or one's own first screen once it is closed to oneself."""
    user = User.objects.get(pk=request.user.pk)
    if not can_see_people(user, agency):
        return redirect("home")
    query = {"agency": agency.slug} if user.agency_id != agency.pk else {}
    return redirect(f"{reverse('people')}?{urlencode(query)}" if query else reverse("people"))


def password_on_paper(request: Request, person: User, password: str, *, is_first: bool) -> HttpResponse:
    """The paper to hand over: the answer to the press that made the password, kept by nobody."""
    context = {
        "person": person,
        "password": password,
        "is_first": is_first,
        "address": site_address(request, reverse("login")),
    }
    response = render(request, "accounts/people/paper.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response
