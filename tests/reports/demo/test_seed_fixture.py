"""The seed fixture says what the published report says, cell by cell, but for the corrections it lists.

The report is read here from scratch, without the project's own importing code, so that the two cannot be
wrong in the same way.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pytest

from core.thai_calendar import FiscalYear, thai_digits
from measures.status import Status

ROOT: Final = Path(__file__).resolve().parents[3]
SEED: Final[dict[str, Any]] = json.loads((ROOT / "fixtures/kongkoi_2566.json").read_text(encoding="utf-8"))
INDICATORS: Final[list[dict[str, Any]]] = json.loads(
    (ROOT / "fixtures/indicators.json").read_text(encoding="utf-8")
)
SOURCE: Final = (ROOT / SEED["source"]["file"]).read_bytes()
CORRECTIONS: Final[list[dict[str, Any]]] = SEED["corrections"]

HEAD: Final = ("มาตรการ", "ขั้นตอน/วิธีการปฏิบัติ", "ผู้รับผิดชอบ", "กำหนดแล้วเสร็จ", "ผลการดำเนินงาน")
TITLE, STEPS, PARTIES, DUE, STATUS = HEAD
LAST_DAYS: Final = {
    "ตลอดปีงบประมาณ พ.ศ. ๒๕๖๖": "2023-09-30",
    "ตุลาคม – มีนาคม ๒๕๖๖": "2023-03-31",
    "เมษายน ๒๕๖๖ และ ตุลาคม ๒๕๖๖": "2023-10-31",
}

# A cell's place: its indicator, which row of that indicator, and its column.
Place = tuple[int, int, str]


# --- Reading the source -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Source:
    """The published report as it stands: the lines above the table, and every cell by its place."""

    title: str
    indicators: tuple[tuple[int, str], ...]
    cells: dict[Place, str]
    kinds: Counter[str]


def kind_of(line: str) -> str:
    """What a line of the machine-read file is; a line that is none of these fails the test."""
    cells = tuple(line.split("\t"))
    if not line:
        return "blank"
    if len(cells) == 1:
        return "title"
    assert len(cells) == len(HEAD), line
    if cells == HEAD:
        return "head"
    if all(re.fullmatch("-+", cell) for cell in cells):
        return "rule"
    if cells[0].startswith("ตัวชี้วัดที่"):
        assert not any(cells[1:]), line
        return "indicator"
    assert all(cells), line
    return "measure"


def read_source(text: str) -> Source:
    titles: list[str] = []
    indicators: list[tuple[int, str]] = []
    rows: Counter[int] = Counter()
    cells: dict[Place, str] = {}
    kinds: Counter[str] = Counter()
    for line in text.split("\n"):
        kind = kind_of(line)
        kinds[kind] += 1
        if kind == "title":
            assert not cells, "a title line inside the table"
            titles.append(line)
        elif kind == "indicator":
            match = re.fullmatch(r"ตัวชี้วัดที่ ([๐-๙]+) (.+)", line.rstrip("\t"))
            assert match, line
            indicators.append((int(match[1]), match[2]))
        elif kind == "measure":
            number = indicators[-1][0]
            rows[number] += 1
            for column, cell in zip(HEAD, line.split("\t"), strict=True):
                cells[number, rows[number], column] = cell
    return Source(" ".join(titles), tuple(indicators), cells, kinds)


def corrected(source: Source, corrections: Iterable[dict[str, Any]]) -> Source:
    title, cells = source.title, dict(source.cells)
    for correction in corrections:
        wrong, right = correction["source"], correction["fixture"]
        if correction["cell"] is None:
            title = title.replace(wrong, right)
        else:
            place = place_of(correction)
            cells[place] = cells[place].replace(wrong, right)
    return replace(source, title=title, cells=cells)


def place_of(correction: dict[str, Any]) -> Place:
    indicator, row, column = correction["cell"]
    return indicator, row, column


def paragraphs(cell: str) -> list[str]:
    """A cell's paragraphs; a cell without paragraph tags is one. Nothing may stand outside the tags."""
    if "<p>" not in cell:
        return [cell.strip()]
    found = re.findall(r"<p>(.*?)</p>", cell)
    assert re.fullmatch(r"\s*", re.sub(r"<p>.*?</p>", "", cell)), cell
    return [paragraph.strip() for paragraph in found]


def numbered(paragraph: str) -> tuple[str, str]:
    """A paragraph's printed number in Arabic digits and its text: "๑.๑) ก" is ("1.1", "ก")."""
    match = re.fullmatch(r"([๐-๙]+)(?:\.([๐-๙]+)\)?|\.)\s*(.+)", paragraph)
    if not match:
        return "", paragraph
    return ".".join(str(int(part)) for part in match.groups()[:2] if part), match[3]


# --- The same cells, as the fixture has them --------------------------------------------------------


# A cell's paragraphs, each with its printed number ("" where it has none) and its text.
Cell = list[tuple[str, str]]


def source_cells(source: Source) -> dict[Place, Cell]:
    return {
        place: [numbered(paragraph) for paragraph in paragraphs(cell)] for place, cell in source.cells.items()
    }


def fixture_cells() -> dict[Place, Cell]:
    rows: Counter[int] = Counter()
    cells: dict[Place, Cell] = {}
    for measure in SEED["measures"]:
        number = measure["indicator"]
        rows[number] += 1
        row: dict[str, Cell] = {
            TITLE: [("", measure["title"])],
            STEPS: labelled(measure["steps"], measure["first_step"]),
            PARTIES: parties(measure["divisions"]),
            DUE: [("", measure["due_text"])],
            STATUS: [("", Status(measure["status"]).label)],
        }
        cells |= {(number, rows[number], column): cell for column, cell in row.items()}
    return cells


