"""What may be attached as the scan of a signed report: PDF, JPEG or PNG, looked at as evidence is."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core import pdf_pages
from core.budget import TooMuchWork, in_child
from core.dangers import BROKEN_PDF, TOO_MUCH_PDF
from core.file_kinds import PDF, Content, Kind, content_of
from core.virus_scan import scan
from measures.evidence.files import Refused, check_size, examine

TAKEN: Final = "PDF, JPEG หรือ PNG"
NOT_A_SCAN: Final = f"สำเนาที่ลงนามต้องเป็น {TAKEN} ดูจากเนื้อไฟล์ ไม่ใช่จากชื่อ หากมีหลายภาพ กรุณาสแกนรวมเป็น PDF ไฟล์เดียว"
SCANS: Final = (Content.PDF, Content.JPEG, Content.PNG)


@dataclass(frozen=True)
class CheckedScan:
    """A scan that is taken, as it is to be stored."""

    kind: Kind
    data: bytes
    sha256: str
    pages: int
    location_removed: bool


def checked_scan(name: str, data: bytes) -> CheckedScan:
    """Look at a scan and make it ready to be stored.

    Raises:
        Refused: with the sentence for the person.
        Dangerous: ClamAV found something, or could not look where the site demands it.
    """
    check_size(len(data))
    if content_of(data) not in SCANS:
        raise Refused(NOT_A_SCAN)
    scan(data)
    file = examine(name, data)
    pages = pages_of_pdf(file.data) if file.kind == PDF else 1
    return CheckedScan(file.kind, file.data, file.sha256, pages, file.location_removed)


def pages_of_pdf(data: bytes) -> int:
    """How many pages a PDF has, counted in a process of its own.

    Raises:
        Refused: it cannot be opened, or takes too long.
    """
    try:
        pages = int(in_child(Path(pdf_pages.__file__), data))
    except TooMuchWork as error:
        raise Refused(TOO_MUCH_PDF) from error
    if not pages:
        raise Refused(BROKEN_PDF)
    return pages
