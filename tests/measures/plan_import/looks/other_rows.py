"""Rows that are no measures, rows that are one measure, and cells that hold several."""

from typing import Any, Final

from measures.plan_import.parsing import Choices, Field
from tests.measures.plan_import.looks.documents import (
    FIRST,
    HEAD,
    PHRASES,
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

KIND: Final = "แถวที่ไม่ใช่มาตรการ"
JOINED: Final = "แถวที่เป็นมาตรการเดียวกัน"


def with_rows(name: str, *rows: Any, first: Any = ()) -> Document:
    """Two measures with other rows below the head and below them."""
    written = [list(HEAD), *map(list, first), [FIRST], cells(A), cells(B), *map(list, rows)]
    return Document(KIND, f"{name}.xlsx", lambda: xlsx(written), (A, B))


def step_rows(*, repeated: bool, continued: str = "") -> list[list[str]]:
    """A measure with a row for each step, its title in each of them or only in the first."""
    title, steps, *others = cells(A)
    first, second = steps.split("\n")
    again = f"{title} {continued}".strip() if repeated else ""
    return [
        [title, first, *others],
        [again, second, *(others if repeated and not continued else ["", "", ""])],
    ]


def merged_cells() -> bytes:
    """One due time and one division for two measures, in cells that are merged downwards."""
    due = "30 กันยายน 2566"
    rows = [
        list(HEAD),
        [FIRST],
        [A.title, cells(A)[1], "กองคลัง", due, PHRASES["done"]],
        [B.title, cells(B)[1], "", "", PHRASES["in_progress"]],
    ]
    return xlsx(rows, ("C3:C4", "D3:D4"))


def summary() -> bytes:
    return book(
        {
            "แผน": table(cells(A), cells(B)),
            "สรุป": [
                ["มาตรการ", "สถานะ", "หมายเหตุ"],
                [A.title, "แล้วเสร็จ", ""],
                [B.title, "อยู่ระหว่างดำเนินการ", ""],
            ],
            "สถิติ": [["ตัวชี้วัด", "จำนวนมาตรการ", "แล้วเสร็จ", "ร้อยละ"], ["1", 2, 1, 50]],
        }
    )


def several() -> list[list[str]]:
    titles = "1. ประกาศนโยบาย\n2. จัดทำคู่มือ"
    return table([titles, "1. ร่างประกาศ\n2. รวบรวมข้อมูล", "สำนักปลัด", "31 มีนาคม 2566", PHRASES["done"]])


LATE: Final = fact(due=("30 กันยายน 2566", B.due_on), parties=("กองคลัง",))
SPLIT: Final = (
    fact("ประกาศนโยบาย", ("ร่างประกาศ",)),
    fact("จัดทำคู่มือ", ("รวบรวมข้อมูล",)),
)

DOCUMENTS: Final = (
    with_rows(
        "ลงชื่อ", ["(ลงชื่อ) ........................ ผู้รายงาน"], ["(นายสมบูรณ์ ตัวอย่าง)"], ["ตำแหน่ง ปลัดเทศบาล"]
    ),
    with_rows(
        "รวม",
        ["รวม", "", "", "", "2"],
        ["รวมทั้งสิ้น 2 มาตรการ", "", "", "", ""],
        ["คิดเป็นร้อยละ", "", "", "", "50"],
    ),
    with_rows("หมายเหตุ", ["หมายเหตุ : ข้อมูล ณ วันที่ 31 มีนาคม 2566"], ["* มาตรการต่อเนื่อง"]),
    with_rows("เลขคอลัมน์", first=[["(๑)", "(๒)", "(๓)", "(๔)", "(๕)"]]),
    with_rows("อักษรคอลัมน์", first=[["ก", "ข", "ค", "ง", "จ"]]),
    Document(KIND, "แผ่นสรุป.xlsx", summary, (A, B)),
    Document(
        KIND,
        "รวมพลังเป็นมาตรการ.xlsx",
        lambda: xlsx(table(cells(fact("รวมพลังต่อต้านการทุจริต")), cells(B))),
        (fact("รวมพลังต่อต้านการทุจริต"), B),
    ),
    Document(
        KIND,
        "ลำดับและหัวข้อ.xlsx",
        lambda: xlsx(
            [
                ["ที่", *HEAD],
                ["1", FIRST],
                ["1.1", *cells(A)],
                ["2", SECOND],
                ["2.1", *cells(fact(indicator=2))],
            ]
        ),
        (A, fact(indicator=2)),
    ),
    Document(JOINED, "แถวละขั้นตอน.docx", lambda: word(table(*step_rows(repeated=False), cells(B))), (A, B)),
    Document(JOINED, "ชื่อซ้ำทุกแถว.xlsx", lambda: xlsx(table(*step_rows(repeated=True), cells(B))), (A, B)),
    Document(
        JOINED,
        "ต่อ.docx",
        lambda: word(table(*step_rows(repeated=True, continued="(ต่อ)"), cells(B))),
        (A, B),
    ),
    # The title has lost a letter: whether it goes on is not certain.
    Document(
        JOINED,
        "ต่อแต่สะกดไม่ตรง.docx",
        lambda: word(table(cells(A), [f"{B.title} (ต่อ)", *cells(B)[1:]])),
        (
            A,
            fact(
                f"{B.title} (ต่อ)", [text for _, text in B.steps], B.parties, (B.due_text, B.due_on), B.status
            ),
        ),
        frozenset({(1, Field.TITLE)}),
    ),
    Document(
        JOINED,
        "ต่อหลังหัวซ้ำ.xlsx",
        lambda: xlsx(
            [
                *table(step_rows(repeated=False)[0]),
                list(HEAD),
                ["ตัวชี้วัดที่ 1 การปฏิบัติหน้าที่ (ต่อ)"],
                [f"{A.title} (ต่อ)", step_rows(repeated=False)[1][1], "", "", ""],
                cells(B),
            ]
        ),
        (A, B),
    ),
    Document(
        JOINED,
        "ชื่อหาย.xlsx",
        lambda: xlsx(table(cells(A), ["", *cells(B)[1:]])),
        (A, fact("", [text for _, text in B.steps], B.parties, (B.due_text, B.due_on), B.status)),
        stops=True,
    ),
    Document(
        JOINED,
        "ช่องผสานลงมา.xlsx",
        merged_cells,
        (
            LATE,
            fact(B.title, [text for _, text in B.steps], ("กองคลัง",), ("30 กันยายน 2566", B.due_on), B.status),
        ),
    ),
    Document(
        "หลายมาตรการในช่องเดียว",
        "ยังไม่แยก.docx",
        lambda: word(several()),
        (fact("1. ประกาศนโยบาย 2. จัดทำคู่มือ", ("ร่างประกาศ", "รวบรวมข้อมูล")),),
        frozenset({(0, Field.TITLE)}),
    ),
    Document(
        "หลายมาตรการในช่องเดียว",
        "แยกแล้ว.docx",
        lambda: word(several()),
        SPLIT,
        choices=Choices(split=frozenset({"1.3"})),
    ),
    Document(
        KIND,
        "เลือกไม่นำเข้า",
        lambda: pasted(table(cells(A), cells(B))),
        (B,),
        choices=Choices(left_out=frozenset({"1.3"})),
    ),
    Document(
        KIND,
        "เลือกนำเข้า.xlsx",
        lambda: xlsx(table(cells(A), ["หมายเหตุของโครงการ", "", "", "", ""])),
        (A, fact("หมายเหตุของโครงการ", (), (), ("", None), None)),
        choices=Choices(brought_in=frozenset({"1.4"})),
    ),
)
