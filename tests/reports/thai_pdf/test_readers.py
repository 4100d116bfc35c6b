"""The promise of the PDF: whatever reads it finds every Thai word that was typed."""

import re
from functools import cache
from io import BytesIO
from typing import Any, Final

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.document.facts import ReportDocument
from reports.renderers import pdf
from reports.thai_pdf import ClusterFont, ToUnicodeFinisher
from reports.thai_pdf.clusters import CONSONANTS, SARA_AM, THANTHAKHAT, TONES
from tests.support.papers import squeezed
from tests.support.readers import EXACT, READERS, lost, words_of
from tests.support.seed import seed_report
from tests.support.thai_pages import HARD, WEIGHTS, laid_out, made, page_of

# Layout is slow under the tracer, and the rest of the suite reaches all of the code.
pytestmark = pytest.mark.no_cover

ABOVE_OR_BELOW: Final = "\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e47"
GOAL_OF_GUESSERS: Final = 0.97


def lines_of(text: str) -> list[str]:
    """A page's lines with something on them, white space removed."""
    return [line for line in map(squeezed, text.splitlines()) if line]


# --- The seed report --------------------------------------------------------------------------------


@pytest.fixture
def seed(db: None) -> ReportDocument:
    """The six-month report that the demonstration loads: the published one with its corrections."""
    return seed_report()


@cache
def texts_of(document: ReportDocument) -> dict[str, str]:
    """What each reader reads in the PDF of a document."""
    content = pdf.make(document).content
    return {name: reader(content) for name, reader in READERS.items()}


def test_every_word_of_the_seed_report_is_found(seed: ReportDocument) -> None:
    words, texts = words_of(pdf.paper_html(seed)), texts_of(seed)
    assert len(words) > 220
    assert sum(SARA_AM in word for word in words) > 65
    assert {name: lost(words, texts[name]) for name in EXACT} == {name: [] for name in EXACT}


def test_poppler_which_guesses_lines_finds_nearly_every_word(seed: ReportDocument) -> None:
    words = words_of(pdf.paper_html(seed))
    missed = lost(words, texts_of(seed)["poppler"])
    assert len(missed) <= len(words) * (1 - GOAL_OF_GUESSERS), missed


def test_every_step_of_the_seed_report_is_read_from_end_to_end(seed: ReportDocument) -> None:
    steps = [step.text for row in seed.measures for step in row.steps]
    assert len(steps) == 47
    assert {name: lost(steps, texts_of(seed)[name]) for name in EXACT} == {name: [] for name in EXACT}


def test_the_original_font_as_weasyprint_writes_it_loses_words_of_it(seed: ReportDocument) -> None:
    html = pdf.paper_html(seed)
    words, content = words_of(html), made(html, derived=False)
    for name, reader in READERS.items():
        assert len(lost(words, reader(content))) > 50, name


# --- Hard words -------------------------------------------------------------------------------------


@pytest.mark.parametrize("weight", WEIGHTS)
def test_every_reader_reads_the_hard_words_line_by_line(weight: int) -> None:
    content = made(page_of(HARD, weight))
    for name, reader in READERS.items():
        assert lines_of(reader(content)) == HARD, name


def test_the_original_font_loses_hard_words() -> None:
    content = made(page_of(HARD), derived=False)
    for name, reader in READERS.items():
        assert {"สำคัญ", "จ๋ำ", "ฝำ", "การ"} <= set(lost(HARD, reader(content))), name


def test_a_word_in_two_weights_is_read_as_one() -> None:
    content = made(page_of(["ลำนย่ำ"]).replace("ลำนย่ำ", "ลำ<b>น้ำป่ำ</b>ย่ำ"))
    for name, reader in EXACT.items():
        assert lines_of(reader(content)) == ["ลำน้ำป่ำย่ำ"], name


# --- Any syllable -----------------------------------------------------------------------------------


def maybe(characters: str) -> st.SearchStrategy[str]:
    return st.sampled_from(["", *characters])


