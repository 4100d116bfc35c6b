"""What of a text no line may end in: names, a number and what it counts, what a hyphen joins, labels."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Final

DIGIT: Final = "[0-9\u0e50-\u0e59]"
SPACE: Final = re.compile(" ")
BETWEEN: Final = re.compile(rf"(?<!{DIGIT}) ")
NUMBER: Final = rf"{DIGIT}(?:[.,:/]?{DIGIT})*"
# What stands before a number, and what a number counts.
BEFORE: Final = (
    "ร้อยละ พ.ศ. ค.ศ. ที่ ข้อ ข้อที่ มาตรา ครั้งที่ ฉบับที่ ลำดับที่ ตัวชี้วัดที่ แผ่นที่ ไตรมาส ไตรมาสที่ รอบ วันที่ เลขที่ "
    "หมู่ หมู่ที่ ม. โทร. จำนวน ประมาณ อย่างน้อย ไม่เกิน ไม่น้อยกว่า ภายใน ปี ประจำปี ระดับ ชั้น ฉบับ หน้า ตอน"
).split()
AFTER: Final = (
    "กิจกรรม กิโลเมตร ขั้นตอน ข้อ ครัวเรือน ครอบครัว ครั้ง คน คะแนน คัน เครื่อง โครงการ จังหวัด ฉบับ ชิ้น ชุด "
    "ช่อง ช่องทาง ชั่วโมง ชุมชน ด้าน เดือน ตัว ตัวชี้วัด ตำบล แต้ม นาที น. บาท ล้านบาท ล้าน พันบาท แสนบาท "
    "ประเภท ประเด็น ปี เปอร์เซ็นต์ แผ่น แผน ภาคส่วน มาตรการ เมตร ระดับ ราย รายการ รอบ รุ่น เรื่อง ไร่ "
    "โรงเรียน เล่ม วัน วันทำการ วินาที ส่วนราชการ สตางค์ สัญญา หมู่ หมู่บ้าน หน้า หน่วยงาน หลัง "
    "หลังคาเรือน แห่ง องค์กร อัน อำเภอ"
).split()
MONTHS: Final = (
    "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม "
    "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค."
).split()
# Words of the report itself, and offices that are longer than a word of the dictionary may be.
TERMS: Final = (
    "ขั้นตอน/วิธีการปฏิบัติ",
    "ปัญหา/อุปสรรค",
    "ยังไม่ได้ดำเนินการ",
    "อยู่ระหว่างดำเนินการ",
    "ดำเนินการแล้วเสร็จ",
    "กำหนดแล้วเสร็จ",
    "ผลการดำเนินงาน",
    "ผลการดำเนินการ",
    "องค์กรปกครองส่วนท้องถิ่น",
    "องค์การบริหารส่วนตำบล",
    "องค์การบริหารส่วนจังหวัด",
    "ทรัพย์สินของทางราชการ",
    "ผลประโยชน์ทับซ้อน",
    "หน่วยตรวจสอบภายใน",
    "กระทรวงมหาดไทย",
)


_names: ContextVar[tuple[str, ...] | None] = ContextVar("names", default=None)


@contextmanager
def keeping(names: Iterable[str] = ()) -> Iterator[None]:
    """Let no line end inside what belongs together, in all that is laid out meanwhile.

    Args:
        names: what is to stay whole besides, and besides the names of an outer call.
    """
    all_names = {" ".join(name.split()) for name in (*names, *(_names.get() or ()))} - {""}
    before = _names.set(tuple(sorted(all_names)))
    try:
        yield
    finally:
        _names.reset(before)


def names_to_keep() -> tuple[str, ...] | None:
    """The names of keeping(); nothing where lines may end anywhere."""
    return _names.get()


def kept(text: str, names: tuple[str, ...], has_room: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """The parts of a text inside which no line should end, from the first place of each to the one after.

    Args:
        text: a text or a part of it.
        names: what else is to stay whole: names of offices, as they are written in the text.
        has_room: whether a part fits on a line. One that does not is kept in parts, or not at all.
    """
    for match in pattern(names).finditer(text):
        yield from _that_fit(text, *match.span(), has_room)


def _that_fit(text: str, start: int, end: int, has_room: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    if has_room(text[start:end]):
        yield start, end
    # Rather not between a number and what it counts.
    elif space := BETWEEN.search(text, start + 1, end) or SPACE.search(text, start + 1, end):
        yield from _that_fit(text, start, space.start(), has_room)
        yield from _that_fit(text, space.end(), end, has_room)


@lru_cache(maxsize=64)
def pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    """What kept() looks for."""
    whole = _any_of({name for name in (*names, *TERMS) if name})
    year = rf"(?: ?พ\.ศ\.)? ?{DIGIT}{{4}}(?!{DIGIT})"
    date = rf"(?:(?:วันที่ ?)?{NUMBER} ?)?(?:{_any_of(MONTHS)})(?:{year})?"
    # What is counted may be the beginning of a longer word, which the dictionary keeps.
    counted = rf"(?:{_any_of(BEFORE)}) ?{NUMBER}(?: ?(?:{_any_of(AFTER)}))?"
    count = rf"{NUMBER} ?(?:%|{_any_of(AFTER)})"
    joined = r"(?<=\w)[-‐‑–]\w"
    return re.compile("|".join((whole, date, counted, count, joined)))


def _any_of(words: Iterable[str]) -> str:
    """The longest first; a space in a name is any white space."""
    return "|".join(
        r"\s+".join(map(re.escape, word.split()))
        for word in sorted(words, key=lambda word: (-len(word), word))
    )
