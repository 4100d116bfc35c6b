"""What changed since the round before as a table, one row a measure, with those that are gone."""

from typing import Final

from reports.document.changes import MeasureChange
from reports.renderers.table import CHANGE_COLUMNS, COLUMNS, Cell, TableColumn, change_of

# Columns that this table shares with the report's.
_SHARED: Final = {column.key: column for column in COLUMNS}
CHANGE_SHEET: Final = (
    _SHARED["indicator"],
    _SHARED["title"],
    *CHANGE_COLUMNS,
    TableColumn("status_now", "สถานะในรอบนี้", 18, "ว่างเมื่อนำมาตรการออกจากแผน"),
    TableColumn("result_now", "ผลการดำเนินงานในรอบนี้", 42, "สิ่งที่ได้ดำเนินการ"),
    TableColumn("steps_done_now", "ขั้นตอนที่เสร็จในรอบนี้", 14, "จำนวนขั้นตอน ไม่นับของมาตรการที่ยกเลิก"),
    TableColumn("steps_now", "ขั้นตอนทั้งหมดในรอบนี้", 14, "จำนวนขั้นตอน ไม่นับของมาตรการที่ยกเลิก"),
)


def change_row(change: MeasureChange) -> tuple[Cell, ...]:
    """The cells of CHANGE_SHEET."""
    steps = change.steps_after
    counts = (steps.done, steps.total) if steps else (None, None)
    now = (change.status_after, change.result_after, *counts)
    return (change.indicator, change.title, *change_of(change), *now)
