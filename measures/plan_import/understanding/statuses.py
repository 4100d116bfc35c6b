"""How far a measure is, from the phrase that an officer wrote."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from core.thai_calendar import arabic_digits
from measures.plan_import.tables.table import cleaned

# Values of measures.status.Status, which is a Django class; a test sees that they are the same.
NOT_STARTED: Final = "not_started"
IN_PROGRESS: Final = "in_progress"
DONE: Final = "done"
CANCELLED: Final = "cancelled"


def _spaced(phrase: str) -> str:
    """The phrase, wherever a person may have put a space (written here as _)."""
    return phrase.replace("_", r"\s*")


# The first that fits decides: what is "not yet done" also says "done".
_PHRASES: Final[Sequence[tuple[str, str]]] = tuple(
    (status, _spaced(phrase))
    for status, phrase in (
        (IN_PROGRESS, r"(?:ดำเนินการ_)?ยังไม่_(?:ดำเนินการ_)?(?:แล้ว)?_เสร็จ(?:_สิ้น|_เรียบร้อย)?"),
        (
            NOT_STARTED,
            r"(?:ยัง_ไม่|ยัง_มิ|ไม่)_(?:ได้)?_(?:เริ่ม(?:_ดำเนิน_(?:การ|งาน))?|ดำเนิน_(?:การ|งาน))(?:_ใด_ๆ)?",
        ),
        (NOT_STARTED, r"(?:ยัง)?รอ(?:การ)?_ดำเนิน_(?:การ|งาน)"),
        (
            IN_PROGRESS,
            r"(?:อยู่_)?(?:ใน)?_ระหว่าง_(?:การ)?_(?:ดำเนิน_(?:การ|งาน)|จัดทำ|ปฏิบัติงาน|เตรียมการ)",
        ),
        (IN_PROGRESS, r"กำลัง_(?:อยู่ระหว่าง_)?(?:ดำเนิน_(?:การ|งาน)|จัดทำ)"),
        (IN_PROGRESS, r"ดำเนินการ_(?:ได้|แล้ว)?_บางส่วน|ดำเนินการ_อย่างต่อเนื่อง"),
        (DONE, r"ดำเนิน_(?:การ|งาน)_(?:แล้ว_เสร็จ|เสร็จ)_(?:สมบูรณ์|สิ้น)?_(?:เป็นที่)?_(?:เรียบร้อย)?_(?:แล้ว)?"),
        (DONE, r"ดำเนิน_(?:การ|งาน)_เรียบร้อย_(?:แล้ว)?"),
        (DONE, r"(?<!กำหนด)แล้ว_เสร็จ_(?:สมบูรณ์|สิ้น)?_(?:เรียบร้อย)?_(?:แล้ว)?"),
        (DONE, r"เสร็จ_(?:สิ้น|เรียบร้อย|สมบูรณ์)_(?:แล้ว)?|เสร็จ_แล้ว|เรียบร้อย_แล้ว"),
        (DONE, r"(?:ได้)?_ดำเนิน_(?:การ|งาน)_แล้ว"),
        (CANCELLED, r"(?:ขอ)?_ยก_เลิก_(?:การ)?_(?:ดำเนินการ|โครงการ|มาตรการ|กิจกรรม)?"),
    )
)
_ANY: Final = re.compile("|".join(f"(?P<p{n}>{phrase})" for n, (_, phrase) in enumerate(_PHRASES)))
_HOPED: Final = re.compile(r"(?:คาดว่า|คาดการณ์|จะ|ให้|กำหนด|ภายใน|เมื่อ)\s*(?:จะ)?\s*(?:สามารถ)?\s*$")
_TICKED: Final = re.compile(r"[☑☒✓✔√🗹\uf0fe\uf052\uf0fc]\s*|(?:\(\s*/\s*\)|\[\s*[xX/]\s*\])\s*")
_EMPTY_BOX: Final = re.compile(r"[☐□\uf06f\uf0a8]|\(\s*\)|\[\s*\]")
_PERCENT: Final = re.compile(r"^\D{0,12}?(?:ร้อยละ\s*([0-9]{1,3}(?:\.[0-9]+)?)|([0-9]{1,3}(?:\.[0-9]+)?)\s*%)")
_BREAK: Final = re.compile(r"\s*(?:$|[\n:;,.–—\-()])\s*|\s+")
_NOTHING: Final = frozenset({"-", "–", "—", "--"})


@dataclass(frozen=True, slots=True)
class ReadStatus:
    """A status (None where none is said), what the text says beyond it, and whether it was guessed."""

    status: str | None
    rest: str
    guessed: bool = False


def read_status(text: str) -> ReadStatus:
    """Read a cell that says how far a measure is, or what was done, or both.

    A phrase at the head is cut off, unless the sentence goes on in it. One inside a sentence is a guess, and
    the sentence stays whole.
    """
    text = "\n".join(filter(None, map(cleaned, text.split("\n"))))
    if not text:
        return ReadStatus(None, "")
    if text in _NOTHING:
        return ReadStatus(NOT_STARTED, "", guessed=True)
    if _TICKED.search(text) and (ticked := _ticked(text)):
        return ticked
    start = re.match(r"[\s\-–•*:]*(?:สถานะ\s*:?\s*)?", text)
    match = _ANY.match(text, start.end() if start else 0)
    if match:
        return _at_head(text, match)
    return _inside(text)


def _status_of(match: re.Match[str]) -> str:
    return _PHRASES[int((match.lastgroup or "p0")[1:])][0]


def _at_head(text: str, match: re.Match[str]) -> ReadStatus:
    status = _status_of(match)
    rest = text[match.start() + len(match[0].rstrip()) :]
    percent = _percent(rest)
    if status == DONE and percent is not None and percent < 100:
        return ReadStatus(IN_PROGRESS, text, guessed=True)
    if not rest.strip(" .-–\n"):
        return ReadStatus(status, "")
    after = _BREAK.match(rest)
    # "ดำเนินการแล้วเสร็จเมื่อวันที่ …" loses its sense without its head.
    if not after:
        return ReadStatus(status, text)
    return ReadStatus(status, rest[after.end() :].strip())


def _inside(text: str) -> ReadStatus:
    found = [
        match
        for match in _ANY.finditer(text)
        if not _HOPED.search(text, max(0, match.start() - 24), match.start())
    ]
    statuses = {_status_of(match) for match in found}
    percent = _percent(text)
    if not statuses and percent is not None:
        return ReadStatus(
            DONE if percent == 100 else IN_PROGRESS if percent else NOT_STARTED, text, guessed=True
        )
    if len(statuses) == 1:
        return ReadStatus(statuses.pop(), text, guessed=True)
    if statuses:
        # Parts of the work are further than others.
        return ReadStatus(IN_PROGRESS, text, guessed=True)
    return ReadStatus(None, text)


def _ticked(text: str) -> ReadStatus | None:
    """The one of several boxes that is ticked."""
    statuses = []
    for tick in _TICKED.finditer(text):
        match = _ANY.match(text, tick.end())
        if match:
            statuses.append(_status_of(match))
    if len(set(statuses)) != 1:
        return None
    rest = _ANY.sub("", _EMPTY_BOX.sub("", _TICKED.sub("", text)))
    return ReadStatus(statuses[0], "\n".join(filter(None, map(cleaned, rest.split("\n")))))


def _percent(text: str) -> float | None:
    match = _PERCENT.match(arabic_digits(text))
    return float(match[1] or match[2]) if match else None
