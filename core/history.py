"""The history of rows, as django-simple-history keeps it, without its greatest cost."""

from functools import cache
from typing import Any

from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords


class ManagerMadeOnce(HistoryManager):
    """A manager of history whose class with the queryset's methods is made once for all.

    The library's descriptor makes that class anew each time `history` is asked for, which is at each save: a
    third of the time of storing a row.
    """

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: type, class_name: str | None = None) -> type:
        made: type = super().from_queryset(queryset_class, class_name)
        return made


class History(HistoricalRecords):
    """The field of a model that keeps what its rows were; takes what HistoricalRecords takes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(history_manager=ManagerMadeOnce, **options)
