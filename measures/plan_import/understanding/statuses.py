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
        (IN_PROGRESS, r"(?:ดำเนินการ_)?ไม่_(?:แล้ว)?_เสร็จ(?:_สิ้น|_เรียบร้อย|_ตามกำหนด)?"),
        (IN_PROGRESS, r"ไม่_บรรลุ(?:_(?:ผล|เป้าหมาย|ตามเป้าหมาย|วัตถุประสงค์))*"),
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
        (NOT_STARTED, r"ยัง_ไม่_(?:ได้)?_(?:จัด)?ทำ"),
        (DONE, r"(?:จัด)?ทำ_แล้ว(?!_เสร็จ)"),
        (DONE, r"ดำเนิน_(?:การ|งาน)_ครบ(?:_ถ้วน|_ทุกขั้นตอน)?_(?:แล้ว)?"),
        (DONE, r"(?<!ไม่)(?<!ให้)บรรลุ(?:_(?:ผล|เป้าหมาย|ตามเป้าหมาย|วัตถุประสงค์))*_(?:แล้ว)?"),
        (CANCELLED, r"(?:ขอ)?_ยก_เลิก_(?:การ)?_(?:ดำเนินการ|โครงการ|มาตรการ|กิจกรรม)?"),
    )
)
_ANY: Final = re.compile("|".join(f"(?P<p{n}>{phrase})" for n, (_, phrase) in enumerate(_PHRASES)))
_HOPED: Final = re.compile(r"(?:คาดว่า|คาดการณ์|จะ|ให้|กำหนด|ภายใน|เมื่อ)\s*(?:จะ)?\s*(?:สามารถ)?\s*$")
_TICK: Final = r"[☑☒✓✔√🗹🗸✅■◉●\uf0fe\uf052\uf0fc]"
_TICKED: Final = re.compile(
    rf"(?:(?:\(\s*(?:{_TICK}|[/xX])\s*\)|\[\s*(?:{_TICK}|[xX/])\s*\]|{_TICK})\s*|\bTRUE\b\s*)"
)
_EMPTY_BOX: Final = re.compile(r"[☐□○◯\uf06f\uf0a8]|\(\s*\)|\[\s*\]|\bFALSE\b")
_LEADERS: Final = re.compile(r"[.…_]{3,}|อื่น\s*ๆ(?:\s*\(?ระบุ\)?)?\s*(?=[.…_]|$)")
# What comes after "done" and takes it back.
_NOT_ALL: Final = re.compile(
    r"บางส่วน|บางขั้นตอน|บางรายการ|บางกิจกรรม|ส่วนใหญ่|แต่(?!ละ|งตั้ง|เดิม)|เหลือ|คงค้าง|ค้างอยู่|ยกเว้น|ยังขาด|ยังไม่|ยังคง|จะดำเนิน|จะต้อง|จะจัด|จะทำ"
    r"|ดำเนินการต่อ|อยู่ระหว่าง|อยู่ในระหว่าง|กำลัง|ไม่แล้วเสร็จ|ไม่เสร็จ|ไม่ครบ|ไม่ทัน|เพียง|เฉพาะ|เกือบ|ใกล้|คาดว่า|เลื่อน|ต่อเนื่อง|ล่าช้า|รอ(?!บ|ง)"
    r"|ครึ่ง|เบื้องต้น|เกินกว่าครึ่ง"
)
_OF: Final = re.compile(
    r"(?<![\d/.])(\d{1,4})\s*(?:[ก-๙]{1,12}\s*)?(?:จาก(?:ทั้งหมด|จำนวน)?|ใน|/|ต่อ)\s*(\d{1,4})(?![\d/])"
)
# "ดำเนินการแล้ว รอบ ๖ เดือน": of a part of the year.
_OF_A_ROUND: Final = re.compile(r"[\s:,(]*(?:ใน)?(?:รอบ|ครั้งที่|งวด|ไตรมาส|ระยะที่|ขั้นตอนที่|ข้อ)")
# After these the sentence goes on without changing what its head says.
_GOES_ON: Final = re.compile(
    r"เมื่อ|ในวัน|ในเดือน|ในไตรมาส|ในปี|ตาม|โดย|เนื่อง|เพราะ|วัน|ทุก|ครบ|และ|เดือน|ไตรมาส|ตั้งแต่|ทั้ง|ร้อยละ|ตลอด|ด้วย|[\d๐-๙]"
)
_PERCENT: Final = re.compile(r"^\D{0,12}?(?:ร้อยละ\s*([0-9]{1,3}(?:\.[0-9]+)?)|([0-9]{1,3}(?:\.[0-9]+)?)\s*%)")
_BREAK: Final = re.compile(r"\s*(?:$|[\n:;,.–—\-()])\s*|\s+")
# How far a sentence after "done" may be from it and still speak of it.
_LOOKED_AT: Final = 200
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
    if _TICKED.search(text):
        if ticked := _ticked(text):
            return ticked
        if not _TICKED.sub("", text).strip():
            return ReadStatus(DONE, "", guessed=True)
    elif _EMPTY_BOX.search(text) and not _EMPTY_BOX.sub("", _LEADERS.sub("", _ANY.sub("", text))).strip():
        # A form that nobody has filled in.
        return ReadStatus(None, "", guessed=True)
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
    if status == DONE and ((percent is not None and percent < 100) or _is_taken_back(rest)):
        return ReadStatus(IN_PROGRESS, text, guessed=True)
    said = match[0].replace(" ", "")
    is_doubtful = said.startswith(("ไม่บรรลุ", "ไม่แล้ว", "ไม่เสร็จ", "ดำเนินการไม่")) or "บางส่วน" in said
    is_doubtful |= status == DONE and bool(_OF_A_ROUND.match(rest))
    if not rest.strip(" .-–\n"):
        return ReadStatus(status, "", guessed=is_doubtful)
    others = {_status_of(other) for other in _ANY.finditer(rest)} - {status}
    if status == NOT_STARTED and others & {DONE, IN_PROGRESS}:
        return ReadStatus(IN_PROGRESS, text, guessed=True)
    is_doubtful |= status == IN_PROGRESS and (percent == 100 or DONE in others)
    after = _BREAK.match(rest)
    # "ดำเนินการแล้วเสร็จเมื่อวันที่ …" loses its sense without its head.
    if not after:
        return ReadStatus(status, text, guessed=is_doubtful or not _GOES_ON.match(rest))
    return ReadStatus(status, rest[after.end() :].strip(), guessed=is_doubtful)


