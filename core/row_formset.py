"""Lists of form rows that people add to, remove from, reorder and indent: steps, parties, divisions.

Each of these is an ordinary submit button whose value says what to do. The server arranges the rows as
they were typed and shows the form again, unsaved: the same with and without JavaScript, with a mouse or a
keyboard, and nothing typed is lost however unfinished it is.
"""

from collections.abc import Sequence
from typing import Any, Final, Self, TypeVar, cast

from django import forms
from django.http import QueryDict

from core.text import number_in

ARRANGE: Final = "arrange"
MAX_ROWS: Final = 200

Row = dict[str, Any]
Rows = TypeVar("Rows", bound="RowFormSet")


class RowFormSet(forms.BaseFormSet[forms.Form]):
    """A formset whose rows stand in the order in which they were sent; blank new rows do not count."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.moved_row: int | None = None

    @property
    def rows(self) -> list[Row]:
        """What stands in each row, typed or initial, valid or not."""
        return [{name: form[name].value() for name in form.fields} for form in self.forms]

    @property
    def filled(self) -> list[Row]:
        """The cleaned rows that are not blank."""
        return [form.cleaned_data for form in self.forms if not is_blank(form.cleaned_data)]

    def arranged(self, action: str, index: int) -> Self:
        """The same rows after one step of arranging, unbound: a half-filled form is not validated."""
        rows, moved = arrange(self.rows, action, index)
        formset = type(self)(initial=rows, prefix=self.prefix)
        formset.moved_row = moved
        return formset


def row_formset(form: type[forms.Form], base: type[Rows]) -> type[Rows]:
    """A formset class of a form, with a bound on the number of rows."""
    made = forms.formset_factory(
        form, formset=base, extra=0, max_num=MAX_ROWS, absolute_max=MAX_ROWS, validate_max=True
    )
    # formset_factory() returns a subclass of the base it was given; its type only says "a formset".
    return cast(type[Rows], made)


def asked_arrangement(data: QueryDict) -> tuple[str, str, int] | None:
    """Which list, what to do and with which row, as in arrange=steps:up:3; None for an ordinary save.

    What does not read like that is an ordinary save too: it comes from no button of ours.
    """
    parts = data.get(ARRANGE, "").split(":")
    # No list is as long as a thousand rows.
    if len(parts) != 3 or (index := number_in(parts[2], 3)) is None:
        return None
    return parts[0], parts[1], index


def is_blank(row: Row) -> bool:
    """Whether nothing was typed or chosen in a row (its level and place do not count)."""
    return not any(value for name, value in row.items() if name != "level")


def arrange(rows: Sequence[Row], action: str, index: int) -> tuple[list[Row], int | None]:
    """One step of arranging; what cannot be done changes nothing.

    Args:
        action: "" (nothing), "add" (a blank row after the last, up to MAX_ROWS), "remove", "up", "down", "in"
            (to the second level), "out".
        index: the row it is done to; a first-level row moves together with the second-level rows under it.

    Returns:
        The rows and the index at which the row stands now (for "add" the new one, for "remove" None).
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
        del result[index]
        moved = None
    elif action in ("in", "out"):
        result[index]["level"] = 2 if action == "in" else 1
    elif action == "up":
        result, moved = _up(result, index)
    elif action == "down":
        result, moved = _down(result, index)
    if result and "level" in result[0]:
        # Nothing stands above the first row that it could belong to.
        result[0]["level"] = 1
    return result, moved


def _level(row: Row) -> int:
    return 2 if str(row.get("level")) == "2" else 1


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
