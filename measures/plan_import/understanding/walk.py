"""Through the tables, row by row: heads, headings of indicators, measures, and what is left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from measures.plan_import.choices import Choices, LeftOut
from measures.plan_import.model import Column, Field, Finding, Severity
from measures.plan_import.tables.plain_text import NAME as PASTED
from measures.plan_import.tables.table import MAX_SECONDS_TO_UNDERSTAND, Budget, Row, Table
from measures.plan_import.understanding import filling, joining, leaving_out, sentences
from measures.plan_import.understanding.head_words import Known, known_of, remarks_on
from measures.plan_import.understanding.headings import columns_of, head_at
from measures.plan_import.understanding.indicator_names import (
    NOT_UNDERSTOOD,
    NamedIndicator,
    indicator_cell,
    indicator_heading,
    indicator_of_sheet,
    looks_like_indicator,
)
from measures.plan_import.understanding.raw import RawMeasure, RowPart, shortened
from measures.plan_import.understanding.rows import (
    Head,
    by_field,
    heading_row,
    is_alike,
    is_single,
    mapped,
    text_of,
)

MAX_HEADING: Final = 50


@dataclass(slots=True)
class Walk:
    """Where one is in the tables, and what was found so far.

    Args:
        year: the fiscal year of the original.
        mapping: what the officer says that the columns hold; headings count no more.
    """

    year: int
    mapping: Mapping[int, Field] | None
    choices: Choices
    raw: list[RawMeasure] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    first: tuple[Column, ...] = ()
    heading: list[str] = field(default_factory=list)
    _table: Table = field(default_factory=lambda: Table("", ()))
    _key: str = ""
    _head: Head | None = None
    _indicator: NamedIndicator | None = None
    _open: RawMeasure | None = None
    _skipping: bool = False
    _lonely: frozenset[int] = frozenset()
    _above: dict[int, RowPart] = field(default_factory=dict)
    _known: Known = field(init=False)
    _budget: Budget = field(default_factory=lambda: Budget(MAX_SECONDS_TO_UNDERSTAND))

    def __post_init__(self) -> None:
        self._known = known_of(self.choices)

    def table(self, table: Table, place: int) -> bool:
        """Walk through a table; whether its columns are known."""
        self._table, self._key = table, str(place)
        self._skipping, self._above, self._lonely = False, {}, frozenset()
        self._lines_above(table, is_first=place == 1)
        self._indicator = indicator_of_sheet(table.name, self._indicator)
        carried = self._head
        self._head = self._open = None
        if self.mapping is not None:
            return self._mapped(table, self.mapping)
        at = 0
        while at < len(table.rows):
            row = table.rows[at]
            found = head_at(table.rows, at, self._known)
            if found:
                columns, count = found
                at += count
                self._begin(row, columns)
                self._lonely = self._lonely_rows(table.rows[at:])
                continue
            at += 1
            if self._head is None and carried and is_alike(row, carried) and not is_single(row, carried):
                self._head = carried
                self._lonely = self._lonely_rows(table.rows[at - 1 :])
                self._find(Severity.GUESS, row, sentences.CARRIED_ON)
            self._row(row)
        self._head, is_known = self._head or carried, self._head is not None
        return is_known

    def time(self) -> None:
        """Give up where it takes too long."""
        self._budget.time()

    # --- Findings -----------------------------------------------------------------------------------

    def _find(
        self, severity: Severity, row: Row, message: str, heading: str = "", of: Field | None = None
    ) -> None:
        text = heading or shortened(text_of(row))
        finding = Finding(severity, self._table.name, row.number, heading, text, message, field=of)
        self.findings.append(finding)

    def _leave_out(self, row: Row, reason: str, *, is_chosen: bool = False) -> None:
        """Propose that a row is not taken in, or note that the officer has said so."""
        cells = tuple(cell.text for cell in row.filled)
        key = self._key_of(row)
        self.left_out.append(LeftOut(key, self._table.name, row.number, cells, reason, is_chosen))
        if not is_chosen:
            is_certain = leaving_out.is_certain(reason, row)
            self._find(Severity.NOTE if is_certain else Severity.GUESS, row, sentences.LEFT_OUT)

    def _key_of(self, row: Row) -> str:
        return f"{self._key}.{row.number}"

    # --- Heads --------------------------------------------------------------------------------------

    def _begin(self, row: Row, columns: tuple[Column, ...]) -> None:
        fields = [(column.index, column.field) for column in columns]
        is_repeated = self._head is not None and fields == [(c.index, c.field) for c in self._head.columns]
        self._head = Head(columns, len(row.cells))
        if not is_repeated:
            self._open = None
        self._above = {}
        if is_repeated:
            return
        for severity, message, column in remarks_on(columns, is_first=not self.first):
            self._find(severity, row, message, shortened(column.heading), column.field)
        self.first = self.first or columns

    def _mapped(self, table: Table, mapping: Mapping[int, Field]) -> bool:
        place = heading_row(table, self._known)
        begin = 0
        heading = ""
        columns: tuple[Column, ...] = ()
        if place is not None:
            found = head_at(table.rows, place, self._known)
            begin = place + (found[1] if found else 1)
            columns = found[0] if found else columns_of(table.rows[place:begin], self._known)
            heading = text_of(table.rows[place])
            for row in table.rows[:place]:
                self._row(row)
            if not found:
                self._find(Severity.NOTE, table.rows[place], sentences.TAKEN_AS_HEAD)
        self._head = mapped(columns, mapping)
        self.first = self.first or columns or self._head.columns
        self._lonely = self._lonely_rows(table.rows[begin:])
        for place, row in enumerate(table.rows[begin:], begin):
            if text_of(row) != heading and not head_at(table.rows, place, self._known):
                self._row(row)
        return True

    # --- Indicators ---------------------------------------------------------------------------------

    def _lines_above(self, table: Table, *, is_first: bool) -> None:
        for line in table.above:
            found = indicator_heading(line, is_line=True)
            if found:
                self._indicator = replace(found, heading=shortened(line))
            elif looks_like_indicator(line) or (not is_first and leaving_out.is_heading(line)):
                self._doubt_indicator(line)

    def _doubt_indicator(self, heading: str) -> None:
        """A heading was not understood: the indicator above it may no longer be the right one."""
        heading = shortened(heading)
        if self._indicator and self._indicator.number:
            doubt = NOT_UNDERSTOOD.format(heading=heading)
            self._indicator = replace(self._indicator, doubt=doubt, heading=heading)
        else:
            self._indicator = NamedIndicator(None, "", "", heading)

    def _heading_of(self, row: Row, head: Head | None) -> NamedIndicator | None:
        """The indicator that a row announces and nothing else."""
        texts = list(dict.fromkeys(cell.text for cell in row.filled))
        if head and len(texts) > 1:
            cells = by_field(row, head, self.year)
            filled = {of for of, parts in cells.items() if any(part.lines for part in parts)}
            # Its number and its name, each in a cell.
            texts = [part.text for part in cells.get(Field.TITLE, ())] if filled == {Field.TITLE} else []
        return indicator_heading(texts[0], is_line=head is None) if len(texts) == 1 else None

    # --- Rows ---------------------------------------------------------------------------------------

    def _lonely_rows(self, rows: Sequence[Row]) -> frozenset[int]:
        head = self._head
        if head is None or not any(column.field in filling.MAIN for column in head.columns):
            return frozenset()
        titled = (
            (row.number, leaving_out.has_title(cells), leaving_out.has_more(cells))
            for row in rows
            if row.filled and (cells := self._cells_of_measure(row, head)) is not None
        )
        return leaving_out.lonely(titled)

    def _cells_of_measure(self, row: Row, head: Head) -> dict[Field, list[RowPart]] | None:
        return {} if self._heading_of(row, head) else by_field(row, head, self.year)

    def _row(self, row: Row) -> None:
        self._budget.time()
        if not row.filled:
            return
        head, key = self._head, self._key_of(row)
        is_wanted = key in self.choices.brought_in
        if not is_wanted and (found := self._heading_of(row, head)):
            self._indicator = replace(found, heading=shortened(text_of(row)))
            self._open, self._skipping = None, False
            return
        if head is None:
            if len(row.filled) == 1 and not self.raw and len(self.heading) < MAX_HEADING:
                self.heading += [line.text for line in row.filled[0].lines]
            return
        cells = by_field(row, head, self.year)
        if self._key in self.choices.left_out or key in self.choices.left_out:
            self._skipping = self._skipping or any(part.lines for part in cells.get(Field.TITLE, ()))
            self._open = None if self._skipping else self._open
            self._leave_out(row, leaving_out.CHOSEN, is_chosen=True)
            return
        if not is_wanted and self._is_left_out(row, head, cells):
            return
        self._measure_row(row, cells)

    def _is_left_out(self, row: Row, head: Head, cells: dict[Field, list[RowPart]]) -> bool:
        reason, single = leaving_out.why_left_out(row, cells), is_single(row, head)
        if not reason and (single or row.number in self._lonely):
            reason = leaving_out.NO_MEASURE if single else leaving_out.LONELY
            self._doubt_indicator(text_of(row))
            self._open = None
        if reason:
            self._leave_out(row, reason)
        return bool(reason)

    def _measure_row(self, row: Row, cells: dict[Field, list[RowPart]]) -> None:
        title = [part for part in cells.get(Field.TITLE, []) if part.lines]
        before = self._open
        self._indicator_of(cells, title)
        if title:
            self._skipping = False
        elif self._skipping:
            return
        said = " ".join(part.text for part in title)
        joined = self._joined(row, said, cells)
        if joined:
            self._open = joined
            cells[Field.TITLE] = []
        elif title or self._open is None or joining.is_untitled(self._open, cells):
            if not title and not any(part.lines for parts in cells.values() for part in parts):
                return
            self._open = self._new(row, cells)
            # Not of one that a person took apart.
            if joining.is_continued(said) and self._key_of(row) not in self.choices.brought_in:
                self._open.note(row.number, joining.CONTINUED_OTHER)
        if before is not self._open and not joined:
            filling.from_above(cells, self._above)
        if row.is_hidden:
            self._open.note(row.number, sentences.HIDDEN)
        self._above |= {part.column: part for parts in cells.values() for part in parts if part.lines}
        self._open.take(cells)

    def _new(self, row: Row, cells: dict[Field, list[RowPart]]) -> RawMeasure:
        made = RawMeasure(self._table.name, row.number, self._indicator, self._key_of(row))
        columns = self._head.columns if self._head else ()
        if self.mapping is None:
            if self._table.name == PASTED:
                made.notes += filling.shifted(row, columns, cells)
            made.missing = filling.missing(columns, cells)
        self.raw.append(made)
        return made

    def _joined(self, row: Row, title: str, cells: dict[Field, list[RowPart]]) -> RawMeasure | None:
        """The measure before, where a row goes on with it although it has a title or another table began."""
        last = self.raw[-1] if self.raw else None
        if last is None or self._key_of(row) in self.choices.brought_in:
            return None
        is_same = len({each.number if each else None for each in (last.indicator, self._indicator)}) == 1
        why = joining.why_joined(last, title, cells, is_open=self._open is not None) if is_same else ""
        if not why:
            return None
        last.note(row.number, why, is_certain=joining.is_certain(why, last, title, cells))
        return last

    def _indicator_of(self, cells: dict[Field, list[RowPart]], title: list[RowPart]) -> None:
        """The indicator that a row names itself: in a column, or in the first line of the measure's cell."""
        column = [part for part in cells.get(Field.INDICATOR, []) if part.lines]
        if column:
            before, found = self._indicator, indicator_cell(column[0].text)
            found = found and replace(found, heading=shortened(column[0].text))
            if before and before.number and found and found.number is None and not found.doubt:
                # A column of what is measured, below headings of the national indicators.
                found = replace(before, doubt=sentences.OTHER_INDICATOR)
            self._indicator = found
            if before and found and before.number != found.number and not title:
                self._open = None
        elif title and len(title[0].lines) > 1 and (named := indicator_heading(title[0].lines[0].text)):
            self._indicator = replace(named, heading=shortened(title[0].lines[0].text))
            cells[Field.TITLE] = [replace(title[0], lines=title[0].lines[1:]), *title[1:]]
