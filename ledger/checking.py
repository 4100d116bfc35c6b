"""Walking the log from its first line: does each follow from the one before, and from heads kept elsewhere?"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ledger.entries import BEFORE_THE_FIRST, LogDraft, in_utc, salted, sha256_of
from ledger.heads import LogHead
from ledger.models import LogLine, LogSalt
from ledger.selectors import root_of
from ledger.services import THAILAND, frontier, node_ending_with

BATCH = 2_000


@dataclass(frozen=True)
class CheckedLine:
    """A line that was looked at; where it does not fit, what it says counts for nothing."""

    number: int
    kind: str
    subject: str
    entry: Mapping[str, Any]
    salt: str
    """Empty where the line has no personal field, or they were forgotten."""
    problem: str
    """In Thai; empty where the line fits."""


def walk(kept: Sequence[LogHead] = ()) -> Iterator[CheckedLine]:
    """Every line in order, with what is wrong with it as a line.

    Args:
        kept: heads from elsewhere. One that does not fit is said at the line with which it ended.
    """
    awaited = defaultdict(list)
    for head in kept:
        awaited[head.size].append(head.root)
    nodes: dict[int, bytes] = {}
    number, previous, day = 0, BEFORE_THE_FIRST, ""
    salts = dict(LogSalt.objects.values_list("line_id", "value"))
    stored = LogLine.objects.order_by("number").iterator(chunk_size=BATCH)
    for line in stored:
        number += 1
        entry, problem = _read(line, number, previous, day)
        previous, day = line.sha256, str(line.day)
        if not problem:
            nodes[number] = node_ending_with(number, line.sha256, nodes)
            if nodes[number].hex() != line.node:
                problem = "โหนดของต้นไม้แฮชไม่ตรงกับบรรทัด"
            elif any(root != _root(nodes, number) for root in awaited.pop(number, ())):
                problem = f"หัวบันทึกที่เก็บไว้ที่อื่น ({number} บรรทัด) ไม่ตรง: อดีตถูกเขียนใหม่"
        yield CheckedLine(number, line.kind, line.subject, entry, salts.get(line.number, ""), problem)
        if problem:
            # What follows is chained to what does not fit.
            return
    for size in sorted(awaited):
        if size > number:
            said = f"หัวบันทึกที่เก็บไว้ที่อื่นมี {size} บรรทัด แต่ในระบบเหลือ {number} บรรทัด"
            yield CheckedLine(number + 1, "", "", {}, "", said)
            return


def _root(nodes: Mapping[int, bytes], size: int) -> str:
    return root_of([nodes[number] for number in frontier(size)]).hex()


def _read(line: LogLine, number: int, previous: str, day: str) -> tuple[Mapping[str, Any], str]:
    """What a line says, and what is wrong with it."""
    if line.number != number:
        return {}, f"บรรทัดที่ {number} หายไป"
    if sha256_of(line.text) != line.sha256:
        return {}, "ข้อความไม่ตรงกับ SHA-256 ของบรรทัด"
    try:
        entry = json.loads(line.text)
        noted = datetime.fromisoformat(entry["noted"]).astimezone(THAILAND).date()
        told = [entry[name] for name in ("number", "previous", "kind", "subject")]
        # On days when the clock went back, the day of the line before.
        days = {str(noted), max(day, str(noted))}
    except (ValueError, KeyError, TypeError):
        return {}, "อ่านข้อความไม่ได้"
    if told[1] != previous:
        return {}, "ไม่ต่อจากบรรทัดก่อนหน้า"
    if told != [number, previous, line.kind, line.subject] or str(line.day) not in days:
        return {}, "คอลัมน์ไม่ตรงกับข้อความ"
    return entry, ""


def differences(line: CheckedLine, draft: LogDraft, *, with_time: bool = True) -> Sequence[str]:
    """The names of what a row says otherwise than its line.

    Args:
        draft: what would be noted of the row today. An empty personal field is not compared: the row has
            lost whom it named.
        with_time: whether the row knows when it happened.
    """
    found = _facts(line.entry.get("facts", {}), json.loads(json.dumps(draft.facts)))
    if with_time and line.entry.get("at") != in_utc(draft.at):
        found.append("at")
    personal = line.entry.get("personal", {})
    if line.salt:
        for name, value in draft.personal.items():
            if value and personal.get(name) != salted(line.salt, name, value):
                found.append(name)
    found += [name for name in personal if name not in draft.personal]
    return found


def _facts(noted: Mapping[str, Any], today: Mapping[str, Any]) -> list[str]:
    return [name for name in sorted({*noted, *today}) if noted.get(name) != today.get(name)]
