"""Reporting by way of Excel: a workbook to fill in, and what it would change when it comes back."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.background.limits import TooManyJobs, too_many
from accounts.models import Division
from accounts.request import Request
from core.dangers import Dangerous
from core.file_kinds import XLSX
from core.forms import ReadableForm
from core.http import NotFound, file_response
from core.locking import StaleEdit
from core.text import number_in, only_text
from core.virus_scan import scan
from measures.access import can_update_some, get_plan
from measures.evidence.files import safe_title
from measures.models import Measure, MeasureQuerySet, Plan, Report
from measures.plan_import.parsing import Unreadable
from measures.plan_import.weight import is_for_a_worker
from measures.progress.rules import STORED_FIELDS
from measures.workbook.reading import ask_to_read, rows_read
from measures.workbook.services import SheetRow, apply_lines, lines_of_rows, rows_of, workbook

NOT_READ: Final = "อ่านสิ่งที่ยืนยันมาได้ไม่ครบทุกแถว ยังไม่ได้บันทึกอะไร กรุณานำไฟล์เข้ามาใหม่"
MEANWHILE: Final = "มีผู้รายงานมาตรการในไฟล์นี้ไปก่อนแล้ว ยังไม่ได้บันทึกอะไร ด้านล่างคือข้อมูลล่าสุด"


class SheetForm(ReadableForm, forms.Form):
    """The workbook that came back."""

    file = forms.FileField(label="ไฟล์ Excel ที่กรอกแล้ว", error_messages={"empty": "ไฟล์นี้ว่าง กรุณาเลือกไฟล์อื่น"})


@require_safe
def workbook_file(request: Request, year: int) -> HttpResponse:
    """A workbook of the measures of one division (?division=ID), or of all.

    What is reported division by division has a row for each part: the division's own, or all of them and one
    for the measure as a whole.
    """
    plan = _plan(request, year)
    measures, name = _measures(plan), plan.agency.short_name
    divisions: list[Division] = []
    if asked := request.GET.get("division", ""):
        division = plan.agency.divisions.filter(pk=number_in(asked, 18) or 0).first()
        if division is None:
            raise NotFound("ไม่พบส่วนราชการนี้")
        measures, name, divisions = measures.of_divisions([division]), division.name, [division]
    title = f"{name} ปีงบประมาณ พ.ศ. {plan.fiscal_year}{f' ({plan.sample_note})' if plan.is_sample else ''}"
    content = workbook(_rows(measures.in_report_order(), divisions), title)
    return file_response(
        content, XLSX.content_type, safe_title(name, f"-{plan.fiscal_year}.xlsx"), cache="private, no-store"
    )


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: Request, year: int) -> HttpResponse:
    """Workbooks to take away; of one that comes back first what it would change, and then the change."""
    plan = _plan(request, year)
    if request.method == "POST" and "row" in request.POST:
        return _apply(request, plan)
    form = SheetForm(request.POST, request.FILES) if request.method == "POST" else SheetForm()
    rows = []
    if request.method != "POST" and (job := number_in(request.GET.get("job", ""), 18)):
        rows = list(rows_read(plan, job, request.user))
    if form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read()
        try:
            scan(content)
            if is_for_a_worker(content):
                return _read_later(request, plan, file.name, content)
            rows = list(rows_of(file.name, content))
        except (Unreadable, Dangerous) as error:
            form.add_error("file", str(error))
    return _page(request, plan, form, rows, status=422 if form.errors else 200)


def _read_later(request: Request, plan: Plan, name: str, content: bytes) -> HttpResponse:
    try:
        return redirect("job", ask_to_read(plan, name, content, request.user).pk)
    except TooManyJobs as limit:
        return too_many(request, limit)


def _apply(request: Request, plan: Plan) -> HttpResponse:
    posted = [_posted(text) for text in request.POST.getlist("row")]
    rows = [row for row in posted if row]
    lines = lines_of_rows(rows, _measures(plan), request.user, timezone.localdate())
    if len(rows) < len(posted):
        return _page(request, plan, SheetForm(), rows, problem=NOT_READ, status=409)
    try:
        count = apply_lines(lines, request.user)
    except StaleEdit:
        return _page(request, plan, SheetForm(), rows, problem=MEANWHILE, status=409)
    messages.success(request, f"บันทึกจากไฟล์แล้ว {count} รายการ")
    return redirect("plan", plan.fiscal_year)


def _posted(text: str) -> SheetRow | None:
    """A row as the confirmation carries it; None for what is no such row."""
    try:
        data = json.loads(text)
        values = {name: str(data["values"][name]) for name in STORED_FIELDS}
        # JSON can spell half a character, which no page could show again.
        division = None if data.get("division", "") is None else str(data.get("division", ""))
        if any(value != only_text(value) for value in (*values.values(), division or "")):
            return None
        return SheetRow(int(data["pk"]), int(data["version"]), values, division=division)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


def _page(
    request: Request,
    plan: Plan,
    form: SheetForm,
    rows: list[SheetRow],
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    lines = lines_of_rows(rows, _measures(plan), request.user, timezone.localdate()) if rows else []
    context: dict[str, Any] = {
        "form": form,
        "lines": [(line, json.dumps(line.plain, ensure_ascii=False)) for line in lines],
        "changes": sum(line.changes for line in lines),
        "divisions": _divisions(request, plan),
        "problem": problem,
    }
    return render(request, "measures/workbook/page.html", context, status=status)


def _rows(measures: Iterable[Measure], divisions: Sequence[Division]) -> Iterator[Report]:
    """What of each measure has a row: all of it, or what the divisions report."""
    for measure in measures:
        if divisions:
            yield from measure.reports_of(divisions)
        else:
            yield measure
            yield from measure.assigned_parts


def _divisions(request: Request, plan: Plan) -> list[Division]:
    if request.user.is_officer:
        return list(plan.agency.divisions.all())
    return list(request.user.own_divisions)


def _measures(plan: Plan) -> MeasureQuerySet:
    measures = Measure.objects.filter(plan=plan).with_parties().with_parts().with_step_counts()
    return measures.in_report_order()


def _plan(request: Request, year: int) -> Plan:
    plan = get_plan(request, year)
    if not can_update_some(request.user, plan):
        raise PermissionDenied
    return plan
