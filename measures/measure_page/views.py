"""One measure: its page, the report on it, the ticking of its steps, and putting back what was saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.request import Request
from core.http import NotFound
from core.locking import StaleEdit
from core.thai_calendar import arabic_digits, long_date, short_moment
from measures.access import (
    can_edit_plan,
    can_hide_evidence,
    can_show_hidden_evidence,
    can_update_measure,
    get_measure,
    get_measure_to_update,
    get_step_to_update,
)
from measures.comments.section import comments_section
from measures.evidence.forms import EvidenceForm, HidingForm
from measures.listing import deadline_on
from measures.measure_page.saves import history_of
from measures.measure_page.selectors import next_waiting
from measures.measure_page.services import CannotPutBack, put_save_back
from measures.models import Evidence, Measure
from measures.progress.forms import ProgressForm
from measures.progress.services import mark_step, save_progress
from measures.status import FINISHED, SHORT_WORDS
from measures.steps import NumberedStep, numbered

SAVES_A_PAGE: Final = 10
# Marks the message after which the next measure is offered.
SAVED: Final = "saved"


@dataclass(frozen=True)
class ShownEvidence:
    """A piece of evidence on the page of its measure."""

    evidence: Evidence
    step_number: str
    """The printed number of its step; empty for evidence of the whole measure."""
    hiding_form: HidingForm


@require_http_methods(["GET", "HEAD", "POST"])
def measure(request: Request, pk: int) -> HttpResponse:
    """A measure with its steps, report form and history; POST stores a report."""
    if request.method == "POST":
        return _save(request, get_measure_to_update(request, pk))
    shown = get_measure(request, pk)
    return measure_page(request, shown)


@require_POST
def tick(request: Request, pk: int) -> HttpResponse:
    """Mark one step done (done=1) or not reported (done=0)."""
    step = get_step_to_update(request, pk)
    done = request.POST.get("done") == "1"
    try:
        moved = mark_step(step, done, request.user, timezone.localdate())
    except ObjectDoesNotExist as gone:
        raise NotFound("ขั้นตอนนี้เพิ่งถูกลบ") from gone
    said = f"{'ทำเครื่องหมายว่าเสร็จแล้ว' if done else 'เอาเครื่องหมายออกแล้ว'} เวลา {_clock()}"
    if not request.htmx:
        messages.success(request, said, extra_tags="tick")
        return redirect(f"{reverse('measure', args=[step.measure_id])}#steps")
    fresh = get_measure(request, step.measure_id)
    # A status that was chosen in the form but not saved yet outlives the tick.
    form = _form(request, fresh, chosen=_unsaved_choice(request, step.measure))
    # One's own tick is no stale edit; what somebody else saved since this page was opened is.
    keeps_up = request.POST.get("version") in ("", None, str(fresh.version - moved))
    return measure_page(
        request,
        fresh,
        form,
        template="measures/measure_page/_ticked.html",
        said=said,
        ticked=step.pk,
        clock=_clock(),
        brings_version=keeps_up,
    )


@require_POST
def put_back(request: Request, pk: int) -> HttpResponse:
    """Give a measure the values that it had before one of its saves, named by its key in the history."""
    measure = get_measure_to_update(request, pk)
    try:
        save = put_save_back(measure, request.POST.get("save", ""), request.user)
    except CannotPutBack as refused:
        fresh = get_measure(request, pk)
        return measure_page(request, fresh, status=409, put_back_refused=str(refused))
    saved_at = short_moment(timezone.localtime(save.when))
    said = f"ย้อนกลับการบันทึกเมื่อ {saved_at} แล้ว เวลา {_clock()}"
    messages.success(request, said)
    return redirect("measure", pk)


def _save(request: Request, stored: Measure) -> HttpResponse:
    form = _form(request, stored, request.POST)
    if not form.is_valid():
        return measure_page(request, stored, form, status=422)
    try:
        save_progress(
            stored,
            form.cleaned_data["version"],
            form.progress,
            request.user,
            finish_steps_on=form.finish_steps_on,
        )
    except StaleEdit:
        return _conflict(request, stored.pk, form)
    said = f"บันทึกแล้ว เวลา {_clock()} สถานะ: {SHORT_WORDS[stored.status]}"
    if form.finish_steps_on and form.open_step_count:
        said = f"{said} และทำเครื่องหมายว่าเสร็จ {form.open_step_count} ขั้นตอน"
    if _in_list(request):
        fresh = get_measure(request, stored.pk)
        return measure_page(request, fresh, said=said, panel_open=False)
    messages.success(request, said, extra_tags=SAVED)
    return redirect("measure", stored.pk)


def _conflict(request: Request, pk: int, form: ProgressForm) -> HttpResponse:
    """Somebody else was faster: show both values; nothing that was typed is lost."""
    stored = get_measure(request, pk)
    form.rebase(stored)
    differences = form.differences_from(stored)
    return measure_page(request, stored, form, status=409, differences=differences, conflict=True)


def measure_page(
    request: Request,
    measure: Measure,
    form: ProgressForm | None = None,
    *,
    template: str = "",
    status: int = 200,
    hiding_forms: Mapping[int, HidingForm] | None = None,
    **extra: Any,
) -> HttpResponse:
    """The whole page, or for htmx the part of it that is on the screen already.

    Args:
        form: the report as it was typed; None for what is stored.
        hiding_forms: reasons with which something is wrong, by the evidence that they are for.
        extra: what differs from the page as it is first shown.
    """
    may_update = can_update_measure(request.user, measure)
    context: dict[str, Any] = {
        "measure": measure,
        "form": form or _form(request, measure),
        "may_update": may_update,
        "may_edit": can_edit_plan(request.user, measure.plan),
        "conflict": False,
        "differences": [],
        "said": "",
        # In a row of the list the form opens on request and closes again.
        "panel_open": "close" not in request.GET,
    }
    if _in_list(request):
        template = "measures/plan_list/_row.html"
        context["reportable"] = {measure.pk} if may_update else set()
    else:
        template = template or (
            "measures/measure_page/_measure.html" if request.htmx else "measures/measure_page/page.html"
        )
        steps = numbered(measure.steps.all(), measure.first_step)
        history = history_of(
            measure, [row.step for row in steps], request.GET.get("who", ""), request.GET.get("field", "")
        )
        context |= _nearness(measure)
        context |= {
            "steps": steps,
            "history": history,
            "saves": Paginator(history.saves, SAVES_A_PAGE).get_page(request.GET.get("page")),
            "put_back_refused": "",
            "ticked": 0,
            "clock": "",
            "next_measure": next_waiting(measure, request.user, timezone.localdate()) if may_update else None,
            "evidence": _evidence(measure, steps, hiding_forms or {}),
            "evidence_form": EvidenceForm(steps=steps),
            "evidence_said": "",
            "evidence_refused": "",
            "evidence_stays": False,
            "may_hide": can_hide_evidence(request.user, measure),
            "may_show_hidden": can_show_hidden_evidence(request.user, measure),
        }
        context |= comments_section(request, measure)
    return render(request, template, {**context, **extra}, status=status)


def _nearness(measure: Measure) -> dict[str, Any]:
    """How far today is from the due date of a measure that is not finished, and from its last report."""
    today = timezone.localdate()
    due = measure.due_on
    deadline = deadline_on(measure.plan, today)
    days = measure.days_left_on(today)
    return {
        "deadline": deadline,
        # What is finished or closed needs no report, and what is past is said where the work is listed.
        "shows_deadline": deadline.is_internal
        and deadline.days_left >= 0
        and measure.status not in FINISHED
        and not measure.plan.is_closed,
        "days_left": days if days is not None and days >= 0 else None,
        "days_over": -days if days is not None and days < 0 else None,
        "due_text_names_day": due is not None and long_date(due) in arabic_digits(measure.due_text),
        "saved_today": measure.reported_at is not None and timezone.localdate(measure.reported_at) == today,
    }


def _evidence(
    measure: Measure, steps: Sequence[NumberedStep], hiding_forms: Mapping[int, HidingForm]
) -> Sequence[ShownEvidence]:
    """The evidence of a measure, each with the printed number of its step."""
    numbers = {row.step.pk: row.number.removesuffix(".") for row in steps}
    return [
        ShownEvidence(
            each, numbers.get(each.step_id or 0, ""), hiding_forms.get(each.pk) or HidingForm.of(each)
        )
        for each in measure.evidence.with_hiding().select_related("added_by")
    ]


def _form(
    request: Request, measure: Measure, data: QueryDict | None = None, chosen: str = ""
) -> ProgressForm:
    return ProgressForm(
        data,
        measure=measure,
        today=timezone.localdate(),
        open_steps=measure.steps_total - measure.steps_done,
        chosen=chosen,
        # Several rows of a list may have their form open: no two fields share an id.
        auto_id=f"measure-{measure.pk}-%s" if _in_list(request) else "id_%s",
    )


def _in_list(request: Request) -> bool:
    """Whether the form is open in a row of the plan list."""
    return bool(request.htmx) and request.GET.get("in") == "list"


def _unsaved_choice(request: Request, before: Measure) -> str:
    chosen = request.POST.get("status", "")
    return "" if chosen == before.status else chosen


def _clock() -> str:
    return f"{timezone.localtime():%H:%M} น."
