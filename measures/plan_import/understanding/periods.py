"""Columns of months or quarters, below which ticks and bars say when something is done."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.thai_calendar import MONTHS, SHORT_MONTHS, arabic_digits
from measures.plan_import.tables.table import without_spaces
from measures.plan_import.understanding.dates import due_date

_MONTH_NUMBERS: Final = {
    name.replace(".", ""): number
    for names in (MONTHS, SHORT_MONTHS, [name.removesuffix("คม").removesuffix("ยน") for name in MONTHS])
    for number, name in enumerate(names, 1)
}
_MONTH: Final = "|".join(sorted(map(re.escape, _MONTH_NUMBERS), key=len, reverse=True))
_ONE_MONTH: Final = re.compile(rf"(?:เดือน)?(?P<month>{_MONTH})(?:พศ)?(?P<year>[0-9]{{4}}|[0-9]{{2}})?")
_QUARTER: Final = re.compile(
    r"(?:ไตรมาส(?:ที่)?|q)(?P<quarter>[1-4])(?:/?(?:ปี)?(?P<year>[0-9]{4}|[0-9]{2}))?(?:\(.{1,30}\)|[:/].{1,30})?"
)
_YEAR: Final = re.compile(r"(?<!ปีงบประมาณ)(?:พ\.?ศ\.?|ปี)?(25[0-9]{2})")
# Ticks, arrows and bars drawn with letters. ü and P are ticks in the fonts of symbols that Word offers.
TICK: Final = re.compile(
    r"(?:[✓✔√☑☒■●◉•*★▲►▶◄◀→←↔⟶⟵⇒⇔█▬▓▒━─—–_=<>|/🗸✅üP\uf0fc\uf0fe\uf052-]|TRUE|[xX×])(?:[✓✔√■●•*►▶◄◀→←↔⟶⟵█▬▓▒━─—–_=<>|\s.-])*"
)
NO_TICK: Final = re.compile(r"(?:FALSE|0|[-–—.☐□○◯]|\(\s*\)|\[\s*\])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Period:
    """A column's months: its heading as it is shown, and the text from which its last day is read."""

    shown: str
    said: str


def period_of(heading: str, above: Sequence[str] = ()) -> Period | None:
    """The month or quarter that a heading names and nothing else.

    Args:
        above: the headings that stretch over it, the nearest last: พ.ศ. 2566, ไตรมาส, เดือน.
    """
    plain = without_spaces(arabic_digits(heading)).lower().replace(".", "")
    if match := _QUARTER.fullmatch(plain):
        year = f"/{match['year']}" if match["year"] and len(match["year"]) == 4 else ""
        return Period(heading, f"ไตรมาส {match['quarter']}{year}")
    if match := _ONE_MONTH.fullmatch(plain):
        name = MONTHS[_MONTH_NUMBERS[match["month"]] - 1]
        year = match["year"] or _calendar_year(above)
        return Period(heading, f"{name} {year}" if year else name)
    return _numbered(plain, heading, above) if above else None


def _numbered(plain: str, heading: str, above: Sequence[str]) -> Period | None:
    """A bare number below ไตรมาส is a quarter; below a month it is a week of it."""
    if not plain.isdecimal() or len(plain) > 2:
        return None
    of_month = period_of(above[-1], above[:-1])
    if of_month:
        return of_month
    if "ไตรมาส" in above[-1] and 1 <= int(plain) <= 4:
        return Period(f"ไตรมาส {heading}", f"ไตรมาส {plain}")
    if "เดือน" in above[-1] and 1 <= int(plain) <= 12:
        name = MONTHS[int(plain) - 1]
        return Period(name, name)
    return None


def _calendar_year(above: Sequence[str]) -> str:
    for text in reversed(above):
        found = _YEAR.fullmatch(without_spaces(arabic_digits(text)))
        if found:
            return found[1]
    return ""


def is_ticked(text: str) -> bool:
    """Whether a cell says no more than that it is ticked."""
    return bool(TICK.fullmatch(text)) and not NO_TICK.fullmatch(text)


def is_empty(text: str) -> bool:
    """Whether a cell of a column to be ticked says that it is not."""
    return not text.strip() or bool(NO_TICK.fullmatch(text.strip()))


def time_of(periods: Sequence[tuple[int, Period]], fiscal_year: int) -> tuple[str, date | None]:
    """The due text of ticked periods, each with its place among the columns, and the last day of them."""
    shown: list[list[str]] = []
    last = None
    for place, period in periods:
        if last is not None and place <= last + 1:
            if shown[-1][-1] != period.shown:
                shown[-1].append(period.shown)
        else:
            shown.append([period.shown])
        last = place
    text = ", ".join(run[0] if len(run) == 1 else f"{run[0]} - {run[-1]}" for run in shown)
    days = [day for _, period in periods if (day := due_date(period.said, fiscal_year)[0])]
    return text, max(days, default=None)
