"""What the page of a measure asks the database about other measures."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.db.models import BigIntegerField, Exists, OuterRef

from accounts.models import User
from core.prepared import Given, PreparedQuestion
from measures.listing import urgency, when_needed
from measures.models import Measure, MeasureQuerySet, Part, Report, Responsibility
from measures.status import FINISHED


def _of_plan() -> MeasureQuerySet:
    plan = Given("plan", BigIntegerField())
    return Measure.objects.filter(plan=plan).select_related("indicator", "plan")


def _of_person() -> MeasureQuerySet:
    person = Given("person", BigIntegerField())
    return _of_plan().filter(
        Exists(Responsibility.objects.filter(measure=OuterRef("pk"), division__users=person))
    )


# Every page of a measure asks one of them.
OUTSTANDING: Final = PreparedQuestion(lambda: _of_plan().outstanding())
OF_PERSON: Final = PreparedQuestion(_of_person)


def next_waiting(report: Report, person: User, today: date) -> Report | None:
    """The most urgent other report that a person who makes this one has to make; one query, and one more
    for parts where measures are reported division by division.

    The officer's are those on measures as a whole, a division's those on its own parts.
    """
    plan = report.about.plan_id
    if person.is_officer:
        waiting: list[Report] = list(OUTSTANDING.ask(plan=plan))
    else:
        own = list(OF_PERSON.ask(plan=plan, person=person.pk)) if person.own_divisions else []
        waiting = [*(each for each in own if not each.by_division), *_own_parts(own, person)]
    return min(
        (each for each in waiting if each != report and each.counted_status not in FINISHED),
        key=lambda each: (when_needed(each, today), urgency(each)),
        default=None,
    )


def _own_parts(measures: Sequence[Measure], person: User) -> Sequence[Part]:
    """The parts in force of a person's divisions, as Measure.reports_of() says it of one measure."""
    apart = {each.pk: each for each in measures if each.by_division}
    if not apart:
        return ()
    responsible = Responsibility.objects.filter(measure=OuterRef("measure"), division=OuterRef("division"))
    parts = list(
        Part.objects.filter(Exists(responsible), measure__in=apart, division__in=person.own_divisions)
        .select_related("division")
        .order_by("measure_id", "id")
    )
    for part in parts:
        part.measure = apart[part.measure_id]
    return parts
