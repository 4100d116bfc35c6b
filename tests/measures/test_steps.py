"""The printed numbers of steps follow from their places."""

import pytest

from measures.models import Measure, Plan, Step
from measures.steps import numbered
from tests.support.factories import make_measure

pytestmark = pytest.mark.django_db


@pytest.fixture
def measure(plan: Plan) -> Measure:
    return make_measure(plan, steps=0)


def add(measure: Measure, text: str, position: int, parent: Step | None = None) -> Step:
    return Step.objects.create(measure=measure, text=text, position=position, parent=parent)


def printed(measure: Measure, first: int = 1) -> list[tuple[str, int, str]]:
    return [(row.number, row.level, row.step.text) for row in numbered(measure.steps.all(), first)]


def test_both_levels_count_from_one(measure: Measure) -> None:
    first = add(measure, "ก", 1)
    add(measure, "ข", 2, first)
    add(measure, "ค", 3, first)
    add(measure, "ง", 4)
    assert printed(measure) == [("1.", 1, "ก"), ("1.1", 2, "ข"), ("1.2", 2, "ค"), ("2.", 1, "ง")]


def test_counting_may_begin_later(measure: Measure) -> None:
    first = add(measure, "ก", 1)
    add(measure, "ข", 2, first)
    add(measure, "ค", 3)
    assert printed(measure, 5) == [("5.", 1, "ก"), ("5.1", 2, "ข"), ("6.", 1, "ค")]


def test_the_place_counts_and_not_the_order_of_entry(measure: Measure) -> None:
    second = add(measure, "ที่สอง", 3)
    add(measure, "ย่อยของที่สอง", 4, second)
    first = add(measure, "ที่หนึ่ง", 1)
    add(measure, "ย่อยของที่หนึ่ง", 2, first)
    assert [text for _, _, text in printed(measure)] == ["ที่หนึ่ง", "ย่อยของที่หนึ่ง", "ที่สอง", "ย่อยของที่สอง"]


def test_a_second_level_step_stands_under_its_own_step_wherever_its_place_is(measure: Measure) -> None:
    first = add(measure, "ก", 1)
    add(measure, "ข", 2)
    add(measure, "ก ย่อย", 3, first)
    assert printed(measure) == [("1.", 1, "ก"), ("1.1", 2, "ก ย่อย"), ("2.", 1, "ข")]


def test_equal_places_are_told_apart_by_entry(measure: Measure) -> None:
    add(measure, "ก่อน", 1)
    add(measure, "หลัง", 1)
    assert printed(measure) == [("1.", 1, "ก่อน"), ("2.", 1, "หลัง")]


def test_no_steps_no_numbers(measure: Measure) -> None:
    assert printed(measure) == []
