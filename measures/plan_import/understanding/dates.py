"""The day by which something is due, from the words in which Thai offices say it."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from core.thai_calendar import BUDDHIST_ERA_OFFSET, MONTHS, SHORT_MONTHS, FiscalYear, arabic_digits

_LONGEST: Final = 500


def _short(name: str) -> str:
    """มี.ค. with or without its last dot or spaces; without any dot only before a year."""
    first, last = name.rstrip(".").split(".")
    return rf"{first}\s*\.\s*{last}\s*\.?|{first}{last}\.?(?=\s*\d)"


_MONTH: Final = "|".join(
    f"(?P<m{{n}}_{number}>{full}|{short})"
    for number, (full, short) in enumerate(zip(MONTHS, map(_short, SHORT_MONTHS), strict=True), 1)
)
_YEAR: Final = r"\s*,?\s*(?:ปี)?\s*(?:พ\s*\.?\s*ศ\s*\.?|ค\s*\.?\s*ศ\s*\.?)?\s*"
_QUARTER: Final = r"ไตรมาส\s*(?:ที่)?\s*"
_TO: Final = r"\s*(?:-|–|—|,|และ|ถึง)\s*"
_OF_YEAR: Final = rf"(?:\s*/?\s*(?:ของ)?\s*(?:ปี)?\s*(?:งบประมาณ)?{_YEAR}(?P<q_y>\d{{4}}))?"
_EXPRESSIONS: Final = re.compile(
    "|".join(
        (
            r"(?P<iso>(?P<iso_y>\d{4})-(?P<iso_m>\d{1,2})-(?P<iso_d>\d{1,2})(?!\d))",
            r"(?P<slash>(?<!\d)(?P<sl_d>\d{1,2})\s?[/.-]\s?(?P<sl_m>\d{1,2})\s?[/.-]\s?(?P<sl_y>\d{4}|\d{2})(?!\d))",
            r"(?P<month>(?:(?<!\d)(?:\d{1,2}\s*(?:-|–|—|ถึง)\s*)?(?P<mo_d>\d{1,2})\s*)?(?:เดือน\s*)?(?:"
            + _MONTH.format(n="o")
            + rf")(?:{_YEAR}(?P<mo_y>\d{{4}}|\d{{2}})(?!\d|\s*(?:-|–|ถึง)?\s*\d*\s*วัน))?)",
            rf"(?P<quarter>{_QUARTER}(?P<q>[1-4])(?!\d)(?P<qs>(?:{_TO}(?:{_QUARTER})?[1-4](?!\d))*){_OF_YEAR})",
            rf"(?P<fiscal>(?:ตลอด|ทั้ง|สิ้น|ภายใน|ใน|ปลาย)?\s*(?:ทั้ง)?\s*ปี\s*งบประมาณ(?:{_YEAR}(?P<fi_y>\d{{4}}|\d{{2}})(?!\d))?)",
            rf"(?P<year>(?:ตลอด|สิ้น|ทั้ง)\s*(?:ทั้ง)?\s*ปี(?:{_YEAR}(?P<ye_y>\d{{4}})(?!\d))?)",
            r"(?P<round>รอบ\s*(?:การรายงาน)?\s*(?P<ro>6|12)\s*เดือน)",
            r"(?P<bare>(?:ปี\s*(?:พ\s*\.?\s*ศ\s*\.?)?|พ\s*\.?\s*ศ\s*\.?)\s*(?P<ba_y>\d{4})(?!\d))",
        )
    )
)
# "ครั้งที่ 1 มี.ค. 2567" has no day; "รอบ 6 เดือน" is a time of its own.
_ROUND: Final = re.compile(
    r"(?:ครั้ง|รอบ(?:การรายงาน)?|งวด|ระยะ|ช่วง|ชุด|รุ่น|ขั้น(?:ตอน)?|กิจกรรม|ข้อ|ลำดับ|ฉบับ|ตอน|ภาคเรียน)\s*(?:ที่)?\s*"
    r"\d{1,2}(?!\d)(?:\s*/\s*\d{2,4}(?!\d))?\s*[:.)]?(?!\s*เดือน)"
)
_LISTED: Final = re.compile(r"(?:^|(?<=\s))(?:\(\d{1,2}\)|\d{1,2}\)|\d{1,2}\.(?=\s))\s*")
_VAGUE: Final = re.compile(r"ก่อน|หลัง|ประมาณ|คาด|ต้น|กลาง|ปลาย|ทุก|เริ่ม|เป็นต้นไป|นับ|เลื่อน|ขยาย|เดิม|แก้ไข")


@dataclass(frozen=True, slots=True)
class _Said:
    """A day that the text speaks of, and whether its year stood there in a form that leaves no doubt."""

    day: date | None
    sure: bool
    is_vague: bool = False


def due_date(text: str, fiscal_year: int) -> tuple[date | None, bool]:
    """The last day of the time that a text speaks of, and whether the text leaves no doubt about it.

    A month without a year is that month of the fiscal year, and a quarter is one of it: the second ends on
    31 March. Where several times are named, the last one named counts.

    Args:
        text: as an officer wrote it, with Thai or Arabic digits.
        fiscal_year: of the plan, Buddhist era.
    """
    plain = " ".join(arabic_digits(text[:_LONGEST]).split())
    plain = " ".join(_LISTED.sub("; ", _ROUND.sub("; ", plain)).split())
    found = list(_said(plain, FiscalYear(fiscal_year)))
    named = [said for said in found if not said.is_vague] or found
    if not named or named[-1].day is None:
        return None, False
    last = named[-1]
    rest = _EXPRESSIONS.sub(" ", plain)
    is_last_the_latest = all(said.day is None or said.day <= named[-1].day for said in found if said.sure)
    is_sure = last.sure and is_last_the_latest and not _VAGUE.search(rest) and not re.search(r"\d", rest)
    return last.day, is_sure and all(said.day for said in found)


def days_in(text: str, fiscal_year: int) -> list[date]:
    """All days of which a text speaks, in their order."""
    plain = " ".join(arabic_digits(text[:_LONGEST]).split())
    return [said.day for said in _said(_ROUND.sub("; ", plain), FiscalYear(fiscal_year)) if said.day]


def _said(plain: str, year: FiscalYear) -> Iterator[_Said]:
    for match in _EXPRESSIONS.finditer(plain):
        try:
            yield _read(match, year)
        except ValueError:
            yield _Said(None, sure=False)


def _read(match: re.Match[str], year: FiscalYear) -> _Said:
    if match["iso"]:
        return _day(int(match["iso_y"]), int(match["iso_m"]), int(match["iso_d"]), is_iso=True)
    if match["slash"]:
        return _day(_full(match["sl_y"]), int(match["sl_m"]), int(match["sl_d"]))
    if match["month"]:
        return _month(match, year)
    if match["quarter"]:
        last = int(re.findall(r"[1-4]", match["q"] + (match["qs"] or ""))[-1])
        return _quarter(last, FiscalYear(int(match["q_y"])) if match["q_y"] else year)
    if match["fiscal"]:
        said = _full(match["fi_y"]) if match["fi_y"] else year.number
        return _year_end(said, year)
    if match["year"]:
        return _year_end(int(match["ye_y"]) if match["ye_y"] else year.number, year)
    if match["round"]:
        return _Said(year.round_end(6 if match["ro"] == "6" else 12), sure=True)
    return replace(_year_end(int(match["ba_y"]), year), sure=False, is_vague=True)


def _full(written: str) -> int:
    """66 → 2566; a year of two digits is of this or the last half of this Buddhist century."""
    number = int(written)
    if len(written) > 2:
        return number
    if number < 50:
        raise ValueError(written)
    return 2500 + number


def _day(year: int, month: int, day: int, is_iso: bool = False) -> _Said:
    if 2400 <= year <= 2700:
        return _Said(date(year - BUDDHIST_ERA_OFFSET, month, day), sure=not is_iso)
    if not 1900 <= year <= 2200:
        raise ValueError(year)
    # A CE year is how machines write; a person may have meant anything.
    return _Said(date(year, month, day), sure=is_iso)


def _month(match: re.Match[str], year: FiscalYear) -> _Said:
    month = next(number for number in range(1, 13) if match[f"mo_{number}"])
    is_sure = True
    if match["mo_y"]:
        said = _full(match["mo_y"])
        if not 2400 <= said <= 2700:
            said, is_sure = said + BUDDHIST_ERA_OFFSET, False
    else:
        said = year.number - (month >= 10)
    ce = said - BUDDHIST_ERA_OFFSET
    if not 1900 <= ce <= 2200:
        raise ValueError(ce)
    day = int(match["mo_d"]) if match["mo_d"] else calendar.monthrange(ce, month)[1]
    return _Said(date(ce, month, day), sure=is_sure and bool(match["mo_y"]))


def _quarter(quarter: int, year: FiscalYear) -> _Said:
    _check(year.number)
    ends = {
        1: date(year.start.year, 12, 31),
        2: date(year.end.year, 3, 31),
        3: date(year.end.year, 6, 30),
        4: year.end,
    }
    return _Said(ends[quarter], sure=True)


def _year_end(said: int, year: FiscalYear) -> _Said:
    _check(said)
    return _Said(FiscalYear(said).end, sure=said == year.number)


def _check(year: int) -> None:
    if not 2400 <= year <= 2700:
        raise ValueError(year)
