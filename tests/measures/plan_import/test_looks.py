"""Plans as they really look are understood; what is not sure is marked at its cell, and nothing is silent."""

from collections.abc import Callable
from functools import cache
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.thai_calendar import thai_digits
from measures.plan_import.parsing import Choices
from tests.measures.plan_import.corpus import Fact
from tests.measures.plan_import.looks import DOCUMENTS, texts
from tests.measures.plan_import.looks.documents import (
    FIRST,
    HEAD,
    MARCH,
    PHRASES,
    SEPTEMBER,
    Document,
    Rows,
    fact,
    pasted,
    word,
    xlsx,
)
from tests.measures.plan_import.looks.scoring import Score, read, score
from tests.support.thorough import THOROUGH

BY_NAME: Final = {document.name: document for document in DOCUMENTS}


@cache
def scored(name: str) -> Score:
    """Each is read once for all tests."""
    return score(BY_NAME[name])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: each.name)
def test_what_is_wrong_is_marked(document: Document) -> None:
    found = scored(document.name)
    assert found.wrong == []
    assert found.missing == frozenset()
    assert (found.plan is None or bool(found.plan.stops)) is document.stops


def test_nearly_all_cells_are_right_and_few_of_them_are_marked() -> None:
    every = Score()
    for document in DOCUMENTS:
        every.add(scored(document.name))
    assert every.silent == 0
    assert every.right >= 0.97 * (every.cells - every.stopped)
    # A mark on everything would mark nothing; of what has lost its cells everything is marked.
    sure = Score()
    for document in DOCUMENTS:
        if document.kind not in {texts.PASTED, texts.PDF}:
            sure.add(scored(document.name))
    assert sure.more_marked <= 0.1 * sure.right


def test_the_corpus_is_as_large_as_promised() -> None:
    assert len({document.name for document in DOCUMENTS}) == len(DOCUMENTS) >= 40


def test_choices_are_kept_without_loss() -> None:
    every = Choices(2, frozenset({"1.3"}), frozenset({"1", "2.4"}), frozenset({"1.5"}), only_plan=True)
    assert Choices.of(every.facts) == every
    assert Choices.of({}) == Choices()


def test_only_the_plan_is_taken_in_where_it_is_chosen() -> None:
    of = BY_NAME["เครื่องหมายถูก.xlsx"]
    plan = read(Document(of.kind, of.name, of.make, of.plan, choices=Choices(only_plan=True)))
    assert plan
    assert {(each.status, each.result, each.obstacle) for each in plan.measures} == {(None, "", "")}


def test_a_cell_is_found_by_its_address() -> None:
    plan = scored("ไม่แล้วเสร็จ.xlsx").plan
    assert plan
    (finding,) = [each for each in plan.findings if each.measure == 0]
    cell = next(
        each for each in plan.measures[0].cells if (each.row, each.column) == (finding.row, finding.column_at)
    )
    assert (cell.text, cell.heading) == ("ไม่แล้วเสร็จ", "ผลการดำเนินงาน")


def test_what_is_left_out_is_proposed_and_can_be_brought_in() -> None:
    plan = scored("ลงชื่อ.xlsx").plan
    assert plan
    assert [each.row for each in plan.left_out] == [5, 6, 7]
    assert not any(each.chosen for each in plan.left_out)
    plan = scored("แผ่นสรุป.xlsx").plan
    assert plan
    assert [(each.name, each.measures, bool(each.reason)) for each in plan.tables] == [
        ("แผ่นงาน แผน", 2, False),
        ("แผ่นงาน สรุป", 0, True),
        ("แผ่นงาน สถิติ", 0, True),
    ]


# --- Random shapes ----------------------------------------------------------------------------------

WORDS: Final = ("ประชุมคณะทำงาน", "จัดทำคำสั่ง", "แจ้งเจ้าหน้าที่", "ทบทวนทุกปี", "เผยแพร่", "สรุปรายไตรมาส")
NUMBERS: Final = ("{}.", "{})", "({})", "{}. ", "{}) ")
DUES: Final = (
    ("31 มีนาคม 2566", MARCH),
    ("๓๐ กันยายน ๒๕๖๖", SEPTEMBER),
    ("ไตรมาส 2", MARCH),
    ("ครั้งที่ 1 มี.ค. 2566", MARCH),
    ("", None),
)


@st.composite
def shapes(draw: st.DrawFn) -> Document:
    """A plan of up to three measures, with steps numbered in any way, run on or in lines, in any file."""
    facts, rows = [], [list(HEAD), [FIRST]]
    numbers, between = draw(st.sampled_from(NUMBERS)), draw(st.sampled_from(["\n", " ", ""]))
    is_thai = draw(st.booleans())
    for place in range(draw(st.integers(1, 3))):
        steps = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4, unique=True))
        status = draw(st.sampled_from([*PHRASES]))
        due = draw(st.sampled_from(DUES))
        of: Fact = fact(f"มาตรการ{'กขค'[place]}", steps, ("กองคลัง",), due, status)
        written = between.join(numbers.format(number) + step for number, step in enumerate(steps, 1))
        written = thai_digits(written) if is_thai else written
        row: list[Any] = [of.title, written, "กองคลัง", due[0], PHRASES[status]]
        if draw(st.booleans()) and len(steps) > 1 and between == "\n":
            first, *others = written.split("\n")
            rows += [[of.title, first, *row[2:]], *(["", step, "", "", ""] for step in others)]
        else:
            rows.append(row)
        facts.append(of)
    if draw(st.booleans()):
        rows.append([draw(st.sampled_from(["(ลงชื่อ) ....... ผู้รายงาน", "หมายเหตุ: ร่าง"])), "", "", "", ""])
    kinds: list[Callable[[Rows], bytes | str]] = [xlsx, word, pasted]
    make = draw(st.sampled_from(kinds))
    return Document("สุ่ม", "สุ่ม", lambda: make(rows), tuple(facts))


@pytest.mark.no_cover
@given(shapes())
@settings(max_examples=300 if THOROUGH else 40)
def test_a_plan_in_a_random_shape_is_understood_or_marked(document: Document) -> None:
    found = score(document)
    assert found.wrong == []
