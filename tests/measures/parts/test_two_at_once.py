"""Two divisions at the same moment, in two real transactions on two connections: nothing is lost."""

from collections.abc import Callable
from datetime import date
from typing import Final

import pytest

from accounts.models import User
from core.locking import StaleEdit
from measures.models import Measure, Part, PartTick, Plan
from measures.parts.services import NotAssigned, mark_part_step, save_joint, save_part, set_by_division
from measures.progress.services import Progress
from tests.measures.progress.test_two_at_once import at_once
from tests.support.factories import make_measure

pytestmark = pytest.mark.django_db(transaction=True)

TODAY: Final = date(2023, 2, 1)
ATTEMPTS: Final = range(3)


@pytest.fixture
def shared(plan: Plan) -> Measure:
    return make_measure(plan, "มาตรการร่วม", divisions=2, by_division=True)


def part_of(measure: Measure, position: int) -> Part:
    return Part.objects.get(measure=measure, division__position=position)


def report(part: Part, result: str, person: User) -> Callable[[], None]:
    return lambda: save_part(part, 1, Progress("in_progress", "", result, ""), person)


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_two_divisions_save_their_parts_at_once(
    people: dict[str, User], shared: Measure, attempt: int
) -> None:
    first, second = part_of(shared, 1), part_of(shared, 2)
    ended = at_once(
        report(first, "ของกอง 1", people["staff"]), report(second, "ของกอง 2", people["other_staff"])
    )
    assert ended == [None, None]
    assert [(part.result, part.version) for part in (part_of(shared, 1), part_of(shared, 2))] == [
        ("ของกอง 1", 2),
        ("ของกอง 2", 2),
    ]


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_of_two_people_of_one_division_exactly_one_saves(
    people: dict[str, User], shared: Measure, attempt: int
) -> None:
    ended = at_once(
        report(part_of(shared, 1), "ของคนแรก", people["staff"]),
        report(part_of(shared, 1), "ของคนที่สอง", people["officer"]),
    )
    assert sorted(type(end).__name__ for end in ended) == ["NoneType", "StaleEdit"]
    assert part_of(shared, 1).version == 2


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_step_that_two_divisions_tick_at_once_is_done(
    people: dict[str, User], shared: Measure, attempt: int
) -> None:
    step = shared.steps.order_by("position")[0]

    def tick(position: int, person: str) -> Callable[[], bool]:
        part = part_of(shared, position)
        return lambda: mark_part_step(part, step, True, people[person], TODAY)

    assert at_once(tick(1, "staff"), tick(2, "other_staff")) == [True, True]
    assert PartTick.objects.count() == 2
    step.refresh_from_db()
    assert step.done_on == TODAY


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_joining_while_a_part_is_saved_loses_neither(
    people: dict[str, User], shared: Measure, attempt: int
) -> None:
    part = part_of(shared, 1)
    versions = dict(shared.parts.values_list("division", "version"))
    joint = Progress("in_progress", "", "รวมแล้ว", "")
    _, ended = at_once(
        lambda: save_joint(shared, 1, joint, people["officer"], versions),
        report(part, "ระหว่างนั้น", people["staff"]),
    )
    assert ended is None
    stored = Measure.objects.with_parties().with_parts().get(pk=shared.pk)
    assert stored.result == "รวมแล้ว"
    assert [part.changed_since_joined for part in stored.assigned_parts] == [True, False]
    assert part_of(shared, 1).result == "ระหว่างนั้น"


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_part_saved_while_the_way_of_reporting_changes_is_stored_or_refused(
    people: dict[str, User], shared: Measure, attempt: int
) -> None:
    def switch() -> None:
        measure = Measure.objects.get(pk=shared.pk)
        set_by_division(measure, False)

    ended, _ = at_once(report(part_of(shared, 1), "ทันไหม", people["staff"]), switch)
    stored = part_of(shared, 1)
    if ended is None:
        assert (stored.result, stored.version) == ("ทันไหม", 2)
    else:
        assert isinstance(ended, NotAssigned)
        assert isinstance(ended, StaleEdit)
        assert (stored.result, stored.version) == ("", 1)
