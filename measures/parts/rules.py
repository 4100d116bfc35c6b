"""How the parts of a measure make a whole: the status that is proposed, and the texts joined into one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from measures.models import Measure, Part
from measures.progress.services import Progress
from measures.status import Status


def proposed_status(statuses: Iterable[str]) -> Status:
    """The status of a whole by those of its parts: cancelled ones do not count, unless all are."""
    every = set(statuses)
    counted = every - {Status.CANCELLED}
    if not counted:
        return Status.CANCELLED if every else Status.NOT_STARTED
    if len(counted) == 1:
        return Status(counted.pop())
    return Status.IN_PROGRESS


@dataclass(frozen=True)
class Proposal:
    """What a measure's own report would be by its parts, for the officer to edit."""

    progress: Progress
    versions: dict[int, int]
    """The version of each part from which it was made, by the key of its division."""

    @property
    def seen(self) -> str:
        """The versions as a form carries them: 12:3 14:1."""
        return " ".join(f"{division}:{version}" for division, version in self.versions.items())


def proposal_of(measure: Measure) -> Proposal:
    """What the parts of a measure propose for it; no query after with_parties() and with_parts().

    What was reported of the whole before anything was joined stays, above what the divisions say.
    """
    parts = measure.assigned_parts
    first = not measure.joined_parts

    def joined(name: str) -> str:
        before = [getattr(measure, name)] if first and getattr(measure, name) else []
        return "\n".join([*before, *_named(parts, name)])

    status = proposed_status(part.status for part in parts)
    progress = Progress(
        status=status,
        # A reason belongs to the status that it explains: those of other statuses would explain nothing.
        status_reason="" if status == Status.DONE else "; ".join(_named(parts, "status_reason")),
        result=joined("result"),
        obstacle=joined("obstacle"),
    )
    return Proposal(progress, {part.division_id: part.version for part in parts})


def _named(parts: Sequence[Part], name: str) -> list[str]:
    """The texts of the parts that have one, each behind the name of its division."""
    return [f"{part.division.name}: {text}" for part in parts if (text := getattr(part, name))]


def versions_in(seen: str) -> dict[int, int]:
    """The versions that a form brought back; what is no such pair is left out."""
    pairs = (pair.partition(":") for pair in seen.split())
    return {
        int(division): int(version)
        for division, _, version in pairs
        if all(part.isascii() and part.isdigit() and len(part) <= 18 for part in (division, version))
    }
