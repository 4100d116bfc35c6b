"""Rows of a list after one step of arranging: moved, indented, removed, taken back, made of pasted lines.

static/js/rows.js follows the same rules, and a browser test compares the two.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

MAX_ROWS: Final = 200
# The name that Django's formsets have for it.
REMOVED: Final = "DELETE"

Row = dict[str, Any]
# The level and the text of each line of a text that was pasted into one field.
LinesOf = Callable[[str], Sequence[tuple[int, str]]]


def is_blank(row: Row) -> bool:
    """Whether nothing was typed or chosen in a row (its level and place do not count)."""
    return not any(value for name, value in row.items() if name not in ("level", REMOVED))


def is_removed(row: Row) -> bool:
    """Whether a row goes when the form is saved."""
    return bool(row.get(REMOVED))


def places(rows: Sequence[Row]) -> list[tuple[str, int]]:
    """The place of each row among those that stay, and a level of 1 for all."""
    stay = [not is_removed(row) for row in rows]
    return [(f"{sum(stay[: n + 1])}." if kept else "", 1) for n, kept in enumerate(stay)]


def printed_numbers(rows: Sequence[Row], first: int) -> list[tuple[str, int]]:
    """The number and the level with which each row will be stored and printed; no number for removed ones."""
    top, under = first - 1, 0
    numbers: list[tuple[str, int]] = []
    for row in rows:
        if is_removed(row):
            numbers.append(("", _typed_level(row)))
        elif _typed_level(row) == 1 or top < first:
            top, under = top + 1, 0
            numbers.append((f"{top}.", 1))
        else:
            under += 1
            numbers.append((f"{top}.{under}", 2))
    return numbers


def arrange(
    rows: Sequence[Row], action: str, index: int, lines_of: LinesOf | None = None
) -> tuple[list[Row], int | None]:
    """One step of arranging; what cannot be done changes nothing.

    Args:
        action: "" (nothing), "add" (a blank row after the last, up to MAX_ROWS), "remove", "restore", "up",
            "down", "in" (to the second level), "out", "split" (each line of its text a row of its own),
            "lines" (the same for every row that has several lines).
        index: the row it is done to; a first-level row moves together with the second-level rows under it.
        lines_of: for "split", the level and text of each line; without it nothing is split.

    Returns:
        The rows and the index at which the row stands now (for "add" the new one, for "split" the last of its
        lines, None where a blank row was removed).
    """
    result = [dict(row) for row in rows]
    if not action:
        # Another list on the page is being arranged: this one must not ask for the focus.
        return result, None
    if action == "add" and len(result) < MAX_ROWS:
        result.append({})
        return result, len(result) - 1
    if action == "add" or index >= len(result):
        return result, None
    moved: int | None = index
    if action == "remove":
        moved = _remove(result, index)
    elif action == "restore":
        result[index][REMOVED] = ""
    elif action in ("in", "out"):
        result[index]["level"] = 2 if action == "in" else 1
    elif action == "up":
        result, moved = _up(result, index)
    elif action == "down":
        result, moved = _down(result, index)
    elif action == "split" and lines_of:
        moved = _split(result, index, lines_of(_text(result[index])))
    elif action == "lines" and lines_of:
        moved = _split_all(result, lines_of)
    if result and "level" in result[0]:
        # Nothing stands above the first row that it could belong to.
        result[0]["level"] = 1
    return result, moved


def movable(rows: Sequence[Row], index: int) -> tuple[bool, bool]:
    """Whether a row can move up, and down."""
    return _up(list(rows), index)[1] != index, _down(list(rows), index)[1] != index


def _remove(rows: list[Row], index: int) -> int | None:
    """Mark a row; one in which nothing was typed simply goes."""
    if is_blank(rows[index]):
        del rows[index]
        return None
    rows[index][REMOVED] = "1"
    return index


def _split(rows: list[Row], index: int, lines: Sequence[tuple[int, str]]) -> int:
    """Put the lines in the place of the row: the first keeps what is known of it, the others are new.

    Lines without levels among them are all of the level of the row. What there is no room for stays together
    in the last row.
    """
    if not lines:
        return index
    room = MAX_ROWS - len(rows) + 1
    kept, over = lines[:room], lines[room:]
    if over:
        kept = [*kept[:-1], (kept[-1][0], "\n".join(text for _, text in (kept[-1], *over)))]
    flat = len({level for level, _ in lines}) == 1 and _typed_level(rows[index]) == 2
    made = [{"level": 2 if flat else level, "text": text} for level, text in kept]
    rows[index : index + 1] = [{**rows[index], **made[0]}, *made[1:]]
    return index + len(made) - 1


def _split_all(rows: list[Row], lines_of: LinesOf) -> int | None:
    last, index = None, 0
    while index < len(rows):
        if "\n" in _text(rows[index]).strip() and not is_removed(rows[index]):
            last = index = _split(rows, index, lines_of(_text(rows[index])))
        index += 1
    return last


def _text(row: Row) -> str:
    return str(row.get("text") or "")


def _typed_level(row: Row) -> int:
    return 2 if str(row.get("level")) == "2" else 1


def _level(row: Row) -> int:
    """The level at which a row moves: a removed one goes along with the row above it."""
    return 2 if is_removed(row) else _typed_level(row)


def _block_end(rows: Sequence[Row], start: int) -> int:
    """The index after a row and the second-level rows that belong to it."""
    end = start + 1
    if _level(rows[start]) == 1:
        while end < len(rows) and _level(rows[end]) == 2:
            end += 1
    return end


def _up(rows: list[Row], index: int) -> tuple[list[Row], int]:
    if index == 0:
        return rows, index
    above = index - 1
    if _level(rows[index]) == 1:
        while above > 0 and _level(rows[above]) == 2:
            above -= 1
    elif above == 0:
        # A second-level row stays under a first-level one.
        return rows, index
    block = rows[index : _block_end(rows, index)]
    rest = rows[above:index]
    return rows[:above] + block + rest + rows[index + len(block) :], above


def _down(rows: list[Row], index: int) -> tuple[list[Row], int]:
    below = _block_end(rows, index)
    if below == len(rows):
        return rows, index
    block = rows[index:below]
    end = _block_end(rows, below) if _level(rows[index]) == 1 else below + 1
    return rows[:index] + rows[below:end] + block + rows[end:], index + end - below
