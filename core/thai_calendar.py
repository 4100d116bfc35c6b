"""The Thai calendar and Thai digits, as public offices write them. Pure Python: no Django, no clock.

Years are Buddhist-era (พ.ศ.) integers: 2566 is 2023 CE. A fiscal year (ปีงบประมาณ) is named after the
year in which it ends and runs from 1 October to 30 September.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, Self

BUDDHIST_ERA_OFFSET: Final = 543
THAI_DIGITS: Final = "๐๑๒๓๔๕๖๗๘๙"
MONTHS: Final = (
    "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม".split()
)
SHORT_MONTHS: Final = "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.".split()

_TO_THAI = str.maketrans("0123456789", THAI_DIGITS)
_TO_ARABIC = str.maketrans(THAI_DIGITS, "0123456789")
_MONTH_NUMBERS = {name.rstrip("."): n for names in (MONTHS, SHORT_MONTHS) for n, name in enumerate(names, 1)}
_DATE = re.compile(r"(?P<day>\d{1,2}) (?P<month>\d{1,2}|[ก-๙.]+?)\.? (?P<year>\d{4})", re.ASCII)

RoundMonths = Literal[6, 12]


def thai_digits(value: object) -> str:
    """The text of value with every Arabic digit as a Thai one: 2566 → ๒๕๖๖."""
    return str(value).translate(_TO_THAI)


def arabic_digits(value: object) -> str:
    """The text of value with every Thai digit as an Arabic one: ๒๕๖๖ → 2566."""
    return str(value).translate(_TO_ARABIC)


def buddhist_year(day: date) -> int:
    """The Buddhist-era year of a day: 2023-03-31 → 2566."""
    return day.year + BUDDHIST_ERA_OFFSET


def long_date(day: date) -> str:
    """31 มีนาคม 2566, with Arabic digits."""
    return f"{day.day} {MONTHS[day.month - 1]} {buddhist_year(day)}"


def short_date(day: date) -> str:
    """31 มี.ค. 2566, with Arabic digits."""
    return f"{day.day} {SHORT_MONTHS[day.month - 1]} {buddhist_year(day)}"


def short_moment(local: datetime) -> str:
    """31 มี.ค. 2566 14:05 น., with Arabic digits, of a moment in the office's time zone."""
    return f"{short_date(local.date())} {local:%H:%M} น."


def numeric_date(day: date) -> str:
    """31/03/2566: what parse_date reads back, for a form field."""
    return f"{day.day:02}/{day.month:02}/{buddhist_year(day)}"


def parse_date(text: str) -> date:
    """Read a day as a Thai official types it: 31/3/2566, ๓๑ มี.ค. ๒๕๖๖, 31 มีนาคม พ.ศ. 2566.

    Raises:
        ValueError: not a day, or a year that is not of the Buddhist era (2400 to 2700): a CE year typed by
            habit would otherwise become a day five centuries ago.
    """
    plain = arabic_digits(text).replace("พ.ศ.", " ")
    plain = " ".join(re.split(r"[\s/\-]+", plain.strip()))
    match = _DATE.fullmatch(plain)
    if not match:
        raise ValueError(f"not a Thai date: {text!r}")
    month = match["month"]
    number = int(month) if month.isdecimal() else _MONTH_NUMBERS.get(month.rstrip("."), 0)
    year = int(match["year"])
    if not 2400 <= year <= 2700:
        raise ValueError(f"not a Buddhist-era year: {text!r}")
    return date(year - BUDDHIST_ERA_OFFSET, number, int(match["day"]))


@dataclass(frozen=True, order=True)
class FiscalYear:
    """A Thai fiscal year by its Buddhist-era number: FiscalYear(2566) is 2022-10-01 to 2023-09-30."""

    number: int

    @classmethod
    def containing(cls, day: date) -> Self:
        """The fiscal year in which a day falls."""
        return cls(buddhist_year(day) + (day.month >= 10))

    @property
    def start(self) -> date:
        return date(self.number - BUDDHIST_ERA_OFFSET - 1, 10, 1)

    @property
    def end(self) -> date:
        return date(self.number - BUDDHIST_ERA_OFFSET, 9, 30)

    def round_end(self, months: RoundMonths) -> date:
        """The last day that the six- or the twelve-month report speaks of; both begin on 1 October."""
        return date(self.end.year, 3, 31) if months == 6 else self.end

    def round_period(self, months: RoundMonths) -> str:
        """ตุลาคม 2565 - มีนาคม 2566, as the title of a report says it, with Arabic digits."""
        last = self.round_end(months)
        return (
            f"{MONTHS[self.start.month - 1]} {buddhist_year(self.start)}"
            f" - {MONTHS[last.month - 1]} {buddhist_year(last)}"
        )

    def round_on(self, day: date) -> "ReportingRound":
        """The round that is being worked on: the six-month one until its end, then the twelve-month one."""
        months: RoundMonths = 6 if day <= self.round_end(6) else 12
        end = self.round_end(months)
        return ReportingRound(months, end, (end - day).days)


@dataclass(frozen=True)
class ReportingRound:
    """A round seen from a day: its last day, and how many days are left (negative once it is over)."""

    months: RoundMonths
    end: date
    days_left: int
