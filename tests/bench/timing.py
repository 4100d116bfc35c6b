"""Measuring several programs in one run."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Measured:
    """How long each run of a program took, in seconds, and what it made last."""

    runs: tuple[float, ...]
    content: bytes

    @property
    def seconds(self) -> float:
        """The fastest: whatever else the machine does can only add to it."""
        return min(self.runs)

    @property
    def median(self) -> float:
        return median(self.runs)


def interleaved(makers: Mapping[str, Callable[[], bytes]], runs: int) -> dict[str, Measured]:
    """Run all of them in turns after a warm-up, so that what slows the machine down slows each of them."""
    made = {name: make() for name, make in makers.items()}
    taken: dict[str, list[float]] = {name: [] for name in makers}
    for _ in range(runs):
        for name, make in makers.items():
            seconds, made[name] = timed(make)
            taken[name].append(seconds)
    return {name: Measured(tuple(taken[name]), made[name]) for name in makers}


def timed(make: Callable[[], bytes]) -> tuple[float, bytes]:
    """The seconds that it took, and what it made."""
    start = time.perf_counter()
    content = make()
    return time.perf_counter() - start, content
