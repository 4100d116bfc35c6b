"""python -m tests.bench [--runs 9]: how long each program takes for the same report; it asserts nothing."""

import argparse
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Final

from tests.bench import papers, table, timing
from tests.bench.peers import BASELINE, OURS, PEERS, NotInstalled

RUNS: Final = 9
GOAL: Final = 1.25


def compare(paper: papers.Paper, runs: int) -> dict[str, timing.Measured]:
    """Measure every program that is installed on one paper; those that are not are named."""
    makers: dict[str, Callable[[], bytes]] = {}
    with ExitStack() as running:
        for name, start in PEERS.items():
            try:
                makers[name] = partial(running.enter_context(start()), paper)
            except NotInstalled as error:
                print(f"{name}: not measured, {error} is not installed")
        return timing.interleaved(makers, runs)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help=f"runs of each after a warm-up ({RUNS})")
    runs = max(1, parser.parse_args().runs)
    with tempfile.TemporaryDirectory(prefix="ita-bench-") as folder:
        papers.set_up(Path(folder))
        results = compare(papers.seed_paper(Path(folder) / "seed"), runs)
    print(f"The seed report as PDF: the same HTML, in turns, median of {runs} runs after a warm-up")
    print(table.formatted(["", *table.COLUMNS], table.rows(results)))
    ratio = results[OURS].seconds / results[BASELINE].seconds
    verdict = "reached" if ratio <= GOAL else "NOT reached"
    print(f"Goal: {OURS} takes at most {GOAL} times as long as {BASELINE}: {ratio:.2f}, {verdict}")


if __name__ == "__main__":
    main()
