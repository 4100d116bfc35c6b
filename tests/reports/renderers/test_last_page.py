"""The last page of a part is worth its paper: signatures never alone, nor a line or two of the annex."""

import io
import re
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from reports.document.facts import EvidenceLine, ReportDocument, StepLine
from reports.renderers import FORMATS
from tests.support.papers import ROW, document, of_chance, section


def pages_of(made: ReportDocument) -> list[str]:
    with pypdfium2.PdfDocument(io.BytesIO(FORMATS["pdf"].render(made).content)) as pdf:
        return [page.get_textpage().get_text_bounded() for page in pdf]


def with_steps(count: int) -> ReportDocument:
    """Rows of measures of which the last has so many steps."""
    others = [replace(ROW, title=f"มาตรการที่ {number}") for number in range(count % 9)]
    steps = tuple(StepLine(f"{number}.", 1, "ขั้นตอนของการทำงาน", None) for number in range(1, count))
    return document(section(1, *others, replace(ROW, steps=steps)))


# Without the rule the signatures of each of these stand alone.
ALONE = [with_steps(count) for count in (26, 33)] + [of_chance(seed, 3) for seed in (1, 19)]


@pytest.mark.parametrize("made", ALONE, ids=["26 steps", "33 steps", "chance 1", "chance 19"])
def test_signatures_stand_below_the_end_of_the_last_row(made: ReportDocument) -> None:
    (page,) = [text for text in pages_of(made) if "ลงชื่อ" in text]
    above = page.partition("ลงชื่อ")[0].rpartition("ผลการดำเนินงาน")[2]
    assert re.search("[๐-๙]+[.]", above), above


def test_no_line_of_the_annex_stands_alone_on_its_last_page() -> None:
    for count in (21, 22, 23):
        lines = tuple(
            EvidenceLine(number, f"QZ{number:02}", "https://example.com/", date(2023, 2, 1))
            for number in range(1, count)
        )
        *_, last = pages_of(document(section(1, replace(ROW, evidence=lines))))
        assert len(re.findall("QZ", last)) >= 3
