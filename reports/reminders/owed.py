"""Of what people are reminded: open rounds whose deadline is near or has passed, and what is owed in them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from accounts.models import Agency, Division
from measures.awaited import PlanInRound, plans_at_work, reports_awaited
from measures.listing import internal_deadline
from measures.models import Measure, Responsibility
from reports.models import Round, RoundState
from reports.reminders.occasions import Occasion, next_occasions, occasion_on


@dataclass(frozen=True)
class RemindedRound:
    """An open round of which people are reminded on a day."""

    round: Round
    deadline: date
    occasion: Occasion | None
    """The reminder that belongs to the day; None between two of them."""
    upcoming: Sequence[Occasion]
    owed: Sequence[Responsibility]
    """By division, each in report order; read with measure and division."""

    @property
    def measure_count(self) -> int:
        """Of how many measures a report is owed."""
        return len({owed.measure_id for owed in self.owed})

    def of(self, divisions: Iterable[Division]) -> Sequence[tuple[Division, Sequence[Measure]]]:
        """What some divisions owe, for each that owes anything."""
        found = []
        for division in divisions:
            measures = [owed.measure for owed in self.owed if owed.division_id == division.pk]
            if measures:
                found.append((division, measures))
        return found


def open_rounds(agency: Agency) -> Sequence[Round]:
    """The rounds of open plans that wait for reports, the oldest first; one query."""
    rounds = Round.objects.filter(plan__agency=agency, plan__closed_at=None).select_related("plan")
    listed = list(rounds.order_by("plan__fiscal_year", "months"))
    for round_ in listed:
        round_.plan.agency = agency
    return listed


def reminded_rounds(agency: Agency, today: date, *, only_due: bool) -> Sequence[RemindedRound]:
    """The rounds on which an agency's divisions report now, with what they owe; a query a round and one.

    Args:
        only_due: leave out those of which nobody is reminded on the day.
    """
    rounds = open_rounds(agency)
    plans = {plan.pk for plan in plans_at_work(dict.fromkeys(round_.plan for round_ in rounds), today)}
    found = []
    for round_ in rounds:
        if round_.state != RoundState.OPEN or round_.plan_id not in plans or round_.reports_from > today:
            continue
        deadline = internal_deadline(round_.plan, round_.length)
        occasion = occasion_on(deadline, today)
        if occasion is None and only_due:
            continue
        found.append(
            RemindedRound(round_, deadline, occasion, next_occasions(deadline, today), owed_in(round_, today))
        )
    return found


def owed_in(round_: Round, today: date) -> Sequence[Responsibility]:
    """What divisions owe in a round; after its end, what they still owe in it."""
    on = PlanInRound.on(round_.plan, min(today, round_.ends_on))
    rows = reports_awaited([on]).select_related("measure", "division")
    return list(
        rows.order_by(
            "division__position",
            "division_id",
            "measure__indicator__number",
            "measure__position",
            "measure_id",
        )
    )
