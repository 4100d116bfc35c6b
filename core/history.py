"""The history of rows, as django-simple-history keeps it, without its greatest cost."""

from functools import cache
from typing import Any

from django.db.models import Model
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords


class ManagerMadeOnce(HistoryManager):  # type: ignore[misc]
    """A manager of history whose class with the queryset's methods is made once for all.

    The library's descriptor makes that class anew each time `history` is asked for, which is at each save: a
    third of the time of storing a row.
    """

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: type, class_name: str | None = None) -> type:
        made: type = super().from_queryset(queryset_class, class_name)
        return made


class KeptHistory(HistoricalRecords):  # type: ignore[misc]
    """The field of a model that keeps what its rows were; takes what HistoricalRecords takes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(history_manager=ManagerMadeOnce, **options)

    def create_historical_record_m2ms(self, history_instance: Any, instance: Model) -> None:
        """As the library's, which reads the row anew for each field, and what a new row cannot have."""
        if history_instance.history_type == "+":
            return
        for field in history_instance._history_m2m_fields:
            through, kept = field.remote_field.through, self.m2m_models[field]
            names = [each.attname for each in through._meta.fields]
            rows = through.objects.filter(**{field.m2m_field_name(): instance}).values(*names)
            kept.objects.bulk_create([kept(history=history_instance, **row) for row in rows])
