"""Which of the ten indicators of the national ITA a heading means."""

import re
from dataclasses import dataclass, replace
from typing import Final

from core.thai_calendar import arabic_digits
from measures.plan_import.tables.table import SHEET
from measures.plan_import.understanding.spelling import folded, nearest

COUNT: Final = 10
# With the names that some years had; the numbers have stayed.
NAMES: Final = {
    "การปฏิบัติหน้าที่": 1,
    "การใช้งบประมาณ": 2,
    "การใช้อำนาจ": 3,
    "การใช้ทรัพย์สินของทางราชการ": 4,
    "การใช้ทรัพย์สินของราชการ": 4,
    "การใช้ทรัพย์สินทางราชการ": 4,
    "การแก้ไขปัญหาการทุจริต": 5,
    "คุณภาพการดำเนินงาน": 6,
    "ประสิทธิภาพการสื่อสาร": 7,
    "การปรับปรุงการทำงาน": 8,
    "การปรับปรุงระบบการทำงาน": 8,
    "การเปิดเผยข้อมูล": 9,
    "การป้องกันการทุจริต": 10,
}
_BY_LETTERS: Final = {folded(name): number for name, number in NAMES.items()}
_WORDS: Final = ("หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า", "สิบ")
_BY_WORD: Final = {folded(word): number for number, word in enumerate(_WORDS, 1)}

# ตัวชี้วัด as it is written and misspelt, folded: tone marks and the long vowel are gone.
_WORD: Final = r"(?:ตัวช[ิ]?วัด|ตัวชวิัด|ตวัชิวัด|ตวัชวิัด|ตัวชิวดั|ตัวชิวัต|ตัวบ่?งช[ิ]?|ตชว\.?|ตัววัด)"
_LEAD: Final = r"(?:\(?(?:iit|eit|oit)\)?[:\-–]?|ita[:\-–]?|แบบ|ด้าน|ประเดน(?:การประเมิน)?(?:ท[ิ])?[:\-–]?)*"
_NUMBER: Final = r"(?P<number>[0-9]{1,3}|" + "|".join(_BY_WORD) + r")(?P<sub>\.[0-9]{1,2})?(?![0-9])"
_MARK: Final = r"[.:)\]\-–/]*"
_HEADING: Final = re.compile(
    rf"{_LEAD}{_WORD}(?:ย่?อย)?(?:ท[ิ]?)?[:.(\[]?{_NUMBER}(?P<more>(?:[-–,]|และ|ถิง)[0-9]{{1,2}}(?![0-9]))?{_MARK}(?P<name>.*)",
    re.DOTALL,
)
_NUMBERED: Final = re.compile(
    rf"(?:ด้?าน(?:ท[ิ])?|ประเดน(?:ท[ิ])?|ข้?อ(?:ท[ิ])?)?[(\[]?{_NUMBER}{_MARK}(?P<name>.*)", re.DOTALL
)
_NAMED: Final = re.compile(rf"{_LEAD}{_WORD}(?:ด้?าน)?[:\-–]?(?P<name>.+)", re.DOTALL)
_ANYWHERE: Final = re.compile(rf"{_WORD}(?:ย่?อย)?(?:ท[ิ]?)?[:.(]?{_NUMBER}")
_MEASURED: Final = re.compile(r"(?:คร[ั]?ง|คน|รอยละ|ชอง|แหง|เรอง|ฉบับ|ราย|โครงการ|กิจกรรม|%|บาท|วัน|เดอน|ป)")
_CONTINUED: Final = re.compile(r"\s*\(?\s*ต่อ\s*\)?\s*$")
# What stands above a table and is no heading of an indicator although the name of one is part of it.
_OF_A_DOCUMENT: Final = re.compile(r"แผน|รายงาน|ปีงบประมาณ|ประจำปี|สรุปผล|ประกาศ|คำสั่ง|โครงการ")
_LOOKS_LIKE: Final = re.compile(r"ตัวช|ตวัช|ชิวัด|ตัวบงช|ชีวัด")
_NAME_LENGTH: Final = 200
_SHEET_NUMBER: Final = re.compile(r"(?:ita|iit|eit|oit|ตชว|ตัวท[ิ]|no|ท[ิ])?[.\s_-]*([0-9]{1,2})[.]?")

