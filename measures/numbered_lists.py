"""Numbered lists in a text: a cell taken apart by the labels at the head of its lines, and inside them.

Machine-read lists run on in one line. A number inside a sentence looks much like a label
(see list_labels), so that inside a line only the number that comes next is taken for a new item, and
is marked; where one stands in a text and was not taken for an item, that is marked too.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from measures.list_labels import (
    Key,
    Label,
    bullets_inside,
    has_uncut_dashes,
    head_label,
    labels_inside,
    may_refer,
    stands_in,
    words_inside,
)

# Of what a label inside a line is made: no label goes beyond another character.
_OF_LABELS: Final = " .()0123456789๐๑๒๓๔๕๖๗๘๙"
# What is pasted beyond so many lines stays together: no measure has as many steps.
MAX_LINES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a cell. Where Word numbers it, label is the number as printed and depth its level from 0."""

    text: str
    label: str = ""
    depth: int | None = None


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
RESTARTED: Final = "เลขข้อเริ่มนับใหม่ที่ {label} ในช่องเดียวกัน กรุณาตรวจระดับของข้อ"
CUT_AFTER: Final = "ข้อความนี้ถูกแยกก่อนเลขข้อถัดไป กรุณาตรวจว่าจบความแล้ว"
UNCUT: Final = "เลขข้อถัดจาก {label} อยู่ในข้อความนี้ แต่ไม่ได้แยกเป็นข้อใหม่ กรุณาตรวจ"
UNCUT_DASHES: Final = "ข้อความนี้อาจมีหลายข้อ กรุณาตรวจ"
ORPHAN: Final = "เลขข้อ {label} ไม่มีข้อหลักของตน กรุณาตรวจระดับของข้อ"


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

    def opens_below(self, label: Label, *, is_followed: bool) -> bool:
        """Whether a first number opens a lower level in a text: the second one has to come after it."""
        return is_followed and label.parts == (1,) and label.key not in self.keys

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
    return _with_uncut(items)


def _with_uncut(items: Sequence[Item]) -> list[Item]:
    """The items, those marked that hold the number of an item that is not there."""
    labels = [found[0] if (found := head_label(f"{item.label} x")) else None for item in items]
    known = {(label.key, label.parts) for label in labels if label}
    marked = []
    for item, label in zip(items, labels, strict=True):
        doubt = item.doubt
        if not doubt and label and label.parts:
            following = (label.key, (*label.parts[:-1], label.parts[-1] + 1))
            if following not in known and stands_in(item.text, label):
                doubt = UNCUT.format(label=item.label)
        if not doubt and (has_uncut_dashes(item.text) or (not label and ";" in item.text)):
            doubt = UNCUT_DASHES
        marked.append(replace(item, doubt=doubt))
    return marked


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
                is_numbered = _open_inside(items, outline, first)
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
            label = printed[0]
            # Lower levels are told by Word itself, however they are numbered.
            if line.depth and len(label.parts) == 1:
                label = replace(label, key=(f"{label.key[0]}@", line.depth))
            return label, line.text
        return Label(line.label, (), ("auto", line.depth or 0)), line.text
    found = head_label(line.text)
    if not found:
        return None, line.text
    label, rest = found
    if not label.parts or outline.follows(label):
        return label, rest
    opens = label.parts[-1] == 1
    if label.key[0].strip("().") in {"ก", "a"} and not opens:
        return None, line.text
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
    is_restart = label.parts == (1,) and label.key in outline.keys
    if is_restart and bool(items):
        doubt = RESTARTED
    elif not certain and label.parts:
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


def _open_inside(items: list[Item], outline: NumberedText, first: int) -> bool:
    """Begin a list inside the last item, if one begins there: "ดังนี้ ๑. … ๒. …". Whether one does."""
    text = items[-1].text
    found = list(labels_inside(text, 0))
    seconds = _seconds(found)
    for match, label in found if not outline.last else ():
        is_followed = match.start() < seconds.get(label.key, 0)
        if match.start() and outline.opens_below(label, is_followed=is_followed):
            before = " ".join(item.text for item in items[first:-1])
            before = f"{before} {text[: match.start()]}".strip()
            depth = outline.enter(label)
            items[first:] = [
                *([Item("", 1, before, BEFORE_FIRST)] if before else []),
                Item(label.text, depth, text[match.end() :].strip(), RUN_ON.format(label=label.text)),
            ]
            _run_on(items, outline, 0)
            return True
    return False


def _run_on(items: list[Item], outline: NumberedText, start: int) -> None:
    """Cut the last item where the next numbers stand inside its text; before start they were looked for."""
    if not outline.last:
        return
    text = items[-1].text
    if outline.last[-1]:
        inside = [*labels_inside(text, start), *words_inside(text, start)]
        inside.sort(key=lambda each: each[0].start())
    else:
        inside = [*labels_inside(text, start), *bullets_inside(text, start, items[-1].label)]
        inside.sort(key=lambda each: each[0].start())
    found = []
    seconds = _seconds(inside)
    for match, label in inside:
        is_bullet = not label.parts and label.key in outline.keys
        is_followed = match.start() < seconds.get(label.key, 0)
        if is_bullet or outline.follows(label) or outline.opens_below(label, is_followed=is_followed):
            found.append((match, label, outline.enter(label)))
    if not found:
        return
    ends = [match.start() for match, _, _ in found[1:]] + [len(text)]
    before = text[: found[0][0].start()].strip()
    doubt = items[-1].doubt or (CUT_AFTER if may_refer(before) else "")
    items[-1] = replace(items[-1], text=before, doubt=doubt)
    for (match, label, depth), end in zip(found, ends, strict=True):
        doubt = RUN_ON.format(label=label.text)
        items.append(Item(label.text, depth, text[match.end() : end].strip(), doubt))


def _seconds(found: Sequence[tuple[re.Match[str], Label]]) -> dict[Key, int]:
    """Where the last number 2 of each way of numbering stands."""
    return {label.key: match.start() for match, label in found if label.parts == (2,)}
