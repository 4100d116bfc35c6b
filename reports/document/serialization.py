"""A report document as JSON and back: what an edition freezes and what travels inside the PDF.

The form is canonical: the same document gives the same bytes, on every machine and in every year. Its
fields are described in docs/REPORT_FORMAT.md; a change of their meaning is a new VERSION.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import date
from functools import cache
from types import UnionType
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

from reports.document.facts import (
    USUAL_SIZE,
    EditionMark,
    EvidenceLine,
    MeasureRow,
    ReportDocument,
    Signatory,
)

SCHEMA: Final = "ita-tracker/report"
VERSION: Final = 5
# The fields that a version added, with what they are in a document that was stored before it.
ADDED: Final[Mapping[int, Mapping[type, Mapping[str, object]]]] = {
    2: {EvidenceLine: {"sha256": ""}, ReportDocument: {"sample_note": ""}},
    3: {
        MeasureRow: {"parts": ()},
        ReportDocument: {
            "obstacles_public": True,
            "seal": "",
            "reporter": Signatory(),
            "approver": Signatory(),
        },
    },
    4: {EditionMark: {"reported_on": None, "log_head": ""}},
    5: {
        EvidenceLine: {"content_type": "", "size": 0},
        ReportDocument: {"text_size": USUAL_SIZE, "earlier": None},
    },
}
DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def to_dict(document: ReportDocument) -> dict[str, Any]:
    """The document as numbers, texts, lists and dictionaries; days as YYYY-MM-DD."""
    return {"schema": SCHEMA, "version": VERSION, **_plain(asdict(document))}


def to_json(document: ReportDocument) -> bytes:
    """Canonical JSON: UTF-8, keys in order, no white space."""
    text = json.dumps(to_dict(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def from_json(content: bytes) -> ReportDocument:
    """The document that to_json() was given, also by a program of an earlier version.

    Raises:
        ValueError: not JSON of this schema and a known version, or a field is missing, unknown or of another
            type.
    """
    try:
        data = json.loads(content)
    except RecursionError as error:
        raise ValueError("not a report: nested too deeply") from error
    version = data.get("version") if isinstance(data, dict) and data.get("schema") == SCHEMA else None
    # Not isinstance: to Python yes and no are numbers.
    if type(version) is not int or not 1 <= version <= VERSION:
        raise ValueError(f"not a {SCHEMA} document of version 1 to {VERSION}")
    facts = {key: value for key, value in data.items() if key not in {"schema", "version"}}
    document: ReportDocument = _read(ReportDocument, facts, "document", version)
    return document


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


@cache
def _kinds(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


@cache
def _added_since(version: int, kind: type) -> dict[str, Any]:
    """The fields of a kind that documents of a version do not have, and what they are there."""
    newer = (ADDED[later] for later in range(version + 1, VERSION + 1))
    return {field: value for kinds in newer for field, value in kinds.get(kind, {}).items()}


def _read(kind: Any, value: Any, name: str, version: int) -> Any:
    """A value of JSON as what a field of the document says that it is."""
    if isinstance(kind, type) and is_dataclass(kind) and isinstance(value, dict):
        kinds, added = _kinds(kind), _added_since(version, kind)
        if differing := value.keys() ^ (kinds.keys() - added.keys()):
            listed = ", ".join(sorted(differing))
            raise ValueError(f"incomplete report document: {name} lacks or does not know {listed}")
        facts = {field: _read(kinds[field], item, field, version) for field, item in value.items()}
        return kind(**added, **facts)
    if get_origin(kind) is tuple and isinstance(value, list):
        return tuple(_read(get_args(kind)[0], item, name, version) for item in value)
    if get_origin(kind) is UnionType:
        return None if value is None else _read(get_args(kind)[0], value, name, version)
    if get_origin(kind) is Literal and type(value) is int and value in get_args(kind):
        return value
    if kind is date and isinstance(value, str) and DAY.fullmatch(value):
        return date.fromisoformat(value)
    if kind is str and isinstance(value, str):
        # JSON can spell half a character, of which no file could be made.
        value.encode()
        return value
    # Not isinstance: to Python yes and no are numbers.
    if type(value) is kind:
        return value
    raise ValueError(f"wrong report document: {name} is no {getattr(kind, '__name__', kind)}")
