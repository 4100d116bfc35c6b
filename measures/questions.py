"""A measure, or all of a plan, with what belongs to it, by questions that are put together once."""

from collections.abc import Sequence
from typing import Final

from django.db.models import BigIntegerField, QuerySet

from core.prepared import Given, PreparedQuestion, put_at_hand
from measures.models import Evidence, Measure, MeasureQuerySet, Part, Responsibility, Step

KEY: Final = Given("measure", BigIntegerField())
PLAN: Final = Given("plan", BigIntegerField())


def _measures() -> MeasureQuerySet:
    return Measure.objects.with_plan().with_step_counts().with_returns()


def _parties() -> QuerySet[Responsibility]:
    return Responsibility.objects.select_related("division")


def _parts() -> QuerySet[Part]:
    return Part.objects.select_related("division", "reported_by").with_ticks()


MEASURE: Final = PreparedQuestion(lambda: _measures().filter(pk=KEY))
PARTIES: Final = PreparedQuestion(lambda: _parties().filter(measure=KEY))
PARTS: Final = PreparedQuestion(lambda: _parts().filter(measure=KEY))
STEPS: Final = PreparedQuestion(lambda: Step.objects.filter(measure=KEY))
EVIDENCE: Final = PreparedQuestion(
    lambda: Evidence.objects.with_hiding().select_related("added_by").filter(measure=KEY)
)

OF_PLAN: Final = PreparedQuestion(lambda: _measures().with_evidence().filter(plan=PLAN).in_report_order())
PARTIES_OF_PLAN: Final = PreparedQuestion(lambda: _parties().filter(measure__plan=PLAN))
PARTS_OF_PLAN: Final = PreparedQuestion(lambda: _parts().filter(measure__plan=PLAN))


def measure_of(pk: int) -> Measure | None:
    """A measure with_parties(), with_parts(), with_step_counts() and with_returns(); three queries.

    None where there is none, as of a number that is too large for any.
    """
    for measure in MEASURE.ask(measure=pk) if pk <= BigIntegerField.MAX_BIGINT else ():
        put_at_hand(measure, "responsibilities", PARTIES.ask(measure=pk))
        put_at_hand(measure, "parts", PARTS.ask(measure=pk))
        return measure
    return None


def with_steps(measure: Measure) -> Measure:
    """The same measure, its steps at hand in their order."""
    put_at_hand(measure, "steps", STEPS.ask(measure=measure.pk))
    return measure


def measures_of_plan(plan: int) -> Sequence[Measure]:
    """All of a plan in report order, each as measure_of() gives it and with_evidence(); three queries."""
    measures = list(OF_PLAN.ask(plan=plan))
    for name, question in (("responsibilities", PARTIES_OF_PLAN), ("parts", PARTS_OF_PLAN)):
        of_measure: dict[int, list[Responsibility | Part]] = {measure.pk: [] for measure in measures}
        for each in question.ask(plan=plan) if measures else ():
            # One may have been added since.
            of_measure.get(each.measure_id, []).append(each)
        for measure in measures:
            put_at_hand(measure, name, of_measure[measure.pk])
    return measures
