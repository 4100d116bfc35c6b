"""Stale edits: of two people who saw the same state, the database lets exactly one change it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model


class StaleEdit(Exception):
    """What a form was shown with has been changed by somebody else since; nothing was stored."""


@dataclass(frozen=True)
class Difference:
    """A field in which what somebody else stored and what this person typed are not the same."""

    label: str
    stored: str
    typed: str


def claim(row: Model, *, seen: dict[str, Any], becomes: dict[str, Any]) -> None:
    """Change a row only if it still is as a person saw it; holds it to the end of the transaction.

    One conditional UPDATE: on every engine it changes the row for exactly one of those who ask at once.

    Args:
        seen: the values of fields that the person saw.
        becomes: the values that the row, in the database and in memory, has afterwards.

    Raises:
        StaleEdit: the stored values are others already, or the row is gone.
    """
    if not type(row)._default_manager.filter(pk=row.pk, **seen).update(**becomes):
        raise StaleEdit
    for name, value in becomes.items():
        setattr(row, name, value)


def claim_version(row: Model, field: str, version: int) -> None:
    """Take a row from the version that a form was shown with to the next.

    Raises:
        StaleEdit: the stored version is another one already, or the row is gone.
    """
    claim(row, seen={field: version}, becomes={field: version + 1})
