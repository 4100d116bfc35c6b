"""The first screen of a division: its own measures, the ones that need a report first."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Role
from accounts.request import Request
from core.http import NotFound, year_asked
from measures.access import newest_plan
from measures.listing import urgency
from measures.models import Measure
from measures.status import FINISHED


@require_safe
def work(request: Request) -> HttpResponse:
    """The measures of one's own division, the ones that need a report first."""
    if request.user.role != Role.STAFF:
        raise NotFound("หน้านี้เป็นของเจ้าหน้าที่ของส่วนราชการ")
    plan = newest_plan(request, year_asked(request) or None)
    if plan is None:
        return redirect("no_plan")
    today = timezone.localdate()
    mine = Measure.objects.filter(plan=plan).of_division(request.user.division_id or 0)
    measures = sorted(mine.with_step_counts().with_parties(), key=urgency)
    waiting = [measure for measure in measures if measure.status not in FINISHED]
    context = {
        "waiting": waiting,
        "finished": [measure for measure in measures if measure.status in FINISHED],
        "total": len(measures),
        "round": plan.year.round_on(today),
        "today": today,
    }
    return render(request, "measures/work/page.html", context)
