"""Small files that ask for much work are given up by count, wherever the work lies."""

import difflib
import io
import zipfile
from collections.abc import Callable
from time import monotonic
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import office_archive
from measures.numbered_lists import Line, split
from measures.plan_import.parsing import KnownNames, Unreadable, parse
from measures.plan_import.tables import excel, table
from measures.plan_import.tables.table import TOO_LARGE
from measures.plan_import.understanding import division_names as parties
from tests.measures.evidence.test_files import word_with
from tests.measures.plan_import import corpus
from tests.measures.plan_import.corpus import YEAR, edited, with_part

OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHARED: Final = f'<Relationship Id="s" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
SHEET: Final = "xl/worksheets/sheet1.xml"


def book(more: str = "", *, rows: str = "", strings: str = "") -> bytes:
    """A workbook of one sheet with raw XML in it; what repeats itself is packed to nearly nothing."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    content = edited(
        corpus.xlsx_plain(),
        SHEET,
        lambda _: f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData>{more}</worksheet>',
    )
    if strings:
        content = edited(
            content, "xl/_rels/workbook.xml.rels", lambda xml: xml.replace("</Rel", f"{SHARED}</Rel", 1)
        )
        content = with_part(content, "xl/sharedStrings.xml", f'<sst xmlns="{main}">{strings}</sst>'.encode())
    return content


def filled(count: int) -> str:
    return "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, count + 1))


def merged(count: int, reference: str) -> str:
    return "<mergeCells>" + f'<mergeCell ref="{reference}"/>' * count + "</mergeCells>"


def in_body(xml: str) -> bytes:
    return edited(
        corpus.docx_plain(), "word/document.xml", lambda old: old.replace("<w:body>", f"<w:body>{xml}")
    )


# As low as a plan of 200 measures allows, so that the files of these tests are quickly made.
WORK, STRINGS, CHARACTERS = 60_000, 10_000, 300_000

LARGE: Final[dict[str, Callable[[], bytes]]] = {
    "50,000 merged ranges": lambda: book(merged(50_000, "A1:B10000"), rows=filled(3_000)),
    "ranges that cover the same rows": lambda: book(merged(9_000, "A1:B10000"), rows=filled(3_000)),
    "rows without a cell": lambda: book(rows="<row/>" * (WORK + 1)),
    "cells without a value": lambda: book(rows=f"<row>{'<c/>' * (WORK + 1)}</row>"),
    "shared texts without a letter": lambda: book(rows=filled(1), strings="<si/>" * (STRINGS + 1)),
    "cell formats": lambda: edited(
        corpus.xlsx_plain(),
        "xl/styles.xml",
        lambda xml: xml.replace("<cellXfs", f"<numFmts>{'<numFmt/>' * WORK}</numFmts><cellXfs", 1),
    ),
    "columns before a row": lambda: in_body(
        "<w:tbl><w:tr>" + '<w:gridBefore w:val="9"/>' * 1_000 + "</w:tr></w:tbl>"
    ),
    "columns of wide cells": lambda: in_body(
        "<w:tbl><w:tr>"
        + '<w:tc><w:tcPr><w:gridSpan w:val="9999999"/></w:tcPr></w:tc>' * 201
        + "</w:tr></w:tbl>"
    ),
    "tabs in a paragraph": lambda: in_body(f"<w:p><w:r>{'<w:tab/>' * (CHARACTERS + 1)}</w:r></w:p>"),
    "rows of a Word table": lambda: in_body(f"<w:tbl>{'<w:tr/>' * (table.MAX_ROWS + 1)}</w:tbl>"),
    "one line of commas": lambda: b"a,b\n" + b"," * 1_000_000,
    "one line of text": lambda: b"a," * 1_000_001,
}


@pytest.mark.parametrize("name", LARGE)
def test_it_is_given_up(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MAX_WORK", WORK)
    monkeypatch.setattr(table, "MAX_CHARACTERS", CHARACTERS)
    monkeypatch.setattr(excel, "MAX_STRINGS", STRINGS)
    content = LARGE[name]()
    with pytest.raises(Unreadable) as refused:
        parse("file", content, YEAR)
    assert str(refused.value) == TOO_LARGE


def test_the_file_that_held_a_thread_for_24_seconds_is_small_and_costs_little(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counted: list[int] = []
    work = table.Budget.work

    def counting(budget: table.Budget, count: int = 1) -> None:
        counted.append(count)
        work(budget, count)

    monkeypatch.setattr(table.Budget, "work", counting)
    content = book(merged(50_000, "A1:XFD1048576"), rows=filled(2))
    assert len(content) < 10_000
    with pytest.raises(Unreadable):
        parse("file", content, YEAR)
    assert sum(counted) < 2 * excel.MAX_MERGED


def test_what_a_plan_merges_is_far_from_the_limit() -> None:
    assert corpus.facts(parse("x.xlsx", corpus.xlsx_merged_down(), YEAR)) == corpus.PLAN
    # 200 measures of ten steps, merged over their steps in five columns.
    ranges = "".join(
        f'<mergeCell ref="{column}{10 * n + 1}:{column}{10 * n + 10}"/>'
        for n in range(200)
        for column in "ABCDE"
    )
    plan = parse("x.xlsx", book(f"<mergeCells>{ranges}</mergeCells>", rows=filled(2_000)), YEAR)
    # It was read; that numbers are no measures is another matter.
    assert plan.measures == ()


def test_a_table_of_types_is_not_read_as_a_tree_of_millions() -> None:
    types = f"<Types>{'<Default/>' * 300_000}</Types>"
    with pytest.raises(office_archive.Bomb):
        office_archive.kind_of(zipped_types(types))
    assert office_archive.kind_of(word_with({})) == "docx"


def zipped_types(types: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
    return file.getvalue()


# --- Names that nobody knows --------------------------------------------------------------------------


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One for each comparison letter by letter."""
    seen: list[int] = []
    original = difflib.SequenceMatcher.quick_ratio

    def counting(matcher: "difflib.SequenceMatcher[str]") -> float:
        seen.append(1)
        return original(matcher)

    monkeypatch.setattr(difflib.SequenceMatcher, "quick_ratio", counting)
    return seen


