"""Arranging the rows of a form: up, down, in, out, add, remove, restore and split, with nothing lost."""

from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from core.row_arranging import MAX_ROWS, REMOVED, Row, arrange, is_blank, places, printed_numbers
from core.row_formset import asked_arrangement
from tests.support.properties import on_any_machine


def rows(text: str) -> list[Row]:
    """Rows from "a b .c ~d": a name each, a dot before those on the second level, ~ before removed ones."""
    return [
        {"text": name.strip("~."), "level": 2 if "." in name else 1} | ({REMOVED: "1"} if "~" in name else {})
        for name in text.split()
    ]


def written(result: list[Row]) -> str:
    """The inverse of rows()."""
    return " ".join(
        ("~" if row.get(REMOVED) else "") + ("." if row.get("level") == 2 else "") + (row.get("text") or "_")
        for row in result
    )


@pytest.mark.parametrize(
    ("before", "action", "index", "after", "moved"),
    [
        ("a b c", "up", 2, "a c b", 1),
        ("a b c", "up", 0, "a b c", 0),
        ("a b c", "down", 0, "b a c", 1),
        ("a b c", "down", 2, "a b c", 2),
        # A first-level row takes its own second-level rows along, past those of its neighbour.
        ("a .b .c d .e", "up", 3, "d .e a .b .c", 0),
        ("a .b .c d .e f", "down", 0, "d .e a .b .c f", 2),
        ("a .b", "down", 0, "a .b", 0),
        # A second-level row moves alone, also to the neighbouring first-level row, never above the first.
        ("a .b .c", "up", 2, "a .c .b", 1),
        ("a .b .c", "up", 1, "a .b .c", 1),
        ("a .b c .d", "up", 3, "a .b .d c", 2),
        ("a .b c", "down", 1, "a c .b", 2),
        ("a b", "in", 1, "a .b", 1),
        ("a b", "in", 0, "a b", 0),
        ("a .b", "out", 1, "a b", 1),
        # A removed row stays where it is until the form is saved, and can be taken back.
        ("a .b c", "remove", 1, "a ~.b c", 1),
        ("a .b c", "remove", 0, "~a .b c", 0),
        ("a ~.b c", "restore", 1, "a .b c", 1),
        # It goes along with the row above it, and so does what hung on it.
        ("a b ~c .d e", "up", 1, "b ~c .d a e", 0),
        ("a b ~c .d e", "up", 4, "a e b ~c .d", 1),
        ("a ~b c", "down", 0, "c a ~b", 1),
        ("a b", "", 0, "a b", None),
        ("a b", "sideways", 1, "a b", 1),
        ("a b", "up", 2, "a b", None),
        ("a b", "remove", 7, "a b", None),
    ],
)
def test_one_step_of_arranging(before: str, action: str, index: int, after: str, moved: int | None) -> None:
    result, place = arrange(rows(before), action, index)
    assert written(result) == after
    assert place == moved


def test_a_row_in_which_nothing_was_typed_goes_at_once() -> None:
    blank: Row = {"id": None, "text": "", "level": 1}
    assert arrange([*rows("a"), blank], "remove", 1) == (rows("a"), None)


@pytest.mark.parametrize(
    ("before", "index", "lines", "after", "moved"),
    [
        ("a b", 0, [(1, "x"), (2, "y"), (1, "z")], "x .y z b", 2),
        # Lines without levels of their own stand on the level of the row that they were pasted into.
        ("a .b c", 1, [(1, "x"), (1, "y")], "a .x .y c", 2),
        ("a .b c", 1, [(1, "x"), (2, "y")], "a x .y c", 2),
        ("a b", 1, [], "a b", 1),
    ],
)
def test_lines_become_rows(
    before: str, index: int, lines: list[tuple[int, str]], after: str, moved: int
) -> None:
    result, place = arrange(rows(before), "split", index, lambda text: lines)
    assert (written(result), place) == (after, moved)


def test_the_first_line_keeps_what_is_known_of_its_row() -> None:
    stored: Row = {"id": 7, "text": "a", "level": 1}
    result, _ = arrange([stored], "split", 0, lambda text: [(1, "x"), (1, "y")])
    assert [row.get("id") for row in result] == [7, None]


def test_every_row_with_several_lines_is_split() -> None:
    before = rows("a b c")
    before[0]["text"], before[2]["text"] = "1\n2", "3\n4\n5"
    result, place = arrange(before, "lines", 0, lambda text: [(1, line) for line in text.split("\n")])
    assert (written(result), place) == ("1 2 b 3 4 5", 5)


