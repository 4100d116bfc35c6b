"""One measure and what belongs to it, by questions that are put together once: all its pages ask them."""

from typing import Final

from django.db.models import BigIntegerField

from core.prepared import Given, PreparedQuestion, put_at_hand
from measures.models import Evidence, Measure, MeasureQuerySet, Part, Responsibility, Step

KEY: Final = Given("measure", BigIntegerField())


def _measure() -> MeasureQuerySet:
    return Measure.objects.with_plan().with_step_counts().with_returns().filter(pk=KEY)


MEASURE: Final = PreparedQuestion(_measure)
PARTIES: Final = PreparedQuestion(
    lambda: Responsibility.objects.select_related("division").filter(measure=KEY)
)
PARTS: Final = PreparedQuestion(
    lambda: Part.objects.select_related("division", "reported_by").with_ticks().filter(measure=KEY)
)
STEPS: Final = PreparedQuestion(lambda: Step.objects.filter(measure=KEY))
EVIDENCE: Final = PreparedQuestion(
    lambda: Evidence.objects.with_hiding().select_related("added_by").filter(measure=KEY)
)


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
