"""The reports of an agency: the list of rounds, the preview on screen, the file to download."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag
from django.views.decorators.http import require_safe

from accounts.access import NotFound
from accounts.http import Request
from measures.access import plans_in_view
from measures.pages import render_page
from reports.access import get_round, pick_round, rounds_in_view
from reports.builder import build_document
from reports.renderers import FORMATS, RendererUnavailable
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
    """The report as it is printed, on the screen."""
    rounds = rounds_in_view(request)
    round_ = pick_round(rounds, year, months)
    context = {
        "round": round_,
        "document": build_document(round_),
        "formats": FORMATS.values(),
        # Every plan has its rounds: asking for the plans as well would be a query more.
        "years": list(dict.fromkeys(other.plan.fiscal_year for other in rounds)),
    }
    return render_page(request, "reports/preview.html", round_.plan, "reports", context)


@require_safe
def download(request: Request, year: int, months: int, ending: str) -> HttpResponseBase:
    """The report as a file; which formats there are is the renderers' business.

    What the browser has already is not sent again, and what was laid out already is not laid out again.
    """
    round_ = get_round(request, year, months)
    if ending not in FORMATS:
        raise NotFound(f"ไม่มีรายงานแบบ .{ending}")
    report_format = FORMATS[ending]
    document = build_document(round_)
    key = content_key(document, report_format)
    etag = quote_etag(key)
    if unchanged := get_conditional_response(request, etag=etag):
        unchanged.headers["ETag"] = etag
        return unchanged
    try:
        rendered = stored_rendering(key, document, report_format)
    except RendererUnavailable as error:
        return render(request, "reports/unavailable.html", {"what": str(error)}, status=503)
    name = f"{round_.plan.agency.slug}-{year}-{months}{report_format.extension}"
    return HttpResponse(
        rendered.content,
        headers={
            "Content-Type": report_format.content_type,
            "Content-Disposition": content_disposition_header(True, name) or "attachment",
            "ETag": etag,
            # A draft changes with every report: the browser asks each time, and no proxy keeps it.
            "Cache-Control": "private, no-cache",
        },
    )
