"""Days and texts of one fiscal year's plan, as a later year's has them. No Django, no clock."""

import re
from datetime import date
from typing import Final

from core.thai_calendar import MONTHS, SHORT_MONTHS, arabic_digits, thai_digits

_DIGIT: Final = "[0-9๐-๙]"
_MONTH: Final = "|".join(re.escape(name) for name in (*MONTHS, *SHORT_MONTHS))
# A year is one of time where the words before it say so. After the name of an act or of a plan for several
# years (พ.ร.บ. … พ.ศ. 2566) it is part of that name.
_OF_TIME: Final = re.compile(
    rf"(?P<before>(?:ปีงบประมาณ|ประจำปี|ไตรมาส(?:ที่)?\s*{_DIGIT}|{_MONTH})\s*(?:ปี\s*)?(?:พ\.\s*ศ\.)?\s*)"
    rf"(?P<year>{_DIGIT}{{4}}|{_DIGIT}{{2}})(?!{_DIGIT})"
)
_ANY: Final = re.compile(rf"(?P<before>(?<!{_DIGIT}))(?P<year>{_DIGIT}{{4}})(?!{_DIGIT})")


def years_on(text: str, fiscal_year: int, years: int, *, is_due: bool = False) -> str:
    """A text of one year's plan as a later one's says it: ปีงบประมาณ พ.ศ. ๒๕๖๖ → ปีงบประมาณ พ.ศ. ๒๕๖๗.

    Years keep their digits, Thai or Arabic, four of them or two (มี.ค. 66). Those of the plan's own time are
    moved: the fiscal year, the calendar year in which it begins and the one after it.

    Args:
        fiscal_year: of the plan that the text comes from.
        years: how many years later; negative for an earlier one.
        is_due: the text says when something is due, so that every such year in it is one of time.
    """
    own = range(fiscal_year - 1, fiscal_year + 2)

    def moved(found: re.Match[str]) -> str:
        typed = found["year"]
        year = int(arabic_digits(typed))
        known = own if len(typed) == 4 else [each % 100 for each in own]
        if year not in known:
            return found[0]
        later = f"{(year + years) % 10 ** len(typed):0{len(typed)}}"
        return found["before"] + (later if typed.isascii() else thai_digits(later))

    # One or the other: both would move a year twice.
    if is_due and not _OF_TIME.search(text):
        return _ANY.sub(moved, text)
    return _OF_TIME.sub(moved, text)


def day_on(day: date, years: int) -> date:
    """The same day some years on; 29 February becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
