"""What other rooms put into the bundle of a plan; they register it when they are loaded."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from measures.models import Plan


@dataclass(frozen=True)
class Extra:
    """A file that another room adds: its name in the ZIP, with its folder, and what is in it."""

    name: str
    content: bytes


_EXTRAS: Final[list[Callable[[Plan], Iterable[Extra]]]] = []


def adds_files(extras: Callable[[Plan], Iterable[Extra]]) -> Callable[[Plan], Iterable[Extra]]:
    """A decorator: what the function says of a plan is put into its bundle too."""
    _EXTRAS.append(extras)
    return extras


def extras_of(plan: Plan) -> Iterator[Extra]:
    """Everything that other rooms add, one at a time."""
    for extras in _EXTRAS:
        yield from extras(plan)
