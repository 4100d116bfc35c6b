"""What was said of the headings of columns, now or earlier, and what a person is told of a head."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from core.thai_calendar import arabic_digits
from measures.plan_import.choices import Choices
from measures.plan_import.model import Column, Field, Severity
from measures.plan_import.tables.table import without_spaces
from measures.plan_import.understanding import sentences
from measures.plan_import.understanding.raw import shortened
from measures.plan_import.understanding.spelling import folded

Known = Mapping[str, tuple[Field, bool]]
"""What was said of headings, by letters_of_heading(), and whether it is remembered from an earlier import."""
NOTHING_KNOWN: Final[Known] = {}
_ORNAMENT: Final = re.compile(r"[:：.\-–*/\s]+$|^[\d.)\s]+")


def known_of(choices: Choices) -> Known:
    """What was said of headings; what the officer says now goes before what is remembered."""
    return {
        **{heading: (Field(value), True) for heading, value in choices.learned.columns.items()},
        **{heading: (Field(value), False) for heading, value in choices.said.columns.items()},
    }


def letters_of_heading(heading: str) -> str:
    """What a heading is known by: its letters as they are compared."""
    return folded(_ORNAMENT.sub("", without_spaces(arabic_digits(heading)).lower()))


def as_said(column: Column, known: Known) -> Column:
    """A column as it was said of its heading; where its heading says otherwise, that is marked."""
    said = known.get(letters_of_heading(column.heading)) if known else None
    if said is None:
        return column
    field, is_learned = said
    if not is_learned:
        return replace(column, field=field, guessed=False, confirmed=True)
    is_other = column.field not in {None, field} and not column.guessed
    return replace(column, field=field, guessed=is_other, remembered=True)


def remarks_on(columns: Sequence[Column], *, is_first: bool) -> Iterator[tuple[Severity, str, Column]]:
    """What a person is told of a head: how much it matters, in Thai, and of which column.

    Args:
        is_first: no other head was found before it.
    """
    seen: set[str] = set()
    for column in columns:
        heading = shortened(column.heading)
        if heading in seen and column.field not in {None, Field.IGNORED, Field.PERIOD}:
            yield Severity.GUESS, sentences.SAME_HEADING, column
        seen.add(heading)
        if column.field and (column.remembered or column.guessed):
            told = sentences.HEADING_GUESSED
            if column.remembered:
                told = sentences.HEADING_REMEMBERED_OTHER if column.guessed else sentences.HEADING_REMEMBERED
            message = told.format(heading=heading, field=column.field.label)
            yield Severity.GUESS if column.guessed else Severity.NOTE, message, column
        elif column.field is None and heading and is_first:
            yield Severity.NOTE, sentences.COLUMN_LEFT_OUT, column
