"""The font of clusters: one glyph and one text for each, drawn as in the original; all else stays."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import fontpkg_sarabun
import pytest
import uharfbuzz as hb
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.renderers import pdf
from reports.thai_pdf import ClusterFont, cluster_font, made, made_font
from reports.thai_pdf.clusters import CONSONANTS, NIKHAHIT, SARA_AA, SARA_AM, TONES, base_and_marks, clusters
from reports.thai_pdf.signs import SIGNS
from tests.support.thai_pages import HARD

WEIGHTS: Final = (pdf.REGULAR, pdf.BOLD)
CLUSTERS: Final = list(clusters())
FEATURES: Final = ("aalt", "frac", "liga", "ordn", "salt", "ss01", "subs", "sups")
LATIN: Final = (
    "AVATAR To We. Yo LTV P.",
    "office offline fluffy affix",
    "1/2 3/4 10/16 2a 1o 3ª H2O",
    "Paral·lel Şţ ŞŢ Łódź İıI naïve Å ẫ Ǭ",
    "“NO Gift Policy” – (2023) ฿1,250.00",
)
THAI: Final = "".join(
    character for character in map(chr, range(0x0E01, 0x0E5C)) if unicodedata.category(character) != "Cn"
)
# SARA AM, whole or in halves, where no Thai word has it: its ring then stands where it would without a
# consonant, which may be a hair beside where the original has it.
STRAY_SARA_AM: Final = re.compile(
    f"(?<![{CONSONANTS}])(?<![{CONSONANTS}][{TONES}])({SARA_AM}|{NIKHAHIT}[{TONES}]?{SARA_AA})"
)


def original_file(name: str) -> bytes:
    content: bytes = (fontpkg_sarabun.ROOT / "files" / pdf.FONTS[name]).read_bytes()
    return content


# --- Shaping and drawing ----------------------------------------------------------------------------

Point = tuple[float, float]
Stroke = tuple[str, tuple[Point, ...]]


class Pen:
    """Writes down what a glyph is drawn with."""

    def __init__(self) -> None:
        self.strokes: list[Stroke] = []

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *points: self.strokes.append((name, points))


class Typeface:
    """A font file as HarfBuzz, which WeasyPrint and browsers use, shapes and draws it."""

    def __init__(self, content: bytes) -> None:
        self.font = hb.Font(hb.Face(content))
        self.strokes = cache(self._strokes)

    def _strokes(self, glyph: int) -> list[Stroke]:
        pen = Pen()
        self.font.draw_glyph_with_pen(glyph, pen)
        # A contour of one point draws nothing.
        points = {point for _, of_stroke in pen.strokes for point in of_stroke}
        return pen.strokes if len(points) > 2 else []

    def shape(
        self, text: str, language: str = "", features: Mapping[str, bool] | None = None
    ) -> list[tuple[int, tuple[int, ...]]]:
        """Each glyph with its offsets and advances."""
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        if language:
            buffer.language = language
        hb.shape(self.font, buffer, dict(features or {}))
        return [
            (info.codepoint, place.position)
            for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
        ]

    def glyphs(self, text: str) -> list[int]:
        return [glyph for glyph, _ in self.shape(text)]

    def drawn(self, text: str) -> tuple[int, list[Stroke]]:
        """How far a text reaches, and its flattened outlines in any order: they are filled as one."""
        left, strokes = 0, []
        for glyph, (dx, dy, advance, _) in self.shape(text):
            for name, points in self.strokes(glyph):
                strokes.append((name, tuple((left + dx + x, dy + y) for x, y in points)))
            left += advance
        return left, sorted(strokes)


@cache
def original(name: str) -> Typeface:
    return Typeface(original_file(name))


@cache
def derived(name: str) -> Typeface:
    return Typeface(pdf.paper_fonts()[name].data)


@pytest.fixture(params=WEIGHTS)
def weight(request: pytest.FixtureRequest) -> str:
    return str(request.param)


# --- Clusters ---------------------------------------------------------------------------------------


def test_clusters_are_those_that_thai_is_written_with() -> None:
    assert len(set(CLUSTERS)) == len(CLUSTERS) == 46 * (12 * 6 - 1) + 47 * 5
    assert {"น้ำ", "ปี่", "ญู", "ที่", "ผู้", "ทำ", "สิ์", "กั๊", "ปฺ", "ำ"} <= set(CLUSTERS)


def test_every_cluster_is_drawn_by_one_glyph_and_said_whole(weight: str) -> None:
    font, texts = derived(weight), pdf.paper_fonts()[weight].texts
    shaped = {cluster: font.glyphs(cluster) for cluster in CLUSTERS}
    drawn = {
        cluster: [glyph for glyph in glyphs if font.strokes(glyph)] for cluster, glyphs in shaped.items()
    }
    assert [cluster for cluster, glyphs in drawn.items() if glyphs != shaped[cluster][:1]] == []
    said = {cluster: "".join(texts[glyph] for glyph in glyphs) for cluster, glyphs in shaped.items()}
    assert [cluster for cluster, text in said.items() if text != cluster] == []
    # Twice as many glyphs would do for an original that had them: it draws a cluster with several.
    assert len(original(weight).glyphs("น้ำ")) > 1


def test_no_glyph_of_a_width_says_a_combining_mark(weight: str) -> None:
    """A viewer that is built on PDF.js takes it for one without width, and sees a space after it."""
    font, texts = derived(weight), pdf.paper_fonts()[weight].texts
    wide = {glyph for cluster in CLUSTERS for glyph, (*_, advance, _) in font.shape(cluster) if advance}
    says_marks = {
        texts[glyph]
        for glyph in wide
        if any(unicodedata.category(character) == "Mn" for character in texts[glyph])
    }
    # A SARA AM that has a tone and no letter, which no word has.
    assert says_marks == {tone + SARA_AM for tone in TONES}


def test_a_glyph_without_ink_has_a_box_all_the_same() -> None:
    """PDFium leaves out what has none where it is asked for the text of an area."""
    font, (_, marks) = derived(pdf.REGULAR), derived(pdf.REGULAR).glyphs("ที่")
    extents = font.font.get_glyph_extents(marks)
    assert extents.width > 0 > extents.height
    assert font.font.get_glyph_h_advance(marks) == 0


def test_a_cluster_beside_any_other_character_is_the_same() -> None:
    font = derived(pdf.REGULAR)
    for before, after in pairwise(["", *CONSONANTS, *"เะาๆฯ๑ ()/.“”"]):
        assert len(font.glyphs(f"{before}น้ำ{after}")) == len(f"{before}กก{after}"), (before, after)


# Regular draws every cluster; of bold, which differs in its numbers alone, a part says enough.
@pytest.mark.parametrize(("name", "sample"), [(pdf.REGULAR, CLUSTERS), (pdf.BOLD, CLUSTERS[::7])])
def test_a_cluster_is_drawn_where_the_original_draws_it(name: str, sample: list[str]) -> None:
    moved = [cluster for cluster in sample if derived(name).drawn(cluster) != original(name).drawn(cluster)]
    assert moved == []


def test_a_cluster_that_is_moved_by_one_unit_would_be_seen() -> None:
    """A thousandth of the letter's height."""
    advance, strokes = original(pdf.REGULAR).drawn("น้ำ")
    shifted = [(name, tuple((x + 1, y) for x, y in points)) for name, points in strokes]
    assert (advance, shifted) != derived(pdf.REGULAR).drawn("น้ำ")


