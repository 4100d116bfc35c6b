"""Numbered lists in a text: numbers at the head of a line, and a cell taken apart by them.

Official lists are numbered ๑. ๑) (๑) ๑.๑ ข้อ ๑ with Thai or Arabic digits, and machine-read ones run on in
one line. A number inside a sentence ("พ.ศ. ๒๕๖๖", "๑.๕ ล้านบาท") looks much the same, so that inside a line
only the number that comes next is taken for a new item.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from core.thai_calendar import arabic_digits

_DIGITS: Final = "[0-9๐-๙]"
_NUMBER: Final = rf"{_DIGITS}{{1,2}}(?:[ ]?\.[ ]?{_DIGITS}{{1,2}}){{0,3}}"
# What is counted or measured is not a label: ๑.๕ ล้านบาท, ๒ ครั้ง.
_UNITS: Final = (
    r"(?:ล้าน|แสน|หมื่น|พัน(?!ธ)|ร้อย|บาท|%|เปอร์|ปี|เดือน|วัน|ครั้ง|คน|ราย(?!งาน|การ|ชื่อ|ได้|ละเอียด|จ่าย)|แห่ง|ชุด|ฉบับ|ชั่วโมง|นาที|เท่า(?!ที่)|คะแนน"
    r"|มกราคม|กุมภา|มีนา|เมษา|พฤษภา|มิถุนา|กรกฎา|สิงหา|กันยา|ตุลา|พฤศจิกา|ธันวา"
    r"|ม\.ค|ก\.พ|มี\.ค|เม\.ย|พ\.ค|มิ\.ย|ก\.ค|ส\.ค|ก\.ย|ต\.ค|พ\.ย|ธ\.ค|น\.(?!\S))"
)
_AFTER: Final = rf"(?=[^\s0-9๐-๙.,:/)])(?!{_UNITS})"
_AT_HEAD: Final = re.compile(
    rf"(?P<word>(?:ข้อ|ขั้นตอน|ขั้น|ลำดับ)[ ]?(?:ที่)?[ ]?)?(?:\((?P<round>{_NUMBER})\)|(?P<plain>{_NUMBER})"
    rf"(?P<mark>[ ]?\.?\)|[ ]?\.(?![0-9๐-๙])|(?=[ ]|$)|(?=[^\s0-9๐-๙.,:/)%-])))[ ]*"
)
_INSIDE: Final = re.compile(
    rf"(?<=[ ])(?:\((?P<round>{_NUMBER})\)|(?P<plain>{_NUMBER})(?P<mark>[ ]?\.?\)|\.(?!{_DIGITS})|(?=[ ])))"
    rf"[ ]*{_AFTER}"
)
# Of what a label inside a line is made: no label goes beyond another character.
_OF_LABELS: Final = " .()0123456789๐๑๒๓๔๕๖๗๘๙"
_UNIT: Final = re.compile(_UNITS)
# What is pasted beyond so many lines stays together: no measure has as many steps.
MAX_LINES: Final = 1_000
# After these words a number belongs to the sentence.
_REFERS: Final = re.compile(
    r"(?:พ\.?ศ\.?|ค\.?ศ\.?|ข้อ|มาตรา|หมวด|ที่|ร้อยละ|จำนวน|รอบ|ระดับ|ประมาณ|ปี|เดือน|อย่างน้อย|ไม่เกิน"
    r"|เกิน|ละ|ไตรมาส|ภายใน|และ|ถึง|หรือ|[-–])[ ]?$"
)
_BULLET: Final = re.compile(r"(?P<mark>[-–—•●▪◦*·□✓➢\uf0b7\uf0a7\uf0d8])[ ]*(?=[^\s\d-])")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a cell. Where Word numbers it, label is the number as printed and depth its level from 0."""

    text: str
    label: str = ""
    depth: int | None = None


# Levels are told apart by the way of numbering: "1.", "1)", "(1)", the number of parts of 1.1, a bullet.
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Label:
    """A number as printed, its parts as integers (none for a bullet), and its way of numbering."""

    text: str
    parts: tuple[int, ...]
    key: Key
    sure: bool = True
    is_marked: bool = True


@dataclass(frozen=True, slots=True)
class Item:
    """A piece of a cell: its label as printed or "", its depth from 1, its text, and why it was guessed."""

    label: str
    depth: int
    text: str
    doubt: str = ""


