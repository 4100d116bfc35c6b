"""Steps that run on in a line, and every way of numbering them."""

from collections.abc import Sequence
from typing import Final

from measures.plan_import.parsing import Field
from tests.measures.plan_import.looks.documents import (
    A,
    B,
    Document,
    Step,
    cells,
    docx_of_runs,
    fact,
    pasted,
    table,
    word,
    xlsx,
)

KIND: Final = "ขั้นตอนในช่องเดียว"
MARKED: Final = frozenset({(0, Field.STEPS)})


def of_steps(name: str, written: str, *steps: Step, marked: bool = True) -> Document:
    """A document of two measures, the first with its steps as they are written."""
    first = fact(steps=steps)
    rows = table(cells(first, steps=written), cells(B))
    return Document(KIND, f"{name}.xlsx", lambda: xlsx(rows), (first, B), MARKED if marked else frozenset())


WORDS: Final[Sequence[str]] = (
    *("แจ้งเจ้าหน้าที่", "กำหนดหัวข้อ", "ประชุมประจำปี", "รายงานทุกเดือน", "สรุปรายไตรมาส"),
    *("มอบหมายแต่ละ", "ประชาสัมพันธ์ให้ทั่วถึง", "ติดตามทุกรอบ", "อบรมบุคลากรทุกระดับ", "ทบทวนทุกหมวด"),
)

DOCUMENTS: Final = (
    *(
        of_steps(f"คำท้าย {word_}", f"๑. {word_} ๒. จัดทำคำสั่ง ๓. เผยแพร่", word_, "จัดทำคำสั่ง", "เผยแพร่")
        for word_ in WORDS
    ),
    of_steps("ไม่มีช่องว่าง", "1.ประชุม2.จัดทำ3.เผยแพร่", "ประชุม", "จัดทำ", "เผยแพร่"),
    of_steps("วงเล็บไม่มีช่องว่าง", "๑)ประชุม๒)จัดทำ", "ประชุม", "จัดทำ"),
    of_steps(
        "อักษรไทย",
        "๑. ประชุม\nก) แจ้งกอง\nข) แจ้งฝ่าย\n๒. จัดทำ",
        "ประชุม",
        (2, "แจ้งกอง"),
        (2, "แจ้งฝ่าย"),
        "จัดทำ",
        marked=False,
    ),
    of_steps(
        "อักษรในวงเล็บ", "1. ประชุม (ก) แจ้งกอง (ข) แจ้งฝ่าย 2. จัดทำ", "ประชุม", (2, "แจ้งกอง"), (2, "แจ้งฝ่าย"), "จัดทำ"
    ),
    of_steps("เลขวงเล็บข้างใน", "1. ประชุม (1) แจ้ง (2) สรุป 2. จัดทำ", "ประชุม", (2, "แจ้ง"), (2, "สรุป"), "จัดทำ"),
    of_steps("ห้าส", "1. 5ส ในสำนักงาน\n2. 5 ส ในที่สาธารณะ", "5ส ในสำนักงาน", "5 ส ในที่สาธารณะ", marked=False),
    of_steps("เกริ่นนำ", "ดำเนินการดังนี้ 1. ประชุม 2. จัดทำ", "ดำเนินการดังนี้", "ประชุม", "จัดทำ"),
    of_steps("ขีดในบรรทัด", "- ประชุม - จัดทำ - เผยแพร่", "ประชุม", "จัดทำ", "เผยแพร่"),
    of_steps("จุดสองระดับ", "• ประชุม\no แจ้งกอง\n• จัดทำ", "ประชุม", (2, "แจ้งกอง"), "จัดทำ"),
    of_steps("อ้างข้ออื่น", "๑. ดำเนินการตามข้อ ๒. ของประกาศ", "ดำเนินการตามข้อ ๒. ของประกาศ"),
    of_steps("นับใหม่", "1. ประชุม\n2. จัดทำ\n1. แจ้ง\n2. ปิดประกาศ", "ประชุม", "จัดทำ", "แจ้ง", "ปิดประกาศ"),
    of_steps(
        "ทศนิยมและปี",
        "๑. ใช้งบ ๒.๕ ล้านบาท ใน พ.ศ. ๒๕๖๖\n๒. จัดอบรม ๒ ครั้ง",
        *("ใช้งบ ๒.๕ ล้านบาท ใน พ.ศ. ๒๕๖๖", "จัดอบรม ๒ ครั้ง"),
        marked=False,
    ),
    Document(
        KIND,
        "วางข้อความต่อกัน",
        lambda: pasted(table(cells(A, steps="๑.จัดทำร่างประกาศ ๒.เสนอผู้บริหารลงนาม"), cells(B))),
        (A, B),
        MARKED,
    ),
    Document(
        KIND,
        "ในเวิร์ด.docx",
        lambda: word(table(cells(A, steps="๑. จัดทำร่างประกาศ ๒. เสนอผู้บริหารลงนาม"), cells(B))),
        (A, B),
        MARKED,
    ),
    Document(
        KIND,
        "ข้อความซ่อน.docx",
        lambda: docx_of_runs(table(cells(A), cells(B)), hidden="ข้อความที่ซ่อนไว้"),
        (A, B),
    ),
)