def test_what_a_printer_may_need_to_know_of_a_glyph_is_right() -> None:
    """Its box, and the depth of its parts, which a rasteriser allots memory by."""
    font = TTFont(BytesIO(pdf.paper_fonts()[pdf.REGULAR].data))
    outlines = font["glyf"]

    def depth(name: str) -> int:
        glyph = outlines[name]
        return 1 + max(depth(part.glyphName) for part in glyph.components) if glyph.isComposite() else 0

    assert font["maxp"].maxComponentDepth == max(map(depth, font.getGlyphOrder()))
    for cluster in CLUSTERS[::50]:
        number, *_ = derived(pdf.REGULAR).glyphs(cluster)
        glyph = outlines[font.getGlyphName(number)]
        extents = derived(pdf.REGULAR).font.get_glyph_extents(number)
        assert (glyph.xMin, glyph.yMax) == (extents.x_bearing, extents.y_bearing)
        assert (glyph.xMax - glyph.xMin, glyph.yMin - glyph.yMax) == (extents.width, extents.height)


# --- Any text ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        *("กาตุํ", "วตฺถุํ", "ทุกฺขํ"),  # Pali: a mark below and NIKHAHIT above
        *("ที่่", "กิ้้", "สีี", "ปุุ่"),  # a key hit twice
        *("น้ํา", "นํ้า"),  # SARA AM in halves, its tone before or between
        *("ก็่", "ปฺี", "เก์่", "ุ่", "่"),
    ],
)
def test_what_is_no_cluster_is_drawn_as_the_original_draws_it(text: str) -> None:
    assert derived(pdf.REGULAR).drawn(text) == original(pdf.REGULAR).drawn(text)


@pytest.mark.parametrize("halves", ["น้ํา", "นํ้า"])
def test_sara_am_in_halves_reads_as_the_whole(halves: str) -> None:
    """It looks the same, and who searches types the whole."""
    texts = pdf.paper_fonts()[pdf.REGULAR].texts
    assert "".join(texts[glyph] for glyph in derived(pdf.REGULAR).glyphs(halves)) == "น้ำ"


