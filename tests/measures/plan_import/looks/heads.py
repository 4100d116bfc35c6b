"""Heads of columns: misspelt, in two rows, in English, not known; and rows that do not fit them."""

from typing import Final

from measures.plan_import.parsing import Field
from tests.measures.plan_import.looks.documents import (
    FIRST,
    HEAD,
    A,
    B,
    Document,
    cells,
    fact,
    pasted,
    table,
    word,
    xlsx,
)

KIND: Final = "หัวคอลัมน์"


def of_head(name: str, *head: str, stops: bool = False) -> Document:
    rows = table(cells(A), cells(B), head=head)
    return Document(KIND, f"{name}.xlsx", lambda: xlsx(rows), (A, B), stops=stops)


def unknown_due() -> Document:
    rows = table(cells(A), cells(B), head=(*HEAD[:3], "เมื่อใด", HEAD[4]))
    plan = tuple(
        fact(of.title, [text for _, text in of.steps], of.parties, (of.due_text, of.due_on), of.status)
        for of in (A, B)
    )
    return Document(
        KIND, "คอลัมน์ที่ไม่รู้จัก.xlsx", lambda: xlsx(rows), plan, frozenset({(0, Field.DUE), (1, Field.DUE)})
    )


def shifted() -> str:
    """A row that has lost a cell."""
    rows = [row + [""] * (5 - len(row)) for row in table(cells(A), cells(B))]
    text = pasted(rows)
    return text.replace("\tกองคลัง\t", "\t")


DOCUMENTS: Final = (
    of_head("วรรณยุกต์หาย", "มาตรการ", "ขันตอน/วิธีการปฎิบัติ", "ผุ้รับผิดชอบ", "กำหนดแลวเสร็จ", "ผลการดําเนินงาน"),
    of_head("สะกดผิด", "มาตรกาล", "ขั้นตนอน", "ผู้รับผิดชอป", "กำหนดแล้วเส็จ", "ผลการดำเนิงาน"),
    of_head("คำอื่น", "โครงการ/กิจกรรม", "วิธีดำเนินการ", "หน่วยงานหลัก", "ระยะเวลา", "ความก้าวหน้า"),
    of_head("ไม่รู้จักเลย", "เรื่อง", "สิ่งที่ทำ", "ใคร", "เมื่อใด", "เป็นอย่างไร", stops=True),
    unknown_due(),
    Document(
        KIND,
        "ช่องหาย",
        shifted,
        (A, B),
        frozenset({(1, Field.TITLE)}),
    ),
    Document(
        KIND,
        "หัวซ้ำกลางตาราง.docx",
        lambda: word([list(HEAD), [FIRST], cells(A), list(HEAD), cells(B)]),
        (A, B),
    ),
)
