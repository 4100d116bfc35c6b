from importlib import import_module

from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "measures"
    verbose_name = "มาตรการ"

    def ready(self) -> None:
        """Connect what happens when evidence or a division goes, and what workers do here."""
        import_module("measures.bundle.making")
        import_module("measures.plan_import.background")
        import_module("measures.plan_import.readings")
        import_module("measures.evidence.quota")
        import_module("measures.evidence.signals")
        import_module("measures.parts.signals")
        import_module("measures.workbook.reading")
        import_module("measures.kept")
