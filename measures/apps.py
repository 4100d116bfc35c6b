from importlib import import_module

from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "measures"
    verbose_name = "มาตรการ"

    def ready(self) -> None:
        """Connect what has to happen when evidence is deleted or a division removed, by whatever way."""
        import_module("measures.evidence.signals")
        import_module("measures.parts.signals")
