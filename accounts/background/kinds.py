"""The kinds of background work: a name, what is done, how often it is tried. Rooms above register theirs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from accounts.background.runs import Run
from accounts.models import BackgroundJob, User

Allowed = Callable[[User, BackgroundJob], bool]


@dataclass(frozen=True)
class JobKind:
    """One kind of work."""

    name: str
    do: Callable[[Run], str]
    """Does it, in steps that are safe to repeat, and gives the address of the result ("" for none)."""
    max_tries: int
    may_cancel: bool
    allowed: Allowed | None
    """Whether a person may have what comes of a job: asked of who wanted it when a worker begins, and of
    whoever takes its file away. None: it is done whoever asked for it, and makes no file.
    """
    is_heavy: bool
    """Whether it counts among those of which a person may have a few at once."""


_KINDS: Final[dict[str, JobKind]] = {}


def register(
    name: str,
    *,
    max_tries: int = 3,
    may_cancel: bool = False,
    allowed: Allowed | None = None,
    is_heavy: bool = False,
) -> Callable[[Callable[[Run], str]], JobKind]:
    """A decorator: makes a function that does one kind of work known under its name.

    Args:
        max_tries: how often it is begun, counting those whose worker was killed.
        may_cancel: whether the person who asked for it may stop it.
        allowed: as JobKind has it.
        is_heavy: as JobKind has it.
    """

    def decorate(do: Callable[[Run], str]) -> JobKind:
        _KINDS[name] = kind = JobKind(name, do, max_tries, may_cancel, allowed, is_heavy)
        return kind

    return decorate


def heavy_kinds() -> Sequence[str]:
    """The names of the kinds of which a person may have a few at once."""
    return [kind.name for kind in _KINDS.values() if kind.is_heavy]


def kind_named(name: str) -> JobKind | None:
    """The kind of a name; None where this version of the site knows none."""
    return _KINDS.get(name)


def may_have(user: User, job: BackgroundJob) -> bool:
    """Whether a person who may see a job may also have the file that it has made."""
    kind = kind_named(job.kind)
    return kind is not None and kind.allowed is not None and kind.allowed(user, job)
