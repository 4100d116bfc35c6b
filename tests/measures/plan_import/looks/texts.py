"""Text without a table behind it: copied without a script, Markdown, frames, from a PDF by position."""

import unicodedata
from typing import Final

from measures.plan_import.parsing import Field
from tests.measures.plan_import.corpus import Fact
from tests.measures.plan_import.looks.documents import (
    FIRST,
    HEAD,
    SECOND,
    A,
    B,
    Document,
    Mark,
    Rows,
    cells,
    fact,
    pasted,
    table,
)
from tests.measures.plan_import.looks.web import B2

PASTED: Final = "ข้อความจากหน้าเว็บ"
QUOTED: Final = "เครื่องหมายคำพูด"
MARKDOWN: Final = "Markdown และกรอบ"
PDF: Final = "ข้อความจาก PDF"
EVERY: Final = (Field.TITLE, Field.STEPS, Field.PARTIES, Field.DUE, Field.STATUS)
HEAD_LINE: Final = "\t".join(HEAD)
A_STEPS: Final = ("1. จัดทำร่างประกาศ", "2. เสนอผู้บริหารลงนาม")
B_STEPS: Final = ("1. รวบรวมกระบวนงาน", "2. เผยแพร่คู่มือ")
A_REST: Final = "สำนักปลัด\t31 มีนาคม 2566\tดำเนินการแล้วเสร็จ"
B_REST: Final = "กองคลัง\t30 กันยายน 2566\tอยู่ระหว่างดำเนินการ"


def everywhere(*places: int) -> frozenset[Mark]:
    """Marks at all cells of measures."""
    return frozenset((place, of) for place in places for of in EVERY)


def of_lines(*lines: str) -> str:
    return "\n".join(lines)


def text(kind: str, name: str, content: str, *plan: Fact, marks: frozenset[Mark] = frozenset()) -> Document:
    return Document(kind, name, lambda: content, plan or (A, B), marks)


def stopping(kind: str, name: str, *lines: str) -> Document:
    return Document(kind, name, lambda: of_lines(*lines), (A, B), stops=True)


def markdown(rows: Rows, *, ends: bool = True, line: str = "<br>") -> str:
    """A table of Markdown."""
    found = []
    for row in rows:
        bare = " | ".join(str(cell).replace("\n", line) for cell in row)
        found.append(f"| {bare} |" if ends else bare)
    rule = " | ".join([":---"] * len(rows[0]))
    return "\n".join([found[0], f"| {rule} |" if ends else rule, *found[1:]])


def framed(rows: Rows, *, each: bool = False) -> str:
    """A table in a frame, as databases print it; or with a frame around each row, of several lines."""
    rule = "+" + "+".join(["-" * 12] * len(HEAD)) + "+"
    lines = [rule]
    for place, row in enumerate(rows):
        parts = [str(cell).split("\n") for cell in row]
        for number in range(max(map(len, parts))):
            shown = [part[number] if number < len(part) else "" for part in parts]
            lines.append("|" + "|".join(f" {cell} " for cell in shown) + "|")
        if each or place == 0:
            lines.append(rule)
    return "\n".join(lines if each else [*lines, rule])


PLAIN: Final = (list(HEAD), cells(A), cells(B))
BOLD: Final = (
    [f"**{name}**" for name in HEAD],
    [f"**{A.title}**", "1\\. จัดทำร่างประกาศ<br/>2\\. เสนอผู้บริหาร__ลงนาม__", "`สำนักปลัด`", *cells(A)[3:]],
    cells(B),
)
ONE_LINE: Final = [[str(cell).replace("\n", " ") for cell in row] for row in PLAIN]
ESCAPED: Final = "แผน ก \\| ข"
BARRED: Final = fact("แผน ก | ข")
QUOTE: Final = fact('"นโยบาย" ไม่รับของขวัญ')
LONE: Final = fact('"ประกาศ นโยบาย')
INCH: Final = fact('ป้าย 24" หน้าสำนักงาน')

# As pdftotext -layout 22.12 wrote them of two PDFs.
BY_COLUMNS: Final = """\
ตัวชี้วัดที่ 1 การปฏิบัติหน้าที่

มาตรการ                      ขั้นตอน                 ผู้รับผิดชอบ   ก าหนดแล้วเสร็จ   ผลการด าเนินงาน
ประกาศนโยบายไม่รับของขวัญ    1. จัดท าร่างประกาศ     ส านักปลัด     31 มีนาคม 2566    ด าเนินการแล้วเสร็จ
                             2. เสนอผู้บริหารลงนาม
จัดท าคู่มือการให้บริการ                             กองคลัง        30 กันยายน 2566   อยู่ระหว่างด าเนินการ
                               1. รวบรวมกระบวนงาน
                               2. เผยแพร่คู่มือ
"""
NUMBERED: Final = """\
ตัวชี้วัดที่ 1 การปฏิบัติหน้าที่

ที่   มาตรการ                        ขั้นตอน                   ผู้รับผิดชอบ   ก าหนดแล้วเสร็จ   ผลการด าเนินงาน
1    ประกาศนโยบายไม่รับของขวัญ                               ส านักปลัด     31 มีนาคม 2566    ด าเนินการแล้วเสร็จ
                                     1. จัดท าร่างประกาศ
                                     2. เสนอผู้บริหารลงนาม

2    จัดท าคู่มือการให้บริการ                                กองคลัง        30 กันยายน 2566   อยู่ระหว่างด าเนินการ
                                     1. รวบรวมกระบวนงาน
                                     2. เผยแพร่คู่มือ
"""


