"""Search in a plan: in everything that a person may see of its measures, and where it was found."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from accounts.models import User
from measures.access import comments_in_view, evidence_in_view
from measures.models import Measure, Plan, Step
from measures.search.pattern import Snippet, snippet, typed

# The name of a text of a measure, and what is written in it; with where in it something was found.
Passage: TypeAlias = tuple[str, str]
Hit: TypeAlias = tuple[str, str, re.Match[str]]

TITLE: Final = "ชื่อมาตรการ"
STEP: Final = "ขั้นตอน"


@dataclass(frozen=True)
class Place:
    """Where something was found: the name of the part, and the words around it."""

    part: str
    snippet: Snippet


@dataclass(frozen=True)
class Found:
    """Where in one measure it was found."""

    title: Snippet | None
    """The whole title, where it is in that."""
    places: Sequence[Place]
    """All other parts in which it is."""

    @property
    def first(self) -> Place | None:
        return self.places[0] if self.places else None

    @property
    def more(self) -> int:
        """In how many parts it is besides the first."""
        return max(len(self.places) - 1, 0)


def search(plan: Plan, measures: Iterable[Measure], text: str, person: User) -> Mapping[int, Found] | None:
    """Which of the measures have what was typed, by id; None where nothing was typed.

    Three queries, whatever the size of the plan. Its texts are read and looked through here: a database would
    have to be told which characters count as none, and each would be told in its own way.

    Args:
        measures: those to look through, all of the plan, read with_parties() and with_parts().
    """
    wanted = typed(text)
    if wanted is None:
        return None
    texts: dict[int, list[Passage]] = {measure.pk: list(_own_texts(measure)) for measure in measures}
    for pk, part, written in _texts_around(plan, person):
        if pk in texts:
            texts[pk].append((part, written))
    found = {pk: _told(hits) for pk, parts in texts.items() if (hits := _hits(parts, wanted.whole))}
    if found or not wanted.words:
        return found
    # Nowhere in one piece: then where every word is somewhere.
    each = {pk: [_hits(parts, word) for word in wanted.words] for pk, parts in texts.items()}
    return {pk: _told([hit for hits in words for hit in hits]) for pk, words in each.items() if all(words)}


def steps_of(plan: Plan) -> Iterable[tuple[int, str]]:
    """The steps of a plan, each with the id of its measure. The index of measures leads to them: the steps of
    other agencies, which are most, are not looked through.
    """
    return (
        Step.objects.filter(measure__plan=plan)
        .order_by("measure_id", "position", "id")
        .values_list("measure_id", "text")
    )


def _own_texts(measure: Measure) -> Iterator[Passage]:
    yield TITLE, measure.title
    yield "ผลการดำเนินงาน", measure.result
    yield "ปัญหา/อุปสรรค", measure.obstacle
    yield "เหตุผล", measure.status_reason
    for each in measure.assigned_parts:
        yield f"ผลการดำเนินงาน ({each.division.name})", each.result
        yield f"ปัญหา/อุปสรรค ({each.division.name})", each.obstacle
        yield f"เหตุผล ({each.division.name})", each.status_reason
    yield "กำหนดแล้วเสร็จ", measure.due_text
    yield "ผู้รับผิดชอบ", ", ".join(division.name for division in measure.parties)
    yield "ตัวชี้วัด", measure.indicator.name


def _texts_around(plan: Plan, person: User) -> Iterator[tuple[int, str, str]]:
    for pk, text in steps_of(plan):
        yield pk, STEP, text
    for pk, title, address in evidence_in_view(person, plan).values_list("measure_id", "title", "address"):
        yield pk, "หลักฐาน", title
        yield pk, "ที่อยู่เว็บของหลักฐาน", address
    for pk, text in comments_in_view(person, plan).values_list("measure_id", "text"):
        yield pk, "ความเห็น", text


def _hits(parts: Sequence[Passage], pattern: re.Pattern[str]) -> Sequence[Hit]:
    return [(part, text, match) for part, text in parts if (match := pattern.search(text))]


def _told(hits: Sequence[Hit]) -> Found:
    title = next((snippet(text, match, whole=True) for part, text, match in hits if part == TITLE), None)
    # Several words in one part are one place.
    others = {(part, text): match for part, text, match in reversed(hits) if part != TITLE}
    places = [Place(part, snippet(text, match)) for (part, text), match in others.items()]
    return Found(title, places[::-1])
