from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "หน่วยงานและผู้ใช้"

    def ready(self) -> None:
        """Connect what happens when the file of a job goes."""
        import_module("accounts.background.files")
