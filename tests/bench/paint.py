"""How long the main pages take until their largest part is there, on a phone's line and a slow processor."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Final

from tests.bench.table import markdown
from tests.browser.chromium import DESK, launched, program
from tests.browser.first_visit import SLOW, movement_of, opened
from tests.served import ServedVisit, served
from tests.usability.pages import PAGES

GOAL_MS: Final = 1_200
SLOWER: Final = 4
# A page that is still is looked at a while: a larger part may come last.
AT_REST_MS: Final = 300


def paints(runs: int) -> Iterator[tuple[str, float]]:
    """Each main page with the milliseconds until its largest part was painted: the middle of some runs."""
    with (
        tempfile.TemporaryDirectory(prefix="ita-bench-") as name,
        served("demo", Path(name)) as site,
        launched() as browser,
    ):
        for page_name, person, path in PAGES:
            visit = ServedVisit(page_name, person, path.format(**site.places), None, 200)
            taken = []
            for _ in range(runs):
                with opened(browser, site, visit, speed=SLOW, slower=SLOWER, viewport=DESK) as (page, _line):
                    page.wait_for_timeout(AT_REST_MS)
                    taken.append(movement_of(page).paint)
            yield page_name, median(taken)


def report(runs: int) -> tuple[str, float | None]:
    """The part of the page about this, and the slowest page's milliseconds; None without a browser."""
    if program() is None:
        return "## First visits\n\nChromium is not installed.\n", None
    measured = list(paints(runs))
    table = markdown(["", "ms"], [[name, f"{taken:.0f}"] for name, taken in measured])
    text = f"""## First visits

The largest paint of the main pages at a first visit, from Gunicorn with DEBUG off, over a line of 1.6 Mbit/s
with 60 ms on the way, on a processor {SLOWER} times slower than this one; the middle of {runs} runs.

{table}
"""
    return text, max(taken for _, taken in measured)
