"""One measure: its page, the report on it or on a part, the ticking of steps, and putting a save back."""

from collections.abc import Sequence
from typing import Final

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.request import Request
from core.http import NotFound
from core.locking import Difference, StaleEdit
from core.text import number_in
from core.thai_calendar import short_moment
from measures.access import (
    can_report,
    can_update_measure,
    can_update_part,
    get_measure,
    get_measure_to_report,
    get_part,
    get_step_to_update,
    is_own,
)
from measures.measure_page.page import form_of, in_list, measure_page, own_part
from measures.measure_page.services import CannotPutBack, put_save_back
from measures.models import Measure, Part, Report, Step
from measures.parts.forms import JointForm
from measures.parts.services import mark_part_step, save_joint, save_part
from measures.progress.forms import ProgressForm
from measures.progress.services import mark_step, save_progress
from measures.status import SHORT_WORDS

# Marks the message after which the next measure is offered.
SAVED: Final = "saved"
PART_SAVED: Final = "มีผู้อื่นบันทึกส่วนของ{}ไปก่อนแล้ว"
NOW_BY_DIVISION: Final = "มาตรการนี้เพิ่งเปลี่ยนเป็นรายงานแยกตามส่วนราชการ ด้านล่างคือส่วนของ{}"
NOW_TOGETHER: Final = "มาตรการนี้เพิ่งเปลี่ยนเป็นรายงานร่วมกัน ด้านล่างคือผลของทั้งมาตรการ"
MODE_CHANGED: Final = "วิธีรายงานหรือผู้รับผิดชอบของมาตรการนี้เพิ่งเปลี่ยน ยังไม่ได้บันทึกขั้นตอน กรุณาเปิดหน้านี้ใหม่"


@require_http_methods(["GET", "HEAD", "POST"])
def measure(request: Request, pk: int) -> HttpResponse:
    """A measure with its steps, report form and history; POST stores a report on it as a whole.

    Whoever reports on one part only sees that part; ?join=1 fills the form with what the parts propose.
    """
    if request.method == "POST":
        return _save_measure(request, get_measure_to_report(request, pk))
    shown = get_measure(request, pk)
    if request.GET.get("join") and shown.assigned_parts and can_update_measure(request.user, shown):
        form = form_of(request, shown, joins=True)
        differences = [each for each in _proposed(form, shown) if each.stored]
        return measure_page(request, shown, form, joins=True, differences=differences)
    return measure_page(request, shown, part=own_part(request.user, shown))


@require_http_methods(["GET", "HEAD", "POST"])
def part(request: Request, pk: int) -> HttpResponse:
    """A measure with one division's part of it; POST stores a report on that part."""
    shown = get_part(request, pk)
    if request.method == "POST":
        return _save_part(request, shown)
    if shown in shown.measure.assigned_parts:
        return measure_page(request, shown.measure, part=shown)
    return redirect("measure", shown.measure_id)


@require_POST
def tick(request: Request, pk: int) -> HttpResponse:
    """Mark one step done (done=1) or not reported (done=0): of the measure, or in the part of ?part=."""
    step = get_step_to_update(request, pk)
    done = request.POST.get("done") == "1"
    shown = _part_to_tick(request, step.measure)
    try:
        moved = _tick(request, step, shown, done)
    except ObjectDoesNotExist as gone:
        raise NotFound("ขั้นตอนนี้เพิ่งถูกลบ") from gone
    except StaleEdit as changed:
        raise NotFound(MODE_CHANGED) from changed
    said = f"{'ทำเครื่องหมายว่าเสร็จแล้ว' if done else 'เอาเครื่องหมายออกแล้ว'} เวลา {_clock()}"
    if not request.htmx:
        messages.success(request, said, extra_tags="tick")
        address = reverse("part", args=[shown.pk]) if shown else reverse("measure", args=[step.measure_id])
        return redirect(f"{address}#steps")
    fresh = get_measure(request, step.measure_id)
    before: Report = shown or step.measure
    now = next((each for each in fresh.assigned_parts if each == shown), None)
    report: Report = now or fresh
    # A status that was chosen in the form but not saved yet outlives the tick.
    chosen = request.POST.get("status", "")
    form = form_of(request, report, chosen="" if chosen == before.status else chosen)
    # One's own tick is no stale edit; what somebody else saved since this page was opened is.
    keeps_up = request.POST.get("version") in ("", None, str(report.version - moved))
    return measure_page(
        request,
        fresh,
        form,
        part=now,
        template="measures/measure_page/_ticked.html",
        said=said,
        ticked=step.pk,
        clock=_clock(),
        brings_version=keeps_up,
    )


def _part_to_tick(request: Request, measure: Measure) -> Part | None:
    """The part in which a step is to be ticked; None where all report together.

    Raises:
        NotFound: the page from which the tick comes is of another way of reporting than the measure has now.
        PermissionDenied: another division's part.
    """
    asked = number_in(request.GET.get("part", ""), 18)
    found = next((part for part in measure.parts.all() if part.pk == asked), None)
    found = found or own_part(request.user, measure)
    if (found is None) == measure.by_division or (asked and found not in measure.assigned_parts):
        raise NotFound(MODE_CHANGED)
    if found and not can_update_part(request.user, found):
        raise PermissionDenied
    return found


def _tick(request: Request, step: Step, part: Part | None, done: bool) -> bool:
    today = timezone.localdate()
    if part is None:
        return mark_step(step, done, request.user, today)
    return mark_part_step(part, step, done, request.user, today)


