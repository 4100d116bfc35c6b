"""What is said of how far a measure is: half done, ticked, true or false."""

from typing import Any, Final

from measures.plan_import.parsing import Field
from tests.measures.plan_import.looks.documents import HEAD, A, B, Document, cells, fact, table, word, xlsx

KIND: Final = "สถานะ"
MARKED: Final = frozenset({(0, Field.STATUS)})
TICKS: Final = (*HEAD[:4], "ดำเนินการแล้ว", "อยู่ระหว่างดำเนินการ", "ยังไม่ดำเนินการ")
PLACES: Final = ("done", "in_progress", "not_started")


def half_done(text: str) -> Document:
    """What begins with "done" and takes it back: in progress, marked, nothing of its text lost."""
    first = fact(status="in_progress", result=text)
    rows = table(cells(first, status=text), cells(B))
    return Document(KIND, f"{text[:30]}.xlsx", lambda: xlsx(rows), (first, B), MARKED)


def ticked(name: str, tick: Any, other: Any = "", head: tuple[str, ...] = TICKS) -> Document:
    """Three measures, each ticked below its status."""
    facts = tuple(fact(f"มาตรการ{word_}", status=status) for word_, status in zip("กขค", PLACES, strict=True))

    def make() -> bytes:
        rows = [
            [*cells(each)[:4], *(tick if each.status == place else other for place in PLACES)]
            for each in facts
        ]
        return xlsx(table(*rows, head=head))

    return Document("เครื่องหมายใต้สถานะ", f"{name}.xlsx", make, facts)


def reached() -> bytes:
    head = (*HEAD[:4], "บรรลุ", "ไม่บรรลุ")
    return xlsx(table([*cells(A)[:4], "✓", ""], [*cells(B)[:4], "", "✓"], head=head))


def two_rows() -> bytes:
    rows = [
        [*HEAD[:4], "สถานะ", "", ""],
        ["", "", "", "", "ดำเนินการแล้ว", "อยู่ระหว่างดำเนินการ", "ยังไม่ดำเนินการ"],
        ["ตัวชี้วัดที่ 1 การปฏิบัติหน้าที่"],
        [*cells(A)[:4], "/", "", ""],
        [*cells(B)[:4], "", "/", ""],
    ]
    return xlsx(rows, ("A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:G1"))


DOCUMENTS: Final = (
    *map(
        half_done,
        (
            *(
                "ดำเนินการแล้วเป็นบางส่วน",
                "ดำเนินการแล้ว แต่ยังไม่ได้เผยแพร่",
                "แล้วเสร็จ 3 จาก 5",
                "แล้วเสร็จ ๒ จาก ๔ ขั้นตอน",
            ),
            *("ดำเนินการแล้ว เหลือการเผยแพร่", "ดำเนินการแล้วเป็นส่วนใหญ่", "ดำเนินการแล้ว จะดำเนินการต่อในไตรมาสหน้า"),
            *(
                "ดำเนินการแล้วเสร็จ 2 โครงการ ยกเลิก 1 โครงการ",
                "ดำเนินการแล้ว ร้อยละ 60",
                "จัดประชุมแล้ว ยังไม่ได้ออกประกาศ",
            ),
        ),
    ),
    Document(
        KIND,
        "ไม่แล้วเสร็จ.xlsx",
        lambda: xlsx(table(cells(A, status="ไม่แล้วเสร็จ"), cells(B))),
        (fact(status="in_progress"), B),
        MARKED,
    ),
    Document(
        KIND,
        "ช่องว่าง.xlsx",
        lambda: xlsx(table(cells(A, status=""), cells(B))),
        (fact(status=None), B),
        MARKED,
    ),
    Document(
        KIND,
        "กล่องในช่อง.docx",
        lambda: word(
            table(
                cells(A, status="☑ ดำเนินการแล้วเสร็จ\n☐ อยู่ระหว่างดำเนินการ\n☐ อื่น ๆ .........."),
                cells(B, status="[ ] แล้วเสร็จ [x] อยู่ระหว่างดำเนินการ"),
            )
        ),
        (A, B),
    ),
    Document(
        KIND,
        "กล่องเปล่า.docx",
        lambda: word(table(cells(A, status="☐ แล้วเสร็จ ☐ อยู่ระหว่างดำเนินการ"), cells(B))),
        (fact(status=None), B),
        MARKED,
    ),
    Document(
        KIND,
        "ข้อความที่ไม่บอกสถานะ.xlsx",
        lambda: xlsx(table(cells(A, status="จัดอบรม 2 ครั้ง"), cells(B))),
        (fact(status=None, result="จัดอบรม 2 ครั้ง"), B),
        MARKED,
    ),
    ticked("เครื่องหมายถูก", "✓"),
    ticked("จริงเท็จ", True, False),
    ticked("ทับ", "/", "-"),
    ticked("ใช่", "ใช่"),
    Document("เครื่องหมายใต้สถานะ", "บรรลุ.xlsx", reached, (A, B), frozenset({(1, Field.STATUS)})),
    Document("เครื่องหมายใต้สถานะ", "หัวสองแถว.xlsx", two_rows, (A, B)),
    Document(
        "เครื่องหมายใต้สถานะ",
        "ไม่ได้ทำเครื่องหมาย.xlsx",
        lambda: xlsx(table([*cells(A)[:4], "", "", ""], [*cells(B)[:4], "", "✓", ""], head=TICKS)),
        (fact(status=None), B),
        MARKED,
    ),
)
