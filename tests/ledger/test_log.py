"""A line belongs to what it tells of; lines follow one another without a gap, whoever appends at once."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext
from time_machine import TimeMachineFixture

from accounts.models import Role, User
from accounts.noting import note_rights, rights_of
from ledger.checking import Walk, differences
from ledger.entries import BEFORE_THE_FIRST, LogDraft, canonical, salted, sha256_of
from ledger.heads import LogHead, heads_in
from ledger.merkle import leaf_hash, root, tree_of
from ledger.models import LogKind, LogLine, LogSalt
from ledger.selectors import current_head, head_at
from ledger.services import append, appends_last, forget
from tests.support.factories import make_person
from tests.support.work import WITHOUT_END

NOW = datetime(2023, 4, 1, 3, tzinfo=UTC)


def draft(number: int = 1, **personal: str) -> LogDraft:
    return LogDraft(LogKind.PUBLISHED, f"edition:{number}", NOW, {"edition": number}, personal)


def append_many(count: int, first: int = 1) -> None:
    with transaction.atomic():
        append(*(draft(first + place) for place in range(count)))


def problems() -> list[str]:
    return [line.problem for line in Walk().lines() if line.problem]


@pytest.mark.django_db
def test_a_line_is_canonical_json_that_holds_the_hash_of_the_line_before() -> None:
    append_many(1)
    with transaction.atomic():
        append(draft(2, by="ใครคนหนึ่ง"))
    first, second = LogLine.objects.all()
    assert json.loads(first.text)["previous"] == BEFORE_THE_FIRST
    told = json.loads(second.text)
    assert canonical(told) == second.text
    assert told["previous"] == first.sha256 == sha256_of(first.text)
    assert (told["number"], told["at"], told["afterwards"]) == (2, "2023-04-01T03:00:00.000000+00:00", False)
    assert told["facts"] == {"edition": 2}
    # Who did it is not to be read, nor to be found by trying names without the salt.
    assert told["personal"] == {"by": salted(second.salt.value, "by", "ใครคนหนึ่ง")}
    assert len(second.salt.value) == 64
    assert not LogSalt.objects.filter(line=first).exists()


@pytest.mark.django_db
def test_who_is_forgotten_cannot_be_compared_and_the_log_still_fits() -> None:
    append_many(1)
    with transaction.atomic():
        append(draft(2, by="ก"))
    line = list(Walk().lines())[1]
    assert differences(line, draft(2, by="ข")) == ["by"]
    assert differences(line, draft(2, by="ก")) == []
    assert forget([2]) == 1
    forgotten = list(Walk().lines())[1]
    assert differences(forgotten, draft(2, by="ข")) == []
    assert problems() == []


@pytest.mark.django_db
def test_what_is_undone_leaves_no_line() -> None:
    def fails() -> None:
        append(draft())
        raise ZeroDivisionError

    for held_back in (nullcontext(), appends_last()):
        with pytest.raises(ZeroDivisionError), transaction.atomic(), held_back:
            fails()
    assert current_head().size == 0


@pytest.mark.django_db
def test_what_is_held_back_is_read_and_written_at_the_end() -> None:
    said = "before"

    def late() -> LogDraft:
        return LogDraft(LogKind.PUBLISHED, "edition:2", NOW, {"said": said})

    with transaction.atomic(), appends_last():
        append(draft(1))
        with appends_last():
            append(late)
        assert current_head().size == 0
        said = "after"
    assert [json.loads(line.text)["facts"] for line in LogLine.objects.all()] == [
        {"edition": 1}, {"said": "after"},
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_no_line_without_the_transaction_of_what_it_tells_of() -> None:
    with pytest.raises(TransactionManagementError):
        append(draft())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_logline SET text = ''",
        "DELETE FROM ledger_logline",
        "UPDATE ledger_logline SET day = '2023-01-01' WHERE number = 1",
    ],
)
def test_the_database_keeps_its_lines(change: str) -> None:
    append_many(2)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert problems() == []


@pytest.mark.django_db
def test_every_head_is_the_root_of_a_tree_that_is_made_from_nothing() -> None:
    """Whether lines came one by one or many at once."""
    heads = [current_head()]
    for count in (1, 2, 1, 7, 1, 1, 4):
        append_many(count)
        heads.append(current_head())
    leaves = [leaf_hash(bytes.fromhex(line.sha256)) for line in LogLine.objects.all()]
    for head in heads:
        assert head == LogHead(head.size, root(tree_of(leaves), head.size).hex()) == head_at(head.size)
    assert problems() == []


@pytest.mark.django_db
def test_a_day_never_lies_before_the_day_of_the_line_before(time_machine: TimeMachineFixture) -> None:
    for day in (3, 1, 4):
        time_machine.move_to(datetime(2090, 1, day, 12, tzinfo=UTC), tick=False)
        append_many(1)
    assert [line.day.day for line in LogLine.objects.all()] == [3, 3, 4]
    assert problems() == []


@pytest.mark.django_db
def test_a_line_costs_the_same_however_long_the_log_is() -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries, transaction.atomic():
            append(draft(1, by="ก"))
        return len([query for query in queries if "SAVEPOINT" not in query["sql"]])

    append_many(1)
    few = cost()
    append_many(600)
    assert cost() == few <= 5


@pytest.mark.django_db(transaction=True)
def test_who_appends_at_once_makes_one_chain() -> None:
    """On their own connections, each with some lines in a transaction."""
    together = Barrier(4)

    def work(place: int) -> None:
        try:
            together.wait(timeout=WITHOUT_END)
            for turn in range(5):
                append_many(2, 100 * place + turn)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert current_head().size == 40
    assert problems() == []


@pytest.mark.django_db(transaction=True)
def test_rights_that_change_at_once_are_noted_as_they_were_left() -> None:
    """A line that reads a row waits for the others first: what another has changed meanwhile is in it."""
    person = make_person("someone", Role.ADMIN)
    together = Barrier(3)

    def work(field: str) -> None:
        try:
            together.wait(timeout=WITHOUT_END)
            with transaction.atomic():
                User.objects.filter(pk=person.pk).update(**{field: True})
                note_rights(person.pk)
        finally:
            connections.close_all()

    fields = ("is_staff", "is_superuser", "is_overseer")
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, fields))
    last = LogLine.objects.order_by("-number")[0]
    told = json.loads(last.text)["personal"]["rights"]
    assert told == salted(last.salt.value, "rights", rights_of(person.pk))


def test_heads_are_found_in_any_text() -> None:
    one, two = LogHead(3, "a" * 64), LogHead(12, "b" * 64)
    text = f"เรียน\n> {two}\n2023-04-01 {one} (ยังไม่สิ้นวัน)\n{one}\n3 {'c' * 63}\n3 {'d' * 65}"
    assert list(heads_in(text)) == [one, two]
