"""One measure, from the cells that were found to belong to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from core.thai_calendar import arabic_digits, short_date
from measures import numbered_lists
from measures.numbered_lists import Line
from measures.plan_import import model
from measures.plan_import.model import (
    Field,
    Finding,
    ImportedCell,
    ImportedMeasure,
    ImportedParty,
    ImportedStep,
    Severity,
)
from measures.plan_import.tables.table import without_spaces
from measures.plan_import.understanding.dates import due_date
from measures.plan_import.understanding.division_names import split_parties
from measures.plan_import.understanding.indicator_names import NamedIndicator
from measures.plan_import.understanding.statuses import DONE, IN_PROGRESS, ReadStatus, read_status

SHOWN: Final = 120

NO_INDICATOR: Final = "ไม่พบตัวชี้วัดของมาตรการนี้ กรุณาเลือกตัวชี้วัด"
NO_TITLE: Final = "ไม่พบชื่อมาตรการ กรุณากรอกชื่อ หรือลบแถวนี้ออก"
NO_STEPS: Final = "ไม่พบขั้นตอนของมาตรการนี้ เพิ่มภายหลังได้"
NO_PARTIES: Final = "ไม่พบผู้รับผิดชอบของมาตรการนี้ กรุณาเลือก"
REPEATED_TITLE: Final = "ชื่อมาตรการมีหลายย่อหน้าและซ้ำกันเอง กรุณาตรวจและตัดส่วนที่ซ้ำออก"
SEVERAL_TITLES: Final = "ช่องนี้มีหลายข้อ อาจเป็นหลายมาตรการในช่องเดียว กรุณาตรวจ"
DEEPER: Final = "ขั้นตอนมีได้สองระดับ ข้อที่ลึกกว่านั้นจึงเป็นระดับที่สอง กรุณาตรวจ"
NO_PARENT: Final = "ขั้นตอนย่อยไม่มีขั้นตอนหลัก จึงเป็นขั้นตอนระดับแรก กรุณาตรวจ"
RENUMBERED: Final = "เลขขั้นตอนไม่ต่อกัน เมื่อนำเข้าแล้วเลขจะเรียงใหม่ตามลำดับ"
NO_DUE: Final = "ไม่เข้าใจกำหนดเวลานี้เป็นวันที่ กรุณากรอกวันครบกำหนด หากไม่ใส่ ระบบจะไม่เตือนเมื่อล่าช้า"
DUE_GUESSED: Final = "เข้าใจว่าครบกำหนดวันที่ {day} กรุณาตรวจ"
SEVERAL_DUES: Final = "มีกำหนดเวลาหลายช่วงในมาตรการเดียว ใช้วันสุดท้าย ({day}) กรุณาตรวจ"
NO_STATUS: Final = "ไม่พบถ้อยคำที่บอกสถานะ จึงเก็บข้อความไว้เป็นผลการดำเนินงาน กรุณาเลือกสถานะ"
STATUS_GUESSED: Final = "ตีความสถานะจากข้อความ กรุณาตรวจ"
SEVERAL_STATUSES: Final = "แต่ละแถวของมาตรการนี้มีสถานะต่างกัน จึงถือว่าอยู่ระหว่างดำเนินการ กรุณาตรวจ"
TOO_MANY: Final = "{what}มี {count} ข้อ มาตรการหนึ่งมีได้ไม่เกิน {limit} ข้อ กรุณาตรวจว่าเป็นมาตรการเดียว"
TOO_LONG: Final = "ข้อความยาว {length} ตัวอักษร เกินกว่าที่เก็บได้ ({limit} ตัวอักษร) กรุณาตัดให้สั้นลง"


@dataclass(frozen=True, slots=True)
class RowPart:
    """What one row holds of a field: its row, its column's heading and place, its lines, and a real date."""

    row: int
    heading: str
    lines: tuple[Line, ...]
    day: date | None = None
    column: int = 0

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    def original(self, of: Field) -> ImportedCell:
        """The cell as it stood there."""
        text = "\n".join(f"{line.label} {line.text}".strip() for line in self.lines)
        return ImportedCell(self.row, self.column, self.heading, of, text)


@dataclass(slots=True)
class RawMeasure:
    """The rows of a measure, not yet understood."""

    table: str
    row: int
    indicator: NamedIndicator | None
    key: str
    parts: dict[Field, list[RowPart]] = field(default_factory=dict)


def measure_of(raw: RawMeasure, place: int, fiscal_year: int) -> tuple[ImportedMeasure, list[Finding]]:
    """The measure, and what there is to look at.

    Args:
        place: its place in the plan, for the findings.
    """
    return _Reading(raw, place, fiscal_year).measure()


