"""The reports of an agency: the list of rounds, one round with what can be done to it, files to download."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag
from django.views.decorators.http import require_safe

from accounts.access import NotFound
from accounts.http import Request
from measures.access import plans_in_view
from measures.pages import render_page
from reports.access import (
    can_approve_round,
    can_submit_round,
    get_round,
    pick_edition,
    pick_round,
    rounds_in_view,
)
from reports.builder import build_document, measures_of
from reports.comparison import differences
from reports.document import ReportDocument
from reports.exposure import REASON, exposures, hidden_since
from reports.forms import OitForm, ReasonForm
from reports.history import events_of
from reports.models import Edition, OitAnswer, Publication, Round
from reports.oit import oit_row
from reports.redaction import for_everybody
from reports.reminders import reminder
from reports.renderers import FORMATS, Format, RendererUnavailable
from reports.renderers.annex import annex
from reports.rounds import (
    document_in_force,
    document_of,
    edition_in_force,
    gaps_of,
    newest_edition,
    pending_submission,
    waiting_for,
)
from reports.stored import content_key, stored_rendering


@require_safe
def reports(request: Request) -> HttpResponse:
    """All rounds of the agency, newest year first."""
    plan = plans_in_view(request).select_related("agency").first()
    if plan is None:
        return redirect("no_plan")
    return render_page(request, "reports/reports.html", plan, "reports", {"rounds": rounds_in_view(request)})


@require_safe
def preview(request: Request, year: int, months: int) -> HttpResponse:
    """The report as it is printed, and what can be done to its round."""
    rounds = rounds_in_view(request)
    round_ = pick_round(rounds, year, months)
    # Every plan has its rounds: asking for the plans as well would be a query more.
    years = list(dict.fromkeys(other.plan.fiscal_year for other in rounds))
    return round_page(request, round_, {"years": years})


def round_page(
    request: Request, round_: Round, more: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The page of a round: its report, where it stands, and what the person may do next.

    Args:
        more: what an action has to say: problem (a Thai sentence), reason_form, oit_form.
    """
    context: dict[str, Any] = {
        "round": round_,
        "formats": FORMATS.values(),
        "submits": can_submit_round(request.user, round_),
        "approves": can_approve_round(request.user, round_),
        "reason_form": ReasonForm(),
        "corrects": False,
        "edition": None,
        "earlier": (),
        "exposures": (),
        "annex": (),
        "hidden_since": (),
        "as_published": False,
        "pending": None,
        "standing": None,
        "problem": "",
        "gaps": (),
        "waiting": (),
        "differences": None,
        "compares": "changes" in request.GET,
        "oit_form": None,
        "oit_row": None,
    }
    if round_.state == Round.State.APPROVED:
        context["edition"] = edition = newest_edition(round_)
        if edition:
            edition.round = round_
            context["earlier"] = _earlier(edition)
        context["document"] = document_of(edition) if edition else build_document(round_)
        if edition and context["submits"]:
            context |= _oit(edition, context["document"])
    elif round_.state == Round.State.SUBMITTED:
        context["pending"] = pending = pending_submission(round_)
        context["document"] = document_of(pending) if pending else build_document(round_)
        context["hidden_since"] = hidden_since(context["document"])
    else:
        context |= _open_round(round_, is_officer=context["submits"])
        # While a correction is under way what was published stays published.
        published = round_.editions.published().select_related("publication").order_by("-revision")
        context["standing"] = published.first() if round_.edition_count else None
    if round_.edition_count and (context["submits"] or context["approves"]):
        context["exposures"] = list(exposures(round_.editions.standing().order_by("revision")))
        if context["exposures"] and "correct" in request.GET:
            context |= {"corrects": True, "reason_form": ReasonForm(initial={"reason": REASON})}
    if round_.state != Round.State.APPROVED:
        context |= _leaving(request, context["document"])
    if before := _edition_before(request, round_):
        context["before"] = before
        context["differences"] = differences(document_of(before), context["document"])
    context |= more or {}
    return render_page(request, "reports/preview.html", round_.plan, "reports", context, status)


def _open_round(round_: Round, *, is_officer: bool) -> dict[str, Any]:
    measures = measures_of(round_)
    found: dict[str, Any] = {"document": build_document(round_, measures=measures)}
    if is_officer:
        waiting = waiting_for(round_, measures)
        found |= {
            "gaps": gaps_of(round_, measures),
            "waiting": waiting,
            "reminder": reminder(round_, waiting) if waiting else "",
        }
    return found


def _leaving(request: Request, document: ReportDocument) -> dict[str, Any]:
    """What of a report that is not approved yet would leave the agency; ?public=1 shows it instead of all."""
    leaving = for_everybody(document)
    entries = annex(leaving)
    found: dict[str, Any] = {
        "annex": entries,
        "annex_told": [entry for entry in entries if not entry.kept],
        "annex_kept": [entry for entry in entries if entry.kept],
    }
    if "public" in request.GET:
        found |= {"document": leaving, "as_published": True}
    return found