def in_columns(*lines: tuple[str, ...]) -> str:
    """Cells one below the other, vowels and tones above and below not counted, as a terminal shows them."""

    def shown(cell: str) -> str:
        return cell + " " * (26 - sum(unicodedata.category(letter) != "Mn" for letter in cell))

    return "\n".join("".join(map(shown, cells)) for cells in lines)


WRAPPED: Final = in_columns(
    (FIRST,),
    ("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ", "กำหนดแล้วเสร็จ", "ผลการดำเนินงาน"),
    ("ประกาศนโยบาย", "1. จัดทำร่างประกาศ", "สำนักปลัด", "31 มีนาคม", "ดำเนินการแล้วเสร็จ"),
    ("ไม่รับของขวัญ", "2. เสนอผู้บริหารลงนาม", "", "2566", ""),
    ("จัดทำคู่มือ", "1. รวบรวมกระบวนงาน", "กองคลัง", "30 กันยายน", "อยู่ระหว่างดำเนินการ"),
    ("การให้บริการ", "2. เผยแพร่คู่มือ", "", "2566", ""),
)
# Columns that overlap from line to line.
CROSSING: Final = """\
ตัวชี้วัดที่ 1 การปฏิบัติหน้าที่
มาตรการ         ขั้นตอน        ผู้รับผิดชอบ  กำหนดแล้วเสร็จ  ผลการดำเนินงาน
ประกาศนโยบายไม่รับของขวัญ  1. จัดทำร่างประกาศ  สำนักปลัด  31 มีนาคม 2566  ดำเนินการแล้วเสร็จ
จัดทำคู่มือการให้บริการ  1. รวบรวมกระบวนงานทั้งหมดของหน่วยงาน  กองคลัง  30 กันยายน 2566  อยู่ระหว่างดำเนินการ
"""
# Two lines that are full, and a third that is not: where the second measure begins is not said.
TWO_FULL: Final = """\
มาตรการ                      ขั้นตอน                   ผู้รับผิดชอบ     กำหนดแล้วเสร็จ     ผลการดำเนินงาน
ประกาศนโยบาย                1. จัดทำร่างประกาศ         สำนักปลัด       31 มีนาคม         ดำเนินการ
ไม่รับของขวัญ                2. เสนอผู้บริหาร            กองคลัง         2566             แล้วเสร็จ
                            3. เผยแพร่
จัดทำคู่มือ                   1. รวบรวม                 กองช่าง         30 กันยายน 2566   อยู่ระหว่าง
"""

