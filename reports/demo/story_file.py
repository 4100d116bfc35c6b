"""What the file of the demonstration's story holds (fixtures/demo_story.json)."""

import json
from functools import cache
from typing import Literal, NotRequired, TypedDict, cast

from django.conf import settings

Age = Literal[0, 1, 2]


class StoryProof(TypedDict):
    kind: Literal["web", "pdf", "jpeg", "png", "docx", "xlsx"]
    title: str
    name: str
    text: NotRequired[list[str]]
    step: NotRequired[str]
    public: NotRequired[bool]


class StoryEvent(TypedDict):
    day: int | list[int]
    by: Literal["staff", "officer"]
    division: NotRequired[str]
    join: NotRequired[bool]
    only: NotRequired[Literal["now", "past"]]
    tick: NotRequired[list[str]]
    status: NotRequired[str]
    reason: NotRequired[str]
    result: NotRequired[str]
    obstacle: NotRequired[str]
    evidence: NotRequired[list[StoryProof]]


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
