"""Evidence on the page of its measure: adding, publishing, hiding and removing.

With htmx only the section of evidence is exchanged, so that a report being typed beside it stays.
"""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.request import Request
from core.text import number_in
from measures.access import (
    can_update_part,
    get_evidence_to_publish,
    get_evidence_to_update,
    get_measure_to_report,
)
from measures.evidence.forms import EvidenceForm, HidingForm
from measures.evidence.hiding import hide, needs_reason, show_again
from measures.evidence.services import NotStored, drop_evidence, set_public, store_evidence
from measures.evidence.signals import InEdition
from measures.measure_page.page import measure_page, own_part
from measures.models import Evidence, Measure, Part
from measures.steps import numbered

SECTION = "measures/evidence/_section.html"
LOCATION_REMOVED = "ลบข้อมูลตำแหน่งที่ฝังในภาพออกแล้ว"


@require_POST
def add_evidence(request: Request, pk: int) -> HttpResponse:
    """Name evidence of a measure: an address, or files; of the part named by ?part=, or of one's own part."""
    measure = get_measure_to_report(request, pk)
    steps = numbered(measure.steps.all(), measure.first_step)
    form = EvidenceForm(request.POST, request.FILES, steps=steps)
    if not form.is_valid():
        return _form_again(request, measure, form)
    pieces = form.new_evidence
    try:
        store_evidence(measure, pieces, request.user, _part_asked(request, measure))
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
        measure = evidence.measure
        part = _part_asked(request, measure)
        return measure_page(request, measure, part=part, template=template, hiding_forms=refused, status=422)
    act, said = (hide, "ซ่อนหลักฐาน “{}” จากสาธารณะแล้ว") if hidden else (show_again, "เลิกซ่อนหลักฐาน “{}” แล้ว")
    act(evidence, request.user, form.cleaned_data["reason"])
    return _done(request, evidence.measure, said.format(evidence.title))


def _part_asked(request: Request, measure: Measure) -> Part | None:
    """The part of a measure that the page shows; what is not in force, or another's, is as good as none."""
    asked = number_in(request.GET.get("part", ""), 18)
    found = next((part for part in measure.assigned_parts if part.pk == asked), None)
    return found if found and can_update_part(request.user, found) else own_part(request.user, measure)


def _done(request: Request, measure: Measure, said: str) -> HttpResponse:
    if request.htmx:
        part = _part_asked(request, measure)
        return measure_page(request, measure, part=part, template=SECTION, evidence_said=said)
    messages.success(request, said, extra_tags="evidence")
    part = _part_asked(request, measure)
    address = reverse("part", args=[part.pk]) if part else reverse("measure", args=[measure.pk])
    return redirect(f"{address}#evidence")


def _form_again(request: Request, measure: Measure, form: EvidenceForm) -> HttpResponse:
    template = SECTION if request.htmx else ""
    part = _part_asked(request, measure)
    return measure_page(request, measure, part=part, evidence_form=form, template=template, status=422)


def _refused(request: Request, measure: Measure, said: str) -> HttpResponse:
    template = SECTION if request.htmx else ""
    part = _part_asked(request, measure)
    return measure_page(request, measure, part=part, template=template, evidence_refused=said, status=409)