thai = st.text(st.sampled_from(THAI + " "), min_size=1, max_size=40).filter(
    lambda text: not STRAY_SARA_AM.search(text)
)


@settings(deadline=None, max_examples=200)
@given(thai)
def test_any_thai_is_drawn_as_the_original_draws_it(text: str) -> None:
    assert derived(pdf.REGULAR).drawn(text) == original(pdf.REGULAR).drawn(text)


@settings(deadline=None, max_examples=100)
@given(thai)
def test_any_thai_is_drawn_by_glyphs_that_have_a_text(text: str) -> None:
    texts = pdf.paper_fonts()[pdf.REGULAR].texts
    assert all(texts[glyph] for glyph in derived(pdf.REGULAR).glyphs(text))


# --- What stays as it was ---------------------------------------------------------------------------


@pytest.fixture
def files(weight: str) -> tuple[TTFont, TTFont]:
    """The original and the derived."""
    return TTFont(BytesIO(original_file(weight))), TTFont(BytesIO(pdf.paper_fonts()[weight].data))


def test_the_other_glyphs_and_their_numbers_are_the_same(weight: str, files: tuple[TTFont, TTFont]) -> None:
    before, after = files
    numbers = range(before["maxp"].numGlyphs)
    marks = {marks for cluster in CLUSTERS if (marks := base_and_marks(cluster)[1])}
    assert after["maxp"].numGlyphs == len(numbers) + len(CLUSTERS) + len(marks) + len(SIGNS)
    assert after.getBestCmap().keys() == before.getBestCmap().keys() | set(map(ord, SIGNS))
    for character, name in before.getBestCmap().items():
        assert after.getGlyphID(after.getBestCmap()[character]) == before.getGlyphID(name)
    for number in numbers:
        assert derived(weight).strokes(number) == original(weight).strokes(number)
        assert derived(weight).font.get_glyph_h_advance(number) == original(weight).font.get_glyph_h_advance(
            number
        )


def test_lines_are_as_high(files: tuple[TTFont, TTFont]) -> None:
    before, after = files
    for table, field in [
        *(("hhea", field) for field in ("ascent", "descent", "lineGap")),
        *(("OS/2", field) for field in ("sTypoAscender", "sTypoDescender", "usWinAscent", "usWinDescent")),
        ("head", "unitsPerEm"),
    ]:
        assert getattr(after[table], field) == getattr(before[table], field), field


@pytest.mark.parametrize("text", LATIN)
def test_latin_is_shaped_as_before(weight: str, text: str) -> None:
    for on in (True, False):
        features = {"kern": on, "liga": on}
        assert derived(weight).shape(text, features=features) == original(weight).shape(
            text, features=features
        )


def test_latin_is_kerned() -> None:
    """Or the test before this one would compare little."""
    assert derived(pdf.REGULAR).shape("AV") != derived(pdf.REGULAR).shape("AV", features={"kern": False})


def test_a_latin_ligature_says_its_letters() -> None:
    font, texts = derived(pdf.REGULAR), pdf.paper_fonts()[pdf.REGULAR].texts
    for letters in ("fi", "fl"):
        glyphs = font.glyphs(letters)
        assert len(glyphs) == 1
        assert texts[glyphs[0]] == letters


def substitutions(font: Typeface, features: Mapping[str, bool]) -> dict[str, list[int]]:
    """What each character alone, and each text above, becomes by features of the font."""
    characters = map(chr, TTFont(BytesIO(original_file(pdf.REGULAR))).getBestCmap())
    return {
        text: [glyph for glyph, _ in font.shape(text, features=features)] for text in (*characters, *LATIN)
    }


@pytest.mark.parametrize("feature", FEATURES)
def test_every_other_rule_of_the_font_still_does_what_it_did(feature: str) -> None:
    """Rules call one another by numbers, which have all changed."""
    before = substitutions(original(pdf.REGULAR), {feature: True})
    whole = {SARA_AM: derived(pdf.REGULAR).glyphs(SARA_AM)}
    assert substitutions(derived(pdf.REGULAR), {feature: True}) == before | whole
    assert substitutions(original(pdf.REGULAR), {feature: False}) != before, "the font has no such rule"


@pytest.mark.parametrize(("language", "text"), [("ca", "l·l L·L"), ("ro", "şţŞŢ"), ("mo", "şţŞŢ")])
def test_rules_of_a_language_still_do_what_they_did(language: str, text: str) -> None:
    assert derived(pdf.REGULAR).shape(text, language) == original(pdf.REGULAR).shape(text, language)
    assert original(pdf.REGULAR).shape(text, language) != original(pdf.REGULAR).shape(text, "en")


# --- The file ---------------------------------------------------------------------------------------


