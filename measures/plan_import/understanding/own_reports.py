"""Reports that this system made, taken in as a plan: one table or sheet holds the measures as a plan does,
the others say the same once more, or how it was before.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from core.thai_calendar import arabic_digits
from measures.plan_import.tables.table import SHEET, Table

# The sheets of a report's workbook that hold its measures: as data, and as they are printed.
DATA_SHEET: Final = "รายงาน"
PRINTED_SHEET: Final = "สำหรับพิมพ์"
# What stands above the table of what changed since the round before.
CHANGES: Final = "การเปลี่ยนแปลงจากรอบ 6 เดือน"
SAME: Final = f"แผ่นงานนี้มาจากรายงานของระบบ ซึ่งมีมาตรการอยู่ในแผ่นงาน “{PRINTED_SHEET}” แล้ว จึงไม่นำเข้า"
BEFORE: Final = "ตารางนี้บอกสิ่งที่เปลี่ยนจากรายงานรอบก่อน จึงไม่นำเข้า"


def beside_the_plan(tables: Sequence[Table]) -> dict[int, str]:
    """The tables of a report that are not its plan, by their place from 1, and why in Thai."""
    return dict(_found(tables))


def _found(tables: Sequence[Table]) -> Iterator[tuple[int, str]]:
    printed = f"{SHEET}{PRINTED_SHEET}"
    is_workbook = {f"{SHEET}{DATA_SHEET}", printed} <= {table.name for table in tables}
    for place, table in enumerate(tables, 1):
        if is_workbook and table.name != printed:
            yield place, SAME
        elif any(arabic_digits(line) == CHANGES for line in table.above):
            yield place, BEFORE
