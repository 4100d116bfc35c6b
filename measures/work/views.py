"""The first screen of a division: its own measures, the ones that need a report first."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.request import Request
from core.http import NotFound, year_asked
from measures.access import newest_plan
from measures.listing import deadline_on
from measures.work.selectors import work_of


@require_safe
def work(request: Request) -> HttpResponse:
    """The measures of one's own division in groups: overdue, in this round, later, finished."""
    if not request.user.is_division_staff:
        raise NotFound("หน้านี้เป็นของเจ้าหน้าที่ของส่วนราชการ")
    plan = newest_plan(request, year_asked(request) or None)
    if plan is None:
        return redirect("no_plan")
    today = timezone.localdate()
    context = {
        "work": work_of(request.user.own_divisions, plan, today),
        "deadline": deadline_on(plan, today),
    }
    return render(request, "measures/work/page.html", context)
