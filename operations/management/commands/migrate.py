"""manage.py migrate: Django's, which also waits while another process migrates the same database."""

from typing import Any

from django.core.management.commands.migrate import Command as DjangoCommand
from django.db import connections

from core.migration_lock import one_migration_at_a_time


class Command(DjangoCommand):
    """Of two machines that start together one works, and the other finds nothing left to do."""

    def handle(self, *args: Any, **options: Any) -> None:
        with one_migration_at_a_time(connections[options["database"]], self._say_that_it_waits):
            super().handle(*args, **options)

    def _say_that_it_waits(self) -> None:
        self.stderr.write("อีกโปรเซสหนึ่งกำลังปรับโครงสร้างฐานข้อมูลอยู่ รอให้เสร็จก่อน")
