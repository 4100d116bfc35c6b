"""Rows that are no measures, proposed as left out: signatures, totals, notes, the numbers of columns."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from core.thai_calendar import arabic_digits
from measures.plan_import.model import Field
from measures.plan_import.tables.table import Row
from measures.plan_import.understanding.indicator_names import is_of_a_document
from measures.plan_import.understanding.raw import RowPart

NUMBERS: Final = "แถวเลขกำกับคอลัมน์"
SIGNATURE: Final = "แถวลงชื่อ"
NOTE: Final = "หมายเหตุหรือคำอธิบาย"
TOTAL: Final = "แถวรวมหรือสรุป"
NO_MEASURE: Final = "ไม่ใช่มาตรการหรือตัวชี้วัด"
LONELY: Final = "มีแต่ชื่อ ไม่มีขั้นตอน ผู้รับผิดชอบ หรือกำหนด อาจเป็นหัวข้อ"
NUMBER_ONLY: Final = "ชื่อมาตรการเป็นตัวเลขล้วน อาจเป็นแถวสรุป"
CHOSEN: Final = "เลือกไม่นำเข้า"

_COLUMN_NUMBER: Final = re.compile(r"[(\[]?\s*(?:[0-9๐-๙]{1,2}|[ก-ฮ]|[a-z])\s*[)\].]?")
_SIGNED: Final = re.compile(
    r"[\s(]*(?:\(?ลงชื่อ|ลงนาม|ผู้รายงาน|ผู้รับรอง|ผู้จัดทำ|ผู้อนุมัติ|ผู้เสนอ|ผู้ตรวจ|ผู้เห็นชอบ|ผู้ให้ข้อมูล|ตำแหน่ง\s*[.:…]*|[.…_]{4,})"
)
_NAME_IN_BRACKETS: Final = re.compile(r"\(\s*(?:นาย|นาง|นางสาว|ว่าที่|[.…_ ]{3,}).{0,60}\)")
_NOTED: Final = re.compile(r"[\s(*]*(?:หมายเหตุ|ที่มา\s*:|แหล่งที่มา|ข้อมูล\s*ณ|คำอธิบาย|คำชี้แจง|\*{1,3}\s)")
_TOTAL: Final = re.compile(
    r"\s*(?:(?:รวม|ยอดรวม|ผลรวม|รวมทั้ง)(?=\s*$|\s*[\d:(]|ทั้ง|จำนวน|มาตรการ|งบ|เป็น|ทุก|คะแนน|\s)"
    r"|สรุป(?=\s*$|\s*[\d:(]|ผล|จำนวน|รวม|ภาพรวม)|เฉลี่ย|ค่าเฉลี่ย|คิดเป็น\s*ร้อยละ|ร้อยละ|total\b|sum\b)",
    re.IGNORECASE,
)
_ASIDE: Final = re.compile(
    r"[\s(\-–]*(?:ต่อ\s*\)|หน้า\s*(?:ที่)?\s*[\d๐-๙]|[\d๐-๙]+\s*[\-–)]*$|ส่วนที่|ตารางที่|ภาคผนวก)"
)
_COUNTED: Final = re.compile(
    r"[\s\d๐-๙.,%()/:-]*(?:มาตรการ|โครงการ|กิจกรรม|ข้อ|ครั้ง|บาท|ร้อยละ)?[\s\d๐-๙.,%()/:-]*"
)


def why_left_out(row: Row, cells: dict[Field, list[RowPart]]) -> str:
    """Why a row is no measure, in Thai; empty where it may be one.

    Args:
        cells: its cells by what their columns hold.
    """
    filled = [cell.text for cell in row.filled]
    if len(filled) > 1 and all(map(_COLUMN_NUMBER.fullmatch, filled)) and _counts(filled):
        return NUMBERS
    first = filled[0]
    has_steps = any(part.lines for part in cells.get(Field.STEPS, ()) if not _COUNTED.fullmatch(part.text))
    if _NOTED.match(first) and not has_steps:
        return NOTE
    is_signed = _SIGNED.match(first) or (_NAME_IN_BRACKETS.search(first) and len(filled) < 4)
    if is_signed and not has_steps:
        return SIGNATURE
    title = " ".join(part.text for part in cells.get(Field.TITLE, ()) if part.lines)
    if not has_steps and any(_TOTAL.match(text) for text in (first, title) if text):
        return TOTAL
    if title and re.fullmatch(r"[\d.,%\s]+", arabic_digits(title)):
        return NUMBER_ONLY
    return ""


def has_title(cells: dict[Field, list[RowPart]]) -> bool:
    return any(part.lines or part.continued for part in cells.get(Field.TITLE, ()))


def has_more(cells: dict[Field, list[RowPart]]) -> bool:
    """Whether a row has something beside a title."""
    return any(
        part.lines or part.continued for of, parts in cells.items() for part in parts if of is not Field.TITLE
    )


def lonely(rows: Iterable[tuple[int, bool, bool]]) -> frozenset[int]:
    """The rows that have a title and nothing else, where most have more: they may be headings.

    Args:
        rows: their numbers, and whether each has a title, and more than a title. The steps of a measure may
            stand below its title. A row that has neither is the heading of an indicator.
    """
    found, titled = [], 0
    waiting: int | None = None
    for number, has_its_title, has_its_rest in rows:
        if has_its_title:
            titled += 1
        elif has_its_rest:
            waiting = None
            continue
        if waiting is not None:
            found.append(waiting)
        waiting = number if has_its_title and not has_its_rest else None
    if waiting is not None:
        found.append(waiting)
    return frozenset(found if 2 * len(found) <= titled else ())


def is_aside(line: str) -> bool:
    """Whether a line of text is a signature, a note, the number of a page or (ต่อ)."""
    return bool(
        _SIGNED.match(line) or _NAME_IN_BRACKETS.search(line) or _NOTED.match(line) or _ASIDE.match(line)
    )


def is_certain(reason: str, row: Row) -> bool:
    """Whether a person hardly needs to look at a row that is left out."""
    return reason in {NUMBERS, SIGNATURE, NOTE, CHOSEN} or (reason == TOTAL and _is_counted(row))


def _is_counted(row: Row) -> bool:
    return all(_COUNTED.fullmatch(cell.text) for cell in row.filled[1:])


def _counts(texts: Sequence[str]) -> bool:
    """Whether texts are 1, 2, 3 or ก, ข, ค."""
    bare = [arabic_digits(text).strip("()[]. ") for text in texts]
    if all(text.isdecimal() for text in bare):
        numbers = [int(text) for text in bare]
        return all(later == earlier + 1 for earlier, later in pairwise(numbers))
    return all(len(text) == 1 for text in bare) and bare == sorted(bare) and len(set(bare)) == len(bare)


def is_heading(line: str) -> bool:
    """Whether a line between tables may be a heading that says what the next one is about."""
    return 4 < len(line) <= 120 and not is_of_a_document(line) and not is_aside(line)
