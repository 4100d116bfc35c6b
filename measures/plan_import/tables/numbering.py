"""The numbers that Word puts before paragraphs and that are not in their text."""

import re
from dataclasses import dataclass, field
from typing import Final

from core.thai_calendar import thai_digits
from measures.plan_import.tables.package import Attributes, Package, Reader

LEVELS: Final = 9
BULLET: Final = "•"
# Far more than a document has; a hostile one would fill the memory.
_MOST: Final = 20_000

_THAI_LETTERS: Final = "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"
_PLACE: Final = re.compile(r"%([1-9])")


@dataclass(slots=True)
class _Level:
    start: int = 1
    format: str = "decimal"
    text: str = "%1."


@dataclass(slots=True)
class Numbering:
    """The lists of a document, and how far each has come.

    Lists that share a definition count on together, as Word does it, unless one says where it starts.
    """

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    definition: dict[str, str] = field(default_factory=dict)
    starts: dict[tuple[str, int], int] = field(default_factory=dict)
    overrides: dict[tuple[str, int], _Level] = field(default_factory=dict)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    _counts: dict[str, list[int]] = field(default_factory=dict)
    _restarted: set[tuple[str, int]] = field(default_factory=set)

    def of_style(self, style: str) -> tuple[str, int] | None:
        """The list and level that a paragraph style brings with it."""
        return self.styles.get(style)

    def next(self, number: str, depth: int) -> str:
        """The label of the next paragraph of a list on a level from 0; "" where the list is not known."""
        definition = self.definition.get(number)
        if definition is None or not 0 <= depth < LEVELS:
            return ""
        counts = self._counts.setdefault(definition, [0] * LEVELS)
        restart = (number, depth)
        if restart in self.starts and restart not in self._restarted:
            self._restarted.add(restart)
            counts[depth] = 0
        if counts[depth] == 0:
            counts[depth] = self.starts.get(restart, self._level(number, depth).start)
        else:
            counts[depth] += 1
        counts[depth + 1 :] = [0] * (LEVELS - depth - 1)
        return self._label(number, depth, counts)

    def _level(self, number: str, depth: int) -> _Level:
        own = self.overrides.get((number, depth))
        if own:
            return own
        return self.levels.get(self.definition[number], {}).get(depth) or _Level(text=f"%{depth + 1}.")

    def _label(self, number: str, depth: int, counts: list[int]) -> str:
        level = self._level(number, depth)
        if level.format == "bullet":
            return BULLET
        if level.format == "none":
            return ""

        def printed(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            of = self._level(number, place)
            return _formatted(counts[place] or of.start, of.format)

        return _PLACE.sub(printed, level.text).strip()


def _formatted(number: int, how: str) -> str:
    if how in {"thaiNumbers", "thaiCounting"}:
        return thai_digits(number)
    if how == "thaiLetters":
        return _THAI_LETTERS[(number - 1) % len(_THAI_LETTERS)]
    if how in {"lowerLetter", "upperLetter"}:
        letter = "abcdefghijklmnopqrstuvwxyz"[(number - 1) % 26]
        return letter.upper() if how == "upperLetter" else letter
    return str(number)


def read_numbering(package: Package, numbering: str | None, styles: str | None) -> Numbering:
    """The lists of a document, from its numbering part and its styles, either of which may be missing."""
    found = Numbering()
    if numbering and numbering in package:
        package.parse(numbering, _ListReader(found))
    if styles and styles in package:
        reader = _StyleReader()
        package.parse(styles, reader)
        found.styles = reader.resolved()
    return found


def whole(text: str | None, otherwise: int = 0) -> int:
    """A small integer of an attribute; what is none is the other value."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 8 else otherwise


class _ListReader(Reader):
    """Picks the lists out of numbering.xml."""

    wanted = frozenset(
        {
            *("w:abstractNum", "w:num", "w:abstractNumId", "w:lvlOverride", "w:startOverride"),
            *("w:lvl", "w:start", "w:numFmt", "w:lvlText"),
        }
    )

    def __init__(self, found: Numbering) -> None:
        self._found = found
        self._definition = self._number = ""
        self._depth = 0
        self._level: _Level | None = None

    def start(self, tag: str, attributes: Attributes) -> None:
        value = attributes.get("w:val", "")
        if tag == "w:abstractNum":
            self._definition, self._number = attributes.get("w:abstractNumId", ""), ""
        elif tag == "w:num":
            self._definition, self._number, self._level = "", attributes.get("w:numId", ""), None
        elif tag == "w:abstractNumId" and self._number and len(self._found.definition) < _MOST:
            self._found.definition[self._number] = value
        elif tag == "w:lvlOverride":
            self._depth = whole(attributes.get("w:ilvl"))
        elif tag == "w:startOverride" and self._number and len(self._found.starts) < _MOST:
            self._found.starts[self._number, self._depth] = whole(value, 1)
        elif tag == "w:lvl":
            self._open(whole(attributes.get("w:ilvl")))
        elif self._level and tag == "w:start":
            self._level.start = whole(value, 1)
        elif self._level and tag == "w:numFmt":
            self._level.format = value
        elif self._level and tag == "w:lvlText":
            self._level.text = value[:40]

    def _open(self, depth: int) -> None:
        self._level = _Level(text=f"%{depth + 1}.")
        if self._number and len(self._found.overrides) < _MOST:
            self._found.overrides[self._number, depth] = self._level
        elif self._definition and len(self._found.levels) < _MOST:
            self._found.levels.setdefault(self._definition, {})[depth] = self._level


class _StyleReader(Reader):
    """Picks the lists of paragraph styles out of styles.xml."""

    wanted = frozenset({"w:style", "w:basedOn", "w:numId", "w:ilvl"})

    def __init__(self) -> None:
        self._style = ""
        self._parents: dict[str, str] = {}
        self._numbers: dict[str, str] = {}
        self._depths: dict[str, int] = {}

    def start(self, tag: str, attributes: Attributes) -> None:
        value = attributes.get("w:val", "")
        if tag == "w:style":
            self._style = attributes.get("w:styleId", "") if len(self._parents) < _MOST else ""
        elif tag == "w:basedOn":
            self._parents[self._style] = value
        elif tag == "w:numId":
            self._numbers[self._style] = value
        elif tag == "w:ilvl":
            self._depths[self._style] = whole(value)

    def resolved(self) -> dict[str, tuple[str, int]]:
        """With what a style takes over from the one that it is based on."""
        found = {}
        for style in {*self._parents, *self._numbers}:
            ancestor, seen = style, 0
            while ancestor not in self._numbers and ancestor in self._parents and seen < 20:
                ancestor, seen = self._parents[ancestor], seen + 1
            if self._numbers.get(ancestor, "0") != "0":
                found[style] = (
                    self._numbers[ancestor],
                    self._depths.get(style, self._depths.get(ancestor, 0)),
                )
        return found
