"""Reports of whatever a person can paste: every format is still made, and says what it left out."""

import io
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

import docx
import openpyxl
import pypdfium2
import pytest
from django.core.management import call_command

from accounts.models import Agency
from measures.models import Measure, Plan
from reports.document.facts import EvidenceLine, ReportDocument, StepLine
from reports.renderers import FORMATS, Rendered, pdf
from reports.renderers.weasy import Layout
from tests.support.factories import make_measure
from tests.support.papers import ROW, boxes, document, section
from tests.support.thorough import THOROUGH
from tests.support.work import WITHOUT_END

# Layout is slow under the tracer, and the rest of the suite reaches all of the code.
pytestmark = pytest.mark.no_cover

BAD: Final = {
    "nul": "ก\0ข",
    "controls": "ก\x07\x1b[31m\x7f\x85ข",
    "half a character": "ก\ud83dข",
    "direction": "ก\u202eabc\u202c\u200f\u2067ข",
    "zero width": "ก\u200b\u200c\u200d\ufeff\u2060ข",
    "no character": "ก\ufffe\uffff\ufdd0ข",
    "emoji": "ก👍🏽❤️👨‍👩‍👧ข",
    "other spaces": "ก\u00a0\u2003\u3000\u2028\u2029ข",
    "html": "<script>alert(1)</script><b>ก</b>&amp;&lt;\"'</td></table><!--",
    "css": "</style><style>*{display:none}",
    "xml": "]]>&#0;<![CDATA[ก]]><?xml?>",
    "formula": '=HYPERLINK("http://example.com";"ก")',
    "template": "{{ document }}{% load x %}",
    "long word": "x" * 2_000,
    "long thai word": "ก" * 2_000,
    "marks": "ก" + "่" * 500,
    "many lines": "ก\n" * 300,
    # Longer than any form takes a text; in the long form past what a cell of Excel holds.
    "long": "ประชุมคณะกรรมการ เพื่อติดตามผล " * (1_613 if THOROUGH else 323),
}


def full_of(text: str) -> ReportDocument:
    """A document with a text wherever people type."""
    row = replace(
        ROW,
        title=text,
        steps=(StepLine("1.", 1, text, None), StepLine("1.1", 2, text, None)),
        parties=(text, text),
        due_text=text,
        late=True,
        result=text,
        obstacle=text,
        reason=text,
        evidence=(EvidenceLine(1, text, "https://example.com/", document().as_of),),
    )
    return document(replace(section(1, row), name=text), section(2, ROW), agency=text, agency_short=text)


def of_bad(name: str) -> ReportDocument:
    """A document with a bad text everywhere, or in one cell where it is long."""
    text = BAD[name]
    return (
        full_of(text)
        if len(text) < 200
        else document(section(1, replace(ROW, steps=(StepLine("1.", 1, text, None),))))
    )


@cache
def rendered_of(name: str, report_format: str) -> Rendered:
    """The file of a document with a bad text."""
    return FORMATS[report_format].render(of_bad(name))


def readable(report_format: str, content: bytes) -> str:
    """What a program of that format gets out of the file; raises where it cannot open it."""
    if report_format == "json":
        return str(json.loads(content))
    if report_format == "csv":
        return content.decode("utf-8-sig")
    if report_format == "docx":
        opened = docx.Document(io.BytesIO(content))
        return "\n".join(cell.text for table in opened.tables for row in table.rows for cell in row.cells)
    if report_format == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        return "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
    raise AssertionError(report_format)


@pytest.mark.parametrize("report_format", sorted(FORMATS.keys() - {"pdf"}))
@pytest.mark.parametrize("name", BAD)
def test_every_format_is_made_and_opens(name: str, report_format: str) -> None:
    # It is made now, whatever test came before.
    rendered_of.cache_clear()
    start = time.process_time()
    rendered = rendered_of(name, report_format)
    assert time.process_time() - start < WITHOUT_END
    assert "กองคลัง" in readable(report_format, rendered.content)
    assert all(note.isprintable() for note in rendered.notes)


@pytest.mark.parametrize("report_format", ["docx", "xlsx", "csv"])
@pytest.mark.parametrize("name", ["html", "css", "xml", "template", "zero width", "emoji"])
def test_what_can_be_written_is_written_as_it_was_typed(name: str, report_format: str) -> None:
    rendered = rendered_of(name, report_format)
    text = readable(report_format, rendered.content)
    assert BAD[name].replace('"', '""' if report_format == "csv" else '"') in text
    assert rendered.notes == ()


