"""The same plan in the many shapes in which offices keep it, made here and nowhere stored.

Each shape is a function that makes a file; SHAPES lists them. What a shape says differently from PLAN (a real
date in place of words, say) stands beside it.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import docx
import openpyxl
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.table import Table, _Cell, _Row
from openpyxl.worksheet.worksheet import Worksheet

from core.thai_calendar import thai_digits
from measures.plan_import.parsing import ImportedPlan

YEAR: Final = 2566


@dataclass(frozen=True)
class Fact:
    """What is to be understood of one measure. Steps are (level, text)."""

    indicator: int
    title: str
    steps: tuple[tuple[int, str], ...]
    parties: tuple[str, ...]
    due_text: str
    due_on: date | None
    status: str | None
    result: str = ""


PLAN: Final = (
    Fact(
        1,
        "มาตรการ NO Gift Policy",
        (
            (1, "ประชุมจัดทำมาตรการ ตามมติครั้งที่ ๒ พ.ศ. ๒๕๖๕"),
            (1, "ประกาศใช้มาตรการ"),
            (2, "จัดทำร่างประกาศ พ.ศ. ๒๕๖๖ และข้อ ๓ ของระเบียบ"),
            (2, "เสนอผู้บริหารลงนาม"),
            (1, "เผยแพร่ให้ทราบโดยทั่วกัน"),
        ),
        ("สำนักปลัด", "กองคลัง"),
        "ตลอดปีงบประมาณ พ.ศ. ๒๕๖๖",
        date(2023, 9, 30),
        "done",
    ),
    Fact(
        1,
        "กิจกรรมประกาศเจตจำนงสุจริต",
        ((1, "ผู้บริหารประกาศเจตจำนง"), (1, "ติดประกาศ ณ ที่ทำการ")),
        ("กองการศึกษา ศาสนา และวัฒนธรรม",),
        "ไตรมาส ๒",
        date(2023, 3, 31),
        "in_progress",
        "จัดประชุมแล้ว ๑ ครั้ง",
    ),
    Fact(
        2,
        "เปิดเผยการใช้จ่ายงบประมาณ",
        ((1, "รวบรวมรายจ่ายที่เกิน ๑.๕ ล้านบาท"), (1, "เผยแพร่บนเว็บไซต์ภายใน ๓๐ วัน")),
        ("กองคลัง", "กองช่าง"),
        "ภายในวันที่ ๓๑ มีนาคม ๒๕๖๖",
        date(2023, 3, 31),
        "not_started",
    ),
)
PHRASES: Final = {
    "done": "ดำเนินการแล้วเสร็จ",
    "in_progress": "อยู่ระหว่างดำเนินการ",
    "not_started": "ยังไม่ได้ดำเนินการ",
    "cancelled": "ยกเลิก",
    None: "",
}
INDICATORS: Final = {1: "การปฏิบัติหน้าที่", 2: "การใช้งบประมาณ"}
HEAD: Final = ("มาตรการ", "ขั้นตอน/วิธีการปฏิบัติ", "ผู้รับผิดชอบ", "กำหนดแล้วเสร็จ", "ผลการดำเนินงาน")


def facts(plan: ImportedPlan) -> tuple[Fact, ...]:
    """A plan that was understood, to compare."""
    return tuple(
        Fact(
            measure.indicator or 0,
            measure.title,
            tuple((step.level, step.text) for step in measure.steps),
            tuple(party.name for party in measure.parties),
            measure.due_text,
            measure.due_on,
            measure.status,
            measure.result,
        )
        for measure in plan.measures
    )


# --- The cells of a measure -------------------------------------------------------------------------

Numbers = Callable[[int, int], str]


def dotted(first: int, second: int) -> str:
    """๑. and ๑.๑"""
    return thai_digits(f"{first}.{second}" if second else f"{first}.")


def bracketed(first: int, second: int) -> str:
    """1) and 1.1)"""
    return f"{first}.{second})" if second else f"{first})"


def round_below(first: int, second: int) -> str:
    """๑. and (๑)"""
    return thai_digits(f"({second})" if second else f"{first}.")


def article(first: int, second: int) -> str:
    """ข้อ ๑ and ๑.๑"""
    return thai_digits(f"{first}.{second}" if second else f"ข้อ {first}")


def step_lines(fact: Fact, numbers: Numbers = dotted) -> list[str]:
    lines, first, second = [], 0, 0
    for level, text in fact.steps:
        first, second = (first + 1, 0) if level == 1 else (first, second + 1)
        lines.append(f"{numbers(first, second)} {text}")
    return lines


def party_lines(fact: Fact) -> list[str]:
    if len(fact.parties) == 1:
        return list(fact.parties)
    return [thai_digits(f"{number}. {name}") for number, name in enumerate(fact.parties, 1)]


def status_lines(fact: Fact) -> list[str]:
    return [line for line in (PHRASES[fact.status], fact.result) if line]


def cells(fact: Fact, numbers: Numbers = dotted) -> list[list[str]]:
    """The five cells of a measure, each as lines."""
    return [[fact.title], step_lines(fact, numbers), party_lines(fact), [fact.due_text], status_lines(fact)]


def heading(number: int) -> str:
    return thai_digits(f"ตัวชี้วัดที่ {number} {INDICATORS[number]}")


def by_indicator() -> Iterable[tuple[int, list[Fact]]]:
    for number in INDICATORS:
        yield number, [fact for fact in PLAN if fact.indicator == number]


# --- Word -------------------------------------------------------------------------------------------


def saved(document: Document) -> bytes:
    """With signatures at the end; LibreOffice loses a table with which a document ends, saving it as .doc."""
    document.add_paragraph("(ลงชื่อ) .................. ผู้รายงาน")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def titled() -> Document:
    """A document with a title."""
    document = docx.Document()
    document.add_heading("รายงานผลการดำเนินการตามมาตรการส่งเสริมคุณธรรมและความโปร่งใส")
    return document


def fill(cell: _Cell, lines: Sequence[str]) -> None:
    """Each line as a paragraph of its own."""
    cell.text = lines[0] if lines else ""
    for line in lines[1:]:
        cell.add_paragraph(line)


def bare_row(table: Table) -> _Row:
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    return row


def add_row(table: Table, row: Sequence[Sequence[str]]) -> _Row:
    added = bare_row(table)
    for cell, lines in zip(added.cells, row, strict=True):
        fill(cell, lines)
    return added


def add_head(table: Table, head: Sequence[str] = HEAD) -> None:
    add_row(table, [[name] for name in head])


def full_width(table: Table, text: str) -> None:
    row = bare_row(table).cells
    row[0].merge(row[-1]).text = text


def new_table(document: Document, columns: int = 5) -> Table:
    table: Table = document.add_table(rows=0, cols=columns)
    return table


def docx_plain(numbers: Numbers = dotted, head: Sequence[str] = HEAD, after: str = "") -> bytes:
    document = titled()
    document.add_paragraph("ประจำปีงบประมาณ พ.ศ. ๒๕๖๖")
    table = new_table(document)
    add_head(table, head)
    for number, measures in by_indicator():
        full_width(table, heading(number))
        for fact in measures:
            add_row(table, cells(fact, numbers))
    content = saved(document)
    if after:
        content = edited(
            content, "word/document.xml", lambda xml: xml.replace("<w:sectPr", f"{after}<w:sectPr", 1)
        )
    return content


def docx_indicator_column() -> bytes:
    document = titled()
    table = new_table(document, 6)
    add_head(table, ("ตัวชี้วัด", *HEAD))
    for number, measures in by_indicator():
        rows = [add_row(table, [[], *cells(fact)]) for fact in measures]
        merged = rows[0].cells[0].merge(rows[-1].cells[0])
        merged.text = thai_digits(f"{number}. {INDICATORS[number]}")
    return saved(document)


def docx_tables_with_headings_between() -> bytes:
    document = titled()
    for number, measures in by_indicator():
        document.add_paragraph(heading(number))
        table = new_table(document)
        add_head(table)
        for fact in measures:
            add_row(table, cells(fact))
    return saved(document)


def docx_repeated_heads() -> bytes:
    document = titled()
    table = new_table(document)
    for number, measures in by_indicator():
        for fact in measures:
            add_head(table)
            full_width(table, heading(number))
            add_row(table, cells(fact))
    return saved(document)


def docx_continued_without_head() -> bytes:
    document = titled()
    table = new_table(document)
    add_head(table)
    for number, measures in by_indicator():
        full_width(table, heading(number))
        for fact in measures:
            add_row(table, cells(fact))
        document.add_paragraph()
        table = new_table(document)
    table._tbl.getparent().remove(table._tbl)
    return saved(document)


def docx_line_breaks() -> bytes:
    document = titled()
    table = new_table(document)
    add_head(table)
    for number, measures in by_indicator():
        full_width(table, heading(number))
        for fact in measures:
            # python-docx makes a line break of every \n.
            add_row(table, [["\n".join(lines)] for lines in cells(fact)])
    return saved(document)


def docx_run_on() -> bytes:
    """All steps and parties of a cell in one paragraph."""
    document = titled()
    table = new_table(document)
    add_head(table)
    for number, measures in by_indicator():
        full_width(table, heading(number))
        for fact in measures:
            title, steps, parties, due, status = cells(fact)
            add_row(table, [title, [" ".join(steps)], [" ".join(parties)], due, status])
    return saved(document)


def levels(how: str, *texts: str) -> str:
    return "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{how}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for depth, text in enumerate(texts)
    )


def docx_automatic_numbers(how: str = "thaiNumbers", *texts: str) -> bytes:
    """Numbers that stand in no text; every cell a list of its own with a fresh start."""
    document = titled()
    part = document.part.numbering_part
    found = levels(how, *(texts or ("%1.", "%1.%2")))
    definition = f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{found}</w:abstractNum>'
    part.element.insert(0, parse_xml(definition))
    table = new_table(document)
    add_head(table)
    count = 900
    for number, measures in by_indicator():
        full_width(table, heading(number))
        for fact in measures:
            row = add_row(table, [[fact.title], [], [], [fact.due_text], status_lines(fact)])
            for cell, lines in (
                (row.cells[1], fact.steps),
                (row.cells[2], tuple((1, name) for name in fact.parties)),
            ):
                count += 1
                start = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
                own = f'<w:abstractNumId w:val="90"/>{start}'
                part.element.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{count}">{own}</w:num>'))
                fill(cell, [text for _, text in lines])
                for paragraph, (level, _) in zip(cell.paragraphs, lines, strict=True):
                    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
                    properties.get_or_add_ilvl().val = level - 1
                    properties.get_or_add_numId().val = count
    return saved(document)


def docx_numbers_by_style() -> bytes:
    """Word's own List Number, which counts on from cell to cell, as it does on paper."""
    document = titled()
    table = new_table(document)
    add_head(table)
    full_width(table, heading(1))
    for fact in PLAN[1:2]:
        row = add_row(table, [[fact.title], [], party_lines(fact), [fact.due_text], status_lines(fact)])
        fill(row.cells[1], [text for _, text in fact.steps])
        for paragraph in row.cells[1].paragraphs:
            paragraph.style = "List Number"
    return saved(document)