RUN_ON: Final = "เลข {label} อยู่กลางบรรทัด จึงแยกเป็นข้อใหม่ กรุณาตรวจว่าถูกต้อง"
UNNUMBERED: Final = "หลายบรรทัดไม่มีเลขข้อ จึงถือเป็นบรรทัดละข้อ กรุณาตรวจว่าแยกข้อถูกต้อง"
BEFORE_FIRST: Final = "ข้อความก่อนข้อแรกไม่มีเลข จึงถือเป็นข้อของตนเอง กรุณาตรวจ"
NO_MARK: Final = "เลข {label} ไม่มีจุดหรือวงเล็บตาม จึงถือว่าเป็นเลขข้อ กรุณาตรวจ"
BULLETS: Final = "ข้อย่อยไม่มีเลข (เครื่องหมาย {label}) จึงกำหนดระดับตามตำแหน่ง กรุณาตรวจ"
OUT_OF_TURN: Final = "เลขข้อ {label} ไม่ต่อจากข้อก่อนหน้า กรุณาตรวจว่าเป็นข้อใหม่จริงและไม่มีข้อใดหายไป"
ORPHAN: Final = "เลขข้อ {label} ไม่มีข้อหลักของตน กรุณาตรวจระดับของข้อ"


def head_label(text: str) -> tuple[Label, str] | None:
    """The label that a line begins with, and the rest of the line."""
    match = _AT_HEAD.match(text)
    if match and match.end() < len(text):
        label = _label(match)
        rest = text[match.end() :]
        # "๒ ครั้ง" and "๑.๕ ล้านบาท" are no labels; "๒. วันที่" is one.
        if label and (label.is_marked or not _UNIT.match(rest)):
            return label, rest
    bullet = _BULLET.match(text)
    if bullet:
        return Label(bullet["mark"], (), ("-", 0)), text[bullet.end() :]
    return None


def without_label(text: str) -> str:
    """The text without the number or bullet that it begins with: names and titles have none."""
    found = head_label(text)
    return found[1] if found and found[0].sure else text


def number_of(label: str) -> int:
    """The last number of a label, ๑.๒ → 2; 0 where it has none or one that no measure begins with."""
    found = head_label(f"{label} x")
    return found[0].parts[-1] if found and found[0].parts else 0


def _label(match: re.Match[str]) -> Label | None:
    number = match["round"] or match["plain"]
    parts = tuple(int(part) for part in arabic_digits(number).replace(" ", "").split("."))
    word = match.groupdict().get("word")
    mark = (match["mark"] or "").strip()
    if 0 in parts:
        return None
    if len(parts) > 1:
        key: Key = ("1.1", len(parts))
    elif match["round"]:
        key = ("(1)", 1)
    else:
        key = (f"1{mark.lstrip('.') or '.'}", 1)
    # "๑ จัดทำ" and "๑จัดทำ" may be labels; "๑.๑ จัดทำ" and "ข้อ ๑ จัดทำ" are.
    sure = bool(match["round"] or mark or word or len(parts) > 1)
    return Label(match[0].strip(), parts, key, sure, is_marked=bool(match["round"] or mark or word))


@dataclass
class NumberedText:
    """Where one is in a list: the ways of numbering from the outermost in, and the last number of each."""

    keys: list[Key] = field(default_factory=list)
    last: list[tuple[int, ...]] = field(default_factory=list)

    def follows(self, label: Label) -> bool:
        """Whether a label is the one that comes next, on this level or an outer one, or opens a lower one."""
        parts = label.parts
        for key, last in zip(self.keys, self.last, strict=True):
            if key == label.key and last and parts == (*last[:-1], last[-1] + 1):
                return True
            # 2.1 after 1.3 stands under 2.
            if key == label.key and len(parts) > 1 and parts[:-1] in self.last and parts[-1] == 1:
                return True
        return bool(self.last) and len(parts) > 1 and parts == (*self.last[-1], 1)

    def continues_in_another_way(self, label: Label) -> int | None:
        """The level on which a label is next although written otherwise: ๑. ๒) ๓."""
        if len(label.parts) == 1 and label.parts[0] > 1:
            for level in reversed(range(len(self.keys))):
                last = self.last[level]
                if len(last) == 1 and label.parts[0] == last[0] + 1:
                    return level
        return None

    def enter(self, label: Label) -> int:
        """Take a label as the next item; its depth, from 1."""
        if label.key in self.keys:
            level = self.keys.index(label.key)
        else:
            other = self.continues_in_another_way(label)
            if other is not None:
                level = other
            elif self.keys and self.keys[0][0] == "1.1" and len(label.parts) == 1 and label.key[0] == "1.":
                # 2. after 1.1 that had no 1. above it
                level = 0
                self.keys[0] = label.key
            else:
                level = len(self.keys)
                self.keys.append(label.key)
                self.last.append(())
        del self.keys[level + 1 :], self.last[level + 1 :]
        self.last[level] = label.parts
        return level + 1


