"""One program on a report of one size, in a process of its own, whose largest memory is its alone.

python -m tests.bench.sizes PROGRAM DOCUMENT RUNS, with a pickled document, prints what it measured as JSON.
"""

import json
import pickle
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pypdfium2

from tests.bench import papers, timing
from tests.bench.peers import OURS, PEERS

if TYPE_CHECKING:
    from reports.document.facts import ReportDocument

ROOT: Final = Path(__file__).resolve().parents[2]
STATUS: Final = Path("/proc/self/status")


@dataclass(frozen=True)
class Size:
    """What one program needs for one report."""

    pages: int
    size: int
    """Of the file, in bytes."""
    seconds: float
    """The fastest, in a process that has made a small report before, as a worker of the site has."""
    finisher: float | None
    """The part of it in which glyphs are given their texts; None for programs that do not."""
    peak: int | None
    """The largest memory of the process at any time, in MB of a million bytes; None where it is not told."""


def measure(program: str, document: "ReportDocument", folder: Path, runs: int) -> Size:
    """Measure a program in a process of its own."""
    file = folder / "document.pickle"
    file.write_bytes(pickle.dumps(document))
    command = [sys.executable, "-m", "tests.bench.sizes", program, str(file), str(runs)]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return Size(**json.loads(printed))


def main(program: str, file: str, runs: str) -> None:
    with tempfile.TemporaryDirectory(prefix="ita-bench-") as name:
        folder = Path(name)
        papers.start_django(folder)
        document = pickle.loads(Path(file).read_bytes())  # noqa: S301 - written by the process that started this
        paper = papers.write(document, folder / "paper")
        small = papers.write(papers.grown(document, 0), folder / "small")
        in_finisher = watch_finisher()
        with PEERS[program]() as make:
            make(small)
            in_finisher.clear()
            taken = [timing.timed(lambda: make(paper)) for _ in range(int(runs))]
    content = taken[-1][1]
    with pypdfium2.PdfDocument(content) as opened:
        pages = len(opened)
    size = Size(
        pages=pages,
        size=len(content),
        seconds=min(seconds for seconds, _ in taken),
        finisher=min(in_finisher) if program == OURS else None,
        peak=peak_memory(),
    )
    print(json.dumps(asdict(size)))


def watch_finisher() -> list[float]:
    """A list to which every later run of the finisher adds its seconds."""
    from reports.thai_pdf import ToUnicodeFinisher

    seconds: list[float] = []
    finish = ToUnicodeFinisher.__call__

    def watched(self: ToUnicodeFinisher, document: Any, pdf: Any) -> None:
        taken, _ = timing.timed(lambda: finish(self, document, pdf) or b"")
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
