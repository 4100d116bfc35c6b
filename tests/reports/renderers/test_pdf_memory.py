"""A worker that makes one PDF after the other does not grow."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pytest

from reports.renderers.pdf import REGULAR, paper_fonts
from reports.renderers.weasy import BundledFiles, fonts_of_this_thread
from tests.support.thorough import THOROUGH

ROOT: Final = Path(__file__).resolve().parents[3]


def test_one_thread_makes_its_fonts_once_and_anew_where_they_were_tidied_away() -> None:
    files = BundledFiles({"a.ttf": (paper_fonts()[REGULAR].data, "font/ttf")})
    first = fonts_of_this_thread(files)
    assert fonts_of_this_thread(BundledFiles({"a.ttf": (paper_fonts()[REGULAR].data, "font/ttf")})) is first
    next(first._folder.glob("*.ttf")).unlink()
    assert fonts_of_this_thread(files) is not first
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(fonts_of_this_thread, files).result() is not fonts_of_this_thread(files)


MEMORY: Final = """
import django
django.setup()
from datetime import date
from pathlib import Path
from reports.document.facts import ReportDocument
from reports.renderers.pdf import make
def megabytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6
empty = ReportDocument("ก", "ก", "", 2566, 6, date(2023, 3, 31), statuses=(), indicators=())
for _ in range({first}):
    make(empty)
before = megabytes()
for _ in range({more}):
    make(empty)
print((megabytes() - before) / {more})
"""


@pytest.mark.skipif(not THOROUGH, reason="two hundred PDFs take a minute: make thorough")
def test_a_worker_that_makes_many_pdfs_stays_as_large_as_it_is() -> None:
    """After the first ones, by which every cache is filled."""
    ended = subprocess.run(
        [sys.executable, "-c", MEMORY.format(first=40, more=200)],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "ita_tracker.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(ended.stdout) < 0.01