def docx_row_per_step(*, merged: bool) -> bytes:
    document = titled()
    table = new_table(document)
    add_head(table)
    for number, measures in by_indicator():
        full_width(table, heading(number))
        for fact in measures:
            steps = step_lines(fact)
            first = [[fact.title], steps[:1], party_lines(fact), [fact.due_text], status_lines(fact)]
            rows = [add_row(table, first)]
            rows += [add_row(table, [[], [step], [], [], []]) for step in steps[1:]]
            for column in (0, 2, 3, 4) if merged else ():
                lines = first[column]
                fill(rows[0].cells[column].merge(rows[-1].cells[column]), lines)
    return saved(document)


def docx_inside_a_layout_table() -> bytes:
    document = titled()
    outer = document.add_table(rows=1, cols=1).cell(0, 0)
    outer.text = "แผนปฏิบัติการ"
    table = outer.add_table(rows=0, cols=5)
    add_head(table)
    for number, measures in by_indicator():
        full_width(table, heading(number))
        for fact in measures:
            add_row(table, cells(fact))
    return saved(document)


def docx_steps_in_nested_tables() -> bytes:
    document = titled()
    table = new_table(document)
    add_head(table)
    for number, measures in by_indicator():
        full_width(table, heading(number))
        for fact in measures:
            row = add_row(table, [[fact.title], [], *cells(fact)[2:]])
            nested = row.cells[1].add_table(rows=0, cols=1)
            for line in step_lines(fact):
                bare_row(nested).cells[0].text = line
    return saved(document)


