"""The history of a measure by its saves: what one person changed with one press of a button."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, cast

from django.db.models import QuerySet

from measures.measure_page.history import MAX_LINES, MEASURE_FIELDS, FieldChange, Thing, recent_changes
from measures.models import Evidence, Measure, Part, PartTick, Step

# What one save writes, it writes within moments: the measure, then its steps one by one.
ONE_SAVE: Final = timedelta(seconds=2)


@dataclass(frozen=True)
class Save:
    """What one person changed of a measure with one press of a button."""

    changes: Sequence[FieldChange]
    overtaken: Sequence[FieldChange] = ()
    """What of its report was changed since, or is not as it left it."""

    @property
    def key(self) -> str:
        """By what a request names it; another one once more has been saved in the same moments."""
        return max(self.changes, key=lambda change: change.when).line

    @property
    def when(self) -> datetime:
        return max(change.when for change in self.changes)

    @property
    def who(self) -> str:
        return self.changes[0].who

    @property
    def undoes(self) -> datetime | None:
        return self.changes[0].undoes

    @property
    def reported(self) -> Sequence[FieldChange]:
        return [change for change in self.changes if change.is_reported]

    @property
    def part(self) -> int | None:
        """The key of the part that it reported on; None for the measure as a whole."""
        return self.reported[0].part if self.reported else None

    @property
    def can_be_put_back(self) -> bool:
        """Whether it is a report on one thing that still is as it left it.

        Where the way of reporting was changed, ticks were carried along: nobody reported them.
        """
        of_one = len({change.part for change in self.reported}) == 1
        return of_one and not self.overtaken and all(each.name != "by_division" for each in self.changes)


@dataclass(frozen=True)
class History:
    """The saves of a measure that were asked for, and what there is to ask for."""

    saves: Sequence[Save]
    people: Sequence[str]
    fields: Sequence[str]
    who: str
    field: str

    @property
    def is_filtered(self) -> bool:
        return bool(self.who or self.field)


def history_of(
    measure: Measure,
    steps: Iterable[Step],
    who: str = "",
    field: str = "",
    seen: QuerySet[Evidence] | None = None,
) -> History:
    """The saves of a measure, newest first, of one person or one field where they are named; three queries.

    Args:
        steps: those of the measure, as stored.
        seen: the only evidence that is told of; None for all.
    """
    saves = saves_of(measure, steps, seen)
    found = [save for save in saves if who in ("", save.who) and field in ("", *_kinds(save))]
    people = sorted({save.who for save in saves})
    fields = list(dict.fromkeys(kind for save in saves for kind in _kinds(save)))
    return History(found, people, fields, who, field)


def _kinds(save: Save) -> Iterable[str]:
    return dict.fromkeys(change.kind for change in save.changes)


def saves_of(
    measure: Measure, steps: Iterable[Step], seen: QuerySet[Evidence] | None = None
) -> Sequence[Save]:
    """The latest changes of a measure as they were saved together, newest first; three queries."""
    done = {step.pk: step.done_on for step in steps}
    groups: list[list[FieldChange]] = []
    for change in reversed(recent_changes(measure, MAX_LINES, seen)):
        if groups and _belongs(change, groups[-1]):
            groups[-1].append(change)
        else:
            groups.append([change])
    saves: list[Save] = []
    later: set[tuple[Thing, str]] = set()
    for changes in map(_merged, reversed(groups)):
        if changes:
            save = Save(changes)
            overtaken = [
                change
                for change in save.reported
                if (change.thing, change.name) in later or not _is_as_left(change, measure, done)
            ]
            saves.append(replace(save, overtaken=overtaken))
            later |= {(change.thing, change.name) for change in changes}
    return saves


def _belongs(change: FieldChange, group: Sequence[FieldChange]) -> bool:
    """Whether a change was saved with others: by the same person, at once, and nothing of it twice."""
    last = group[-1]
    again = any(each.thing == change.thing and each.when != change.when for each in group)
    return (
        change.who == last.who
        and change.when - last.when <= ONE_SAVE
        and change.undoes == last.undoes
        and not again
    )


def _merged(group: Sequence[FieldChange]) -> Sequence[FieldChange]:
    """Of what was written twice in one moment, the first value and the last; report first, then steps.

    A step that follows from the ticks of the same moment is not told again.
    """
    merged: dict[tuple[Thing, str, str], FieldChange] = {}
    for change in group:
        # Evidence has no values to go between: each of its lines stands for itself.
        key = (change.thing, change.name, "" if change.name else change.line)
        first = merged.get(key)
        merged[key] = (
            change
            if first is None
            else replace(change, before=first.before, values=(first.values[0], change.values[1]))
        )
    kept = [change for change in merged.values() if not change.name or change.values[0] != change.values[1]]
    order = [Measure, Part, PartTick, Step, Evidence]
    return sorted(kept, key=lambda change: (order.index(change.thing[0]), _place(change)))


def _place(change: FieldChange) -> tuple[int, ...]:
    model, key = change.thing
    if model in (Measure, Part):
        return (MEASURE_FIELDS.index(change.name),)
    return key if isinstance(key, tuple) else (key,)


def _is_as_left(change: FieldChange, measure: Measure, done: Mapping[int, date | None]) -> bool:
    """Whether a value still is what a save left; of a tick its own lines, newer ones first, have said it."""
    model, key = change.thing
    if model is PartTick:
        return True
    if model is Part:
        part = next((part for part in measure.assigned_parts if part.pk == key), None)
        return part is not None and bool(getattr(part, change.name) == change.values[1])
    now = getattr(measure, change.name) if model is Measure else done.get(cast(int, key), "gone")
    return bool(now == change.values[1])
