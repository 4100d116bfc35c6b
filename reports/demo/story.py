"""The story of a fiscal year, read from fixtures/: what is planned, and what happens on which day.

Nothing here knows of the database or of the clock. A day of the story is counted from 1 October; the same
story is told of every year, of earlier ones (age 1 and 2) with other figures and other days.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Final, Literal, NotRequired, TypedDict, cast

from django.conf import settings
from django.utils import timezone

from core.thai_calendar import FiscalYear, long_date, thai_digits

Age = Literal[0, 1, 2]
# Of the year before the last, evidence on the web is enough: files take time to make.
ALL_FILES: Final = 1
# The office opens at half past eight; the second thing of a day happens a quarter of an hour after the first.
OPENS: Final = time(8, 30)
APART: Final = timedelta(minutes=15)
SATURDAY: Final = 5
# {ก|ข|ค}: the text of the present year, of the year before and of the one before that.
BY_AGE: Final = re.compile(r"\{([^{}|]*)\|([^{}|]*)\|([^{}|]*)\}")


class StoryProof(TypedDict):
    kind: Literal["web", "pdf", "jpeg", "png", "docx", "xlsx"]
    title: str
    name: str
    text: NotRequired[list[str]]
    step: NotRequired[str]
    public: NotRequired[bool]


class StoryEvent(TypedDict):
    day: int | list[int]
    by: Literal["staff", "officer", "executive"]
    division: NotRequired[str]
    join: NotRequired[bool]
    only: NotRequired[Literal["now", "past"]]
    tick: NotRequired[list[str]]
    status: NotRequired[str]
    reason: NotRequired[str]
    result: NotRequired[str]
    obstacle: NotRequired[str]
    evidence: NotRequired[list[StoryProof]]
    comment: NotRequired[str]
    returns: NotRequired[bool]


class StoryStep(TypedDict):
    text: str
    steps: list[str]


class StoryMeasure(TypedDict):
    key: str
    only: NotRequired[Literal["now", "past"]]
    indicator: int
    title: str
    divisions: list[str]
    by_division: NotRequired[bool]
    due: str
    due_text: str
    steps: list[str | StoryStep]
    events: list[StoryEvent]


# Days of the year; "return" is a word of Python.
StoryRound = TypedDict(
    "StoryRound",
    {"submit": int, "return": int, "reason": str, "submit_again": int, "approve": int, "publish": int},
)


class StoryAgency(TypedDict):
    slug: str
    kind: str
    short: str
    place: str
    point: Literal["published", "approved", "submitted", "returned", "late", "without_plan"]
    behind: int
    measures: list[str]


class StoryNeighbours(TypedDict):
    province: str
    divisions: list[str]
    agencies: list[StoryAgency]
    returned_reason: str


class Story(TypedDict):
    measures: list[StoryMeasure]
    rounds: dict[str, StoryRound]
    reasons: dict[Literal["late", "not_started"], str]
    neighbours: StoryNeighbours


@cache
def read_story() -> Story:
    """The story, as the project ships it."""
    text = (settings.BASE_DIR / "fixtures" / "demo_story.json").read_text(encoding="utf-8")
    return cast(Story, json.loads(text))


# --- One fiscal year of it ---------------------------------------------------------------------------


@dataclass(frozen=True)
class ToldEvidence:
    """Evidence of an event, its texts as they are read."""

    kind: str
    title: str
    name: str
    lines: Sequence[str]
    step: str
    public: bool


@dataclass(frozen=True)
class ToldEvent:
    """What somebody reports of a measure at a moment; None leaves a text as it was."""

    measure: "Told"
    at: datetime
    by: str
    division: str = ""
    """Whose part it is about, of what is reported division by division; empty for the person's own."""
    joins: bool = False
    """Whether the officer joins what the divisions have reported."""
    ticks: Sequence[str] = ()
    status: str | None = None
    reason: str | None = None
    result: str | None = None
    obstacle: str | None = None
    evidence: Sequence[ToldEvidence] = ()
    comment: str = ""
    """What is written to others; whoever has something returned to them answers it with that."""
    returns: bool = False
    """Whether the comment returns the report to the division."""

    @property
    def reports(self) -> bool:
        """Whether it says more than which steps are done."""
        return {self.status, self.reason, self.result, self.obstacle} != {None}

    @property
    def is_about_steps(self) -> bool:
        """Whether it ticks steps or proves that one is done."""
        return bool(self.ticks) or any(told.step for told in self.evidence)


