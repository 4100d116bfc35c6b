"""A font with one glyph for every Thai cluster, made from a TrueType font that draws Thai with marks."""

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import uharfbuzz as hb
from fontTools import agl
from fontTools.otlLib.builder import buildCoverage, buildLigatureSubstSubtable, buildMultipleSubstSubtable
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent, GlyphCoordinates, flagOnCurve
from fontTools.ttLib.tables.otTraverse import dfs_base_table
from fontTools.ttLib.tables.ttProgram import Program

from reports.thai_pdf.clusters import (
    CONSONANTS,
    NIKHAHIT,
    SARA_AA,
    SARA_AM,
    THANTHAKHAT,
    TONES,
    VOWEL_MARKS,
    as_shaped,
    base_and_marks,
    clusters,
)
from reports.thai_pdf.naming import rename
from reports.thai_pdf.signs import add_signs

ARGS_ARE_XY_VALUES: Final = 0x0002
MULTIPLE_LOOKUP: Final = 2
LIGATURE_LOOKUP: Final = 4
CONTEXT_LOOKUP: Final = 6
BASE_GLYPH: Final = 1
# The box of a glyph that draws nothing.
WIDE, HIGH = 250, 500
UPPERMOST: Final = TONES + THANTHAKHAT
MARKS: Final = VOWEL_MARKS + UPPERMOST
# First SARA AM in halves after its tone; then more marks than a cluster has, or in another order than it has,
# as where a tone was typed twice; then every cluster, the longest first. The glyphs of an overfull one stay
# apart: a mark that follows a composite would not find the place that the consonant has for it.
HALVES: Final = (CONSONANTS, TONES, NIKHAHIT, SARA_AA)
OVERFULL: Final = ((MARKS, MARKS, MARKS), (VOWEL_MARKS, VOWEL_MARKS), (UPPERMOST, MARKS))
WHOLE: Final = (
    (CONSONANTS, NIKHAHIT, TONES, SARA_AA),
    (CONSONANTS, NIKHAHIT, SARA_AA),
    (CONSONANTS, VOWEL_MARKS, UPPERMOST),
    (CONSONANTS, MARKS),
    (NIKHAHIT, TONES, SARA_AA),
    (NIKHAHIT, SARA_AA),
)
LATIN_LIGATURES: Final = {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl"}


@dataclass(frozen=True, slots=True)
class ClusterFont:
    """A font file and what each of its glyphs says."""

    data: bytes
    """A TrueType file; it draws a text as the font it was made from does.

    Only a SARA AM that follows no consonant, which no Thai word has, may move by a hair.
    """
    texts: Mapping[int, str]
    """The text of each glyph by its number, for all glyphs whose text is known."""
    characters: frozenset[int]
    """The code points that the font can draw."""


def cluster_font(data: bytes, family: str) -> ClusterFont:
    """Make the font.

    Args:
        data: a TrueType font file (glyf outlines) with GSUB and a ccmp feature, as every Thai font has.
        family: the name of what is made, in letters of ASCII; one that no machine has. Where the name is
            another font's, a program takes that one if it is installed.

    Raises:
        ValueError: the font cannot carry clusters; the message says what it lacks.
    """
    # With its own date of change: the same font makes the same file.
    font = TTFont(BytesIO(data), recalcTimestamp=False)
    if missing := _missing(font):
        raise ValueError(f"the font has no {missing}")
    texts = _texts_of(font)
    originals = list(font.getGlyphOrder())
    shaped = _shape(data, originals)
    said = {cluster: base_and_marks(cluster) for cluster in shaped}
    silent = sorted({marks for _, marks in said.values() if marks})
    _add_glyphs(font, originals, shaped, silent)
    _add_rules(font, said)
    texts |= {font.getGlyphID(_name(cluster)): base for cluster, (base, _) in said.items()}
    texts |= {font.getGlyphID(_marks_name(marks)): marks for marks in silent}
    texts |= {font.getGlyphID(name): sign for name, sign in add_signs(font).items()}
    rename(font, family)
    file = BytesIO()
    font.save(file)
    return ClusterFont(file.getvalue(), texts, frozenset(font.getBestCmap()))


@dataclass(frozen=True, slots=True)
class _Shaped:
    """How the original font draws a cluster, in font units."""

    components: tuple[tuple[str, int, int], ...]
    """Name of each glyph with its place."""
    advance: int


def _missing(font: TTFont) -> str:
    """What a font lacks, empty where it has all that is needed."""
    if tables := [tag for tag in ("glyf", "GSUB", "GDEF") if tag not in font]:
        return f"{', '.join(tables)} table"
    if font["GDEF"].table.GlyphClassDef is None:
        return "glyph classes"
    if "ccmp" not in {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}:
        return "ccmp feature"
    needed = map(ord, CONSONANTS + MARKS + SARA_AA + SARA_AM)
    return ", ".join(f"U+{code:04X}" for code in needed if code not in font.getBestCmap())


def _texts_of(font: TTFont) -> dict[int, str]:
    """The text of every glyph that has one: from its name, or better from a character it stands for."""
    names = font.getGlyphOrder()
    texts = {name: text for name in names if (text := agl.toUnicode(name))}
    # From the highest code point down: of characters that share a glyph, the lowest is the usual one.
    for character, name in sorted(font.getBestCmap().items(), reverse=True):
        # A reader who searches for "fi" types two letters, whatever ligature the font draws.
        texts[name] = LATIN_LIGATURES.get(chr(character), chr(character))
    # yoYingthai.less, which stands in for uni0E0D where a vowel takes the place of its tail, says the same.
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for rule in lookup.SubTable:
            if isinstance(rule, otTables.SingleSubst):
                texts = {rule.mapping[name]: texts[name] for name in rule.mapping if name in texts} | texts
    return {number: texts[name] for number, name in enumerate(names) if name in texts}


def _shape(data: bytes, names: list[str]) -> dict[str, _Shaped]:
    font = hb.Font(hb.Face(data))
    return {cluster: _shape_one(font, names, cluster) for cluster in clusters()}


def _shape_one(font: Any, names: list[str], cluster: str) -> _Shaped:
    buffer = hb.Buffer()
    buffer.add_str(cluster)
    buffer.guess_segment_properties()
    hb.shape(font, buffer)
    components = []
    x = y = 0
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        components.append((names[info.codepoint], x + place.x_offset, y + place.y_offset))
        x += place.x_advance
        y += place.y_advance
    return _Shaped(tuple(components), x)


def _name(cluster: str) -> str:
    return "cluster_" + _codes(cluster)


def _marks_name(marks: str) -> str:
    return "marks_" + _codes(marks)


def _codes(text: str) -> str:
    return "_".join(f"{ord(character):04X}" for character in text)


def _ligatures(font: TTFont, cluster: str) -> Iterator[tuple[str, ...]]:
    characters = font.getBestCmap()
    for order in as_shaped(cluster):
        yield tuple(characters[ord(character)] for character in order)


def _add_glyphs(
    font: TTFont, originals: list[str], shaped: Mapping[str, _Shaped], silent: Sequence[str]
) -> None:
    """Add a glyph for each cluster, and one without shape and width for each sequence of marks."""
    outlines, metrics = font["glyf"], font["hmtx"]
    for cluster, drawn in shaped.items():
        outlines[_name(cluster)] = _composite(drawn.components)
    for marks in silent:
        outlines[_marks_name(marks)] = _without_ink()
    font.setGlyphOrder([*originals, *map(_name, shaped), *map(_marks_name, silent)])
    outlines.setGlyphOrder(font.getGlyphOrder())
    font.getReverseGlyphMap(rebuild=True)
    classes = font["GDEF"].table.GlyphClassDef.classDefs
    for cluster, drawn in shaped.items():
        name = _name(cluster)
        outlines[name].recalcBounds(outlines)
        metrics[name] = (drawn.advance, outlines[name].xMin)
        classes[name] = BASE_GLYPH
    for name in map(_marks_name, silent):
        outlines[name].recalcBounds(outlines)
        metrics[name] = (0, outlines[name].xMin)
        # Not a mark: a shaper would look for its place on the letter before it.
        classes[name] = BASE_GLYPH
    # Nobody reads glyph names in a PDF, and four thousand of them are larger than the outlines.
    font["post"].formatType = 3.0


def _without_ink() -> Glyph:
    """A glyph of two points, each a contour of its own: it draws nothing and yet has a box.

    PDFium leaves out what has an empty box where it is asked for the text of an area.
    """
    glyph = Glyph()
    glyph.numberOfContours = 2
    glyph.coordinates = GlyphCoordinates([(-WIDE, 0), (0, HIGH)])
    glyph.endPtsOfContours = [0, 1]
    glyph.flags = array("B", [flagOnCurve] * 2)
    glyph.program = Program()
    glyph.program.fromBytecode(b"")
    return glyph


def _composite(components: Iterable[tuple[str, int, int]]) -> Glyph:
    glyph = Glyph()
    glyph.numberOfContours = -1
    glyph.components = []
    for name, x, y in components:
        component = GlyphComponent()
        component.glyphName, component.x, component.y = name, x, y
        component.flags = ARGS_ARE_XY_VALUES
        glyph.components.append(component)
    return glyph


def _add_rules(font: TTFont, said: Mapping[str, tuple[str, str]]) -> None:
    """Substitute clusters before any other rule of the font can take one of their glyphs.

    Args:
        font: it is changed.
        said: what the glyph of each cluster says, and what the one after it says; empty where there is none.
    """
    table = font["GSUB"].table
    ligatures = {glyphs: _name(cluster) for cluster in said for glyphs in _ligatures(font, cluster)}
    followed = {
        _name(cluster): (_name(cluster), _marks_name(marks)) for cluster, (_, marks) in said.items() if marks
    }
    halves = _context(font, HALVES, calls=1)
    overfull = [_context(font, (CONSONANTS,), after) for after in OVERFULL]
    whole = [_context(font, characters, calls=1) for characters in WHOLE]
    added = [
        _lookup(CONTEXT_LOOKUP, [halves, *overfull, *whole]),
        _lookup(LIGATURE_LOOKUP, [buildLigatureSubstSubtable(ligatures)]),
        _lookup(MULTIPLE_LOOKUP, [buildMultipleSubstSubtable(followed)]),
    ]
    # Rules that call other lookups name them by number, and all numbers grow.
    for path in dfs_base_table(table.LookupList):
        if isinstance(rule := path[-1].value, otTables.SubstLookupRecord):
            rule.LookupListIndex += len(added)
    table.LookupList.Lookup[:0] = added
    for record in table.FeatureList.FeatureRecord:
        indices = [index + len(added) for index in record.Feature.LookupListIndex]
        record.Feature.LookupListIndex = [0, 2, *indices] if record.FeatureTag == "ccmp" else indices


def _lookup(kind: int, subtables: list[Any]) -> Any:
    lookup = otTables.Lookup()
    lookup.LookupType, lookup.LookupFlag = kind, 0
    lookup.SubTable, lookup.SubTableCount = subtables, len(subtables)
    return lookup


def _context(
    font: TTFont, sequence: Sequence[str], after: Sequence[str] = (), calls: int | None = None
) -> Any:
    """A rule for a sequence of glyphs, each one of some characters; the first rule that fits is the only one.

    Args:
        font: the font that the rule is for.
        sequence: the characters of each glyph that the rule takes.
        after: the characters of each glyph that has to follow.
        calls: number of the lookup that changes the sequence; it stays as it is when left out.
    """
    rule = otTables.ChainContextSubst()
    rule.Format = 3
    rule.BacktrackCoverage = []
    rule.InputCoverage = [_coverage(font, characters) for characters in sequence]
    rule.LookAheadCoverage = [_coverage(font, characters) for characters in after]
    rule.SubstLookupRecord = []
    if calls is not None:
        record = otTables.SubstLookupRecord()
        record.SequenceIndex, record.LookupListIndex = 0, calls
        rule.SubstLookupRecord.append(record)
    return rule


def _coverage(font: TTFont, characters: Collection[str]) -> Any:
    glyphs = [font.getBestCmap()[ord(character)] for character in characters]
    return buildCoverage(glyphs, font.getReverseGlyphMap())
