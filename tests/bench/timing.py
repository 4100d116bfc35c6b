"""Measuring several programs in one run."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Measured:
    """How long each run of a program took, in seconds, and what it made last."""

    runs: tuple[float, ...]
    processor: tuple[float, ...]
    """Of each run, the seconds of the processor in this process: none of a program that is another one."""
    content: bytes

    @property
    def seconds(self) -> float:
        """The fastest: whatever else the machine does can only add to it."""
        return min(self.runs)

    @property
    def median(self) -> float:
        return median(self.runs)

    @property
    def cpu(self) -> float:
        """The fewest seconds of the processor."""
        return min(self.processor)


def interleaved(makers: Mapping[str, Callable[[], bytes]], runs: int) -> dict[str, Measured]:
    """Run all of them in turns after a warm-up, so that what slows the machine down slows each of them."""
    made = {name: make() for name, make in makers.items()}
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in makers}
    for _ in range(runs):
        for name, make in makers.items():
            seconds, cpu, made[name] = timed(make)
            taken[name].append((seconds, cpu))
    return {
        name: Measured(tuple(seconds for seconds, _ in runs_of), tuple(cpu for _, cpu in runs_of), made[name])
        for name, runs_of in taken.items()
    }


def timed(make: Callable[[], bytes]) -> tuple[float, float, bytes]:
    """The seconds that it took, those of this process' processor, and what it made."""
    start, cpu = time.perf_counter(), time.process_time()
    content = make()
    return time.perf_counter() - start, time.process_time() - cpu, content
