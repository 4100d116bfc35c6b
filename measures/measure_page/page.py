"""What the page of a measure shows: the report on it or on a part, its steps, evidence and history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from accounts.models import User
from accounts.request import Request
from core.thai_calendar import arabic_digits, long_date
from measures.access import (
    can_edit_plan,
    can_hide_evidence,
    can_report,
    can_see_evidence,
    can_show_hidden_evidence,
    can_update,
    can_update_evidence,
    can_update_measure,
    can_update_part,
    evidence_told,
)
from measures.comments.section import comments_section
from measures.evidence.forms import EvidenceForm, HidingForm
from measures.listing import deadline_on
from measures.measure_page.saves import history_of
from measures.measure_page.selectors import next_waiting
from measures.measure_page.services import can_put_back
from measures.models import Evidence, Measure, Part, Report
from measures.parts.forms import JointForm
from measures.parts.rules import proposal_of
from measures.parts.selectors import shown_parts, ticked_steps
from measures.progress.forms import ProgressForm
from measures.questions import EVIDENCE, with_steps
from measures.status import FINISHED
from measures.steps import NumberedStep, numbered

SAVES_A_PAGE: Final = 10


@dataclass(frozen=True)
class ShownEvidence:
    """A piece of evidence on the page of its measure."""

    evidence: Evidence
    step_number: str
    """The printed number of its step; empty for evidence of the whole measure."""
    hiding_form: HidingForm
    may_update: bool


def own_part(user: User, measure: Measure) -> Part | None:
    """The part, of several the first, on which a person reports who may not report on the whole."""
    if can_update_measure(user, measure):
        return None
    return next((part for part in measure.assigned_parts if can_update_part(user, part)), None)


def measure_page(
    request: Request,
    measure: Measure,
    form: ProgressForm | None = None,
    *,
    part: Part | None = None,
    template: str = "",
    status: int = 200,
    hiding_forms: Mapping[int, HidingForm] | None = None,
    **extra: Any,
) -> HttpResponse:
    """The whole page, or for htmx the part of it that is on the screen already.

    Args:
        form: the report as it was typed; None for what is stored.
        part: the part that is shown and reported on; None for the measure as a whole.
        hiding_forms: reasons with which something is wrong, by the evidence that they are for.
        extra: what differs from the page as it is first shown.
    """
    person = request.user
    may_update = can_update(person, part or measure)
    context: dict[str, Any] = {
        "measure": measure,
        "part": part,
        "report": part or measure,
        "target": part or measure,
        # By what its draft is kept in the browser; a part that is given back has its own again.
        "draft": f"{person.pk}:{measure.pk}:{f'part-{part.division_id}' if part else 'report'}",
        # Behind the address of what is done on this page, so that it comes back to the same part.
        "part_query": f"?part={part.pk}" if part else "",
        "form": form or form_of(request, part or measure),
        "joins": False,
        "may_update": may_update,
        "may_join": can_update_measure(person, measure),
        "may_report": can_report(person, measure),
        "may_edit": can_edit_plan(person, measure.plan),
        "conflict": False,
        "overtaken_by": "มีผู้อื่นบันทึกมาตรการนี้ไปก่อนแล้ว",
        "differences": [],
        "said": "",
        # In a row of the list the form opens on request and closes again.
        "panel_open": "close" not in request.GET,
    }
    if in_list(request):
        template = "measures/plan_list/_row.html"
        context["reportable"] = {measure.pk} if may_update else set()
    else:
        template = template or (
            "measures/measure_page/_measure.html" if request.htmx else "measures/measure_page/page.html"
        )
        # The checklist and the history name them.
        steps = numbered(with_steps(measure).steps.all(), measure.first_step)
        history = history_of(
            measure,
            [row.step for row in steps],
            request.GET.get("who", ""),
            request.GET.get("field", ""),
            seen=evidence_told(person, measure),
        )
        saves = Paginator(history.saves, SAVES_A_PAGE).get_page(request.GET.get("page"))
        context |= _nearness(part or measure, measure.due_text)
        context |= {
            "steps_done": (part or measure).steps_done,
            "steps": ticked_steps(steps, measure, part),
            "parts": shown_parts(measure, person),
            "history": history,
            "saves": saves,
            "may_put_back": {save.key for save in saves if can_put_back(person, measure, save)},
            "put_back_refused": "",
            "lost_part": None,
            "kept": [],
            "ticked": 0,
            "clock": "",
            "next_task": next_waiting(part or measure, person, timezone.localdate()) if may_update else None,
            "evidence": _evidence(person, measure, steps, hiding_forms or {}),
            "evidence_form": EvidenceForm(steps=steps),
            "evidence_said": "",
            "evidence_refused": "",
            "evidence_stays": False,
            "may_hide": can_hide_evidence(person, measure),
            "may_show_hidden": can_show_hidden_evidence(person, measure),
        }
        context |= comments_section(request, measure)
    return render(request, template, {**context, **extra}, status=status)


def _nearness(report: Report, due_text: str) -> dict[str, Any]:
    """How far today is from the due date of what is not finished, and from its last report."""
    today = timezone.localdate()
    due = report.due_on
    days = report.days_left_on(today)
    plan = report.about.plan
    deadline = deadline_on(plan, today)
    return {
        "deadline": deadline,
        # What is finished or closed needs no report, and what is past is said where the work is listed.
        "shows_deadline": deadline.is_internal
        and deadline.days_left >= 0
        and report.status not in FINISHED
        and not plan.is_closed,
        "days_left": days if days is not None and days >= 0 else None,
        "days_over": -days if days is not None and days < 0 else None,
        "due_text_names_day": due is not None and long_date(due) in arabic_digits(due_text),
        "saved_today": report.reported_at is not None and timezone.localdate(report.reported_at) == today,
    }


def _evidence(
    person: User, measure: Measure, steps: Sequence[NumberedStep], hiding_forms: Mapping[int, HidingForm]
) -> Sequence[ShownEvidence]:
    """The evidence of a measure, each with the printed number of its step."""
    numbers = {row.step.pk: row.number.removesuffix(".") for row in steps}
    parts = {part.pk: part for part in measure.parts.all()}
    shown = []
    for each in EVIDENCE.ask(measure=measure.pk):
        # Both are at hand already.
        each.measure, each.part = measure, parts.get(each.part_id or 0)
        if not can_see_evidence(person, each):
            continue
        form = hiding_forms.get(each.pk) or HidingForm.of(each)
        number = numbers.get(each.step_id or 0, "")
        shown.append(ShownEvidence(each, number, form, can_update_evidence(person, each)))
    return shown


def form_of(
    request: Request, report: Report, data: QueryDict | None = None, chosen: str = "", *, joins: bool = False
) -> ProgressForm:
    """The form of a report: what was sent, or what is stored; joins: what the parts propose."""
    # Several rows of a list may have their form open: no two fields share an id.
    auto_id = f"measure-{report.about.pk}-%s" if in_list(request) else "id_%s"
    today = timezone.localdate()
    if isinstance(report, Part) or not report.by_division:
        return ProgressForm(data, report=report, today=today, chosen=chosen, auto_id=auto_id)
    proposal = proposal_of(report) if joins else None
    form = JointForm(
        data,
        report=report,
        today=today,
        proposed=proposal.progress if proposal else None,
        chosen=chosen,
        auto_id=auto_id,
    )
    form.initial["joined"] = proposal.seen if proposal else ""
    return form


def in_list(request: Request) -> bool:
    """Whether the form is open in a row of the plan list."""
    return bool(request.htmx) and request.GET.get("in") == "list"
