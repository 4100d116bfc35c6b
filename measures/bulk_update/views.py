"""Changing many measures: a confirmation that says what will change and what will not, then all of it."""

import re
from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.request import Request
from core.locking import StaleEdit
from measures.access import can_edit_plan, can_update_some, get_plan
from measures.bulk_update.forms import BulkForm
from measures.bulk_update.services import apply, lines_of
from measures.models import Measure

KEY: Final = re.compile("[0-9]{1,18}")
SEEN: Final = re.compile(r"([0-9]{1,18})\.([0-9]{1,18})\.([0-9]{1,9})\.([0-9]{1,9})", re.ASCII)
NOTHING_CHOSEN: Final = "กรุณาเลือกมาตรการอย่างน้อยหนึ่งรายการ"
STALE: Final = "มีผู้อื่นแก้มาตรการในรายการนี้ไปก่อนแล้ว ยังไม่ได้บันทึกอะไร ด้านล่างคือข้อมูลล่าสุด กรุณาตรวจแล้วกดยืนยันอีกครั้ง"


@require_POST
def change_many(request: Request, year: int) -> HttpResponse:
    """First what would change, and once that was confirmed (seen=…) the change itself."""
    plan = get_plan(request, year)
    if not can_update_some(request.user, plan):
        raise PermissionDenied
    form = BulkForm(request.POST, may_edit=can_edit_plan(request.user, plan))
    seen = {(pk, part): (version, outline) for pk, part, version, outline in _seen(request)}
    chosen = [int(pk) for pk in request.POST.getlist("measure") if KEY.fullmatch(pk)]
    measures = (
        Measure.objects.filter(plan=plan, pk__in=[*chosen, *(pk for pk, _ in seen)])
        .with_parties()
        .with_parts()
        .with_step_counts()
        .in_report_order()
    )
    problem, status, lines = "", 200, []
    if form.is_valid():
        lines = list(lines_of(measures, form.change, request.user, timezone.localdate()))
        if not lines:
            problem, status = NOTHING_CHOSEN, 422
    else:
        status = 422
    if lines and seen:
        of_parts = any(line.part for line in lines)
        try:
            count = apply(lines, seen, request.user)
        except StaleEdit:
            problem, status = STALE, 409
            lines = list(lines_of(measures.all(), form.change, request.user, timezone.localdate()))
        else:
            messages.success(request, f"เปลี่ยนแล้ว {count} รายการ" if of_parts else f"เปลี่ยนแล้ว {count} มาตรการ")
            return redirect("plan", plan.fiscal_year)
    context = {
        "form": form,
        "lines": lines,
        "changes": sum(line.changes for line in lines),
        "unchanged": sum(not line.changes for line in lines),
        "asks_reason": sum("status_reason" in line.asks for line in lines),
        "measures": measures,
        "problem": problem,
        # Of one measure there may be several lines.
        "unit": "รายการ" if any(line.part for line in lines) else "มาตรการ",
    }
    return render(request, "measures/bulk_update/page.html", context, status=status)


def _seen(request: Request) -> list[tuple[int, int, int, int]]:
    """Measure, part (0 for the whole), version of the report and of the outline."""
    matches = (SEEN.fullmatch(text) for text in request.POST.getlist("seen"))
    return [(int(m[1]), int(m[2]), int(m[3]), int(m[4])) for m in matches if m]
