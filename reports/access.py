"""Who may see a round. Views, templates and tests ask here: whoever may see the plan may see its rounds;
what the public may see is an edition, not a round.
"""

from collections.abc import Sequence

from accounts.access import NotFound, agency_in_view
from accounts.http import Request
from reports.models import Round


def rounds_in_view(request: Request) -> Sequence[Round]:
    """All rounds of the agency in view, newest year first; one query, two rounds a year."""
    agency = agency_in_view(request)
    rounds = list(
        Round.objects.filter(plan__agency=agency)
        .select_related("plan")
        .order_by("-plan__fiscal_year", "months")
    )
    for round_ in rounds:
        round_.plan.agency = agency
    return rounds


def get_round(request: Request, year: int, months: int) -> Round:
    """A round of the agency in view, with its plan and agency; raises as pick_round()."""
    return pick_round(rounds_in_view(request), year, months)


def pick_round(rounds: Sequence[Round], year: int, months: int) -> Round:
    """One of the rounds in view.

    Raises:
        NotFound: the agency has no plan of that year, or the plan no such round.
    """
    for round_ in rounds:
        if (round_.plan.fiscal_year, round_.months) == (year, months):
            return round_
    if any(round_.plan.fiscal_year == year for round_ in rounds):
        raise NotFound(f"ไม่มีรอบ {months} เดือนในปีงบประมาณ พ.ศ. {year}")
    raise NotFound(f"ยังไม่มีแผนของปีงบประมาณ พ.ศ. {year}")