DOCUMENTS: Final = (
    text(
        PASTED,
        "ข้อความเว็บ br ในช่อง",
        of_lines(
            *(FIRST, "", HEAD_LINE),
            *(f"{A.title}\t{A_STEPS[0]}", f"{A_STEPS[1]}\t{A_REST}"),
            *(f"{B.title}\t{B_STEPS[0]}", f"{B_STEPS[1]}\t{B_REST}"),
        ),
        marks=everywhere(0, 1),
    ),
    text(
        PASTED,
        "ข้อความเว็บ สามบรรทัด",
        of_lines(
            *(FIRST, HEAD_LINE),
            *(f"{A.title}\t{A_STEPS[0]}", f"{A_STEPS[1]}", f"3. เผยแพร่\t{A_REST}"),
            f"{SECOND}",
            *(f"{B.title}\t{B_STEPS[0]}", f"{B_STEPS[1]}\t{B_REST}"),
        ),
        fact(steps=("จัดทำร่างประกาศ", "เสนอผู้บริหารลงนาม", "เผยแพร่")),
        B2,
        marks=everywhere(0, 1),
    ),
    text(
        PASTED,
        "ข้อความเว็บ หัวตารางสองบรรทัด",
        of_lines(
            FIRST,
            "มาตรการ\tขั้นตอน\tผู้รับผิดชอบ\tกำหนด",
            "แล้วเสร็จ\tผลการดำเนินงาน",
            f"{A.title}\t{A_STEPS[0]}",
            f"{A_STEPS[1]}\t{A_REST}",
        ),
        A,
        marks=everywhere(0),
    ),
    stopping(
        *(PASTED, "ข้อความเว็บ ย่อหน้าในช่อง", FIRST, "", HEAD_LINE),
        *(f"{A.title}\t", A_STEPS[0], "", A_STEPS[1], "", A_REST),
        *(f"{B.title}\t", B_STEPS[0], B_STEPS[1], B_REST),
    ),
    stopping(
        *(PASTED, "ข้อความเว็บ ชื่อสองย่อหน้า", FIRST, "", HEAD_LINE),
        *("ประกาศนโยบาย", "", f"ไม่รับของขวัญ\t1. ก\t{A_REST}", f"{B.title}\t1. ข\t{B_REST}"),
    ),
    stopping(
        *(PASTED, "ข้อความเว็บ ผลสองบรรทัด", FIRST, HEAD_LINE),
        *(f"{A.title}\t1. ก\t{A_REST}", "เมื่อวันจันทร์", f"{B.title}\t1. ข\t{B_REST}"),
    ),
    stopping(
        *(PASTED, "ข้อความเว็บ ผสานช่อง", FIRST, HEAD_LINE),
        *(f"{A.title}\t{A_STEPS[0]}\t{A_REST}", A_STEPS[1], f"{B.title}\t{B_STEPS[0]}\t{B_REST}", B_STEPS[1]),
    ),
    stopping(
        *(PASTED, "ข้อความเว็บ แท็บหายสองช่อง", FIRST, HEAD_LINE),
        *(f"{A.title}\t", A_STEPS[0], "สำนักปลัด", "31 มีนาคม 2566\tดำเนินการแล้วเสร็จ"),
        *(f"{B.title}\t", B_STEPS[0], "กองคลัง", "30 กันยายน 2566\tอยู่ระหว่างดำเนินการ"),
    ),
    stopping(PASTED, "ข้อความเว็บ ช่องละบรรทัด", *HEAD, A.title, *A_STEPS, *A_REST.split("\t")),
    text(QUOTED, "คำพูดเดี่ยวในช่องอื่น", pasted(table(cells(LONE), cells(B))), LONE, B),
    text(QUOTED, "คำพูดคู่ในชื่อ", pasted(table(cells(QUOTE), cells(B))), QUOTE, B),
    text(QUOTED, "คำพูดเดี่ยวท้ายคำ", pasted(table(cells(INCH), cells(B))), INCH, B),
    text(
        QUOTED,
        "คำพูดซ้อนในช่องหลายบรรทัด",
        pasted(table(cells(A), cells(B))).replace("จัดทำร่างประกาศ", 'จัดทำ""ร่าง""ประกาศ', 1),
        fact(steps=('จัดทำ"ร่าง"ประกาศ', "เสนอผู้บริหารลงนาม")),
        B,
    ),
    text(MARKDOWN, "Markdown", f"## {FIRST}\n\n{markdown(PLAIN)}"),
    text(MARKDOWN, "Markdown ตัวหนา", f"**{FIRST}**\n\n{markdown(BOLD)}"),
    text(MARKDOWN, "Markdown ไม่มีขอบ", f"{FIRST}\n\n{markdown(PLAIN, ends=False)}"),
    text(
        MARKDOWN,
        "Markdown ขีดในช่อง",
        f"# {FIRST}\n\n{markdown((list(HEAD), [ESCAPED, *cells(A)[1:]], cells(B)))}",
        BARRED,
        B,
    ),
    text(
        MARKDOWN,
        "Markdown สองตาราง",
        f"### {FIRST}\n{markdown(PLAIN[:2])}\n\n### {SECOND}\n{markdown([PLAIN[0], PLAIN[2]])}",
        A,
        B2,
    ),
    text(
        MARKDOWN,
        "Markdown ขึ้นบรรทัดในช่อง",
        f"{FIRST}\n\n{markdown(PLAIN, line=chr(10))}",
        marks=everywhere(0, 1),
    ),
    text(
        MARKDOWN,
        "Markdown ขีดเกิน",
        f"{FIRST}\n\n{markdown((list(HEAD), cells(A), [B.title, 'ก | ข', *cells(B)[2:]]))}",
        A,
        fact(B.title, ("ก",), ("ข",), (B.parties[0], None), B.status),
        marks=everywhere(1),
    ),
    text(
        MARKDOWN,
        "กรอบบรรทัดเดียว",
        f"{FIRST}\n{framed(ONE_LINE)}",
    ),
    text(MARKDOWN, "กรอบหลายบรรทัด", f"{FIRST}\n{framed(PLAIN, each=True)}", marks=everywhere(0, 1)),
    text(PDF, "pdftotext ตามคอลัมน์", BY_COLUMNS, marks=everywhere(0, 1)),
    text(PDF, "pdftotext มีลำดับ", NUMBERED, marks=everywhere(0, 1)),
    text(PDF, "pdftotext ตัดบรรทัด", WRAPPED, marks=everywhere(0, 1)),
    Document(PDF, "คอลัมน์ซ้อนกัน", lambda: CROSSING, (A, B), stops=True),
    Document(PDF, "แถวไม่แน่นอน", lambda: TWO_FULL, (A, B), stops=True),
)
