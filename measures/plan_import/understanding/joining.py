"""Rows that are one measure although each has a title, and cells that hold several measures."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from core.thai_calendar import arabic_digits
from measures import list_labels, numbered_lists
from measures.numbered_lists import Item, Line
from measures.plan_import.model import Field
from measures.plan_import.tables.table import without_spaces
from measures.plan_import.understanding.raw import RawMeasure, RowPart
from measures.plan_import.understanding.titles import titles_in

_CONTINUED: Final = re.compile(r"\s*[(\[]?\s*(?:ต่อ|cont\.?)\s*[)\]]\s*$|^\s*ต่อ\s*$", re.IGNORECASE)
CONTINUED: Final = "ชื่อมาตรการลงท้ายว่า (ต่อ) จึงรวมกับมาตรการก่อนหน้า"
CONTINUED_OTHER: Final = "ชื่อมาตรการลงท้ายว่า (ต่อ) แต่ไม่ตรงกับมาตรการก่อนหน้า กรุณาตรวจ"
REPEATED: Final = "ชื่อมาตรการซ้ำกันในแถวติดกัน จึงรวมเป็นมาตรการเดียว กรุณาตรวจ"
CUT: Final = "แถวแรกของตารางใหม่ไม่มีชื่อมาตรการ แต่เลขขั้นตอนต่อกัน จึงต่อจากมาตรการก่อนหน้า กรุณาตรวจ"
SPLIT: Final = "แยกจากช่องเดียวกันตามที่เลือก กรุณาตรวจ"


def is_continued(title: str) -> bool:
    """Whether a title says that it goes on: มาตรการหนึ่ง (ต่อ)."""
    return bool(_CONTINUED.search(title))


def letters_of(title: str) -> str:
    """A title as it is compared: without its number, (ต่อ) and spaces."""
    bare = list_labels.without_label(_CONTINUED.sub("", title).strip())
    return without_spaces(arabic_digits(bare))


def title_of(raw: RawMeasure) -> str:
    return " ".join(part.text for part in raw.parts.get(Field.TITLE, ()) if part.lines)


def goes_on(raw: RawMeasure, title: str, cells: dict[Field, list[RowPart]]) -> str:
    """Why a row with a title belongs to the measure before it, in Thai; empty where it does not."""
    before, letters = letters_of(title_of(raw)), letters_of(title)
    if is_continued(title):
        return CONTINUED if not letters or letters == before else ""
    if letters and letters == before and _differs(raw, cells):
        return REPEATED
    return ""


def why_joined(raw: RawMeasure, title: str, cells: dict[Field, list[RowPart]], *, is_open: bool) -> str:
    """Why a row belongs to the measure before it, in Thai; empty where it does not.

    Args:
        is_open: rows without a title belong to it anyhow: no other table has begun.
    """
    if title:
        return goes_on(raw, title, cells)
    # The steps of a measure that go on in the next table, below its head.
    return CUT if not is_open and _follows(raw, cells) else ""


def is_certain(why: str, raw: RawMeasure, title: str, cells: dict[Field, list[RowPart]]) -> bool:
    """Whether a person hardly needs to look at a row that was joined."""
    return why == CONTINUED or (bool(title) and _follows(raw, cells))


def _follows(raw: RawMeasure, cells: dict[Field, list[RowPart]]) -> bool:
    """Whether the steps of a row follow those of a measure by their numbers."""
    before = [line for part in raw.parts.get(Field.STEPS, ()) for line in part.lines]
    after = [line for part in cells.get(Field.STEPS, ()) for line in part.lines]
    if not before or not after:
        return False
    last, first = _number(before[-1]), _number(after[0])
    return bool(first) and first == last + 1


def is_untitled(raw: RawMeasure, cells: dict[Field, list[RowPart]]) -> bool:
    """Whether a row without a title is a measure of its own: its steps begin anew, it says who or when."""
    if any(part.continued for part in cells.get(Field.TITLE, ())):
        return False
    before = [line for part in raw.parts.get(Field.STEPS, ()) for line in part.lines]
    after = [line for part in cells.get(Field.STEPS, ()) for line in part.lines]
    if not before or not after or _number(after[0]) != 1 or not _number(before[-1]):
        return False
    return any(part.lines for of in (Field.PARTIES, Field.DUE) for part in cells.get(of, ()))


def _number(line: Line) -> int:
    found = list_labels.head_label(f"{line.label} {line.text}".strip())
    return found[0].parts[-1] if found and found[0].parts else 0


def _differs(raw: RawMeasure, cells: dict[Field, list[RowPart]]) -> bool:
    """Whether a row says something that the measure does not say yet: the same row twice is no next step."""

    def said(parts: Sequence[RowPart]) -> set[str]:
        return {without_spaces(part.text) for part in parts if part.lines}

    steps = said(cells.get(Field.STEPS, ()))
    return bool(steps) and not steps & said(raw.parts.get(Field.STEPS, ()))


# --- Several measures in one cell ---------------------------------------------------------------------


def taken_apart(raw: RawMeasure) -> list[RawMeasure]:
    """The measures of a cell with several: other cells with as many numbers are taken apart alike."""
    title = raw.parts.get(Field.TITLE, [])
    titles = titles_in([line for part in title for line in part.lines])
    if not titles:
        return [raw]
    made = []
    for place, text in enumerate(titles):
        parts = {Field.TITLE: [replace(title[0], lines=(Line(text),), doubt=SPLIT)]}
        for of, cells in raw.parts.items():
            if of is not Field.TITLE:
                parts[of] = _share(cells, place, len(titles), is_first=place == 0, of=of)
        made.append(replace(raw, key=f"{raw.key}.{place + 1}", parts=parts, notes=[]))
    return made


def _share(cells: Sequence[RowPart], place: int, count: int, *, is_first: bool, of: Field) -> list[RowPart]:
    lines = [line for part in cells for line in part.lines]
    groups = _groups(lines)
    if cells and len(groups) == count:
        # The number went with the title's.
        return [replace(cells[0], lines=groups[place], doubt=SPLIT)]
    if of is Field.STEPS and not is_first:
        return []
    return [replace(part, doubt=SPLIT) for part in cells]


def _groups(lines: Sequence[Line]) -> list[tuple[Line, ...]]:
    items = numbered_lists.split([lines])
    groups: list[list[Item]] = []
    for item in items:
        if item.depth == 1 or not groups:
            groups.append([])
        groups[-1].append(item)
    return [
        tuple(Line(item.text, item.label if place else "") for place, item in enumerate(group))
        for group in groups
    ]
