from importlib import import_module

from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "measures"
    verbose_name = "มาตรการ"

    def ready(self) -> None:
        """Connect what has to happen whenever evidence is deleted, and what workers do here."""
        import_module("measures.plan_import.background")
        import_module("measures.evidence.signals")
