"""python -m tests.usability: walk through the jobs, weigh the main pages, and write it all down.

Ends with 1 where a job could not be done; the document says which.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser

from tests.bench.table import markdown
from tests.browser.chromium import DESK, PHONE, launched
from tests.browser.first_visit import context_of, movement_of, opened
from tests.served import MOMENT, ROOT, ServedVisit, Site, served
from tests.usability.hand import Hand
from tests.usability.jobs import JOBS, Job
from tests.usability.pages import PAGES

OUTPUT: Final = ROOT / "docs" / "USABILITY.md"

TEXT: Final = """# Usability

Written by `make usability`, on the demonstration as it stands on {moment:%d %B %Y}.

## Actions

What a person has to do for each of these jobs, counted by walks in a browser: each press, each field that is
filled and each choice is one. Reading, scrolling and waiting cost nothing here.

{jobs}

## Weight and movement

A first visit with nothing kept by the browser, over a line of 1.6 Mbit/s with 60 ms on the way, from Gunicorn
with DEBUG off: all that comes over the line, with the heads of the answers. "Later" is what a later visit
takes. Shift is the sum of all that moves without being asked to. At most 0.05 is agreed, 90,000 bytes in 12
requests, and 15,000 bytes later; `make test` holds it for every kind of page, this command for every page.

{pages}

## What a screen reader says

Kept as text for three pages, so that a change is seen: `tests/browser/spoken/`.
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.usability", description=__doc__)
    parser.add_argument("--only", default="", help="only the jobs with this in their name; writes nothing")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="ita-usability-") as name,
        served("demo", Path(name)) as site,
        launched() as browser,
    ):
        # First what is only looked at: the walks leave their traces.
        pages = "" if options.only else weighed(browser, site)
        jobs, failed = walked(browser, site, [job for job in JOBS if options.only in job.name])
    print(jobs, pages, *failed, sep="\n\n")
    if not options.only:
        OUTPUT.write_text(TEXT.format(moment=MOMENT, jobs=jobs, pages=pages), encoding="utf-8")
        write_what_is_said()
        look_at_every_page()
    if failed:
        raise SystemExit(1)


def walked(browser: Browser, site: Site, jobs: list[Job]) -> tuple[str, list[str]]:
    """The table of actions, and what went wrong."""
    rows, failed = [], []
    for job in jobs:
        with context_of(browser, site, job.person, viewport=DESK) as context:
            page = context.new_page()
            page.on("dialog", lambda dialog: dialog.accept())
            page.goto(job.start.format(**site.places))
            hand = Hand(page)
            try:
                job.walk(hand)
                actions = str(hand.actions)
            except Exception as error:  # The other jobs are walked all the same.
                actions = "–"
                failed.append(f"{job.name}: {str(error)[:400]}")
        rows.append([job.name, actions, str(job.most or "")])
    return markdown(["", "actions", "at most"], rows), failed


def weighed(browser: Browser, site: Site) -> str:
    """The table of bytes, requests and movement."""
    rows = []
    for name, person, path in PAGES:
        visit = ServedVisit(name, person, path.format(**site.places), None, 200)
        with opened(browser, site, visit, viewport=DESK) as (page, line):
            shift, weight = movement_of(page).shift, line.weight
        with opened(browser, site, visit, viewport=PHONE) as (page, _):
            on_a_phone = movement_of(page).shift
        numbers = [f"{weight.bytes:,}", str(weight.requests), f"{weight.later:,}"]
        rows.append([name, *numbers, f"{shift:.3f}", f"{on_a_phone:.3f}"])
    return markdown(["", "bytes", "requests", "later", "shift", "on a phone"], rows)


def look_at_every_page() -> None:
    """For every role, where the suite opens each page once.

    Raises:
        CalledProcessError: something is wrong with a page; the test has said what.
    """
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "tests/browser/test_every_page.py"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "THOROUGH": "yes"}, check=True)


def write_what_is_said() -> None:
    """By the test that compares it."""
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "tests/browser/test_screen_reader.py"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "SPOKEN": "write"}, check=True)


if __name__ == "__main__":
    main()
