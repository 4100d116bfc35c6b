"""Pages drawn with the font of clusters look like those drawn with the original font."""

from dataclasses import replace
from functools import cache
from typing import Any, Final

import pypdfium2
import pytest
from PIL import ImageChops

from reports.document.facts import StepLine
from reports.renderers import pdf
from tests.support.papers import ROW, document, section
from tests.support.thai_pages import HARD, WEIGHTS, made, page_of

# Layout is slow under the tracer, and the rest of the suite reaches all of the code.
pytestmark = pytest.mark.no_cover

DPI: Final = 100
# PDFium moves every glyph to a whole pixel. Drawn this much larger and made smaller again, a glyph stands
# where the file says, to an eighth of a pixel.
FINER: Final = 8
# Of 255: what a third of a pixel more or less of black makes of an edge. With the original font WeasyPrint
# cuts off what is less than a thousandth of an em wherever it moves a mark, so that a long line of Thai has
# drifted by a quarter of a pixel at its end. A mark that is missing or another makes more of a difference.
SHADES: Final = 96


def pictures(content: bytes) -> list[Any]:
    with pypdfium2.PdfDocument(content) as opened:
        return [page.render(scale=DPI / 72 * FINER, grayscale=True).to_pil().reduce(FINER) for page in opened]


def differing_pixels(one: bytes, other: bytes) -> list[int]:
    """How many pixels of each page of two PDFs differ by more than SHADES."""
    return [
        sum(ImageChops.difference(before, after).histogram()[SHADES + 1 :])
        for before, after in zip(pictures(one), pictures(other), strict=True)
    ]


@pytest.mark.parametrize("weight", WEIGHTS)
def test_hard_words_look_the_same(weight: int) -> None:
    html = page_of(HARD, weight, css="body { columns: 3 }")
    assert differing_pixels(made(html, derived=False), made(html)) == [0]


def test_a_report_looks_the_same() -> None:
    steps = tuple(StepLine(f"{n}.", 1, " ".join(HARD[n::3]), None) for n in range(1, 7))
    html = pdf.paper_html(document(section(1, replace(ROW, steps=steps, result=" ".join(HARD)))))
    pixels = differing_pixels(made(html, derived=False), made(html))
    assert len(pixels) > 1
    assert set(pixels) == {0}


WORDS: Final = "ลำน้ำ ที่นี่ ปั๊ม ผู้ใหญ่ ญูฐุ"
# Of one line, where the others are of a sheet.
SMALL: Final = "@page { size: 80mm 20mm; margin: 2mm }"


@cache
def words_drawn() -> bytes:
    return made(page_of([WORDS], css=SMALL))


def seen_to_differ(otherwise: str, css: str = "") -> int:
    """How many pixels differ where the line of words is another, or looks otherwise."""
    (pixels,) = differing_pixels(words_drawn(), made(page_of([otherwise], css=SMALL + css)))
    return pixels


@pytest.mark.parametrize(
    "otherwise",
    [
        WORDS.replace("น้ำ", "น้า"),
        WORDS.replace("น้ำ", "น่ำ"),
        WORDS.replace("ที่", "ที"),
        WORDS.replace("นี่", "นี้"),
        WORDS.replace("ปั๊", "ปั้"),
        WORDS.replace("ผู้", "ผุ้"),
        WORDS.replace("ญู", "ญุ"),
        WORDS.replace("ญ", "ณ"),
    ],
)
def test_one_other_mark_would_be_seen(otherwise: str) -> None:
    assert seen_to_differ(otherwise) > 0


@pytest.mark.parametrize("move", ["left: 0.5pt", "top: 0.5pt", "font-size: 11.2pt"])
def test_a_line_that_moves_or_grows_a_little_would_be_seen(move: str) -> None:
    """Half a point is two thirds of a pixel."""
    assert seen_to_differ(WORDS, f"div {{ position: relative; {move} }}") > 0