BEYOND: Final = "ตัวชี้วัด ITA มีเลข 1 ถึง 10 เท่านั้น กรุณาเลือกตัวชี้วัดให้ถูกต้อง"
ODD: Final = "เลขกับชื่อของตัวชี้วัดไม่ตรงกัน ใช้ตามเลข กรุณาตรวจ"
ODD_PLACE: Final = "เลขหน้าชื่อไม่ตรงกับชื่อตัวชี้วัด จึงเลือกตามชื่อ กรุณาตรวจ"
BY_NAME: Final = "ไม่มีเลขตัวชี้วัด จึงเลือกจากชื่อ กรุณาตรวจ"
BY_PART: Final = "เป็นตัวชี้วัดย่อย จึงจัดไว้ในตัวชี้วัดหลัก กรุณาตรวจ"
OTHER_NAME: Final = "ชื่อนี้ไม่ใช่ชื่อตัวชี้วัดที่รู้จัก ใช้ตามเลข กรุณาตรวจ"
SEVERAL: Final = "หัวข้อนี้กล่าวถึงหลายตัวชี้วัด ใช้ตัวแรก กรุณาตรวจ"
NEARLY: Final = "ชื่อตัวชี้วัดสะกดไม่ตรง จึงเลือกชื่อที่ใกล้ที่สุด กรุณาตรวจ"
IN_A_SENTENCE: Final = "เลือกตัวชี้วัดจากหัวข้อที่กล่าวถึง กรุณาตรวจ"
BY_SHEET: Final = "เลือกตัวชี้วัดจากชื่อแผ่นงาน กรุณาตรวจ"
NOT_UNDERSTOOD: Final = "ไม่เข้าใจหัวข้อ “{heading}” ที่อยู่เหนือมาตรการนี้ จึงใช้ตัวชี้วัดก่อนหน้า กรุณาตรวจ"


@dataclass(frozen=True, slots=True)
class NamedIndicator:
    """An indicator as it was found: its number (None where none of the ten), name, and a Thai doubt or "".

    Args:
        heading: the whole text that says so, or that was not understood.
    """

    number: int | None
    name: str
    doubt: str = ""
    heading: str = ""


def indicator_heading(text: str, *, is_line: bool = False) -> NamedIndicator | None:
    """The indicator that a heading announces: ตัวชี้วัดที่ ๑ การปฏิบัติหน้าที่, ๔) การใช้ทรัพย์สินของทางราชการ.

    Args:
        is_line: it is a line of running text, where the name of an indicator inside a sentence means nothing.

    Returns:
        None where it is no such heading.
    """
    if len(text) > 2 * _NAME_LENGTH:
        return None
    text = _CONTINUED.sub("", text)
    plain = folded(arabic_digits(text))
    match = _HEADING.fullmatch(plain)
    if match:
        return _read(match, text)
    match = _NUMBERED.fullmatch(plain)
    if match and (by_name := _number_of(match["name"])):
        return _of_place(match, by_name, text)
    named = _NAMED.fullmatch(plain)
    letters = named["name"] if named else plain
    if letters in _BY_LETTERS:
        return NamedIndicator(_BY_LETTERS[letters], _name(text), BY_NAME)
    if named and (near := nearest(letters, _BY_LETTERS)):
        return NamedIndicator(_BY_LETTERS[near], _name(text), NEARLY)
    return _in_a_sentence(text, plain, is_line=is_line)


def indicator_cell(text: str) -> NamedIndicator | None:
    """The indicator in a cell of a column that holds nothing else: a number or a name will do."""
    text = _CONTINUED.sub("", text[: 4 * _NAME_LENGTH])
    plain = folded(arabic_digits(text))
    match = _HEADING.fullmatch(plain) or _NUMBERED.fullmatch(plain)
    if match and not _MEASURED.match(match["name"]):
        return _read(match, text)
    found = indicator_heading(text)
    if found:
        return found
    begun = [number for letters, number in _BY_LETTERS.items() if plain.startswith(letters)]
    return NamedIndicator(begun[0] if begun else None, text[:_NAME_LENGTH], BY_NAME if begun else "")


def indicator_of_sheet(name: str, before: NamedIndicator | None) -> NamedIndicator | None:
    """The indicator in force where a table begins: a sheet may be named after one.

    Args:
        name: of the table, as Table has it.
        before: the indicator at the end of the table before it; in another sheet it is doubtful.
    """
    title = name.removeprefix(SHEET)
    if title == name:
        return before
    if found := indicator_heading(title, is_line=True):
        return found
    number = _SHEET_NUMBER.fullmatch(folded(arabic_digits(title)))
    if number and 1 <= int(number[1]) <= COUNT:
        return NamedIndicator(int(number[1]), "", BY_SHEET)
    if before and before.number:
        return replace(before, doubt=NOT_UNDERSTOOD.format(heading=title))
    return before


