"""The report as CSV: for programs, and for a spreadsheet that takes any text for a formula."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.document.facts import EvidenceLine, ReportDocument, StepLine
from reports.renderers import FORMATS
from reports.renderers.table import COLUMNS
from tests.support.papers import ROW, document, of_chance, section

MARK = "\ufeff"


def text_of(made: ReportDocument) -> str:
    return FORMATS["csv"].render(made).content.decode()


def records(made: ReportDocument) -> list[dict[str, str]]:
    """The rows as a program reads them, by the keys of the columns."""
    text = text_of(made).removeprefix(MARK)
    head, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert head == [column.heading for column in COLUMNS]
    return [dict(zip([column.key for column in COLUMNS], row, strict=True)) for row in rows]


def result_of(text: str) -> str:
    """What a result is in the file."""
    return records(document(section(1, replace(ROW, result=text, steps=()))))[0]["result"]


# --- The form ---------------------------------------------------------------------------------------


def test_a_mark_a_heading_and_lines_that_end_as_the_standard_says() -> None:
    content = FORMATS["csv"].render(document(section(1, ROW))).content
    assert content.startswith(b"\xef\xbb\xbf" + "ปีงบประมาณ,รอบ (เดือน),ตัวชี้วัดที่,".encode())
    assert content.endswith(b"\r\n")
    assert content.count(b"\xef\xbb\xbf") == 1
    # No one typed an end of line: those there are end the parties of a cell.
    lines = content.replace("กองคลัง\nกองช่าง".encode(), b"").split(b"\r\n")
    assert len(lines) == 4
    assert not any(b"\n" in line or b"\r" in line for line in lines)


def test_the_columns_have_different_keys_and_headings() -> None:
    assert len({column.key for column in COLUMNS}) == len({column.heading for column in COLUMNS})
    assert len({column.key for column in COLUMNS}) == len(COLUMNS)
    assert all(column.width > 5 for column in COLUMNS)


def test_a_row_for_each_step_with_the_measure_beside_it() -> None:
    first, second = records(document(section(1), section(3, ROW)))
    assert first | {"step": "", "step_text": "", "step_done_on": ""} == second | {
        "step": "",
        "step_text": "",
        "step_done_on": "",
    }
    assert [(row["step"], row["step_text"], row["step_done_on"]) for row in (first, second)] == [
        ("ข้อ 1.", "จัดประชุม", "2023-01-09"),
        ("ข้อ 2.", "เผยแพร่ประกาศ", ""),
    ]
    measure = {
        "fiscal_year": "2566",
        "months": "6",
        "indicator": "3",
        "indicator_name": "เรื่องที่สนใจข้อ 3",
        "measure": "1",
        "title": "มาตรการป้องกันการรับสินบน",
        "parties": "กองคลัง\nกองช่าง",
        "due_text": "ตลอดปีงบประมาณ พ.ศ. ๒๕๖๖",
        "due_on": "2023-09-30",
        "status": "อยู่ระหว่างดำเนินการ",
        "late": "ไม่",
        "result": "",
        "obstacle": "",
        "reason": "",
    }
    assert {key: first[key] for key in measure} == measure


def test_the_tenth_step_of_a_second_level_is_not_the_first() -> None:
    """A spreadsheet shows 1.10 as 1.1; what is left behind the word is the number of the plan."""
    labels = ["1.", *(f"1.{n}" for n in range(1, 12)), "2."]
    steps = tuple(StepLine(label, 1, "ก", None) for label in labels)
    told = [row["step"] for row in records(document(section(1, replace(ROW, steps=steps))))]
    assert [text.removeprefix("ข้อ ") for text in told] == labels
    assert all(text.startswith("ข้อ ") for text in told)


def test_a_row_says_whose_report_it_is_and_of_which_day() -> None:
    first, second = records(document(section(3, ROW)))
    of_report = {"agency": "เทศบาลเมืองกองก้อย", "province": "แม่ฮ่องสอน", "as_of": "2023-03-31"}
    assert {key: first[key] for key in of_report} == {key: second[key] for key in of_report} == of_report


def test_columns_stay_where_they_are() -> None:
    """Programs read them: a new one comes after all others, and none is renamed or taken away."""
    assert " ".join(column.key for column in COLUMNS) == (
        "fiscal_year months indicator indicator_name measure title step step_text step_done_on parties"
        " due_text due_on status late result obstacle reason evidence state revision code reporter"
        " reporter_post reported_on approved_by approved_post approved_on address agency province as_of"
    )
    sample = text_of(document(section(3, ROW), sample_note="ข้อมูลตัวอย่าง")).splitlines()
    assert sample[0].endswith(",จังหวัด,ข้อมูล ณ วันที่,หมายเหตุ")


def test_a_measure_without_steps_has_a_row_and_one_without_a_day_an_empty_cell() -> None:
    (row,) = records(document(section(1, replace(ROW, steps=(), due_on=None, late=True, parties=()))))
    assert [row[key] for key in ("step", "step_text", "step_done_on", "due_on", "parties")] == [""] * 5
    assert row["late"] == "ใช่"


def test_evidence_has_a_line_each_with_its_day() -> None:
    proofs = tuple(
        EvidenceLine(
            number, f"ประกาศ {number}", f"https://example.com/{number}", date(2023, 2, number), public=True
        )
        for number in (1, 2)
    )
    (row, _) = records(document(section(1, replace(ROW, evidence=proofs))))
    assert row["evidence"] == (
        "2023-02-01 ประกาศ 1 https://example.com/1\n2023-02-02 ประกาศ 2 https://example.com/2"
    )


def test_a_file_without_an_address_is_kept_at_the_agency() -> None:
    proof = EvidenceLine(1, "คำสั่ง", "", date(2023, 2, 1))
    (row, _) = records(document(section(1, replace(ROW, evidence=(proof,)))))
    assert row["evidence"] == "2023-02-01 คำสั่ง เก็บไว้ที่หน่วยงาน (จะไม่เผยแพร่)"


def test_measures_are_counted_through_the_document() -> None:
    made = of_chance(1)
    rows = records(made)
    assert len(rows) == sum(len(row.steps) for row in made.measures)
    assert [number for number, _ in dict.fromkeys((row["measure"], row["title"]) for row in rows)] == [
        str(number) for number in range(1, made.measure_count + 1)
    ]


def test_an_empty_plan_is_a_heading() -> None:
    assert records(document(section(1))) == []


# --- What people typed ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        'เขาว่า "ใช่"',
        '"',
        '""',
        "ก, ข; ค",
        "บรรทัดหนึ่ง\nบรรทัดสอง",
        "ก\n\nข\n",
        "ก\tข",
        " ก ",
        "น้ำใจ กตัญญูฯ ๑๒๓",
        "👍",
    ],
)
def test_it_comes_back_letter_by_letter(text: str) -> None:
    assert result_of(text) == text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Cn"]), max_size=30))
def test_any_text_comes_back_but_for_a_sign_before_it(text: str) -> None:
    assert result_of(text) in {text, f"'{text}"}


def test_it_comes_back_from_every_column() -> None:
    text = 'ก "ข", ค\nง'
    row = replace(
        ROW,
        title=text,
        steps=(StepLine("1.", 1, text, None),),
        parties=(text,),
        due_text=text,
        status_label=text,
        result=text,
        obstacle=text,
        reason=text,
    )
    (record,) = records(document(replace(section(1, row), name=text)))
    assert [key for key, value in record.items() if value == text] == [
        "indicator_name",
        "title",
        "step_text",
        "parties",
        "due_text",
        "status",
        "result",
        "obstacle",
        "reason",
    ]


# --- Formulas ---------------------------------------------------------------------------------------

# Excel calculates what begins with = + - or @, also after white space; in its Chinese and Japanese versions
# also the full-width signs. LibreOffice 7.4 calculates only =.


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
@pytest.mark.parametrize("before", ["", " ", "\t", "\n", "\u00a0", "\u3000"])
def test_a_formula_is_text(sign: str, before: str) -> None:
    for formula in ("1+1", 'HYPERLINK("http://example.com";"ก")', "cmd|' /C calc'!A0", " จัดประชุม"):
        text = f"{before}{sign}{formula}"
        assert result_of(text) == f"'{text}"


@pytest.mark.parametrize("start", ["\t", "\n"])
def test_what_may_begin_another_cell_is_text(start: str) -> None:
    assert result_of(f"{start}กข") == f"'{start}กข"


@pytest.mark.parametrize("hidden", ["\u200e=1+1", "\r=1+1", "\0=1+1", "\u202e=1+1"])
def test_what_is_left_out_hides_no_formula(hidden: str) -> None:
    assert result_of(hidden) == "'=1+1"


@pytest.mark.parametrize("text", ["-", "–", " - ", "+", "ก=ข", "1-2", "'=1+1", "(-1)", "• ก", "๑. ก"])
def test_what_is_no_formula_stays_as_it_was_typed(text: str) -> None:
    """An officer writes - for "none"."""
    assert result_of(text) == text


def test_a_formula_is_text_in_every_column() -> None:
    text = "=1+1"
    row = replace(
        ROW,
        title=text,
        steps=(StepLine(text, 1, text, None),),
        parties=(text,),
        due_text=text,
        status_label=text,
        result=text,
        obstacle=text,
        reason=text,
    )
    (record,) = records(document(replace(section(1, row), name=text)))
    assert not any(value.startswith("=") for value in record.values())
    assert list(record.values()).count("'=1+1") == 9
    assert record["step"] == "ข้อ =1+1"
