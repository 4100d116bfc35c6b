"""What changed between two reports as a file of its own: one row a field that differs, as CSV or Excel."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final, Protocol

from openpyxl import Workbook

from reports.document.facts import ReportDocument
from reports.document.printable import without_unprintable
from reports.renderers.csv import text_of
from reports.renderers.table import SAMPLE_COLUMN, TableColumn
from reports.renderers.xlsx_parts import set_print, write_table
from reports.renderers.xml_archive import dated

SHEET: Final = "การเปลี่ยนแปลง"
COLUMNS: Final = (
    TableColumn("before_report", "ฉบับเดิม", 34, "รายงานที่ใช้เทียบ"),
    TableColumn("after_report", "ฉบับใหม่", 34, "รายงานที่เทียบ"),
    TableColumn("title", "มาตรการ", 44, "ชื่อมาตรการ"),
    TableColumn("field", "รายการ", 30, "สิ่งที่เปลี่ยน"),
    TableColumn("before", "เดิม", 60, "ว่างเมื่อไม่มี"),
    TableColumn("after", "ใหม่", 60, "ว่างเมื่อไม่มี"),
)


class ChangedField(Protocol):
    """One field that differs, before and after as people read them."""

    @property
    def measure(self) -> str: ...
    @property
    def field(self) -> str: ...
    @property
    def before(self) -> str: ...
    @property
    def after(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Compared:
    """Two reports and what differs between them."""

    before: ReportDocument
    after: ReportDocument
    differences: Sequence[ChangedField]


def report_name(document: ReportDocument) -> str:
    """Which report it is, in a few words."""
    mark = document.edition
    state = f"ฉบับที่ {mark.revision} รหัส {mark.code}" if mark else f"ร่าง ณ {document.as_of.isoformat()}"
    return f"{document.agency_short} {document.round_name} {state}"


def as_csv(compared: Compared) -> bytes:
    """UTF-8 with a byte order mark, as the report's own CSV."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(column.heading for column in _columns(compared))
    writer.writerows([text_of(cell) for cell in row] for row in _rows(compared))
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(compared: Compared) -> bytes:
    """A workbook of one sheet; the same comparison gives the same bytes."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    write_table(sheet, "Differences", _columns(compared), _rows(compared))
    set_print(sheet, compared.after)
    book.properties.title = f"{report_name(compared.before)} → {report_name(compared.after)}"
    book.properties.creator = compared.after.agency
    book.properties.created = datetime.combine(compared.after.as_of, time())
    file = io.BytesIO()
    book.save(file)
    return dated(file.getvalue(), compared.after.as_of)


MAKERS: Final[dict[str, Callable[[Compared], bytes]]] = {"xlsx": as_xlsx, "csv": as_csv}


def _columns(compared: Compared) -> tuple[TableColumn, ...]:
    return (*COLUMNS, SAMPLE_COLUMN) if compared.after.sample_note else COLUMNS


def _rows(compared: Compared) -> Iterator[tuple[str, ...]]:
    names = (report_name(compared.before), report_name(compared.after))
    sample = (compared.after.sample_note,) if compared.after.sample_note else ()
    for each in compared.differences:
        row = (*names, each.measure, each.field, each.before, each.after, *sample)
        yield without_unprintable(row)[0]
