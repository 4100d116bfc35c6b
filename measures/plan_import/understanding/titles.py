"""What the cell of a title holds beside one title."""

import re
from collections.abc import Sequence
from typing import Final

from core.thai_calendar import arabic_digits
from measures import list_labels, numbered_lists
from measures.numbered_lists import Line
from measures.plan_import.tables.table import without_spaces

_BESIDE_TITLE: Final = re.compile(
    r"\s*(?:วัตถุประสงค์|เป้าหมาย|ตัวชี้วัด|ขั้นตอน|ผู้รับผิดชอบ|งบประมาณ|หมายเหตุ|ระยะเวลา|[-–•*])"
)


def titles_in(lines: Sequence[Line]) -> list[str]:
    """The titles in a cell that numbers several; empty where it does not."""
    numbered = [
        item
        for item in numbered_lists.split([lines])
        if item.label and list_labels.number_of(item.label) and item.depth == 1
    ]
    return [item.text for item in numbered] if len(numbered) > 1 else []


def has_more(lines: Sequence[str]) -> bool:
    """Whether a later line says something else than the title: วัตถุประสงค์ …, - …"""
    return any(map(_BESIDE_TITLE.match, lines[1:]))


def repeats_itself(lines: Sequence[str]) -> bool:
    """Whether a later line stands in an earlier one already."""
    letters = [without_spaces(arabic_digits(line)) for line in lines]
    return any(
        len(later) > 10 and later in earlier
        for place, later in enumerate(letters[:50])
        for earlier in letters[:place]
    )
