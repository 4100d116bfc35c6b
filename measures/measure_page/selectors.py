"""What the page of a measure asks the database about other measures."""

from datetime import date

from accounts.models import User
from measures.listing import urgency, when_needed
from measures.models import Measure


def next_waiting(measure: Measure, person: User, today: date) -> Measure | None:
    """The most urgent other measure on which a person who reports on this one can report; one query."""
    waiting = Measure.objects.filter(plan=measure.plan).outstanding().exclude(pk=measure.pk)
    if not person.is_officer:
        waiting = waiting.of_divisions(person.own_divisions)
    return min(
        waiting.select_related("indicator", "plan"),
        key=lambda each: (when_needed(each, today), urgency(each)),
        default=None,
    )
