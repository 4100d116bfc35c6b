"""The table of measures on sheets of the screen: all of it, in order, and about as much as on a page."""

from dataclasses import replace

from reports.document.columns import PAGE_OF_LINES
from reports.document.facts import StepLine
from reports.document.sheets import sheets, whole
from tests.support.papers import ROW, document, of_chance, section

TALL = replace(ROW, steps=tuple(StepLine(f"{n}.", 1, "ขั้นตอน", None) for n in range(1, 14)))
LONGER_THAN_A_PAGE = replace(ROW, result="ผล\n" * 60)


def test_every_measure_stands_on_one_sheet_in_its_order() -> None:
    for seed in range(20):
        made = of_chance(seed)
        placed = [row.measure for sheet in sheets(made) for part in sheet.sections for row in part.rows]
        assert placed == list(made.measures)


def test_a_sheet_is_about_as_full_as_a_page() -> None:
    made = sheets(document(section(1, *[TALL] * 6)))
    assert [len(sheet.sections[0].rows) for sheet in made] == [2, 2, 2]
    assert all(sheet.lines <= PAGE_OF_LINES for sheet in made)


def test_a_measure_longer_than_a_page_has_a_sheet_of_its_own() -> None:
    made = sheets(document(section(1, ROW), section(2, LONGER_THAN_A_PAGE), section(3, ROW)))
    assert [[part.section.number for part in sheet.sections] for sheet in made] == [[1], [2], [3]]


def test_an_indicator_that_goes_on_says_so() -> None:
    made = sheets(document(section(1, *[TALL] * 3), section(2, ROW)))
    assert [[(part.section.number, part.goes_on) for part in sheet.sections] for sheet in made] == [
        [(1, False)],
        [(1, True), (2, False)],
    ]


def test_the_pdf_and_an_empty_plan_have_one() -> None:
    assert len(whole(document(section(1, *[TALL] * 6)))) == 1
    assert [sheet.sections for sheet in sheets(document())] == [[]]
