"""Lists of form rows that people add to, remove from, reorder and indent: steps, parties, divisions.

Each of these is an ordinary submit button whose value says what to do. The server arranges the rows as
they were typed and shows the form again, unsaved, and nothing typed is lost however unfinished it is. Where
there is JavaScript, static/js/rows.js does the same by the same rules without asking the server.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self, TypeVar, cast

from django import forms
from django.http import QueryDict

from core.row_arranging import (
    MAX_ROWS,
    REMOVED,
    LinesOf,
    Row,
    arrange,
    is_blank,
    is_removed,
    movable,
    places,
    printed_numbers,
)
from core.text import number_in

ARRANGE: Final = "arrange"
Rows = TypeVar("Rows", bound="RowFormSet")


@dataclass(frozen=True)
class ShownRow:
    """A row as the page shows it.

    Args:
        index: its place from 0; a placeholder in the blank row that a script copies.
        number: as it will be printed, "1." or "1.1", or the place in a list without levels; "" when removed.
        level: 1 or 2, as it will be stored; 0 in a list without levels.
    """

    form: forms.Form
    index: int | str
    number: str
    level: int
    may_up: bool
    may_down: bool
    is_removed: bool
    focus: str = ""
    """Which of its buttons has the focus: "up", "down", "level" or "restore"."""

    @property
    def position(self) -> int | str:
        """Its place from 1."""
        return self.index + 1 if isinstance(self.index, int) else self.index


class RowFormSet(forms.BaseFormSet[forms.Form]):
    """A formset whose rows stand in the order in which they were sent; blank new rows do not count.

    A removed row stays in the list, marked, until the form is saved: it can be taken back.
    """

    deletion_widget = forms.HiddenInput
    has_levels = False

    def __init__(self, *args: Any, first_number: int = 1, **options: Any) -> None:
        super().__init__(*args, **options)
        self.first_number = first_number
        self.moved_row: int | None = None
        self.done = ""

    @property
    def rows(self) -> list[Row]:
        """What stands in each row, typed or initial, valid or not."""
        return [{name: form[name].value() for name in form.fields} for form in self.forms]

    @property
    def filled(self) -> list[Row]:
        """The cleaned rows that are neither blank nor removed."""
        return [form.cleaned_data for form in self.kept_forms if not is_blank(form.cleaned_data)]

    @property
    def kept_forms(self) -> Sequence[forms.Form]:
        """The forms of the rows that are not removed: what is wrong in the others does not matter."""
        return [form for form in self.forms if not form[REMOVED].value()]

    @property
    def shown(self) -> Sequence[ShownRow]:
        """Every row with what the page says of it."""
        rows = self.rows
        numbers = printed_numbers(rows, self.first_number) if self.has_levels else places(rows)
        return [
            self._shown(index, form, *number, is_removed(row), movable(rows, index))
            for index, (form, row, number) in enumerate(zip(self.forms, rows, numbers, strict=True))
        ]

    def _shown(
        self, index: int, form: forms.Form, number: str, level: int, removed: bool, moves: tuple[bool, bool]
    ) -> ShownRow:
        focus = focus_after(self.done, *moves) if index == self.moved_row else ""
        return ShownRow(form, index, number, level if self.has_levels else 0, *moves, removed, focus)

    @property
    def blank(self) -> ShownRow:
        """The row that a script copies to add one."""
        return ShownRow(
            self.empty_form,
            "__prefix__",
            "",
            int(self.has_levels),
            may_up=True,
            may_down=False,
            is_removed=False,
        )

    @property
    def most(self) -> int:
        return MAX_ROWS

    @property
    def is_full(self) -> bool:
        return len(self.forms) >= MAX_ROWS

    def arranged(self, action: str, index: int, lines_of: LinesOf | None = None) -> Self:
        """The same rows after one step of arranging, unbound: a half-filled form is not validated."""
        rows, moved = arrange(self.rows, action, index, lines_of)
        formset = type(self)(
            initial=rows,
            prefix=self.prefix,
            first_number=self.first_number,
            form_kwargs=self.form_kwargs,
        )
        formset.moved_row, formset.done = moved, action
        if moved is not None and action in ("add", "split", "lines", "restore"):
            formset.forms[moved].visible_fields()[0].field.widget.attrs["autofocus"] = True
        return formset


def row_formset(form: type[forms.Form], base: type[Rows]) -> type[Rows]:
    """A formset class of a form, with a bound on the number of rows."""
    made = forms.formset_factory(
        form,
        formset=base,
        extra=0,
        can_delete=True,
        max_num=MAX_ROWS,
        absolute_max=MAX_ROWS,
        validate_max=True,
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


def focus_after(done: str, may_up: bool, may_down: bool) -> str:
    """The button that has the focus after a row was arranged: the same one where it can be pressed again."""
    if done == "remove":
        return "restore"
    if done in ("in", "out"):
        return "level"
    if done not in ("up", "down"):
        return ""
    if done == "up":
        return "up" if may_up else "down"
    return "down" if may_down else "up"
