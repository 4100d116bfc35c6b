"""From tables to a plan: mapping by the officer, what is left out, what stops, what is marked as a guess."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from measures.plan_import.parsing import (
    DEFECT,
    Field,
    Finding,
    ImportedPlan,
    Severity,
    Unreadable,
    parse,
    parse_text,
)
from measures.plan_import.understanding.plan import (
    NO_MEASURES,
    NO_TABLE,
    NO_TITLE_COLUMN,
    TABLE_LEFT_OUT,
    TWICE,
)
from measures.plan_import.understanding.raw import shortened
from measures.plan_import.understanding.sentences import (
    CARRIED_ON,
    COLUMN_LEFT_OUT,
    DEEPER,
    LEFT_OUT,
    NO_INDICATOR,
    NO_PARTIES,
    NO_STEPS,
    NO_TITLE,
    RENUMBERED,
    SEVERAL_TITLES,
    TAKEN_AS_HEAD,
)
from tests.measures.plan_import import corpus
from tests.measures.plan_import.corpus import HEAD, PLAN, YEAR, facts, rows_of_text

INDICATOR = "ตัวชี้วัดที่ ๑ การปฏิบัติหน้าที่"


def pasted(*rows: Sequence[str]) -> ImportedPlan:
    """A plan of rows of cells; lines within a cell are paragraphs."""
    return parse_text("\n".join("\t".join(cell.replace("\n", "<br>") for cell in row) for row in rows), YEAR)


def one(*cells: str, head: Sequence[str] = HEAD) -> ImportedPlan:
    """A plan of one measure under an indicator."""
    return pasted(head, [INDICATOR, *[""] * (len(head) - 1)], cells)


def messages(plan: ImportedPlan, severity: Severity | None = None) -> list[str]:
    return [finding.message for finding in plan.findings if severity in {None, finding.severity}]


# --- The officer's mapping --------------------------------------------------------------------------

UNKNOWN = ("เรื่อง", "สิ่งที่ทำ", "ใคร", "เมื่อใด", "เป็นอย่างไร")
MAPPING = dict(enumerate((Field.TITLE, Field.STEPS, Field.PARTIES, Field.DUE, Field.RESULT)))


def test_unknown_headings_are_shown_and_stop() -> None:
    plan = pasted(UNKNOWN, *rows_of_text()[1:])
    (stop,) = plan.findings
    assert stop.severity is Severity.STOP
    assert all(heading in stop.message for heading in UNKNOWN)
    assert [(column.index, column.heading, column.field) for column in plan.columns] == [
        (place, heading, None) for place, heading in enumerate(UNKNOWN)
    ]


def test_the_officer_says_what_the_columns_hold() -> None:
    text = "\n".join(
        "\t".join(cell.replace("\n", "<br>") for cell in row) for row in [UNKNOWN, *rows_of_text()[1:]]
    )
    plan = parse_text(text, YEAR, MAPPING)
    assert facts(plan) == PLAN
    assert messages(plan) == [TAKEN_AS_HEAD]


def test_a_mapping_counts_for_a_table_without_any_head() -> None:
    text = "\n".join("\t".join(cell.replace("\n", "<br>") for cell in row) for row in rows_of_text()[1:])
    assert facts(parse_text(text, YEAR, MAPPING)) == PLAN


@pytest.mark.parametrize("make", [corpus.docx_plain, corpus.docx_repeated_heads, corpus.xlsx_plain])
def test_a_mapping_counts_more_than_the_headings(make: object) -> None:
    assert callable(make)
    mapping = {**MAPPING, 4: Field.IGNORED}
    plan = parse("x", make(), YEAR, mapping)
    assert [measure.title for measure in plan.measures] == [fact.title for fact in PLAN]
    assert {measure.status for measure in plan.measures} == {None}


def test_a_mapping_by_columns_of_a_sheet_that_begins_elsewhere() -> None:
    mapping = {index + 1: field for index, field in MAPPING.items()}
    assert facts(parse("x", corpus.xlsx_head_below_a_title(), YEAR, mapping)) == PLAN


def test_a_mapping_needs_the_measures() -> None:
    plan = parse_text("ก\tข\nค\tง", YEAR, {0: Field.STEPS})
    assert [finding.message for finding in plan.stops][:1] == [NO_TITLE_COLUMN]


# --- What stops -------------------------------------------------------------------------------------


def test_text_without_a_table_says_so() -> None:
    plan = parse_text("เรียน ท่านนายก\nขอส่งแผนมาพร้อมนี้", YEAR)
    assert messages(plan) == [NO_TABLE]
    assert plan.stops


def test_a_head_without_measures_says_so() -> None:
    assert messages(pasted(HEAD)) == [NO_MEASURES]


def test_a_measure_without_indicator_or_title_stops() -> None:
    plan = pasted(HEAD, ("มาตรการหนึ่ง", "๑. ก", "กองคลัง", "ไตรมาส ๑", "แล้วเสร็จ"))
    assert messages(plan, Severity.STOP) == [NO_INDICATOR]
    plan = pasted(HEAD, [INDICATOR, "", "", "", ""], ("", "๑. ก", "กองคลัง", "ไตรมาส ๑", "แล้วเสร็จ"))
    assert messages(plan, Severity.STOP) == [NO_TITLE]
    assert plan.stops[0].measure == 0


def test_what_no_record_can_hold_stops() -> None:
    plan = one("ก" * 501, f"๑. {'ข' * 2_001}", "กองคลัง", "ค" * 201, "แล้วเสร็จ")
    assert [finding.column for finding in plan.stops] == ["มาตรการ", "กำหนดแล้วเสร็จ", "ขั้นตอน/วิธีการปฏิบัติ"]
    assert "501" in plan.stops[0].message


# --- What is guessed, left out, or noted ------------------------------------------------------------


def test_a_finding_says_where_and_is_short() -> None:
    plan = one("มาตรการ", "๑. ก", "กองคลัง", "เร็ว ๆ นี้", "แล้วเสร็จ")
    (finding,) = plan.findings
    assert (finding.table, finding.row, finding.column, finding.text) == (
        "ข้อความ",
        3,
        "กำหนดแล้วเสร็จ",
        "เร็ว ๆ นี้",
    )
    assert plan.measures[0].guessed == {Field.DUE}
    assert (plan.measures[0].due_text, plan.measures[0].due_on) == ("เร็ว ๆ นี้", None)
    assert len(shortened("ก" * 1_000)) < 130


def test_a_measure_without_steps_or_parties_is_noted() -> None:
    assert messages(one("มาตรการ", "", "", "", "แล้วเสร็จ"), Severity.NOTE) == [NO_STEPS, NO_PARTIES]


def test_a_third_level_becomes_the_second() -> None:
    plan = one("มาตรการ", "1. ก\n1.1 ข\n1.1.1 ค\n2. ง", "กองคลัง", "ไตรมาส ๑", "แล้วเสร็จ")
    assert [(step.label, step.level, step.guessed) for step in plan.measures[0].steps] == [
        ("1.", 1, False),
        ("1.1", 2, False),
        ("1.1.1", 2, True),
        ("2.", 1, False),
    ]
    assert messages(plan) == [DEEPER]


def test_numbers_that_skip_are_noted_and_a_first_one_is_kept() -> None:
    assert one("มาตรการ", "๔. ก\n๕. ข", "กองคลัง", "", "").measures[0].first_step == 4
    plan = one("มาตรการ", "๑. ก\n๓. ข", "กองคลัง", "", "")
    assert RENUMBERED in messages(plan, Severity.NOTE)
    assert [step.text for step in plan.measures[0].steps] == ["ก", "ข"]


def test_several_measures_in_one_cell_are_marked() -> None:
    assert SEVERAL_TITLES in messages(one("๑. ก\n๒. ข", "๑. ค", "กองคลัง", "", ""))
    assert one("๑. มาตรการแรก", "๑. ค", "กองคลัง", "", "").measures[0].title == "มาตรการแรก"


def test_the_same_measure_twice_is_marked() -> None:
    row = ("มาตรการหนึ่ง", "๑. ก", "กองคลัง", "ไตรมาส ๑", "แล้วเสร็จ")
    plan = pasted(HEAD, [INDICATOR, "", "", "", ""], row, row)
    assert messages(plan) == [TWICE]
    assert plan.findings[0].measure == 1


def test_rows_that_are_no_measures_are_left_out_and_named() -> None:
    plan = pasted(
        HEAD,
        [INDICATOR, "", "", "", ""],
        ("มาตรการหนึ่ง", "๑. ก", "กองคลัง", "ไตรมาส ๑", "แล้วเสร็จ"),
        ["หมายเหตุ: ข้อมูล ณ วันที่ ๓๑ มีนาคม ๒๕๖๖"],
        ["(ลงชื่อ)", "", "", "", ""],
    )
    assert len(plan.measures) == 1
    assert messages(plan) == [LEFT_OUT, LEFT_OUT]


def test_a_column_and_a_table_that_are_not_known_are_named() -> None:
    plan = one("มาตรการหนึ่ง", "๑. ก", "กองคลัง", "ไตรมาส ๑", "แล้วเสร็จ", "ภาพถ่าย", head=(*HEAD, "เอกสารแนบ"))
    assert [(finding.message, finding.column) for finding in plan.findings] == [
        (COLUMN_LEFT_OUT, "เอกสารแนบ")
    ]
    plan = parse("x", corpus.xlsx_second_sheet(), YEAR)
    assert [(finding.message, finding.table) for finding in plan.findings] == [(TABLE_LEFT_OUT, "แผ่นงาน ปก")]


def test_a_table_that_goes_on_without_a_head_is_a_guess() -> None:
    plan = parse("x", corpus.docx_continued_without_head(), YEAR)
    assert messages(plan) == [CARRIED_ON]


def test_rows_of_one_measure_that_disagree_are_in_progress_until_the_last_day() -> None:
    plan = pasted(
        HEAD,
        [INDICATOR, "", "", "", ""],
        ("มาตรการหนึ่ง", "๑. ก", "กองคลัง", "ไตรมาส ๑", "แล้วเสร็จ"),
        ("", "๒. ข", "กองช่าง", "ไตรมาส ๓", "ยังไม่ดำเนินการ"),
    )
    (measure,) = plan.measures
    assert (measure.status, str(measure.due_on), measure.due_text) == (
        "in_progress",
        "2023-06-30",
        "ไตรมาส ๑, ไตรมาส ๓",
    )
    assert [party.name for party in measure.parties] == ["กองคลัง", "กองช่าง"]
    assert measure.guessed == {Field.DUE, Field.STATUS, Field.RESULT}
    assert all(isinstance(finding, Finding) and finding.measure == 0 for finding in plan.findings)


def test_status_result_and_obstacle_of_columns_of_their_own() -> None:
    head = (*HEAD[:4], "สถานะ", "ผลการดำเนินงาน", "ปัญหา/อุปสรรค")
    plan = one("มาตรการ", "๑. ก", "กองคลัง", "", "ยกเลิก", "ยังไม่มีงบประมาณ", "ไม่ได้รับจัดสรร", head=head)
    (measure,) = plan.measures
    assert (measure.status, measure.result, measure.obstacle) == ("cancelled", "ยังไม่มีงบประมาณ", "ไม่ได้รับจัดสรร")


def test_a_tick_below_a_status() -> None:
    head = (*HEAD[:4], "ดำเนินการแล้ว", "อยู่ระหว่างดำเนินการ", "ยังไม่ดำเนินการ")
    for place, status in enumerate(("done", "in_progress", "not_started")):
        ticks = ["", "", ""]
        ticks[place] = "✓"
        (measure,) = one("มาตรการ", "๑. ก", "กองคลัง", "", *ticks, head=head).measures
        assert (measure.status, measure.result) == (status, "")


def test_an_indicator_in_the_first_line_of_the_measure() -> None:
    plan = pasted(HEAD, (f"{INDICATOR}\nมาตรการหนึ่ง", "๑. ก", "กองคลัง", "", ""))
    assert [(measure.indicator, measure.title) for measure in plan.measures] == [(1, "มาตรการหนึ่ง")]


WORDS = st.sampled_from(
    [
        *HEAD,
        *("\t", "\n", ",", '"', "|", "<p>", "</p>", "๑.", "๑.๑", "(2)", "ข้อ ๓", "-", " ", "ตัวชี้วัดที่ ๔"),
        *(
            "ตัวชี้วัด",
            "พ.ศ. ๒๕๖๖",
            "ไตรมาส ๙",
            "31/2/2566",
            "แล้วเสร็จ",
            "กองคลัง และ",
            "\x00",
            "\u0e33",
            "99999999999",
        ),
    ]
)


@pytest.mark.no_cover
@given(st.lists(st.one_of(WORDS, st.text(max_size=5)), max_size=60).map("".join))
@settings(max_examples=150)
def test_whatever_is_pasted_is_a_plan_or_refused(text: str) -> None:
    try:
        plan = parse_text(text, YEAR)
    except Unreadable as refused:
        if str(refused) == DEFECT:
            raise
        return
    assert plan.measures or plan.stops
    assert all(measure.title or plan.stops for measure in plan.measures)
    for measure in plan.measures:
        assert all(step.text and step.level in {1, 2} for step in measure.steps)
        assert all(party.name for party in measure.parties)


def test_a_defect_of_ours_is_a_sentence_and_not_a_stack_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError

    monkeypatch.setattr("measures.plan_import.parsing.understand", broken)
    with pytest.raises(Unreadable, match="คัดลอกเฉพาะตารางมาตรการ"):
        parse_text("ก\tข\nค\tง", YEAR)
