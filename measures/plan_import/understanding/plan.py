"""From tables to a plan: what its rows mean, what has to be looked at, and what is proposed as left out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from measures.later_years import day_on, years_on
from measures.plan_import.choices import Choices, ImportedTable, LeftOut, YearQuestion
from measures.plan_import.model import Field, Finding, ImportedMeasure, ImportedPlan, Severity
from measures.plan_import.tables.table import SHEET, Table, without_spaces
from measures.plan_import.understanding import leaving_out, sentences
from measures.plan_import.understanding.head_words import known_of
from measures.plan_import.understanding.heading_words import named_by_words
from measures.plan_import.understanding.joining import letters_of, taken_apart, title_of
from measures.plan_import.understanding.measure import measure_of
from measures.plan_import.understanding.own_reports import beside_the_plan
from measures.plan_import.understanding.raw import RawMeasure, shortened
from measures.plan_import.understanding.rows import guessed_columns, text_of, with_samples
from measures.plan_import.understanding.spelling import folded
from measures.plan_import.understanding.walk import Walk
from measures.plan_import.understanding.years import ASKED, DISAGREES, year_question

NO_COLUMNS: Final = (
    "ไม่รู้จักหัวตาราง กรุณาระบุว่าคอลัมน์ใดคือ มาตรการ ขั้นตอน ผู้รับผิดชอบ กำหนดแล้วเสร็จ และผลการดำเนินงาน"
    " หัวตารางที่พบ: {headings}"
)
NO_TABLE: Final = "ไม่พบตารางมาตรการ กรุณาคัดลอกทั้งตารางรวมหัวตารางมาวาง หรือเลือกไฟล์ที่มีตาราง"
NO_MEASURES: Final = "พบหัวตารางแต่ไม่พบมาตรการใต้หัวตาราง กรุณาตรวจว่าเลือกไฟล์ถูกต้อง"
NO_TITLE_COLUMN: Final = "กรุณาระบุว่าคอลัมน์ใดคือมาตรการ"
TABLE_LEFT_OUT: Final = "ไม่รู้จักหัวตารางของตารางนี้ จึงไม่นำเข้า"
SUMMARY: Final = "ตารางนี้สรุปมาตรการที่อยู่ในตารางอื่น จึงไม่นำเข้า"
SUMMARY_NAME: Final = ("สรุป", "ภาพรวม", "summary", "dashboard")
EMPTY_COLUMN: Final = "ไม่มีมาตรการใดระบุสถานะหรือผลการดำเนินงาน จึงไม่ระบุสถานะ"
TWICE: Final = "มาตรการนี้ซ้ำกับมาตรการก่อนหน้าในตัวชี้วัดเดียวกัน กรุณาตรวจ"
# So many empty cells of one column are said once, where none is filled.
MANY_EMPTY: Final = 5


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
        choices: what else the officer has said.

    Raises:
        Unreadable: it takes too long.
    """
    return _Understanding(tables, fiscal_year, mapping, choices or Choices()).plan()


