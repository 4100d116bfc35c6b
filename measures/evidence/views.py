"""The file of a piece of evidence, handed out; and one piece used for several measures."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.request import Request
from measures.access import get_evidence, get_evidence_to_update, measures_to_update
from measures.evidence.downloads import KEEP_NOTHING, evidence_response
from measures.evidence.forms import ReuseForm
from measures.evidence.services import Gone, reuse_evidence
from measures.evidence.thumbnails import thumbnail_of
from measures.listing import by_indicator


@require_safe
def evidence_file(request: Request, pk: int) -> HttpResponse:
    """The file of a piece of evidence, for whoever may see its measure."""
    return evidence_response(request, get_evidence(request, pk))


@require_safe
def thumbnail(request: Request, pk: int) -> HttpResponse:
    """A small picture of a piece of evidence that is a picture, for whoever may see its measure."""
    made = thumbnail_of(get_evidence(request, pk))
    return HttpResponse(made, content_type="image/webp", headers={"Cache-Control": KEEP_NOTHING})


@require_http_methods(["GET", "HEAD", "POST"])
def reuse(request: Request, pk: int) -> HttpResponse:
    """Choose other measures of the plan that the same evidence proves; POST gives it to them."""
    evidence = get_evidence_to_update(request, pk)
    others = [each for each in measures_to_update(request, evidence.measure.plan) if each != evidence.measure]
    form = ReuseForm(request.POST if request.method == "POST" else None, measures=others)
    if not form.is_valid():
        context = {
            "evidence": evidence,
            "measure": evidence.measure,
            "form": form,
            "groups": by_indicator(others),
            "chosen": form.chosen,
        }
        return render(request, "measures/evidence/reuse.html", context, status=422 if form.is_bound else 200)
    try:
        added = reuse_evidence(evidence, form.cleaned_data["measures"], request.user)
    except Gone as gone:
        messages.error(request, str(gone))
    else:
        said = (
            f"ใช้หลักฐาน “{evidence.title}” กับอีก {added} มาตรการแล้ว" if added else "มาตรการที่เลือกมีหลักฐานนี้อยู่แล้ว"
        )
        messages.success(request, said, extra_tags="evidence")
    return redirect(f"{reverse('measure', args=[evidence.measure_id])}#evidence")