def docx_two_row_head() -> bytes:
    document = titled()
    table = new_table(document, 6)
    top = add_row(table, [[name] for name in (*HEAD[:4], "ผลการดำเนินงาน", "")])
    below = add_row(table, [[], [], [], [], ["สถานะ"], ["รายละเอียดผล"]])
    top.cells[4].merge(top.cells[5]).text = "ผลการดำเนินงาน"
    for column in range(4):
        text = top.cells[column].text
        top.cells[column].merge(below.cells[column]).text = text
    for number, measures in by_indicator():
        full_width(table, heading(number))
        for fact in measures:
            add_row(table, [*cells(fact)[:4], [PHRASES[fact.status]], [fact.result]])
    return saved(document)


def docx_ragged_grid() -> bytes:
    """Borders drawn by hand: the cells of the head and of the body span different columns of the grid."""
    document = titled()
    table = new_table(document, 10)
    for row, pattern in [(HEAD, (2, 2, 2, 2, 2))] + [(None, (2, 3, 1, 3, 1))] * 2:
        added = bare_row(table).cells
        start = 0
        for place, width in enumerate(pattern):
            cell = added[start].merge(added[start + width - 1])
            cell.text = row[place] if row else ""
            start += width
    full_width(table, heading(1))
    table._tbl.remove(table.rows[2]._tr)
    fact = PLAN[0]
    body = list(dict.fromkeys(table.rows[1].cells))
    for cell, lines in zip(body, cells(fact), strict=True):
        fill(cell, lines)
    heading_row = table.rows[2]._tr
    table.rows[1]._tr.addprevious(heading_row)
    return saved(document)


