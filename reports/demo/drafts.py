"""Measures that are not in the database yet, so that many can be inserted at once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final, NotRequired, TypedDict

from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from accounts.models import Division
from measures.models import SAMPLE, Indicator, Measure, Plan, Responsibility, Step
from measures.status import Status

REASON: Final = SAMPLE


class SeedStep(TypedDict):
    text: str
    steps: NotRequired[list["SeedStep"]]


class SeedMeasure(TypedDict):
    indicator: int
    title: str
    first_step: int
    steps: list[SeedStep]
    divisions: list[str]
    due_text: str
    due_on: str
    status: str


@dataclass
class Draft:
    """A measure with its divisions and steps as unsaved records, so that many can be inserted at once."""

    measure: Measure
    responsibilities: list[Responsibility]
    steps: list[Step] = field(default_factory=list)
    substeps: list[Step] = field(default_factory=list)

    def mark_done(self, day: date, first: int | None = None) -> None:
        """Tick the steps with all below them: every one, or only the first few of the first level."""
        done = self.steps[:first]
        for step in done:
            step.done_on = day
        for substep in self.substeps:
            if substep.parent in done:
                substep.done_on = day


def draft_measures(
    plan: Plan,
    seeds: Sequence[SeedMeasure],
    indicators: Mapping[int, Indicator],
    divisions: Mapping[str, Division],
) -> list[Draft]:
    """The measures of a plan, none of their steps reported; places follow the order within an indicator."""
    places: Counter[int] = Counter()
    drafts = []
    for seed in seeds:
        places[seed["indicator"]] += 1
        measure = Measure(
            plan=plan,
            indicator=indicators[seed["indicator"]],
            position=places[seed["indicator"]],
            title=seed["title"],
            first_step=seed["first_step"],
            due_text=seed["due_text"],
            due_on=date.fromisoformat(seed["due_on"]),
            status=Status(seed["status"]),
        )
        draft = Draft(
            measure,
            [
                Responsibility(measure=measure, division=divisions[name], position=place)
                for place, name in enumerate(seed["divisions"], 1)
            ],
        )
        _draft_steps(draft, seed["steps"])
        drafts.append(draft)
    return drafts


def _draft_steps(draft: Draft, seeds: Sequence[SeedStep]) -> None:
    for place, seed in enumerate(seeds, 1):
        step = Step(measure=draft.measure, position=place, text=seed["text"])
        draft.steps.append(step)
        draft.substeps += [
            Step(measure=draft.measure, parent=step, position=subplace, text=subseed["text"])
            for subplace, subseed in enumerate(seed.get("steps", []), 1)
        ]


def insert_drafts(drafts: Sequence[Draft], at: datetime) -> None:
    """Insert in the order that the keys ask for: a second-level step needs the key of the one above it."""
    insert([draft.measure for draft in drafts], at)
    insert([row for draft in drafts for row in draft.responsibilities], at)
    insert([step for draft in drafts for step in draft.steps], at)
    insert([step for draft in drafts for step in draft.substeps], at)


def insert(rows: Sequence[Any], at: datetime | None = None) -> None:
    """Insert records of one model, each with its first line of history, dated now unless told."""
    if rows:
        bulk_create_with_history(
            rows, type(rows[0]), batch_size=1_000, default_change_reason=REASON, default_date=at
        )


def noon(day: date) -> datetime:
    """The middle of a day at the office, for records of which only the day is known."""
    return datetime.combine(day, time(12), tzinfo=timezone.get_default_timezone())
