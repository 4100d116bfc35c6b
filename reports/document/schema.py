"""The JSON Schema of a report's JSON: for programs, and for the page that explains the data.

A version's schema is a file in schemas/ that stays as it is; a new version gets a new file.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from reports.document.serialization import VERSION

CONTENT_TYPE: Final = "application/schema+json"
FOLDER: Final = Path(__file__).parent / "schemas"
# Keys are in order, and no other of a report comes after this one.
_VERSION_OF_FILE: Final = re.compile(rb'"version":([0-9]+)\}\s*\Z')
TYPES: Final[Mapping[str, str]] = {
    "string": "ข้อความ",
    "integer": "จำนวนเต็ม",
    "boolean": "true หรือ false",
    "date": "วัน YYYY-MM-DD",
}


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field as the page explains it."""

    key: str
    title: str
    """What people call it; empty where they do not."""
    type: str
    meaning: str


@dataclass(frozen=True, slots=True)
class KindRow:
    """A kind of object in a report, with its fields."""

    key: str
    """As the schema calls it; "report" is the whole."""
    title: str
    meaning: str
    fields: Sequence[FieldRow]


def schema_text(version: int) -> bytes | None:
    """The schema of a version as JSON; None where there is no such version."""
    return _file(version) if 1 <= version <= VERSION else None


@cache
def _file(version: int) -> bytes:
    return (FOLDER / f"report-{version}.schema.json").read_bytes()


def version_of(content: bytes) -> int:
    """The version that a report's JSON says of itself."""
    found = _VERSION_OF_FILE.search(content[-32:])
    return int(found[1]) if found else VERSION


@cache
def explained() -> Sequence[KindRow]:
    """The schema of the current version for people, the whole report first."""
    schema = json.loads(_file(VERSION))
    kinds = {"report": schema, **schema["$defs"]}
    return [
        KindRow(key, kind["title"], kind["x-description-th"], list(_fields(kind)))
        for key, kind in kinds.items()
    ]


def _fields(kind: Mapping[str, Any]) -> Iterator[FieldRow]:
    for key, told in kind["properties"].items():
        yield FieldRow(key, told.get("title", ""), _type(told), told["x-description-th"])


def _type(told: Mapping[str, Any]) -> str:
    """What a field holds, in Thai."""
    if "anyOf" in told:
        return f"{_type(told['anyOf'][0])} หรือ null"
    if "$ref" in told:
        return str(told["$ref"].rpartition("/")[2])
    if "const" in told:
        return json.dumps(told["const"])
    if "enum" in told:
        return " หรือ ".join(map(str, told["enum"]))
    if told["type"] == "array":
        return f"รายการของ {_type(told['items'])}"
    kinds = told["type"] if isinstance(told["type"], list) else [told["type"]]
    name = TYPES[told.get("format", kinds[0])]
    return f"{name} หรือ null" if "null" in kinds else name
