"""One measure, from the cells that were found to belong to it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from core.thai_calendar import short_date
from measures import list_labels, numbered_lists
from measures.plan_import import model
from measures.plan_import.model import (
    Field,
    Finding,
    ImportedMeasure,
    ImportedParty,
    ImportedStep,
    Severity,
)
from measures.plan_import.tables.table import without_spaces
from measures.plan_import.understanding import sentences, titles
from measures.plan_import.understanding.dates import due_date
from measures.plan_import.understanding.division_names import split_parties
from measures.plan_import.understanding.due import time_of_part
from measures.plan_import.understanding.raw import RawMeasure, RowPart, shortened
from measures.plan_import.understanding.statuses import DONE, IN_PROGRESS, ReadStatus, read_status

_REPORTED: Final = (Field.STATUS, Field.RESULT, Field.OBSTACLE)

# What stands in a cell of which there is nothing to say.
_NONE: Final = frozenset({"-", "–", "—", "ไม่มี"})


def measure_of(
    raw: RawMeasure, place: int, fiscal_year: int, *, only_plan: bool = False, any_year: bool = False
) -> tuple[ImportedMeasure, list[Finding]]:
    """The measure, and what there is to look at.

    Args:
        place: its place in the plan, for the findings.
        only_plan: its status, result and obstacle are left out.
        any_year: it may be due in another fiscal year without being marked.
    """
    return _Reading(raw, place, fiscal_year, only_plan, any_year).measure()


class _Reading:
    def __init__(
        self, raw: RawMeasure, place: int, fiscal_year: int, only_plan: bool, any_year: bool
    ) -> None:
        self._raw = raw
        self._only_plan = only_plan
        self._any_year = any_year
        self._titles: tuple[str, ...] = ()
        self._place = place
        self._year = fiscal_year
        self._findings: list[Finding] = []
        self._guessed: set[Field] = set()

    def measure(self) -> tuple[ImportedMeasure, list[Finding]]:
        raw = self._raw
        self._notes()
        self._indicator()
        title = self._title()
        steps, first_step = self._steps()
        parties = self._parties()
        due_text, due_on = self._due()
        status, status_text, result = (None, "", "") if self._only_plan else self._status()
        obstacle = "" if self._only_plan else self._text(Field.OBSTACLE)
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
            parts=self._titles,
        )
        self._counts(measure)
        self._lengths(measure)
        return measure, self._findings

    # --- Findings -----------------------------------------------------------------------------------

    def _of(self, of: Field) -> Sequence[RowPart]:
        return self._raw.parts.get(of, ())

    def _find(
        self,
        severity: Severity,
        of: Field,
        text: str,
        message: str,
        part: RowPart | None = None,
        step: int | None = None,
    ) -> None:
        parts = self._of(of)
        part = part or (parts[0] if parts else self._raw.empty.get(of))
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
                step,
            )
        )

    def _notes(self) -> None:
        """What was found of its rows and cells before they were understood."""
        raw = self._raw
        for row, message, is_certain in raw.notes:
            severity = Severity.NOTE if is_certain else Severity.GUESS
            self._find(severity, Field.TITLE, self._text(Field.TITLE), message, RowPart(row, "", ()))
        doubted = [(of, part) for of, parts in raw.parts.items() for part in parts if part.doubt]
        doubted += [(of, part) for of, part in raw.empty.items() if part.doubt and not raw.parts.get(of)]
        for of, part in doubted:
            if not (self._only_plan and of in _REPORTED):
                self._find(Severity.GUESS, of, part.text, part.doubt, part)
                # A status may be read from what a result says.
                self._guessed |= {Field.STATUS} if of is Field.RESULT else set()
        for of in sorted(raw.missing):
            if not (self._only_plan and of in _REPORTED):
                self._find(Severity.GUESS, of, "", sentences.NO_COLUMN.format(field=of.label))

    def _counts(self, measure: ImportedMeasure) -> None:
        for of, count, limit in (
            (Field.STEPS, len(measure.steps), model.MAX_STEPS),
            (Field.PARTIES, len(measure.parties), model.MAX_PARTIES),
        ):
            if count > limit:
                message = sentences.TOO_MANY.format(what=of.label, count=count, limit=limit)
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
                self._find(Severity.STOP, of, text, sentences.TOO_LONG.format(length=len(text), limit=limit))

    # --- Fields -------------------------------------------------------------------------------------

    def _text(self, of: Field) -> str:
        return "\n".join(line.text for part in self._of(of) for line in part.lines)

    def _indicator(self) -> None:
        indicator = self._raw.indicator
        if indicator is None or indicator.number is None:
            doubt = (indicator and indicator.doubt) or sentences.NO_INDICATOR
            self._find(Severity.STOP, Field.INDICATOR, indicator.name if indicator else "", doubt)
        elif indicator.doubt:
            self._find(Severity.GUESS, Field.INDICATOR, indicator.name, indicator.doubt)

    def _title(self) -> str:
        lines = [line.text for part in self._of(Field.TITLE) for line in part.lines]
        if not lines:
            self._find(Severity.STOP, Field.TITLE, "", sentences.NO_TITLE)
            return ""
        numbered = [line for line in lines if list_labels.without_label(line) != line]
        whole = " ".join(lines)
        if len(numbered) > 1:
            self._find(Severity.GUESS, Field.TITLE, whole, sentences.SEVERAL_TITLES)
            cells = self._of(Field.TITLE)
            self._titles = tuple(titles.titles_in([line for part in cells for line in part.lines]))
            return whole
        if titles.has_more(lines):
            self._find(Severity.GUESS, Field.TITLE, whole, sentences.LONG_TITLE)
        if titles.repeats_itself(lines):
            self._find(Severity.GUESS, Field.TITLE, whole, sentences.REPEATED_TITLE)
        return list_labels.without_label(whole)

    def _steps(self) -> tuple[tuple[ImportedStep, ...], int]:
        parts = self._of(Field.STEPS)
        items = [
            item for item in numbered_lists.split([part.lines for part in parts]) if item.text not in _NONE
        ]
        steps: list[ImportedStep] = []
        for place, item in enumerate(items):
            doubt = item.doubt
            level = min(item.depth, 2)
            if item.depth > 2:
                doubt = sentences.DEEPER
            elif level == 2 and not steps:
                level, doubt = 1, sentences.NO_PARENT
            if doubt:
                text = f"{item.label} {item.text}".strip()
                self._find(Severity.GUESS, Field.STEPS, text, doubt, step=place)
            steps.append(ImportedStep(item.label, level, item.text, guessed=bool(doubt)))
        if not steps and Field.STEPS not in self._raw.missing:
            is_merged = self._raw.empty.get(Field.STEPS) and self._raw.empty[Field.STEPS].continued
            self._find(Severity.GUESS if is_merged else Severity.NOTE, Field.STEPS, "", sentences.NO_STEPS)
        first = self._first_step(steps)
        return tuple(steps), first

    def _first_step(self, steps: Sequence[ImportedStep]) -> int:
        numbers = [list_labels.number_of(step.label) for step in steps if step.level == 1]
        first = numbers[0] if numbers and numbers[0] else 1
        shown = [number for number in numbers if number]
        if shown and numbers != list(range(first, first + len(numbers))):
            self._find(
                Severity.NOTE, Field.STEPS, " ".join(step.label for step in steps), sentences.RENUMBERED
            )
        return first

    def _parties(self) -> tuple[ImportedParty, ...]:
        parts = self._of(Field.PARTIES)
        parties, doubt = split_parties([part.lines for part in parts])
        if doubt:
            self._find(Severity.GUESS, Field.PARTIES, self._text(Field.PARTIES), doubt)
        if not parties:
            self._find(Severity.NOTE, Field.PARTIES, "", sentences.NO_PARTIES)
        return tuple(parties)

    def _due(self) -> tuple[str, date | None]:
        parts = {without_spaces(part.text): part for part in self._of(Field.DUE) if part.lines}
        text = ", ".join(part.text for part in parts.values())
        if not parts and Field.DUE in self._raw.parts:
            self._find(Severity.GUESS, Field.DUE, "", sentences.EMPTY_DUE)
        if len(parts) < 2:
            part = next(iter(parts.values()), None)
            day, doubt = time_of_part(part, self._year, any_year=self._any_year) if part else (None, "")
            if doubt:
                self._find(Severity.GUESS, Field.DUE, text, doubt, part)
            return text, day
        days = [part.day or due_date(part.text, self._year)[0] for part in parts.values()]
        known = [day for day in days if day]
        if not known:
            self._find(Severity.GUESS, Field.DUE, text, sentences.NO_DUE)
            return text, None
        message = sentences.SEVERAL_DUES.format(day=short_date(max(known)))
        self._find(Severity.GUESS, Field.DUE, text, message)
        return text, max(known)

    def _status(self) -> tuple[str | None, str, str]:
        """The status, the text that it was read from, and the result."""
        of = Field.STATUS if any(part.lines for part in self._of(Field.STATUS)) else Field.RESULT
        parts = [part for part in self._of(of) if part.lines]
        if not parts and {Field.STATUS, Field.RESULT} & self._raw.parts.keys():
            exists = Field.STATUS if Field.STATUS in self._raw.parts else Field.RESULT
            self._find(Severity.GUESS, exists, "", sentences.EMPTY_STATUS)
            self._guessed.add(Field.STATUS)
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
                self._find(Severity.GUESS, of, text, sentences.NO_STATUS)
                self._guessed.add(Field.STATUS)
            return None
        if len(statuses) > 1:
            self._find(Severity.GUESS, of, text, sentences.SEVERAL_STATUSES)
            self._guessed.add(Field.STATUS)
            return IN_PROGRESS
        (status,) = statuses
        # Some rows say that it is done and others nothing.
        if any(found.guessed for found in read) or (
            status == DONE and any(not found.status for found in read)
        ):
            self._find(Severity.GUESS, of, text, sentences.STATUS_GUESSED)
            self._guessed.add(Field.STATUS)
        return status


def _joined(texts: Iterable[str]) -> str:
    """The texts, each once, one below the other."""
    return "\n".join(dict.fromkeys(text for text in texts if text))
