"""Who may see a round. Views, templates and tests ask here: whoever may see the plan may see its rounds;
what the public may see is an edition, not a round.
"""

from accounts.access import NotFound
from accounts.http import Request
from measures.access import get_plan
from reports.models import Round


def get_round(request: Request, year: int, months: int) -> Round:
    """A round of the agency in view, or 404."""
    plan = get_plan(request, year)
    round_ = Round.objects.filter(plan=plan, months=months).first()
    if round_ is None:
        raise NotFound(f"ไม่มีรอบ {months} เดือนในปีงบประมาณ พ.ศ. {year}")
    round_.plan = plan
    return round_
