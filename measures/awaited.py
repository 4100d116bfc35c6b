"""Which reports divisions owe in the present round of a plan, whether a measure is reported together or each
division reports its own part.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import (
    Case,
    DateField,
    DateTimeField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.prepared import Given
from core.thai_calendar import FiscalYear
from measures.models import Part, Plan, Responsibility
from measures.status import FINISHED, Status


def plans_at_work(plans: Iterable[Plan], today: date) -> Sequence[Plan]:
    """The plans on which reports are made on a day: open, begun, and not left behind years ago.

    In the first months of a fiscal year the report of the year before is still being made. An agency whose
    newest plan is older than that still works on it.
    """
    begun = [plan for plan in plans if plan.year.start <= today]
    newest = max((plan.fiscal_year for plan in begun), default=0)
    first = min(newest, FiscalYear.containing(today).number - 1)
    return [plan for plan in begun if not plan.is_closed and plan.fiscal_year >= first]


def round_begin(plan: Plan, today: date) -> date:
    """The first day of what is new in the round that is being worked on."""
    year = plan.year
    return year.start if year.round_on(today).months == 6 else year.round_end(6) + timedelta(days=1)


class PlanInRound(NamedTuple):
    """A plan with its present round: key, the moment from which on a report is one of the round, last day."""

    plan: int | Given
    begin: datetime | Given
    end: date | Given

    @classmethod
    def on(cls, plan: Plan, today: date) -> "PlanInRound":
        """As the plan stands on a day."""
        morning = timezone.make_aware(datetime.combine(round_begin(plan, today), time()))
        return cls(plan.pk, morning, plan.year.round_on(today).end)

    @classmethod
    def given(cls, number: int) -> "PlanInRound":
        """For a prepared question, which is then asked with values_of()."""
        plan, begin, end = cls._names(number)
        return cls(Given(plan, IntegerField()), Given(begin, DateTimeField()), Given(end, DateField()))

    def values_of(self, number: int) -> dict[str, object]:
        """What is Given for given(number)."""
        return dict(zip(self._names(number), self, strict=True))

    @staticmethod
    def _names(number: int) -> tuple[str, str, str]:
        return f"plan{number}", f"begin{number}", f"end{number}"


def silent_in_round(plans: Iterable[PlanInRound]) -> Q:
    """Nothing was reported since the present round of the plan began; of what reports_awaited() gives."""
    return _any(
        Q(measure__plan=plan) & (Q(said_at__isnull=True) | Q(said_at__lt=begin)) for plan, begin, _ in plans
    )


def reports_awaited(plans: Sequence[PlanInRound]) -> QuerySet[Responsibility]:
    """One row for each division and measure on which it has to report before the present round ends.

    That is what is neither done nor cancelled, and either due before the end of the round, or not reported
    since it began: the same rule as measures.listing.when_needed, asked of the database. Annotated with said
    and said_at: the status, and when it was reported, of the division's part or of the measure.
    """
    part = Part.objects.filter(measure=OuterRef("measure"), division=OuterRef("division"))
    found = (
        Responsibility.objects.filter(_any(Q(measure__plan=plan) for plan, _, _ in plans))
        .exclude(measure__status=Status.CANCELLED)
        .annotate(
            said=Case(
                When(
                    measure__by_division=True,
                    then=Coalesce(Subquery(part.values("status")[:1]), Value(Status.NOT_STARTED.value)),
                ),
                default=F("measure__status"),
            ),
            said_at=Case(
                When(measure__by_division=True, then=Subquery(part.values("reported_at")[:1])),
                default=F("measure__reported_at"),
            ),
        )
        .exclude(said__in=FINISHED)
    )
    due = _any(Q(measure__plan=plan, measure__due_on__lte=end) for plan, _, end in plans)
    return found.filter(due | silent_in_round(plans)).order_by()


def _any(conditions: Iterable[Q]) -> Q:
    found = Q(pk__in=[])
    for condition in conditions:
        found |= condition
    return found
