"""The annex of evidence in words, the same on paper, in Word and in tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.file_kinds import BY_TYPE, size_text
from reports.document.facts import EvidenceLine, ReportDocument

# Stands where a file has no address, and where a published report does not tell what the evidence is.
KEPT_AT_THE_AGENCY: Final = "เก็บไว้ที่หน่วยงาน"
STAYS: Final = "จะไม่เผยแพร่"
STAYS_NOTE: Final = (
    f"ฉบับนี้ใช้ภายในหน่วยงาน หลักฐานที่มีคำว่า “{STAYS}” ในฉบับที่อนุมัติจะมีเพียงลำดับที่ วันที่"
    f" ค่า SHA-256 ของไฟล์ และคำว่า “{KEPT_AT_THE_AGENCY}”"
)
ON_THE_PUBLIC_PAGE: Final = "ไฟล์อยู่ในหน้าสาธารณะของรายงาน"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the annex as people read it; number and day as they are in the document."""

    number: int
    name: str
    """Its title; of what is kept, the words that say so."""
    day: date
    address: str
    """On the web; empty for a file and for what stays."""
    place: str
    """In words, where there is no address to name; may be empty."""
    sha256: str
    file: str
    """Its type and size: ภาพ JPEG 350 KB; empty where the document does not tell them."""
    kept: bool
    """Whether the document does not tell what it is, because the agency keeps it to itself."""
    stays: bool
    """Whether this is a draft and the approved report will not tell name and address."""


def annex(document: ReportDocument) -> Sequence[Entry]:
    """All evidence of a document, by number."""
    return [entry(line, is_draft=document.is_draft) for line in document.evidence]


def entry(line: EvidenceLine, *, is_draft: bool) -> Entry:
    """One line of the annex."""
    kept = not (line.public or line.title or line.address)
    place = ON_THE_PUBLIC_PAGE if line.public else KEPT_AT_THE_AGENCY
    return Entry(
        number=line.number,
        name=KEPT_AT_THE_AGENCY if kept else line.title,
        day=line.effective_on,
        address=line.address,
        place="" if kept or line.address else place,
        sha256=line.sha256,
        file=_file(line),
        kept=kept,
        stays=is_draft and not kept and not line.public,
    )


def _file(line: EvidenceLine) -> str:
    kind = BY_TYPE.get(line.content_type)
    return f"{kind.label} {size_text(line.size)}" if kind else ""


def in_one_line(found: Entry) -> str:
    """An entry for a cell of a table: day, name, place, type and size; of what is kept also its number."""
    parts = (
        found.day.isoformat(),
        f"ลำดับที่ {found.number}" if found.kept else "",
        found.name,
        found.address or found.place,
        found.file,
        f"SHA-256 {found.sha256}" if found.sha256 else "",
        f"({STAYS})" if found.stays else "",
    )
    return " ".join(part for part in parts if part)
