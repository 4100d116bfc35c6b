"""Which of the ten indicators of the national ITA a heading means."""

import re
from dataclasses import dataclass
from typing import Final

from core.thai_calendar import arabic_digits
from measures.plan_import.tables.table import without_spaces

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
_BY_LETTERS: Final = {without_spaces(name): number for name, number in NAMES.items()}

_HEADING: Final = re.compile(
    r"\s*(?:ตัว\s?ชี้วัด|ตัวบ่งชี้)\s*(?:ย่อย)?\s*(?:ที่)?\s*[:.]?\s*(?P<number>[0-9๐-๙]{1,3})(?P<sub>\.[0-9๐-๙]{1,2})?"
    r"(?![0-9๐-๙])\s*[.:)\-–]*\s*(?P<name>.*)",
    re.DOTALL,
)
_NAMED: Final = re.compile(r"\s*(?:ตัว\s?ชี้วัด|ตัวบ่งชี้)\s*[:\-–]?\s*(?P<name>.+)", re.DOTALL)
_CELL: Final = re.compile(
    r"\s*\(?(?P<number>[0-9๐-๙]{1,3})(?P<sub>\.[0-9๐-๙]{1,2})?(?![0-9๐-๙])\s*[.:)\-–]*\s*(?P<name>.*)",
    re.DOTALL,
)
_NAME_LENGTH: Final = 200

BEYOND: Final = "ตัวชี้วัด ITA มีเลข 1 ถึง 10 เท่านั้น กรุณาเลือกตัวชี้วัดให้ถูกต้อง"
ODD: Final = "เลขกับชื่อของตัวชี้วัดไม่ตรงกัน ใช้ตามเลข กรุณาตรวจ"
BY_NAME: Final = "ไม่มีเลขตัวชี้วัด จึงเลือกจากชื่อ กรุณาตรวจ"
BY_PART: Final = "เป็นตัวชี้วัดย่อย จึงจัดไว้ในตัวชี้วัดหลัก กรุณาตรวจ"


@dataclass(frozen=True, slots=True)
class NamedIndicator:
    """An indicator as it was found: its number (None where none of the ten), name, and a Thai doubt or ""."""

    number: int | None
    name: str
    doubt: str = ""


def indicator_heading(text: str) -> NamedIndicator | None:
    """The indicator that a line announces, such as ตัวชี้วัดที่ ๑ การปฏิบัติหน้าที่; None where it is no such line."""
    match = _HEADING.fullmatch(text)
    if match:
        return _read(match)
    named = _NAMED.fullmatch(text)
    return _by_name(named["name"] if named else text, is_whole=True)


def indicator_cell(text: str) -> NamedIndicator | None:
    """The indicator in a cell of a column that holds nothing else: a number or a name will do."""
    match = _HEADING.fullmatch(text) or _CELL.fullmatch(text)
    if match:
        return _read(match)
    named = _NAMED.fullmatch(text)
    return _by_name(named["name"] if named else text, is_whole=False) or NamedIndicator(
        None, text[:_NAME_LENGTH]
    )


def _read(match: re.Match[str]) -> NamedIndicator:
    number, name = int(arabic_digits(match["number"])), " ".join(match["name"].split())[:_NAME_LENGTH]
    if not 1 <= number <= COUNT:
        return NamedIndicator(None, name, BEYOND)
    by_name = _BY_LETTERS.get(without_spaces(name))
    if by_name and by_name != number:
        return NamedIndicator(number, name, ODD)
    return NamedIndicator(number, name, BY_PART if match["sub"] else "")


def _by_name(name: str, *, is_whole: bool) -> NamedIndicator | None:
    letters = without_spaces(name[: 2 * _NAME_LENGTH])
    for known, number in _BY_LETTERS.items():
        if letters == known or (not is_whole and letters.startswith(known)):
            return NamedIndicator(number, " ".join(name.split())[:_NAME_LENGTH], BY_NAME)
    return None
