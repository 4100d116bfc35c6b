"""A report document as JSON: what comes back is what went in, and nothing else is taken for one."""

import json
from collections.abc import Callable
from dataclasses import MISSING, fields, replace
from datetime import date
from typing import Any, TypeVar, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.thai_calendar import RoundMonths
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
from reports.document.serialization import SCHEMA, VERSION, from_json, to_dict, to_json
from tests.support.papers import ROW, document, section

# Any character but lone surrogates, which no file can hold.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
DAYS = st.dates()


T = TypeVar("T")


def several(things: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(things, max_size=3).map(tuple)


STEPS = st.builds(StepLine, TEXTS, st.sampled_from([1, 2]), TEXTS, st.none() | DAYS)
EVIDENCE = st.builds(
    EvidenceLine,
    st.integers(1, 9),
    TEXTS,
    TEXTS,
    DAYS,
    id=st.integers(0, 9),
    public=st.booleans(),
    sha256=TEXTS,
    content_type=TEXTS,
    size=st.integers(0, 9),
)
MARKS = st.builds(EditionMark, st.integers(1, 9), TEXTS, TEXTS, TEXTS, TEXTS, DAYS, TEXTS, st.none() | DAYS)
SIGNATORIES = st.builds(Signatory, TEXTS, TEXTS)
PARTS = st.builds(PartLine, TEXTS, TEXTS, TEXTS, st.booleans(), TEXTS, TEXTS, TEXTS)
MEASURES = st.builds(
    MeasureRow,
    title=TEXTS,
    steps=several(STEPS),
    parties=several(TEXTS),
    due_text=TEXTS,
    due_on=st.none() | DAYS,
    status=TEXTS,
    status_label=TEXTS,
    late=st.booleans(),
    reason=TEXTS,
    result=TEXTS,
    obstacle=TEXTS,
    evidence=several(EVIDENCE),
    parts=several(PARTS),
)
EARLIER = st.builds(
    EarlierEdition,
    st.sampled_from(get_args(RoundMonths)),
    st.integers(1, 9),
    TEXTS,
    DAYS,
    several(
        st.builds(
            EarlierMeasure,
            *(st.integers(0, 9), st.integers(1, 10), TEXTS, TEXTS, TEXTS),
            *(st.booleans(), TEXTS, st.integers(0, 9), st.integers(0, 9)),
        )
    ),
)
DOCUMENTS = st.builds(
    ReportDocument,
    agency=TEXTS,
    agency_short=TEXTS,
    province=TEXTS,
    fiscal_year=st.integers(2500, 2700),
    months=st.sampled_from(get_args(RoundMonths)),
    as_of=DAYS,
    statuses=several(st.builds(StatusName, TEXTS, TEXTS)),
    indicators=several(st.builds(IndicatorSection, st.integers(1, 10), TEXTS, several(MEASURES))),
    edition=st.none() | MARKS,
    obstacles_public=st.booleans(),
    sample_note=TEXTS,
    seal=TEXTS,
    reporter=SIGNATORIES,
    approver=SIGNATORIES,
    text_size=st.sampled_from(get_args(TextSize)),
    earlier=st.none() | EARLIER,
)
MADE = document(section(1, ROW), section(2))


def changed(change: Callable[[dict[str, Any]], object]) -> bytes:
    """A document's JSON after a change to it."""
    data = json.loads(to_json(MADE))
    change(data)
    return json.dumps(data).encode()


# --- There and back ---------------------------------------------------------------------------------


@given(DOCUMENTS)
def test_what_comes_back_is_what_went_in(made: ReportDocument) -> None:
    content = to_json(made)
    back = from_json(content)
    assert back == made
    assert hash(back) == hash(made)
    assert to_json(back) == content


def test_the_strategies_make_every_field() -> None:
    """A field with a default would not be missed."""
    made = {"agency", "agency_short", "province", "fiscal_year", "months", "as_of", "statuses", "indicators"}
    made |= {
        "edition",
        "sample_note",
        "obstacles_public",
        "seal",
        "reporter",
        "approver",
        "text_size",
        "earlier",
    }
    assert {field.name for field in fields(ReportDocument)} == made
    assert {field.name for field in fields(MeasureRow) if field.default is not MISSING} == {
        "evidence",
        "id",
        "parts",
    }
    assert {field.name for field in fields(EvidenceLine) if field.default is not MISSING} == {
        "id",
        "public",
        "sha256",
        "content_type",
        "size",
    }


def test_every_value_has_its_type_again() -> None:
    row = next(from_json(to_json(MADE)).measures)
    assert row.due_on == date(2023, 9, 30)
    assert [step.done_on for step in row.steps] == [date(2023, 1, 9), None]
    assert isinstance(row.steps, tuple)
    assert isinstance(row.parties, tuple)


def of_version_4(made: ReportDocument) -> dict[str, Any]:
    """The JSON that version 4 made of a document: its text has no size, it stands beside none, files have no
    type and size.
    """
    data = to_dict(made)
    del data["earlier"], data["text_size"]
    for indicator in data["indicators"]:
        for line in (line for row in indicator["measures"] for line in row["evidence"]):
            del line["content_type"], line["size"]
    return {**data, "version": 4}


def of_version_3(made: ReportDocument) -> dict[str, Any]:
    """The JSON that version 3 made of a document: an edition without day of report and head of the log."""
    data = of_version_4(made)
    if data["edition"]:
        del data["edition"]["reported_on"], data["edition"]["log_head"]
    return {**data, "version": 3}


def of_version_2(made: ReportDocument) -> dict[str, Any]:
    """The JSON that version 2 made of a document: without seal, signatories and the parts of divisions."""
    data = of_version_3(made)
    for name in ("obstacles_public", "seal", "reporter", "approver"):
        del data[name]
    for indicator in data["indicators"]:
        for row in indicator["measures"]:
            del row["parts"]
    return {**data, "version": 2}


def of_version_1(made: ReportDocument) -> dict[str, Any]:
    """The JSON that version 1 made of a document: evidence without the hash of its file, and no note."""
    data = of_version_2(made)
    del data["sample_note"]
    for indicator in data["indicators"]:
        for line in (line for row in indicator["measures"] for line in row["evidence"]):
            del line["sha256"]
    return {**data, "version": 1}


PROVED = document(
    section(1, replace(ROW, evidence=(EvidenceLine(1, "ก", "", date(2023, 2, 1), 7, public=True),)))
)


def test_a_document_of_version_1_is_read_as_what_it_said() -> None:
    assert from_json(json.dumps(of_version_1(PROVED)).encode()) == PROVED


def test_a_document_of_version_4_is_read_as_what_it_said() -> None:
    data = of_version_4(PROVED)
    assert from_json(json.dumps(data).encode()) == PROVED
    with pytest.raises(ValueError, match="document lacks or does not know earlier, text_size"):
        from_json(json.dumps({**data, "version": 5}).encode())
    with pytest.raises(ValueError, match="lacks or does not know content_type, size"):
        from_json(json.dumps({**data, "earlier": None, "text_size": 16, "version": 5}).encode())


def test_a_document_of_version_3_is_read_as_what_it_said() -> None:
    mark = EditionMark(1, "7KQF-29XM", "https://example.go.th/", "ก", "นายก", date(2023, 4, 5), "")
    made = replace(PROVED, edition=mark)
    assert from_json(json.dumps(of_version_3(made)).encode()) == made


def test_a_document_of_version_4_is_printed_in_the_usual_size() -> None:
    assert from_json(json.dumps(of_version_4(PROVED)).encode()) == PROVED
    assert PROVED.text_size == 16


def test_a_document_of_version_2_is_read_as_what_it_said() -> None:
    assert from_json(json.dumps(of_version_2(PROVED)).encode()) == PROVED


def test_an_edition_of_version_3_names_no_head_of_a_log() -> None:
    mark = EditionMark(1, "ABCD-2345", "https://example.com/", "ก", "ข", date(2023, 4, 1), "")
    data = of_version_3(document(section(1, ROW), edition=mark))
    assert from_json(json.dumps(data).encode()).edition == mark
    assert mark.log_head == ""
    with pytest.raises(ValueError, match="lacks or does not know log_head, reported_on"):
        from_json(json.dumps({**data, "version": 4}).encode())


def test_each_version_has_its_own_fields_and_no_other() -> None:
    old = of_version_1(PROVED)
    with pytest.raises(ValueError, match="document lacks or does not know sample_note"):
        from_json(json.dumps({**old, "version": 2}).encode())
    with pytest.raises(ValueError, match="does not know approver, obstacles_public, reporter, seal"):
        from_json(json.dumps({**of_version_2(PROVED), "version": 3}).encode())
    with pytest.raises(
        ValueError, match="does not know approver, earlier, obstacles_public, reporter, sample_note, seal"
    ):
        from_json(json.dumps({**to_dict(PROVED), "version": 1}).encode())
    with pytest.raises(ValueError, match="document lacks or does not know sample_note"):
        from_json(json.dumps({**of_version_2(PROVED), "version": 1}).encode())
    without_parts = {**of_version_2(PROVED), "version": 3}
    without_parts |= {
        name: to_dict(PROVED)[name] for name in ("obstacles_public", "seal", "reporter", "approver")
    }
    with pytest.raises(ValueError, match="lacks or does not know parts"):
        from_json(json.dumps(without_parts).encode())
    with pytest.raises(ValueError, match="lacks or does not know sha256"):
        from_json(json.dumps({**old, "sample_note": "", "version": 2}).encode())


# --- Canonical --------------------------------------------------------------------------------------


def test_the_bytes_are_utf_8_with_keys_in_order_and_no_white_space() -> None:
    content = to_json(document())
    assert (
        content
        == (
            '{"agency":"เทศบาลเมืองกองก้อย","agency_short":"ทม.กองก้อย","approver":{"name":"","post":""},'
            '"as_of":"2023-03-31","earlier":null,"edition":null,"fiscal_year":2566,'
            '"indicators":[],"months":6,"obstacles_public":true,"province":"แม่ฮ่องสอน",'
            '"reporter":{"name":"","post":""},"sample_note":"","schema":"ita-tracker/report","seal":"","statuses":['
            '{"label":"ดำเนินการแล้วเสร็จ","value":"done"},{"label":"อยู่ระหว่างดำเนินการ","value":"in_progress"},'
            '{"label":"ยังไม่ได้ดำเนินการ","value":"not_started"},{"label":"ยกเลิก","value":"cancelled"}],'
            '"text_size":16,"version":5}'
        ).encode()
    )


def test_what_is_equal_has_the_same_bytes_and_what_is_not_has_others() -> None:
    assert to_json(document(section(1, ROW))) == to_json(document(section(1, ROW)))
    assert to_json(document(section(1, ROW))) != to_json(document(section(1, ROW, ROW)))
    assert to_json(document(agency="ก")) != to_json(document(agency="ก "))


def test_it_says_what_it_is() -> None:
    assert (to_dict(MADE)["schema"], to_dict(MADE)["version"]) == ("ita-tracker/report", VERSION)
    assert json.loads(to_json(MADE)) == to_dict(MADE)


def test_a_lone_surrogate_is_refused_rather_than_written_as_something_else() -> None:
    with pytest.raises(ValueError, match="surrogates not allowed"):
        to_json(document(agency="ก\ud800"))


# --- What is not a document -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"not JSON",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"1",
        b'"report"',
        b"{}",
        f'{{"schema":"{SCHEMA}"}}'.encode(),
        f'{{"version":{VERSION}}}'.encode(),
        f'{{"schema":"{SCHEMA}","version":{VERSION}}}'.encode(),
        b"[" * 100_000,
    ],
)
def test_what_is_no_document_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of JSON, of UTF-8 or of the project's own
        from_json(content)


