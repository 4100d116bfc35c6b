"""What HTML says of how something looks, as far as it matters here: hidden, coloured, numbered."""

import re
from collections.abc import Mapping
from typing import Final

from core.thai_calendar import thai_digits
from measures.plan_import.tables.numbering import BULLET

MAX_CLASSES: Final = 5_000

_HIDDEN: Final = re.compile(
    r"(?:^|[;{\s])(?:display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*(?:hidden|collapse))"
)
_PRESERVED: Final = re.compile(r"white-space(?:-collapse)?\s*:\s*(?:pre|break-spaces)")
_BACKGROUND: Final = re.compile(r"background(?:-color)?\s*:\s*([^;]+)")
_PLAIN: Final = re.compile(
    r"none|transparent|inherit|initial|unset|white\b|window|#fff(?:fff)?\b|rgba?\(\s*255\s*,\s*255\s*,\s*255"
    r"|rgba\([^)]*,\s*0\s*\)|auto|var\(|url\("
)
_RULE: Final = re.compile(r"([^{}]{1,400})\{([^{}]{0,2000})\}")
_CLASS: Final = re.compile(r"[a-z0-9]*\.([\w-]+)", re.IGNORECASE)
_LEVEL: Final = re.compile(r"mso-list\s*:\s*\S+\s+level([1-9])")
_ROMAN: Final = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def hidden_classes(css: str) -> frozenset[str]:
    """The classes that a style sheet hides."""
    found: set[str] = set()
    for selectors, declared in _RULE.findall(css):
        if len(found) < MAX_CLASSES and _HIDDEN.search(declared.lower()):
            names = (_CLASS.fullmatch(each.strip()) for each in selectors.split(","))
            found.update(name[1] for name in names if name)
    return frozenset(found)


def is_hidden(attributes: Mapping[str, str], classes: frozenset[str]) -> bool:
    """Whether an element is not seen, by itself or by its class."""
    if "hidden" in attributes or _HIDDEN.search(attributes.get("style", "").lower()):
        return True
    return bool(classes) and not classes.isdisjoint(attributes.get("class", "").split())


def keeps_lines(tag: str, attributes: Mapping[str, str]) -> bool:
    """Whether the line ends of a text are to be seen."""
    return tag == "pre" or bool(_PRESERVED.search(attributes.get("style", "").lower()))


def is_coloured(attributes: Mapping[str, str]) -> bool:
    """Whether a cell has a background of its own that is not white."""
    match = _BACKGROUND.search(attributes.get("style", "").lower())
    colour = (match[1] if match else attributes.get("bgcolor", "").lower()).strip()
    return bool(colour) and not _PLAIN.match(colour)


def level_in_word(attributes: Mapping[str, str]) -> int | None:
    """The level from 0 of a paragraph that Word has numbered."""
    match = _LEVEL.search(attributes.get("style", "").lower())
    return int(match[1]) - 1 if match else None


LONGEST_STYLE: Final = 5_000


def label_of(kind: str, number: int) -> str:
    """A list item's number as it is shown; kind is the list's type attribute or list-style-type."""
    if kind in {"a", "lower-alpha", "lower-latin", "A", "upper-alpha", "upper-latin"}:
        letter = chr(96 + number) if 1 <= number <= 26 else str(number)
        return f"{letter.upper() if kind in {'A', 'upper-alpha', 'upper-latin'} else letter}."
    if kind in {"i", "lower-roman", "I", "upper-roman"} and 1 <= number <= 39:
        return f"{_roman(number).upper() if kind in {'I', 'upper-roman'} else _roman(number)}."
    if kind in {"disc", "circle", "square"}:
        return BULLET
    return f"{thai_digits(number)}." if kind == "thai" else f"{number}."


def kind_of_list(tag: str, attributes: Mapping[str, str]) -> str:
    """What a list is numbered with; empty where its items bear nothing."""
    # As long as any style that a program writes: what is longer is not looked through to its end.
    match = re.search(r"list-style(?:-type)?\s*:([^;]{0,200})", attributes.get("style", "")[:LONGEST_STYLE])
    last = match[1].split()[-1:] if match else []
    if last and re.fullmatch("[a-z-]+", last[0]) and last[0] not in {"inside", "outside"}:
        return "" if last[0] == "none" else last[0]
    return "disc" if tag == "ul" else attributes.get("type", "1")


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        while number >= value:
            text, number = text + letters, number - value
    return text
