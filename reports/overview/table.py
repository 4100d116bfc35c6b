"""The overseer's table of agencies as CSV, for Excel."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

from django.utils import timezone

from reports.models import RoundState
from reports.overview.selectors import AgencyRow, Asked
from reports.renderers.csv import text_of
from reports.renderers.table import Cell

HEADINGS: Final = (
    "หน่วยงาน",
    "จังหวัด",
    "ปีงบประมาณ",
    "รอบ (เดือน)",
    "สถานะรายงาน",
    "ขั้นของรายงาน",
    "วันที่ส่งหรือเผยแพร่",
    "มาตรการ",
    "แล้วเสร็จ",
    "ล่าช้า",
    "หมายเหตุ",
)


def table_csv(rows: Iterable[AgencyRow], asked: Asked) -> bytes:
    """UTF-8 with a byte order mark, comma separated, CRLF, no formula: as the report's CSV."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    writer.writerows([text_of(cell) for cell in _cells(row, asked)] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _cells(row: AgencyRow, asked: Asked) -> Iterator[Cell]:
    yield from (row.agency.name, row.agency.province, asked.year, asked.months, row.label)
    yield str(RoundState(row.state).label) if row.state else None
    yield timezone.localdate(row.since) if row.since else None
    if row.plan is None:
        yield from (None, None, None, None)
    else:
        yield from (row.total, row.done, row.late, row.plan.sample_note)
