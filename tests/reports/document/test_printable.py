"""What of a document's text is shown in files, what is left out, and what is said about it."""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.document.facts import ReportDocument
from reports.document.printable import DIRECTION_MARKS, STAND_IN, with_stand_ins, without_unprintable
from reports.renderers import FORMATS
from tests.support.papers import ROW, document, section

NUL, RIGHT_TO_LEFT, HALF = "\0", "\u202e", "\ud83d"
GLYPHS = frozenset(map(ord, " กขคabc๑1.–()"))


def saying(text: str) -> ReportDocument:
    """A document with a text in it."""
    return document(section(1, replace(ROW, title="", steps=(), parties=(), due_text="", result=text)))


def said_by(made: ReportDocument) -> str:
    return next(made.measures).result


# --- What no file can hold --------------------------------------------------------------------------


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"])))
def test_clean_text_is_the_very_same_document(text: str) -> None:
    made = saying("".join(character for character in text if character not in DIRECTION_MARKS))
    printable, notes = without_unprintable(made)
    assert printable is made
    assert notes == ()


@pytest.mark.parametrize(
    "text",
    ["", "ก\nข\tค", "ประชุม\u200bรายงาน", "ก\u00adข", "👍🏽", "ＡＢＣ", "<b>&amp;", "ก\u00a0ข", "𝄞", "=1+1"],
)
def test_what_can_be_shown_stays(text: str) -> None:
    assert without_unprintable(saying(text)) == (saying(text), ())


@pytest.mark.parametrize(
    "character",
    [
        *map(chr, [0, 1, 7, 8, 0x0B, 0x0C, 0x0D, 0x1B, 0x1F, 0x7F, 0x80, 0x85, 0x9F]),
        *("\ud800", "\udbff", "\udc00", "\udfff"),
        *("\ufdd0", "\ufdef", "\ufffe", "\uffff", "\U0001fffe", "\U0010ffff"),
        *sorted(DIRECTION_MARKS),
    ],
    ids=lambda character: f"U+{ord(character):04X}",
)
def test_what_cannot_is_left_out_and_named(character: str) -> None:
    printable, notes = without_unprintable(saying(f"ก{character}ข{character}"))
    assert said_by(printable) == "กข"
    assert notes == (f"ตัดอักขระที่พิมพ์ไม่ได้ออก: U+{ord(character):04X} (2)",)


@given(st.text(st.characters(), max_size=50))
def test_what_is_left_is_text_that_xml_and_utf_8_hold(text: str) -> None:
    printable, _ = without_unprintable(saying(text))
    left = said_by(printable)
    left.encode()
    assert "Cc" not in {unicodedata.category(character) for character in set(left) - {"\n", "\t"}}
    assert not set(left) & {*DIRECTION_MARKS, "\ufffe", "\uffff"}
    # What was left out once is out: nothing is said a second time.
    assert without_unprintable(printable) == (printable, ())


def test_every_text_of_a_document_is_looked_at() -> None:
    bad = f"{NUL}{RIGHT_TO_LEFT}{HALF}"
    row = replace(
        ROW,
        title=f"ก{bad}",
        steps=tuple(replace(step, label=f"๑{bad}", text=f"ข{bad}") for step in ROW.steps),
        parties=(f"ค{bad}",),
        due_text=f"ง{bad}",
        reason=f"จ{bad}",
        result=f"ฉ{bad}",
        obstacle=f"ช{bad}",
    )
    named = replace(section(1, row), name=f"ซ{bad}")
    made = document(named, agency=f"ญ{bad}", agency_short=f"ฐ{bad}", province=f"ด{bad}")
    printable, notes = without_unprintable(made)
    assert repr(printable) == repr(made).replace("\\x00\\u202e\\ud83d", "")
    assert notes == ("ตัดอักขระที่พิมพ์ไม่ได้ออก: U+0000 (14), U+202E (14), U+D83D (14)",)


def test_most_frequent_first_and_no_more_than_twenty() -> None:
    controls = [chr(code) for code in range(0x80, 0xA0)]
    _, notes = without_unprintable(saying("".join(controls) + controls[-1]))
    (note,) = notes
    assert note.startswith("ตัดอักขระที่พิมพ์ไม่ได้ออก: U+009F (2), ")
    assert note.count("U+") == 20


# --- What a font cannot draw ------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "ก ข\nค\tก", "ก\u200bข", "ก\u00adข\u2060ค\ufeff", "ก\u200dข\ufe0f"])
def test_text_that_a_font_can_draw_is_the_very_same_document(text: str) -> None:
    made = saying(text)
    every = frozenset(map(ord, repr(made)))
    drawable, notes = with_stand_ins(made, every - {0x200B, 0xAD, 0x2060, 0xFEFF, 0x200D, 0xFE0F})
    assert drawable is made
    assert notes == ()


def drawable(text: str) -> tuple[str, str]:
    """A text as a font with few glyphs shows it, and what is said of it and of nothing else."""
    made = ReportDocument(text, "", "", 2566, 6, document().as_of, statuses=(), indicators=())
    shown, notes = with_stand_ins(made, GLYPHS)
    return shown.agency, " ".join(notes)


@pytest.mark.parametrize(
    ("text", "shown", "named"),
    [
        ("ก👍ข", f"ก{STAND_IN}ข", "U+1F44D (1)"),
        ("ก❤️ข", f"ก{STAND_IN}\ufe0fข", "U+2764 (1)"),
        ("漢字漢", STAND_IN * 3, "U+6F22 (2), U+5B57 (1)"),
        ("ก\ue000", f"ก{STAND_IN}", "U+E000 (1)"),
    ],
)
def test_a_square_stands_for_what_has_no_glyph(text: str, shown: str, named: str) -> None:
    assert drawable(text) == (shown, f"แบบอักษรไม่มีรูปของอักขระต่อไปนี้ จึงพิมพ์เป็น {STAND_IN}: {named}")


@pytest.mark.parametrize("space", ["\u00a0", "\u2003", "\u202f", "\u3000"])
def test_a_space_without_a_glyph_is_a_space(space: str) -> None:
    assert drawable(f"ก{space}ข") == ("ก ข", "")


@pytest.mark.parametrize("end", ["\u2028", "\u2029"])
def test_an_end_of_line_without_a_glyph_is_one(end: str) -> None:
    assert drawable(f"ก{end}ข") == ("ก\nข", "")


# --- In every format --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_says_what_was_left_out(name: str) -> None:
    rendered = FORMATS[name].render(saying(f"ก{NUL}ข"))
    assert rendered.notes == ("ตัดอักขระที่พิมพ์ไม่ได้ออก: U+0000 (1)",)
    assert FORMATS[name].render(saying("กข")).content == rendered.content
