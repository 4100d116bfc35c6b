"""Thai has no spaces between words: lines break where a dictionary finds the end of one."""

import ctypes
import ctypes.util
import os
import subprocess
import sys
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

import pytest

from tests.support.thai_pages import laid_out, page_of

# Layout is slow under the tracer, and the rest of the suite reaches all of the code.
pytestmark = pytest.mark.no_cover

ROOT: Final = Path(__file__).resolve().parents[3]
# Words that no dictionary cuts into shorter ones.
WORDS: Final = (
    "เจ้าหน้าที่ องค์กร ปกครอง ท้องถิ่น ประชุม บุคลากร เพื่อ เผยแพร่ มาตรการ ป้องกัน ทุจริต และ ประเมิน ความ เสี่ยง "
    "ประจำ ปี งบประมาณ ให้ ประชาชน ทราบ ผ่าน เว็บ ไซต์ ของ หน่วย งาน อย่าง สม่ำเสมอ ตาม ระเบียบ กระทรวง มหาดไทย"
).split()
PARAGRAPH: Final = "".join(WORDS)
BOUNDARIES: Final = frozenset(accumulate(map(len, WORDS), initial=0))
WIDTHS_PT: Final = range(70, 200, 6)


def lines_of(width: int) -> list[str]:
    """The paragraph's lines in a column of some points."""
    html = page_of([PARAGRAPH], css=f"div {{ white-space: normal; width: {width}pt }}")
    return [
        "".join(part.text for part in box.descendants() if hasattr(part, "text"))
        for page in laid_out(html).pages
        for box in page._page_box.descendants()
        if type(box).__name__ == "LineBox"
    ]


def breaks() -> list[set[int]]:
    """For each width, the places in the paragraph where a line ends and the next one begins."""
    found = []
    for width in WIDTHS_PT:
        lines = lines_of(width)
        assert "".join(lines) == PARAGRAPH
        found.append(set(accumulate(map(len, lines[:-1]))))
    return found


def test_lines_break_between_words_at_every_width() -> None:
    """Where the dictionary of libthai is missing, this is what fails."""
    found = breaks()
    assert [places - BOUNDARIES for places in found] == [set()] * len(WIDTHS_PT)
    assert all(found)
    # A line is as long as fits: nearly every word begins one at some width.
    assert len(set().union(*found)) > len(WORDS) * 2 / 3


def test_without_a_dictionary_lines_break_within_words(tmp_path: Path) -> None:
    """Or not at all: libthai is given a dictionary without a word, in a process of its own."""
    write_empty_dictionary(tmp_path / "thbrk.tri")
    script = (
        "import django; django.setup()\n"
        "from tests.reports.thai_pdf.test_line_breaks import BOUNDARIES, breaks\n"
        "print(all(places and places <= BOUNDARIES for places in breaks()))"
    )
    environment = {"LIBTHAI_DICTDIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "ita_tracker.settings"}
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (0, "False\n"), ran.stderr


def write_empty_dictionary(path: Path) -> None:
    """A trie of Thai letters with no word in it, written by the library that libthai reads its own with."""
    name = ctypes.util.find_library("datrie")
    if name is None:
        pytest.skip("libdatrie is not installed, so there is no libthai either")
    library: Any = ctypes.CDLL(name)
    library.alpha_map_new.restype = library.trie_new.restype = ctypes.c_void_p
    letters = ctypes.c_void_p(library.alpha_map_new())
    assert library.alpha_map_add_range(letters, 0x0E01, 0x0E5B) == 0
    trie = ctypes.c_void_p(library.trie_new(letters))
    assert library.trie_save(trie, os.fsencode(path)) == 0
    library.trie_free(trie)
    library.alpha_map_free(letters)