def joined(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map("".join)


consonant = st.sampled_from(CONSONANTS)
onset = joined(maybe("เแโใไ"), consonant, maybe("รลวหมน"))
syllable = st.one_of(
    joined(consonant, maybe("รลวหมน"), maybe(TONES), st.just(SARA_AM), maybe(CONSONANTS)),
    joined(onset, st.sampled_from(ABOVE_OR_BELOW), maybe(TONES), maybe("าอวย"), maybe(CONSONANTS)),
    joined(onset, maybe(TONES), maybe("าะอวย"), maybe(CONSONANTS)),
    joined(onset, st.just("า"), consonant, maybe("\u0e34\u0e38"), st.just(THANTHAKHAT)),
)
between = st.one_of(syllable, st.sampled_from(["ITA", "fi", "๒๕", "7", "ๆ", "ฯ", "/", "("]))
word = joined(syllable, between, syllable)


# Few pages of many words: the readers take their time for each page, not for each word.
@settings(deadline=None, max_examples=8)
@given(words=st.lists(word, min_size=40, max_size=120), weight=st.sampled_from(list(WEIGHTS)))
def test_every_reader_reads_words_of_any_syllables(words: list[str], weight: int) -> None:
    content = made(page_of(words, weight))
    for name, reader in EXACT.items():
        assert lines_of(reader(content)) == words, name


# --- The map from glyphs to text --------------------------------------------------------------------


def maps_of(content: bytes) -> dict[str, dict[int, str]]:
    """For each font in a PDF, the text of each glyph in UTF-16 as hexadecimal digits.

    Without glyph 0: every subset has it, no page draws it, and it stands for no text.
    """
    found = {}
    with pikepdf.open(BytesIO(content)) as opened:
        for entry in opened.objects:
            if isinstance(entry, pikepdf.Dictionary) and "/ToUnicode" in entry:
                lines = entry["/ToUnicode"].read_bytes().decode()
                name = str(entry["/BaseFont"]).rpartition("+")[2]
                found[name] = {
                    int(glyph, 16): text
                    for glyph, text in re.findall(r"^<([0-9a-f]{4})> <([0-9a-f]*)>$", lines, re.MULTILINE)
                    if glyph != "0000"
                }
    return found


@pytest.fixture(scope="module")
def both_weights() -> str:
    return page_of(HARD).replace("</body>", f"<b>{' '.join(HARD)}</b></body>")


def test_no_glyph_is_without_text(both_weights: str) -> None:
    maps = maps_of(made(both_weights))
    assert set(maps) == {pdf.REGULAR, pdf.BOLD}
    for texts in maps.values():
        assert len(texts) > 100
        assert [text for text in texts.values() if not text or {"0000", "ffff", "fffd"} & units(text)] == []


def units(text: str) -> set[str]:
    return {text[place : place + 4] for place in range(0, len(text), 4)}


def test_the_original_font_has_glyphs_without_text(both_weights: str) -> None:
    assert "" in maps_of(made(both_weights, derived=False))[pdf.REGULAR].values()


def test_every_glyph_has_the_text_that_the_font_gives_it(both_weights: str) -> None:
    for name, texts in maps_of(made(both_weights)).items():
        font = pdf.paper_fonts()[name]
        for glyph, text in texts.items():
            assert bytes.fromhex(text).decode("utf-16-be") == font.texts[glyph]


def test_a_glyph_of_which_nothing_is_known_is_an_unknown_character() -> None:
    """Readers put a number in the place of a text that is empty."""
    known = pdf.paper_fonts()[pdf.REGULAR]
    silent = ClusterFont(known.data, {}, known.characters)
    content = laid_out(page_of(["ปี่ ก"])).write_pdf(finisher=forgetful(silent))
    assert set(maps_of(content)[pdf.REGULAR].values()) == {"0020", "0e01", "fffd"}


def forgetful(font: ClusterFont) -> Any:
    """A finisher that finds no glyph of a cluster with a text."""
    finish = ToUnicodeFinisher({pdf.REGULAR: font})

    def forget_and_finish(document: Any, written: Any) -> None:
        for entry in written.objects:
            if isinstance(entry, dict) and "ToUnicode" in entry:
                stream = written.objects[int(entry["ToUnicode"].split()[0])]
                stream.stream = [
                    re.sub(rb"(?<=> <)(?:[0-9a-f]{8,}|(?!0e01|0020)[0-9a-f]{4})", b"", line)
                    for line in stream.stream
                ]
        finish(document, written)

    return forget_and_finish


def test_fonts_that_it_does_not_know_stay_as_they_are(both_weights: str) -> None:
    laid = laid_out(both_weights, derived=False)
    assert maps_of(laid.write_pdf(finisher=ToUnicodeFinisher({}))) == maps_of(laid.write_pdf())
