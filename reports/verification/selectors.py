"""Does the log fit, and do editions, their files and their evidence fit what the log says of them?"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.core.files.storage import default_storage
from django.db import connection, transaction

from ledger.checking import CheckedLine, differences, walk
from ledger.heads import LogHead
from ledger.models import LogKind, LogLine
from measures.models import Evidence
from reports.verification.rows import RowKey, RowToCheck, key_of, rows_to_check

UNTIMED = frozenset({LogKind.FILE_STORED.value})
"""Kinds of lines of rows that do not know when they were made."""


@dataclass(frozen=True)
class Misfit:
    """Something that is not as the log says."""

    number: int
    """Of the line; 0 for a row that has none."""
    where: str
    said: str

    def __str__(self) -> str:
        place = f"บรรทัดที่ {self.number} (line {self.number})" if self.number else "ไม่มีบรรทัด (no line)"
        return f"{place} {self.where}: {self.said}"


@dataclass
class Verification:
    """What was looked at and what does not fit, in the order of the log."""

    head: LogHead | None = None
    lines: int = 0
    editions: int = 0
    files: int = 0
    evidence: int = 0
    misfits: list[Misfit] = field(default_factory=list)


def verify(kept: Sequence[LogHead] = ()) -> Verification:
    """Walk the log, then what it tells of, as they stood at one moment; nobody who works has to wait."""
    with _one_moment():
        return _verify(kept)


def _verify(kept: Sequence[LogHead]) -> Verification:
    done = Verification()
    lines: dict[RowKey, CheckedLine] = {}
    for line in walk(kept):
        if line.problem:
            done.misfits.append(Misfit(line.number, f"{line.kind} {line.subject}".strip(), line.problem))
            return done
        done.lines = line.number
        if line.kind == LogKind.UNPUBLISHED:
            lines.pop(RowKey(LogKind.PUBLISHED.value, line.subject), None)
        else:
            # Of several the last holds: published again.
            lines[key_of(line)] = line
    evidence: dict[int, set[str]] = {}
    for row in rows_to_check(_submissions_of(lines), evidence):
        done.editions += row.draft.kind == LogKind.APPROVED
        done.files += row.draft.kind == LogKind.FILE_STORED
        done.misfits += _compared(row, lines.pop(row.key, None))
    # What is forgotten may be gone.
    gone = [line for line in lines.values() if line.kind != LogKind.ACCOUNT or line.salt]
    done.misfits += [
        Misfit(line.number, f"{line.kind} {line.subject}", "ไม่พบแถวที่บรรทัดนี้กล่าวถึง") for line in gone
    ]
    done.evidence, problems = _evidence(evidence)
    done.misfits += problems
    done.misfits.sort(key=lambda misfit: (misfit.number == 0, misfit.number))
    return done


def _submissions_of(lines: dict[RowKey, CheckedLine]) -> dict[int, int]:
    facts = [line.entry["facts"] for key, line in lines.items() if key.kind == LogKind.APPROVED]
    return {fact["edition"]: fact["submission"] for fact in facts if fact.get("submission")}


def _compared(row: RowToCheck, line: CheckedLine | None) -> Iterator[Misfit]:
    where = f"{row.draft.kind} {row.draft.subject} {row.key.format}".strip()
    if line is None:
        yield Misfit(0, where, "แถวนี้ไม่มีในบันทึก")
        return
    if row.problem:
        yield Misfit(line.number, where, row.problem)
    elif found := differences(line, row.draft, with_time=row.draft.kind not in UNTIMED):
        yield Misfit(line.number, where, f"แถวไม่ตรงกับบันทึก: {', '.join(found)}")


def _evidence(told: dict[int, set[str]]) -> tuple[int, list[Misfit]]:
    """How many evidence files were read, and those that are not what approved reports say."""
    read: dict[str, str] = {}
    misfits = []
    numbers = dict(LogLine.objects.filter(kind=LogKind.APPROVED).values_list("subject", "number"))
    first = min(numbers.values(), default=0)
    for start in range(0, len(told), 500):
        keys = sorted(told)[start : start + 500]
        rows = Evidence.objects.in_bulk(keys)
        for pk in keys:
            row = rows.get(pk)
            said = ""
            if row is None:
                said = "ไม่พบหลักฐานที่รายงานอ้างถึง"
            elif told[pk] != {row.sha256}:
                said = "SHA-256 ของหลักฐานไม่ตรงกับที่รายงานอ้างถึง"
            else:
                name = row.file.name
                if name not in read:
                    read[name] = _disk_sha256(name)
                if read[name] != row.sha256:
                    said = f"ไฟล์ {name} บนดิสก์ไม่ใช่ไฟล์ที่เก็บไว้"
            if said:
                misfits.append(Misfit(first, f"evidence:{pk}", said))
    return len(read), misfits


def _disk_sha256(name: str) -> str:
    try:
        with default_storage.open(name) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    except OSError:
        return ""


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
