from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "หน่วยงานและผู้ใช้"

    def ready(self) -> None:
        """Note each sign-in by a signal, say what is kept of people, and connect what goes with a job."""
        import_module("accounts.sessions.services")
        import_module("accounts.kept.of_accounts")
        import_module("accounts.background.files")
