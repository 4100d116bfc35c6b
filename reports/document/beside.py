"""Whether what is late has room beside the chart on a report's first page, or stands below it.

Side by side both are in one piece: what is too tall for the rest of the page would leave it empty. Heights
are counted in lines of the report's text, as tall as static/css/paper.css makes them.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from core.text import lines_needed
from reports.document.facts import USUAL_SIZE, ReportDocument
from reports.document.first_page import LateLine, headline

# Lines of the usual size on a page.
PAGE: Final = 32.4
# The title's three, the day, and what stands round the headline.
TITLE: Final = 4.6
DAY: Final = 1.2
ROUND_HEADLINE: Final = 2.5
HEADLINE: Final = 1.4
EDITION: Final = 1.1
# Heads of both parts; a row of the chart, and its key; a line of what is late, and what divides two.
CHART: Final = 3.9
ROW: Final = 1.3
LATE: Final = 2.6
LATE_LINE: Final = 0.91
BETWEEN: Final = 0.5
# Letters that a line holds, marks above and below not counted.
LETTERS_OF_TITLE: Final = 64
LETTERS_OF_HEADLINE: Final = 98
LETTERS_OF_EDITION: Final = 92
LETTERS_OF_LATE: Final = 42
LETTERS_OF_ROW: Final = 27


def stands_beside(document: ReportDocument, late: Sequence[LateLine]) -> bool:
    """Whether both parts, side by side, end on the first page."""
    larger = USUAL_SIZE / document.text_size
    room = PAGE * larger - sum(_top(document, larger))
    of_row, of_late = int(LETTERS_OF_ROW * larger), int(LETTERS_OF_LATE * larger)
    chart = CHART + sum(ROW + lines_needed(part.name, of_row) - 1 for part in document.sections)
    lines = sum(
        lines_needed(text, of_late)
        for line in late
        for text in (f"ตัวชี้วัดที่ 00 {line.title}", f"เหตุผล: {line.reason}", _whose_and_when(line))
    )
    return bool(late) and max(chart, LATE + LATE_LINE * lines + BETWEEN * len(late)) <= room


def _whose_and_when(line: LateLine) -> str:
    return f"{line.whose} · กำหนด {line.due_text or '00 กุมภาพันธ์ 0000'} · {line.since}"


def _top(document: ReportDocument, larger: float) -> Iterator[float]:
    """Heights of all that stands above."""
    yield TITLE * max(1, lines_needed(document.agency, int(LETTERS_OF_TITLE * larger)) * 2 / 3)
    yield DAY
    if document.sample_note:
        yield DAY
    if mark := document.edition:
        by = f"รายงานโดย {document.reporter.name} {document.reporter.post} เมื่อ 00 กุมภาพันธ์ 0000"
        signed = f"อนุมัติโดย {mark.approved_by} {mark.approved_post} เมื่อ 00 กุมภาพันธ์ 0000"
        lines = [
            by,
            signed,
            mark.log_head[:1],
            f"แก้ไขจากฉบับก่อน: {mark.correction}" if mark.correction else "",
        ]
        letters = int(LETTERS_OF_EDITION * larger)
        yield from (EDITION * lines_needed(text, letters) for text in lines if text)
    sentence = headline(document)
    yield ROUND_HEADLINE
    # Its second part has smaller letters.
    said = f"{sentence.answer} · {sentence.rest[: int(0.8 * len(sentence.rest))]}"
    yield HEADLINE * lines_needed(said, int(LETTERS_OF_HEADLINE * larger))
