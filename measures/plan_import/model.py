"""What an imported plan is: measures as they were understood, and what the officer has to look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from measures.plan_import.choices import ImportedHeading, ImportedTable, LeftOut, YearQuestion

# What a record can hold; measures.models says the same, and a test that they agree.
TITLE_LENGTH: Final = 500
DUE_LENGTH: Final = 200
STEP_LENGTH: Final = 2_000
RESULT_LENGTH: Final = 5_000
PARTY_LENGTH: Final = 200
# As many as the pages on which they are mended can show.
MAX_STEPS: Final = 200
MAX_PARTIES: Final = 200


class Unreadable(Exception):
    """The file or text cannot be read at all; the message is a Thai sentence that says what to do."""


class Field(StrEnum):
    """What a column holds. The value is the name of the attribute of ImportedMeasure that it becomes.

    Two have no attribute: a tick below PERIOD (a heading such as ต.ค. or ไตรมาส ๒) becomes part of the due
    text, and one below TICKED (a heading such as ดำเนินการแล้ว) the status.
    """

    INDICATOR = "indicator"
    TITLE = "title"
    STEPS = "steps"
    PARTIES = "parties"
    DUE = "due"
    STATUS = "status"
    RESULT = "result"
    OBSTACLE = "obstacle"
    PERIOD = "period"
    TICKED = "ticked"
    IGNORED = "ignored"

    @property
    def label(self) -> str:
        """The Thai name, for a list to choose from."""
        return _LABELS[self]


_LABELS: Final[Mapping[Field, str]] = {
    Field.INDICATOR: "ตัวชี้วัด",
    Field.TITLE: "มาตรการ",
    Field.STEPS: "ขั้นตอน/วิธีการปฏิบัติ",
    Field.PARTIES: "ผู้รับผิดชอบ",
    Field.DUE: "กำหนดแล้วเสร็จ",
    Field.STATUS: "สถานะ",
    Field.RESULT: "ผลการดำเนินงาน",
    Field.OBSTACLE: "ปัญหา/อุปสรรค และข้อเสนอแนะ",
    Field.PERIOD: "เดือนหรือไตรมาส (ทำเครื่องหมายในช่อง)",
    Field.TICKED: "สถานะตามหัวคอลัมน์ (ทำเครื่องหมายในช่อง)",
    Field.IGNORED: "ไม่นำเข้า",
}


class Severity(StrEnum):
    """How much a finding matters."""

    STOP = "stop"  # nothing can be applied before it is mended
    GUESS = "guess"  # read in the likeliest way; a person should look
    NOTE = "note"  # left out or changed on the way, for information


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at.

    Args:
        table: the table or sheet, as the person knows it ("ตารางที่ 2", "แผ่นงาน แผน 2567").
        row: the row as numbered in the sheet, the table or the text, from 1; 0 for the table as a whole.
        column: the heading of the column, or empty.
        text: the text in question, shortened.
        message: in Thai: what was made of it and what to do.
        measure: the place in ImportedPlan.measures of the measure that it speaks of.
        field: the field of that measure, never PERIOD (that is DUE) or TICKED (that is STATUS).
        column_at: the place of the column from 0 in the row of the original, where it stood in one: with row
            the address of the cell. ImportedMeasure.cells has the cell's whole text.
        step: the place in ImportedMeasure.steps of the step that it speaks of.
    """

    severity: Severity
    table: str
    row: int
    column: str
    text: str
    message: str
    measure: int | None = None
    field: Field | None = None
    column_at: int | None = None
    step: int | None = None


@dataclass(frozen=True, slots=True)
class ImportedCell:
    """A cell of the original from which a part of a measure was read.

    Args:
        row: as in Finding.
        column: its place from 0, as Column.index.
        heading: of its column.
        field: what its column was taken for.
        text: verbatim, its lines divided by line ends.
    """

    row: int
    column: int
    heading: str
    field: Field
    text: str


@dataclass(frozen=True, slots=True)
class ImportedStep:
    """A step: its number as it stood there ("๑.๑", or empty), its level (1 or 2) and its text."""

    label: str
    level: int
    text: str
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class ImportedParty:
    """A responsible party by the name that stood there; whether it is known is for the caller."""

    name: str
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class ImportedMeasure:
    """A measure as it would become.

    Args:
        table: where it stood, as in Finding.
        row: its first row.
        indicator: 1 to 10, or None where none was understood.
        indicator_name: as written, without its number.
        due_text: verbatim, in one line.
        due_on: the last day of what due_text speaks of, where it could be understood.
        status: a value of measures.status.Status, or None where the text says nothing of it.
        status_text: the cell from which the status was read, verbatim.
        result: what that cell, or a column of its own, says beyond the status.
        guessed: the fields that a person should look at; steps and parties say it one by one as well.
        key: names the measure within the original, whatever is left out: what Choices and PlanImport.edits go
            by. "2.14" is the measure that begins in row 14 of the second table, "2.14.1" its second part
            where it was split.
        cells: the cells of the original from which it was read, in their order.
        parts: the titles into which its title can be split, where it seems to be several measures (empty
            otherwise): putting its key into Choices.split does it.
    """

    table: str
    row: int
    indicator: int | None
    indicator_name: str
    title: str
    first_step: int
    steps: tuple[ImportedStep, ...]
    parties: tuple[ImportedParty, ...]
    due_text: str
    due_on: date | None
    status: str | None
    status_text: str
    result: str
    obstacle: str
    guessed: frozenset[Field] = frozenset()
    key: str = ""
    cells: tuple[ImportedCell, ...] = ()
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its place from 0, how many it spans, its heading, and what it was taken for.

    Args:
        guessed: whether its heading is spelled otherwise than any known one, and was taken for the nearest.
        samples: up to three different texts of its cells, shortened.
        remembered: field is what the agency said of this heading at an earlier import.
        confirmed: field is what the officer has said of this heading.
    """

    index: int
    width: int
    heading: str
    field: Field | None
    guessed: bool = False
    samples: tuple[str, ...] = ()
    remembered: bool = False
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class ImportedPlan:
    """What was understood of a file.

    Args:
        measures: in the order of the file.
        findings: in the order of the file.
        columns: those of the first table in which measures were found or, where no columns were recognised,
            of the largest one: what a mapping refers to.
        heading: the lines above the first table.
        left_out: the rows that are not taken in, in the order of the file.
        tables: all tables and sheets that have something in them.
        year: the question whether its days are of the right year; None where they are.
        headings: those of indicators that were not surely understood.
    """

    measures: tuple[ImportedMeasure, ...]
    findings: tuple[Finding, ...]
    columns: tuple[Column, ...] = ()
    heading: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    tables: tuple[ImportedTable, ...] = ()
    year: YearQuestion | None = None
    headings: tuple[ImportedHeading, ...] = ()

    @property
    def stops(self) -> tuple[Finding, ...]:
        """The findings because of which nothing can be applied."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.STOP)