@dataclass(frozen=True)
class Told:
    """A measure of one year; steps with their number (1, 2.1) and level."""

    key: str
    indicator: int
    title: str
    divisions: Sequence[str]
    by_division: bool
    due_text: str
    due_on: date
    steps: Sequence[tuple[str, int, str]]


@dataclass(frozen=True)
class Telling:
    """The story as it is told of one year of an agency."""

    year: FiscalYear
    age: Age
    place: str
    behind: int = 0
    """By how many days everything happens later."""
    by_division: bool = False
    """Whether divisions report their own parts of the measures for which the story says so."""

    def measures(self, keys: Iterable[str] = ()) -> Iterator[tuple[Told, Sequence[ToldEvent]]]:
        """The year's measures, or those of the keys, each with its events in order."""
        wanted = set(keys)
        for story in read_story()["measures"]:
            if self._is_of_this_age(story.get("only")) and (not wanted or story["key"] in wanted):
                measure = self._measure(story)
                yield (
                    measure,
                    [
                        self._event(measure, event, place)
                        for place, event in enumerate(story["events"])
                        if self._is_of_this_age(event.get("only")) and self._is_told(event)
                    ],
                )

    def moment(self, day: int, place: int = 0) -> datetime:
        """A moment of a day of the year; the further its place, the later."""
        return at_the_office(self.year.start + timedelta(days=day), place)

    def filled(self, text: str, on: date | None = None) -> str:
        """A text of the story as it is read in this year."""
        text = BY_AGE.sub(lambda found: found[self.age + 1], text)
        number = self.year.number
        words = {
            "{year}": str(number),
            "{begin}": str(number - 1),
            "{next}": str(number + 1),
            "{date}": long_date(on) if on else "",
        }
        for word, value in words.items():
            text = text.replace(word, thai_digits(value))
        return text.replace("{place}", self.place)

    def _is_of_this_age(self, only: str | None) -> bool:
        return only in (None, "past" if self.age else "now")

    def _is_told(self, event: StoryEvent) -> bool:
        return self.by_division or not {"division", "join", "comment"} & event.keys()

    def _measure(self, story: StoryMeasure) -> Told:
        month, day = map(int, story["due"].split("-"))
        half = self.year.start if month >= self.year.start.month else self.year.end
        return Told(
            key=story["key"],
            indicator=story["indicator"],
            title=self.filled(story["title"]),
            divisions=story["divisions"],
            by_division=self.by_division and story.get("by_division", False),
            due_text=self.filled(story["due_text"]),
            due_on=half.replace(month=month, day=day),
            steps=list(self._steps(story["steps"])),
        )

    def _steps(self, steps: Iterable[str | StoryStep]) -> Iterator[tuple[str, int, str]]:
        for place, step in enumerate(steps, 1):
            if isinstance(step, str):
                yield str(place), 1, self.filled(step)
                continue
            yield str(place), 1, self.filled(step["text"])
            for subplace, text in enumerate(step["steps"], 1):
                yield f"{place}.{subplace}", 2, self.filled(text)

    def _event(self, measure: Told, event: StoryEvent, place: int) -> ToldEvent:
        days = event["day"]
        day = days if isinstance(days, int) else days[min(self.age, 1)]
        at = self.moment(day + self.behind, place)

        def said(text: str | None) -> str | None:
            return None if text is None else self.filled(text, at.date())

        return ToldEvent(
            measure,
            at,
            event["by"],
            division=event.get("division", ""),
            joins=event.get("join", False),
            ticks=event.get("tick", ()),
            status=event.get("status"),
            reason=said(event.get("reason")),
            result=said(event.get("result")),
            obstacle=said(event.get("obstacle")),
            evidence=[
                ToldEvidence(
                    told["kind"],
                    self.filled(told["title"], at.date()),
                    told["name"],
                    [self.filled(line, at.date()) for line in told.get("text", ())],
                    told.get("step", ""),
                    told.get("public", False),
                )
                for told in event.get("evidence", ())
                if self.age <= ALL_FILES or told["kind"] == "web"
            ],
            comment=said(event.get("comment")) or "",
            returns=event.get("returns", False),
        )


def at_the_office(day: date, place: int = 0) -> datetime:
    """A moment of a working day: what would fall on a weekend happened on the Friday before."""
    day -= timedelta(days=max(0, day.weekday() - SATURDAY + 1))
    return datetime.combine(day, OPENS, tzinfo=timezone.get_default_timezone()) + APART * place
