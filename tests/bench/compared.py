"""The same HTML by several programs: time, size, and the words that readers find."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from math import ceil
from pathlib import Path

import pypdfium2

from tests.bench import papers, timing
from tests.bench.goals import Goal, above
from tests.bench.peers import BASELINE, IN_PROCESS, OURS, PEERS, TYPST_NAME, WITHOUT_CLUSTERS, NotInstalled
from tests.bench.table import markdown


def seed(paper: papers.Paper, runs: int, goals: list[Goal]) -> Iterator[str]:
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
