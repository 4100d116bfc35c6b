"""What is said of a template or of papers that cannot be made, in Thai, with what to do."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

from core.dangers import Dangerous
from core.file_kinds import MB, Content, content_of, size_text
from core.office_archive import BadArchive, Bomb, Macros, kind_of
from reports.publication_pack.fields import COLUMNS, FIELDS, LIST_NAME

MAX_TEMPLATE: Final = 1 * MB
# Of a template that was filled in.
MAX_PAPER: Final = 4 * MB

EMPTY_FILE: Final = "ไฟล์นี้ว่างเปล่า (0 ไบต์) กรุณาเปิดดูไฟล์ในเครื่องก่อน แล้วเลือกไฟล์ใหม่"
TOO_BIG: Final = f"แม่แบบมีขนาด {{}} ใหญ่เกิน {size_text(MAX_TEMPLATE)} กรุณาย่อหรือลบภาพในไฟล์ แล้วเลือกใหม่"
NOT_WORD: Final = "ไฟล์นี้ไม่ใช่ Word แบบ .docx (ดูจากเนื้อไฟล์ ไม่ใช่จากชื่อ) กรุณาบันทึกเป็น .docx แล้วเลือกใหม่"
MACROS: Final = "ไฟล์นี้มีมาโคร (โปรแกรมที่ฝังในเอกสาร) กรุณาบันทึกเป็น .docx แบบไม่มีมาโคร แล้วเลือกใหม่"
BOMB: Final = "ไฟล์นี้ขยายออกแล้วใหญ่ผิดปกติ จึงไม่รับเพื่อความปลอดภัย กรุณาคัดลอกข้อความไปไว้ในไฟล์ใหม่ แล้วเลือกไฟล์ใหม่นั้น"
BROKEN: Final = "เปิดไฟล์ Word นี้ไม่ได้ ไฟล์อาจเสีย กรุณาเปิดแล้วบันทึกใหม่ แล้วเลือกอีกครั้ง"
SIZE: Final = "เมื่อกรอกแม่แบบนี้แล้วเอกสารใหญ่หรือใช้เวลานานผิดปกติ กรุณาลดช่องข้อมูลและการวนรายการ แล้วเลือกใหม่"
NO_FIELD: Final = "ไม่พบช่องข้อมูลในไฟล์นี้ กรุณาใส่ช่องข้อมูลอย่างน้อยหนึ่งช่อง เช่น {{ ชื่อหน่วยงาน }} แล้วเลือกใหม่"
SYNTAX: Final = (
    "วงเล็บของช่องข้อมูลไม่ครบหรือไม่เป็นคู่{} ช่องข้อมูลเขียนเป็น {{{{ ชื่อช่อง }}}} "
    "ส่วนเงื่อนไขและรายการต้องปิดด้วย {{% endif %}} หรือ {{% endfor %}}"
)
NEAR: Final = " ใกล้ “{}”"
UNKNOWN: Final = "ไม่มีช่องข้อมูลชื่อ “{}”{} กรุณาแก้ชื่อให้ตรงกับตารางด้านล่าง"
MAYBE: Final = " อาจหมายถึง “{}”"
REFUSED: Final = "แม่แบบใช้คำสั่ง “{}” ไม่ได้ ใช้ได้เฉพาะช่องข้อมูล เงื่อนไข if และรายการ for ตามตารางด้านล่าง"
LIST: Final = f"“{{}}” เป็นรายการ จึงต้องใช้กับ {{{{% for แถว in {LIST_NAME} %}}}} ตามตัวอย่างด้านล่าง"
TEXT: Final = f"“{{}}” เป็นข้อความ ไม่ใช่รายการ จึงใช้กับ for ไม่ได้ รายการที่มีคือ “{LIST_NAME}”"
COLUMN: Final = "ในรายการไม่มีช่อง “{}” ช่องที่มีคือ {}"


class BadTemplate(Exception):
    """A template that is not taken, or not to be filled in; its text is the Thai sentence for the person."""


def check_template(data: bytes) -> None:
    """Whether a file can be a template, before anything is filled in.

    Raises:
        BadTemplate: it cannot.
    """
    if not data:
        raise BadTemplate(EMPTY_FILE)
    if len(data) > MAX_TEMPLATE:
        raise BadTemplate(TOO_BIG.format(size_text(len(data))))
    check_word(data)


def check_word(data: bytes) -> None:
    """Whether a file is a Word document without anything that acts by itself.

    Raises:
        BadTemplate: it is not.
    """
    if content_of(data) is not Content.ZIP:
        raise BadTemplate(NOT_WORD)
    try:
        kind = kind_of(data)
    except Dangerous as dangerous:
        raise BadTemplate(str(dangerous)) from dangerous
    except Macros as macros:
        raise BadTemplate(MACROS) from macros
    except Bomb as bomb:
        raise BadTemplate(BOMB) from bomb
    except BadArchive as broken:
        raise BadTemplate(BROKEN) from broken
    if kind != "docx":
        raise BadTemplate(NOT_WORD)


def sentence_of(why: str, name: str) -> str:
    """Why a template cannot be filled in, naming the field; both are those of filling.Unfillable."""
    sentences = {
        "syntax": SYNTAX.format(NEAR.format(name) if name else ""),
        "unknown": UNKNOWN.format(name, _maybe(name, [*(field.name for field in FIELDS), LIST_NAME])),
        "column": COLUMN.format(name, " ".join(column.name for column in COLUMNS)),
        "list": LIST.format(name),
        "text": TEXT.format(name),
        "refused": REFUSED.format(name),
        "size": SIZE,
        "empty": NO_FIELD,
    }
    return sentences.get(why, BROKEN)


def _maybe(name: str, names: Sequence[str]) -> str:
    close = get_close_matches(name, names, 1, 0.6)
    return MAYBE.format(close[0]) if close else ""