class _Reading:
    def __init__(self, raw: RawMeasure, place: int, fiscal_year: int) -> None:
        self._raw = raw
        self._place = place
        self._year = fiscal_year
        self._findings: list[Finding] = []
        self._guessed: set[Field] = set()

    def measure(self) -> tuple[ImportedMeasure, list[Finding]]:
        raw = self._raw
        self._indicator()
        title = self._title()
        steps, first_step = self._steps()
        parties = self._parties()
        due_text, due_on = self._due()
        status, status_text, result = self._status()
        obstacle = self._text(Field.OBSTACLE)
        measure = ImportedMeasure(
            table=raw.table,
            row=raw.row,
            indicator=raw.indicator.number if raw.indicator else None,
            indicator_name=raw.indicator.name if raw.indicator else "",
            title=title,
            first_step=first_step,
            steps=steps,
            parties=parties,
            due_text=due_text,
            due_on=due_on,
            status=status,
            status_text=status_text,
            result=result,
            obstacle=obstacle,
            guessed=frozenset(self._guessed),
            key=raw.key,
            cells=tuple(part.original(of) for of, parts in raw.parts.items() for part in parts),
        )
        self._counts(measure)
        self._lengths(measure)
        return measure, self._findings

    # --- Findings -----------------------------------------------------------------------------------

    def _of(self, of: Field) -> Sequence[RowPart]:
        return self._raw.parts.get(of, ())

    def _find(
        self, severity: Severity, of: Field, text: str, message: str, part: RowPart | None = None
    ) -> None:
        parts = self._of(of)
        part = part or (parts[0] if parts else None)
        if severity is Severity.GUESS:
            self._guessed.add(of)
        self._findings.append(
            Finding(
                severity,
                self._raw.table,
                part.row if part else self._raw.row,
                part.heading if part else of.label,
                shortened(text),
                message,
                self._place,
                of,
                part.column if part else None,
            )
        )

    def _counts(self, measure: ImportedMeasure) -> None:
        for of, count, limit in (
            (Field.STEPS, len(measure.steps), model.MAX_STEPS),
            (Field.PARTIES, len(measure.parties), model.MAX_PARTIES),
        ):
            if count > limit:
                message = TOO_MANY.format(what=of.label, count=count, limit=limit)
                self._find(Severity.STOP, of, measure.title, message)

    def _lengths(self, measure: ImportedMeasure) -> None:
        limits: list[tuple[Field, str, int]] = [
            (Field.TITLE, measure.title, model.TITLE_LENGTH),
            (Field.DUE, measure.due_text, model.DUE_LENGTH),
            (Field.RESULT, measure.result, model.RESULT_LENGTH),
            (Field.OBSTACLE, measure.obstacle, model.RESULT_LENGTH),
            *((Field.STEPS, step.text, model.STEP_LENGTH) for step in measure.steps),
            *((Field.PARTIES, party.name, model.PARTY_LENGTH) for party in measure.parties),
        ]
        for of, text, limit in limits:
            if len(text) > limit:
                self._find(Severity.STOP, of, text, TOO_LONG.format(length=len(text), limit=limit))

    # --- Fields -------------------------------------------------------------------------------------

    def _text(self, of: Field) -> str:
        return "\n".join(line.text for part in self._of(of) for line in part.lines)

    def _indicator(self) -> None:
        indicator = self._raw.indicator
        if indicator is None or indicator.number is None:
            doubt = (indicator and indicator.doubt) or NO_INDICATOR
            self._find(Severity.STOP, Field.INDICATOR, indicator.name if indicator else "", doubt)
        elif indicator.doubt:
            self._find(Severity.GUESS, Field.INDICATOR, indicator.name, indicator.doubt)

    def _title(self) -> str:
        lines = [line.text for part in self._of(Field.TITLE) for line in part.lines]
        if not lines:
            self._find(Severity.STOP, Field.TITLE, "", NO_TITLE)
            return ""
        numbered = [line for line in lines if numbered_lists.without_label(line) != line]
        whole = " ".join(lines)
        if len(numbered) > 1:
            self._find(Severity.GUESS, Field.TITLE, whole, SEVERAL_TITLES)
            return whole
        if _repeats_itself(lines):
            self._find(Severity.GUESS, Field.TITLE, whole, REPEATED_TITLE)
        return numbered_lists.without_label(whole)

    def _steps(self) -> tuple[tuple[ImportedStep, ...], int]:
        parts = self._of(Field.STEPS)
        items = numbered_lists.split([part.lines for part in parts])
        steps: list[ImportedStep] = []
        for item in items:
            doubt = item.doubt
            level = min(item.depth, 2)
            if item.depth > 2:
                doubt = DEEPER
            elif level == 2 and not steps:
                level, doubt = 1, NO_PARENT
            if doubt:
                self._find(Severity.GUESS, Field.STEPS, f"{item.label} {item.text}".strip(), doubt)
            steps.append(ImportedStep(item.label, level, item.text, guessed=bool(doubt)))
        if not steps:
            self._find(Severity.NOTE, Field.STEPS, "", NO_STEPS)
        first = self._first_step(steps)
        return tuple(steps), first

    def _first_step(self, steps: Sequence[ImportedStep]) -> int:
        numbers = [numbered_lists.number_of(step.label) for step in steps if step.level == 1]
        first = numbers[0] if numbers and numbers[0] else 1
        shown = [number for number in numbers if number]
        if shown and numbers != list(range(first, first + len(numbers))):
            self._find(Severity.NOTE, Field.STEPS, " ".join(step.label for step in steps), RENUMBERED)
        return first

    def _parties(self) -> tuple[ImportedParty, ...]:
        parts = self._of(Field.PARTIES)
        parties, doubt = split_parties([part.lines for part in parts])
        if doubt:
            self._find(Severity.GUESS, Field.PARTIES, self._text(Field.PARTIES), doubt)
        if not parties:
            self._find(Severity.NOTE, Field.PARTIES, "", NO_PARTIES)
        return tuple(parties)

    def _due(self) -> tuple[str, date | None]:
        parts = {without_spaces(part.text): part for part in self._of(Field.DUE) if part.lines}
        text = ", ".join(part.text for part in parts.values())
        if len(parts) < 2:
            return text, self._one_due(next(iter(parts.values()), None))
        days = [part.day or due_date(part.text, self._year)[0] for part in parts.values()]
        known = [day for day in days if day]
        if not known:
            self._find(Severity.GUESS, Field.DUE, text, NO_DUE)
            return text, None
        self._find(Severity.GUESS, Field.DUE, text, SEVERAL_DUES.format(day=short_date(max(known))))
        return text, max(known)

    def _one_due(self, part: RowPart | None) -> date | None:
        if part is None:
            return None
        if part.day:
            return part.day
        day, is_sure = due_date(part.text, self._year)
        if day is None:
            self._find(Severity.GUESS, Field.DUE, part.text, NO_DUE, part)
        elif not is_sure:
            self._find(Severity.GUESS, Field.DUE, part.text, DUE_GUESSED.format(day=short_date(day)), part)
        return day

    def _status(self) -> tuple[str | None, str, str]:
        """The status, the text that it was read from, and the result."""
        of = Field.STATUS if any(part.lines for part in self._of(Field.STATUS)) else Field.RESULT
        parts = [part for part in self._of(of) if part.lines]
        read = [read_status("\n".join(line.text for line in part.lines)) for part in parts]
        status = self._one_status(of, parts, read)
        result = _joined(found.rest for found in read)
        if of is Field.STATUS:
            result = _joined([result, self._text(Field.RESULT)])
        return status, _joined("\n".join(line.text for line in part.lines) for part in parts), result

    def _one_status(self, of: Field, parts: Sequence[RowPart], read: Sequence[ReadStatus]) -> str | None:
        text = " ".join(part.text for part in parts)
        statuses = {found.status for found in read if found.status}
        if not statuses:
            if parts:
                self._find(Severity.GUESS, of, text, NO_STATUS)
                self._guessed.add(Field.STATUS)
            return None
        if len(statuses) > 1:
            self._find(Severity.GUESS, of, text, SEVERAL_STATUSES)
            self._guessed.add(Field.STATUS)
            return IN_PROGRESS
        (status,) = statuses
        # Some rows say that it is done and others nothing.
        if any(found.guessed for found in read) or (
            status == DONE and any(not found.status for found in read)
        ):
            self._find(Severity.GUESS, of, text, STATUS_GUESSED)
            self._guessed.add(Field.STATUS)
        return status


def shortened(text: str) -> str:
    """At most as much of a text as a list of findings can show."""
    text = " ".join(text[: 4 * SHOWN].split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN].rstrip()}…"


def _joined(texts: Iterable[str]) -> str:
    """The texts, each once, one below the other."""
    return "\n".join(dict.fromkeys(text for text in texts if text))


def _repeats_itself(lines: Sequence[str]) -> bool:
    letters = [without_spaces(arabic_digits(line)) for line in lines]
    return any(
        len(later) > 10 and later in earlier
        for place, later in enumerate(letters[:50])
        for earlier in letters[:place]
    )
