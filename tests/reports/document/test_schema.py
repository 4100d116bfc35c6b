"""The published JSON Schema says exactly what a report's JSON is, in every version that there was."""

import json
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date
from functools import cache
from typing import Any, Final, get_args

import pytest
from hypothesis import given, settings

from reports.document import earlier, facts
from reports.document.changes import as_earlier
from reports.document.facts import EvidenceLine, PartLine, ReportDocument
from reports.document.schema import explained, schema_text, version_of
from reports.document.serialization import VERSION, from_json, to_dict, to_json
from tests.reports.document.test_serialization import (
    DOCUMENTS,
    everything,
    holder,
    of_version_1,
    of_version_2,
    of_version_3,
    of_version_4,
)
from tests.support.json_schema import Draft202012Validator, FormatChecker
from tests.support.papers import MARK, ROW, document, section
from tests.support.properties import on_any_machine

FULL: Final = document(
    section(
        1,
        replace(
            ROW,
            evidence=(EvidenceLine(1, "ก", "", date(2023, 2, 1), 1, True, "ab" * 32, "image/jpeg", 9),),
            parts=(PartLine("กองคลัง", "done", "ดำเนินการแล้วเสร็จ", False, "", "ก", ""),),
        ),
    ),
    edition=MARK,
    months=12,
    earlier=as_earlier(document(section(1, ROW), edition=MARK)),
)
OLDER: Final[dict[int, Callable[[ReportDocument], dict[str, Any]]]] = {
    1: of_version_1,
    2: of_version_2,
    3: of_version_3,
    4: of_version_4,
    5: to_dict,
}


@cache
def schema(version: int) -> Any:
    return json.loads(schema_text(version) or b"")


@cache
def validator(version: int) -> Draft202012Validator:
    return Draft202012Validator(schema(version), format_checker=FormatChecker())


def objects(found: Any) -> Iterator[dict[str, Any]]:
    """Every description of an object in a schema."""
    if isinstance(found, dict):
        if "properties" in found:
            yield found
        found = list(found.values())
    if isinstance(found, list):
        for item in found:
            yield from objects(item)


@pytest.mark.parametrize("version", range(1, VERSION + 1))
def test_a_schema_is_one_and_names_its_version(version: int) -> None:
    Draft202012Validator.check_schema(schema(version))
    assert schema(version)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema(version)["$id"] == f"urn:ita-tracker:report:{version}"
    assert schema(version)["properties"]["version"]["const"] == version


@pytest.mark.parametrize("version", range(1, VERSION + 1))
def test_every_field_is_asked_for_and_explained_in_both_languages_and_no_other_may_be_there(
    version: int,
) -> None:
    for found in objects(schema(version)):
        assert found["additionalProperties"] is False
        assert found["required"] == list(found["properties"])
        for told in (found, *found["properties"].values()):
            assert told["description"].isascii()
            assert not told["x-description-th"].isascii() or told is found["properties"]["schema"]


def test_there_is_one_for_every_version_and_no_other() -> None:
    assert set(OLDER) == set(range(1, VERSION + 1))
    assert schema_text(0) is schema_text(VERSION + 1) is None


@settings(on_any_machine, max_examples=40)
@given(DOCUMENTS)
def test_every_document_is_what_the_schema_says(made: ReportDocument) -> None:
    validator(VERSION).validate(json.loads(to_json(made)))


@pytest.mark.parametrize("version", OLDER)
@pytest.mark.parametrize("made", [FULL, replace(FULL, edition=None), document()], ids=["full", "own", "bare"])
def test_a_document_of_each_version_is_what_its_schema_says(version: int, made: ReportDocument) -> None:
    data = json.loads(json.dumps(OLDER[version](made), default=str))
    assert from_json(json.dumps(data).encode()).agency == made.agency
    validator(version).validate(data)
    for other in set(OLDER) - {version}:
        assert not validator(other).is_valid(data)
    assert version_of(json.dumps(data, sort_keys=True, separators=(",", ":")).encode()) == version


def test_what_the_program_refuses_the_schema_refuses() -> None:
    ways = everything(json.loads(to_json(FULL)))
    assert len(ways) > 60
    for way in ways:
        if not isinstance(way[-1], str):
            continue
        for change in (_without, _with_another, _of_another_type):
            data = json.loads(to_json(FULL))
            change(holder(data, way), way[-1])
            with pytest.raises(ValueError, match="document"):
                from_json(json.dumps(data).encode())
            assert not validator(VERSION).is_valid(data), (way, change)


def _without(data: dict[str, Any], key: str) -> None:
    del data[key]


def _with_another(data: dict[str, Any], key: str) -> None:
    data[f"{key}_"] = data[key]


def _of_another_type(data: dict[str, Any], key: str) -> None:
    data[key] = {"a": 1}


@pytest.mark.parametrize("day", ["", "31/03/2566", "2023-02-30", "2023", "20230331", "2023-W13-5"])
def test_a_day_that_is_none_is_refused(day: str) -> None:
    assert not validator(VERSION).is_valid({**to_dict(FULL), "as_of": day})


def test_the_page_explains_every_field_that_a_document_has() -> None:
    told = {kind.key: [field.key for field in kind.fields] for kind in explained()}
    known = (*vars(facts).values(), *vars(earlier).values())
    kinds = [kind for kind in known if is_dataclass(kind) and isinstance(kind, type)]
    there = {tuple(field.name for field in fields(kind)) for kind in kinds if kind in _used(ReportDocument)}
    assert {tuple(keys) for key, keys in told.items() if key != "report"} == there
    assert told["report"] == ["schema", "version", *(field.name for field in fields(ReportDocument))]
    types = {field.key: field.type for field in explained()[0].fields}
    assert types["as_of"] == "วัน YYYY-MM-DD"
    assert types["edition"] == "edition หรือ null"
    assert types["indicators"] == "รายการของ indicator"
    assert types["months"] == "6 หรือ 12"
    assert types["earlier"] == "earlier หรือ null"


def _used(kind: Any) -> set[Any]:
    """The kinds of objects that stand in a kind, at any depth."""
    inside = {
        part
        for field in fields(kind)
        for part in (field.type, *get_args(field.type))
        if isinstance(part, type) and is_dataclass(part)
    }
    return inside.union(*map(_used, inside))
