"""A font with one glyph for every Thai cluster, made from a TrueType font that draws Thai with marks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import uharfbuzz as hb
from fontTools import agl
from fontTools.otlLib.builder import buildLigatureSubstSubtable
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent
from fontTools.ttLib.tables.otTraverse import dfs_base_table

from reports.thai_pdf.clusters import as_shaped, clusters

ARGS_ARE_XY_VALUES: Final = 0x0002
LIGATURE_LOOKUP: Final = 4
BASE_GLYPH: Final = 1
LATIN_LIGATURES: Final = {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl"}


@dataclass(frozen=True, slots=True)
class ClusterFont:
    """A font file and what each of its glyphs says."""

    data: bytes
    """A TrueType file; it draws every text as the font it was made from does."""
    texts: Mapping[int, str]
    """The text of each glyph by its number, for all glyphs whose text is known."""
    characters: frozenset[int]
    """The code points that the font can draw."""


def cluster_font(data: bytes) -> ClusterFont:
    """Make the font.

    Args:
        data: a TrueType font file (glyf outlines) with GSUB and a ccmp feature, as every Thai font has.

    Raises:
        ValueError: the font cannot carry clusters; the message says what it lacks.
    """
    font = TTFont(BytesIO(data))
    if missing := [tag for tag in ("glyf", "GSUB", "GDEF") if tag not in font]:
        raise ValueError(f"the font has no {', '.join(missing)} table")
    texts = _texts_of(font)
    originals = list(font.getGlyphOrder())
    shaped = _shape(data, originals)
    _add_glyphs(font, originals, shaped)
    _add_ligatures(font, {_ligature(font, cluster): _name(cluster) for cluster in shaped})
    texts |= {font.getGlyphID(_name(cluster)): cluster for cluster in shaped}
    file = BytesIO()
    font.save(file)
    return ClusterFont(file.getvalue(), texts, frozenset(font.getBestCmap()))


@dataclass(frozen=True, slots=True)
class _Shaped:
    """How the original font draws a cluster, in font units."""

    components: tuple[tuple[str, int, int], ...]
    """Name of each glyph with its place."""
    advance: int


def _texts_of(font: TTFont) -> dict[int, str]:
    """The text of every glyph that has one: from its name, or better from a character it stands for."""
    texts = {glyph: text for glyph, name in enumerate(font.getGlyphOrder()) if (text := agl.toUnicode(name))}
    # From the highest code point down: of characters that share a glyph, the lowest is the usual one.
    for character, name in sorted(font.getBestCmap().items(), reverse=True):
        # A reader who searches for "fi" types two letters, whatever ligature the font draws.
        text = LATIN_LIGATURES.get(chr(character), chr(character))
        texts[font.getGlyphID(name)] = text
    return texts


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
    return "cluster_" + "_".join(f"{ord(character):04X}" for character in cluster)


def _ligature(font: TTFont, cluster: str) -> tuple[str, ...]:
    characters = font.getBestCmap()
    return tuple(characters[ord(character)] for character in as_shaped(cluster))


def _add_glyphs(font: TTFont, originals: list[str], shaped: Mapping[str, _Shaped]) -> None:
    outlines, metrics = font["glyf"], font["hmtx"]
    for cluster, drawn in shaped.items():
        outlines[_name(cluster)] = _composite(drawn.components)
    font.setGlyphOrder([*originals, *map(_name, shaped)])
    outlines.setGlyphOrder(font.getGlyphOrder())
    font.getReverseGlyphMap(rebuild=True)
    classes = font["GDEF"].table.GlyphClassDef.classDefs
    for cluster, drawn in shaped.items():
        name = _name(cluster)
        outlines[name].recalcBounds(outlines)
        metrics[name] = (drawn.advance, outlines[name].xMin)
        classes[name] = BASE_GLYPH
    # Nobody reads glyph names in a PDF, and four thousand of them are larger than the outlines.
    font["post"].formatType = 3.0


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


def _add_ligatures(font: TTFont, ligatures: Mapping[tuple[str, ...], str]) -> None:
    """Substitute clusters before any other rule of the font can take one of their glyphs."""
    lookup = otTables.Lookup()
    lookup.LookupType, lookup.LookupFlag = LIGATURE_LOOKUP, 0
    lookup.SubTable = [buildLigatureSubstSubtable(ligatures)]
    lookup.SubTableCount = 1
    table = font["GSUB"].table
    # Rules that call other lookups name them by number, and all numbers grow by one.
    for path in dfs_base_table(table.LookupList):
        if isinstance(rule := path[-1].value, otTables.SubstLookupRecord):
            rule.LookupListIndex += 1
    table.LookupList.Lookup.insert(0, lookup)
    for record in table.FeatureList.FeatureRecord:
        indices = [index + 1 for index in record.Feature.LookupListIndex]
        record.Feature.LookupListIndex = [0, *indices] if record.FeatureTag == "ccmp" else indices
