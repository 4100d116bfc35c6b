from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "หน่วยงานและผู้ใช้"

    def ready(self) -> None:
        # Notes each sign-in by a signal.
        import accounts.sessions.services  # noqa: F401
