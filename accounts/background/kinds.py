"""The kinds of background work: a name, what is done, how often it is tried. Rooms above register theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from accounts.background.runs import Run


@dataclass(frozen=True)
class JobKind:
    """One kind of work."""

    name: str
    do: Callable[[Run], str]
    """Does it, in steps that are safe to repeat, and gives the address of the result ("" for none)."""
    max_tries: int
    may_cancel: bool


_KINDS: Final[dict[str, JobKind]] = {}


def register(
    name: str, *, max_tries: int = 3, may_cancel: bool = False
) -> Callable[[Callable[[Run], str]], JobKind]:
    """A decorator: makes a function that does one kind of work known under its name.

    Args:
        max_tries: how often it is begun, counting those whose worker was killed.
        may_cancel: whether the person who asked for it may stop it.
    """

    def decorate(do: Callable[[Run], str]) -> JobKind:
        _KINDS[name] = kind = JobKind(name, do, max_tries, may_cancel)
        return kind

    return decorate


def kind_named(name: str) -> JobKind | None:
    """The kind of a name; None where this version of the site knows none."""
    return _KINDS.get(name)
