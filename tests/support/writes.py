"""What is written to the database, noted and taken back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from accounts.repeats.watch import NOT_A_SAVE, WRITE


@contextmanager
def undone() -> Iterator[None]:
    """What is stored inside is taken back at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def writes_noted() -> Iterator[list[str]]:
    """What is written inside, but for sessions and counts of tries."""
    noted: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        found = WRITE.match(sql)
        if found and found[1] not in NOT_A_SAVE:
            noted.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield noted