def docx_tracked_changes() -> bytes:
    """What was struck out is gone, what was inserted is there."""
    content = docx_plain()
    deleted = "<w:del w:id='1' w:author='x'><w:r><w:delText>เดิม</w:delText></w:r></w:del>"
    inserted = "<w:ins w:id='2' w:author='x'><w:r><w:t>เสนอผู้บริหารลงนาม</w:t></w:r></w:ins>"
    return edited(
        content,
        "word/document.xml",
        lambda xml: xml.replace(
            "<w:r><w:t>๒.๒ เสนอผู้บริหารลงนาม</w:t></w:r>",
            f"<w:r><w:t xml:space='preserve'>๒.๒ </w:t></w:r>{deleted}{inserted}",
        ),
    )


def docx_strict() -> bytes:
    """The ISO edition of the format, which Word offers when saving."""

    def strict(xml: str) -> str:
        return re.sub(
            r"http://schemas\.openxmlformats\.org/(wordprocessingml|officeDocument)/2006/(main|relationships)",
            r"http://purl.oclc.org/ooxml/\1/\2",
            xml,
        )

    content = edited(docx_plain(), "word/document.xml", strict)
    content = edited(content, "_rels/.rels", strict)
    return edited(content, "word/_rels/document.xml.rels", strict)


def docx_extra_columns() -> bytes:
    document = titled()
    table = new_table(document, 8)
    add_head(table, ("ที่", *HEAD[:3], "งบประมาณ", *HEAD[3:], "หมายเหตุ"))
    place = 0
    for number, measures in by_indicator():
        full_width(table, heading(number))
        for fact in measures:
            place += 1
            title, steps, parties, due, status = cells(fact)
            add_row(table, [[thai_digits(place)], title, steps, parties, ["-"], due, status, ["-"]])
    return saved(document)


def docx_spelled_apart() -> bytes:
    """Invisible characters and spaces inside words of the head, as Word documents have them."""
    head = ("มาตร\u200bการ", "ขั้น ตอน / วิธี การ ปฏิบัติ", "ผู้\u00a0รับผิดชอบ", "กำหนด แล้วเสร็จ :", "ผล การดำเนินงาน")
    return docx_plain(head=head)