def steps_in(text: str) -> list[tuple[int, str]]:
    """Level (1 or 2) and text of each step in a text that was pasted: a line each, without their numbers.

    1.1 is of the second level also where the 1. above it was not pasted along.
    """
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    read, over = lines[:MAX_LINES], lines[MAX_LINES:]
    steps = [(_level(item), item.text) for item in split([[Line(line) for line in read]]) if item.text]
    return [*steps, (1, "\n".join(over))] if over else steps


def _level(item: Item) -> int:
    found = head_label(f"{item.label} x")
    return 2 if item.depth > 1 or (found and len(found[0].parts) > 1) else 1


def split(cells: Sequence[Sequence[Line]]) -> list[Item]:
    """The items in cells that stand one below the other, as one list."""
    outline = NumberedText()
    items: list[Item] = []
    for lines in cells:
        _split_cell(lines, outline, items)
    return items


def _split_cell(lines: Sequence[Line], outline: NumberedText, items: list[Item]) -> None:
    first = len(items)
    is_numbered = False
    for line in lines:
        label, rest = _start(line, outline, is_first=len(items) == first)
        start = 0
        if label is None:
            if is_numbered:
                # A number at the end of the line before may be seen as a label only now.
                start = len(items[-1].text.rstrip(_OF_LABELS))
                items[-1] = replace(items[-1], text=f"{items[-1].text} {rest}".strip())
            else:
                items.append(Item("", 1, rest))
        else:
            if not is_numbered and len(items) > first:
                items[first:] = [Item("", 1, " ".join(item.text for item in items[first:]), BEFORE_FIRST)]
            is_numbered = True
            _append(items, label, rest, outline, certain=bool(line.label))
        if label is not None or is_numbered:
            _run_on(items, outline, start)
    if not is_numbered and len(items) - first > 1:
        items[first:] = [replace(item, doubt=UNNUMBERED) for item in items[first:]]


def _start(line: Line, outline: NumberedText, is_first: bool) -> tuple[Label | None, str]:
    """A line's own label, if it has one, and the rest of it."""
    if line.label:
        printed = head_label(f"{line.label} x")
        if printed and printed[0].parts:
            return printed[0], line.text
        return Label(line.label, (), ("auto", line.depth or 0)), line.text
    found = head_label(line.text)
    if not found:
        return None, line.text
    label, rest = found
    if not label.parts or outline.follows(label):
        return label, rest
    opens = label.parts[-1] == 1
    if not label.sure and not (is_first and opens):
        return None, line.text
    # A decimal at the head of a line that was wrapped: no list has it at this place.
    if len(label.parts) > 1 and not opens and outline.last and not _is_near(label, outline):
        return None, line.text
    return label, rest


def _is_near(label: Label, outline: NumberedText) -> bool:
    """Whether a number of several parts could belong to the list, a few numbers left out."""
    return any(last[:1] == label.parts[:1] or last[:1] == (label.parts[0] - 1,) for last in outline.last)


def _append(items: list[Item], label: Label, text: str, outline: NumberedText, certain: bool) -> None:
    doubt = ""
    if not certain and label.parts:
        started = bool(items) and bool(outline.last)
        expected = (
            outline.follows(label)
            or label.parts[-1] == 1
            or outline.continues_in_another_way(label) is not None
        )
        if not label.sure:
            doubt = NO_MARK
        elif started and not expected:
            doubt = OUT_OF_TURN
        elif len(label.parts) > 1 and not any(last == label.parts[:-1] for last in outline.last):
            doubt = "" if label.key in outline.keys and outline.follows(label) else ORPHAN
    elif not certain:
        doubt = BULLETS if items else ""
    depth = outline.enter(label)
    items.append(Item(label.text, depth, text, doubt.format(label=label.text)))


def _run_on(items: list[Item], outline: NumberedText, start: int) -> None:
    """Cut the last item where the next numbers stand inside its text; before start they were looked for."""
    if not outline.last or not outline.last[-1]:
        return
    text = items[-1].text
    found = []
    for match, label in _labels_inside(text, start):
        if outline.follows(label):
            found.append((match, label, outline.enter(label)))
    if not found:
        return
    ends = [match.start() for match, _, _ in found[1:]] + [len(text)]
    items[-1] = replace(items[-1], text=text[: found[0][0].start()].strip())
    for (match, label, depth), end in zip(found, ends, strict=True):
        doubt = RUN_ON.format(label=label.text)
        items.append(Item(label.text, depth, text[match.end() : end].strip(), doubt))


def _labels_inside(text: str, start: int) -> Iterator[tuple[re.Match[str], Label]]:
    for match in _INSIDE.finditer(text, start):
        label = _label(match)
        if label and label.sure and not _REFERS.search(text, max(0, match.start() - 16), match.start()):
            yield match, label
