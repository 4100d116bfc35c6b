"""Whether an original is of the plan's fiscal year, by its title, its days and its sheets' names."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from core.thai_calendar import FiscalYear, arabic_digits
from measures.plan_import.choices import YearQuestion
from measures.plan_import.model import Field
from measures.plan_import.tables.table import SHEET, Table
from measures.plan_import.understanding.dates import due_date
from measures.plan_import.understanding.raw import RawMeasure, RowPart

_SAID: Final = re.compile(
    r"(?:ปีงบประมาณ|ประจำปี|ปี)\s*(?:งบประมาณ)?\s*(?:พ\s*\.?\s*ศ\s*\.?)?\s*(?P<first>25\d\d)(?!\d)"
    r"(?:\s*(?:-|–|ถึง)\s*(?:พ\s*\.?\s*ศ\s*\.?)?\s*(?P<last>25\d\d)(?!\d))?"
)
_YEAR: Final = re.compile(r"(?<!\d)25\d\d(?!\d)")

BY_TITLE: Final = "หัวเรื่องกล่าวถึงปีงบประมาณ {year}"
BY_SHEET: Final = "ชื่อแผ่นงานกล่าวถึงปี {year}"
BY_DAYS: Final = "กำหนดแล้วเสร็จ {count} จาก {all} มาตรการอยู่ในปีงบประมาณ {year}"
ASKED: Final = (
    "เอกสารนี้น่าจะเป็นของปีงบประมาณ {found} แต่กำลังนำเข้าแผนปีงบประมาณ {plan}"
    " กรุณาเลือกว่าจะคงวันเดิม หรือเลื่อนวันไป {years} ปี"
)
DISAGREES: Final = "หัวเรื่องหรือชื่อแผ่นงานกล่าวถึงปีงบประมาณ {found} แต่กำหนดแล้วเสร็จอยู่ในปีงบประมาณ {plan} กรุณาตรวจ"


def year_question(
    tables: Sequence[Table], heading: Iterable[str], raws: Sequence[RawMeasure], plan: int, answer: int | None
) -> tuple[YearQuestion | None, int | None]:
    """The question that is to be asked, or None, and the other year of which only its title speaks, or None.

    Args:
        heading: the lines above its first table.
        plan: the fiscal year of the plan.
        answer: what was chosen.
    """
    lines = [*heading, *(line for table in tables for line in table.above)]
    titles = years_in(lines)
    sheets = {
        int(year)
        for table in tables
        if table.name.startswith(SHEET)
        for year in _YEAR.findall(arabic_digits(table.name))
    }
    days = Counter(year for raw in raws if (year := _year_of(raw, plan)))
    reasons, found = [], None
    if days:
        year, count = days.most_common(1)[0]
        if year == plan:
            said = next((other for years in (titles, sheets) for other in years if plan not in years), None)
            return None, said
        if 2 * count > sum(days.values()):
            found = year
            reasons.append(BY_DAYS.format(count=count, all=len(raws), year=year))
    for years, message in ((titles, BY_TITLE), (sheets, BY_SHEET)):
        if years and plan not in years:
            said = max(years)
            found = found or said
            reasons.append(message.format(year=said))
    if found is None:
        return None, None
    return YearQuestion(found, plan, tuple(reasons), answer), None


def years_in(lines: Iterable[str]) -> set[int]:
    """The fiscal years of which lines speak; "พ.ศ. 2566 - 2570" are five."""
    found: set[int] = set()
    for line in lines:
        for match in _SAID.finditer(arabic_digits(line)):
            first = int(match["first"])
            last = int(match["last"] or first)
            found.update(range(first, max(first, min(last, first + 20)) + 1))
    return found


def _year_of(raw: RawMeasure, plan: int) -> int | None:
    """The fiscal year in which a measure is due, where its text says the year."""
    days = [day for part in raw.parts.get(Field.DUE, ()) if (day := _said_day(part, plan))]
    return max(days) if days else None


def _said_day(part: RowPart, plan: int) -> int | None:
    if part.day:
        return FiscalYear.containing(part.day).number
    day, _ = due_date(part.text, plan)
    if day is None or day != due_date(part.text, plan + 1)[0]:
        return None
    return FiscalYear.containing(day).number