def edited(content: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """A zip with one part changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        assert part in old.namelist()
        for info in old.infolist():
            data = old.read(info)
            if info.filename == part:
                before = data.decode("utf-8")
                after = change(before)
                assert after != before, part
                data = after.encode("utf-8")
            new.writestr(info.filename, data)
    return file.getvalue()


def with_part(content: bytes, name: str, data: bytes) -> bytes:
    """A zip with one part more."""
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return file.getvalue()


# --- Excel ------------------------------------------------------------------------------------------


def saved_book(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def new_sheet(title: str = "แผน") -> tuple[openpyxl.Workbook, Worksheet]:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    return book, sheet


def joined(row: Sequence[Sequence[str]]) -> list[Any]:
    return ["\n".join(lines) for lines in row]


def write_plan(sheet: Worksheet, top: int = 1, left: int = 1, head: Sequence[str] = HEAD) -> None:
    def write(row: int, values: Sequence[Any]) -> None:
        for column, value in enumerate(values, left):
            sheet.cell(row, column, value)

    write(top, head)
    row = top + 1
    for number, measures in by_indicator():
        sheet.cell(row, left, heading(number))
        sheet.merge_cells(start_row=row, end_row=row, start_column=left, end_column=left + 4)
        row += 1
        for fact in measures:
            write(row, joined(cells(fact)))
            row += 1


def xlsx_plain() -> bytes:
    book, sheet = new_sheet()
    write_plan(sheet)
    return saved_book(book)


def xlsx_head_below_a_title() -> bytes:
    book, sheet = new_sheet()
    sheet["B2"] = "แผนปฏิบัติการป้องกันการทุจริต"
    sheet.merge_cells("B2:F2")
    sheet["B3"] = "ประจำปีงบประมาณ พ.ศ. ๒๕๖๖"
    write_plan(sheet, top=7, left=2)
    return saved_book(book)


def xlsx_second_sheet() -> bytes:
    book, sheet = new_sheet("ปก")
    sheet["A1"] = "รายงาน"
    lists = book.create_sheet("รายการ")
    lists.sheet_state = "hidden"
    for row, phrase in enumerate(PHRASES.values(), 1):
        lists.cell(row, 1, phrase)
    write_plan(book.create_sheet("มาตรการ 2566"))
    return saved_book(book)


def xlsx_dates(*, thai_years: bool = False) -> bytes:
    book, sheet = new_sheet()
    write_plan(sheet)
    for row in sheet.iter_rows(min_row=2):
        if row[3].value:
            # Typed into an English Excel, 31/3/2566 is a day of the CE year 2566.
            day = datetime(2566 if thai_years else 2023, 3, 31)  # noqa: DTZ001
            row[3].value = day
            row[3].number_format = "[$-107041E]d mmm yy;@"
    return saved_book(book)


def xlsx_merged_down() -> bytes:
    book, sheet = new_sheet()
    sheet.append(["ตัวชี้วัดที่", *HEAD])
    for number, measures in by_indicator():
        begin = sheet.max_row + 1
        for fact in measures:
            top = sheet.max_row + 1
            for place, step in enumerate(step_lines(fact)):
                row = joined([[str(number)], *cells(fact)]) if place == 0 else [None] * 6
                sheet.append([*row[:2], step, *row[3:]])
            for column in (2, 4, 5, 6):
                sheet.merge_cells(
                    start_row=top, end_row=sheet.max_row, start_column=column, end_column=column
                )
        for row_number in range(begin + 1, sheet.max_row + 1):
            sheet.cell(row_number, 1).value = None
        sheet.merge_cells(start_row=begin, end_row=sheet.max_row, start_column=1, end_column=1)
    return saved_book(book)


def xlsx_indicator_in_every_row() -> bytes:
    book, sheet = new_sheet()
    sheet.append(
        ["ประเด็นการประเมิน", "แนวทาง", "วิธีการดำเนินงาน", "หน่วยงานรับผิดชอบ", "ระยะเวลา", "สถานะ", "ผลการดำเนินงาน"]
    )
    for fact in PLAN:
        sheet.append(
            [INDICATORS[fact.indicator], *joined(cells(fact)[:4]), PHRASES[fact.status], fact.result]
        )
    return saved_book(book)


def xlsx_formulas() -> bytes:
    """A title made by a formula; LibreOffice calculates it when the file passes through it."""
    book, sheet = new_sheet()
    write_plan(sheet)
    sheet["A3"] = '=CONCATENATE("มาตรการ ","NO Gift Policy")'
    return saved_book(book)


# --- Text -------------------------------------------------------------------------------------------


def rows_of_text(numbers: Numbers = dotted) -> list[list[str]]:
    rows = [list(HEAD)]
    for number, measures in by_indicator():
        rows.append([heading(number), "", "", "", ""])
        rows += [joined(cells(fact, numbers)) for fact in measures]
    return rows


def separated(delimiter: str, encoding: str, *, before: str = "") -> bytes:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator="\r\n").writerows(rows_of_text())
    return (before + file.getvalue()).encode(encoding)


def tagged() -> bytes:
    """As machine-read documents come: paragraphs in tags, cells between tabs."""
    rows = [
        "\t".join("".join(f"<p>{line}</p>" for line in cell.split("\n")) if cell else "" for cell in row)
        for row in rows_of_text()
    ]
    return "\n".join(rows).encode()


def barred() -> bytes:
    rows = ["| " + " | ".join(cell.replace("\n", "<br>") for cell in row) + " |" for row in rows_of_text()]
    rows.insert(1, "|---|---|---|---|---|")
    return "\n".join(rows).encode()


def run_on_text() -> bytes:
    """Copied from a PDF through a spreadsheet: no line ends left in the cells."""
    return "\n".join("\t".join(" ".join(cell.split("\n")) for cell in row) for row in rows_of_text()).encode()


# --- The list ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shape:
    """A file and the plan that is in it."""

    name: str
    make: Callable[[], bytes]
    plan: tuple[Fact, ...] = PLAN


def with_days(text: str) -> tuple[Fact, ...]:
    return tuple(replace(fact, due_text=text, due_on=date(2023, 3, 31)) for fact in PLAN)


SHAPES: Final = (
    Shape("plain.docx", docx_plain),
    Shape("bracketed numbers.docx", lambda: docx_plain(bracketed)),
    Shape("round numbers below.docx", lambda: docx_plain(round_below)),
    Shape("articles.docx", lambda: docx_plain(article)),
    Shape("indicator column.docx", docx_indicator_column),
    Shape("headings between tables.docx", docx_tables_with_headings_between),
    Shape("repeated heads.docx", docx_repeated_heads),
    Shape("continued without head.docx", docx_continued_without_head),
    Shape("line breaks.docx", docx_line_breaks),
    Shape("run on.docx", docx_run_on),
    Shape("automatic numbers.docx", docx_automatic_numbers),
    Shape("automatic decimals.docx", lambda: docx_automatic_numbers("decimal", "%1)", "%1.%2)")),
    Shape("automatic letters.docx", lambda: docx_automatic_numbers("thaiLetters", "%1.", "(%2)")),
    Shape("automatic bullets.docx", lambda: docx_automatic_numbers("bullet", "•", "o")),
    Shape("numbers by style.docx", docx_numbers_by_style, PLAN[1:2]),
    Shape("row per step.docx", lambda: docx_row_per_step(merged=False)),
    Shape("row per step, merged.docx", lambda: docx_row_per_step(merged=True)),
    Shape("layout table.docx", docx_inside_a_layout_table),
    Shape("nested tables.docx", docx_steps_in_nested_tables),
    Shape("two-row head.docx", docx_two_row_head),
    Shape("ragged grid.docx", docx_ragged_grid, PLAN[:1]),
    Shape("tracked changes.docx", docx_tracked_changes),
    Shape("strict.docx", docx_strict),
    Shape("extra columns.docx", docx_extra_columns),
    Shape("spelled apart.docx", docx_spelled_apart),
    Shape("plain.xlsx", xlsx_plain),
    Shape("head below a title.xlsx", xlsx_head_below_a_title),
    Shape("second sheet.xlsx", xlsx_second_sheet),
    Shape("dates.xlsx", xlsx_dates, with_days("31 มีนาคม 2566")),
    Shape("dates in Thai years.xlsx", lambda: xlsx_dates(thai_years=True), with_days("31 มีนาคม 2566")),
    Shape("merged down.xlsx", xlsx_merged_down),
    Shape("indicator in every row.xlsx", xlsx_indicator_in_every_row),
    Shape("comma.csv", lambda: separated(",", "utf-8")),
    Shape("comma with BOM.csv", lambda: separated(",", "utf-8-sig")),
    Shape("semicolon.csv", lambda: separated(";", "utf-8-sig")),
    Shape("windows-874.csv", lambda: separated(",", "cp874")),
    Shape("title above.csv", lambda: separated(",", "tis-620", before="แผนปฏิบัติการ,,,,\r\n,,,,\r\n")),
    Shape("copied from Excel.tsv", lambda: separated("\t", "utf-8")),
    Shape("saved as Unicode text.txt", lambda: separated("\t", "utf-16")),
    Shape("tagged.txt", tagged),
    Shape("barred.md", barred),
    Shape("run on.tsv", run_on_text),
)
