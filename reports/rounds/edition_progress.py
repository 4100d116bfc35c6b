"""How far the files of an approved round are, and asking for them again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRefresh

from accounts.request import Request
from reports.access import get_round, get_round_to_submit
from reports.models import Round
from reports.rounds.edition_files import FilesStanding, ask_for_files, files_standing
from reports.rounds.selectors import edition_in_force, file_sizes
from reports.rounds.views import round_page

NOT_APPROVED = "รอบนี้ยังไม่ได้รับอนุมัติ จึงยังไม่มีไฟล์ของฉบับ"


@require_http_methods(["GET", "HEAD", "POST"])
def edition_files(request: Request, year: int, months: int) -> HttpResponse:
    """GET: the bar alone, for the page that asks every other second. POST: make what is missing."""
    if request.method == "POST":
        return _again(request, get_round_to_submit(request, year, months))
    round_ = get_round(request, year, months)
    if not request.htmx:
        return _page(round_)
    standing = _standing(round_)
    if standing is None or not standing.is_under_way:
        # All of the page says something else now.
        return HttpResponseClientRefresh()
    return render(
        request, "reports/rounds/_files.html", {"files": standing, "round": round_, "submits": False}
    )


def _again(request: Request, round_: Round) -> HttpResponse:
    edition = edition_in_force(round_)
    if edition is None:
        return round_page(request, round_, {"problem": NOT_APPROVED}, status=409)
    if _standing(round_) is not None:
        edition.round = round_
        ask_for_files(edition, request.user)
        messages.success(request, "สั่งทำไฟล์อีกครั้งแล้ว")
    return _page(round_)


def _standing(round_: Round) -> FilesStanding | None:
    edition = edition_in_force(round_)
    return files_standing(edition, len(file_sizes(edition))) if edition else None


def _page(round_: Round) -> HttpResponse:
    return redirect(reverse("report", args=[round_.plan.fiscal_year, round_.months]))