@pytest.mark.parametrize("version", [0, -1, VERSION + 1, "1", None, 1.5, True, False, [1]])
def test_another_version_is_refused(version: object) -> None:
    with pytest.raises(ValueError, match=f"version 1 to {VERSION}"):
        from_json(changed(lambda data: data.update(version=version)))


@pytest.mark.parametrize("schema", ["", "ita-tracker/Report", None, 1, {}])
def test_another_schema_is_refused(schema: object) -> None:
    with pytest.raises(ValueError, match=SCHEMA):
        from_json(changed(lambda data: data.update(schema=schema)))


def everything(data: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The way to every value of a document's JSON, but for what says which schema it is."""
    pairs: list[tuple[str | int, object]] = []
    if isinstance(data, dict):
        pairs = list(data.items())
    elif isinstance(data, list):
        pairs = list(enumerate(data))
    ways = [(*path, key) for key, _ in pairs if key not in {"schema", "version"}]
    return ways + [way for key, value in pairs for way in everything(value, (*path, key))]


def holder(data: Any, way: tuple[str | int, ...]) -> Any:
    for key in way[:-1]:
        data = data[key]
    return data


FIELDS = [way for way in everything(to_dict(MADE)) if isinstance(way[-1], str)]


@pytest.mark.parametrize("way", FIELDS, ids=lambda way: ".".join(map(str, way)))
def test_a_document_without_a_field_is_refused(way: tuple[str | int, ...]) -> None:
    with pytest.raises(ValueError, match=f"report document: .*{way[-1]}"):
        from_json(changed(lambda data: holder(data, way).pop(way[-1])))


@pytest.mark.parametrize("way", [(), ("indicators", 0), ("indicators", 0, "measures", 0), ("statuses", 0)])
def test_a_field_that_there_is_not_is_refused(way: tuple[str | int, ...]) -> None:
    with pytest.raises(ValueError, match="unknown"):
        from_json(changed(lambda data: holder(data, (*way, "")).update(unknown=1)))


@pytest.mark.parametrize("way", FIELDS, ids=lambda way: ".".join(map(str, way)))
def test_a_value_of_another_type_is_refused(way: tuple[str | int, ...]) -> None:
    for value in ({"a": 1}, 1.5, [[1]], [None]):

        def put(data: dict[str, Any], value: object = value) -> None:
            holder(data, way)[way[-1]] = value

        with pytest.raises(ValueError, match="report document"):
            from_json(changed(put))


@pytest.mark.parametrize("day", ["", "31/03/2566", "2023-02-30", "2023", "20230331", "2023-W13-5", 20230331])
def test_a_day_that_is_none_is_refused(day: object) -> None:
    with pytest.raises(ValueError, match=r"report document|out of range"):
        from_json(changed(lambda data: data.update(as_of=day)))


@pytest.mark.parametrize(
    ("field", "value"), [("months", 9), ("months", True), ("fiscal_year", "2566"), ("agency", None)]
)
def test_a_value_that_no_document_has_is_refused(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"report document: .*{field}"):
        from_json(changed(lambda data: data.update({field: value})))


def test_a_lone_surrogate_in_json_is_refused() -> None:
    """json.loads() makes one of \\ud800, and no file could be made of the document afterwards."""
    with pytest.raises(ValueError, match="surrogate"):
        from_json(to_json(document(agency="XX")).replace(b"XX", b"\\ud800"))
