"""Promises, and by how much what was measured misses them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Goal:
    """A promise, what was measured of it, and by how much it is missed; empty where it is reached."""

    promise: str
    measured: str
    missed_by: str

    def __str__(self) -> str:
        outcome = f"**missed by {self.missed_by}**" if self.missed_by else "reached"
        return f"- {self.promise}: {self.measured}, {outcome}."


def above(measured: float, most: float, said: str) -> str:
    """How much a figure is above what is allowed, in the words of a format; empty where it is not."""
    return said.format(measured - most) if measured > most else ""
