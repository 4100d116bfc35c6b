"""python -m tests.bench: the report as PDF beside what one would pick instead; it asserts nothing.

Prints what it measures and writes it down, with goals and whether they are reached.
"""

import argparse
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.bench import compared, machine, paint, papers, sizes, timing
from tests.bench.goals import Goal, above
from tests.bench.peers import BASELINE, OURS
from tests.bench.table import markdown

if TYPE_CHECKING:
    from reports.document.facts import ReportDocument

OUTPUT: Final = Path(__file__).resolve().parents[2] / "docs" / "BENCHMARKS.md"
RUNS: Final = 5
# How many times the seed report's measures, and how often each is made.
SIZES: Final = {1: 9, 7: 5, 70: 1}

INTRODUCTION: Final = """# Benchmarks

Written by `make bench`, which runs everything below once more on your machine. Figures of one table are of
one run, in which the programs took turns; they change with the machine and with what else it does.
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help=f"runs of each after a warm-up ({RUNS})")
    parser.add_argument("--output", type=Path, default=OUTPUT, help="file to write the tables to")
    options = parser.parse_args()
    parts = []
    with tempfile.TemporaryDirectory(prefix="ita-bench-") as name:
        for part in report(Path(name), max(1, options.runs)):
            print(part, flush=True)
            parts.append(part)
    options.output.write_text("\n".join(parts), encoding="utf-8")


def report(folder: Path, runs: int) -> Iterator[str]:
    """The parts of the page, each as soon as it is measured."""
    papers.start_django(folder)
    document = papers.seed_document()
    yield INTRODUCTION
    yield f"""Measured on {machine.cores_and_memory()}, where Python adds ten million numbers in \
{machine.seconds_to_add():.2f} s
and {machine.busy()} programs wanted a processor: CPU seconds tell little of them, all others much.

{", ".join(f"{name} {version}" for name, version in machine.versions().items())}.
"""
    goals: list[Goal] = []
    yield from compared.seed(papers.write(document, folder / "seed"), runs, goals)
    yield from compared.rich(folder, runs)
    yield from grown(document, folder, goals)
    yield from formats(document, runs)
    yield from first_visits(runs, goals)
    yield "## Goals\n\n" + "\n".join(map(str, goals)) + "\n"


# --- Longer reports ---------------------------------------------------------------------------------


def grown(document: "ReportDocument", folder: Path, goals: list[Goal]) -> Iterator[str]:
    """Time and memory at several sizes, beside plain WeasyPrint."""
    measured: list[sizes.Size] = []
    body = []
    for times, runs in SIZES.items():
        both = sizes.measure((OURS, BASELINE), document, times, folder, runs)
        ours, plain = both[OURS], both[BASELINE]
        measured.append(ours)
        ratio = ours.seconds / plain.seconds
        body.append(
            [
                str(ours.pages),
                f"{ours.seconds:.2f}",
                f"{ours.finisher or 0:.3f}",
                f"{ours.seconds / ours.pages * 1000:.0f}",
                "–" if ours.peak is None else str(ours.peak),
                f"{ours.size:,}",
                f"{plain.seconds:.2f}",
                "–" if plain.peak is None else str(plain.peak),
                f"{ratio:.2f}",
            ]
        )
        goals.append(
            Goal(
                f"{ours.pages} pages take at most 0.6 times the processor's seconds of the baseline",
                f"{ratio:.2f}",
                above(ratio, 0.6, "{:.2f}"),
            )
        )
    head = ["pages", "CPU", "of it texts", "ms a page", "MB", "bytes", "baseline: CPU", "MB", "ratio"]
    yield f"""## Longer reports

The seed report's measures many times over, numbered, so that none has the text of another. CPU is the seconds
of the processor, the fewest of {", ".join(str(runs) for runs in SIZES.values())} runs: the project's own
program and the baseline take turns, each in a process of its own that has made a small report before. The
baseline is plain WeasyPrint with the original font, without tags, PDF/A and attached data, on the HTML and
the stylesheet of 2026-11-29, which tests/bench/baseline keeps. "Of it texts" is the time in which glyphs are
given their texts; MB is the largest memory of the process at any time, with Django, WeasyPrint and the
making of the fonts.

{markdown(head, body)}
"""
    _, middle, large = measured
    if large.peak is not None:
        goals.append(
            Goal(
                f"{large.pages} pages take at most 300 MB",
                f"{large.peak} MB",
                above(large.peak, 300, "{:.0f} MB"),
            )
        )
    a_page = large.seconds / large.pages / (middle.seconds / middle.pages)
    goals.append(
        Goal(
            f"A page of {large.pages} takes at most 1.15 times as long as one of {middle.pages}",
            f"{a_page:.2f}",
            above(a_page, 1.15, "{:.2f}"),
        )
    )


# --- The other formats ------------------------------------------------------------------------------


def formats(document: "ReportDocument", runs: int) -> Iterator[str]:
    """Time and size of every format of the report at two sizes."""
    from reports.renderers import FORMATS

    few, many, _ = SIZES
    columns = []
    for times in (few, many):
        larger = papers.grown(document, times)
        makers = {
            report_format.label: partial(lambda made, of: made.render(of).content, report_format, larger)
            for report_format in FORMATS.values()
        }
        columns.append(timing.interleaved(makers, runs if times == few else 2))
    head = ["", "seconds", "bytes", f"seconds, {many} times the measures", "bytes"]
    body = [
        [
            name,
            *(cell for column in columns for cell in (f"{column[name].seconds:.3f}", size_of(column[name]))),
        ]
        for name in columns[0]
    ]
    yield f"""## Every format

{markdown(head, body)}
"""


# --- Pages ------------------------------------------------------------------------------------------


def first_visits(runs: int, goals: list[Goal]) -> Iterator[str]:
    """How soon the main pages are there."""
    text, slowest = paint.report(runs)
    yield text
    if slowest is not None:
        goals.append(
            Goal(
                f"The largest part of every main page is there within {paint.GOAL_MS / 1000} seconds",
                f"{slowest / 1000:.2f}",
                above(slowest / 1000, paint.GOAL_MS / 1000, "{:.2f} seconds"),
            )
        )


def size_of(result: timing.Measured) -> str:
    return f"{len(result.content):,}"


if __name__ == "__main__":
    main()
