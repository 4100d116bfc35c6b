"""What the page of a measure shows of its parts: how each stands, and in which a step is ticked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from accounts.models import User
from measures.access import can_update_part
from measures.models import Measure, Part, PartTick, Step
from measures.steps import NumberedStep


@dataclass(frozen=True)
class ShownPart:
    """A part in the table of all parts of a measure."""

    part: Part
    may_update: bool
    is_assigned: bool
    """Whether its division is responsible; the part of one that was stays to be read."""


@dataclass(frozen=True)
class TickedStep:
    """A step of the checklist, as it stands in what is shown: a part, or the measure as a whole."""

    number: str
    level: int
    step: Step
    done_on: date | None
    ticked: int
    """In how many of the parts in force it is ticked; 0 where all report together."""
    parts: int
    """How many parts are in force; 0 where all report together."""


def shown_parts(measure: Measure, person: User) -> Sequence[ShownPart]:
    """The parts of a measure that is reported division by division, those that are not in force at the end.

    No query after with_parties() and with_parts().
    """
    assigned = measure.assigned_parts
    former = [part for part in measure.parts.all() if part not in assigned] if measure.by_division else []
    return [
        *(ShownPart(part, can_update_part(person, part), is_assigned=True) for part in assigned),
        # A part that nobody has ever reported on has nothing to be kept in view for.
        *(ShownPart(part, may_update=False, is_assigned=False) for part in former if part.version > 1),
    ]


def ticked_steps(steps: Sequence[NumberedStep], measure: Measure, part: Part | None) -> Sequence[TickedStep]:
    """The checklist of a part, or of the measure as a whole; one query where divisions have parts."""
    assigned = {each.pk for each in measure.assigned_parts}
    ticks: dict[int, dict[int, date]] = {}
    if assigned:
        found = PartTick.objects.filter(part__in=assigned).values_list("step_id", "part_id", "done_on")
        for step_id, part_id, day in found:
            ticks.setdefault(step_id, {})[part_id] = day
    return [
        TickedStep(
            row.number,
            row.level,
            row.step,
            ticks.get(row.step.pk, {}).get(part.pk) if part else row.step.done_on,
            len(ticks.get(row.step.pk, ())),
            len(assigned),
        )
        for row in steps
    ]
