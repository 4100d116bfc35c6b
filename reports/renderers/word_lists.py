"""Lists of a Word document: numbers that Word counts itself, as long as it counts as the plan does."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from reports.document.facts import StepLine
from reports.renderers.word_parts import add_child
from reports.renderers.word_styles import BULLETS, PARTIES, STEPS


def first_counted(steps: Sequence[StepLine]) -> int | None:
    """The number from which counting gives the steps exactly the numbers that the plan has.

    None where it does not: their numbers have to be written as text.
    """
    number = steps[0].label.removesuffix(".") if steps else ""
    if not (number.isascii() and number.isdecimal() and len(number) < 5):
        return None
    first = int(number)
    top, below = first - 1, 0
    for step in steps:
        if step.level == 1:
            top, below = top + 1, 0
        else:
            below += 1
        if step.label != (f"{top}.{below}" if below else f"{top}."):
            return None
    return first


class Lists:
    """The lists of a document, each of which counts on its own."""

    def __init__(self, word: Any) -> None:
        self._numbering = word.part.numbering_part.element
        self._numbers = count(1)

    def steps(self, first: int) -> int:
        """A new list of steps of two levels; the number by which its paragraphs name it."""
        # The second level begins anew with each step of the first.
        return self._new(STEPS, first, 1)

    def parties(self) -> int:
        """A new list of divisions."""
        return self._new(PARTIES, 1)

    def bullets(self) -> int:
        """A new list without numbers."""
        return self._new(BULLETS)

    def _new(self, kind: int, *starts: int) -> int:
        number = next(self._numbers)
        made = add_child(self._numbering, "w:num", numId=str(number))
        add_child(made, "w:abstractNumId", val=str(kind))
        # Lists of one kind count on from each other unless each says where it starts.
        for level, start in enumerate(starts):
            override = add_child(made, "w:lvlOverride", ilvl=str(level))
            add_child(override, "w:startOverride", val=str(start))
        return number


def put_into(paragraph: Any, number: int, level: int = 1) -> None:
    """Make a paragraph one of a list, on a level from 1."""
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = level - 1
    properties.get_or_add_numId().val = number
