"""What a screen reader is told of the PDF: each thing once, whole, and in the order in which it is read."""

import io
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import pikepdf
import pymupdf
import pytest
from pdfua.validator import validate
from weasyprint import pdf as weasyprint_pdf
from weasyprint.pdf.tags import add_tags

from core.thai_calendar import thai_digits
from reports.document.facts import EvidenceLine, ReportDocument, Signatory, StepLine
from reports.renderers import pdf
from reports.renderers.structure import fits
from tests.reports.renderers.test_pages import rich
from tests.support.html import read
from tests.support.papers import MARK, ROW, document, of_chance, section, squeezed
from tests.support.structure import Part, structure_of
from tests.support.thorough import THOROUGH

# Layout is slow under the tracer, and the rest of the suite reaches all of the code.
pytestmark = pytest.mark.no_cover

STEPS: Final = 110
THREE_PAGES: Final = replace(
    ROW,
    title="มาตรการยาว",
    steps=tuple(StepLine(f"{n}.", 1, f"ประชุมครั้งที่ {n}", None) for n in range(1, STEPS + 1)),
    parties=tuple(f"กองที่ {n}" for n in range(1, 45)),
    result="รายงานผล\n" * 40,
)
LONG_ADDRESS: Final = "https://www.example.go.th/" + "ita/2566/evidence/no-gift-policy/" * 6


def proof(number: int, address: str) -> EvidenceLine:
    return EvidenceLine(number, "ประกาศนโยบาย", address, date(2023, 2, 1), public=True)


def edition() -> ReportDocument:
    named = Signatory("นางผู้รายงาน", "หัวหน้าสำนักปลัด")
    proofs = (proof(1, LONG_ADDRESS), proof(2, "https://example.go.th/2"))
    return document(
        section(1, replace(ROW, evidence=proofs)), section(2, THREE_PAGES), edition=MARK, reporter=named
    )


DOCUMENTS: Final[dict[str, ReportDocument]] = {
    "nothing": document(section(1)),
    "one measure": document(section(3, ROW)),
    "ten measures": document(*(section(n, ROW) for n in range(1, 11))),
    "a row over three pages": document(section(1, ROW, THREE_PAGES, ROW), section(2, ROW)),
    "a result below its row": document(section(1, ROW, replace(ROW, result="ผลการดำเนินงาน " * 300), ROW)),
    "an edition": edition(),
    "a rich draft": rich(),
    "a rich edition in small letters": replace(rich(), edition=MARK, text_size=14),
}
if THOROUGH:
    DOCUMENTS["45 pages"] = of_chance(2, 30)