def test_names_are_compared_once_each_and_not_without_end(compared: list[int]) -> None:
    known = KnownNames([f"กองที่ {n}" for n in range(200)])
    assert known.matching("กองที่ x") == known.matching("กองที่ x")
    assert len(compared) == 200
    for n in range(3_000):
        assert known.matching(f"กองที่ ก{n}")[0] is None
    assert len(compared) <= parties.MAX_COMPARISONS
    # What is known is known all the same.
    assert known.matching("กองที่199") == ("กองที่ 199", ())


def test_names_that_cannot_be_alike_are_not_compared(compared: list[int]) -> None:
    known = KnownNames(["กองคลัง", "ก" * 200])
    assert known.matching("ก" * 50) == (None, ())
    assert known.matching("ก" * 199) == (None, ())
    assert compared == []


NAMES: Final = st.text("กขคงสำนักปลดอช ่้ ", min_size=1, max_size=40)


@given(st.lists(NAMES, max_size=8, unique=True), NAMES)
def test_the_names_that_look_alike_are_those_of_before(known: list[str], name: str) -> None:
    letters = {table.without_spaces(each): each for each in known}
    found, near = KnownNames(known).matching(name)
    if found is None:
        before = difflib.get_close_matches(table.without_spaces(name), letters, n=3, cutoff=0.6)
        assert near == tuple(letters[match] for match in before)
    else:
        assert table.without_spaces(found) == table.without_spaces(name)


@pytest.mark.parametrize("line", ["{n}. ประชุม", "ประชุม", "๑. ประชุม", "ก {n}. ประชุม"])
def test_numbers_are_looked_for_once_in_each_line_of_a_long_cell(line: str) -> None:
    lines = [Line(line.format(n=n)) for n in range(1, 6_000)]
    begun = monotonic()
    split([[Line("๑. ประชุม"), *lines]])
    # Read again with each line, it would be half a minute.
    assert monotonic() - begun < 5
