"""How the printed report fills its pages, what its first page says, and how a row says that it goes on."""

import io
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final, get_args

import pypdfium2
import pytest
from PIL import Image

from core.thai_calendar import thai_digits
from ita_tracker.settings import BASE_DIR
from reports.document.columns import CHOICES, WIDTH, columns_for
from reports.document.facts import EvidenceLine, MeasureRow, PartLine, ReportDocument, StepLine, TextSize
from reports.renderers import pdf
from reports.renderers.weasy import Layout
from tests.support.papers import (
    MARK,
    ROW,
    boxes,
    classes,
    document,
    of_chance,
    pages_of,
    rows_of_table,
    section,
    squeezed,
    text_of,
)
from tests.support.thorough import THOROUGH, in_turn

# Layout is slow under the tracer, and the rest of the suite reaches all of the code.
pytestmark = pytest.mark.no_cover

MILLIMETRE: Final = 96 / 25.4
MARGIN: Final = 20 / 210
DARK: Final = 200
SENTENCE: Final = "จัดประชุมชี้แจงผู้บริหาร พนักงาน และลูกจ้างทุกส่วนราชการ จำนวน ๔๒ คน ณ ห้องประชุม "
# Of three pages.
SMALL: Final = document(section(1, *[replace(ROW, title="มาตรการ " * 20)] * 5))


def rich() -> ReportDocument:
    """A report as an office writes it: results of several lines, obstacles, evidence, some of it late."""
    steps = tuple(StepLine(f"{n}.", 1, SENTENCE * (1 + n % 2), date(2023, 1, n)) for n in range(1, 5))
    lines = "\n".join(f"{thai_digits(n)}. {SENTENCE}" for n in range(1, 5))
    proof = EvidenceLine(1, "ภาพการประชุม", "https://example.go.th/1", date(2023, 1, 9), public=True)
    full = replace(
        ROW, title=SENTENCE, steps=steps, result=lines, obstacle=SENTENCE * 2, evidence=(proof,) * 2
    )
    late = replace(full, late=True, due_on=date(2023, 3, 19), reason="รอสภา", result=lines[:200], evidence=())
    short = replace(ROW, title=SENTENCE, steps=steps[:3], status="not_started")
    return document(
        *(section(n, row) for n, row in enumerate([full, late, short, full, full, short, late], 1)),
        section(8, full, short),
        section(9),
        section(10, full),
    )


# Letters of each size and, by how many sentences its results have, columns of each width.
SENTENCES: Final = (0, 4, 8, 14)
CASES: Final = [
    (size, sentences)
    for place, size in enumerate(get_args(TextSize))
    for sentences in in_turn(SENTENCES, place, len(get_args(TextSize)))
]


def reported(sentences: int) -> ReportDocument:
    """Twelve measures of different heights, whose results are of about that many sentences."""
    steps = tuple(StepLine(f"{n}.", 1, SENTENCE * (1 + n % 2), None) for n in range(1, 5))
    rows = [
        replace(
            ROW,
            title=SENTENCE[: 40 + 9 * n],
            steps=steps[: 1 + n % 4],
            result=(SENTENCE * sentences)[7 * n :] if sentences else "",
        )
        for n in range(12)
    ]
    return document(*(section(n + 1, *rows[2 * n : 2 * n + 2]) for n in range(6)))


@pytest.fixture(scope="module", params=get_args(TextSize))
def layout(request: pytest.FixtureRequest) -> Layout:
    return laid_out(replace(rich(), text_size=request.param))


@pytest.fixture(scope="module", params=CASES, ids=str)
def any_layout(request: pytest.FixtureRequest) -> Layout:
    """The table in all widths of its columns and both sizes of its letters, in the long form each in both."""
    size, sentences = request.param
    return laid_out(replace(reported(sentences), text_size=size))


def laid_out(made: ReportDocument) -> Layout:
    return pdf.lay_out(pdf.paper_html(made))


def filled(content: bytes) -> Sequence[float]:
    """How far down each page is printed on, where 1 is to the lower margin; margins do not count."""
    parts = []
    with pypdfium2.PdfDocument(content) as opened:
        for page in opened:
            picture = page.render(scale=0.5).to_pil().convert("L")
            body = picture.crop(
                (0, int(MARGIN * picture.height), picture.width, int((1 - MARGIN) * picture.height))
            )
            box = body.point(lambda shade: 255 * (shade < DARK)).getbbox()
            parts.append(box[3] / body.height if box else 0)
    return parts


# --- Pages ------------------------------------------------------------------------------------------


