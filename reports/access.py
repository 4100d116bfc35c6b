"""Who may see a round. Views, templates and tests ask here: whoever may see the plan may see its rounds;
what the public may see is an edition, not a round.
"""

from accounts.access import NotFound, agency_in_view
from accounts.http import Request
from measures.access import get_plan
from reports.models import Round


def get_round(request: Request, year: int, months: int) -> Round:
    """A round of the agency in view, or 404."""
    agency = agency_in_view(request)
    rounds = Round.objects.select_related("plan")
    round_ = rounds.filter(plan__agency=agency, plan__fiscal_year=year, months=months).first()
    if round_ is None:
        # Says so where it is the whole year that is missing.
        get_plan(request, year)
        raise NotFound(f"ไม่มีรอบ {months} เดือนในปีงบประมาณ พ.ศ. {year}")
    # Saves a query for each page: the agency is at hand.
    round_.plan.agency = agency
    return round_
