"""The part of a Word report that says what changed since the round before."""

from typing import Any, Final

from docx.shared import Mm
from docx.table import _Cell

from core.thai_calendar import thai_digits
from reports.document.changes import RESULT_IS_SAME, Changes, MeasureChange, changes_in
from reports.document.facts import ReportDocument
from reports.document.first_page import StepCount
from reports.renderers.word_first_page import NOTHING
from reports.renderers.word_parts import headed_table, keep_whole, set_widths, write, write_lines, write_typed
from reports.renderers.word_styles import HEADING_1

# Of the 252 mm between the margins.
WIDTHS: Final = (Mm(58), Mm(32), Mm(32), Mm(65), Mm(65))


def write_changes(word: Any, document: ReportDocument) -> None:
    """Add it on a page of its own, where the report stands beside an earlier one."""
    changes = changes_in(document)
    if changes is None:
        return
    heading = word.add_paragraph(thai_digits(changes.heading), HEADING_1)
    heading.paragraph_format.page_break_before = True
    write(word.add_paragraph(), changes.compared_with)
    summary = word.add_paragraph()
    write(summary, thai_digits(changes.summary), bold=True)
    if changes.changed:
        summary.paragraph_format.space_after = Mm(2)
        _table(word, changes, document.months)
    if changes.same:
        same = word.add_paragraph()
        same.paragraph_format.space_before = Mm(2)
        write(same, changes.same_line)


def _table(word: Any, changes: Changes, months: int) -> None:
    before, now = (f"รอบ {thai_digits(number)} เดือน" for number in (changes.earlier.months, months))
    headings = ("มาตรการ", f"สถานะ {before}", f"สถานะ {now}", f"ผล {before}", f"ผล {now}")
    told = (thai_digits(changes.heading), "หนึ่งแถวต่อหนึ่งมาตรการที่เปลี่ยนแปลง สถานะและผลของสองรอบอยู่ข้างกัน")
    table = headed_table(word, headings, WIDTHS, told)
    for change in changes.changed:
        row = table.add_row()
        set_widths(row.cells, WIDTHS)
        if change.is_short:
            keep_whole(row)
        _row(row.cells, change)


def _row(cells: tuple[_Cell, ...], change: MeasureChange) -> None:
    title, status_before, status_now, before, now = cells
    write_lines(title, [f"ตัวชี้วัดที่ {thai_digits(change.indicator)} {change.title}"])
    write(title.add_paragraph(), change.words, bold=True)
    write_lines(status_before, _standing(change.status_before, change.steps_before))
    write_lines(status_now, _standing(change.status_after, change.steps_after))
    if change.result_changed:
        write_typed(before, change.result_before or NOTHING)
        write_typed(now, change.result_after or NOTHING)
    else:
        write(before.merge(now).paragraphs[0], RESULT_IS_SAME)


def _standing(status: str, steps: StepCount | None) -> list[str]:
    if not status:
        return [NOTHING]
    counted = f"ขั้นตอน {thai_digits(steps.done)}/{thai_digits(steps.total)}" if steps and steps.total else ""
    return [text for text in (status, counted) if text]
