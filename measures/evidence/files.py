"""What may be handed in as a file of evidence. What a file is, its content says, never its name."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from core import office_archive
from core.dangers import BROKEN_PDF, Dangerous, look_at_pdf
from core.file_kinds import DOCX, JPEG, PDF, PNG, WEBP, XLSX, Content, Kind, content_of, size_text
from core.text import cut_to_bytes
from measures.evidence import pictures

MAX_BYTES: Final = 20 * 1024 * 1024
# As many as are chosen for one day of work; each is opened and looked at while the person waits.
MAX_FILES: Final = 10
MAX_STEM: Final = 120
# What Linux and macOS take for a name; a Thai letter is three of them.
MAX_NAME_BYTES: Final = 255


OFFICE: Final = {"docx": DOCX, "xlsx": XLSX}
PICTURES: Final = {"JPEG": JPEG, "PNG": PNG, "WEBP": WEBP}
TAKEN: Final = "PDF, JPEG, PNG, WebP, Word (.docx) และ Excel (.xlsx)"

EMPTY: Final = "ไฟล์นี้ว่างเปล่า (0 ไบต์) กรุณาเปิดดูไฟล์ในเครื่องก่อน แล้วเลือกไฟล์ใหม่"
TOO_BIG: Final = "ไฟล์นี้มีขนาด {size} ใหญ่เกิน {limit} กรุณาย่อขนาดหรือแบ่งไฟล์ แล้วเลือกใหม่"
TOO_MANY: Final = f"เลือกมา {{count}} ไฟล์ เพิ่มได้ครั้งละไม่เกิน {MAX_FILES} ไฟล์ กรุณาแบ่งเพิ่มหลายครั้ง"
TOGETHER_TOO_BIG: Final = f"ไฟล์ที่เลือกรวมกันใหญ่เกิน {size_text(MAX_BYTES)} กรุณาแบ่งเพิ่มหลายครั้ง"
PROGRAM: Final = f"ไฟล์นี้เป็นโปรแกรม ไม่ใช่เอกสาร แม้ชื่อจะลงท้ายเหมือนเอกสาร รับเฉพาะ {TAKEN}"
UNKNOWN: Final = f"ไม่รู้จักชนิดของไฟล์นี้ รับเฉพาะ {TAKEN} ดูจากเนื้อไฟล์ ไม่ใช่จากชื่อ"
ARCHIVE: Final = f"ไฟล์นี้เป็นไฟล์บีบอัด (ZIP) กรุณาแตกไฟล์แล้วแนบทีละไฟล์ รับเฉพาะ {TAKEN}"
OLD_OFFICE: Final = (
    "ไฟล์นี้เป็น Word หรือ Excel รุ่นเก่า หรือตั้งรหัสผ่านไว้ กรุณาบันทึกเป็น .docx .xlsx หรือ PDF โดยไม่มีรหัสผ่าน แล้วแนบใหม่"
)
HEIC: Final = "ภาพนี้เป็นชนิด HEIC ซึ่งหลายเครื่องเปิดไม่ได้ กรุณาบันทึกเป็น JPEG แล้วแนบใหม่"
BROKEN_PICTURE: Final = "เปิดภาพนี้ไม่ได้ ไฟล์อาจเสียหรือคัดลอกมาไม่ครบ กรุณาเปิดดูในเครื่องก่อน แล้วแนบใหม่"
TOO_MANY_PIXELS: Final = (
    f"ภาพนี้ละเอียดเกินไป รับได้ไม่เกิน {pictures.MAX_PIXELS // 1_000_000} ล้านพิกเซล กรุณาย่อภาพแล้วแนบใหม่"
)
BROKEN_OFFICE: Final = "เปิดไฟล์ Word หรือ Excel นี้ไม่ได้ ไฟล์อาจเสีย กรุณาเปิดแล้วบันทึกใหม่ หรือบันทึกเป็น PDF แล้วแนบใหม่"
BOMB: Final = "ไฟล์ Word หรือ Excel นี้ขยายออกแล้วใหญ่ผิดปกติ จึงไม่รับเพื่อความปลอดภัย กรุณาบันทึกเป็น PDF แล้วแนบแทน"
MACROS: Final = "ไฟล์นี้มีมาโคร (โปรแกรมที่ฝังในเอกสาร) กรุณาบันทึกเป็น .docx หรือ .xlsx แบบไม่มีมาโคร หรือเป็น PDF แล้วแนบใหม่"

REFUSED: Final = {
    Content.PROGRAM: PROGRAM,
    Content.OLD_OFFICE: OLD_OFFICE,
    Content.HEIC: HEIC,
}
TAKEN_AS_THEY_ARE: Final = {
    Content.PDF: PDF,
    Content.JPEG: JPEG,
    Content.PNG: PNG,
    Content.WEBP: WEBP,
}
# Windows has no files of these names, whatever their ending.
RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)


class Refused(Exception):
    """A file that is not taken; its text is the Thai sentence for the person."""


@dataclass(frozen=True)
class CheckedFile:
    """A file that is taken, as it is to be stored."""

    kind: Kind
    name: str
    """As the person called it, made safe; ends as its kind does."""
    data: bytes
    location_removed: bool

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def check_size(size: int) -> None:
    """Before a byte of it is looked at.

    Raises:
        Refused: nothing in it, or too much.
    """
    if size == 0:
        raise Refused(EMPTY)
    if size > MAX_BYTES:
        raise Refused(TOO_BIG.format(size=size_text(size), limit=size_text(MAX_BYTES)))


def examine(name: str, data: bytes) -> CheckedFile:
    """Say what a file is and make it ready to be stored.

    Raises:
        Refused: with the sentence for the person.
    """
    check_size(len(data))
    kind = recognise(data)
    cleaned = None
    if kind in PICTURES.values():
        cleaned = _checked_picture(data, next(key for key, of in PICTURES.items() if of == kind))
    return CheckedFile(kind, safe_name(name, kind), data if cleaned is None else cleaned, cleaned is not None)


def recognise(data: bytes) -> Kind:
    """The type of a file, from its content.

    Raises:
        Refused: none of those that are taken, or broken.
    """
    content = content_of(data)
    if content in REFUSED:
        raise Refused(REFUSED[content])
    if content is Content.ZIP:
        return _office(data)
    # Some begin with white space, which no viewer minds and no other check of ours expects.
    if content not in TAKEN_AS_THEY_ARE:
        raise Refused(UNKNOWN)
    if content is Content.PDF:
        _look_at_pdf(data)
    return TAKEN_AS_THEY_ARE[content]


def _look_at_pdf(data: bytes) -> None:
    if not (data.startswith(b"%PDF-") and b"%%EOF" in data):
        raise Refused(BROKEN_PDF)
    try:
        look_at_pdf(data)
    except Dangerous as dangerous:
        raise Refused(str(dangerous)) from dangerous


def _office(data: bytes) -> Kind:
    try:
        found = office_archive.kind_of(data)
    except Dangerous as dangerous:
        raise Refused(str(dangerous)) from dangerous
    except office_archive.Bomb as bomb:
        raise Refused(BOMB) from bomb
    except office_archive.Macros as macros:
        raise Refused(MACROS) from macros
    except office_archive.BadArchive as broken:
        raise Refused(BROKEN_OFFICE) from broken
    if not found:
        raise Refused(ARCHIVE)
    return OFFICE[found]


def _checked_picture(data: bytes, kind: str) -> bytes | None:
    try:
        cleaned = pictures.without_location(data, kind)
        # What is stored is what is looked at; opening a picture is what takes time.
        pictures.check(data if cleaned is None else cleaned, kind)
    except pictures.TooManyPixels as many:
        raise Refused(TOO_MANY_PIXELS) from many
    except pictures.BadPicture as broken:
        raise Refused(BROKEN_PICTURE) from broken
    return cleaned


def safe_name(name: str, kind: Kind) -> str:
    """A file's name as every system can store it, with the ending of what it is; Thai stays Thai.

    No folders, no invisible characters (one of them turns the direction of writing, so that "exe.pdf" may be
    "fdp.exe"), no signs that Windows refuses.
    """
    name = name.replace("\\", "/").rpartition("/")[2]
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", _safe_signs(name).strip())
    return f"{_fitting(stem, f'.{kind.ending}')}.{kind.ending}"


def safe_title(title: str, ending: str) -> str:
    """A title as the name of a file, in front of an ending such as -2566.xlsx."""
    return f"{_fitting(_safe_signs(title.replace('/', '-').replace(chr(92), '-')), ending)}{ending}"


def _safe_signs(name: str) -> str:
    seen = "".join(
        sign for sign in unicodedata.normalize("NFC", name) if unicodedata.category(sign)[0] != "C"
    )
    return re.sub(r'[<>:"|?*\s]+', " ", seen)


def _fitting(stem: str, ending: str) -> str:
    """As much of a name as a disk can hold, together with its ending."""
    stem = stem.strip(" .")[:MAX_STEM]
    stem = cut_to_bytes(stem, MAX_NAME_BYTES - len(f"_{ending}".encode())).strip(" .") or "หลักฐาน"
    return f"_{stem}" if RESERVED.match(stem) else stem
