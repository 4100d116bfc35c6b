"""Thai words as they are misspelt: tone marks lost, ฎ for ฏ, a letter more or less."""

import difflib
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from measures.plan_import.tables.table import without_spaces

# Tone marks and other small signs above go; of vowels above and below, the long is taken for the short one.
_FOLDED: Final = str.maketrans(
    "\u0e35\u0e37\u0e36\u0e39\u0e0e\u0e43",
    "\u0e34\u0e34\u0e34\u0e38\u0e0f\u0e44",
    "\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e4d\u0e4e\u0e3a",
)
NEAR: Final = 0.84
MAX_COMPARED_LETTERS: Final = 80


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """A text as it is compared: without spaces and without what is most often lost or mistaken."""
    return without_spaces(text).lower().translate(_FOLDED)


def nearest(text: str, known: Iterable[str], near: float = NEAR) -> str | None:
    """Which of some folded words a folded text is most like, if it is much like one; the caller marks it."""
    if not 4 <= len(text) <= MAX_COMPARED_LETTERS:
        return None
    best: tuple[float, str] | None = None
    matcher = difflib.SequenceMatcher(b=text)
    for word in known:
        matcher.set_seq1(word)
        if matcher.real_quick_ratio() < near or matcher.quick_ratio() < near:
            continue
        ratio = matcher.ratio()
        if ratio >= near and (best is None or ratio > best[0]):
            best = (ratio, word)
    return best[1] if best else None