@pytest.fixture(scope="module", params=DOCUMENTS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@cache
def content_of(name: str) -> bytes:
    return pdf.make(DOCUMENTS[name]).content


@pytest.fixture(scope="module")
def content(name: str) -> bytes:
    return content_of(name)


@pytest.fixture(scope="module")
def tree(content: bytes) -> Part:
    return structure_of(content)


def made_of(name: str) -> tuple[ReportDocument, Part]:
    return DOCUMENTS[name], structure_of(content_of(name))


# --- Read aloud -------------------------------------------------------------------------------------


def test_it_is_read_aloud_as_it_is_written_from_the_title_to_the_annex(name: str, tree: Part) -> None:
    """Nothing twice, nothing left out, no head of a table again, no number of a page in a sentence."""
    written = read(pdf.paper_html(DOCUMENTS[name]).removeprefix("<!doctype html>")).one("article").text
    assert squeezed(tree.text) == squeezed(written)
    assert squeezed(tree.all("H1")[0].text).startswith("รายงานผลการดำเนินการ")


def test_it_is_drawn_and_copied_in_the_order_in_which_it_is_read(
    name: str, content: bytes, tree: Part
) -> None:
    """On each page the title comes first, and nothing of the text after what stands in the margins."""
    with pymupdf.Document(stream=content, filetype="pdf") as opened:  # type: ignore[no-untyped-call]
        first = squeezed(opened[0].get_text())
    assert first.startswith(squeezed(tree.all("H1")[0].text))
    if len(tree.on_pages) == 1:
        assert squeezed(tree.text.replace(figures(tree), "")) in first


def figures(tree: Part) -> str:
    return "".join(part.text for part in tree.all("Figure"))


def test_a_checker_finds_nothing_wrong(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(content)
    report = validate(str(tmp_path / "report.pdf"))
    assert [finding for outcome in report.outcomes for finding in outcome.findings] == []


# --- Tables -----------------------------------------------------------------------------------------


def test_each_table_is_one_over_all_its_pages_with_one_head(name: str, tree: Part) -> None:
    made = DOCUMENTS[name]
    tables = tree.all("Table")
    assert len(tables) == 1 + bool(made.sections) + bool(made.evidence)
    for table in tables:
        assert table.parts[0].kind == "THead"
        assert [part.kind for part in table.parts].count("THead") == 1
        assert len(table.parts[0].parts) == 1
    measures = tables[bool(made.sections)]
    assert len(measures.all("TBody")) == max(1, len(made.sections))
    titles = [squeezed(row.parts[0].text) for row in measures.all("TR") if len(row.parts) == 5][1:]
    assert titles == [squeezed(row.title) for row in made.measures]
    assert all(part.said["/Summary"] for part in tables)


def test_no_cell_is_there_twice_and_none_is_empty(tree: Part) -> None:
    cells = [part for kind in ("TH", "TD") for part in tree.all(kind)]
    assert cells
    assert [cell for cell in cells if not cell.text.strip()] == []


def test_a_row_over_three_pages_is_one_row_and_its_list_one_list() -> None:
    made, tree = made_of("a row over three pages")
    (row,) = [part for part in tree.all("TR") if "มาตรการยาว" in part.text]
    assert len(row.on_pages) >= 3
    assert [part.kind for part in row.parts] == ["TH", "TD", "TD", "TD", "TD"]
    (steps,) = row.parts[1].parts
    (parties,) = row.parts[2].parts
    assert len(steps.on_pages) >= 3
    assert [part.text.strip() for part in steps.all("LBody")] == [step.text for step in THREE_PAGES.steps]
    assert [part.text.strip() for part in steps.all("Lbl")] == [
        thai_digits(f"{n}.") for n in range(1, STEPS + 1)
    ]
    assert [part.text.strip() for part in parties.all("LBody")] == list(THREE_PAGES.parties)
    assert made.measure_count == 4


def test_the_heads_of_a_cell_are_its_column_its_measure_and_its_indicator_on_every_page() -> None:
    _, tree = made_of("a row over three pages")
    names = {part.name: part for part in tree.all("TH")}
    rows = [row for row in tree.all("Table")[1].all("TR") if len(row.parts) == 5][1:]
    assert len(rows) == 4
    for number, row in enumerate(rows):
        for cell, column in zip(row.parts[1:], ("ขั้นตอน", "ผู้รับผิดชอบ", "กำหนด", "ผลการดำเนินงาน"), strict=True):
            title, of_column, of_group = (names[head] for head in cell.said["/Headers"])
            assert title is row.parts[0]
            assert title.said["/Scope"] == "/Row"
            assert of_column.text.startswith(column)
            assert of_column.said["/Scope"] == "/Column"
            assert of_group.text.startswith(f"ตัวชี้วัดที่ {thai_digits(1 + number // 3)}")


# --- Headings, lists, links, pictures ----------------------------------------------------------------


def test_a_list_stands_for_steps_and_for_more_than_one_division(name: str, tree: Part) -> None:
    made = DOCUMENTS[name]
    lists = [part for table in tree.all("Table") for part in table.all("L")]
    expected = [
        len(lines)
        for row in made.measures
        for lines in (row.steps, row.parties if len(row.parties) > 1 else ())
        if lines
    ]
    assert [len(part.parts) for part in lists] == expected
    for part in lists:
        assert part.said["/ListNumbering"] == "/Decimal"
        assert all([kid.kind for kid in item.parts] == ["Lbl", "LBody"] for item in part.parts)


def test_text_is_in_what_holds_text(tree: Part) -> None:
    holders = {part.kind for part in tree.walk() if any(isinstance(kid, str) and kid for kid in part.inside)}
    assert holders <= {"P", "H1", "H2", "TH", "TD", "Lbl", "LBody", "Link", "Figure"}
    # Of what a page goes round there is nothing left in the structure.
    assert not {"Div", "Span", "NonStruct"} & {part.kind for part in tree.walk()}


def test_an_address_of_several_lines_is_one_link_with_one_area() -> None:
    content = content_of("an edition")
    links = structure_of(content).all("Link")
    assert [link.text for link in links] == [MARK.address, LONG_ADDRESS, "https://example.go.th/2"]
    with pikepdf.open(io.BytesIO(content)) as opened:
        areas = [area for page in opened.pages for area in page.get("/Annots", pikepdf.Array())]
        assert [str(area.A.URI) for area in areas] == [link.text for link in links]
        lines = [len(area.QuadPoints) // 8 for area in areas]
        assert lines[0] > 1
        assert lines[1] > 1
        assert lines[2] == 1
        for area in areas:
            left, low, right, high = map(float, area.Rect)
            corners = [float(number) for number in area.QuadPoints]
            assert (min(corners[::2]), max(corners[::2])) == pytest.approx((left, right), abs=0.01)
            assert (min(corners[1::2]), max(corners[1::2])) == pytest.approx((low, high), abs=0.01)
            parents = dict(zip(*[iter(opened.Root.StructTreeRoot.ParentTree.Nums)] * 2, strict=True))
            assert parents[area.StructParent].S == "/Link"


def test_a_picture_says_where_it_stands(content: bytes) -> None:
    """In points from the lower left corner of the page, as all areas in a PDF."""
    for figure in structure_of(content).all("Figure"):
        left, low, right, high = map(float, figure.said["/BBox"])
        assert 70 < left < right < 842 - 56
        assert 56 < low < high < 595 - 56


def test_a_picture_without_words_is_there_for_its_looks() -> None:
    box = 'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8" width="8" height="8"'
    drawn = f'<svg {box}><path d="M0 0h8v8z"/></svg> <svg {box}><title>ตรา</title><path d="M0 0h8v8z"/></svg>'
    html = f'<html lang="th"><body><p>ก {drawn}</p></body></html>'
    (figure,) = structure_of(pdf.lay_out(html).to_pdf(pdf.finish)).all("Figure")
    assert figure.shows == "ตรา"


# --- With another WeasyPrint ---------------------------------------------------------------------------


def test_it_is_known_whose_boxes_these_are() -> None:
    assert fits("70.0")
    assert not fits("71.0")
    assert not fits("7.0")


def test_with_another_weasyprint_its_own_tags_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weasyprint_pdf, "add_tags", add_tags)
    tree: Any = structure_of(pdf.make(DOCUMENTS["a row over three pages"]).content)
    assert len(tree.all("Table")) > 3
    assert tree.all("H1")
