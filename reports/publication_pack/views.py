"""The papers round an edition: making memo and form, and handing out each of them or all in one ZIP."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import quote_etag
from django.views.decorators.http import require_http_methods, require_safe

from accounts.background.limits import TooMuchAtOnce, heavy_answer, too_many
from accounts.request import Request
from core.file_kinds import DOCX, PDF, Kind
from core.http import NotFound, file_response, unchanged_answer
from measures.evidence.files import safe_title
from measures.evidence.quota import QuotaUsedUp
from reports.access import get_edition_of_papers
from reports.models import Edition, EditionPaper, PaperFormat, PaperKind
from reports.publication_pack.problems import BadTemplate
from reports.publication_pack.selectors import newest_papers, packs_of, template_choices
from reports.publication_pack.services import make_pack
from reports.renderers import FORMATS, RendererUnavailable
from reports.rounds.selectors import document_of

KINDS: Final[dict[str, Kind]] = {PaperFormat.DOCX: DOCX, PaperFormat.PDF: PDF}
# The formats of the report itself that go with its papers.
OF_REPORT: Final = ("pdf", "docx")

WITHDRAWN: Final = "ไฟล์ของฉบับนี้ถูกถอนแล้ว เพราะมีฉบับแก้ไขแทน กรุณาจัดทำเอกสารของฉบับล่าสุด"
NO_PAPERS: Final = "ยังไม่ได้จัดทำบันทึกข้อความและแบบฟอร์มของฉบับนี้ กรุณากดจัดทำเอกสารก่อน"
NO_REPORT: Final = "ไฟล์รายงานของฉบับนี้ยังทำไม่ครบ กรุณารอสักครู่แล้วดาวน์โหลดอีกครั้ง"
UNCHANGED: Final = "ข้อมูลไม่เปลี่ยนจากเอกสารที่เก็บไว้ล่าสุด จึงไม่ได้เก็บชุดใหม่"
CANNOT: Final = "เครื่องแม่ข่ายทำ PDF ไม่ได้ จึงยังไม่ได้เก็บเอกสาร กรุณาแจ้งผู้ดูแลระบบ: {}"


@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: Request, year: int, months: int, revision: int) -> HttpResponse:
    """What goes round an edition: the report and every making of memo and form. POST makes them."""
    edition = get_edition_of_papers(request, year, months, revision)
    if request.method != "POST":
        return _page(request, edition)
    if edition.withdrawn:
        return _page(request, edition, WITHDRAWN, 409)
    try:
        with heavy_answer(request.user):
            is_new = make_pack(edition, document_of(edition), request.user)
    except BadTemplate as error:
        return _page(request, edition, f"แม่แบบของหน่วยงานใช้ไม่ได้: {error}", 422)
    except QuotaUsedUp as error:
        return _page(request, edition, str(error), 422)
    except RendererUnavailable as error:
        return _page(request, edition, CANNOT.format(error), 503)
    except TooMuchAtOnce as limit:
        return too_many(request, limit)
    messages.success(request, "จัดทำและเก็บเอกสารไว้กับฉบับนี้แล้ว" if is_new else UNCHANGED)
    return redirect("papers", year, months, revision)


@require_safe
def paper(
    request: Request, year: int, months: int, revision: int, version: int, kind: str, ending: str
) -> HttpResponseBase:
    """One paper as it was kept, byte for byte."""
    edition = get_edition_of_papers(request, year, months, revision)
    found = edition.papers.filter(version=version, kind=kind, format=ending).first()
    if found is None:
        raise NotFound("ไม่พบเอกสารนี้")
    etag = quote_etag(found.sha256)
    if unchanged := unchanged_answer(request, etag):
        return unchanged
    return file_response(
        bytes(found.content),
        KINDS[found.format].content_type,
        _name(edition, found.get_kind_display(), f"-{found.version}.{found.format}"),
        cache="private, no-cache",
        etag=etag,
    )


@require_safe
def pack_zip(request: Request, year: int, months: int, revision: int) -> HttpResponse:
    """The newest papers and the report, as they are kept, in one ZIP: the same bytes each time."""
    edition = get_edition_of_papers(request, year, months, revision)
    if edition.withdrawn:
        return _page(request, edition, WITHDRAWN, 409)
    kept = newest_papers(edition)
    if not kept:
        return _page(request, edition, NO_PAPERS, 409)
    report = dict(edition.files.filter(format__in=OF_REPORT).values_list("format", "content"))
    if len(report) < len(OF_REPORT):
        return _page(request, edition, NO_REPORT, 409)
    files = [(_name_in_pack(each), bytes(each.content)) for each in kept]
    files += [(f"3 รายงาน.{name}", bytes(report[name])) for name in OF_REPORT]
    return file_response(
        _zipped(files, timezone.localdate(kept[0].made_at)),
        "application/zip",
        _name(edition, "เอกสารประกอบการเผยแพร่", f"-{kept[0].version}.zip"),
        cache="private, no-store",
    )


def _name_in_pack(paper: EditionPaper) -> str:
    place = 1 if paper.kind == PaperKind.MEMO else 2
    return f"{place} {paper.get_kind_display()}.{paper.format}"


def _zipped(files: Sequence[tuple[str, bytes]], day: date) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0)), content, ZIP_DEFLATED)
    return out.getvalue()


def _name(edition: Edition, what: str, ending: str) -> str:
    round_ = edition.round
    whose = f"{what} {round_.plan.agency.short_name} {round_.plan.fiscal_year} รอบ {round_.months} เดือน"
    return safe_title(whose, f" ฉบับที่ {edition.revision}{ending}")


def _page(request: Request, edition: Edition, problem: str = "", status: int = 200) -> HttpResponse:
    round_ = edition.round
    stored = set(edition.files.values_list("format", flat=True))
    context = {
        "edition": edition,
        "round": round_,
        "packs": packs_of(edition),
        "report_formats": [FORMATS[name] for name in OF_REPORT if name in stored],
        "has_report": stored.issuperset(OF_REPORT),
        "own": [each for each in template_choices(round_.plan.agency).values() if each and each.is_own],
        "problem": problem,
    }
    return render(request, "reports/publication_pack/page.html", context, status=status)
