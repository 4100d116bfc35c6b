"""Texts of several lines as people type them: which lines are items of a list."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

# What begins a line of a list that people typed: ๑. 1.2) - •
ITEM: Final = re.compile(r"\s*([0-9๐-๙]+([.][0-9๐-๙]+)*[.)]|[-•–])\s")


@dataclass(frozen=True)
class TypedLine:
    """A line that people typed, and whether it is one of a list."""

    text: str
    is_item: bool


def typed_lines(text: str) -> Sequence[TypedLine]:
    """A text in pieces: each item of a list alone, everything else together as it was typed."""
    made: list[TypedLine] = []
    for line in text.split("\n") if text else ():
        is_item = ITEM.match(line) is not None
        if made and not is_item and not made[-1].is_item:
            made[-1] = TypedLine(f"{made[-1].text}\n{line}", is_item=False)
        else:
            made.append(TypedLine(line, is_item))
    return made
