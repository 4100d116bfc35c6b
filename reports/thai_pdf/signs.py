"""Signs that people paste from Word (● ✔ ☑ ★ …) and the font of the report lacks, drawn here.

They are simple shapes of this project's own, under its licence: no other font is mixed in.
"""

from dataclasses import dataclass
from math import cos, pi, sin
from typing import Any, Final

from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

Point = tuple[float, float]

# In thousandths of the letters' size; signs are as high as capitals.
HEIGHT: Final = 700
MIDDLE: Final = HEIGHT / 2
BEARING: Final = 60
LINE: Final = 56
# Control points of a circle: the curve leaves it by less than a thousandth of its radius.
CONTROLS: Final = 16
BASE_GLYPH: Final = 1


@dataclass(frozen=True)
class Contour:
    """A closed line; filled clockwise, a hole the other way round."""

    points: tuple[Point, ...]
    curved: bool = False
    """Whether the points are the control points of a smooth curve."""

    def hole(self) -> "Contour":
        return Contour(self.points[::-1], self.curved)


def circle(x: float, y: float, radius: float) -> Contour:
    reach = radius / cos(pi / CONTROLS)
    angles = [-2 * pi * number / CONTROLS for number in range(CONTROLS)]
    return Contour(tuple((x + reach * cos(angle), y + reach * sin(angle)) for angle in angles), curved=True)


def square(x: float, y: float, side: float) -> Contour:
    return Contour(((x, y), (x, y + side), (x + side, y + side), (x + side, y)))


def ring(x: float, y: float, radius: float) -> tuple[Contour, ...]:
    return circle(x, y, radius), circle(x, y, radius - LINE).hole()


def frame(x: float, y: float, side: float) -> tuple[Contour, ...]:
    return square(x, y, side), square(x + LINE, y + LINE, side - 2 * LINE).hole()


def star(radius: float) -> Contour:
    """Five points; the inner ones where the lines between the outer ones cross."""
    inner = radius * sin(pi / 10) / sin(7 * pi / 10)
    angles = [pi / 2 - pi * number / 5 for number in range(10)]
    far = [radius if number % 2 == 0 else inner for number in range(10)]
    return Contour(
        tuple(
            (radius + r * cos(angle), MIDDLE + r * sin(angle)) for r, angle in zip(far, angles, strict=True)
        )
    )


def moved(contour: Contour, x: float, y: float, scale: float = 1) -> Contour:
    return Contour(tuple((x + scale * px, y + scale * py) for px, py in contour.points), contour.curved)


CHECK: Final = Contour(((0, 290), (80, 370), (205, 240), (500, 660), (600, 590), (215, 40)))
THIN_CHECK: Final = Contour(((0, 270), (50, 310), (190, 150), (500, 660), (555, 625), (195, 45)))
CROSS: Final = Contour(
    (
        *((0, 100), (250, 350), (0, 600), (90, 690), (340, 440), (590, 690)),
        *((680, 600), (430, 350), (680, 100), (590, 10), (340, 260), (90, 10)),
    )
)
BOX: Final = frame(0, 0, HEIGHT)

SIGNS: Final[dict[str, tuple[Contour, ...]]] = {
    "●": (circle(300, MIDDLE, 300),),
    "○": ring(300, MIDDLE, 300),
    "◦": ring(160, MIDDLE, 160),
    "▪": (square(0, MIDDLE - 150, 300),),
    "▫": frame(0, MIDDLE - 150, 300),
    "□": frame(0, 50, 600),
    "☐": BOX,
    "☑": (*BOX, moved(CHECK, 150, 120, 0.68)),
    "☒": (*BOX, moved(CROSS, 145, 110, 0.6)),
    "✓": (THIN_CHECK,),
    "✔": (CHECK,),
    "✗": (moved(CROSS, 0, 60, 0.85),),
    "✘": (CROSS,),
    "★": (star(370),),
    "☆": (star(370), moved(star(370), 370 * 0.32, MIDDLE * 0.32, 0.68).hole()),
}


def add_signs(font: TTFont) -> dict[str, str]:
    """Give a font those of the signs that it lacks.

    Args:
        font: it is changed; a TrueType font with glyph classes.

    Returns:
        The sign of each new glyph by the glyph's name.
    """
    names = {f"sign_{ord(sign):04X}": sign for sign in SIGNS if ord(sign) not in font.getBestCmap()}
    for name, sign in names.items():
        _add(font, name, SIGNS[sign], font["head"].unitsPerEm / 1000)
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap[ord(sign)] = name
    return names


def _add(font: TTFont, name: str, contours: tuple[Contour, ...], scale: float) -> None:
    pen = TTGlyphPen(None)
    for contour in contours:
        _draw(pen, moved(contour, BEARING, 0), scale)
    outlines = font["glyf"]
    # It appends the name to the font's order of glyphs.
    outlines[name] = pen.glyph()
    font.setGlyphOrder(outlines.glyphOrder)
    font.getReverseGlyphMap(rebuild=True)
    outlines[name].recalcBounds(outlines)
    font["hmtx"][name] = (outlines[name].xMax + round(BEARING * scale), outlines[name].xMin)
    font["GDEF"].table.GlyphClassDef.classDefs[name] = BASE_GLYPH


def _draw(pen: Any, contour: Contour, scale: float) -> None:
    points = [(round(x * scale), round(y * scale)) for x, y in contour.points]
    if contour.curved:
        # No point on the line itself: those in the middle between two control points are meant.
        pen.qCurveTo(*points, None)
    else:
        pen.moveTo(points[0])
        for point in points[1:]:
            pen.lineTo(point)
    pen.closePath()
