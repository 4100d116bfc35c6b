"""Evidence on the page of its measure: adding, publishing, hiding and removing.

With htmx only the section of evidence is exchanged, so that a report being typed beside it stays.
"""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.request import Request
from measures.access import (
    get_evidence_to_publish,
    get_evidence_to_update,
    get_measure_to_update,
)
from measures.evidence.forms import EvidenceForm, HidingForm
from measures.evidence.hiding import hide, needs_reason, show_again
from measures.evidence.services import NotStored, drop_evidence, set_public, store_evidence
from measures.evidence.signals import InEdition
from measures.measure_page.views import measure_page
from measures.models import Evidence, Measure
from measures.steps import numbered

SECTION = "measures/evidence/_section.html"
LOCATION_REMOVED = "ลบข้อมูลตำแหน่งที่ฝังในภาพออกแล้ว"


@require_POST
def add_evidence(request: Request, pk: int) -> HttpResponse:
    """Name evidence of a measure: an address, or a file or several."""
    measure = get_measure_to_update(request, pk)
    steps = numbered(measure.steps.all(), measure.first_step)
    form = EvidenceForm(request.POST, request.FILES, steps=steps)
    if not form.is_valid():
        return _form_again(request, measure, form)
    pieces = form.new_evidence
    try:
        store_evidence(measure, pieces, request.user)
    except NotStored as failed:
        # Not at the file: nothing is wrong with it, and the page keeps it chosen.
        form.add_error(None, str(failed))
        return _form_again(request, measure, form)
    said = f"เพิ่มหลักฐาน “{form.cleaned_data['title']}” แล้ว"
    if len(pieces) > 1:
        said = f"{said} {len(pieces)} ไฟล์"
    if any(new.file and new.file.location_removed for new in pieces):
        said = f"{said} {LOCATION_REMOVED}"
    return _done(request, measure, said)


@require_POST
def remove_evidence(request: Request, pk: int) -> HttpResponse:
    """Take a piece of evidence away; the history keeps it."""
    evidence = get_evidence_to_update(request, pk)
    try:
        drop_evidence(evidence)
    except InEdition as kept:
        return _refused(request, evidence.measure, str(kept))
    return _done(request, evidence.measure, f"นำหลักฐาน “{evidence.title}” ออกแล้ว ยังดูได้ในประวัติการแก้ไข")


@require_POST
def publish_evidence(request: Request, pk: int) -> HttpResponse:
    """Let the public see a piece of evidence (public=1), or no longer (public=0).

    Where a report refers to it, hiding it and showing it again asks for a reason.
    """
    public = request.POST.get("public") == "1"
    evidence = get_evidence_to_publish(request, pk, public=public)
    if needs_reason(evidence, public=public):
        return _hide_or_show(request, evidence, hidden=not public)
    set_public(evidence, public)
    said = "เผยแพร่หลักฐาน “{}” แล้ว" if public else "ยกเลิกการเผยแพร่หลักฐาน “{}” แล้ว"
    return _done(request, evidence.measure, said.format(evidence.title))


def _hide_or_show(request: Request, evidence: Evidence, *, hidden: bool) -> HttpResponse:
    form = HidingForm.of(evidence, request.POST)
    if not form.is_valid():
        template = SECTION if request.htmx else ""
        refused = {evidence.pk: form}
        return measure_page(request, evidence.measure, template=template, hiding_forms=refused, status=422)
    act, said = (hide, "ซ่อนหลักฐาน “{}” จากสาธารณะแล้ว") if hidden else (show_again, "เลิกซ่อนหลักฐาน “{}” แล้ว")
    act(evidence, request.user, form.cleaned_data["reason"])
    return _done(request, evidence.measure, said.format(evidence.title))


def _done(request: Request, measure: Measure, said: str) -> HttpResponse:
    if request.htmx:
        return measure_page(request, measure, template=SECTION, evidence_said=said)
    messages.success(request, said, extra_tags="evidence")
    return redirect(f"{reverse('measure', args=[measure.pk])}#evidence")


def _form_again(request: Request, measure: Measure, form: EvidenceForm) -> HttpResponse:
    template = SECTION if request.htmx else ""
    return measure_page(request, measure, evidence_form=form, template=template, status=422)


def _refused(request: Request, measure: Measure, said: str) -> HttpResponse:
    template = SECTION if request.htmx else ""
    return measure_page(request, measure, template=template, evidence_refused=said, status=409)
