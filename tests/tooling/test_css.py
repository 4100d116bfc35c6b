"""The site's style sheets are joined into one, so that a class of one feature reaches the pages of all."""

import re
from collections import defaultdict
from typing import Final

from tests.served import ROOT

SHEETS: Final = ROOT / "static" / "css"
# What features share, and what is said of shared parts: a feature may place such a part differently.
SHARED: Final = ("base", "buttons", "forms", "lists", "masthead", "page", "panels", "status", "tokens")
# Sheets of the paper alone, which no page loads, and those that say how all looks on paper or to a finger.
APART: Final = ("paper", "paper_fonts", "summary", "print", "touch", "site")
COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
SELECTORS: Final = re.compile(r"([^{}]+)\{")
# A class by itself, in whatever state, and nothing around or in it: .task, a.task:hover, .task[aria-current]
ALONE: Final = re.compile(r"(?!.*:has)[a-z]*\.([\w-]+)(?:[:\[][^\s>+~]*)?")


def test_no_two_features_give_a_look_to_one_class() -> None:
    owners = defaultdict(set)
    for sheet in SHEETS.glob("*.css"):
        if sheet.stem in SHARED + APART:
            continue
        text = COMMENT.sub("", sheet.read_text(encoding="utf-8"))
        for selectors in SELECTORS.findall(text):
            for selector in selectors.split(","):
                if found := ALONE.fullmatch(selector.strip()):
                    owners[found[1]].add(sheet.stem)
    assert owners
    assert {name: sorted(sheets) for name, sheets in owners.items() if len(sheets) > 1} == {}
