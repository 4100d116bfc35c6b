"""The history of rows costs no more than its row."""

from accounts.models import User
from measures.models import Measure


def test_the_class_of_a_manager_is_made_once() -> None:
    assert type(Measure.history) is type(Measure.history)
    assert Measure.history.model is not User.history.model


def test_what_a_row_was_is_found_by_it(measure: Measure) -> None:
    measure.title = "มาตรการที่แก้ไขแล้ว"
    measure.save()
    was, other = measure.history.order_by("history_id").values_list("title", flat=True)
    assert (was, other) == ("มาตรการ", "มาตรการที่แก้ไขแล้ว")
    assert measure.history.most_recent().title == "มาตรการที่แก้ไขแล้ว"
