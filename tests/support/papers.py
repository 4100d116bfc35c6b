"""Report documents as tests make them, and what stands on the pages that they are laid out on."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any, Final

from reports.document.facts import (
    EditionMark,
    IndicatorSection,
    MeasureRow,
    ReportDocument,
    StatusName,
    StepLine,
)
from reports.renderers.weasy import Layout

STATUSES: Final = (
    StatusName("done", "ดำเนินการแล้วเสร็จ"),
    StatusName("in_progress", "อยู่ระหว่างดำเนินการ"),
    StatusName("not_started", "ยังไม่ได้ดำเนินการ"),
    StatusName("cancelled", "ยกเลิก"),
)
ROW: Final = MeasureRow(
    title="มาตรการป้องกันการรับสินบน",
    steps=(StepLine("1.", 1, "จัดประชุม", date(2023, 1, 9)), StepLine("2.", 1, "เผยแพร่ประกาศ", None)),
    parties=("กองคลัง", "กองช่าง"),
    due_text="ตลอดปีงบประมาณ พ.ศ. ๒๕๖๖",
    due_on=date(2023, 9, 30),
    status="in_progress",
    status_label="อยู่ระหว่างดำเนินการ",
    late=False,
    reason="",
    result="",
    obstacle="",
)
MARK: Final = EditionMark(
    revision=2,
    code="7KQF-29XM",
    address="https://ita.example.go.th/public/kongkoi/2566/6/2/",
    approved_by="นางสมมุติ ตัวอย่าง",
    approved_post="นายกเทศมนตรี",
    approved_on=date(2023, 4, 5),
    correction="แก้ผลของกองคลัง",
    reported_on=date(2023, 4, 3),
)
# Only letters that every reader of a PDF gets back, in words of many lengths.
WORDS: Final = "ประชุม รายงาน ตรวจสอบ แผน เผยแพร่ บุคลากร องค์กรปกครองส่วนท้องถิ่น ประเมินความเสี่ยง กอง ผล".split()


def section(number: int, *rows: MeasureRow) -> IndicatorSection:
    return IndicatorSection(number, f"เรื่องที่สนใจข้อ {number}", rows)


def document(*sections: IndicatorSection, **facts: Any) -> ReportDocument:
    """A six-month report; facts replace any of its own."""
    made = ReportDocument(
        agency="เทศบาลเมืองกองก้อย",
        agency_short="ทม.กองก้อย",
        province="แม่ฮ่องสอน",
        fiscal_year=2566,
        months=6,
        as_of=date(2023, 3, 31),
        statuses=STATUSES,
        indicators=sections,
    )
    return replace(made, **facts)


def of_chance(seed: int, measures: int = 14) -> ReportDocument:
    """A document whose steps, parties and results are of every length, so that pages end anywhere in it.

    The same number makes the same document.
    """
    chance = random.Random(seed)  # noqa: S311 - chance for variety, not for secrecy

    def words(most: int) -> str:
        return " ".join(chance.choice(WORDS) for _ in range(chance.randint(1, most)))

    def made_row() -> MeasureRow:
        steps = [StepLine(f"{n}.", 1, words(45), None) for n in range(1, chance.randint(2, 9))]
        substeps = [StepLine(f"{len(steps)}.{n}", 2, words(30), None) for n in range(1, chance.randint(1, 6))]
        return replace(
            ROW,
            title=words(12),
            steps=(*steps, *substeps),
            parties=tuple(words(9) for _ in range(chance.randint(1, 16))),
            result=words(chance.choice([1, 8, 60])),
        )

    sections = [
        section(n, *(made_row() for _ in range(chance.randint(1, 2)))) for n in range(measures * 2 // 3)
    ]
    return document(*sections)


def squeezed(text: str) -> str:
    """Without white space: where a reader sees spaces between Thai words differs between readers."""
    return "".join(text.split())


# --- The laid-out pages -----------------------------------------------------------------------------


def boxes(page: Any) -> Iterator[Any]:
    """Every box on a page, in order."""
    return iter(page.descendants())


def classes(box: Any) -> list[str]:
    """The classes of the element that a box was made for."""
    return [] if box.element is None else str(box.element.get("class") or "").split()


def text_of(box: Any) -> str:
    """The text that is drawn in a box."""
    return "".join(part.text for part in [box, *box.descendants()] if hasattr(part, "text"))


def pages_of(layout: Layout, name: str) -> list[list[int]]:
    """For each element of a class, in order, the pages that it has a box on: one, unless it was split."""
    found: dict[Any, set[int]] = {}
    for number, page in enumerate(layout.page_boxes):
        for box in boxes(page):
            if name in classes(box):
                found.setdefault(box.element, set()).add(number)
    return [sorted(pages) for pages in found.values()]


def split(layout: Layout, name: str) -> list[list[int]]:
    """The pages of those elements of a class that stand on more than one."""
    return [pages for pages in pages_of(layout, name) if len(pages) > 1]


def rows_of_table(page: Any) -> list[Any]:
    """The rows of the table of measures on a page, without its head."""
    return [
        box
        for box in boxes(page)
        if type(box).__name__ == "TableRowBox" and {"paper-indicator", "paper-measure"} & set(classes(box))
    ]


def typed_by_people(documents: Iterable[ReportDocument]) -> list[str]:
    """Every text of the documents' measures."""
    return [
        text
        for made in documents
        for row in made.measures
        for text in (row.title, *(step.text for step in row.steps), *row.parties, row.result)
        if text
    ]
