"""Documents that act by themselves when they are opened, and the sentence that says why one is refused."""

from pathlib import Path
from typing import Final

from core import pdf_look
from core.budget import TooMuchWork, in_child

SCRIPT: Final = "ไฟล์ PDF นี้มีโปรแกรม JavaScript ฝังอยู่ กรุณาสั่งพิมพ์เป็น PDF ใหม่ (Print to PDF) แล้วแนบไฟล์ใหม่"
LAUNCH: Final = "ไฟล์ PDF นี้มีคำสั่งเปิดโปรแกรมหรือไฟล์อื่นในเครื่อง กรุณาสั่งพิมพ์เป็น PDF ใหม่ (Print to PDF) แล้วแนบไฟล์ใหม่"
SENDS: Final = "ไฟล์ PDF นี้มีแบบฟอร์มที่ส่งข้อมูลออกไปภายนอก กรุณาสั่งพิมพ์เป็น PDF ใหม่ (Print to PDF) แล้วแนบไฟล์ใหม่"
MEDIA: Final = "ไฟล์ PDF นี้มีสื่อที่ทำงานเองได้ฝังอยู่ กรุณาสั่งพิมพ์เป็น PDF ใหม่ (Print to PDF) แล้วแนบไฟล์ใหม่"
FORM: Final = "ไฟล์ PDF นี้เป็นแบบฟอร์ม XFA ซึ่งมีคำสั่งฝังอยู่ กรุณาสั่งพิมพ์เป็น PDF ใหม่ (Print to PDF) แล้วแนบไฟล์ใหม่"
FILE: Final = "ไฟล์ PDF นี้มีไฟล์อื่นฝังอยู่ข้างใน กรุณาแนบไฟล์นั้นแยกต่างหาก และสั่งพิมพ์เป็น PDF ใหม่ (Print to PDF)"
LOCKED_PDF: Final = "ไฟล์ PDF นี้ต้องใช้รหัสผ่านเปิด ระบบตรวจและผู้อ่านเปิดไม่ได้ กรุณาบันทึกใหม่โดยไม่มีรหัสผ่าน แล้วแนบใหม่"
BROKEN_PDF: Final = "ไฟล์ PDF นี้ไม่สมบูรณ์ อาจคัดลอกมาไม่ครบ กรุณาเปิดดูในเครื่องก่อน แล้วแนบใหม่"
TOO_MUCH_PDF: Final = (
    "ไฟล์ PDF นี้ซับซ้อนผิดปกติ ตรวจไม่เสร็จในเวลาที่กำหนด กรุณาสั่งพิมพ์เป็น PDF ใหม่ (Print to PDF) แล้วแนบไฟล์ใหม่"
)
TOO_MUCH_TABLE: Final = "ไฟล์นี้ใช้เวลาอ่านนานผิดปกติ กรุณาคัดลอกตารางไปไว้ในไฟล์ใหม่ แล้วเลือกไฟล์ใหม่นั้น"

OF_PDF: Final = {
    "script": SCRIPT,
    "launch": LAUNCH,
    "send": SENDS,
    "media": MEDIA,
    "form": FORM,
    "file": FILE,
    "locked": LOCKED_PDF,
    "broken": BROKEN_PDF,
}
REMOTE: Final = (
    "ไฟล์นี้ดึงแม่แบบ ภาพ หรือข้อมูลจากภายนอก ({}) เมื่อเปิดอ่าน กรุณาบันทึกเป็น PDF หรือวางภาพลงในไฟล์โดยตรง แล้วแนบใหม่"
)
DOCTYPE: Final = "ไฟล์นี้มีคำสั่งแฝงใน XML (DTD) จึงไม่นำเข้าเพื่อความปลอดภัย กรุณาคัดลอกตารางไปไว้ในไฟล์ใหม่แล้วนำเข้าไฟล์ใหม่นั้น"
OLE: Final = "ไฟล์นี้มีวัตถุ OLE หรือไฟล์อื่นฝังอยู่ข้างใน กรุณาแนบไฟล์นั้นแยกต่างหาก หรือบันทึกเป็น PDF แล้วแนบใหม่"
ACTIVE_X: Final = "ไฟล์นี้มีตัวควบคุม ActiveX ซึ่งเป็นโปรแกรม กรุณาบันทึกเป็น PDF แล้วแนบใหม่"
DDE: Final = "ไฟล์นี้มีคำสั่ง DDE ซึ่งเรียกโปรแกรมอื่นได้ กรุณาลบฟิลด์นั้นออก หรือบันทึกเป็น PDF แล้วแนบใหม่"


class Dangerous(Exception):
    """A document that is not taken; the text is the sentence for the person."""


def look_at_pdf(data: bytes) -> None:
    """Look through all of a PDF, in a process of its own.

    Raises:
        Dangerous: something in it acts by itself, or it cannot be looked through.
    """
    try:
        found = in_child(Path(pdf_look.__file__), data)
    except TooMuchWork as error:
        raise Dangerous(TOO_MUCH_PDF) from error
    if found:
        raise Dangerous(OF_PDF[found])