def test_lines_for_which_there_is_no_room_stay_together() -> None:
    full = rows(" ".join(["a"] * (MAX_ROWS - 1)))
    result, _ = arrange(full, "split", 0, lambda text: [(1, "x"), (1, "y"), (1, "z")])
    assert len(result) == MAX_ROWS
    assert [row["text"] for row in result[:3]] == ["x", "y\nz", "a"]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("a b .c .d e .f", "3. 4. 4.1 4.2 5. 5.1"),
        # A removed row has none, and what hung on it hangs on the one before, or on nothing.
        ("a ~b .c d", "3. - 3.1 4."),
        ("~a .b .c", "- 3. 3.1"),
        (".a .b", "3. 3.1"),
    ],
)
def test_numbers_are_those_that_will_be_printed(text: str, numbers: str) -> None:
    assert " ".join(number or "-" for number, _ in printed_numbers(rows(text), 3)) == numbers


def test_places_in_a_list_without_levels_leave_out_what_is_removed() -> None:
    assert [number for number, _ in places(rows("a ~b c"))] == ["1.", "", "2."]


def test_add_puts_a_blank_row_after_the_last() -> None:
    assert arrange(rows("a b"), "add", 0) == ([*rows("a b"), {}], 2)
    assert arrange([], "add", 0) == ([{}], 0)


def test_a_list_takes_no_more_rows_than_its_form_reads() -> None:
    full = rows(" ".join(["a"] * MAX_ROWS))
    assert arrange(full, "add", 0) == (full, None)


def test_the_rows_that_were_given_stay_as_they_are() -> None:
    given_rows = rows("a b .c")
    arrange(given_rows, "in", 1)
    arrange(given_rows, "up", 1)
    assert given_rows == rows("a b .c")


def test_rows_without_levels_move_one_place() -> None:
    names: list[Row] = [{"name": "a"}, {"name": "b"}, {"name": "c"}]
    result, place = arrange(names, "up", 2)
    assert [row["name"] for row in result] == ["a", "c", "b"]
    assert place == 1
    assert all("level" not in row for row in result)


LEVELS: Any = st.sampled_from([1, 2, "1", "2", "", None])


@on_any_machine
@given(
    st.lists(LEVELS, max_size=12),
    st.lists(st.tuples(st.sampled_from(["up", "down", "in", "out"]), st.integers(0, 12)), max_size=20),
)
def test_no_row_is_lost_or_doubled_and_the_first_is_on_the_first_level(
    levels: list[object], steps: list[tuple[str, int]]
) -> None:
    result: list[Row] = [{"text": str(n), "level": level} for n, level in enumerate(levels)]
    for action, index in steps:
        # Beyond the last row there is nothing to arrange, and nothing changes.
        before = [row["text"] for row in result]
        result, place = arrange(result, action, index)
        assert sorted(row["text"] for row in result) == sorted(before)
        if index < len(before):
            assert place is not None
            assert result[place]["text"] == before[index]
            assert result[0]["level"] == 1
        else:
            assert place is None


@on_any_machine
@given(st.lists(st.sampled_from([1, 2]), min_size=1, max_size=10), st.data())
def test_down_undoes_up_of_a_first_level_row(levels: list[int], data: st.DataObject) -> None:
    levels[0] = 1
    result: list[Row] = [{"text": str(n), "level": level} for n, level in enumerate(levels)]
    index = data.draw(st.sampled_from([n for n, level in enumerate(levels) if level == 1]))
    up, place = arrange(result, "up", index)
    assert place is not None
    if place != index:
        assert arrange(up, "down", place)[0] == result


@pytest.mark.parametrize(
    ("value", "asked"),
    [
        ("steps:up:3", ("steps", "up", 3)),
        ("parties:add:0", ("parties", "add", 0)),
        ("steps:up", None),
        ("steps:up:x", None),
        ("steps:up:-1", None),
        ("steps:up:3:4", None),
        ("", None),
        # More digits than Python turns into a number.
        ("steps:up:" + "9" * 5000, None),
    ],
)
def test_what_does_not_read_like_a_button_is_an_ordinary_save(
    value: str, asked: tuple[str, str, int] | None
) -> None:
    data = QueryDict(mutable=True)
    data["arrange"] = value
    assert asked_arrangement(data) == asked


def test_a_form_without_a_button_is_an_ordinary_save() -> None:
    assert asked_arrangement(QueryDict("title=x")) is None


def test_a_row_is_blank_whatever_its_level() -> None:
    assert is_blank({"id": None, "text": "", "level": 2, REMOVED: "1"})
    assert not is_blank({"id": None, "text": "x", "level": 2})
    assert not is_blank({"id": 7, "text": "", "level": 1})
