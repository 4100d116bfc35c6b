"""Adding lines to the log, always within the transaction of what they tell of."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

from django.db import connections, router, transaction

from ledger.entries import BEFORE_THE_FIRST, LogDraft, entry, sha256_of
from ledger.merkle import frontier, node_ending_with
from ledger.models import LogLine, LogSalt

# Of all transactions that append, one at a time: a number of our own for PostgreSQL's advisory locks.
LOCK: Final = 0x17A10606
THAILAND: Final = timezone(timedelta(hours=7))

Noted = LogDraft | Callable[[], LogDraft]
"""What is to be noted. A function is asked once nobody else can append: what it reads is the last that was
stored of what others may be changing at the same time.
"""

_collected: ContextVar[list[Noted] | None] = ContextVar("collected", default=None)


@contextmanager
def appends_last() -> Iterator[None]:
    """Hold back the lines of a transaction that notes several things, and add them at its end.

    Whoever appends keeps all others from appending until the transaction is over. So it must be the last
    thing that a transaction waits for, or two of them could wait for each other.
    """
    if _collected.get() is not None:
        yield
        return
    drafts: list[Noted] = []
    token = _collected.set(drafts)
    try:
        yield
    finally:
        _collected.reset(token)
    # Not where the block failed: its transaction is undone.
    append(*drafts)


def append(*drafts: Noted) -> None:
    """Add lines to the log; the caller's transaction makes them and what they tell of one.

    It is the last thing that the transaction waits for; appends_last() says why.

    Raises:
        TransactionManagementError: there is no transaction.
    """
    if not drafts:
        return
    held = _collected.get()
    if held is not None:
        held.extend(drafts)
        return
    write_lines(LogLine, LogSalt, drafts)


def forget(numbers: Sequence[int]) -> int:
    """Delete the salts of lines: what they hold of persons can be compared with nothing any more.

    Returns:
        How many lines had one.
    """
    return LogSalt.objects.filter(line__in=numbers).delete()[0]


def write_lines(lines: Any, salts: Any, drafts: Sequence[Noted], *, afterwards: bool = False) -> None:
    """Number, hash and store lines.

    Args:
        lines, salts: the two models, or what they were at the time of a migration.
        afterwards: they tell of what happened before the log was there.
    """
    connection = connections[router.db_for_write(lines)]
    connection.validate_no_broken_transaction()
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A line belongs to the transaction of what it tells of.")
    if connection.vendor == "postgresql":
        # On SQLite whoever writes holds the database already.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    # The true clock, also where a demonstration sets another.
    noted = datetime.now(UTC)
    last = lines.objects.order_by("-number").values("number", "sha256", "day").first()
    number, previous = (last["number"], last["sha256"]) if last else (0, BEFORE_THE_FIRST)
    day = noted.astimezone(THAILAND).date()
    if last:
        day = max(day, last["day"])
    nodes = _frontier(lines, number)
    made, made_salts = [], []
    for noted_as in drafts:
        draft = noted_as() if callable(noted_as) else noted_as
        number += 1
        salt = secrets.token_hex(32) if draft.personal else ""
        text = entry(draft, number, previous, salt, noted, afterwards=afterwards)
        previous = sha256_of(text)
        nodes[number] = node_ending_with(number, previous, nodes)
        made.append(
            lines(
                number=number,
                kind=draft.kind,
                subject=draft.subject,
                day=day,
                text=text,
                sha256=previous,
                node=nodes[number].hex(),
            )
        )
        if salt:
            made_salts.append(salts(line_id=number, value=salt))
    lines.objects.bulk_create(made, batch_size=500)
    salts.objects.bulk_create(made_salts, batch_size=500)


def _frontier(lines: Any, size: int) -> dict[int, bytes]:
    # Only what the next line joins is asked for where it alone comes; after it the others are at hand.
    if not size:
        return {}
    stored = lines.objects.filter(number__in=frontier(size)).values_list("number", "node")
    return {number: bytes.fromhex(node) for number, node in stored}
