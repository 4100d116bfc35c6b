"""What makes WeasyPrint faster changes no byte, saves what it says, and steps aside for another version."""

import logging
from collections.abc import Iterator
from functools import cache
from typing import Any

import pydyf
import pytest
import tinyhtml5
import weasyprint
from weasyprint.text import line_break

from reports.document.facts import ReportDocument
from reports.help.contents import PARTS
from reports.help.paper import make_pdf
from reports.renderers import faster, pdf, weasy
from reports.renderers.faster import lines, memory, styles
from reports.renderers.faster.reading import tree_of
from tests.support.papers import MARK, ROW, document, of_chance, section
from tests.support.thorough import THOROUGH

PAPERS = {
    "draft": document(section(1, ROW, ROW), section(2, ROW), obstacles_public=False),
    "edition": document(section(1, ROW), edition=MARK, sample_note="ข้อมูลตัวอย่าง"),
    "pages that end anywhere": of_chance(3, 14 if THOROUGH else 4),
}


@cache
def whole(name: str) -> bytes:
    """A report with the functions in place."""
    return pdf.make(PAPERS[name]).content


@pytest.fixture
def as_it_comes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """WeasyPrint and pydyf without the functions that are put in the place of theirs."""
    put_back = faster.take_away()
    monkeypatch.setattr(weasy, "HTML", weasyprint.HTML)
    yield
    put_back()


@pytest.mark.parametrize("name", PAPERS)
def test_a_report_has_the_same_bytes(name: str, request: pytest.FixtureRequest) -> None:
    faster_bytes = whole(name)
    request.getfixturevalue("as_it_comes")
    assert pdf.make(PAPERS[name]).content == faster_bytes


@pytest.mark.skipif(not THOROUGH, reason="takes seconds")
def test_a_sheet_of_the_manual_has_the_same_bytes(request: pytest.FixtureRequest) -> None:
    """It has what no report has: pictures, columns, other styles."""
    name = PARTS[0].role
    faster_bytes = make_pdf(name, PARTS[:1], "https://ita.example.go.th").content
    request.getfixturevalue("as_it_comes")
    assert make_pdf(name, PARTS[:1], "https://ita.example.go.th").content == faster_bytes


def lines_split(made: ReportDocument, monkeypatch: pytest.MonkeyPatch) -> int:
    """How often Pango is asked for the first line of a text."""
    counted = []
    ask = line_break.Layout.get_first_line

    def counting(layout: Any) -> Any:
        counted.append(layout)
        return ask(layout)

    with monkeypatch.context() as patched:
        patched.setattr(line_break.Layout, "get_first_line", counting)
        pdf.make(made)
    return len(counted)


