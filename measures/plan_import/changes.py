"""What applying an import has changed, as it is kept with the import: by it the import can be put back.

Of each measure what it was before, and the versions that it was left with.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from accounts.models import Division
from measures.models import Evidence, Measure, PartTick, Responsibility, Step

FIELDS: Final = ("title", "first_step", "due_text", "due_on")
REPORT: Final = ("status", "status_reason", "result", "obstacle", "reported_by_id", "reported_at")


def states_of(measures: Collection[Measure]) -> Mapping[int, dict[str, Any]]:
    """What an import may change of measures, as JSON, by their keys; four queries."""
    parties: defaultdict[int, list[int]] = defaultdict(list)
    for party in Responsibility.objects.filter(measure__in=measures).order_by("position", "id"):
        parties[party.measure_id].append(party.division_id)
    evidence: defaultdict[int, list[int]] = defaultdict(list)
    proofs = Evidence.objects.filter(step__measure__in=measures).values_list("step_id", "pk")
    for of_step, pk in proofs:
        evidence[of_step or 0].append(pk)
    ticks: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for tick in PartTick.objects.filter(step__measure__in=measures):
        ticks[tick.step_id].append((tick.part_id, tick.done_on.isoformat()))
    steps: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for step in Step.objects.filter(measure__in=measures):
        steps[step.measure_id].append(
            {
                "id": step.pk,
                "text": step.text,
                "position": step.position,
                "parent": step.parent_id,
                "done_on": _text_of(step.done_on),
                "evidence": evidence[step.pk],
                "ticks": ticks[step.pk],
            }
        )
    return {
        measure.pk: {
            "fields": {name: _text_of(getattr(measure, name)) for name in (*FIELDS, *REPORT)},
            "parties": parties[measure.pk],
            "steps": steps[measure.pk],
        }
        for measure in measures
    }


def changes_of(
    measures: Collection[Measure], before: Mapping[int, dict[str, Any]], made: Iterable[Division]
) -> dict[str, Any]:
    """What an import has just done, as it is kept with it; one query.

    Args:
        measures: those that it has stored.
        before: states_of() those that were there already, from before it.
        made: the divisions that it has added.
    """
    done = done_steps(measures)
    return {
        "measures": [
            {
                "id": measure.pk,
                "title": measure.title,
                "before": before.get(measure.pk),
                "after": {
                    "version": measure.version,
                    "outline_version": measure.outline_version,
                    "done": done[measure.pk],
                },
            }
            for measure in measures
        ],
        "divisions": [division.pk for division in made],
    }


def done_steps(measures: Iterable[Measure]) -> defaultdict[int, dict[str, str | None]]:
    """On which day each step was done, by measure and the step's key as JSON has it; one query."""
    done: defaultdict[int, dict[str, str | None]] = defaultdict(dict)
    for pk, measure, day in Step.objects.filter(measure__in=list(measures)).values_list(
        "pk", "measure_id", "done_on"
    ):
        done[measure][str(pk)] = day.isoformat() if day else None
    return done


def _text_of(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