def _earlier(edition: Edition) -> Sequence[Edition]:
    """The editions that this one superseded, newest first, each with its withdrawal; no query for a first."""
    if edition.revision == 1:
        return ()
    found = Edition.objects.filter(round=edition.round_id, revision__lt=edition.revision)
    found = found.select_related("withdrawal__replaced_by").order_by("-revision")
    return list(found.defer("document", "withdrawal__replaced_by__document"))


def _oit(edition: Edition, document: ReportDocument) -> dict[str, Any]:
    form = OitForm.of(edition.round)
    answer = OitAnswer.objects.filter(round=edition.round_id).first()
    is_public = Publication.objects.filter(edition__round=edition.round_id).exists()
    address = document.edition.address if document.edition else ""
    row = answer and oit_row(answer, address, document, is_public=is_public)
    return {"oit_form": form, "oit_row": row}


def _edition_before(request: Request, round_: Round) -> Edition | None:
    """What the report is compared with, where it is asked for (?changes=1): the last edition before it."""
    if "changes" not in request.GET:
        return None
    editions = Edition.objects.filter(round__plan=round_.plan_id, round__months__lte=round_.months)
    newest_first = list(editions.select_related("round").order_by("-approved_at")[:2])
    if round_.state == Round.State.APPROVED:
        newest_first = newest_first[1:]
    return newest_first[0] if newest_first else None


@require_safe
def round_history(request: Request, year: int, months: int) -> HttpResponse:
    """What happened to a round, who did it and when."""
    round_ = get_round(request, year, months)
    context = {"round": round_, "events": events_of(round_)}
    return render_page(request, "reports/round_history.html", round_.plan, "reports", context)


@require_safe
def download(request: Request, year: int, months: int, ending: str) -> HttpResponseBase:
    """The report of a round as a file: as approved, else as submitted, else as things stand.

    What the browser has already is not sent again, and what was laid out already is not laid out again.
    """
    round_ = get_round(request, year, months)
    report_format = format_of(ending)
    if edition := edition_in_force(round_):
        edition.round = round_
        return edition_file(request, edition, report_format, is_public=False)
    document = document_in_force(round_)
    return _made(request, round_, document, report_format)


@require_safe
def edition_download(
    request: Request, year: int, months: int, revision: int, ending: str
) -> HttpResponseBase:
    """One edition as a file, also an older one."""
    edition = pick_edition(get_round(request, year, months), revision)
    return edition_file(request, edition, format_of(ending), is_public=False)


def format_of(ending: str) -> Format:
    """The file format with an ending; which there are is the renderers' business.

    Raises:
        NotFound: there is none.
    """
    if ending not in FORMATS:
        raise NotFound(f"ไม่มีรายงานแบบ .{ending}")
    return FORMATS[ending]


def edition_file(
    request: HttpRequest, edition: Edition, report_format: Format, *, is_public: bool
) -> HttpResponseBase:
    """A stored file of an edition, byte for byte; the browser keeps it, for it never changes.

    Where a correction withdrew it, a page that says so (410), also to who has the file already.
    """
    if edition.withdrawn:
        response = render(
            request, "reports/withdrawn.html", {"edition": edition, "is_public": is_public}, status=410
        )
        response.headers["Cache-Control"] = "no-cache"
        return response
    file = edition.files.only("sha256").filter(format=report_format.name).first()
    if file is None:
        raise NotFound(f"ฉบับนี้ไม่มีไฟล์แบบ .{report_format.name}")
    etag = quote_etag(file.sha256)
    if unchanged := get_conditional_response(request, etag=etag):
        unchanged.headers["ETag"] = etag
        return unchanged
    round_ = edition.round
    name = f"{round_.plan.agency.slug}-{round_.plan.fiscal_year}-{round_.months}-r{edition.revision}"
    # Publishing can be taken back: nobody between the site and the reader keeps it unasked.
    cache = "public, no-cache" if is_public else "private, no-cache"
    return _attachment(bytes(file.content), report_format, name, etag, cache)


def _made(
    request: Request, round_: Round, document: ReportDocument, report_format: Format
) -> HttpResponseBase:
    key = content_key(document, report_format)
    etag = quote_etag(key)
    if unchanged := get_conditional_response(request, etag=etag):
        unchanged.headers["ETag"] = etag
        return unchanged
    try:
        rendered = stored_rendering(key, document, report_format)
    except RendererUnavailable as error:
        return render(request, "reports/unavailable.html", {"what": str(error)}, status=503)
    name = f"{round_.plan.agency.slug}-{round_.plan.fiscal_year}-{round_.months}"
    # A draft changes with every report: the browser asks each time, and no proxy keeps it.
    return _attachment(rendered.content, report_format, name, etag, "private, no-cache")


def _attachment(content: bytes, report_format: Format, name: str, etag: str, cache: str) -> HttpResponse:
    return HttpResponse(
        content,
        headers={
            "Content-Type": report_format.content_type,
            "Content-Disposition": content_disposition_header(True, f"{name}{report_format.extension}")
            or "attachment",
            "ETag": etag,
            "Cache-Control": cache,
        },
    )
