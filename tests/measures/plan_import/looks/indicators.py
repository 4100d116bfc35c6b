"""Headings of indicators as they are written and misspelt, and those that nobody understands."""

from typing import Final

import docx

from measures.plan_import.parsing import Field
from tests.measures.plan_import.corpus import add_row, new_table, saved
from tests.measures.plan_import.looks.documents import (
    HEAD,
    SECOND,
    A,
    B,
    Document,
    book,
    cells,
    fact,
    pasted,
    table,
    word,
    xlsx,
)

KIND: Final = "หัวข้อตัวชี้วัด"
MARKED: Final = frozenset({(1, Field.INDICATOR)})


def of_heading(heading: str, number: int, *, marked: bool = False) -> Document:
    """A second measure below another heading."""
    second = fact(
        B.title, [text for _, text in B.steps], B.parties, (B.due_text, B.due_on), B.status, "", number
    )
    rows = table(cells(A), [heading], cells(second))
    return Document(
        KIND, f"{heading[:40]}.docx", lambda: word(rows), (A, second), MARKED if marked else frozenset()
    )


def in_a_column_of_excel(heading: str, number: int, *, marked: bool = False) -> Document:
    """The same in a sheet, where a heading is the only cell that is filled in its row."""
    of_word = of_heading(heading, number, marked=marked)
    rows = table(cells(A), [heading], cells(of_word.plan[1]))
    return Document(KIND, f"{heading[:40]}.xlsx", lambda: xlsx(rows), of_word.plan, of_word.marks)


def between_tables(heading: str, number: int, *, marked: bool = False) -> Document:
    of_word = of_heading(heading, number, marked=marked)

    def make() -> bytes:
        document = docx.Document()
        for line, each in (("ตัวชี้วัดที่ 1 การปฏิบัติหน้าที่", A), (heading, of_word.plan[1])):
            document.add_paragraph(line)
            made = new_table(document)
            add_row(made, [[name] for name in HEAD])
            add_row(made, [cell.split("\n") for cell in cells(each)])
        return saved(document)

    return Document(KIND, f"ระหว่างตาราง {heading[:30]}.docx", make, of_word.plan, of_word.marks)


def sheets(first: str, second: str, number: int, *, marked: bool = False) -> Document:
    of_word = of_heading("", number, marked=marked)

    def make() -> bytes:
        return book({first: [list(HEAD), cells(A)], second: [list(HEAD), cells(of_word.plan[1])]})

    return Document("แผ่นงานตามตัวชี้วัด", f"{first} {second}.xlsx", make, of_word.plan, of_word.marks)


def kpi_column() -> bytes:
    head = ("มาตรการ", "ขั้นตอน", "ตัวชี้วัด", *HEAD[2:])
    rows = [list(head), ["ตัวชี้วัดที่ 1 การปฏิบัติหน้าที่"]]
    for of, measured in ((A, "1 ครั้ง"), (B, "ร้อยละ 80")):
        title, steps, *others = cells(of)
        rows.append([title, steps, measured, *others])
    return xlsx(rows)


DOCUMENTS: Final = (
    of_heading(SECOND, 2),
    of_heading("๔) การใช้ทรัพย์สินของทางราชการ", 4),
    of_heading("ตัวชี่วัดที่ ๓ การใช้อำนาจ", 3),
    of_heading("ตัวชีวัดที่ 5 การแก้ไขปัญหาการทุจริต", 5),
    of_heading("ตัวชี้วัดที่ ๑ การปฎิบัติหน้าที่ (ต่อ)", 1),
    of_heading("ตัวชี้วัดที่สี่ การใช้ทรัพย์สินของทางราชการ", 4),
    of_heading("ด้านที่ 2 การใช้งบประมาณ", 2),
    of_heading("มาตรการตามตัวชี้วัดที่ ๗ ประสิทธิภาพการสื่อสาร", 7, marked=True),
    of_heading("ด้านการใช้งบประมาณของหน่วยงาน", 2, marked=True),
    of_heading("หมวด ข การบริหารงานทั่วไป", 2, marked=True),
    of_heading("ตัวชี้วดัที่ ๒ การใช้งบประมาณ", 2),
    in_a_column_of_excel("๔) การใช้ทรัพย์สินของทางราชการ", 4),
    in_a_column_of_excel("กลุ่มงานด้านการเงิน", 2, marked=True),
    between_tables(SECOND, 2),
    between_tables("๒. การใช้งบประมาณ", 2),
    between_tables("กลุ่มที่สอง งานการเงินและบัญชี", 2, marked=True),
    sheets("ตัวชี้วัดที่ 1", "ตัวชี้วัดที่ 2", 2),
    sheets("1", "2", 2, marked=True),
    sheets("การปฏิบัติหน้าที่", "การใช้งบประมาณ", 2, marked=True),
    sheets("ตัวชี้วัด 1", "งานการเงิน", 2, marked=True),
    Document(
        KIND,
        "ตัวชี้วัดความสำเร็จ.xlsx",
        kpi_column,
        (A, B),
        frozenset({(0, Field.INDICATOR), (1, Field.INDICATOR)}),
    ),
    Document(
        KIND,
        "วางข้อความ",
        lambda: pasted(table(cells(A), ["ตัวชี้วัดที่ ๒ การใช้งบประมาณ"], cells(fact(indicator=2)))),
        (A, fact(indicator=2)),
    ),
)
