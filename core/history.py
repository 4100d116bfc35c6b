"""The history of rows as simple_history keeps it, without what it makes and asks again at each change."""

from functools import cache
from typing import Any

from django.db.models import Model, QuerySet
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords as LibraryRecords


class _Manager(HistoryManager):  # type: ignore[misc]
    """The manager of a history, of a class that is made once."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: type[QuerySet[Model]], class_name: str | None = None) -> Any:
        """As Django's; the library calls it whenever a history is asked for, and for each line of one."""
        return super().from_queryset(queryset_class, class_name)


class HistoricalRecords(LibraryRecords):  # type: ignore[misc]
    """Keeps each state of a model's rows, with who made it and when."""

    def __init__(self, **options: Any) -> None:
        super().__init__(history_manager=_Manager, **options)

    def create_historical_record_m2ms(self, history_instance: Any, instance: Model) -> None:
        """As the library's, which reads the row anew for each field and what a new row cannot have."""
        if history_instance.history_type == "+":
            return
        for field in history_instance._history_m2m_fields:
            through, kept = field.remote_field.through, self.m2m_models[field]
            names = [each.attname for each in through._meta.fields]
            rows = through.objects.filter(**{field.m2m_field_name(): instance}).values(*names)
            kept.objects.bulk_create(kept(history=history_instance, **row) for row in rows)