def test_the_measure_of_a_page_is_how_far_down_there_is_ink() -> None:
    out = io.BytesIO()
    picture = Image.new("L", (842, 595), 255)
    # Down to the middle of what lies between the margins, and something in the lower margin.
    picture.paste(0, (100, 80, 300, 298))
    picture.paste(0, (100, 570, 300, 580))
    picture.save(out, "PDF")
    (part,) = filled(out.getvalue())
    assert part == pytest.approx(0.5, abs=0.01)


def test_the_pages_of_a_report_with_results_are_three_quarters_full(layout: Layout) -> None:
    parts = filled(layout.to_pdf(pdf.finish))
    assert len(parts) > 5
    assert sum(parts) / len(parts) >= 0.75
    # But for the last of the table and of the annex.
    assert sum(part < 0.6 for part in parts) <= 2


def test_the_cases_have_all_widths_of_columns() -> None:
    for size in get_args(TextSize):
        chosen = {columns_for(replace(reported(n), text_size=size)).name for n in SENTENCES}
        assert chosen == {columns.name for columns in CHOICES}
    chosen = {columns_for(replace(reported(n), text_size=size)).name for size, n in CASES}
    assert chosen == {columns.name for columns in CHOICES}


def test_no_heading_is_the_last_on_its_page(any_layout: Layout) -> None:
    assert len(any_layout) > 2
    for page in any_layout.page_boxes:
        printed = [box for box in boxes(page) if getattr(box, "text", "").strip() and box.position_y < 718]
        last = max(printed, key=lambda box: box.position_y)
        heads = [box for box in boxes(page) if {"paper-head", "paper-indicator"} & set(classes(box))]
        assert not any(last in list(head.descendants()) for head in heads)


def test_no_table_has_a_head_and_no_row(any_layout: Layout) -> None:
    tables = [
        box for page in any_layout.page_boxes for box in boxes(page) if type(box).__name__ == "TableBox"
    ]
    assert len(tables) > 2
    for table in tables:
        head, *groups = table.children
        assert head.is_header
        # The head of an indicator is no row of its own.
        rows = [row for group in groups for row in group.children]
        assert any("paper-indicator" not in classes(row) for row in rows)


def test_nothing_stands_outside_the_margins(any_layout: Layout) -> None:
    """25 mm on the left, where a sheet is filed, and 20 mm on all other sides."""
    left, right, top, bottom = (MILLIMETRE * side for side in (25, 277, 20, 190))
    for page in any_layout.page_boxes:
        printed = [box for box in page.children if type(box).__name__ != "MarginBox"]
        lines = [part for box in printed for part in box.descendants() if hasattr(part, "text")]
        assert lines
        for line in lines:
            assert left - 0.1 <= line.position_x
            assert line.position_x + line.width <= right + 0.1
            assert top - 0.1 <= line.position_y
            assert line.position_y + line.height <= bottom + 1


def test_a_row_that_is_divided_begins_with_its_title_and_three_lines(layout: Layout) -> None:
    for made in (layout, laid_out(of_chance(2, measures=3))):
        pages = pages_of(made, "paper-measure")
        assert any(len(on) > 1 for on in pages)
        rows = [row for page in made.page_boxes for row in rows_of_table(page)]
        seen: set[Any] = set()
        for row in rows:
            if "paper-measure" in classes(row) and row.element not in seen:
                seen.add(row.element)
                assert text_of(row.children[0]).strip()
                assert row.height > 45


@pytest.mark.parametrize("size", get_args(TextSize))
def test_five_thousand_letters_of_a_result_leave_no_blank_columns(size: TextSize) -> None:
    giant = replace(ROW, result=(SENTENCE * 100)[:5000])
    made = laid_out(document(section(1, ROW, giant, ROW), text_size=size))
    assert len(made) <= 4
    assert len(pages_of(made, "paper-details")) == 1
    with pypdfium2.PdfDocument(made.to_pdf(pdf.finish)) as opened:
        whole = "".join(squeezed(page.get_textpage().get_text_bounded()) for page in opened)
    assert whole.count(squeezed(SENTENCE)) + 4 >= 5000 // len(SENTENCE)


def test_in_small_letters_a_report_takes_less_paper() -> None:
    small, usual = (laid_out(replace(rich(), text_size=size)) for size in get_args(TextSize))
    assert len(small) < len(usual)
    sizes = [
        {
            round(box.style["font_size"] / 96 * 72, 2)
            for box in boxes(layout.page_boxes[-1])
            if hasattr(box, "text")
        }
        for layout in (small, usual)
    ]
    # As tall as 14 and 16 points of TH Sarabun New, of which 16 are 11 of Sarabun.
    assert 9.62 in sizes[0] - sizes[1]
    assert 11 in sizes[1] - sizes[0]