@require_POST
def put_back(request: Request, pk: int) -> HttpResponse:
    """Give a measure the values that it had before one of its saves, named by its key in the history."""
    measure = get_measure(request, pk)
    if not can_report(request.user, measure):
        raise PermissionDenied
    try:
        save = put_save_back(measure, request.POST.get("save", ""), request.user)
    except CannotPutBack as refused:
        fresh = get_measure(request, pk)
        return measure_page(request, fresh, status=409, put_back_refused=str(refused))
    saved_at = short_moment(timezone.localtime(save.when))
    said = f"ย้อนกลับการบันทึกเมื่อ {saved_at} แล้ว เวลา {_clock()}"
    messages.success(request, said)
    return redirect("measure", pk)


def _save_measure(request: Request, stored: Measure) -> HttpResponse:
    if not can_update_measure(request.user, stored):
        # The page was opened when all reported together.
        mine = own_part(request.user, stored)
        if mine is None:
            raise PermissionDenied
        return _overtaken(request, mine, NOW_BY_DIVISION.format(mine.division.name))
    form = form_of(request, stored, request.POST)
    if not form.is_valid():
        return measure_page(request, stored, form, status=422)
    version = form.cleaned_data["version"]
    changed: Sequence[str] = ()
    try:
        if isinstance(form, JointForm):
            changed = save_joint(stored, version, form.progress, request.user, form.joined_versions)
        else:
            finish = form.finish_steps_on
            save_progress(stored, version, form.progress, request.user, finish_steps_on=finish)
    except StaleEdit:
        return _overtaken(request, stored, "มีผู้อื่นบันทึกมาตรการนี้ไปก่อนแล้ว", form)
    said = _said(form, stored)
    if changed:
        said = f"{said} ระหว่างที่รวมผล ส่วนของ{' '.join(changed)}เปลี่ยนไป กรุณาดูแล้วรวมผลอีกครั้ง"
    return _saved(request, stored, said)


def _save_part(request: Request, stored: Part) -> HttpResponse:
    measure = stored.measure
    if not can_update_part(request.user, stored):
        return _not_in_force(request, stored)
    form = form_of(request, stored, request.POST)
    if not form.is_valid():
        return measure_page(request, measure, form, part=stored, status=422)
    finish = form.finish_steps_on
    try:
        save_part(stored, form.cleaned_data["version"], form.progress, request.user, finish_steps_on=finish)
    except StaleEdit:
        fresh = get_part(request, stored.pk)
        if not can_update_part(request.user, fresh):
            return _not_in_force(request, fresh)
        return _overtaken(request, fresh, PART_SAVED.format(fresh.division.name), form)
    return _saved(request, stored, _said(form, stored))


def _not_in_force(request: Request, stored: Part) -> HttpResponse:
    """A report on a part that its measure does not have any more: what was typed is shown, nothing is lost.

    Raises:
        PermissionDenied: it is not one's own, or the plan is closed.
    """
    measure, person = stored.measure, request.user
    assigned = stored in measure.assigned_parts
    if assigned or measure.plan.is_closed or not (person.is_officer or is_own(person, stored.division_id)):
        raise PermissionDenied
    if not measure.by_division and can_update_measure(person, measure):
        return _overtaken(request, measure, NOW_TOGETHER)
    form = form_of(request, stored, request.POST)
    form.is_valid()
    kept = [form[name] for name in ("result", "obstacle", "status_reason") if form[name].value()]
    shown = own_part(person, measure) if can_report(person, measure) else None
    return measure_page(request, measure, part=shown, status=409, lost_part=stored, kept=kept)


def _overtaken(
    request: Request, report: Report, heading: str, form: ProgressForm | None = None
) -> HttpResponse:
    """Somebody else was faster: show both values; nothing that was typed is lost.

    Args:
        report: what is reported on from now on.
        form: what was sent, where it was sent for that.
    """
    stored = get_measure(request, report.about.pk)
    part = next((each for each in stored.assigned_parts if each == report), None)
    form = form or form_of(request, part or stored, request.POST)
    differences = form.differences_from(part or stored) if form.is_valid() else []
    form.rebase(part or stored)
    return measure_page(
        request,
        stored,
        form,
        part=part,
        status=409,
        differences=differences,
        conflict=True,
        overtaken_by=heading,
    )


def _proposed(form: ProgressForm, stored: Measure) -> list[Difference]:
    """Where what the parts propose differs from what is stored."""
    return [
        Difference(str(form.fields[name].label), getattr(stored, name), form.initial[name])
        for name in ("result", "obstacle", "status_reason")
        if getattr(stored, name) != form.initial[name]
    ]


def _said(form: ProgressForm, saved: Report) -> str:
    said = f"บันทึกแล้ว เวลา {_clock()} สถานะ: {SHORT_WORDS[saved.status]}"
    if form.finish_steps_on and form.open_step_count:
        return f"{said} และทำเครื่องหมายว่าเสร็จ {form.open_step_count} ขั้นตอน"
    return said


def _saved(request: Request, saved: Report, said: str) -> HttpResponse:
    of_whole = isinstance(saved, Measure)
    if in_list(request):
        fresh = get_measure(request, saved.about.pk)
        shown = None if of_whole else next((each for each in fresh.assigned_parts if each == saved), None)
        return measure_page(request, fresh, part=shown, said=said, panel_open=False)
    messages.success(request, said, extra_tags=SAVED)
    return redirect("measure" if of_whole else "part", saved.pk)


def _clock() -> str:
    return f"{timezone.localtime():%H:%M} น."
