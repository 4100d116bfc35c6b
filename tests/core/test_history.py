"""The history of rows costs no more than its row."""

from pytest_django import DjangoAssertNumQueries

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


def test_each_line_of_a_person_keeps_their_divisions(people: dict[str, User]) -> None:
    staff, other = people["staff"], people["other_staff"]
    first, second = staff.divisions.get(), other.divisions.get()
    staff.divisions.add(second)
    staff.save()
    staff.divisions.remove(first)
    kept = [
        sorted(line.divisions.values_list("division", flat=True))
        for line in staff.history.order_by("history_id")[1:]
    ]
    assert kept == [sorted([first.pk, second.pk])] * 2 + [[second.pk]]


def test_a_new_person_has_no_divisions_to_be_read(
    people: dict[str, User], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    new = User(username="new", is_overseer=True)
    with django_assert_num_queries(2):
        new.save()
    assert list(new.history.get().divisions.all()) == []
