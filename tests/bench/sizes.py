"""Programs on a report of one size, each in a process of its own, whose largest memory is its alone.

python -m tests.bench.sizes PROGRAM DOCUMENT TIMES, with a pickled document, makes the report whenever it gets
a line, and prints what it measured as JSON.
"""

import json
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pypdfium2

from tests.bench import papers, timing
from tests.bench.peers import BASELINE, OURS, PEERS

if TYPE_CHECKING:
    from reports.document.facts import ReportDocument

Make = Callable[[], bytes]

ROOT: Final = Path(__file__).resolve().parents[2]
STATUS: Final = Path("/proc/self/status")


@dataclass(frozen=True)
class Size:
    """What one program needs for one report."""

    pages: int
    size: int
    """Of the file, in bytes."""
    seconds: float
    """Of the processor, the fewest of all runs, after a small report in the same process."""
    finisher: float | None
    """The part of it in which glyphs are given their texts; None for programs that do not."""
    peak: int | None
    """The largest memory of the process at any time, in MB of a million bytes; None where it is not told."""


def measure(
    programs: Sequence[str], document: "ReportDocument", times: int, folder: Path, runs: int
) -> dict[str, Size]:
    """Measure programs in turns on a document with its measures several times over."""
    file = folder / "document.pickle"
    file.write_bytes(pickle.dumps(document))
    command = [sys.executable, "-m", "tests.bench.sizes"]
    with ExitStack() as running:
        processes = {
            name: running.enter_context(
                subprocess.Popen(
                    [*command, name, str(file), str(times)],
                    cwd=ROOT,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for name in programs
        }
        measured: dict[str, list[Size]] = {name: [] for name in programs}
        for _ in range(runs):
            for name, process in processes.items():
                assert process.stdin is not None
                assert process.stdout is not None
                process.stdin.write("\n")
                process.stdin.flush()
                measured[name].append(Size(**json.loads(process.stdout.readline())))
        for process in processes.values():
            process.communicate()
    return {name: _fastest(sizes) for name, sizes in measured.items()}


def _fastest(sizes: Sequence[Size]) -> Size:
    finisher = min((size.finisher for size in sizes if size.finisher is not None), default=None)
    return replace(sizes[-1], seconds=min(size.seconds for size in sizes), finisher=finisher)


def main(program: str, file: str, times: str) -> None:
    with tempfile.TemporaryDirectory(prefix="ita-bench-") as name, ExitStack() as running:
        folder = Path(name)
        papers.start_django(folder)
        document = pickle.loads(Path(file).read_bytes())  # noqa: S301 - written by the process that started this
        make, make_small = makers(program, document, int(times), folder, running)
        make_small()
        in_finisher = watch_finisher() if program == OURS else []
        for _ in sys.stdin:
            _, cpu, content = timing.timed(make)
            with pypdfium2.PdfDocument(content) as opened:
                pages = len(opened)
            finisher = in_finisher.pop() if in_finisher else None
            print(json.dumps(asdict(Size(pages, len(content), cpu, finisher, peak_memory()))), flush=True)


def makers(
    program: str, document: "ReportDocument", times: int, folder: Path, running: ExitStack
) -> tuple[Make, Make]:
    """What makes the report, and what makes a small one before, as a worker of the site has.

    Plain WeasyPrint makes the fixture of the bench, in a process that knows nothing of the project's own.
    """
    if program == BASELINE:
        from weasyprint import HTML

        pages = [papers.write_baseline(folder / str(number), number) for number in (times, 0)]

        def plain(page: Path) -> bytes:
            content: bytes = HTML(string=page.read_text("utf-8"), base_url=page.as_uri()).write_pdf()
            return content

        return partial(plain, pages[0]), partial(plain, pages[1])
    from core.garbage import search_less_often

    larger, small = (papers.write(papers.grown(document, n), folder / f"own{n}") for n in (times, 0))
    made_by = running.enter_context(PEERS[program]())

    def make_small() -> bytes:
        content = made_by(small)
        # As a worker of the site, once it has made its fonts.
        search_less_often()
        return content

    return partial(made_by, larger), make_small


def watch_finisher() -> list[float]:
    """A list to which every later run of the finisher adds its seconds."""
    from reports.thai_pdf import ToUnicodeFinisher

    seconds: list[float] = []
    finish = ToUnicodeFinisher.__call__

    def watched(self: ToUnicodeFinisher, document: Any, pdf: Any) -> None:
        _, taken, _ = timing.timed(lambda: finish(self, document, pdf) or b"")
        seconds.append(taken)

    ToUnicodeFinisher.__call__ = watched  # type: ignore[method-assign]
    return seconds


def peak_memory() -> int | None:
    """From Linux itself: getrusage() also counts the process that this one was started by."""
    if not STATUS.exists():
        return None
    kibibytes = next(line.split()[1] for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
    return round(int(kibibytes) * 1024 / 1e6)


if __name__ == "__main__":
    main(*sys.argv[1:])
