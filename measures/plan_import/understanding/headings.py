"""Which column holds what, by its Thai heading."""

import re
from collections.abc import Sequence
from typing import Final

from core.thai_calendar import arabic_digits
from measures.plan_import.model import Column, Field
from measures.plan_import.tables.table import Row, without_spaces
from measures.plan_import.understanding.statuses import read_status

# A heading is short; a sentence that begins with the same word is not one.
HEADING_LENGTH: Final = 60

# The first that is found in a heading decides: "ผลการดำเนินการตามมาตรการ" is a result, not a measure.
_WORDS: Final[Sequence[tuple[Field, Sequence[str]]]] = (
    (
        Field.IGNORED,
        ("ลำดับ", "หมายเหตุ", "งบประมาณที่", "วงเงิน", "ตัวชี้วัดความสำเร็จ", "ตัวชี้วัดผล", "เป้าหมาย", "วัตถุประสงค์"),
    ),
    (Field.OBSTACLE, ("ปัญหา", "อุปสรรค", "ข้อเสนอแนะ")),
    (Field.STATUS, ("สถานะ",)),
    (
        Field.DUE,
        (
            *("กำหนดแล้วเสร็จ", "กำหนดเสร็จ", "กำหนดเวลา", "กำหนดส่ง", "วันครบกำหนด", "วันแล้วเสร็จ", "วันที่แล้วเสร็จ"),
            *("ระยะเวลา", "ช่วงเวลา", "ห้วงเวลา", "เวลาดำเนินการ", "เวลาแล้วเสร็จ"),
        ),
    ),
    (
        Field.PARTIES,
        (
            *("รับผิดชอบ", "ส่วนงาน", "ส่วนราชการ", "หน่วยงานดำเนินการ", "หน่วยงานที่ดำเนินการ", "ผู้ดำเนินการ"),
            *("หน่วยงานหลัก", "เจ้าภาพ"),
        ),
    ),
    (Field.STEPS, ("ขั้นตอน", "วิธีการ", "วิธีปฏิบัติ", "วิธีดำเนิน")),
    (
        Field.RESULT,
        (
            *("ผลการดำเนิน", "ผลดำเนิน", "ผลการปฏิบัติ", "ผลการติดตาม", "รายงานผล", "กำกับติดตาม", "กำกับและติดตาม"),
            *("การติดตาม", "ความก้าวหน้า", "ความคืบหน้า", "รายละเอียดผล", "ผลสัมฤทธิ์"),
        ),
    ),
    (Field.INDICATOR, ("ตัวชี้วัด", "ตัวบ่งชี้", "ประเด็นการประเมิน", "ประเด็นตัวชี้วัด")),
    (Field.TITLE, ("มาตรการ", "โครงการ", "กิจกรรม", "แนวทาง")),
)
# Whole headings that would be found in too many others as parts of a word.
_WHOLE: Final = {
    "ที่": Field.IGNORED,
    "no": Field.IGNORED,
    "งบประมาณ": Field.IGNORED,
    "หน่วยงาน": Field.PARTIES,
    "ผู้ปฏิบัติ": Field.PARTIES,
    "กำหนด": Field.DUE,
    "เวลา": Field.DUE,
    "ผล": Field.RESULT,
}
_ORNAMENT: Final = re.compile(r"[:：.\-–*/\s]+$|^[\d.)\s]+")
_NUMBERED: Final = re.compile(r"\s*\(?[0-9๐-๙]")
# What may stand in a heading beside its word and be worth this many characters more.
MAX_ELSE: Final = 10
_FILLERS: Final = re.compile(
    "|".join(
        sorted(
            {
                *(word for _, words in _WORDS for word in words),
                *_WHOLE,
                *("ส่งเสริมคุณธรรม", "คุณธรรม", "ความโปร่งใส", "โปร่งใส", "ป้องกันการทุจริต", "ภายในหน่วยงาน"),
                *(
                    "การ",
                    "ดำเนิน",
                    "งาน",
                    "ปฏิบัติ",
                    "หน่วย",
                    "ผู้",
                    "ตาม",
                    "ของ",
                    "และ",
                    "หรือ",
                    "เพื่อ",
                    "ผล",
                    "ตัวชี้วัด",
                ),
                *("รอบ", "เดือน", "แล้ว", "เสร็จ", "ชื่อ", "รายละเอียด", "ita", "ITA", r"[/()\[\]:.,\-–\d๐-๙]+"),
            },
            key=len,
            reverse=True,
        )
    )
)
_TITLE_WORDS: Final = ("มาตรการ", "โครงการ", "กิจกรรม", "แนวทาง")


