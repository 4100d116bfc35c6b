"""manage.py migrate: Django's, which also waits while another process migrates the same database."""

from typing import Any, Final

from django.core.management.commands.migrate import Command as DjangoCommand
from django.db import connections

from core.apps import take_as_long_as_needed
from core.migration_lock import one_migration_at_a_time
from operations.empty_database import make_tables_of_empty_database

# With any of them something else is asked than to apply all migrations.
SAYS_OTHERWISE: Final = ("app_label", "plan", "check_unapplied", "prune", "fake", "fake_initial")


class Command(DjangoCommand):
    """Of two machines that start together one works, and the other finds nothing left to do."""

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        self.verbosity = options["verbosity"]
        with one_migration_at_a_time(connection, self._say_that_it_waits):
            if not any(options[name] for name in SAYS_OTHERWISE):
                take_as_long_as_needed(using=connection.alias)
                made = make_tables_of_empty_database(connection, self.migration_progress_callback)
                if made and self.verbosity:
                    self.stdout.write("All tables of the empty database are made.")
            # Applies what is left, and tells all apps.
            super().handle(*args, **options)

    def _say_that_it_waits(self) -> None:
        self.stderr.write("อีกโปรเซสหนึ่งกำลังปรับโครงสร้างฐานข้อมูลอยู่ รอให้เสร็จก่อน")
