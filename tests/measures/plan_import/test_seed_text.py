"""The published report, pasted as it stands, is the plan of the fixture, its listed corrections aside."""

import json
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from measures.plan_import.parsing import (
    Field,
    ImportedMeasure,
    ImportedPlan,
    Severity,
    matching,
    parse,
    parse_text,
)
from tests.support.work import calls

ROOT: Final = Path(__file__).resolve().parents[3]
SEED: Final[dict[str, Any]] = json.loads((ROOT / "fixtures/kongkoi_2566.json").read_text(encoding="utf-8"))
CONTENT: Final = (ROOT / SEED["source"]["file"]).read_bytes()
PLAN: Final = parse_text(CONTENT.decode("utf-8"), 2566)
INDICATORS: Final[list[dict[str, Any]]] = json.loads(
    (ROOT / "fixtures/indicators.json").read_text(encoding="utf-8")
)

# The two corrections of wording that only a reader of the whole report can make.
MISREAD: Final = (4, 2)
REPEATED: Final = (6, 1)


def places() -> list[tuple[int, int]]:
    """Of each measure of the fixture its indicator, and which of that indicator it is."""
    numbers = [measure["indicator"] for measure in SEED["measures"]]
    return [(number, numbers[: index + 1].count(number)) for index, number in enumerate(numbers)]


def flat(steps: list[dict[str, Any]], first: int, above: str = "") -> list[tuple[str, int, str]]:
    """Steps of the fixture as (number, level, text)."""
    lines: list[tuple[str, int, str]] = []
    for number, step in enumerate(steps, first):
        label = f"{above}{number}"
        lines.append((label, label.count(".") + 1, step["text"]))
        lines += flat(step.get("steps", []), 1, f"{label}.")
    return lines


def arabic(label: str) -> str:
    return label.translate(str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")).rstrip(".)")


def test_there_are_ten_measures_and_no_stop() -> None:
    assert len(PLAN.measures) == len(SEED["measures"]) == 10
    assert PLAN.stops == ()


@pytest.mark.parametrize(
    ("place", "measure", "expected"),
    [
        pytest.param(place, *pair, id="-".join(map(str, place)))
        for place, pair in zip(places(), zip(PLAN.measures, SEED["measures"], strict=True), strict=True)
    ],
)
def test_every_cell_is_that_of_the_fixture(
    place: tuple[int, int], measure: ImportedMeasure, expected: dict[str, Any]
) -> None:
    def corrected(text: str) -> str:
        return text.replace("ยื่น", "ยืม") if place == MISREAD else text

    title = corrected(measure.title)
    if place == REPEATED:
        assert Field.TITLE in measure.guessed
        title = title.removesuffix(" หรือมาตรฐานการปฏิบัติงานสำหรับเจ้าหน้าที่องค์กรปกครองส่วนท้องถิ่น กองก้อย")
    names = {indicator["number"]: indicator["name"] for indicator in INDICATORS}
    assert (measure.indicator, measure.indicator_name) == (expected["indicator"], names[place[0]])
    assert title == expected["title"]
    assert measure.first_step == expected["first_step"]
    assert [(arabic(step.label), step.level, corrected(step.text)) for step in measure.steps] == flat(
        expected["steps"], expected["first_step"]
    )
    assert [matching(party.name, SEED["divisions"])[0] for party in measure.parties] == expected["divisions"]
    assert measure.due_text == expected["due_text"]
    assert measure.due_on == date.fromisoformat(expected["due_on"])
    assert (measure.status, measure.result, measure.obstacle) == (expected["status"], "", "")


def test_the_counts_are_those_counted_by_hand() -> None:
    steps = [step for measure in PLAN.measures for step in measure.steps]
    assert (len(steps), sum(step.level == 2 for step in steps)) == (47, 15)


def test_what_was_guessed_is_what_the_fixture_corrects() -> None:
    guesses = [finding for finding in PLAN.findings if finding.severity is Severity.GUESS]
    found = []
    for finding in guesses:
        assert finding.measure is not None
        found.append((*places()[finding.measure], finding.column))
    assert found == [
        (3, 1, "ผู้รับผิดชอบ"),
        (4, 1, "ขั้นตอน/วิธีการปฏิบัติ"),
        (6, 1, "มาตรการ"),
    ]
    assert len(PLAN.findings) == len(guesses)
    assert [finding.row for finding in guesses] == [14, 18, 29]


def test_the_lines_above_are_kept() -> None:
    assert [line[:21] for line in PLAN.heading] == [
        "รายงานผลการดำเนินการตามมาตรการส่งเสริมคุณธรรมและความโปร่งใส"[:21],
        "ประจำปีงบประมาณ พ.ศ. ๒๕๖๖"[:21],
    ]


@pytest.mark.parametrize(
    "content",
    [
        CONTENT,
        b"\xef\xbb\xbf" + CONTENT,
        CONTENT.replace(b"\n", b"\r\n"),
        CONTENT.decode("utf-8").encode("utf-16"),
        CONTENT.decode("utf-8").encode("cp874"),
    ],
    ids=["utf-8", "bom", "crlf", "utf-16", "windows-874"],
)
def test_as_a_file_in_any_encoding_it_is_the_same_plan(content: bytes) -> None:
    assert parse("report.txt", content, 2566) == PLAN


def text_of(measures: int) -> str:
    """A plan as the published report writes it, each measure with ten steps."""
    steps = "".join(f"<p>{number}. ดำเนินการตามแผนปฏิบัติการ เรื่องที่ {number}</p>" for number in range(1, 11))
    rows = "\n".join(
        f"มาตรการที่ทดสอบ {number}\t{steps}\t๑. สำนักปลัด ๒. กองคลัง\tตุลาคม – มีนาคม ๒๕๖๖\tดำเนินการแล้วเสร็จ"
        for number in range(measures)
    )
    return f"มาตรการ\tขั้นตอน\tผู้รับผิดชอบ\tกำหนดแล้วเสร็จ\tผลการดำเนินงาน\nตัวชี้วัดที่ ๑ การปฏิบัติหน้าที่\n{rows}\n"


def test_work_grows_with_the_number_of_measures_and_not_with_its_square() -> None:
    plan: ImportedPlan = parse_text(text_of(200), 2566)
    assert (len(plan.measures), sum(len(measure.steps) for measure in plan.measures)) == (200, 2_000)
    small, large = (calls(partial(parse_text, text_of(count), 2566)) for count in (50, 200))
    assert large < 4.5 * small
