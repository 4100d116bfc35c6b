"""What makes WeasyPrint faster changes no byte, saves what it says, and steps aside for another version."""

import logging
from collections.abc import Iterator
from typing import Any

import pydyf
import pytest
import weasyprint
from weasyprint.text import line_break

from reports.document.facts import ReportDocument
from reports.help.contents import PARTS
from reports.help.paper import make_pdf
from reports.renderers import faster, pdf, weasy
from reports.renderers.faster import styles
from tests.support.papers import MARK, ROW, document, of_chance, section
from tests.support.thorough import THOROUGH

PAPERS = {
    "draft": document(section(1, ROW, ROW), section(2, ROW), obstacles_public=False),
    "edition": document(section(1, ROW), edition=MARK, sample_note="ข้อมูลตัวอย่าง"),
    "pages that end anywhere": of_chance(3, 14 if THOROUGH else 4),
}


@pytest.fixture
def as_it_comes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """WeasyPrint and pydyf without the functions that are put in the place of theirs."""
    put_back = faster.take_away()
    monkeypatch.setattr(weasy, "HTML", weasyprint.HTML)
    yield
    put_back()


@pytest.mark.parametrize("name", PAPERS)
def test_a_report_has_the_same_bytes(name: str, request: pytest.FixtureRequest) -> None:
    faster_bytes = pdf.make(PAPERS[name]).content
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
