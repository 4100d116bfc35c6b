"""What a screen reader says of the three main pages, kept as text: a change is seen in review.

After a change that is meant: `make usability` writes the texts anew.
"""

import os
from difflib import unified_diff
from pathlib import Path
from typing import Final

import pytest
from time_machine import TimeMachineFixture

from tests.browser.conftest import OpenPage
from tests.browser.screen_reader import spoken
from tests.browser.screens import of_indicator
from tests.served import MOMENT

pytestmark = pytest.mark.browser

TEXTS: Final = Path(__file__).with_name("spoken")
PAGES: Final = {
    "measure": ("staff", "/measures/{measure}/"),
    "dashboard": ("executive", "/dashboard/?year=2566"),
    "report": ("officer", "/reports/2566/6/"),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_it_said(open_page: OpenPage, time_machine: TimeMachineFixture, name: str) -> None:
    time_machine.move_to(MOMENT, tick=False)
    person, path = PAGES[name]
    page = open_page(person)
    page.goto(path.format(measure=of_indicator(2).pk))
    text = spoken(page)
    file = TEXTS / f"{name}.txt"
    if os.environ.get("SPOKEN") == "write":
        TEXTS.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    said = file.read_text(encoding="utf-8")
    change = "\n".join(unified_diff(said.splitlines(), text.splitlines(), "kept", "said now", lineterm=""))
    assert text == said, (
        f"A screen reader says something else of the {name}; if that is meant: make usability\n{change}"
    )
