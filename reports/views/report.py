"""The reports of an agency: the list of rounds, the preview on screen, the file to download."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.access import NotFound
from accounts.http import Request
from measures.access import plans_in_view
from measures.pages import render_page
from reports.access import get_round
from reports.builder import build_document
from reports.models import Round
from reports.renderers import FORMATS, RendererUnavailable


@require_safe
def reports(request: Request) -> HttpResponse:
    """All rounds of the agency, newest year first."""
    plan = plans_in_view(request).select_related("agency").first()
    if plan is None:
        return redirect("no_plan")
    rounds = (
        Round.objects.filter(plan__agency=plan.agency)
        .select_related("plan")
        .order_by("-plan__fiscal_year", "months")
    )
    return render_page(request, "reports/reports.html", plan, "reports", {"rounds": rounds})


@require_safe
def preview(request: Request, year: int, months: int) -> HttpResponse:
    """The report as it is printed, on the screen."""
    round_ = get_round(request, year, months)
    document = build_document(round_)
    context = {"round": round_, "document": document, "formats": FORMATS.values()}
    return render_page(request, "reports/preview.html", round_.plan, "reports", context)


@require_safe
def download(request: Request, year: int, months: int, ending: str) -> HttpResponse:
    """The report as a file; which formats there are is the renderers' business."""
    round_ = get_round(request, year, months)
    if ending not in FORMATS:
        raise NotFound(f"ไม่มีรายงานแบบ .{ending}")
    report_format = FORMATS[ending]
    try:
        content = report_format.render(build_document(round_)).content
    except RendererUnavailable as error:
        return render(request, "reports/unavailable.html", {"what": str(error)}, status=503)
    name = f"{round_.plan.agency.slug}-{year}-{months}{report_format.extension}"
    return HttpResponse(
        content,
        headers={
            "Content-Type": report_format.content_type,
            "Content-Disposition": content_disposition_header(True, name) or "attachment",
            # A draft changes with every report; nobody's proxy keeps it.
            "Cache-Control": "private, no-store",
        },
    )
