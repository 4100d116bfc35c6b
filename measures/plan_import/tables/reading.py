"""Tables from a file of whatever kind. The content decides what it is, not the name."""

from typing import Final

from core.file_kinds import Content, content_of
from measures.plan_import.model import Unreadable
from measures.plan_import.tables import legacy
from measures.plan_import.tables.excel import read_excel
from measures.plan_import.tables.html import is_html, read_html
from measures.plan_import.tables.package import DAMAGED, LOCKED, MACROS, Package, opened
from measures.plan_import.tables.plain_text import decoded, read_text
from measures.plan_import.tables.table import CELL_TOO_LARGE, MAX_CHARACTERS_IN_CELL, TOO_LARGE, Budget, Table
from measures.plan_import.tables.word import read_word

MAX_FILE: Final = 25_000_000
# In characters, tags too: Word writes some thirty for one that is read.
MAX_PAGE: Final = 8_000_000

EMPTY: Final = "ไฟล์หรือข้อความว่างเปล่า กรุณาเลือกไฟล์อื่น หรือวางข้อความใหม่"
TOO_BIG: Final = f"ไฟล์ใหญ่เกิน {MAX_FILE // 1_000_000} MB กรุณาลบรูปภาพออก หรือคัดเฉพาะตารางมาตรการไปไว้ในไฟล์ใหม่"
OLD_WORD: Final = "ไฟล์นี้เป็น Word รุ่นเก่า (.doc) กรุณาเปิดด้วย Word หรือ LibreOffice แล้วบันทึกเป็น .docx ก่อนนำเข้า"
OLD_EXCEL: Final = "ไฟล์นี้เป็น Excel รุ่นเก่า (.xls) กรุณาเปิดด้วย Excel หรือ LibreOffice แล้วบันทึกเป็น .xlsx ก่อนนำเข้า"
OLD_OFFICE: Final = "ไฟล์นี้เป็นรูปแบบของ Office รุ่นเก่า กรุณาบันทึกเป็น .docx หรือ .xlsx ก่อนนำเข้า"
BINARY_EXCEL: Final = "ไฟล์นี้เป็น Excel แบบ .xlsb กรุณาบันทึกเป็น .xlsx ก่อนนำเข้า"
OPEN_DOCUMENT: Final = "ไฟล์นี้เป็น OpenDocument (.odt/.ods) กรุณาบันทึกเป็น .docx หรือ .xlsx ก่อนนำเข้า"
PDF: Final = "ยังอ่าน PDF โดยตรงไม่ได้ กรุณาคัดลอกตารางจาก PDF มาวาง หรือใช้ไฟล์ Word/Excel ต้นฉบับ"
RTF: Final = "ไฟล์นี้เป็น RTF กรุณาเปิดด้วย Word หรือ LibreOffice แล้วบันทึกเป็น .docx ก่อนนำเข้า"
WEB_PAGE: Final = "ไฟล์นี้เป็นหน้าเว็บหรือ XML ที่ไม่มีตาราง กรุณาเปิดแล้วบันทึกเป็น .xlsx หรือคัดลอกตารางมาวาง"
ARCHIVED_PAGE: Final = "ไฟล์นี้เป็นหน้าเว็บที่เก็บทั้งหน้า (.mht) กรุณาเปิดแล้วคัดลอกตารางมาวาง หรือบันทึกเป็น .xlsx"
OTHER_ZIP: Final = "ไฟล์นี้เป็นไฟล์บีบอัด ไม่ใช่เอกสาร Word หรือ Excel กรุณาแตกไฟล์ก่อน แล้วเลือกไฟล์ .docx หรือ .xlsx ข้างใน"

# The stream of a project of macros.
_HAS_MACROS: Final = "_VBA_PROJECT".encode("utf-16-le")
# Names of streams, as OLE files spell them.
_OLE_KINDS: Final = (
    ("EncryptedPackage", LOCKED),
    ("WordDocument", OLD_WORD),
    ("Workbook", OLD_EXCEL),
    ("Book", OLD_EXCEL),
)
_REFUSED: Final = {Content.PDF: PDF, Content.RTF: RTF}


def read(name: str, content: bytes) -> list[Table]:
    """The tables of a file.

    Args:
        name: as it was uploaded, for messages that may want it; never believed.

    Raises:
        Unreadable: whatever is wrong with it.
    """
    del name
    try:
        return _bounded(_read(content))
    except Unreadable:
        raise
    # What a damaged file makes zip, XML and number readers raise is a list without end.
    except Exception as error:
        raise Unreadable(DAMAGED) from error


def read_pasted(text: str) -> list[Table]:
    """The table of a pasted text.

    Raises:
        Unreadable: there is nothing in it, or too much.
    """
    if not text.strip():
        raise Unreadable(EMPTY)
    try:
        return _bounded(_read_text(text, Budget()))
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(DAMAGED) from error


def _bounded(tables: list[Table]) -> list[Table]:
    """The tables, if no cell is so long that taking it apart would be work without end."""
    for table in tables:
        for row in table.rows:
            for cell in row.cells:
                length = sum(len(line.text) for line in cell.lines)
                if length > MAX_CHARACTERS_IN_CELL:
                    raise Unreadable(CELL_TOO_LARGE.format(table=table.name, row=row.number, length=length))
    return tables


def _read(content: bytes) -> list[Table]:
    if not content.strip(b"\0 \r\n\t"):
        raise Unreadable(EMPTY)
    if len(content) > MAX_FILE:
        raise Unreadable(TOO_BIG)
    budget = Budget()
    if content_of(content) is Content.ZIP:
        with opened(content, budget) as package:
            return _read_package(package, budget)
    if (is_word := legacy.is_word(content)) is not None and legacy.program():
        if _HAS_MACROS in content:
            raise Unreadable(MACROS)
        return _read(legacy.converted(content, is_word=is_word))
    _refuse_other_kinds(content)
    text = decoded(content)
    if content_of(content) is Content.WEB_PAGE and not is_html(text):
        raise Unreadable(WEB_PAGE)
    return _read_text(text, budget)


def _read_text(text: str, budget: Budget) -> list[Table]:
    if not is_html(text):
        return read_text(text, budget)
    if len(text) > MAX_PAGE:
        raise Unreadable(TOO_LARGE)
    return read_html(text, budget)


def _read_package(package: Package, budget: Budget) -> list[Table]:
    kinds = package.content_types()
    main = [name for kind, name in package.related("").values() if kind == "officeDocument"]
    if not main:
        raise Unreadable(OPEN_DOCUMENT if "mimetype" in package and "content.xml" in package else OTHER_ZIP)
    if any("wordprocessingml" in kind for kind in kinds):
        return read_word(package, main[0], budget)
    if any("spreadsheetml" in kind for kind in kinds):
        return read_excel(package, main[0], budget)
    raise Unreadable(BINARY_EXCEL if main[0].endswith(".bin") else OTHER_ZIP)


def _refuse_other_kinds(content: bytes) -> None:
    kind = content_of(content)
    if kind is Content.OLD_OFFICE:
        for stream, message in _OLE_KINDS:
            if stream.encode("utf-16-le") in content:
                raise Unreadable(message)
        raise Unreadable(OLD_OFFICE)
    if content[:100].lower().lstrip().startswith(b"mime-version:"):
        raise Unreadable(ARCHIVED_PAGE)
    if kind in _REFUSED:
        raise Unreadable(_REFUSED[kind])