@pytest.mark.parametrize("size", get_args(TextSize))
def test_what_stands_side_by_side_on_the_first_page_is_on_the_first(size: TextSize) -> None:
    """Both parts are in one piece: too tall, they would leave the first page empty."""
    late = replace(ROW, late=True, reason=SENTENCE)
    seen = set()
    for count in range(1, 9) if THOROUGH else (2, 5):
        sections = [section(n, replace(late, late=n <= count)) for n in range(1, 11)]
        first, *others = laid_out(document(*sections, text_size=size, edition=MARK)).page_boxes
        seen.add(any("paper-beside" in classes(box) for box in boxes(first)))
        assert not any("paper-beside" in classes(box) for page in others for box in boxes(page))
        assert any("paper-chart" in classes(box) for box in boxes(first))
    assert seen == {True, False}


# --- Columns ----------------------------------------------------------------------------------------


def test_columns_are_as_wide_as_where_their_text_is_counted() -> None:
    css = (BASE_DIR / "static" / "css" / "paper.css").read_text(encoding="utf-8")
    for columns in CHOICES:
        found = re.findall(rf"\.paper-columns-{columns.name} \.paper-col-(\w+) {{\s*width: (\d+)mm;", css)
        assert dict(found) == dict(
            zip(("title", "steps", "parties", "due", "result"), map(str, columns.widths), strict=True)
        )
        assert sum(columns.widths) == WIDTH


def test_where_results_hold_the_most_their_column_is_the_widest() -> None:
    for words in (6, 8, 10):
        made = document(section(1, replace(ROW, result=SENTENCE * words)), section(2, ROW))
        widths = columns_for(made).widths
        assert max(widths) == widths[4]


def test_where_nothing_is_reported_the_steps_have_the_room_and_results_are_not_the_narrowest() -> None:
    steps = tuple(StepLine(f"{n}.", 1, SENTENCE, None) for n in range(1, 9))
    widths = columns_for(document(section(1, replace(ROW, steps=steps)))).widths
    assert max(widths) == widths[1]
    assert min(widths) < widths[4]


def test_one_giant_does_not_choose_the_widths_of_all() -> None:
    made = rich()
    giant = document(*made.indicators, section(11, replace(ROW, result=SENTENCE * 80)))
    assert columns_for(giant) == columns_for(made)


# --- What goes on -----------------------------------------------------------------------------------

LONG: Final = 60
GOES_ON: Final[dict[str, MeasureRow]] = {
    "title": replace(ROW, title=" ".join(["มาตรการยาว"] * 150)),
    "steps": replace(ROW, steps=tuple(StepLine(f"{n}.", 1, "ประชุม", None) for n in range(1, LONG))),
    "parties": replace(ROW, parties=tuple(f"กองที่ {n}" for n in range(LONG))),
    "due": replace(ROW, due_text="มีนาคม\n" * LONG),
    "result": replace(
        ROW, result="ผล\n" * 45, parties=tuple(f"กองที่ {n}" for n in range(32)), title="มาตรการยาว"
    ),
    "one paragraph": replace(ROW, result=SENTENCE * 60, title="มาตรการยาว"),
}


@pytest.mark.parametrize(
    ("column", "size"),
    [
        (column, size)
        for place, column in enumerate(GOES_ON)
        for size in in_turn(get_args(TextSize), place, len(get_args(TextSize)))
    ],
)
def test_a_row_that_goes_on_says_of_what(column: str, size: TextSize) -> None:
    made = document(section(2, ROW, GOES_ON[column]), section(3, ROW), text_size=size)
    layout = laid_out(made)
    content = layout.to_pdf(pdf.finish)
    places = pages_of(layout, "paper-measure") + pages_of(layout, "paper-details")
    goes_on = {page for on in places for page in on[1:]}
    assert goes_on
    name = squeezed(f"(ต่อ) ตัวชี้วัดที่ ๒ {made.indicators[0].name}: {GOES_ON[column].title[:20]}")
    with pypdfium2.PdfDocument(content) as opened:
        texts = [squeezed(page.get_textpage().get_text_bounded()) for page in opened]
    assert {number for number, text in enumerate(texts) if name in text} >= goes_on
    assert {number for number, text in enumerate(texts) if name in text} <= goes_on | _after(layout)


def _after(layout: Layout) -> set[int]:
    """The pages that begin with what is printed below a row."""
    return {on[0] for on in pages_of(layout, "paper-details")}


# --- The first page and the approval ----------------------------------------------------------------