def test_the_same_font_makes_the_same_file(time_machine: Any) -> None:
    source = original_file(pdf.REGULAR)
    time_machine.move_to("2031-05-06")
    later: ClusterFont = cluster_font(source, pdf.FAMILY)
    assert later == pdf.paper_fonts()[pdf.REGULAR]


def test_a_font_is_made_once_and_again_where_it_is_damaged_or_of_another_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    font, making = pdf.paper_fonts()[pdf.REGULAR], []

    def make(data: bytes, family: str) -> ClusterFont:
        making.append(family)
        return font

    monkeypatch.setattr(made, "cluster_font", make)
    assert made_font(tmp_path, b"source", "Our Thai") == font
    (file,) = (tmp_path / "thai-fonts").iterdir()
    whole = file.read_bytes()
    assert made_font(tmp_path, b"source", "Our Thai") == font
    assert len(making) == 1
    for damaged in (whole[:1000], b"", whole[:-1] + b"x", b"x" + whole[1:]):
        file.write_bytes(damaged)
        assert made_font(tmp_path, b"source", "Our Thai") == font
        assert file.read_bytes() == whole
    assert len(making) == 5
    made_font(tmp_path, b"another source", "Our Thai")
    made_font(tmp_path, b"source", "Another Thai")
    monkeypatch.setattr(made, "_program", lambda: b"another program")
    made_font(tmp_path, b"source", "Our Thai")
    assert len(making) == 8
    assert len(list((tmp_path / "thai-fonts").iterdir())) == 4
    # What is sealed is one font's, not another's.
    for other in (tmp_path / "thai-fonts").iterdir():
        other.write_bytes(whole)
    made_font(tmp_path, b"source", "Our Thai")
    assert len(making) == 9


def test_where_no_font_can_be_kept_it_is_made_all_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    font = pdf.paper_fonts()[pdf.REGULAR]
    monkeypatch.setattr(made, "cluster_font", lambda *_: font)
    (tmp_path / "file").write_text("")
    assert made_font(tmp_path / "file", b"source", "Our Thai") == font


def test_its_characters_are_those_of_the_original_and_the_signs(
    weight: str, files: tuple[TTFont, TTFont]
) -> None:
    characters = frozenset(files[0].getBestCmap()) | frozenset(map(ord, SIGNS))
    assert pdf.paper_fonts()[weight].characters == characters


def test_every_sign_is_drawn_and_says_itself(weight: str) -> None:
    font, texts = derived(weight), pdf.paper_fonts()[weight].texts
    assert set("●✔☑✓▪◦□○★") <= set(SIGNS)
    for sign in SIGNS:
        ((glyph, (*_, advance, _)),) = font.shape(sign)
        extents = font.font.get_glyph_extents(glyph)
        assert texts[glyph] == sign
        assert 0 < extents.x_bearing < extents.x_bearing + extents.width < advance, sign
        assert -50 <= extents.y_bearing + extents.height < extents.y_bearing <= 750, sign


def without(*tables: str) -> Callable[[TTFont], None]:
    def change(font: TTFont) -> None:
        for table in tables:
            del font[table]

    return change


def without_ccmp(font: TTFont) -> None:
    for record in font["GSUB"].table.FeatureList.FeatureRecord:
        record.FeatureTag = record.FeatureTag.replace("ccmp", "zero")


def without_classes(font: TTFont) -> None:
    font["GDEF"].table.GlyphClassDef = None


def without_thai(font: TTFont) -> None:
    for table in font["cmap"].tables:
        table.cmap = {code: name for code, name in table.cmap.items() if chr(code) not in THAI}


@pytest.mark.parametrize(
    ("change", "lacks"),
    [
        pytest.param(without("GSUB"), "GSUB table", id="GSUB"),
        pytest.param(without("GDEF"), "GDEF table", id="GDEF"),
        pytest.param(without("glyf", "loca"), "glyf table", id="glyf"),
        pytest.param(without_ccmp, "ccmp feature", id="ccmp"),
        pytest.param(without_classes, "glyph classes", id="classes"),
        pytest.param(without_thai, r"U\+0E01, U\+0E02", id="Thai"),
    ],
)
def test_a_font_that_cannot_carry_clusters_is_refused(change: Callable[[TTFont], None], lacks: str) -> None:
    # Tables are written as they are, for one of them may be missing.
    font = TTFont(BytesIO(original_file(pdf.REGULAR)), recalcBBoxes=False)
    change(font)
    file = BytesIO()
    font.save(file)
    with pytest.raises(ValueError, match=f"^the font has no {lacks}"):
        cluster_font(file.getvalue(), "Any")


def test_the_hard_words_of_the_other_tests_are_hard() -> None:
    """Every one of them but those for contrast holds a cluster or what stands beside one."""
    assert sum(any(cluster in word for cluster in CLUSTERS) for word in HARD) > len(HARD) * 2 / 3
