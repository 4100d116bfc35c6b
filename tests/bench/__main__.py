"""python -m tests.bench: the report as PDF beside what one would pick instead; it asserts nothing.

Prints what it measures and writes it down, with goals and whether they are reached.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pypdfium2

from tests.bench import machine, paint, papers, sizes, timing
from tests.bench.peers import (
    BASELINE,
    IN_PROCESS,
    OURS,
    PEERS,
    TYPST_NAME,
    WITHOUT_CLUSTERS,
    NotInstalled,
)
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
{machine.seconds_to_add():.2f} s.

{", ".join(f"{name} {version}" for name, version in machine.versions().items())}.
"""
    goals: list[Goal] = []
    yield from compared(papers.write(document, folder / "seed"), runs, goals)
    yield from rich(folder, runs)
    yield from grown(document, folder, goals)
    yield from formats(document, runs)
    yield from first_visits(runs, goals)
    yield "## Goals\n\n" + "\n".join(map(str, goals)) + "\n"


# --- The same HTML by several programs --------------------------------------------------------------


def compared(paper: papers.Paper, runs: int, goals: list[Goal]) -> Iterator[str]:
    """Time, size and words found of every program on the seed report."""
    from tests.support.readers import EXACT, READERS, lost, words_of

    words = words_of(paper.html)
    results, missing = run_peers(paper, runs)
    found: dict[str, dict[str, int]] = {
        name: {
            reader: len(words) - len(lost(words, read(result.content))) for reader, read in READERS.items()
        }
        for name, result in results.items()
    }
    head = ["", "seconds", "median", "CPU", "ratio", "bytes", "pages", *READERS]
    body = [[*costs_of(name, results), *(str(count) for count in found[name].values())] for name in results]
    body += [[name, "not installed", *[""] * (len(head) - 2)] for name in missing]
    yield f"""## The seed report as PDF

The same HTML, stylesheet and typeface by each program; the fastest of {runs} runs after a warm-up. The last
columns say how many of the {len(words)} words of the page are in the text that a reader extracts, white space
left out: the distinct tokens between white space and tags in the page's body, longer than 3 characters and
with a Thai character, each of them a word, a phrase or a sentence, because Thai has no spaces between words.
"poppler" is plain `pdftotext`, which guesses the order of lines and columns. CPU is the seconds of the
processor, where a program runs in this process, and the ratio is of them, else of the seconds: to plain
WeasyPrint, which writes no tags, no PDF/A and no attached data and is given the HTML for nothing. "Original
font" is the export without the font of clusters and its texts. Typst sets the table of measures alone, with
the font of clusters; it is a limit to look at. A program that does not know the page's rules for paper makes
pages of another size, so that its pages and bytes do not compare.

{markdown(head, body)}
"""
    yield as_a_person_finds(words, {name: result.content for name, result in results.items()}, goals)
    goals += [words_goal(reader, found[OURS][reader], len(words), 100) for reader in EXACT]
    goals.append(words_goal("poppler", found[OURS]["poppler"], len(words), 97))
    ratio = results[OURS].cpu / results[WITHOUT_CLUSTERS].cpu
    goals.append(
        Goal(
            "The font of clusters and its texts add at most 15 % to the seed report",
            f"{ratio - 1:+.0%}",
            above(100 * ratio, 115, "{:.0f} percentage points"),
        )
    )


def costs_of(name: str, results: dict[str, timing.Measured]) -> list[str]:
    """What a program needs for the report, beside what plain WeasyPrint needs."""
    result, baseline = results[name], results[BASELINE]
    inside = name in IN_PROCESS
    ratio = result.cpu / baseline.cpu if inside else result.seconds / baseline.seconds
    return [
        name,
        f"{result.seconds:.2f}",
        f"{result.median:.2f}",
        f"{result.cpu:.2f}" if inside else "–",
        f"{ratio:.2f}",
        f"{len(result.content):,}",
        str(pages(result.content)),
    ]


def as_a_person_finds(words: list[str], contents: dict[str, bytes], goals: list[Goal]) -> str:
    """How many words each reader finds by its own find, where it has one."""
    from tests.support import pdfjs
    from tests.support.finders import FINDERS

    found: dict[str, dict[str, int]] = {
        name: {reader: sum(map(bool, find(content, words))) for reader, find in FINDERS.items()}
        for name, content in contents.items()
    }
    with pdfjs.running() as running:
        for name, content in contents.items():
            found[name]["PDF.js"] = sum(map(bool, running.counts(content, words)))
    table = markdown(
        ["", *FINDERS, "PDF.js"], [[name, *map(str, counts.values())] for name, counts in found.items()]
    )
    for reader in (*FINDERS, "PDF.js"):
        best = max(counts[reader] for name, counts in found.items() if name not in (OURS, TYPST_NAME))
        goals.append(
            Goal(
                f"A person finds more words with {reader} than in what any other program makes",
                f"{found[OURS][reader]}, {best}",
                above(best + 1, found[OURS][reader], "{:.0f} words"),
            )
        )
    return f"""### As a person finds them

How many of the same {len(words)} words the reader's own find finds as they are typed, white space included;
of readers without one, its text is searched. The end of a line hides what it cuts. PDF.js reads for Firefox,
PDFium for Chrome and Edge.

{table}
"""


def rich(folder: Path, runs: int) -> Iterator[str]:
    """The report of an office that has reported: results of several lines, late measures, evidence."""
    from tests.support.readers import words_of

    paper = papers.write(papers.rich_document(), folder / "rich")
    makers: dict[str, Callable[[], bytes]] = {}
    with ExitStack() as running:
        for name in (OURS, BASELINE):
            makers[name] = partial(running.enter_context(PEERS[name]()), paper)
        results = timing.interleaved(makers, runs)
    head = ["", "seconds", "median", "CPU", "ratio", "bytes", "pages"]
    yield f"""## A rich report

The report of the demonstration's own year, with results of several lines, late measures and evidence; plain
WeasyPrint is given the HTML of today, not that of the baseline below.

{markdown(head, [costs_of(name, results) for name in results])}
"""
    contents = {name: result.content for name, result in results.items()}
    yield as_a_person_finds(words_of(paper.html), contents, [])


def run_peers(paper: papers.Paper, runs: int) -> tuple[dict[str, timing.Measured], list[str]]:
    """Measure every program that is installed, and name those that are not."""
    makers: dict[str, Callable[[], bytes]] = {}
    missing = []
    with ExitStack() as running:
        for name, start in PEERS.items():
            try:
                makers[name] = partial(running.enter_context(start()), paper)
            except NotInstalled:
                missing.append(name)
        return timing.interleaved(makers, runs), missing


def pages(content: bytes) -> int:
    with pypdfium2.PdfDocument(content) as opened:
        return len(opened)


def words_goal(reader: str, found: int, of: int, percent: int) -> Goal:
    return Goal(
        f"{reader} finds {'every word' if percent == 100 else f'at least {percent} % of the words'}",
        f"{found} of {of}",
        above(ceil(of * percent / 100), found, "{:.0f} words"),
    )


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
