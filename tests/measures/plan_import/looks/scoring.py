"""How well a document was read: each cell is right, marked, stopped, or wrong in silence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from measures.plan_import.model import Unreadable
from measures.plan_import.parsing import Field, ImportedPlan, Severity, parse, parse_text
from tests.measures.plan_import.corpus import Fact, facts
from tests.measures.plan_import.looks.documents import Document, Mark

Cell = tuple[Field, Any, Any]


@dataclass
class Score:
    """Counts of cells; marked and stopped are wrong ones, and more_marked right ones with a mark."""

    right: int = 0
    marked: int = 0
    stopped: int = 0
    silent: int = 0
    more_marked: int = 0
    wrong: list[str] = field(default_factory=list)
    """What is wrong in silence, for a person to read."""
    missing: frozenset[Mark] = frozenset()
    """Marks that were expected and are not there."""
    plan: ImportedPlan | None = None
    """What was understood; None where the document was refused."""

    @property
    def cells(self) -> int:
        return self.right + self.marked + self.stopped + self.silent

    def add(self, other: Score) -> None:
        self.right += other.right
        self.marked += other.marked
        self.stopped += other.stopped
        self.silent += other.silent
        self.more_marked += other.more_marked
        self.wrong += other.wrong


def read(document: Document) -> ImportedPlan | None:
    """The plan that is understood, or None where the document is refused."""
    content = document.make()
    try:
        if isinstance(content, str):
            return parse_text(content, document.year, None, document.choices)
        return parse(document.name, content, document.year, None, document.choices)
    except Unreadable:
        return None


def score(document: Document) -> Score:
    """Compare what is understood of a document with what is in it."""
    plan = read(document)
    if plan is None:
        return Score(stopped=sum(len(list(_cells(each, None))) for each in document.plan))
    found, everywhere = marks_of(plan)
    result = Score(missing=document.marks - found, plan=plan)
    understood = facts(plan)
    for place, (expected, got) in enumerate(_pairs(document.plan, understood)):
        at = place if got is None else understood.index(got)
        for of, wanted, is_there in _cells(expected, got):
            is_marked = (
                (at, of) in found or of in everywhere or (got is None and _is_proposed(plan, expected))
            )
            is_marked |= expected is None and (at, Field.TITLE) in found
            if wanted == is_there:
                result.right += 1
                result.more_marked += is_marked
            elif plan.stops:
                result.stopped += 1
            elif is_marked:
                result.marked += 1
            else:
                result.silent += 1
                result.wrong.append(f"{document.name}: {of} {is_there!r} ≠ {wanted!r}")
    return result


def marks_of(plan: ImportedPlan) -> tuple[frozenset[Mark], frozenset[Field]]:
    """The cells that are marked, and the fields of which every cell is: a heading was guessed."""
    to_look_at = [each for each in plan.findings if each.severity is not Severity.NOTE]
    of_cells = {(each.measure, each.field) for each in to_look_at if each.measure is not None and each.field}
    more = {
        (place, Field.STATUS)
        for place, of in of_cells
        if of is Field.RESULT and Field.STATUS in plan.measures[place].guessed
    }
    more |= {(place, Field.RESULT) for place, of in of_cells if of is Field.STATUS}
    everywhere = {each.field for each in to_look_at if each.measure is None and each.field}
    return frozenset(of_cells | more), frozenset(everywhere)


def _pairs(expected: Sequence[Fact], got: Sequence[Fact]) -> Iterator[tuple[Fact | None, Fact | None]]:
    """Measures that are to be the same: by their places, or by their titles where one is missing."""
    if len(expected) == len(got):
        yield from zip(expected, got, strict=True)
        return
    rest = list(got)
    for fact in expected:
        same = next((each for each in rest if each.title == fact.title), None)
        if same:
            rest.remove(same)
        yield fact, same
    yield from ((None, each) for each in rest)


def _cells(expected: Fact | None, got: Fact | None) -> Iterator[Cell]:
    for of, name in (
        (Field.INDICATOR, "indicator"),
        (Field.TITLE, "title"),
        (Field.DUE, "due_text"),
        (Field.DUE, "due_on"),
        (Field.STATUS, "status"),
        (Field.RESULT, "result"),
    ):
        yield of, getattr(expected, name, _NOTHING), getattr(got, name, _NOTHING if expected else None)
    for of, name in ((Field.STEPS, "steps"), (Field.PARTIES, "parties")):
        pairs = zip_longest(getattr(expected, name, ()), getattr(got, name, ()))
        yield from ((of, wanted, is_there) for wanted, is_there in pairs)


_NOTHING = object()


def _is_proposed(plan: ImportedPlan, expected: Fact | None) -> bool:
    """Whether a measure was proposed as left out, with a mark."""
    rows = {each.row for each in plan.findings if each.measure is None and each.severity is Severity.GUESS}
    return expected is not None and any(
        each.row in rows and expected.title in " ".join(each.cells) for each in plan.left_out
    )
