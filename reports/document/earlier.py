"""What a twelve-month report keeps of the six-month one before it, to stand beside it."""

from dataclasses import dataclass
from datetime import date

from core.thai_calendar import RoundMonths


@dataclass(frozen=True, slots=True)
class EarlierMeasure:
    """A measure as the earlier report had it: what everybody may read, and no evidence."""

    id: int
    """The number by which the system knows it; 0 where it knew none."""
    indicator: int
    title: str
    status: str
    status_label: str
    late: bool
    result: str
    steps_done: int
    steps_total: int


@dataclass(frozen=True, slots=True)
class EarlierEdition:
    """The last approved report of the round before, as it was when the later one was made."""

    months: RoundMonths
    revision: int
    code: str
    approved_on: date
    measures: tuple[EarlierMeasure, ...]
    """In its printed order."""
