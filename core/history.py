"""The history of a model's rows: that of django-simple-history, quicker."""

from functools import cache
from typing import Any

from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords as Records


class HistoryManagerMadeOnce(HistoryManager):  # type: ignore[misc]
    """Its class together with a queryset's is made once, not for each row that is stored."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: type, class_name: str | None = None) -> Any:
        """As models.Manager.from_queryset()."""
        return super().from_queryset(queryset_class, class_name)


class HistoricalRecords(Records):  # type: ignore[misc]
    """As that of django-simple-history; a third of the time of each line went into making a class."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"history_manager": HistoryManagerMadeOnce} | kwargs)
