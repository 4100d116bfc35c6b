"""A report document as JSON and back: what an edition freezes and what travels inside the PDF.

The form is canonical: the same document gives the same bytes, on every machine and in every year. Its
fields are described in docs/REPORT_FORMAT.md; a change of their meaning is a new VERSION.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from reports.document import EvidenceLine, IndicatorSection, MeasureRow, ReportDocument, StatusName, StepLine

SCHEMA: Final = "ita-tracker/report"
VERSION: Final = 1


def to_dict(document: ReportDocument) -> dict[str, Any]:
    """The document as numbers, texts, lists and dictionaries; days as YYYY-MM-DD."""
    return {"schema": SCHEMA, "version": VERSION, **_plain(asdict(document))}


def to_json(document: ReportDocument) -> bytes:
    """Canonical JSON: UTF-8, keys in order, no white space."""
    text = json.dumps(to_dict(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def from_json(content: bytes) -> ReportDocument:
    """The document that to_json() was given.

    Raises:
        ValueError: not JSON of this schema and version, or a field is missing.
    """
    data = json.loads(content)
    if not isinstance(data, dict) or (data.get("schema"), data.get("version")) != (SCHEMA, VERSION):
        raise ValueError(f"not a {SCHEMA} document of version {VERSION}")
    try:
        return _document(data)
    except (KeyError, TypeError) as error:
        raise ValueError(f"incomplete report document: {error}") from error


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _document(data: Mapping[str, Any]) -> ReportDocument:
    values = {key: value for key, value in data.items() if key not in {"schema", "version"}}
    values["as_of"] = date.fromisoformat(values["as_of"])
    values["statuses"] = tuple(StatusName(**status) for status in values["statuses"])
    values["indicators"] = tuple(
        IndicatorSection(**{**indicator, "measures": tuple(map(_measure, indicator["measures"]))})
        for indicator in values["indicators"]
    )
    return ReportDocument(**values)


def _measure(data: Mapping[str, Any]) -> MeasureRow:
    return MeasureRow(
        **{
            **data,
            "steps": tuple(StepLine(**{**step, "done_on": _day(step["done_on"])}) for step in data["steps"]),
            "parties": tuple(data["parties"]),
            "due_on": _day(data["due_on"]),
            "evidence": tuple(
                EvidenceLine(**{**line, "effective_on": date.fromisoformat(line["effective_on"])})
                for line in data["evidence"]
            ),
        }
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
