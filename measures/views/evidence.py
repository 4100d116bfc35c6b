"""Evidence of a measure: adding and removing.

With htmx only the section of evidence is exchanged, so that a report being typed beside it stays.
"""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.http import Request
from measures.access import get_evidence_to_update, get_measure_to_update
from measures.forms.evidence import EvidenceForm
from measures.models import Evidence, Measure
from measures.views.measure import measure_page

SECTION = "measures/_evidence.html"


@require_POST
def add_evidence(request: Request, pk: int) -> HttpResponse:
    """Name a piece of evidence of a measure."""
    measure = get_measure_to_update(request, pk)
    form = EvidenceForm(request.POST)
    if not form.is_valid():
        template = SECTION if request.htmx else ""
        return measure_page(request, measure, evidence_form=form, template=template, status=422)
    evidence = Evidence.objects.create(measure=measure, added_by=request.user, **form.cleaned_data)
    return _done(request, measure, f"เพิ่มหลักฐาน “{evidence.title}” แล้ว")


@require_POST
def remove_evidence(request: Request, pk: int) -> HttpResponse:
    """Take a piece of evidence away; the history keeps it."""
    evidence = get_evidence_to_update(request, pk)
    evidence.delete()
    return _done(request, evidence.measure, f"นำหลักฐาน “{evidence.title}” ออกแล้ว ยังดูได้ในประวัติการแก้ไข")


def _done(request: Request, measure: Measure, said: str) -> HttpResponse:
    if request.htmx:
        return measure_page(request, measure, template=SECTION, evidence_said=said)
    messages.success(request, said)
    return redirect(f"{reverse('measure', args=[measure.pk])}#evidence")