def is_of_a_document(line: str) -> bool:
    """Whether a line is the title of a document rather than a heading inside it."""
    return bool(_OF_A_DOCUMENT.search(line))


def likeliest(heading: str) -> int | None:
    """The indicator that a heading that was not understood may mean: to be proposed, never to be taken."""
    plain = folded(arabic_digits(heading[: 2 * _NAME_LENGTH]))
    match = _BEFORE_NAME.fullmatch(arabic_digits(heading))
    name = folded(match["name"]) if match else plain
    if near := nearest(name, _BY_LETTERS, 0.6) or nearest(plain, _BY_LETTERS, 0.6):
        return _BY_LETTERS[near]
    numbers = {int(each) for each in re.findall(r"[0-9]{1,2}(?![0-9])", plain)}
    (number,) = numbers if len(numbers) == 1 else (0,)
    return number if 1 <= number <= COUNT else None


def looks_like_indicator(text: str) -> bool:
    """Whether a line may be the heading of an indicator that was not understood."""
    return bool(_LOOKS_LIKE.search(folded(text[:_NAME_LENGTH])))


def _read(match: re.Match[str], text: str) -> NamedIndicator:
    number = _as_number(match["number"])
    if number is None or not 1 <= number <= COUNT:
        return NamedIndicator(None, _name(text), BEYOND)
    letters = match["name"]
    doubt = BY_PART if match["sub"] else ""
    if match.groupdict().get("more"):
        doubt = SEVERAL
    elif letters:
        by_name = _number_of(letters)
        if by_name and by_name != number:
            doubt = ODD
        elif not by_name and not _is_filler(letters):
            near = nearest(letters, _BY_LETTERS, 0.75)
            if near and _BY_LETTERS[near] != number:
                doubt = ODD
            elif not near:
                doubt = doubt or OTHER_NAME
    return NamedIndicator(number, _name(text), doubt)


def _of_place(match: re.Match[str], by_name: int, text: str) -> NamedIndicator:
    """Of a name with a number before it that may only say how many headings there were."""
    number = _as_number(match["number"])
    is_whole = match["name"] in _BY_LETTERS
    doubt = "" if number == by_name and is_whole and not match["sub"] else ODD_PLACE
    if number == by_name and not is_whole:
        doubt = IN_A_SENTENCE
    return NamedIndicator(by_name, _name(text), doubt)


def _in_a_sentence(text: str, plain: str, *, is_line: bool) -> NamedIndicator | None:
    if is_line and _OF_A_DOCUMENT.search(text):
        return None
    found = {number for each in _ANYWHERE.finditer(plain) if (number := _as_number(each["number"]))}
    if not found:
        if is_line and len(plain) > 60:
            return None
        found = {number for letters, number in _BY_LETTERS.items() if letters in plain}
    found = {number for number in found if 1 <= number <= COUNT}
    if len(found) == 1:
        return NamedIndicator(found.pop(), _name(text), IN_A_SENTENCE)
    return None


def _number_of(letters: str) -> int | None:
    """The number of the one indicator whose name is in a text."""
    if letters in _BY_LETTERS:
        return _BY_LETTERS[letters]
    found = {number for known, number in _BY_LETTERS.items() if known in letters}
    if len(found) == 1:
        return found.pop()
    near = nearest(letters, _BY_LETTERS, 0.9)
    return _BY_LETTERS[near] if near else None


def _is_filler(letters: str) -> bool:
    """Whether what stands after a number is no name: (iit), the name of a form, a line of dots."""
    return bool(re.fullmatch(r"[().:\-–\[\]\s]*(?:iit|eit|oit|ita)?[().:\-–\[\]\s]*", letters))


def _as_number(written: str) -> int | None:
    return int(written) if written.isdecimal() else _BY_WORD.get(written)


_BEFORE_NAME: Final = re.compile(
    r"\s*(?:ตัว\s?\S{1,6}\s?วัด|ตัวบ่งชี้|ตัวช\S{1,4}วัด|ตชว\.?)?\s*(?:ย่อย)?\s*(?:ที่|ที)?\s*[:.]?\s*"
    r"[(\[]?(?:[0-9๐-๙]{1,3}(?:\.[0-9๐-๙]{1,2})?)?\s*[.:)\]\-–]*\s*(?P<name>.*)",
    re.DOTALL,
)


def _name(text: str) -> str:
    """The name in a heading, as it is written there."""
    match = _BEFORE_NAME.fullmatch(text)
    return " ".join((match["name"] if match else text).split())[:_NAME_LENGTH]
