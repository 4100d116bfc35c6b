"""The annex of a Word report: the list of evidence."""

from typing import Any, Final

from docx.shared import Mm
from docx.table import _Cell

from core.thai_calendar import short_date, thai_digits
from reports.document.annex import STAYS, STAYS_NOTE, Entry, annex
from reports.document.facts import ReportDocument
from reports.renderers.word_first_page import NOTHING
from reports.renderers.word_parts import (
    headed_table,
    keep_whole,
    mark_place,
    set_widths,
    write,
    write_lines,
    write_link,
)
from reports.renderers.word_styles import HEADING_1, SMALL

ANNEX: Final = "ภาคผนวก หลักฐานประกอบการดำเนินงาน"
HEADINGS: Final = ("ลำดับที่", "หลักฐาน", "วันที่", "ที่อยู่")
# Of the 252 mm between the margins.
WIDTHS: Final = (Mm(16), Mm(79), Mm(28), Mm(129))


def place_of_evidence(number: int) -> str:
    """The name of the place in the document where a piece of evidence stands."""
    return f"evidence_{number}"


def write_annex(word: Any, document: ReportDocument) -> None:
    """All evidence by number, on a page of its own."""
    heading = word.add_paragraph(ANNEX, HEADING_1)
    heading.paragraph_format.page_break_before = True
    entries = annex(document)
    if any(found.stays for found in entries):
        write(word.add_paragraph(), STAYS_NOTE)
    told = (ANNEX, "หนึ่งแถวต่อหนึ่งหลักฐาน ตามลำดับที่ซึ่งช่องผลการดำเนินงานอ้างถึง")
    table = headed_table(word, HEADINGS, WIDTHS, told)
    for found in entries:
        row = table.add_row()
        set_widths(row.cells, WIDTHS)
        keep_whole(row)
        _entry(row.cells, found)


def _entry(cells: tuple[_Cell, ...], found: Entry) -> None:
    number, name, day, where = cells
    write(number.paragraphs[0], thai_digits(found.number), centred=True)
    mark_place(number.paragraphs[0], place_of_evidence(found.number))
    write_lines(name, [found.name])
    write_lines(day, [thai_digits(short_date(found.day))])
    place = where.paragraphs[0]
    if found.address:
        write_link(place, found.address)
    elif found.place or not found.sha256:
        write(place, found.place or NOTHING)
    if found.file:
        write(place, f" ({thai_digits(found.file)})")
    if found.sha256:
        # A file that stays unnamed has nothing before its hash.
        line = where.add_paragraph() if found.address or found.place else place
        line.style = SMALL
        write(line, f"SHA-256 {found.sha256}")
    if found.stays:
        write(where.add_paragraph(), STAYS, bold=True)
