"""Who is responsible: names in a cell, and which of an agency's divisions a name means."""

import difflib
import heapq
import re
from collections.abc import Iterable, Sequence
from typing import Final

from measures import list_labels, numbered_lists
from measures.numbered_lists import Line
from measures.plan_import.model import ImportedParty
from measures.plan_import.tables.table import without_spaces

_SEPARATOR: Final = re.compile(r"\s*[,;，、]\s*")
_BODY: Final = (
    r"(?:กอง|สำนัก|ฝ่าย|หน่วย|งาน|ศูนย์|โรงเรียน|ส่วน(?!ตำบล|จังหวัด|ท้องถิ่น)|ผู้อำนวยการ|ผู้ช่วย|เจ้าหน้าที่"
    r"|เจ้าพนักงาน|นาย|ปลัด|รองปลัด|นัก|ทุก|คณะ)"
)
_SLASH: Final = re.compile(rf"\s*/\s*(?={_BODY})")
_AND: Final = re.compile(r"\s*และ\s*(?=(?:กอง|สำนัก|ฝ่าย|หน่วยตรวจ|ศูนย์|ส่วน(?!ตำบล|จังหวัด|ท้องถิ่น)))")
_SPACED: Final = re.compile(r"\s+(?=(?:กอง|สำนัก|ฝ่าย|หน่วยตรวจ))")
# The second half of a name such as กองการศึกษา ศาสนา และวัฒนธรรม, after a line end or a comma.
_REST_OF_NAME: Final = re.compile(r"(?:ศาสนา|และ|วัฒนธรรม|สิ่งแวดล้อม|นันทนาการ|\()")
# What is left whole although it may be several names, or a name and what is said of it.
_SEVERAL: Final = re.compile(
    r"ร่วมกับ|[:：]|\((?:หลัก|ร่วม|รอง|สนับสนุน|ผู้)|(?:\s|และ|/)(?:งาน|ผู้อำนวยการ|หัวหน้า|ปลัด|รองปลัด|นายก|เจ้าหน้าที่|เจ้าพนักงาน|นัก|ตำแหน่ง"
    r"|หน่วยงาน|ศูนย์|ทุก|คณะ|ผู้)"
)
_ENDS: Final = " .,;:"

# How much alike two names are that may be the same, from 0 to 1.
NEAR: Final = 0.6
# 40 unknown names among 50 divisions, far more than a plan has.
MAX_COMPARISONS: Final = 2_000
# Of these most are told apart by their lengths.
MAX_LOOKS: Final = 20_000
# Divisions have names of up to 60 letters.
MAX_COMPARED_LETTERS: Final = 120

GUESSED: Final = "ชื่อผู้รับผิดชอบหลายชื่ออยู่ติดกัน จึงแยกเป็น {names} กรุณาตรวจ"


def split_parties(cells: Sequence[Sequence[Line]]) -> tuple[list[ImportedParty], str]:
    """The names in cells, each once and in their order, and a Thai doubt about them or ""."""
    found: dict[str, ImportedParty] = {}
    for lines in cells:
        for item in _items(lines):
            names, is_sure = _names(item.text)
            # A line with a bullet or nothing is a name of its own; a number in an odd place is a doubt.
            is_guessed = not is_sure or bool(item.doubt and list_labels.number_of(item.label))
            is_guessed |= any(map(_SEVERAL.search, names))
            for name in names:
                found.setdefault(without_spaces(name), ImportedParty(name, is_guessed))
    if any(party.guessed for party in found.values()):
        return list(found.values()), GUESSED.format(names=" | ".join(party.name for party in found.values()))
    return list(found.values()), ""


def _items(lines: Sequence[Line]) -> Iterable[numbered_lists.Item]:
    joined: list[Line] = []
    for line in lines:
        if joined and not line.label and _REST_OF_NAME.match(line.text):
            joined[-1] = Line(f"{joined[-1].text} {line.text}", joined[-1].label, joined[-1].depth)
        else:
            joined.append(line)
    return numbered_lists.split([joined])


def _names(text: str) -> tuple[list[str], bool]:
    """The names in a line, and whether the line says plainly where each ends."""
    plain: list[str] = []
    for piece in _SEPARATOR.split(text):
        if plain and _REST_OF_NAME.match(piece):
            plain[-1] = f"{plain[-1]} {piece}"
        else:
            plain.append(piece)
    names = [name for piece in plain if (name := piece.strip(_ENDS))]
    close: list[str] = []
    for name in names:
        close += [part for half in _SLASH.split(name) for other in _AND.split(half) for part in _parts(other)]
    close = [
        name for part in close if (name := list_labels.without_label(part.strip(_ENDS))) and name not in "-–"
    ]
    return close, len(close) <= len(names)


def _parts(name: str) -> list[str]:
    parts = _SPACED.split(name)
    return parts if re.match(_BODY, parts[0]) else [name]


class KnownNames:
    """The names that an agency knows, to say which of them a name means; made once for a whole file.

    A name that is not known is compared letter by letter, which is slow: each is compared once, and after
    MAX_COMPARISONS none is, so that a file of thousands of made-up names is read as fast as any other.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._by_letters = {without_spaces(name): name for name in names}
        self._near: dict[str, tuple[str, ...]] = {}
        self._looks = self._comparisons = 0

    def matching(self, name: str) -> tuple[str | None, tuple[str, ...]]:
        """Which of the known names a name is. Spaces make no difference, nor do unseen ones.

        Returns:
            The known name, or None and then up to three that look like it, the nearest first.
        """
        letters = without_spaces(name)
        if letters in self._by_letters:
            return self._by_letters[letters], ()
        if letters not in self._near:
            self._near[letters] = tuple(self._by_letters[near] for near in self._nearest(letters))
        return None, self._near[letters]

    def _nearest(self, letters: str) -> list[str]:
        matcher = difflib.SequenceMatcher(b=letters)
        found: list[tuple[float, str]] = []
        for known in self._by_letters if len(letters) <= MAX_COMPARED_LETTERS else ():
            if self._looks >= MAX_LOOKS or self._comparisons >= MAX_COMPARISONS:
                break
            self._looks += 1
            matcher.set_seq1(known)
            # By their lengths alone; what matches can be no longer than the shorter one.
            if len(known) > MAX_COMPARED_LETTERS or matcher.real_quick_ratio() < NEAR:
                continue
            self._comparisons += 1
            if matcher.quick_ratio() >= NEAR and (ratio := matcher.ratio()) >= NEAR:
                found.append((ratio, known))
        return [known for _, known in heapq.nlargest(3, found)]


def matching(name: str, known_names: Iterable[str]) -> tuple[str | None, tuple[str, ...]]:
    """Which of the known names one name is, as KnownNames says it."""
    return KnownNames(known_names).matching(name)
