"""The scan of a signed report on its round's page: attaching it, offering it to everybody, handing it out."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import quote_etag
from django.views.decorators.http import require_POST, require_safe

from accounts.request import Request
from core.http import file_response, unchanged_answer
from core.locking import StaleEdit
from core.text import number_in
from measures.evidence.files import Refused
from measures.evidence.quota import QuotaUsedUp
from reports.access import get_round, get_round_to_attach_scan, get_scan
from reports.models import Edition, Round, SignedScan
from reports.rounds.downloads import withdrawn_page
from reports.rounds.selectors import edition_in_force
from reports.rounds.views import round_page
from reports.signed_scan.forms import ScanForm
from reports.signed_scan.selectors import scans_of
from reports.signed_scan.services import NoPdfYet, TooManyScans, attach_scan, hide_scan, show_scan

CHANGED: Final = "ฉบับที่เห็นไม่ใช่ฉบับล่าสุดที่อนุมัติแล้ว หรือรอบนี้เปิดแก้ไขอยู่ จึงยังไม่ได้แนบสำเนา"
REPLACED: Final = "มีสำเนาที่ลงนามใหม่กว่าแล้ว จึงยังไม่มีอะไรเปลี่ยนจากการกดครั้งนี้"
DIFFERENT: Final = "แต่สำเนามี {} หน้า ฉบับที่อนุมัติมี {} หน้า โปรดตรวจว่าสแกนครบทุกหน้า"
LOCATION_REMOVED: Final = "ลบตำแหน่งที่ฝังในภาพแล้ว"


@require_POST
def attach(request: Request, year: int, months: int) -> HttpResponse:
    """Keep a scan beside the edition that the officer saw."""
    round_ = get_round_to_attach_scan(request, year, months)
    edition = _edition_seen(request, round_)
    if edition is None:
        return round_page(request, round_, {"problem": CHANGED}, status=409)
    form = ScanForm(request.POST, request.FILES)
    if not form.is_valid():
        return round_page(request, round_, {"scan_form": form}, status=422)
    checked = form.cleaned_data["file"]
    try:
        scan = attach_scan(edition, checked, request.user, public=form.cleaned_data["public"])
    except StaleEdit:
        return round_page(request, round_, {"problem": CHANGED}, status=409)
    except (NoPdfYet, TooManyScans, QuotaUsedUp, Refused) as refused:
        return round_page(request, round_, {"problem": str(refused)}, status=409)
    said = f"แนบสำเนาที่ลงนามของฉบับที่ {edition.revision} แล้ว"
    if checked.location_removed:
        said = f"{said} {LOCATION_REMOVED}"
    if scan.pages_differ:
        said = f"{said} {DIFFERENT.format(scan.pages, scan.edition_pages)}"
    return _done(request, round_, said)


@require_POST
def show(request: Request, year: int, months: int) -> HttpResponse:
    """Offer the newest scan to everybody (public=1), or no longer (public=0)."""
    round_ = get_round_to_attach_scan(request, year, months)
    edition = edition_in_force(round_)
    newest = next(iter(scans_of(edition)), None) if edition else None
    if newest is None or newest.pk != number_in(request.POST.get("scan", ""), 18):
        return round_page(request, round_, {"problem": REPLACED}, status=409)
    if request.POST.get("public") == "1":
        show_scan(newest, request.user)
        return _done(request, round_, "ให้ประชาชนดาวน์โหลดสำเนาที่ลงนามได้แล้ว")
    hide_scan(newest, request.user)
    return _done(request, round_, "ไม่ให้ประชาชนดาวน์โหลดสำเนาที่ลงนามแล้ว สำเนายังเก็บไว้ในระบบ")


@require_safe
def download_scan(request: Request, year: int, months: int, pk: int) -> HttpResponseBase:
    """A scan as it was attached, also one that was replaced."""
    return scan_file(request, get_scan(request, get_round(request, year, months), pk), is_public=False)


def scan_file(request: HttpRequest, scan: SignedScan, *, is_public: bool) -> HttpResponseBase:
    """A scan byte for byte, with its edition, round, plan and agency; 410 where its edition is withdrawn."""
    edition = scan.edition
    if edition.withdrawn:
        return withdrawn_page(request, edition, is_public=is_public)
    etag = quote_etag(scan.sha256)
    if unchanged := unchanged_answer(request, etag):
        return unchanged
    plan = edition.round.plan
    name = f"{plan.agency.slug}-{plan.fiscal_year}-{edition.round.months}-r{edition.revision}-signed"
    return file_response(
        bytes(scan.content),
        scan.content_type,
        f"{name}.{scan.kind.ending}",
        cache="public, no-cache" if is_public else "private, no-cache",
        etag=etag,
    )


def _edition_seen(request: Request, round_: Round) -> Edition | None:
    """The edition in force, if it is the one that the person saw."""
    edition = edition_in_force(round_)
    if edition is None or edition.revision != number_in(request.POST.get("revision", "")):
        return None
    edition.round = round_
    return edition


def _done(request: Request, round_: Round, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect(reverse("report", args=[round_.plan.fiscal_year, round_.months]))
