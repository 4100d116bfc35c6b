"""When a measure is due: rounds, months and quarters that are ticked, other fiscal years."""

import io
from datetime import date
from typing import Any, Final

import openpyxl
from openpyxl.styles import PatternFill

from measures.plan_import.parsing import Choices, Field
from tests.measures.plan_import.looks.documents import (
    FIRST,
    HEAD,
    MARCH,
    SEPTEMBER,
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

DUE: Final = frozenset({(0, Field.DUE)})
MONTHS: Final = (
    "ต.ค.",
    "พ.ย.",
    "ธ.ค.",
    "ม.ค.",
    "ก.พ.",
    "มี.ค.",
    "เม.ย.",
    "พ.ค.",
    "มิ.ย.",
    "ก.ค.",
    "ส.ค.",
    "ก.ย.",
)


def of_due(text: str, day: date | None, *, marked: bool = False, kind: str = "กำหนด") -> Document:
    first = fact(due=(text, day))
    rows = table(cells(first), cells(B))
    return Document(
        kind, f"{text[:30] or 'ว่าง'}.xlsx", lambda: xlsx(rows), (first, B), DUE if marked else frozenset()
    )


def ticks(*places: int, count: int = 12, tick: Any = "✓") -> list[Any]:
    return [tick if place in places else "" for place in range(count)]


def months(tick: Any, *, bar: bool = False) -> bytes:
    """A head of two rows, twelve months, and what says in which of them each measure is done."""
    rows: list[list[Any]] = [
        [*HEAD[:3], "ระยะเวลาดำเนินการ", *[""] * 11, HEAD[4]],
        ["", "", "", *MONTHS, ""],
        [FIRST],
        [*cells(A)[:3], *ticks(*((0,) if bar else range(6)), tick=tick), cells(A)[4]],
        [*cells(B)[:3], *ticks(11, tick=tick), cells(B)[4]],
    ]
    merged = ["A1:A2", "B1:B2", "C1:C2", "D1:O1", "P1:P2", "A3:P3"]
    return xlsx(rows, (*merged, "D4:I4") if bar else merged)


def quarters() -> bytes:
    head = (*HEAD[:3], "ไตรมาส 1", "ไตรมาส 2", "ไตรมาส 3", "ไตรมาส 4", HEAD[4])
    return word(
        table(
            [*cells(A)[:3], *ticks(1, count=4), cells(A)[4]],
            [*cells(B)[:3], *ticks(2, 3, count=4, tick="●"), cells(B)[4]],
            head=head,
        )
    )


def numbered_quarters() -> bytes:
    rows: list[list[Any]] = [
        [*HEAD[:3], "ไตรมาส", "", "", "", HEAD[4]],
        ["", "", "", 1, 2, 3, 4, ""],
        [FIRST],
        [*cells(A)[:3], "", "P", "", "", cells(A)[4]],
        [*cells(B)[:3], "", "", "", "P", cells(B)[4]],
    ]
    return xlsx(rows, ("A1:A2", "B1:B2", "C1:C2", "D1:G1", "H1:H2"))


def coloured() -> bytes:
    """Bars drawn with the colour of cells."""
    made = openpyxl.load_workbook(io.BytesIO(months("")))
    sheet = made.worksheets[0]
    for row, columns in ((4, range(4, 10)), (5, (15,))):
        for column in columns:
            sheet.cell(row, column).fill = PatternFill("solid", fgColor="FF92D050")
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def none_ticked() -> bytes:
    head = (*HEAD[:3], "ไตรมาส 1", "ไตรมาส 2", HEAD[4])
    return xlsx(table([*cells(A)[:3], "", "", cells(A)[4]], [*cells(B)[:3], "", "✓", cells(B)[4]], head=head))


IN_MARCH: Final = fact(due=("ต.ค. - มี.ค.", MARCH))
IN_SEPTEMBER: Final = fact(B.title, [text for _, text in B.steps], B.parties, ("ก.ย.", SEPTEMBER), B.status)


def in_quarter(of: Any, text: str, day: date) -> Any:
    return fact(of.title, [text for _, text in of.steps], of.parties, (text, day), of.status)


OLD: Final = (
    fact(due=("31 มีนาคม 2565", date(2022, 3, 31))),
    fact(B.title, [text for _, text in B.steps], B.parties, ("30 กันยายน 2565", date(2022, 9, 30)), B.status),
)
KEPT: Final = Choices(years=0)
MOVED: Final = Choices(years=1)

DOCUMENTS: Final = (
    of_due("ครั้งที่ 1 มี.ค. 2566", MARCH),
    of_due("ครั้งที่ ๑ มี.ค. ๒๕๖๖ ครั้งที่ ๒ ก.ย. ๒๕๖๖", SEPTEMBER),
    of_due("รอบที่ 1 มีนาคม 2566", MARCH),
    of_due("งวดที่ 2 ก.ย. 66", SEPTEMBER),
    of_due("", None, marked=True),
    of_due("ทุกเดือน", None, marked=True),
    of_due("31 มีนาคม 2576", date(2033, 3, 31), marked=True),
    of_due("ก่อนวันที่ 31 มีนาคม 2566", MARCH, marked=True),
    of_due("รอบ 6 เดือนหลัง", MARCH, marked=True),
    Document("เดือนและไตรมาส", "เดือนสองแถว.xlsx", lambda: months("✓"), (IN_MARCH, IN_SEPTEMBER)),
    Document("เดือนและไตรมาส", "ลูกศร.xlsx", lambda: months("↔"), (IN_MARCH, IN_SEPTEMBER)),
    Document("เดือนและไตรมาส", "จริง.xlsx", lambda: months(True), (IN_MARCH, IN_SEPTEMBER)),
    Document(
        "เดือนและไตรมาส", "แถบผสานช่อง.xlsx", lambda: months("◄────►", bar=True), (IN_MARCH, IN_SEPTEMBER)
    ),
    Document(
        "เดือนและไตรมาส",
        "แถบสี.xlsx",
        coloured,
        (IN_MARCH, IN_SEPTEMBER),
        frozenset({(0, Field.DUE), (1, Field.DUE)}),
    ),
    Document(
        "เดือนและไตรมาส",
        "ไตรมาส.docx",
        quarters,
        (in_quarter(A, "ไตรมาส 2", MARCH), in_quarter(B, "ไตรมาส 3 - ไตรมาส 4", SEPTEMBER)),
    ),
    Document(
        "เดือนและไตรมาส",
        "เลขไตรมาส.xlsx",
        numbered_quarters,
        (in_quarter(A, "ไตรมาส 2", MARCH), in_quarter(B, "ไตรมาส 4", SEPTEMBER)),
    ),
    Document(
        "เดือนและไตรมาส",
        "ไม่มีไตรมาสใด.xlsx",
        none_ticked,
        (fact(due=("", None)), in_quarter(B, "ไตรมาส 2", MARCH)),
        DUE,
    ),
    Document("ปีงบประมาณอื่น", "ตามวัน.xlsx", lambda: xlsx(table(*map(cells, OLD))), OLD, stops=True),
    Document(
        "ปีงบประมาณอื่น",
        "ตามหัวเรื่อง.docx",
        lambda: word(
            table(cells(A, due="ไตรมาส 2"), cells(B, due="ไตรมาส 4")),
            ("แผนปฏิบัติการ ประจำปีงบประมาณ พ.ศ. ๒๕๖๕",),
        ),
        (in_quarter(A, "ไตรมาส 2", MARCH), in_quarter(B, "ไตรมาส 4", SEPTEMBER)),
        stops=True,
    ),
    Document(
        "ปีงบประมาณอื่น",
        "ตามชื่อแผ่นงาน.xlsx",
        lambda: book({"แผน 2565": table(cells(A, due="ไตรมาส 2"), cells(B, due="ไตรมาส 4"))}),
        (in_quarter(A, "ไตรมาส 2", MARCH), in_quarter(B, "ไตรมาส 4", SEPTEMBER)),
        stops=True,
    ),
    Document("ปีงบประมาณอื่น", "คงวันเดิม", lambda: pasted(table(*map(cells, OLD))), OLD, choices=KEPT),
    Document("ปีงบประมาณอื่น", "เลื่อนวัน", lambda: pasted(table(*map(cells, OLD))), (A, B), choices=MOVED),
    Document(
        "ปีงบประมาณอื่น",
        "แผนหลายปี.docx",
        lambda: word(table(cells(A), cells(B)), ("แผนปฏิบัติการ พ.ศ. 2566 - 2570 ประจำปี 2566",)),
        (A, B),
    ),
    Document(
        "ปีงบประมาณอื่น",
        "หัวเรื่องขัดกับวัน.docx",
        lambda: word(table(cells(A), cells(B)), ("แผนเพื่อยกระดับผลการประเมิน ประจำปีงบประมาณ 2565",)),
        (A, B),
    ),
)
