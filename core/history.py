"""The history of rows, as simple_history keeps it."""

from typing import Any

from simple_history.manager import HistoryDescriptor
from simple_history.models import HistoricalRecords as RecordsOfPackage


class OnceMadeDescriptor(HistoryDescriptor):  # type: ignore[misc]  # it has no types
    """Hands out a model's history; the class for that is made once and not at each save and each look."""

    def __init__(self, made: HistoryDescriptor) -> None:
        super().__init__(made.model, made.manager_class, made.queryset_class)
        self._of_model = self.manager_class.from_queryset(self.queryset_class)

    def __get__(self, instance: Any, owner: Any) -> Any:
        return self._of_model(self.model, instance)


class HistoricalRecords(RecordsOfPackage):  # type: ignore[misc]  # it has no types
    """Keeps each state of a row; to put a class together each time took a quarter of the time of a save."""

    def finalize(self, sender: Any, **kwargs: Any) -> None:
        """Called whenever a model of any kind is complete, in migrations too: thousands of times."""
        if self.cls is not sender and not self.inherit:
            return
        super().finalize(sender, **kwargs)
        made = vars(sender).get(self.manager_name)
        if isinstance(made, HistoryDescriptor):
            setattr(sender, self.manager_name, OnceMadeDescriptor(made))
