"""The data dictionary, docs/REPORT_FORMAT.md, has every field and column that there is and no other."""

import json
import re
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from core.thai_calendar import RoundMonths
from reports.document.changes import as_earlier
from reports.document.earlier import EarlierEdition, EarlierMeasure
from reports.document.facts import (
    EditionMark,
    EvidenceLine,
    IndicatorSection,
    MeasureRow,
    PartLine,
    ReportDocument,
    Signatory,
    StatusName,
    StepLine,
    TextSize,
)
from reports.document.serialization import SCHEMA, VERSION, to_json
from reports.renderers.change_table import CHANGE_SHEET
from reports.renderers.table import CHANGE_COLUMNS, COLUMNS, EVIDENCE_COLUMNS, TableColumn, rows
from tests.support.papers import MARK, ROW, document, section

PAGE: Final = (Path(__file__).resolve().parents[3] / "docs" / "REPORT_FORMAT.md").read_text(encoding="utf-8")
KINDS: Final[dict[str, Any]] = {
    "Document": ReportDocument,
    "Status": StatusName,
    "Indicator": IndicatorSection,
    "Measure": MeasureRow,
    "Part": PartLine,
    "Step": StepLine,
    "Evidence": EvidenceLine,
    "Edition": EditionMark,
    "Signatory": Signatory,
    "Earlier report": EarlierEdition,
    "Earlier measure": EarlierMeasure,
}
TYPES: Final[dict[object, str]] = {
    str: "text",
    int: "number",
    bool: "yes or no",
    RoundMonths: "number",
    TextSize: "number",
    date: "day",
    date | None: "day or null",
    EditionMark | None: "edition or null",
    Signatory: "signatory",
    EarlierEdition | None: "earlier report or null",
    tuple[EarlierMeasure, ...]: "list of earlier measures",
    tuple[str, ...]: "list of texts",
    tuple[StatusName, ...]: "list of statuses",
    tuple[IndicatorSection, ...]: "list of indicators",
    tuple[MeasureRow, ...]: "list of measures",
    tuple[PartLine, ...]: "list of parts",
    tuple[StepLine, ...]: "list of steps",
    tuple[EvidenceLine, ...]: "list of evidence",
}


def described(heading: str) -> list[list[str]]:
    """The rows of the table below a heading, without its head."""
    (part,) = re.findall(rf"^##+ {heading}\n(.*?)(?=^#|\Z)", PAGE, re.MULTILINE | re.DOTALL)
    lines = [line.strip("|").split("|") for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line] for line in lines[2:]]


@pytest.mark.parametrize("heading", KINDS)
def test_every_field_is_described_with_its_type(heading: str) -> None:
    told = {row[0]: row[1] for row in described(heading)}
    there = {f"`{field.name}`": TYPES[field.type] for field in fields(KINDS[heading])}
    if heading == "Document":
        there |= {"`schema`": "text", "`version`": "number"}
    assert told == there
    assert all(len(row) == 4 and (row[2] or row[3]) for row in described(heading))


def test_every_field_of_a_file_is_described() -> None:
    """Not only those of the classes: what the file has."""
    proof = EvidenceLine(1, "ก", "https://example.com/", date(2023, 2, 1))
    mark = EditionMark(1, "ABCD-2345", "https://example.com/", "ก", "ข", date(2023, 4, 1), "")
    part = PartLine("กองคลัง", "done", "ดำเนินการแล้วเสร็จ", False, "", "ก", "")
    row = MeasureRow(**{**values(ROW), "evidence": (proof,), "parts": (part,)})
    marked = document(section(1, row), edition=mark)
    made = replace(marked, sample_note="ข้อมูลตัวอย่าง", earlier=as_earlier(marked))
    found = set(re.findall('"([a-z_0-9]+)":', json.dumps(json.loads(to_json(made)))))
    assert found == {row[0].strip("`") for heading in KINDS for row in described(heading)}


def values(row: MeasureRow) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields(row)}


def test_the_schema_and_the_version_are_named() -> None:
    assert f"Schema `{SCHEMA}`, version {VERSION}." in PAGE


def test_every_column_is_described_in_order_with_its_heading_and_type() -> None:
    told = described("CSV and Excel")
    assert [(row[0], row[1]) for row in told] == [
        (f"`{column.key}`", column.heading) for column in (*COLUMNS, *CHANGE_COLUMNS)
    ]
    names = {str: "text", int: "number", bool: "yes or no", date: "day"}
    signed = Signatory("นางผู้รายงาน", "นักวิเคราะห์")
    marked = document(section(1, ROW), edition=MARK, reporter=signed)
    first = next(rows(replace(marked, earlier=as_earlier(marked))))
    assert [row[2] for row in told] == [names[type(cell)] for cell in first]


@pytest.mark.parametrize(
    ("title", "columns"),
    [("The sheet of evidence", EVIDENCE_COLUMNS), ("The sheet of changes", CHANGE_SHEET)],
)
def test_the_columns_of_the_other_sheets_are_described(title: str, columns: Sequence[TableColumn]) -> None:
    assert [(row[0], row[1]) for row in described(title)] == [
        (f"`{column.key}`", column.heading) for column in columns
    ]
