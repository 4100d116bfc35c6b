"""The day by which a cell says that a measure is due, and what is doubtful about it."""

from datetime import date

from core.thai_calendar import FiscalYear, short_date
from measures.plan_import.understanding import sentences
from measures.plan_import.understanding.dates import days_in, due_date
from measures.plan_import.understanding.raw import RowPart


def time_of_part(part: RowPart, fiscal_year: int, *, any_year: bool) -> tuple[date | None, str]:
    """The day of a cell, and a Thai doubt about it or "".

    Args:
        any_year: it may lie outside the fiscal year.
    """
    if part.day:
        return part.day, "" if any_year else _of_another_year(part, part.day, fiscal_year)
    day, is_sure = due_date(part.text, fiscal_year)
    if day is None:
        return None, sentences.NO_DUE
    if not is_sure:
        return day, sentences.DUE_GUESSED.format(day=short_date(day))
    return day, "" if any_year else _of_another_year(part, day, fiscal_year)


def _of_another_year(part: RowPart, day: date, fiscal_year: int) -> str:
    year = FiscalYear(fiscal_year)
    if year.start <= day <= year.end:
        return ""
    # "เมษายน ๒๕๖๖ และ ตุลาคม ๒๕๖๖": what is done in the year is reported just after it.
    is_near = 0 < (day - year.end).days < 32
    if is_near and any(year.start <= other <= year.end for other in days_in(part.text, fiscal_year)):
        return ""
    return sentences.OTHER_YEAR.format(day=short_date(day), year=fiscal_year)