def test_pango_is_asked_for_fewer_lines(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    made = document(section(1, *[ROW] * 12))
    pdf.make(made)
    fewer = lines_split(made, monkeypatch)
    request.getfixturevalue("as_it_comes")
    assert fewer < 0.75 * lines_split(made, monkeypatch)


def test_each_object_is_made_and_compressed_once(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    counted: list[int] = []
    of_dictionary = pydyf.Dictionary.data.fget

    def counting(made: Any) -> bytes:
        counted.append(id(made))
        data: bytes = of_dictionary(made)
        return data

    def dictionaries() -> int:
        counted.clear()
        with monkeypatch.context() as patched:
            patched.setattr(pydyf.Dictionary, "data", property(counting))
            pdf.make(PAPERS["draft"])
        return len(counted)

    once = dictionaries()
    request.getfixturevalue("as_it_comes")
    assert once < 0.6 * dictionaries()


@pytest.mark.parametrize("versions", [("71.0", "0.13.0"), ("70.0", "0.14.0")])
def test_of_another_version_nothing_is_touched_and_the_log_says_so(
    versions: tuple[str, str],
    as_it_comes: None,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(weasyprint, "__version__", versions[0])
    monkeypatch.setattr(pydyf, "__version__", versions[1])
    split = line_break.split_first_line
    with caplog.at_level(logging.WARNING):
        assert faster.html_reader() is weasyprint.HTML
    assert "is not known" in caplog.text
    assert line_break.split_first_line is split


def test_it_fits_what_is_installed() -> None:
    assert faster.fits(weasyprint.__version__, pydyf.__version__)
    assert weasy.HTML is styles.FasterHTML


# --- Pages read as XML ------------------------------------------------------------------------------


def as_read(element: Any) -> Any:
    """An element as what can be compared; the declaration of a namespace says nothing to whoever draws."""
    named = {name: value for name, value in element.attrib.items() if not name.endswith("}xmlns")}
    return (
        element.tag,
        named,
        element.text or "",
        element.tail or "",
        [as_read(child) for child in element],
    )


PAGE = '<!doctype html>\n<html lang="th">\n<head><title>ก</title></head>\n<body>%s</body>\n</html>\n'


@pytest.mark.parametrize("name", PAPERS)
def test_the_papers_page_is_read_as_a_browser_reads_it(name: str) -> None:
    html = pdf.paper_html(PAPERS[name])
    tree = tree_of(html)
    assert tree is not None
    assert as_read(tree) == as_read(tinyhtml5.parse(html, namespace_html_elements=False))


@pytest.mark.parametrize(
    "html",
    [
        PAGE % "<p>ก &amp; ข<br>ค</p>\n<table>\n<tbody><tr><td>1</td></tr></tbody></table>\n",
        PAGE % '<p title="ก\nข\tค">a &lt;b&gt; &#x27;</p>',
        PAGE % "",
    ],
)
def test_a_page_is_read_as_a_browser_reads_it(html: str) -> None:
    tree = tree_of(html)
    assert tree is not None
    assert as_read(tree) == as_read(tinyhtml5.parse(html, namespace_html_elements=False))


@pytest.mark.parametrize(
    "body",
    [
        "<p>ก<p>ข",
        "<p><ol><li>ก</li></ol></p>",
        "<table><tr><td>ก</td></tr></table>",
        "<table><tbody>ก<tr><td>ข</td></tr></tbody></table>",
        "<p hidden>ก</p>",
        "<div/><p>ก</p>",
        "<p>&nbsp;</p>",
        "<pre>\nก</pre>",
        "<script>1 < 2</script>",
        "<p>\x0c</p>",
        "<!-- ก -->",
        '<svg xmlns="http://www.w3.org/2000/svg"><![CDATA[ก]]></svg>',
    ],
)
def test_what_a_browser_reads_otherwise_is_left_to_the_parser_of_html(body: str) -> None:
    assert tree_of(PAGE % body) is None


def test_a_page_that_is_not_whole_is_laid_out_all_the_same() -> None:
    assert pdf.lay_out("<p>ก<p>ข").to_pdf().startswith(b"%PDF")


# --- What is kept -----------------------------------------------------------------------------------


def test_a_long_report_keeps_no_more_lines_than_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = whole("draft")
    monkeypatch.setattr(lines, "MOST_LINES", 5)
    assert pdf.make(PAPERS["draft"]).content == expected


def test_a_line_is_set_once_to_be_split_and_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of lines that end where their text does; else Pango is asked for the text without its end."""
    set_again = []
    monkeypatch.setattr(lines, "_reactivate", lambda layout, style: set_again.append(layout.text))
    pdf.make(PAPERS["edition"])
    assert set_again == []


def test_a_long_report_has_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What its pages let go of is asked for by nobody."""
    for name, paper in PAPERS.items():
        expected = whole(name)
        with monkeypatch.context() as patched:
            patched.setattr(memory, "MANY", 0)
            assert pdf.make(paper).content == expected


def test_a_page_of_a_long_report_lets_go_of_what_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MANY", 0)
    layout = pdf.lay_out(pdf.paper_html(PAPERS["draft"]))
    sizes = [sum(len(vars(box)) for box in page.descendants()) for page in layout.page_boxes]
    layout.to_pdf()
    left = [sum(len(vars(box)) for box in page.descendants()) for page in layout.page_boxes]
    assert sum(left) < 0.3 * sum(sizes)