def _is_taken_back(rest: str) -> bool:
    """Whether what comes after "done" says that it is not all done: แล้วบางส่วน, แล้วเสร็จ 3 จาก 5."""
    plain = arabic_digits(rest)
    if any(int(done) < int(of) for done, of in _OF.findall(plain) if int(of) < 2400):
        return True
    if any(_status_of(other) != DONE for other in _ANY.finditer(rest)):
        return True
    return bool(_NOT_ALL.search(rest[:_LOOKED_AT]))


def _inside(text: str) -> ReadStatus:
    found = [
        match
        for match in _ANY.finditer(text)
        if not _HOPED.search(text, max(0, match.start() - 24), match.start())
    ]
    statuses = {_status_of(match) for match in found}
    percent = _percent(text)
    if statuses == {DONE} and _is_taken_back(text):
        statuses = {IN_PROGRESS}
    if not statuses and (part := _OF.search(arabic_digits(text))) and int(part[2]) < 2400:
        is_all = int(part[1]) >= int(part[2])
        return ReadStatus(DONE if is_all else IN_PROGRESS, text, guessed=True)
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
    """The one of several boxes that is ticked: it stands before its phrase, or after all of them."""
    is_after = bool(_ANY.match(text)) and not _ANY.search(text, _last_box(text))
    statuses = []
    for tick in _TICKED.finditer(text):
        if is_after:
            before = list(_ANY.finditer(text, 0, tick.start()))
            match = before[-1] if before else None
        else:
            match = _ANY.match(text, tick.end())
        if match:
            statuses.append(match)
    if len({_status_of(match) for match in statuses}) != 1:
        return None
    rest = _ANY.sub("", _EMPTY_BOX.sub("", _TICKED.sub("", text)))
    rest = "\n".join(filter(None, map(cleaned, _LEADERS.sub("", rest).split("\n"))))
    status = _status_of(statuses[0])
    is_doubtful = statuses[0][0].startswith("ไม่")
    if status == DONE and rest and _is_taken_back(rest):
        return ReadStatus(IN_PROGRESS, rest, guessed=True)
    return ReadStatus(status, rest if rest.strip(" .,:-/()") else "", guessed=is_doubtful)


def _last_box(text: str) -> int:
    return max((box.end() for pattern in (_TICKED, _EMPTY_BOX) for box in pattern.finditer(text)), default=0)


def _percent(text: str) -> float | None:
    match = _PERCENT.match(arabic_digits(text))
    return float(match[1] or match[2]) if match else None
