"""What a document of the corpus is: how it is made, the plan that is in it, and what has to be marked."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import docx
import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from measures.plan_import.parsing import Choices, Field
from tests.measures.plan_import.corpus import Fact, add_row, full_width, new_table, saved

YEAR: Final = 2566
HEAD: Final = ("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ", "กำหนดแล้วเสร็จ", "ผลการดำเนินงาน")
MARCH: Final = date(2023, 3, 31)
SEPTEMBER: Final = date(2023, 9, 30)
FIRST: Final = "ตัวชี้วัดที่ 1 การปฏิบัติหน้าที่"
SECOND: Final = "ตัวชี้วัดที่ 2 การใช้งบประมาณ"

Mark = tuple[int, Field]
Step = str | tuple[int, str]


@dataclass(frozen=True)
class Document:
    """A file or a pasted text of the corpus.

    Args:
        kind: as the report sums them up.
        make: the file's content, or the text that is pasted.
        plan: what is to be understood.
        marks: the cells that have to be marked, by the place of the measure and the field.
        stops: it cannot be taken in before somebody has mended or answered something.
        year: of the plan into which it is taken.
        choices: what the officer has said.
    """

    kind: str
    name: str
    make: Callable[[], bytes | str]
    plan: tuple[Fact, ...]
    marks: frozenset[Mark] = frozenset()
    stops: bool = False
    year: int = YEAR
    choices: Choices = field(default_factory=Choices)


def fact(
    title: str = "ประกาศนโยบายไม่รับของขวัญ",
    steps: Sequence[Step] = ("จัดทำร่างประกาศ", "เสนอผู้บริหารลงนาม"),
    parties: Sequence[str] = ("สำนักปลัด",),
    due: tuple[str, date | None] = ("31 มีนาคม 2566", MARCH),
    status: str | None = "done",
    result: str = "",
    indicator: int = 1,
) -> Fact:
    """A measure as it is to be understood; steps of the first level are given by their texts alone."""
    levels = tuple((1, step) if isinstance(step, str) else step for step in steps)
    return Fact(indicator, title, levels, tuple(parties), *due, status, result)


A: Final = fact()
B: Final = fact(
    "จัดทำคู่มือการให้บริการ",
    ("รวบรวมกระบวนงาน", "เผยแพร่คู่มือ"),
    ("กองคลัง",),
    ("30 กันยายน 2566", SEPTEMBER),
    "in_progress",
)
PHRASES: Final[Mapping[str | None, str]] = {
    "done": "ดำเนินการแล้วเสร็จ",
    "in_progress": "อยู่ระหว่างดำเนินการ",
    "not_started": "ยังไม่ดำเนินการ",
    None: "",
}


def cells(
    of: Fact, *, steps: str | None = None, due: str | None = None, status: str | None = None
) -> list[str]:
    """A row with the five cells of HEAD; a cell that is written otherwise is given."""
    lines: list[str] = []
    first = second = 0
    for level, text in of.steps:
        first, second = (first + 1, 0) if level == 1 else (first, second + 1)
        lines.append(f"{first}.{second} {text}" if second else f"{first}. {text}")
    return [
        of.title,
        "\n".join(lines) if steps is None else steps,
        "\n".join(of.parties),
        of.due_text if due is None else due,
        "\n".join(filter(None, (PHRASES[of.status], of.result))) if status is None else status,
    ]


Rows = Sequence[Sequence[Any]]


def table(*rows: Sequence[Any], head: Sequence[str] = HEAD) -> list[list[Any]]:
    """A head, the first indicator, and rows."""
    return [list(head), [FIRST], *map(list, rows)]


def xlsx(rows: Rows, merged: Sequence[str] = (), title: str = "แผน") -> bytes:
    return book({title: rows}, {title: merged})


def book(sheets: Mapping[str, Rows], merged: Mapping[str, Sequence[str]] | None = None) -> bytes:
    """A workbook of sheets by their names; merged are ranges by the name of their sheet."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet: Worksheet = made.create_sheet(name)
        for row, values in enumerate(rows, 1):
            for column, value in enumerate(values, 1):
                if value not in {None, ""} or value is False:
                    sheet.cell(row, column, value)
        for reference in (merged or {}).get(name, ()):
            sheet.merge_cells(reference)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def word(rows: Rows, above: Sequence[str] = ()) -> bytes:
    """A document with a table; a row of one text is a cell over the whole table."""
    document = docx.Document()
    for line in above:
        document.add_paragraph(line)
    width = max(map(len, rows))
    made = new_table(document, width)
    for row in rows:
        if len(row) == 1:
            full_width(made, row[0])
        else:
            add_row(made, [str(cell).split("\n") if cell else [] for cell in row])
    return saved(document)


def pasted(rows: Rows) -> str:
    """Cells between tabs, those with several lines in quotes, as Excel copies them."""
    width = max(map(len, rows))

    def quoted(cell: Any) -> str:
        text = str(cell or "")
        return f'"{text}"' if "\n" in text else text

    return "\n".join("\t".join([*map(quoted, row), *[""] * (width - len(row))]) for row in rows)


def docx_of_runs(rows: Rows, hidden: str) -> bytes:
    """A document in whose every cell a hidden text follows what is seen."""
    document = docx.Document()
    made = new_table(document, max(map(len, rows)))
    for row in rows:
        if len(row) == 1:
            full_width(made, row[0])
            continue
        for cell in add_row(made, [str(text).split("\n") for text in row]).cells:
            run = cell.paragraphs[-1].add_run(f" {hidden}")
            run.font.hidden = True
    return saved(document)
