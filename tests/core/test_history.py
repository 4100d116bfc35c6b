"""The history of rows."""

import pytest

from measures.models import Measure, Plan
from tests.support.factories import make_measure

pytestmark = pytest.mark.django_db


def test_the_class_that_hands_out_a_history_is_made_once_and_the_history_is_each_row_s_own(
    plan: Plan,
) -> None:
    one, other = make_measure(plan), make_measure(plan, position=2)
    one.save()
    assert type(one.history) is type(other.history) is type(Measure.history)
    assert [each.history.count() for each in (one, other)] == [2, 1]
    assert Measure.history.count() == 3
