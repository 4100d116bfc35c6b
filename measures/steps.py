"""Printed step numbers, which follow from the place of a step in its measure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from measures.models import Step


@dataclass(frozen=True)
class NumberedStep:
    """A step with its printed number: "1." on the first level, "1.1" on the second."""

    number: str
    level: int
    step: Step


def numbered(steps: Iterable[Step], first: int = 1) -> Sequence[NumberedStep]:
    """Put a measure's steps in printed order, each first-level step before its own second-level ones.

    Args:
        first: the number of the first step, Measure.first_step.
    """
    return list(_numbered(sorted(steps, key=lambda step: (step.position, step.pk)), first))


def _numbered(steps: Sequence[Step], first: int) -> Iterator[NumberedStep]:
    children: dict[int, list[Step]] = {}
    for step in steps:
        if step.parent_id is not None:
            children.setdefault(step.parent_id, []).append(step)
    top = (step for step in steps if step.parent_id is None)
    for n, step in enumerate(top, first):
        yield NumberedStep(f"{n}.", 1, step)
        for m, child in enumerate(children.get(step.pk, ()), 1):
            yield NumberedStep(f"{n}.{m}", 2, child)
