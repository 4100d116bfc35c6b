"""From tables to a plan: which rows are headings, indicators and measures, and what belongs together."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from measures.plan_import.choices import Choices
from measures.plan_import.model import Column, Field, Finding, ImportedMeasure, ImportedPlan, Severity
from measures.plan_import.tables.table import (
    MAX_SECONDS_TO_UNDERSTAND,
    Budget,
    Row,
    Table,
    without_spaces,
)
from measures.plan_import.understanding.headings import columns_of, head_at
from measures.plan_import.understanding.indicator_names import (
    NamedIndicator,
    indicator_cell,
    indicator_heading,
)
from measures.plan_import.understanding.measure import RawMeasure, RowPart, measure_of, shortened
from measures.plan_import.understanding.rows import (
    Head,
    by_field,
    guessed_columns,
    heading_row,
    is_alike,
    is_single,
    mapped,
    text_of,
)

NO_COLUMNS: Final = (
    "ไม่รู้จักหัวตาราง กรุณาระบุว่าคอลัมน์ใดคือ มาตรการ ขั้นตอน ผู้รับผิดชอบ กำหนดแล้วเสร็จ และผลการดำเนินงาน"
    " หัวตารางที่พบ: {headings}"
)
NO_TABLE: Final = "ไม่พบตารางมาตรการ กรุณาคัดลอกทั้งตารางรวมหัวตารางมาวาง หรือเลือกไฟล์ที่มีตาราง"
NO_MEASURES: Final = "พบหัวตารางแต่ไม่พบมาตรการใต้หัวตาราง กรุณาตรวจว่าเลือกไฟล์ถูกต้อง"
NO_TITLE_COLUMN: Final = "กรุณาระบุว่าคอลัมน์ใดคือมาตรการ"
LEFT_OUT: Final = "แถวนี้ไม่ใช่มาตรการหรือตัวชี้วัด จึงไม่นำเข้า"
TABLE_LEFT_OUT: Final = "ไม่รู้จักหัวตารางของตารางนี้ จึงไม่นำเข้า"
COLUMN_LEFT_OUT: Final = "คอลัมน์นี้ไม่ได้นำเข้า"
CARRIED_ON: Final = "ตารางนี้ไม่มีหัวตาราง จึงถือว่าต่อจากตารางก่อนหน้า กรุณาตรวจ"
TAKEN_AS_HEAD: Final = "ถือว่าแถวนี้เป็นหัวตาราง จึงไม่นำเข้า"
TWICE: Final = "มาตรการนี้ซ้ำกับมาตรการก่อนหน้าในตัวชี้วัดเดียวกัน กรุณาตรวจ"

_SIGNED: Final = re.compile(r"[\s(]*(?:ลงชื่อ|ลงนาม|หมายเหตุ|ผู้รายงาน|ผู้รับรอง|ที่มา\s*:)")
MAX_HEADING: Final = 50


def understand(
    tables: Sequence[Table],
    fiscal_year: int,
    mapping: Mapping[int, Field] | None = None,
    choices: Choices | None = None,
) -> ImportedPlan:
    """Make a plan of tables.

    Args:
        fiscal_year: of the plan, Buddhist era: what "ไตรมาส ๒" is a quarter of.
        mapping: what the officer says that the columns hold, by their place from 0 (Column.index). It counts
            for every table, and headings count no more.

    Raises:
        Unreadable: it takes too long.
    """
    return _Walk(fiscal_year, mapping, choices or Choices()).plan(tables)


class _Walk:
    def __init__(self, fiscal_year: int, mapping: Mapping[int, Field] | None, choices: Choices) -> None:
        self._year = fiscal_year
        self._choices = choices
        self._table_place = 0
        self._mapping = mapping
        self._raw: list[RawMeasure] = []
        self._findings: list[tuple[int, Finding]] = []
        self._indicator: NamedIndicator | None = None
        self._head: Head | None = None
        self._first: tuple[Column, ...] = ()
        self._open: RawMeasure | None = None
        self._heading: list[str] = []
        self._budget = Budget(MAX_SECONDS_TO_UNDERSTAND)

    # --- The plan -----------------------------------------------------------------------------------

    def plan(self, tables: Sequence[Table]) -> ImportedPlan:
        if self._mapping is not None and Field.TITLE not in self._mapping.values():
            self._stop(NO_TITLE_COLUMN)
        else:
            unknown = []
            for self._table_place, table in enumerate(tables, 1):
                if not self._walk(table):
                    unknown.append(table)
            if not self._first:
                self._no_columns(tables)
            else:
                if not self._raw:
                    self._stop(NO_MEASURES)
                for table in unknown:
                    self._note(table, table.rows[0], TABLE_LEFT_OUT)
        measures, findings = self._measures()
        heading = (*(tables[0].above if tables else ()), *self._heading)
        columns = self._first or guessed_columns(tables)
        return ImportedPlan(tuple(measures), tuple(findings), columns, heading)

    def _measures(self) -> tuple[list[ImportedMeasure], list[Finding]]:
        """The measures, and all findings in the order of the file."""
        measures: list[ImportedMeasure] = []
        findings: list[Finding] = []
        seen: set[tuple[int | None, str]] = set()
        own = iter([*self._findings, (len(self._raw), None)])
        after, waiting = next(own)
        for place, raw in enumerate(self._raw):
            while waiting and after <= place:
                findings.append(waiting)
                after, waiting = next(own)
            self._budget.time()
            measure, found = measure_of(raw, place, self._year)
            key = (measure.indicator, without_spaces(measure.title))
            if measure.title and key in seen:
                text = shortened(measure.title)
                where = (measure.table, measure.row, "")
                found.append(Finding(Severity.GUESS, *where, text, TWICE, place, Field.TITLE))
            seen.add(key)
            measures.append(measure)
            findings += found
        if waiting:
            findings += [waiting, *(finding for _, finding in own if finding)]
        return measures, findings

    def _find(self, finding: Finding) -> None:
        self._findings.append((len(self._raw), finding))

    def _stop(self, message: str, table: str = "", text: str = "") -> None:
        self._find(Finding(Severity.STOP, table, 0, "", shortened(text), message))

    def _note(self, table: Table, row: Row, message: str) -> None:
        self._find(Finding(Severity.NOTE, table.name, row.number, "", shortened(text_of(row)), message))

    def _no_columns(self, tables: Sequence[Table]) -> None:
        columns = guessed_columns(tables)
        if len(columns) < 2:
            self._stop(NO_TABLE)
            return
        table = max(tables, key=lambda table: len(table.rows))
        headings = " | ".join(shortened(column.heading) or "(ว่าง)" for column in columns[:20])
        self._stop(NO_COLUMNS.format(headings=headings), table.name, headings)

    # --- Rows ---------------------------------------------------------------------------------------

    def _walk(self, table: Table) -> bool:
        """Take a table's measures; whether its columns were known."""
        for line in table.above:
            self._indicator = indicator_heading(line) or self._indicator
        carried = self._head
        self._head = self._open = None
        if self._mapping is not None:
            return self._walk_mapped(table, self._mapping)
        place = 0
        while place < len(table.rows):
            row = table.rows[place]
            found = head_at(table.rows, place)
            if found:
                columns, count = found
                self._begin(table, row, columns)
                place += count
                continue
            place += 1
            if self._head is None and carried and is_alike(row, carried) and not is_single(row, carried):
                self._head = carried
                self._find(
                    Finding(Severity.GUESS, table.name, row.number, "", shortened(text_of(row)), CARRIED_ON)
                )
            self._row(table, row)
        is_known = self._head is not None
        self._head = self._head or carried
        return is_known

    def _begin(self, table: Table, row: Row, columns: tuple[Column, ...]) -> None:
        fields = [(column.index, column.field) for column in columns]
        is_repeated = self._head is not None and fields == [(c.index, c.field) for c in self._head.columns]
        self._head = Head(columns, len(row.cells))
        if not is_repeated:
            self._open = None
        if not self._first:
            self._first = columns
            for column in columns:
                if column.field is None and column.heading:
                    heading = shortened(column.heading)
                    self._find(
                        Finding(Severity.NOTE, table.name, row.number, heading, heading, COLUMN_LEFT_OUT)
                    )

    def _walk_mapped(self, table: Table, mapping: Mapping[int, Field]) -> bool:
        place = heading_row(table)
        begin = 0
        heading = ""
        columns: tuple[Column, ...] = ()
        if place is not None:
            found = head_at(table.rows, place)
            begin = place + (found[1] if found else 1)
            columns = found[0] if found else columns_of(table.rows[place:begin])
            heading = text_of(table.rows[place])
            for row in table.rows[:place]:
                self._row(table, row)
            if not found:
                self._note(table, table.rows[place], TAKEN_AS_HEAD)
        self._head = mapped(columns, mapping)
        self._first = self._first or columns or self._head.columns
        for place, row in enumerate(table.rows[begin:], begin):
            if text_of(row) != heading and not head_at(table.rows, place):
                self._row(table, row)
        return True

    def _row(self, table: Table, row: Row) -> None:
        self._budget.time()
        filled = row.filled
        if not filled:
            return
        head = self._head
        if len(filled) == 1 and (indicator := indicator_heading(filled[0].text)):
            self._indicator, self._open = indicator, None
            return
        if head is None:
            if len(filled) == 1 and not self._raw and len(self._heading) < MAX_HEADING:
                self._heading += [line.text for line in filled[0].lines]
            return
        if is_single(row, head) or _SIGNED.match(filled[0].text):
            self._note(table, row, LEFT_OUT)
            return
        self._measure_row(table, row, head)

    def _measure_row(self, table: Table, row: Row, head: Head) -> None:
        cells = by_field(row, head)
        title = [part for part in cells.get(Field.TITLE, []) if part.lines]
        self._indicator_of(cells, title)
        if title or self._open is None:
            if not title and not any(part.lines for parts in cells.values() for part in parts):
                return
            self._open = RawMeasure(
                table.name, row.number, self._indicator, f"{self._table_place}.{row.number}"
            )
            self._raw.append(self._open)
        for field, parts in cells.items():
            self._open.parts.setdefault(field, []).extend(part for part in parts if part.lines)

    def _indicator_of(self, cells: dict[Field, list[RowPart]], title: list[RowPart]) -> None:
        """The indicator that a row names itself: in a column, or in the first line of the measure's cell."""
        column = [part for part in cells.get(Field.INDICATOR, []) if part.lines]
        if column:
            before = self._indicator
            self._indicator = indicator_cell(column[0].text)
            if before and self._indicator and before.number != self._indicator.number and not title:
                self._open = None
        elif title and len(title[0].lines) > 1 and (found := indicator_heading(title[0].lines[0].text)):
            self._indicator = found
            cells[Field.TITLE] = [
                replace(title[0], lines=title[0].lines[1:]),
                *title[1:],
            ]