class _Understanding:
    def __init__(
        self,
        tables: Sequence[Table],
        fiscal_year: int,
        mapping: Mapping[int, Field] | None,
        choices: Choices,
    ) -> None:
        self._tables = tables
        self._year = fiscal_year
        self._choices = choices
        # Quarters without a year are of the year from which all days are moved.
        self._walk = Walk(fiscal_year - (choices.years or 0), mapping, choices)
        self._first: list[Finding] = []
        self._unknown: set[int] = set()
        self._summaries: set[int] = set()
        found = beside_the_plan(tables)
        self._beside = {place: why for place, why in found.items() if str(place) not in choices.brought_in}

    def plan(self) -> ImportedPlan:
        walk, tables = self._walk, self._tables
        if walk.mapping is not None and Field.TITLE not in walk.mapping.values():
            self._stop(NO_TITLE_COLUMN)
        else:
            walked = [each for each in enumerate(tables, 1) if each[0] not in self._beside]
            self._unknown = {place for place, table in walked if not walk.table(table, place)}
            if not walk.first:
                self._no_columns()
            else:
                self._leave_out_summaries()
                if not walk.raw:
                    self._stop(NO_MEASURES)
                for place, why in self._beside.items():
                    walk.findings.append(Finding(Severity.NOTE, tables[place - 1].name, 0, "", "", why))
                for place in sorted(self._unknown):
                    self._table_left_out(tables[place - 1])
        raws = [part for raw in walk.raw for part in self._parts_of(raw)]
        headings = named_by_words(raws, self._choices, walk.findings)
        self._forget_answered({*self._choices.said.indicators, *self._choices.learned.indicators})
        heading = (*(tables[0].above if tables else ()), *walk.heading)
        year = self._year_question(heading, raws)
        measures, findings = self._measures(raws, year)
        columns = with_samples(walk.first or guessed_columns(tables, known_of(self._choices)), tables)
        return ImportedPlan(
            tuple(measures),
            (*self._first, *findings),
            columns,
            heading,
            tuple(self._left_out()),
            tuple(self._shown_tables()),
            year,
            headings,
        )

    def _parts_of(self, raw: RawMeasure) -> Sequence[RawMeasure]:
        return taken_apart(raw) if raw.key in self._choices.split else [raw]

    # --- Measures -----------------------------------------------------------------------------------

    def _measures(
        self, raws: Sequence[RawMeasure], year: YearQuestion | None
    ) -> tuple[list[ImportedMeasure], list[Finding]]:
        """The measures, and all findings in the order of the file."""
        measures: list[ImportedMeasure] = []
        by_row: list[Finding] = []
        seen: set[tuple[int | None, str]] = set()
        for place, raw in enumerate(raws):
            self._walk.time()
            measure, found = measure_of(
                raw,
                place,
                self._walk.year,
                only_plan=self._choices.only_plan,
                any_year=year is not None,
            )
            key = (measure.indicator, without_spaces(measure.title))
            if measure.title and key in seen:
                where = (measure.table, measure.row, "")
                found.append(
                    Finding(Severity.GUESS, *where, shortened(measure.title), TWICE, place, Field.TITLE)
                )
            seen.add(key)
            measures.append(self._moved(measure))
            by_row += found
        if self._is_empty_everywhere(measures, by_row):
            by_row = [finding for finding in by_row if finding.message != sentences.EMPTY_STATUS]
            measures = [
                replace(each, guessed=each.guessed - {Field.STATUS, Field.RESULT}) for each in measures
            ]
            self._first.append(Finding(Severity.GUESS, measures[0].table, 0, "", "", EMPTY_COLUMN))
        return measures, self._in_order(measures, by_row)

    def _in_order(self, measures: Sequence[ImportedMeasure], of_measures: Sequence[Finding]) -> list[Finding]:
        """The findings of rows and those of measures, as they stand in the file."""
        order = {table.name: place for place, table in enumerate(self._tables)}

        def begins(finding: Finding) -> tuple[int, int]:
            row = finding.row if finding.measure is None else measures[finding.measure].row
            return order.get(finding.table, 0), row

        return sorted([*self._walk.findings, *of_measures], key=begins)

    def _is_empty_everywhere(self, measures: Sequence[ImportedMeasure], found: Sequence[Finding]) -> bool:
        empty = sum(finding.message == sentences.EMPTY_STATUS for finding in found)
        return empty >= MANY_EMPTY and empty == len(measures)

    def _moved(self, measure: ImportedMeasure) -> ImportedMeasure:
        """A measure with its time moved by as many years as was chosen."""
        years, of = self._choices.years, self._walk.year
        if not years:
            return measure
        return replace(
            measure,
            title=years_on(measure.title, of, years),
            steps=tuple(replace(step, text=years_on(step.text, of, years)) for step in measure.steps),
            due_text=years_on(measure.due_text, of, years, is_due=True),
            due_on=measure.due_on and day_on(measure.due_on, years),
        )

    def _year_question(self, heading: Sequence[str], raws: Sequence[RawMeasure]) -> YearQuestion | None:
        question, other = year_question(self._tables, heading, raws, self._year, self._choices.years)
        if question and question.answer is None:
            message = ASKED.format(found=question.found, plan=question.plan, years=question.years)
            self._first.append(Finding(Severity.STOP, "", 0, "", " · ".join(question.reasons), message))
        if other:
            message = DISAGREES.format(found=other, plan=self._year)
            self._first.append(Finding(Severity.GUESS, "", 0, "", "", message))
        return question

    # --- Tables -------------------------------------------------------------------------------------

    def _leave_out_summaries(self) -> None:
        """Measures of a sheet that only sums up others are not taken in: each would be there twice."""
        by_table: dict[int, list[RawMeasure]] = {}
        for raw in self._walk.raw:
            by_table.setdefault(int(raw.key.split(".")[0]), []).append(raw)
        letters = {place: {letters_of(title_of(raw)) for raw in raws} for place, raws in by_table.items()}
        steps = {
            place: sum(bool(raw.parts.get(Field.STEPS)) for raw in raws) for place, raws in by_table.items()
        }
        for place in by_table:
            if str(place) in self._choices.brought_in:
                continue
            table = self._tables[place - 1]
            others = set().union(
                *(found for other, found in letters.items() if other != place and steps[other] > steps[place])
            )
            is_named = table.name.startswith(SHEET) and any(
                word in table.name.lower() for word in SUMMARY_NAME
            )
            is_repeated = len(letters[place]) > 1 and letters[place] <= others
            if is_repeated or (is_named and len(by_table) > 1 and not steps[place]):
                self._summaries.add(place)
        self._walk.raw = [raw for raw in self._walk.raw if int(raw.key.split(".")[0]) not in self._summaries]
        for place in sorted(self._summaries):
            table = self._tables[place - 1]
            self._walk.findings.append(Finding(Severity.GUESS, table.name, 0, "", "", SUMMARY))

    def _table_left_out(self, table: Table) -> None:
        is_plan_like = sum(len(row.filled) > 1 for row in table.rows) > 1
        row = table.rows[0]
        severity = Severity.GUESS if is_plan_like else Severity.NOTE
        finding = Finding(severity, table.name, row.number, "", shortened(text_of(row)), TABLE_LEFT_OUT)
        self._walk.findings.append(finding)

    def _forget_answered(self, keys: set[str]) -> None:
        """A row that was said to be the heading of an indicator is none that is left out."""
        walk = self._walk
        walk.left_out = [row for row in walk.left_out if folded(shortened(" ".join(row.cells))) not in keys]
        walk.findings = [
            finding
            for finding in walk.findings
            if finding.message != sentences.LEFT_OUT or folded(finding.text) not in keys
        ]

    def _left_out(self) -> Sequence[LeftOut]:
        return [each for each in self._walk.left_out if int(each.key.split(".")[0]) not in self._summaries]

    def _shown_tables(self) -> Sequence[ImportedTable]:
        counts = Counter(raw.key.split(".")[0] for raw in self._walk.raw)
        shown = []
        for place, table in enumerate(self._tables, 1):
            key, reason = str(place), ""
            is_chosen = key in self._choices.left_out
            if is_chosen:
                reason = leaving_out.CHOSEN
            elif place in self._beside:
                reason = self._beside[place]
            elif place in self._summaries:
                reason = SUMMARY
            elif place in self._unknown:
                reason = TABLE_LEFT_OUT
            shown.append(ImportedTable(key, table.name, len(table.rows), counts[key], reason, is_chosen))
        return shown

    def _no_columns(self) -> None:
        columns = guessed_columns(self._tables, known_of(self._choices))
        if len(columns) < 2:
            self._stop(NO_TABLE)
            return
        table = max(self._tables, key=lambda table: len(table.rows))
        headings = " | ".join(shortened(column.heading) or "(ว่าง)" for column in columns[:20])
        self._stop(NO_COLUMNS.format(headings=headings), table.name, headings)

    def _stop(self, message: str, table: str = "", text: str = "") -> None:
        self._first.append(Finding(Severity.STOP, table, 0, "", shortened(text), message))
