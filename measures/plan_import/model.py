"""What an imported plan is: measures as they were understood, and what the officer has to look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

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
    """What a column holds. The value is the name of the attribute of ImportedMeasure that it becomes."""

    INDICATOR = "indicator"
    TITLE = "title"
    STEPS = "steps"
    PARTIES = "parties"
    DUE = "due"
    STATUS = "status"
    RESULT = "result"
    OBSTACLE = "obstacle"
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
        field: the field of that measure.
    """

    severity: Severity
    table: str
    row: int
    column: str
    text: str
    message: str
    measure: int | None = None
    field: Field | None = None


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


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its place from 0, how many it spans, its heading, and what it was taken for."""

    index: int
    width: int
    heading: str
    field: Field | None


@dataclass(frozen=True, slots=True)
class ImportedPlan:
    """What was understood of a file.

    Args:
        measures: in the order of the file.
        findings: in the order of the file.
        columns: those of the first table in which measures were found or, where no columns were recognised,
            of the largest one: what a mapping refers to.
        heading: the lines above the first table.
    """

    measures: tuple[ImportedMeasure, ...]
    findings: tuple[Finding, ...]
    columns: tuple[Column, ...] = ()
    heading: tuple[str, ...] = ()

    @property
    def stops(self) -> tuple[Finding, ...]:
        """The findings because of which nothing can be applied."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.STOP)
