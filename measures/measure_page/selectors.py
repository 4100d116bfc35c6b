"""What the page of a measure asks the database about other measures."""

from datetime import date

from accounts.models import User
from measures.listing import urgency, when_needed
from measures.models import Measure, Report
from measures.status import FINISHED


def next_waiting(report: Report, person: User, today: date) -> Report | None:
    """The most urgent other report that a person who makes this one has to make; three queries.

    The officer's are those on measures as a whole, a division's those on its own parts.
    """
    measures = Measure.objects.filter(plan=report.about.plan_id)
    if person.is_officer:
        waiting: list[Report] = list(measures.outstanding().select_related("indicator", "plan"))
    else:
        own = measures.of_divisions(person.own_divisions).with_parties().with_parts()
        waiting = [each for measure in own for each in measure.reports_of(person.own_divisions)]
    return min(
        (each for each in waiting if each != report and each.counted_status not in FINISHED),
        key=lambda each: (when_needed(each, today), urgency(each)),
        default=None,
    )
