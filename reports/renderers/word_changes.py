"""The page of a Word report that says what changed since the round before."""

from typing import Any, Final

from docx.shared import Mm
from docx.table import _Cell

from core.thai_calendar import thai_digits
from reports.document.changes import RESULT_IS_SAME, Changes, MeasureChange, changes_in
from reports.document.facts import ReportDocument
from reports.document.first_page import StepCount
from reports.renderers.word_parts import headed_table, set_widths, write, write_lines

# Of the 252 mm between the margins.
WIDTHS: Final = (Mm(58), Mm(32), Mm(32), Mm(65), Mm(65))
NOTHING: Final = "–"


def write_changes(word: Any, document: ReportDocument) -> None:
    """Add the page, where the report stands beside an earlier one."""
    changes = changes_in(document)
    if changes is None:
        return
    heading = word.add_paragraph()
    heading.paragraph_format.page_break_before = True
    write(heading, thai_digits(changes.heading), bold=True, centred=True)
    for line in (changes.compared_with, thai_digits(changes.summary)):
        write(word.add_paragraph(), line, centred=True)
    if changes.changed:
        _table(word, changes, document.months)
    if changes.same:
        write(word.add_paragraph(), changes.same_line)


def _table(word: Any, changes: Changes, months: int) -> None:
    before, now = (f"รอบ {thai_digits(number)} เดือน" for number in (changes.earlier.months, months))
    headings = ("มาตรการ", f"สถานะ {before}", f"สถานะ {now}", f"ผล {before}", f"ผล {now}")
    table = headed_table(word, headings, WIDTHS)
    for change in changes.changed:
        cells = table.add_row().cells
        set_widths(cells, WIDTHS)
        _row(cells, change)


def _row(cells: tuple[_Cell, ...], change: MeasureChange) -> None:
    write_lines(cells[0], [f"ตัวชี้วัดที่ {thai_digits(change.indicator)} {change.title}"])
    write(cells[0].add_paragraph(), change.words, bold=True)
    write_lines(cells[1], _standing(change.status_before, change.steps_before))
    write_lines(cells[2], _standing(change.status_after, change.steps_after))
    if change.result_changed:
        write_lines(cells[3], [change.result_before or NOTHING])
        write_lines(cells[4], [change.result_after or NOTHING])
    else:
        write(cells[3].merge(cells[4]).paragraphs[0], RESULT_IS_SAME)


def _standing(status: str, steps: StepCount | None) -> list[str]:
    if not status:
        return [NOTHING]
    counted = f"ขั้นตอน {thai_digits(steps.done)}/{thai_digits(steps.total)}" if steps and steps.total else ""
    return [text for text in (status, counted) if text]
