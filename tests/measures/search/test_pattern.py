"""What is typed into a search is found however it was written, and nothing else is."""

import re

import pytest

from measures.search.pattern import snippet, typed

TEXT = "จัดทำคู่มือการยืมทรัพย์สิน ฉบับที่ ๑๒ ปี 2566 (Gift Policy)"


@pytest.mark.parametrize(
    "asked",
    [
        "คู่มือการยืม",
        "คู่มือ การยืม",
        "คู่ มือ  การ ยืม",
        "  คู่มือ\u00a0การยืม ",
        "คู่\u200bมือ\ufeff",
        "ฉบับที่12",
        "ฉบับที่ ๑๒",
        "๒๕๖๖",
        "2566",
        "gift policy",
        "GIFTPOLICY",
        "(gift",
        "จัดทํา",
    ],
)
def test_it_is_found_however_it_was_typed(asked: str) -> None:
    wanted = typed(asked)
    assert wanted is not None
    assert wanted.whole.search(TEXT)


@pytest.mark.parametrize(
    "written",
    ["จัดทำคู่มือ", "จัด ทำ คู่มือ", "จัด\u200bทำ\u200bคู่มือ", "จัดทํา\nคู่มือ", "จัดทำคู่\u00adมือ", "ก จัดทำ\t คู่มือ"],
)
def test_it_is_found_however_it_was_written(written: str) -> None:
    wanted = typed("จัดทำคู่มือ")
    assert wanted is not None
    assert wanted.whole.search(written)


@pytest.mark.parametrize("asked", ["", "  ", "\u200b", "\u00a0\ufeff"])
def test_what_cannot_be_seen_asks_for_nothing(asked: str) -> None:
    assert typed(asked) is None


@pytest.mark.parametrize("asked", ["1_0%", "ฉบับ.*12", "[ก-ฮ]", "2567", "คู่มือยืม", "\\d"])
def test_what_is_typed_is_text_and_not_a_pattern(asked: str) -> None:
    wanted = typed(asked)
    assert wanted is not None
    assert not wanted.whole.search(TEXT)


def test_words_stand_beside_the_whole_only_where_there_are_several() -> None:
    one, two = typed("คู่มือ"), typed("คู่มือ \u200b gift")
    assert one is not None
    assert two is not None
    assert one.words == []
    assert [bool(word.search("GIFT")) for word in two.words] == [False, True]


def test_a_long_text_that_nearly_fits_is_looked_through_at_once() -> None:
    """Between two letters may stand any number of spaces: they are not tried in every combination."""
    wanted = typed("ก ข ค ง จ" * 20)
    assert wanted is not None
    assert not wanted.whole.search("ก ข ค ง   " * 20_000)


def around(text: str, asked: str, *, whole: bool = False) -> tuple[str, str, str]:
    wanted = typed(asked)
    assert wanted is not None
    found = wanted.whole.search(text)
    assert found is not None
    place = snippet(text, found, whole=whole)
    return place.before, place.match, place.after


def test_a_snippet_is_short_and_says_where_it_was_cut() -> None:
    before, match, after = around("ก" * 100 + "คู่มือ" + "ข" * 100, "คู่มือ")
    assert match == "คู่มือ"
    assert re.fullmatch("…ก{10,40}", before)
    assert re.fullmatch("ข{10,60}…", after)


def test_the_whole_text_is_a_snippet_too() -> None:
    assert "".join(around(TEXT, "gift", whole=True)) == TEXT


def test_a_snippet_keeps_marks_with_their_letters() -> None:
    """A vowel or tone that stands alone is shown on a dotted circle."""
    for place in range(1, 30):
        before, match, after = around("ที่" * place + "น้" + "ที่" * place, "น")
        assert match == "น้"
        assert before.removeprefix("…")[:1] in ("ท", "")
        assert after.removesuffix("…").endswith("ที่")


def test_a_snippet_stays_on_one_line() -> None:
    assert around("หนึ่ง\nสอง\nสาม", "สอง") == ("หนึ่ง ", "สอง", " สาม")
