"""Walking the log: does each line follow from the one before, and do heads that were kept elsewhere fit?"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ledger.entries import BEFORE_THE_FIRST, LogDraft, in_utc, salted, sha256_of
from ledger.heads import LogHead
from ledger.merkle import frontier, node_ending_with, root_of
from ledger.models import LogLine, LogSalt
from ledger.services import THAILAND

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

    @property
    def facts(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.entry.get("facts", {})
        return found


class Walk:
    """A walk over the log, once, in order."""

    def __init__(self, kept: Sequence[LogHead] = ()) -> None:
        """Read nothing yet.

        Args:
            kept: heads from elsewhere. One that does not fit is said at the line with which it ended.
        """
        self._awaited: dict[int, set[str]] = defaultdict(set)
        for head in kept:
            self._awaited[head.size].add(head.root)
        self._nodes: dict[int, bytes] = {}
        self.size = 0
        """How many lines were looked at and fit."""

    def root_at(self, size: int) -> str:
        """The root of the log when it had so many lines, at most those that fit."""
        return root_of([self._nodes[number] for number in frontier(size)]).hex()

    def lines(self) -> Iterator[CheckedLine]:
        """Every line, with what is wrong with it as a line; the first that does not fit is the last."""
        previous, day = BEFORE_THE_FIRST, ""
        salts = dict(LogSalt.objects.values_list("line_id", "value"))
        for number, line in enumerate(LogLine.objects.order_by("number").iterator(chunk_size=BATCH), 1):
            entry, problem = _read(line, number, previous, day)
            problem = problem or self._placed(line)
            yield CheckedLine(number, line.kind, line.subject, entry, salts.get(line.number, ""), problem)
            if problem:
                # What follows is chained to what does not fit.
                return
            previous, day = line.sha256, str(line.day)
        for size in sorted(self._awaited):
            said = f"หัวบันทึกที่เก็บไว้ที่อื่นมี {size} บรรทัด แต่ในระบบเหลือ {self.size} บรรทัด"
            yield CheckedLine(self.size + 1, "", "", {}, "", said)
            return

    def _placed(self, line: LogLine) -> str:
        """Give a line its place in the tree; what is wrong with that place."""
        self._nodes[line.number] = node_ending_with(line.number, line.sha256, self._nodes)
        if self._nodes[line.number].hex() != line.node:
            return "โหนดของต้นไม้แฮชไม่ตรงกับบรรทัด"
        if self._awaited.pop(line.number, set()) - {self.root_at(line.number)}:
            return f"หัวบันทึกที่เก็บไว้ที่อื่น ({line.number} บรรทัด) ไม่ตรง: อดีตถูกเขียนใหม่"
        self.size = line.number
        return ""


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
            lost whom it named, or cannot know.
        with_time: whether the row knows when it happened.
    """
    today = json.loads(json.dumps(draft.facts))
    found = [name for name in sorted({*line.facts, *today}) if line.facts.get(name) != today.get(name)]
    if with_time and line.entry.get("at") != in_utc(draft.at):
        found.append("at")
    personal = line.entry.get("personal", {})
    if line.salt:
        for name, value in draft.personal.items():
            if value and personal.get(name) != salted(line.salt, name, value):
                found.append(name)
    found += [name for name in personal if name not in draft.personal]
    return found
