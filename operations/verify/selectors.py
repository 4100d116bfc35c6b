"""Does the log fit, and do editions, their files, their evidence and everybody's rights fit what it says?"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection, transaction

from accounts.models import AccountEvent, User
from accounts.noting import rights_by_person
from ledger.checking import CheckedLine, Walk, differences
from ledger.entries import salted
from ledger.heads import LogHead
from ledger.models import LogKind
from operations.verify.evidence import ToldOfEvidence
from operations.verify.misfits import Misfit
from operations.verify.rows import RowKey, RowToCheck, key_of, rows_to_check

# Rows of these kinds do not know when they were made.
UNTIMED = frozenset({LogKind.FILE_STORED.value})


@dataclass
class Verification:
    """What was looked at and what does not fit, in the order of the log."""

    head: LogHead
    """Of the log as far as it fits."""
    editions: int = 0
    files: int = 0
    evidence: int = 0
    people: int = 0
    misfits: list[Misfit] = field(default_factory=list)


def verify(kept: Sequence[LogHead] = ()) -> Verification:
    """Walk the log, then what it tells of, as they stood at one moment; nobody who works has to wait.

    Args:
        kept: heads that were kept elsewhere.
    """
    with _one_moment():
        return _verify(kept)


def _verify(kept: Sequence[LogHead]) -> Verification:
    misfits: list[Misfit] = []
    walk = Walk(kept)
    lines: dict[RowKey, CheckedLine] = {}
    for line in walk.lines():
        if line.problem:
            misfits.append(Misfit(line.number, f"{line.kind} {line.subject}".strip(), line.problem))
        elif line.kind == LogKind.UNPUBLISHED:
            lines.pop(RowKey(LogKind.PUBLISHED.value, line.subject), None)
        else:
            # Of several the last holds: published again.
            lines[key_of(line)] = line
    done = Verification(LogHead(walk.size, walk.root_at(walk.size)), misfits=misfits)
    if not done.misfits:
        _compare(done, walk, lines)
    done.misfits.sort(key=lambda misfit: (misfit.number == 0, misfit.number))
    return done


def _compare(done: Verification, walk: Walk, lines: dict[RowKey, CheckedLine]) -> None:
    evidence = ToldOfEvidence()
    done.people, problems = _rights(lines)
    done.misfits += problems
    for row in rows_to_check(_submissions_of(lines)):
        done.editions += row.draft.kind == LogKind.APPROVED
        done.files += row.draft.kind == LogKind.FILE_STORED
        line = lines.pop(row.key, None)
        if line is not None:
            evidence.add(line.number, row.evidence)
        done.misfits += _compared(row, line, walk)
    # Of whom is forgotten, the event may be gone.
    gone = [line for line in lines.values() if line.kind != LogKind.ACCOUNT or line.salt]
    done.misfits += [
        Misfit(line.number, f"{line.kind} {line.subject}", "ไม่พบแถวที่บรรทัดนี้กล่าวถึง") for line in gone
    ]
    done.evidence, problems = evidence.compared()
    done.misfits += problems


def _submissions_of(lines: Mapping[RowKey, CheckedLine]) -> dict[int, int]:
    facts = [line.facts for key, line in lines.items() if key.kind == LogKind.APPROVED]
    return {fact["edition"]: fact["submission"] for fact in facts if fact.get("submission")}


def _compared(row: RowToCheck, line: CheckedLine | None, walk: Walk) -> Iterator[Misfit]:
    where = f"{row.draft.kind} {row.draft.subject} {row.key.format}".strip()
    if line is None:
        yield Misfit(0, where, "แถวนี้ไม่มีในบันทึก")
        return
    printed = row.printed
    if row.problem:
        yield Misfit(line.number, where, row.problem)
    elif found := differences(line, row.draft, with_time=row.draft.kind not in UNTIMED):
        yield Misfit(line.number, where, f"แถวไม่ตรงกับบันทึก: {', '.join(found)}")
    elif printed and (printed.size >= line.number or printed.root != walk.root_at(printed.size)):
        yield Misfit(line.number, where, f"หัวบันทึกที่พิมพ์ในฉบับ ({printed.size} บรรทัด) ไม่ตรงกับบันทึก")


def _rights(lines: dict[RowKey, CheckedLine]) -> tuple[int, list[Misfit]]:
    """How many accounts there are, and those that may do what their last line does not say.

    Takes the lines of rights, which have no other row, out of the lines.
    """
    people = list(User.objects.order_by("pk").values_list("pk", flat=True))
    last: dict[int, CheckedLine] = {}
    for pk, person in AccountEvent.objects.order_by("pk").values_list("pk", "person_id"):
        line = lines.get(RowKey(LogKind.ACCOUNT.value, f"event:{pk}"))
        if line is not None and (person not in last or last[person].number < line.number):
            last[person] = line
    for key in [key for key in lines if key.kind == LogKind.RIGHTS]:
        line = lines.pop(key)
        person = line.facts["person"]
        if person not in last or last[person].number < line.number:
            last[person] = line
    misfits = [
        Misfit(line.number, f"rights person:{person}", "ไม่พบบัญชีที่บันทึกกล่าวถึง")
        for person, line in last.items()
        if person not in set(people)
    ]
    today = rights_by_person(None)
    for person in people:
        line = last.get(person)
        if line is None:
            misfits.append(Misfit(0, f"rights person:{person}", "บัญชีนี้ไม่มีในบันทึก"))
        elif line.salt and line.entry["personal"]["rights"] != salted(line.salt, "rights", today[person]):
            misfits.append(Misfit(line.number, f"rights person:{person}", "สิทธิ์ของบัญชีไม่ตรงกับบันทึก"))
    return len(people), misfits


@contextmanager
def _one_moment() -> Iterator[None]:
    """Everything that is read stands as it did at the beginning; nobody is kept from writing."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # Not atomic(), which on SQLite takes the place of whoever writes.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")
