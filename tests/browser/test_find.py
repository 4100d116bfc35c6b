"""The promise of the PDF to who presses Ctrl-F: each word that no end of a line cuts is found, every time."""

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

import fontpkg_sarabun
import pytest
from playwright.sync_api import Browser

from reports.document.facts import EvidenceLine, StepLine
from reports.renderers import pdf
from reports.renderers.weasy import BundledFiles, Layout
from reports.thai_pdf import ToUnicodeFinisher, cluster_font, font
from reports.thai_pdf.dictionary import words as dictionary_words
from reports.thai_pdf.kept import keeping
from tests.support import pdfjs
from tests.support.finders import FINDERS, missed, uncut
from tests.support.html import read
from tests.support.papers import MARK, ROW, document, section, squeezed
from tests.support.readers import words_of
from tests.support.seed import seed_report
from tests.support.thai_pages import HARD, WEIGHTS, made, page_of

pytestmark = [pytest.mark.no_cover, pytest.mark.browser]

# Each has a mark before a letter, where PDF.js saw a space: mozilla/pdf.js issue 21890.
COMMON: Final = ("ปีงบประมาณ", "คุณภาพ", "ผู้รับผิดชอบ", "ที่เกี่ยวข้อง")


@pytest.fixture(scope="module")
def reader(browser: Browser) -> Iterator[pdfjs.PdfJs]:
    if not pdfjs.FILES.is_dir():
        pytest.skip("pdf.js is not here: install npm, then run .ci/bootstrap test")
    with pdfjs.reader_in(browser) as reader:
        yield reader


def test_every_word_of_the_seed_report_is_found_as_often_as_it_is_there(
    reader: pdfjs.PdfJs, db: None
) -> None:
    document = seed_report()
    html = pdf.paper_html(document)
    with keeping(pdf.names_in(document)):
        layout = pdf.lay_out(html)
    content = layout.to_pdf(pdf.finish)
    wanted = uncut(layout.page_boxes, {*words_of(html), *dictionary_words(), *COMMON})
    assert len(wanted) > 250
    assert sum(wanted.values()) > 800
    assert set(COMMON) <= set(wanted)
    exact = {"PDF.js": reader.counts, **{name: FINDERS[name] for name in FINDERS if name != "poppler"}}
    assert {name: missed(find, content, wanted) for name, find in exact.items()} == {
        name: {} for name in exact
    }
    # Its order of lines and columns is a guess.
    assert len(missed(FINDERS["poppler"], content, wanted)) <= len(wanted) * 0.03


@pytest.mark.parametrize("weight", WEIGHTS)
def test_pdfjs_finds_the_hard_words_and_reads_them_line_by_line(reader: pdfjs.PdfJs, weight: int) -> None:
    content = made(page_of(HARD, weight))
    assert reader.text(content).splitlines() == HARD
    assert 0 not in reader.counts(content, HARD)


SIGNS: Final = "● ข้อแรก ✔ แล้ว ☑ ครบ ✓ ดี ▪ หนึ่ง ◦ สอง □ ยัง ○ ว่าง ★ เด่น"


def test_signs_that_are_pasted_from_word_are_drawn_with_their_text(reader: pdfjs.PdfJs) -> None:
    made_document = document(section(1, replace(ROW, title=SIGNS)))
    rendered = pdf.make(made_document)
    assert rendered.notes == ()
    signs = [sign for sign in SIGNS if unicodedata.category(sign) == "So"]
    assert len(signs) == 9
    found = {name: find(rendered.content, signs) for name, find in FINDERS.items()}
    assert found | {"PDF.js": reader.counts(rendered.content, signs)} == dict.fromkeys(
        (*FINDERS, "PDF.js"), [1] * 9
    )


def test_pdfjs_loses_words_where_a_glyph_says_a_letter_and_its_marks(
    reader: pdfjs.PdfJs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the font was at first: all other readers find them."""
    monkeypatch.setattr(font, "base_and_marks", lambda cluster: (cluster, ""))
    (name, file), *_ = pdf.FONTS.items()
    whole = cluster_font((fontpkg_sarabun.ROOT / "files" / file).read_bytes(), pdf.FAMILY)
    layout = Layout(page_of(COMMON), BundledFiles({f"sarabun/{file}": (whole.data, "font/ttf")}))
    content = layout.to_pdf(ToUnicodeFinisher({name: whole}))
    assert missed(FINDERS["PDFium"], content, dict.fromkeys(COMMON, 1)) == {}
    assert len(missed(reader.counts, content, dict.fromkeys(COMMON, 1))) >= len(COMMON) / 2


def test_pdfjs_finds_nothing_that_is_not_there(reader: pdfjs.PdfJs) -> None:
    content = made(page_of(["ตัวชี้วัด", "ตัวชีวัด"]))
    assert reader.counts(content, ["ตัวชี้วัด", "ตัวชีวัด", "ตัวชิ้วัด"]) == [1, 1, 0]


def test_in_pdfjs_a_screen_reader_reads_an_edition_from_its_title_on_and_each_thing_once(
    reader: pdfjs.PdfJs,
) -> None:
    proof = EvidenceLine(
        1, "ประกาศ", "https://example.go.th/" + "ita-2566/" * 20, date(2023, 2, 1), public=True
    )
    edition = document(section(1, ROW), section(2, replace(ROW, evidence=(proof,))), edition=MARK)
    pages = reader.read_aloud(pdf.make(edition).content)
    assert len(pages) == 3
    assert pages[0][0] == ("Root Document Art H1", pages[0][0][1])
    written = read(pdf.paper_html(edition).removeprefix("<!doctype html>")).one("article").text
    assert squeezed("".join(text for page in pages for _, text in page)) == squeezed(written)
    steps = [text.strip() for around, text in pages[1] if around.endswith("Table TBody TR TD L LI LBody")]
    assert steps[:2] == ["จัดประชุม", "เผยแพร่ประกาศ"]
    assert sum(around.endswith("TR TD Link") for around, _ in pages[2]) > 1


def test_in_pdfjs_a_row_that_goes_on_is_read_page_by_page_without_what_the_page_repeats(
    reader: pdfjs.PdfJs,
) -> None:
    steps = tuple(StepLine(f"{n}.", 1, f"ประชุมครั้งที่ {n}", None) for n in range(1, 80))
    pages = reader.read_aloud(pdf.make(document(section(1, replace(ROW, steps=steps), ROW))).content)
    assert len(pages) >= 4
    assert [around for around, _ in pages[1]].count("Root Document Art Table THead TR TH") == 5
    assert {around for around, _ in pages[2]} == {
        f"Root Document Art Table TBody TR TD L LI {kind}" for kind in ("Lbl", "LBody")
    }
    assert not any("มาตรการ" in text or "(ต่อ)" in text for _, text in pages[2])