def labelled(steps: list[dict[str, Any]], first: int, above: str = "") -> Cell:
    """Steps with the numbers that follow from their places, second-level ones below their own."""
    lines: Cell = []
    for number, step in enumerate(steps, first):
        label = f"{above}{number}"
        lines += [(label, step["text"]), *labelled(step.get("steps", []), 1, f"{label}.")]
    return lines


def parties(names: list[str]) -> Cell:
    """Parties as printed: numbered, unless there is one alone."""
    if len(names) == 1:
        return [("", names[0])]
    return [(str(place), name) for place, name in enumerate(names, 1)]


def fixture_title() -> str:
    """The lines above the table, as the project would print them from the fixture."""
    year = FiscalYear(SEED["fiscal_year"])
    months = SEED["reported_months"]
    return thai_digits(
        f"รายงานผลการดำเนินการตามมาตรการส่งเสริมคุณธรรมและความโปร่งใส {SEED['agency']['name']} "
        f"ประจำปีงบประมาณ พ.ศ. {year.number} รอบ {months} เดือน ({year.round_period(months)})"
    )


PUBLISHED: Final = read_source(SOURCE.decode("utf-8"))
CORRECTED: Final = corrected(PUBLISHED, CORRECTIONS)


# --- What is promised -------------------------------------------------------------------------------


def test_the_source_is_the_published_one() -> None:
    assert hashlib.sha256(SOURCE).hexdigest() == SEED["source"]["sha256"]


def test_every_line_of_the_source_is_accounted_for() -> None:
    assert PUBLISHED.kinds == {
        "title": 2, "head": 7, "rule": 1, "indicator": 9, "measure": 10, "blank": 9
    }  # fmt: skip
    assert len(PUBLISHED.cells) == 10 * 5


def test_the_title_is_that_of_the_agency_the_year_and_the_round() -> None:
    assert fixture_title() == CORRECTED.title


def test_the_indicators_of_the_source_are_those_of_the_nation() -> None:
    names = {indicator["number"]: indicator["name"] for indicator in INDICATORS}
    assert list(names) == list(range(1, 11))
    assert [(number, names[number]) for number, _ in PUBLISHED.indicators] == list(PUBLISHED.indicators)


def test_each_indicator_is_asked_through_its_instrument() -> None:
    assert [indicator["instrument"] for indicator in INDICATORS] == ["IIT"] * 5 + ["EIT"] * 3 + ["OIT"] * 2


def test_the_rows_stand_in_the_order_of_the_source() -> None:
    assert list(fixture_cells()) == list(CORRECTED.cells)


@pytest.mark.parametrize("place", list(PUBLISHED.cells), ids=lambda place: "-".join(map(str, place)))
def test_the_cell_says_what_the_source_says(place: Place) -> None:
    assert fixture_cells()[place] == source_cells(CORRECTED)[place]


@pytest.mark.parametrize("correction", CORRECTIONS, ids=lambda correction: str(correction["cell"]))
def test_the_correction_applies_to_the_source_as_often_as_it_says(correction: dict[str, Any]) -> None:
    is_title = correction["cell"] is None
    text = PUBLISHED.title if is_title else PUBLISHED.cells[place_of(correction)]
    assert text.count(correction["source"]) == correction["count"] > 0


@pytest.mark.parametrize("correction", CORRECTIONS, ids=lambda correction: str(correction["cell"]))
def test_the_correction_is_needed_and_explained(correction: dict[str, Any]) -> None:
    others = corrected(PUBLISHED, [other for other in CORRECTIONS if other is not correction])
    assert (others.title, source_cells(others)) != (fixture_title(), fixture_cells())
    assert correction["why"]


def test_no_other_correction_is_made_than_the_known_ones() -> None:
    assert Counter(str(correction["cell"]) for correction in CORRECTIONS) == {
        "None": 1,
        str([3, 1, PARTIES]): 2,
        str([4, 1, STEPS]): 1,
        str([4, 2, TITLE]): 1,
        str([4, 2, STEPS]): 1,
        str([6, 1, TITLE]): 1,
        str([8, 1, PARTIES]): 1,
    }


def test_the_due_day_is_the_last_day_of_what_the_text_says() -> None:
    stated = {measure["due_text"]: measure["due_on"] for measure in SEED["measures"]}
    assert stated == LAST_DAYS


def test_the_divisions_are_the_parties_in_the_order_of_their_first_appearance() -> None:
    named = dict.fromkeys(
        name for place, cell in source_cells(CORRECTED).items() if place[2] == PARTIES for _, name in cell
    )
    assert SEED["divisions"] == list(named)


def test_the_counts_are_those_counted_by_hand() -> None:
    measures = SEED["measures"]
    first_level = [step for measure in measures for step in measure["steps"]]
    second_level = [step for above in first_level for step in above.get("steps", [])]
    assert len(measures) == 10
    assert Counter(measure["indicator"] for measure in measures) == {
        1: 1, 2: 1, 3: 1, 4: 2, 5: 1, 6: 1, 7: 1, 8: 1, 10: 1
    }  # fmt: skip
    assert (len(first_level) + len(second_level), len(second_level)) == (47, 15)
    assert Counter(measure["status"] for measure in measures) == {"done": 7, "in_progress": 3}
    assert {measure["indicator"] for measure in measures if measure["status"] == "in_progress"} == {2, 7, 8}
    assert len(SEED["divisions"]) == 5
    assert SEED["rounds"] == [6, 12]


def test_borrowing_is_corrected_in_the_second_row_of_indicator_4_alone() -> None:
    texts = {place: str(cell) for place, cell in fixture_cells().items()}
    assert {place[:2] for place, text in texts.items() if "ยื่น" in text} == {(8, 1)}
