"""Two migrations of one database at once: one waits for the other."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.core.management import get_commands
from django.db import connection, connections

from core.migration_lock import one_migration_at_a_time

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_waits_for_the_other() -> None:
    says_that_it_waits, done = Event(), Event()

    def another() -> None:
        try:
            with one_migration_at_a_time(connection, says_that_it_waits.set):
                done.set()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with one_migration_at_a_time(connection, lambda: pytest.fail("nobody was there")):
            work = pool.submit(another)
            assert says_that_it_waits.wait(60)
            assert not done.is_set()
        work.result(60)
    with one_migration_at_a_time(connection, lambda: pytest.fail("nobody was there")):
        pass


def test_the_command_is_the_one_that_waits() -> None:
    assert get_commands()["migrate"] == "operations"
