"""Text on public pages in which no line ends between a number and what it counts, or inside a term."""

from html import unescape

import pytest
from django.utils.html import strip_spaces_between_tags, strip_tags

from reports.templatetags.unbroken import LONGEST, unbroken


def whole_in(text: str) -> list[str]:
    """What stays in one piece."""
    return [part.partition("</span>")[0] for part in unbroken(text).split('<span class="whole">')[1:]]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("เปิด ๙ หมู่บ้าน", ["๙ หมู่บ้าน"]),
        ("ได้ ร้อยละ ๗๕ ของ", ["ร้อยละ ๗๕"]),
        ("ประจำปี พ.ศ. ๒๕๖๖", ["พ.ศ. ๒๕๖๖"]),
        ("รอบ 6 เดือน", ["รอบ 6 เดือน"]),
        ("เมื่อ 31 มีนาคม 2566", ["31 มีนาคม 2566"]),
        ("อยู่ระหว่างดำเนินการ", ["อยู่ระหว่างดำเนินการ"]),
        ("ไม่มีอะไร", []),
    ],
)
def test_a_number_stays_with_what_it_counts(text: str, whole: list[str]) -> None:
    assert whole_in(text) == whole


def test_what_no_line_of_a_phone_holds_is_divided_as_any_text() -> None:
    assert whole_in(f"รอบ {'6' * LONGEST} เดือน") == []
    assert whole_in("รอบ\n6 เดือน") == ["6 เดือน"]


@pytest.mark.parametrize(
    "text", ["<b>๙ หมู่บ้าน</b> & รอบ 6 เดือน", "", "๙ หมู่บ้าน\nรอบ 6 เดือน", "๙ หมู่บ้าน รอบ 6 เดือน "]
)
def test_what_people_copy_is_what_was_typed(text: str) -> None:
    # The list of measures is without white space between its tags.
    made = strip_spaces_between_tags(unbroken(text))
    assert "<b>" not in made
    assert unescape(strip_tags(made)) == text