def field_of(heading: str) -> Field | None:
    """What a heading stands for, spaces ignored, or None where it is not known."""
    plain = _ORNAMENT.sub("", without_spaces(arabic_digits(heading)).lower())
    if not plain or len(plain) > HEADING_LENGTH:
        return None
    if plain in _WHOLE:
        return _WHOLE[plain]
    for field, words in _WORDS:
        if any(word in plain for word in words):
            return field
    return None


def _named_field(heading: str) -> Field | None:
    """What a heading stands for; that of a column to be ticked is a status itself."""
    return field_of(heading) or (Field.STATUS if phrase_of(heading) else None)


def phrase_of(heading: str) -> str | None:
    """The status that a heading names and nothing else: the cells below it are ticked."""
    read = read_status(heading)
    return read.status if read.status and not read.rest and not read.guessed else None


def columns_of(rows: Sequence[Row]) -> tuple[Column, ...]:
    """The columns of a head of one or more rows; what a lower row adds is part of the heading above it."""
    found = []
    for index, cell in rows[0].placed():
        below = [
            (place, lower)
            for row in rows[1:]
            for place, lower in row.placed()
            if index <= place < index + cell.width and lower.lines
        ]
        # A heading over several: each has a heading of its own.
        if len(below) > 1:
            found += [
                Column(place, lower.width, lower.text, _named_field(lower.text) or field_of(cell.text))
                for place, lower in below
            ]
        else:
            heading = " ".join([cell.text, *(lower.text for _, lower in below)]).strip()
            found.append(Column(index, cell.width, heading, _named_field(heading)))
    return _sorted_out(found)


def _sorted_out(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Of two columns of measures (มาตรการ beside กิจกรรม) the second holds the steps, if none else does."""
    titles = [column for column in columns if column.field is Field.TITLE]
    if len(titles) < 2:
        return tuple(columns)
    first = min(titles, key=lambda column: _rank(column.heading))
    has_steps = any(column.field is Field.STEPS for column in columns)
    result = []
    for column in columns:
        field = column.field
        if field is Field.TITLE and column is not first:
            field = None if has_steps else Field.STEPS
            has_steps = True
        result.append(Column(column.index, column.width, column.heading, field))
    return tuple(result)


def _rank(heading: str) -> int:
    plain = without_spaces(heading)
    return next((rank for rank, word in enumerate(_TITLE_WORDS) if word in plain), len(_TITLE_WORDS))


def head_at(rows: Sequence[Row], place: int) -> tuple[tuple[Column, ...], int] | None:
    """The columns whose head begins with the row at a place, and how many rows it has; None if none does."""
    row = rows[place]
    filled = row.filled
    if len(filled) < 2 or not _is_short(row):
        return None
    count = 1
    # A cell that reaches down from the first row takes the next row into the head.
    while place + count < len(rows) and count < 3 and _reaches_down(rows[place + count]):
        count += 1
    for size in dict.fromkeys((count, 1)):
        columns = columns_of(rows[place : place + size])
        if is_head(columns):
            return columns, size
    return None


def _reaches_down(row: Row) -> bool:
    # Below a head some cells continue and others hold short subheadings.
    return any(cell.continued for cell in row.cells) and _is_short(row)


def _is_short(row: Row) -> bool:
    """Whether a row may be a head: no sentences, nothing numbered."""
    return not any(
        len(cell.text) > 2 * HEADING_LENGTH or _NUMBERED.match(cell.text) or cell.day for cell in row.filled
    )


def _says_little_else(heading: str) -> bool:
    """Whether a heading holds the words of headings and hardly more: measures have titles that do, too."""
    return len(_FILLERS.sub("", without_spaces(heading))) <= MAX_ELSE


def is_head(columns: Sequence[Column]) -> bool:
    """Whether headings are those of a plan: a measure, something else, and little that is not known."""
    # A status may be a heading, to be ticked below; in the rows of a plan it stands more often.
    named = [column for column in columns if column.heading and not phrase_of(column.heading)]
    known = {column.field for column in named} - {None, Field.IGNORED}
    recognised = sum(column.field is not None for column in named)
    plain = sum(column.field is not None and _says_little_else(column.heading) for column in named)
    return Field.TITLE in known and len(known) > 1 and 2 * recognised >= len(named) and plain > 1
