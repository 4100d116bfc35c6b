"""The numbers, letters and bullets of a list: at the head of a line, and inside it.

Official lists are numbered ๑. ๑) (๑) ๑.๑ ข้อ ๑ ก) (ก) with Thai or Arabic digits. A number inside a sentence
("พ.ศ. ๒๕๖๖", "๑.๕ ล้านบาท", "ตามข้อ ๒. ของประกาศ") looks much the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from core.thai_calendar import arabic_digits

_DIGITS: Final = "[0-9๐-๙]"
# What is counted or measured is not a label: ๑.๕ ล้านบาท, ๒ ครั้ง, 5ส.
_UNITS: Final = (
    r"(?:ล้าน|แสน|หมื่น|พัน(?!ธ)|ร้อย|บาท|%|เปอร์|ปี|เดือน|วัน|ครั้ง|คน|ราย(?!งาน|การ|ชื่อ|ได้|ละเอียด|จ่าย)|แห่ง|ชุด|ฉบับ|ชั่วโมง|นาที|เท่า(?!ที่)|คะแนน"
    r"|มกราคม|กุมภา|มีนา|เมษา|พฤษภา|มิถุนา|กรกฎา|สิงหา|กันยา|ตุลา|พฤศจิกา|ธันวา"
    r"|ม\.ค|ก\.พ|มี\.ค|เม\.ย|พ\.ค|มิ\.ย|ก\.ค|ส\.ค|ก\.ย|ต\.ค|พ\.ย|ธ\.ค|น\.(?!\S)|ส(?![ก-๙]))"
)
# ๑ . ๑ with spaces, as some documents have it; but "1. 5ส" is the first item, about 5ส.
_NUMBER: Final = (
    rf"{_DIGITS}{{1,2}}(?:\.{_DIGITS}{{1,2}}(?!{_DIGITS})"
    rf"|(?:[ ]\.[ ]?|\.[ ]){_DIGITS}{{1,2}}(?=[ .)])(?![ ]?{_UNITS})){{0,3}}"
)
_LETTER: Final = "[ก-ฮa-z]"
_AT_HEAD: Final = re.compile(
    rf"(?P<word>(?:ข้อ|ขั้นตอน|ขั้น|ลำดับ|กิจกรรม)[ ]?(?:ที่)?[ ]?)?(?:\((?P<round>{_NUMBER})\)|(?P<plain>{_NUMBER})"
    rf"(?P<mark>[ ]?\.?\)|[ ]?\.(?![0-9๐-๙])|(?=[ ]|$)|(?=[^\s0-9๐-๙.,:/)%-])))[ ]*"
)
# ก) (ก) ก. but not ก.พ. or ก. พ.
_LETTER_AT_HEAD: Final = re.compile(
    rf"(?:\((?P<round>{_LETTER})\)|(?P<plain>{_LETTER})(?P<mark>\)|\.(?=[ ])(?![ ]?{_LETTER}\.)))[ ]*"
)
_INSIDE: Final = re.compile(
    rf"(?:\((?P<round>{_NUMBER}|{_LETTER})\)"
    rf"|(?<![0-9๐-๙.,:/(])(?P<plain>{_NUMBER})(?P<mark>[ ]?\.?\)|\.(?!{_DIGITS})|(?=[ ])|(?=[ก-ฮเ-ไ]))"
    rf"|(?<=[ ])(?P<letter>{_LETTER})(?P<lmark>\)|\.(?=[ ])(?![ ]?{_LETTER}\.)))[ ]*(?=[^\s0-9๐-๙.,:/)])"
)
_WORD_INSIDE: Final = re.compile(
    rf"(?<=[ ])(?:ขั้นตอน|ขั้น|กิจกรรม)[ ]?(?:ที่)?[ ]?(?P<number>{_DIGITS}{{1,2}})(?!{_DIGITS})[ ]?[.:)]?[ ]*"
    r"(?=[^\s0-9๐-๙.,:/)])"
)
_UNIT: Final = re.compile(_UNITS)
# After these words a number belongs to the sentence: ตามข้อ ๒. but not หัวข้อ ๒., วันที่ ๒ but not เจ้าหน้าที่ ๒.
_ALONE: Final = r"(?:^|[ (]|ตาม|ใน|และ|หรือ|ถึง|ของ|แห่ง|กับ|ที่)"
_REFERS: Final = re.compile(
    rf"(?:พ\.?ศ\.?|ค\.?ศ\.?|มาตรา|ร้อยละ|จำนวน|ประมาณ|อย่างน้อย|ไม่เกิน|เกิน|ภายใน|และ|หรือ|[-–]|{_DIGITS}[ ]?ถึง"
    rf"|{_ALONE}(?:ข้อ|หมวด|ระดับ|ไตรมาส|รอบ|งวด|ข้อที่|ที่)"
    r"|(?:ครั้ง|วัน|ฉบับ|ลำดับ|รอบ|งวด|ไตรมาส|ระยะ|ชุด|เลข|หมวด|บท|ตอน|ส่วน|กลุ่ม|ตัวชี้วัด|หมู่|ประเภท|แบบ|ชั้น|อันดับ|เล่ม"
    r"|ภาค|ราย|ประเด็น|ด้าน|มาตรการ|แผน|รุ่น)ที่)[ ]?$"
)
_MAY_REFER: Final = re.compile(r"(?:ข้อ|ที่|ปี|เดือน|ไตรมาส|ละ|ถึง|รอบ|ระดับ|หมวด|งวด)$")
_BULLETS: Final = r"\-–—•●▪◦*·□■○◆♦►➢✓→\uf0b7\uf0a7\uf0d8\uf0a8"
_BULLET: Final = re.compile(rf"(?P<mark>[{_BULLETS}]|o(?=[ ]))(?:[ ]+(?=\S)|(?=[^\s\d{_BULLETS}]))")
_BULLET_INSIDE: Final = re.compile(r"(?:(?<=[ ])|(?<=\S))(?P<mark>[•●▪◦➢\uf0b7\uf0a7\uf0d8])[ ]*(?=\S)")
_DASH_INSIDE: Final = re.compile(r"(?<=[ ])(?P<mark>[-–])[ ]?(?=[ก-ฮเ-ไ])")
_DASHES: Final = dict.fromkeys("–—", "-")
_LETTERS: Final = "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"
_LATIN: Final = "abcdefghijklmnopqrstuvwxyz"


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


def head_label(text: str) -> tuple[Label, str] | None:
    """The label that a line begins with, and the rest of the line."""
    match = _AT_HEAD.match(text)
    if match and match.end() < len(text):
        label = _label(match)
        rest = text[match.end() :]
        # "๒ ครั้ง" and "๑.๕ ล้านบาท" are no labels; "๒. วันที่" is one.
        if label and (label.is_marked or not _UNIT.match(rest)):
            return label, rest
    letter = _LETTER_AT_HEAD.match(text)
    if letter and letter.end() < len(text):
        return _lettered(letter["round"] or letter["plain"], letter["mark"], letter[0]), text[letter.end() :]
    bullet = _BULLET.match(text)
    if bullet:
        return _bullet(bullet["mark"]), text[bullet.end() :]
    return None


def without_label(text: str) -> str:
    """The text without the number or bullet that it begins with: names and titles have none."""
    found = head_label(text)
    if not found or not found[0].sure or found[0].key[0] in {"a.", "a)"}:
        return text
    return found[1]


def number_of(label: str) -> int:
    """The last number of a label, ๑.๒ → 2; 0 where it has none or one that no measure begins with."""
    found = head_label(f"{label} x")
    return found[0].parts[-1] if found and found[0].parts else 0


def words_inside(text: str, start: int) -> Iterator[tuple[re.Match[str], Label]]:
    """Where a text says of itself that a step begins: ขั้นตอนที่ ๒, กิจกรรมที่ ๒."""
    for match in _WORD_INSIDE.finditer(text, start):
        label = _numbered(match["number"], "", match[0], is_round=False, is_word=True)
        if label:
            yield match, label


def labels_inside(text: str, start: int) -> Iterator[tuple[re.Match[str], Label]]:
    """What could be labels inside a text, from a place on; which of them are is for the list to say."""
    for match in _INSIDE.finditer(text, start):
        label = _inside_label(match)
        if label and not _REFERS.search(text, max(0, match.start() - 24), match.start()):
            yield match, label


def bullets_inside(text: str, start: int, label: str) -> Iterator[tuple[re.Match[str], Label]]:
    """The bullets inside a text; a dash is one only in a list of dashes."""
    pattern = _DASH_INSIDE if _DASHES.get(label, label) == "-" else _BULLET_INSIDE
    for match in pattern.finditer(text, max(start, 1)):
        if not _UNIT.match(text, match.end()):
            yield match, _bullet(match["mark"])


def may_refer(text: str) -> bool:
    """Whether a number after a text might still belong to its sentence."""
    return bool(_MAY_REFER.search(text))


def has_uncut_dashes(text: str) -> bool:
    """Whether a text holds what may be several items with dashes."""
    return len(_DASH_INSIDE.findall(text)) > 1


def stands_in(text: str, label: Label) -> bool:
    """Whether the label that comes after a label stands in a text, in whatever sentence."""
    if len(label.parts) != 1 or not label.is_marked:
        return False
    following, plain = label.parts[0] + 1, arabic_digits(text)
    if label.text.startswith("ข้อ") and re.search(rf"ข้อ[ ]?(?:ที่)?[ ]?{following}(?!\d)", plain):
        return True
    if label.key[0] == "(1)":
        return f"({following})" in plain
    if label.key[0][0] != "1":
        return False
    return bool(re.search(rf"(?<![0-9.,/(:]){following}[ ]?[.)](?!\d)", plain))


def _label(match: re.Match[str]) -> Label | None:
    number = match["round"] or match["plain"]
    word = match.groupdict().get("word")
    return _numbered(number, (match["mark"] or "").strip(), match[0], bool(match["round"]), bool(word))


def _numbered(number: str, mark: str, text: str, is_round: bool, is_word: bool = False) -> Label | None:
    parts = tuple(int(part) for part in arabic_digits(number).replace(" ", "").split("."))
    if 0 in parts:
        return None
    if len(parts) > 1:
        key: Key = ("1.1", len(parts))
    elif is_round:
        key = ("(1)", 1)
    else:
        key = (f"1{mark.lstrip('.') or '.'}", 1)
    # "๑ จัดทำ" and "๑จัดทำ" may be labels; "๑.๑ จัดทำ" and "ข้อ ๑ จัดทำ" are.
    is_marked = bool(is_round or mark or is_word)
    return Label(text.strip(), parts, key, is_marked or len(parts) > 1, is_marked=is_marked)


def _lettered(letter: str, mark: str | None, text: str) -> Label:
    letters = _LATIN if letter in _LATIN else _LETTERS
    first = letters[0]
    key = f"{first}{mark}" if mark else f"({first})"
    return Label(text.strip(), (letters.find(letter) + 1,), (key, 1))


def _bullet(mark: str) -> Label:
    return Label(mark, (), (_DASHES.get(mark, mark), 0))


def _inside_label(match: re.Match[str]) -> Label | None:
    if match["letter"] or (match["round"] and not match["round"][0].isdecimal()):
        return _lettered(match["letter"] or match["round"], match["lmark"], match[0])
    text, start = match.string, match.start()
    mark = (match["mark"] or "").strip()
    label = _numbered(match["round"] or match["plain"], mark, match[0], bool(match["round"]))
    if label is None or not label.sure:
        return None
    is_spaced = start == 0 or text[start - 1] == " "
    if not label.is_marked:
        follows_space = text[match.end() - 1] == " "
        if _UNIT.match(text, match.end()) or (is_spaced != follows_space):
            return None
    return label
