"""The picture with which a published report is shared (Open Graph): 1200 by 630 pixels, from its facts alone.

Pillow draws it with Raqm, which puts Thai vowels and tones where they belong. Its wheels bring Raqm and look
for FriBidi on the machine, which comes with Pango.
"""

import io
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Final

import fontpkg_sarabun
from PIL import Image, ImageDraw, ImageFont, features

from core.text import initials
from measures.meter import stacked
from measures.status import SHORT_WORDS, Status
from reports.document.facts import ReportDocument
from reports.renderers import Rendered, RendererUnavailable

SIZE: Final = (1200, 630)
MARGIN: Final = 72
WIDTH: Final = SIZE[0] - 2 * MARGIN
SEAL: Final = 96
BAR: Final = 24
# The colours of the site's masthead (static/css/tokens.css), and its dark form's statuses: it is a dark page.
BRAND: Final = (11, 63, 86)
BRAND_DEEP: Final = (7, 44, 61)
GOLD: Final = (192, 138, 30)
WHITE: Final = (255, 255, 255)
SOFT: Final = (207, 224, 232)
TRACK: Final = (70, 108, 126)
STATUS: Final = {
    Status.DONE: (127, 214, 162),
    Status.IN_PROGRESS: (156, 195, 245),
    Status.NOT_STARTED: TRACK,
    Status.CANCELLED: (35, 58, 72),
}
TITLE: Final = "รายงานมาตรการส่งเสริมคุณธรรมและความโปร่งใส"
REGULAR: Final = "Sarabun-Regular.ttf"
SEMIBOLD: Final = "Sarabun-SemiBold.ttf"


def make(document: ReportDocument) -> Rendered:
    """Draw the picture of a report document.

    Raises:
        RendererUnavailable: FriBidi is missing; without it Thai marks would stand beside their letters.
    """
    if not features.check("raqm"):
        raise RendererUnavailable("ไม่พบ FriBidi ซึ่งใช้วาดอักษรไทย: ติดตั้งด้วย apt-get install libfribidi0")
    picture = _background()
    draw = ImageDraw.Draw(picture)
    _agency(picture, document)
    _line(draw, 212, TITLE, SEMIBOLD, 46)
    _line(draw, 272, f"รอบ {document.months} เดือน ปีงบประมาณ พ.ศ. {document.fiscal_year}", REGULAR, 40, SOFT)
    _answer(draw, document)
    _bar(picture, document)
    written = io.BytesIO()
    # Few colours: a tenth of the size in a message, and nobody sees a difference.
    picture.quantize(128, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return Rendered(written.getvalue())


def _background() -> Image.Image:
    """The masthead's blue, deeper to the right below, with the line of gold."""
    picture = Image.new("RGB", SIZE, BRAND)
    draw = ImageDraw.Draw(picture)
    for step in range(24):
        share = step / 23
        colour = tuple(round(a + (b - a) * share) for a, b in zip(BRAND, BRAND_DEEP, strict=True))
        draw.rectangle((0, step * SIZE[1] // 24, SIZE[0], SIZE[1]), colour)
    draw.rectangle((0, SIZE[1] - 10, SIZE[0], SIZE[1]), GOLD)
    return picture


def _agency(picture: Image.Image, document: ReportDocument) -> None:
    draw = ImageDraw.Draw(picture)
    for colour, edge in ((GOLD, 0), (WHITE, 5)):
        side = SEAL - 2 * edge
        picture.paste(colour, (MARGIN + edge, 64 + edge), _rounded(side, side, side // 2))
    middle = (MARGIN + SEAL // 2, 64 + SEAL // 2)
    draw.text(middle, initials(document.agency_short), BRAND, _font(SEMIBOLD, 36), anchor="mm")
    left = MARGIN + SEAL + 28
    _line(draw, 74, document.agency, SEMIBOLD, 38, left=left)
    small = " · ".join(
        part for part in (document.province and f"จังหวัด{document.province}", document.sample_note) if part
    )
    if small:
        _line(draw, 122, small, REGULAR, 27, SOFT, left=left)


def _answer(draw: ImageDraw.ImageDraw, document: ReportDocument) -> None:
    """How many measures are done: the one thing that is read in a small picture."""
    done = sum(measure.status == Status.DONE for measure in document.measures)
    number = _font(SEMIBOLD, 120)
    draw.text((MARGIN, 470), str(done), WHITE, number, anchor="ls")
    left = MARGIN + int(draw.textlength(str(done), number)) + 26
    text = f"จาก {document.measure_count} มาตรการ แล้วเสร็จ"
    draw.text((left, 470), text, SOFT, _font(REGULAR, 44), anchor="ls")


def _bar(picture: Image.Image, document: ReportDocument) -> None:
    """All measures as one bar, and the same in words."""
    bar = Image.new("RGB", (WIDTH, BAR), TRACK)
    draw = ImageDraw.Draw(bar)
    for part in stacked((count.value, count.count) for count in document.status_counts):
        left, right = WIDTH * part.start / 100, WIDTH * part.end / 100
        draw.rectangle((left, 0, right, BAR), STATUS[part.status])
        if part.status == Status.IN_PROGRESS:
            for x in range(round(left) + BAR, round(right), 14):
                draw.line((x - BAR, BAR, x, 0), BRAND_DEEP, 3)
        if right < WIDTH - 1:
            draw.rectangle((right - 3, 0, right, BAR), BRAND_DEEP)
    picture.paste(bar, (MARGIN, 506), _rounded(WIDTH, BAR, BAR // 2))
    _line(ImageDraw.Draw(picture), 544, " · ".join(_words(document)), REGULAR, 28, SOFT)


def _rounded(width: int, height: int, radius: int) -> Image.Image:
    """A shape with round corners and smooth edges, to paste through."""
    mask = Image.new("L", (width * 4, height * 4))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, width * 4 - 1, height * 4 - 1), radius * 4, 255)
    return mask.resize((width, height), Image.Resampling.BOX)


def _words(document: ReportDocument) -> Sequence[str]:
    words = [f"{SHORT_WORDS[count.value]} {count.count}" for count in document.status_counts if count.count]
    return [*words, f"ในจำนวนนี้ล่าช้า {document.late_count}"] if document.late_count else words


def _line(
    draw: ImageDraw.ImageDraw,
    top: int,
    text: str,
    name: str,
    size: int,
    colour: tuple[int, int, int] = WHITE,
    left: int = MARGIN,
) -> None:
    """One line of text; made smaller where it is too long, and cut where that is not enough."""
    text = " ".join(text.split())
    room = SIZE[0] - MARGIN - left
    smallest = size * 2 // 3
    fitting = size
    while fitting > smallest and draw.textlength(text, _font(name, fitting)) > room:
        fitting -= 1
    font = _font(name, fitting)
    while draw.textlength(text, font) > room:
        text = _shorter(text)
    draw.text((left, top + size * 13 // 10), text, colour, font, anchor="ls")


def _shorter(text: str) -> str:
    """A text without its last letter and that one's marks, and with dots that say so."""
    kept = text.removesuffix("…")[:-1]
    while kept and unicodedata.category(kept[-1]) == "Mn":
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    path = fontpkg_sarabun.ROOT / "files" / name
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.RAQM)
