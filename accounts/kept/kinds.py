"""What the system keeps of a person, by kinds: each room says what it keeps, why and for how long.

This room may not import the others. They register here when they are loaded, and the page asks here.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from accounts.models import User

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class KeptKind:
    """One kind of data of a person."""

    name: str
    """In the file, in English letters: sessions."""
    title: str
    why: str
    how_long: str
    rows: Callable[[User], Iterable[Row]]
    """All that is kept of this kind, each as plain values."""
    count: Callable[[User], int]


_KINDS: Final[list[KeptKind]] = []


def register(kind: KeptKind) -> KeptKind:
    """Add a kind to the page and to the file."""
    _KINDS.append(kind)
    return kind


def all_kinds() -> Sequence[KeptKind]:
    """Every kind, in the order in which rooms were loaded."""
    return tuple(_KINDS)


def rows_of_table(
    name: str,
    title: str,
    why: str,
    how_long: str,
    found: Callable[[User], QuerySet[Any]],
    fields: Sequence[str],
) -> KeptKind:
    """A kind that is rows of one table, of which these columns are told."""
    return KeptKind(
        name,
        title,
        why,
        how_long,
        lambda person: found(person).values(*fields).iterator(),
        lambda person: found(person).count(),
    )
