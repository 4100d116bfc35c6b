"""Which column holds what, by its Thai heading."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from measures.plan_import.model import Column, Field
from measures.plan_import.tables.table import Row, without_spaces
from measures.plan_import.understanding.head_words import NOTHING_KNOWN, Known, as_said, letters_of_heading
from measures.plan_import.understanding.periods import period_of
from measures.plan_import.understanding.spelling import folded, nearest
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
    "ไตรมาส": Field.DUE,
    "ไตรมาสที่": Field.DUE,
    "เดือน": Field.DUE,
    "วันสิ้นสุด": Field.DUE,
    "สิ้นสุด": Field.DUE,
    "กำหนดการ": Field.DUE,
    "การดำเนินการ": Field.STEPS,
    "การดำเนินงาน": Field.STEPS,
}
_FOLDED: Final = [(field, [folded(word) for word in words]) for field, words in _WORDS]
_WHOLE_FOLDED: Final = {folded(word): field for word, field in _WHOLE.items()}
# Columns of a summary: จำนวนมาตรการ is no measure.
_COUNTED: Final = tuple(map(folded, ("จำนวน", "ร้อยละ", "รวม", "%")))
_SPELLED: Final = {
    folded(word): field
    for field, words in (
        *_WORDS,
        (Field.STEPS, ("ขั้นตอน/วิธีการปฏิบัติ", "ขั้นตอนการดำเนินงาน", "วิธีการดำเนินการ", "ขั้นตอนการปฏิบัติ")),
        (Field.PARTIES, ("ผู้รับผิดชอบ", "หน่วยงานที่รับผิดชอบ", "ผู้รับผิดชอบหลัก")),
        (Field.DUE, ("ระยะเวลาดำเนินการ", "กำหนดแล้วเสร็จ", "กำหนดเวลา")),
        (Field.RESULT, ("ผลการดำเนินงาน", "ผลการดำเนินการ", "ผลการปฏิบัติงาน")),
        (Field.TITLE, ("มาตรการ/กิจกรรม", "มาตรการ/แนวทาง", "ชื่อมาตรการ", "มาตรการ/โครงการ")),
    )
    for word in words
    if len(word) > 4
}
# How much alike a misspelt heading is to the one that is meant.
NEAR_HEADING: Final = 0.78
# What a status says in a heading: ดำเนินการแล้ว, not "✓" or "80%".
TICKABLE: Final = re.compile("[ก-ฮ]")
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
    """What a heading stands for, spaces and tone marks ignored, or None where it is not known."""
    plain = letters_of_heading(heading)
    if not plain or len(plain) > HEADING_LENGTH:
        return None
    if plain in _WHOLE_FOLDED:
        return _WHOLE_FOLDED[plain]
    if plain.startswith(_COUNTED):
        return Field.IGNORED
    for field, words in _FOLDED:
        if any(word in plain for word in words):
            return field
    return None


def surely(heading: str) -> Field | None:
    """What a heading stands for by itself, where nobody has to look at it."""
    return Field.PERIOD if period_of(heading) else _named_field(heading)


def near_field(heading: str) -> Field | None:
    """What a heading that is not known is spelled most like; the caller marks it."""
    plain = letters_of_heading(heading)
    for part in (plain, *plain.split("/")):
        if near := nearest(part, _SPELLED, NEAR_HEADING):
            return _SPELLED[near]
    return None


def _named_field(heading: str) -> Field | None:
    """What a heading stands for; that of a column to be ticked is a status itself."""
    return field_of(heading) or (Field.TICKED if phrase_of(heading) else None)


def phrase_of(heading: str) -> str | None:
    """The status that a heading names and nothing else: the cells below it are ticked."""
    if len(heading) > HEADING_LENGTH:
        return None
    read = read_status(heading)
    return read.status if read.status and not read.rest and TICKABLE.search(heading) else None


def columns_of(rows: Sequence[Row], known: Known = NOTHING_KNOWN) -> tuple[Column, ...]:
    """The columns of a head of one or more rows; what a lower row adds is part of the heading above it."""
    found = []
    for index, cell in rows[0].placed():
        leaves = list(_leaves(rows[1:], index, cell.width, [cell.text]))
        for place, width, texts in leaves:
            # A heading over several: each has a heading of its own.
            heading = " ".join(filter(None, texts)) if len(leaves) == 1 else texts[-1]
            column = _column(place, width, heading, texts, is_one=len(leaves) == 1)
            found.append(as_said(column, known))
    return _sorted_out(found)


def _leaves(
    rows: Sequence[Row], index: int, width: int, texts: list[str]
) -> Iterator[tuple[int, int, list[str]]]:
    """The columns below a cell of the head: place, width, and the headings from the top down."""
    if not rows:
        yield index, width, texts
        return
    below = [
        (place, cell) for place, cell in rows[0].placed() if index <= place < index + width and cell.lines
    ]
    if len(below) < 2:
        more = [cell.text for _, cell in below]
        yield from _leaves(rows[1:], index, width, [*texts, *more])
        return
    for place, cell in below:
        yield from _leaves(rows[1:], place, cell.width, [*texts, cell.text])


def _column(index: int, width: int, heading: str, texts: Sequence[str], *, is_one: bool) -> Column:
    lowest, above = texts[-1], texts[:-1]
    if period := period_of(lowest, above):
        year = period.said.rpartition(" ")[2]
        is_said_above = year.isdecimal() and not re.search(r"[0-9๐-๙]", period.shown)
        return Column(index, width, f"{period.shown} {year}" if is_said_above else period.shown, Field.PERIOD)
    if len(texts) > 1 and not field_of(lowest) and phrase_of(lowest):
        return Column(index, width, lowest, Field.TICKED)
    field = _named_field(heading)
    if field is None and not is_one:
        field = next((named for text in reversed(above) if (named := field_of(text))), None)
    if field is None and (field := near_field(heading)):
        return Column(index, width, heading, field, guessed=True)
    return Column(index, width, heading, field)


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
        if field is Field.TITLE and column is not first and not (column.remembered or column.confirmed):
            field = None if has_steps else Field.STEPS
            has_steps = True
        result.append(replace(column, field=field))
    return tuple(result)


def _rank(heading: str) -> int:
    plain = without_spaces(heading)
    return next((rank for rank, word in enumerate(_TITLE_WORDS) if word in plain), len(_TITLE_WORDS))


def head_at(
    rows: Sequence[Row], place: int, known: Known = NOTHING_KNOWN
) -> tuple[tuple[Column, ...], int] | None:
    """The columns whose head begins with the row at a place, and how many rows it has; None if none does."""
    row = rows[place]
    filled = row.filled
    if len(filled) < 2 or not _is_short(row):
        return None
    count = 1
    # A cell that reaches down from the first row takes the next row into the head.
    while place + count < len(rows) and count < 4 and _reaches_down(rows[place + count]):
        count += 1
    for size in range(count, 0, -1):
        columns = columns_of(rows[place : place + size], known)
        if is_head(columns):
            return columns, size
    return None


def _reaches_down(row: Row) -> bool:
    """Whether a row below the first one of a head belongs to it."""
    filled = row.filled
    if not filled or any(len(cell.text) > 2 * HEADING_LENGTH or cell.day for cell in filled):
        return False
    # Some cells continue and others hold short subheadings.
    if any(cell.continued for cell in row.cells):
        return _is_short(row) or all(_is_below_a_period(cell.text) for cell in filled)
    return len(filled) > 1 and all(
        period_of(cell.text, ("ไตรมาส",)) or phrase_of(cell.text) for cell in filled
    )


def _is_below_a_period(text: str) -> bool:
    return len(text) <= 2 or bool(period_of(text))


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
    named = [
        column
        for column in columns
        if column.heading and column.field is not Field.PERIOD and not phrase_of(column.heading)
    ]
    known = {column.field for column in named} - {None, Field.IGNORED}
    recognised = sum(column.field is not None for column in named)
    plain = sum(
        column.field is not None
        and (column.remembered or column.confirmed or _says_little_else(column.heading))
        for column in named
    )
    return Field.TITLE in known and len(known) > 1 and 2 * recognised >= len(named) and plain > 1
