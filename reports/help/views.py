"""The manual on screen and as PDF, for everybody: who cannot sign in needs it most."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from accounts.models import User
from core.http import NotFound, file_response, unchanged_answer
from reports.help import paper
from reports.help.contents import BOOK, PART_OF, PARTS, TASKS, ManualPart
from reports.renderers import RendererUnavailable


@login_not_required
@require_safe
def manual(request: HttpRequest) -> HttpResponse:
    """The parts to choose from, one's own first, and what is for everybody."""
    context = {"parts": PARTS, "own": _own_part(request), "book": BOOK, "frame": _frame(request)}
    return render(request, "reports/help/page.html", context)


@login_not_required
@require_safe
def manual_part(request: HttpRequest, role: str) -> HttpResponse:
    """The part of one role."""
    return render(request, "reports/help/part.html", {"part": _part(role), "frame": _frame(request)})


@login_not_required
@require_safe
def manual_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """A part on one sheet for the wall, or the book of all parts, as PDF."""
    parts = PARTS if name == BOOK else (_part(name),)
    site = settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")
    key = paper.content_key(name, site)
    etag = quote_etag(key)
    if unchanged := unchanged_answer(request, etag):
        return unchanged
    try:
        made = paper.stored_pdf(name, parts, site)
    except RendererUnavailable as error:
        return render(request, "reports/rounds/unavailable.html", {"what": str(error)}, status=503)
    # The manual is the same for everybody, but changes with the program.
    return file_response(
        made.content, "application/pdf", f"ita-manual-{name}.pdf", cache="public, no-cache", etag=etag
    )


def help_address(request: HttpRequest, feature: str) -> str:
    """Where the manual explains to this person what a feature's pages are for."""
    # The pages for everybody do not ask who looks at them.
    for_everybody = request.path_info.startswith(reverse("public"))
    part = None if for_everybody else _own_part(request)
    if part is None:
        return reverse("help")
    address = reverse("help_part", args=[part.role.value])
    task = TASKS.get(part.role, {}).get(feature)
    return f"{address}#{task}" if task else address


def _frame(request: HttpRequest) -> str:
    """The template around the page: with the menu of the person, or as the pages for everybody."""
    return "base.html" if request.user.is_authenticated else "reports/public/base.html"


def _own_part(request: HttpRequest) -> ManualPart | None:
    user = getattr(request, "user", None)
    return PART_OF.get(user.main_role) if isinstance(user, User) else None


def _part(role: str) -> ManualPart:
    if role not in PART_OF:
        raise NotFound("ไม่มีคู่มือสำหรับบทบาทนี้")
    return PART_OF[role]
