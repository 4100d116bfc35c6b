from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import pre_migrate


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "ส่วนกลาง"

    def ready(self) -> None:
        """A migration of a large site may take longer than any page may."""
        pre_migrate.connect(_take_as_long_as_needed, sender=self)


def _take_as_long_as_needed(using: str, **_: Any) -> None:
    """Lift the limits of statements for this connection, which the migrations then use."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("SET lock_timeout = 0")