# --- The pages --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Text:
    """A piece of text on a page, and the cell or margin that it belongs to."""

    cell: object
    left: float
    top: float
    right: float
    bottom: float
    text: str

    def overlaps(self, other: "Text") -> bool:
        """Whether they share more than a hair's breadth."""
        return (
            min(self.right, other.right) - max(self.left, other.left) > 0.5
            and min(self.bottom, other.bottom) - max(self.top, other.top) > 0.5
        )


def texts_of(page: Any) -> Iterator[Text]:
    """The pieces of text in the cells and margins of a page."""
    for cell in [*page.children, *boxes(page)]:
        if type(cell).__name__ in {"TableCellBox", "MarginBox"}:
            for box in cell.descendants():
                if type(box).__name__ == "TextBox" and box.text.strip():
                    left, top = box.position_x, box.position_y
                    yield Text(cell, left, top, left + box.width, top + box.height, box.text)


SAID_BY_PDF: Final = {
    "nul": "ตัดอักขระที่พิมพ์ไม่ได้ออก: U+0000",
    "controls": "ตัดอักขระที่พิมพ์ไม่ได้ออก: U+0007",
    "half a character": "ตัดอักขระที่พิมพ์ไม่ได้ออก: U+D83D",
    "direction": "ตัดอักขระที่พิมพ์ไม่ได้ออก: U+202E",
    "no character": "ตัดอักขระที่พิมพ์ไม่ได้ออก: U+FFFE",
    "emoji": "แบบอักษรไม่มีรูปของอักขระต่อไปนี้ จึงพิมพ์เป็น ■: U+1F44D",
}


@pytest.mark.parametrize("name", BAD)
def test_a_pdf_is_made_in_which_nothing_stands_on_something_else(
    name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    layouts: list[Layout] = []
    lay_out = pdf.lay_out

    def watched(html: str, others: object) -> Layout:
        layouts.append(lay_out(html))
        return layouts[-1]

    monkeypatch.setattr(pdf, "lay_out", watched)
    start = time.process_time()
    rendered = FORMATS["pdf"].render(of_bad(name))
    assert time.process_time() - start < WITHOUT_END
    assert [note[: len(SAID_BY_PDF.get(name, ""))] for note in rendered.notes] == [
        said for bad, said in SAID_BY_PDF.items() if bad == name
    ]
    # WeasyPrint logs a glyph that is missing and an element that it cannot read.
    assert caplog.text == ""
    with pypdfium2.PdfDocument(rendered.content) as opened:
        assert len(opened) == rendered.pages
        assert any("กองคลัง" in page.get_textpage().get_text_bounded() for page in opened)
    (layout,) = layouts
    assert_apart(layout)


def assert_apart(layout: Layout) -> None:
    """Every text stands in its cell and on its page, and on no text of another cell."""
    seen = 0
    for page in layout.page_boxes:
        found = sorted(texts_of(page), key=lambda text: text.top)
        seen += len(found)
        for place, text in enumerate(found):
            assert text.left >= page.margin_left - 0.5
            assert text.right <= page.width + page.margin_left + 0.5
            assert text.bottom <= page.margin_height() - 5
            cell: Any = text.cell
            assert text.right <= cell.position_x + cell.border_width() + 0.5
            for other in found[place + 1 :]:
                if other.top >= text.bottom:
                    break
                assert text.cell is other.cell or not text.overlaps(other), (text, other)
    assert seen > 20


def test_a_long_name_is_as_long_as_it_may_be_in_the_margin_of_each_page() -> None:
    name = "องค์การบริหารส่วนตำบลกองก้อย" * 9
    most = Agency._meta.get_field("short_name").max_length
    assert_apart(pdf.lay_out(pdf.paper_html(document(section(1, ROW), agency_short=name[:most]))))


def test_overlapping_text_would_be_found() -> None:
    first = Text(object(), 0, 0, 10, 10, "ก")
    assert first.overlaps(replace(first, left=9, right=20))
    assert not first.overlaps(replace(first, left=10, right=20))
    assert not first.overlaps(replace(first, top=9.8, bottom=20))


# --- The command ------------------------------------------------------------------------------------


@pytest.mark.parametrize("report_format", FORMATS)
def test_the_command_prints_the_notes(
    plan: Plan, report_format: str, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    measure = make_measure(plan)
    # Past the forms, which refuse it; PostgreSQL holds no NUL.
    Measure.objects.filter(pk=measure.pk).update(result="ก\x07ข")
    said = io.StringIO()
    call_command(
        "export_report",
        agency="here",
        year=2566,
        months=6,
        format=report_format,
        output=str(tmp_path / "report"),
        stdout=io.StringIO(),
        stderr=said,
    )
    assert said.getvalue() == "หมายเหตุ: ตัดอักขระที่พิมพ์ไม่ได้ออก: U+0007 (1)\n"
    assert (tmp_path / "report").stat().st_size
