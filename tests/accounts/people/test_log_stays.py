"""The log of accounts is kept by the database itself: a line is never changed, replaced or deleted."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.events import acknowledge, note_event
from accounts.models import AccountEvent, AccountEventKind, User
from accounts.triggers import KEPT, TABLE

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(people: dict[str, User]) -> AccountEvent:
    return note_event(AccountEventKind.CHANGED, people["staff"], people["officer"], "โพสต์", [people["staff"]])


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return "never changed or deleted" in str(error)
    return False


def test_no_column_but_that_of_having_read_it_changes(line: AccountEvent) -> None:
    columns = {field.column for field in AccountEvent._meta.concrete_fields}
    assert columns - set(KEPT) == {"seen_at"}
    for column in KEPT:
        assert refused(f"UPDATE {TABLE} SET {column} = {column}")  # noqa: S608
    with pytest.raises(DatabaseError), transaction.atomic():
        line.save()


def test_no_line_goes(line: AccountEvent) -> None:
    assert refused(f"DELETE FROM {TABLE}")  # noqa: S608
    # REPLACE removes a row without a DELETE.
    if connection.vendor == "sqlite":
        assert refused(f"REPLACE INTO {TABLE} SELECT * FROM {TABLE}")  # noqa: S608
    assert AccountEvent.objects.get().detail == "โพสต์"


def test_having_read_it_is_stored_all_the_same(people: dict[str, User], line: AccountEvent) -> None:
    acknowledge(line, people["staff"])
    line.refresh_from_db()
    assert line.seen_at is not None
    assert line.seen_at <= timezone.now()
