from importlib import import_module

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "operations"
    verbose_name = "การดูแลระบบ"

    def ready(self) -> None:
        """Tell workers what is done each night, and the administrator's page how old the backup is."""
        import_module("operations.backup.nightly")
        import_module("operations.debris.nightly")