def first_page(made: ReportDocument) -> str:
    with pypdfium2.PdfDocument(laid_out(made).to_pdf(pdf.finish)) as opened:
        return squeezed(opened[0].get_textpage().get_text_bounded())


def test_the_first_page_answers_in_one_sentence_and_explains_its_chart(layout: Layout) -> None:
    with pypdfium2.PdfDocument(layout.to_pdf(pdf.finish)) as opened:
        text = squeezed(opened[0].get_textpage().get_text_bounded())
    assert squeezed("แล้วเสร็จ ๐ จาก ๑๐ มาตรการ (ร้อยละ ๐) · ล่าช้า ๒") in text
    assert squeezed("รายงานว่าดำเนินการแล้ว") in text
    assert squeezed("ยังไม่รายงาน · ไม่นับขั้นตอนของมาตรการที่ยกเลิก") in text
    assert squeezed("๔/๔อยู่ระหว่างดำเนินการ") in text


def test_what_is_late_names_indicator_division_and_days() -> None:
    part = PartLine("กองคลัง", "in_progress", "อยู่ระหว่างดำเนินการ", True, "", "", "")
    late = replace(
        ROW,
        late=True,
        due_on=date(2023, 3, 19),
        due_text="",
        reason="อุทกภัย",
        parts=(part, replace(part, division="กองช่าง", late=False)),
    )
    to_come = replace(late, due_on=date(2023, 3, 31), parts=(), title="ยังไม่ถึง")
    text = first_page(document(section(4, late), section(5, to_come)))
    assert squeezed("มาตรการที่ล่าช้า (นับถึง ๓๑ มีนาคม ๒๕๖๖)") in text
    assert (
        squeezed("ตัวชี้วัดที่ ๔ มาตรการป้องกันการรับสินบน กองคลัง · กำหนด ๑๙ มีนาคม ๒๕๖๖ · เกินกำหนด ๑๒ วัน เหตุผล: อุทกภัย")
        in text
    )
    assert squeezed("ตัวชี้วัดที่ ๕ ยังไม่ถึง กองคลัง, กองช่าง") in text
    assert squeezed("ครบกำหนดก่อนสิ้นรอบ") in text


def test_many_late_measures_stand_below_the_chart_and_none_is_lost() -> None:
    late = replace(ROW, late=True, reason="รอสภา")
    made = laid_out(document(*(section(n, replace(late, title=f"เรื่องช้า {n}")) for n in range(1, 16))))
    with pypdfium2.PdfDocument(made.to_pdf(pdf.finish)) as opened:
        pages = [squeezed(page.get_textpage().get_text_bounded()) for page in opened]
    listed = "".join(pages[: pages_of(made, "paper-late")[0][-1] + 1])
    assert all(squeezed(f"เรื่องช้า {n}") in listed for n in range(1, 16))
    assert not any("paper-beside" in classes(box) for box in boxes(made.page_boxes[0]))


def test_a_draft_says_so_on_every_page_and_an_edition_nowhere() -> None:
    for mark, expected in ((None, True), (MARK, False)):
        with pypdfium2.PdfDocument(pdf.make(replace(SMALL, edition=mark)).content) as opened:
            corners = [
                page.get_textpage().get_text_bounded(left=700, bottom=page.get_height() - 57)
                for page in opened
            ]
            whole = "".join(page.get_textpage().get_text_bounded() for page in opened)
        assert all(("ร่าง" in corner) == expected for corner in corners)
        assert ("ร่าง" in whole) == expected


def test_an_edition_says_on_every_page_which_it_is_and_on_the_first_who_answers_for_it() -> None:
    made = replace(SMALL, edition=MARK)
    with pypdfium2.PdfDocument(pdf.make(made).content) as opened:
        texts = [squeezed(page.get_textpage().get_text_bounded()) for page in opened]
    assert all(squeezed("ฉบับที่ ๒ รหัส 7KQF-29XM") in text for text in texts)
    # The title comes first in the order in which it is read and copied.
    assert texts[0].startswith("รายงานผลการ")
    for said in (
        "รายงานโดย ผู้รายงาน เมื่อ ๓ เมษายน ๒๕๖๖",
        "อนุมัติโดย นางสมมุติ ตัวอย่าง นายกเทศมนตรี เมื่อ ๕ เมษายน ๒๕๖๖",
        "แก้ไขจากฉบับก่อน: แก้ผลของกองคลัง",
        MARK.address,
    ):
        assert squeezed(said) in texts[0]
    assert squeezed("อนุมัติในระบบโดย (นางสมมุติ ตัวอย่าง) ตำแหน่ง นายกเทศมนตรี วันที่ ๕ เมษายน ๒๕๖๖") in texts[-1]
