"""How single cells are understood: days, statuses, numbered lists, parties, headings, indicators."""

from datetime import date
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Division
from core.text import plain_text
from measures import models
from measures.numbered_lists import Line, split
from measures.plan_import import model
from measures.plan_import.parsing import Field, matching
from measures.plan_import.tables.table import cleaned, lines_of
from measures.plan_import.understanding.dates import due_date
from measures.plan_import.understanding.division_names import split_parties
from measures.plan_import.understanding.headings import field_of
from measures.plan_import.understanding.indicator_names import COUNT, indicator_cell, indicator_heading
from measures.plan_import.understanding.statuses import (
    CANCELLED,
    DONE,
    IN_PROGRESS,
    NOT_STARTED,
    ReadStatus,
    read_status,
)
from measures.status import Status

# --- Days -------------------------------------------------------------------------------------------

SEPTEMBER, MARCH = date(2023, 9, 30), date(2023, 3, 31)


@pytest.mark.parametrize(
    ("text", "day", "is_sure"),
    [
        ("ตลอดปีงบประมาณ พ.ศ. ๒๕๖๖", SEPTEMBER, True),
        ("ตลอดปีงบประมาณ พ.ศ.2566", SEPTEMBER, True),
        ("ตลอดปีงบประมาณ", SEPTEMBER, True),
        ("ตลอดปี", SEPTEMBER, True),
        ("ภายในปีงบประมาณ ๒๕๖๖", SEPTEMBER, True),
        ("สิ้นปีงบประมาณ", SEPTEMBER, True),
        ("ปีงบประมาณ 2567", date(2024, 9, 30), False),
        ("พ.ศ. ๒๕๖๖", SEPTEMBER, False),
        ("เมษายน ๒๕๖๖ และ ตุลาคม ๒๕๖๖", date(2023, 10, 31), True),
        ("ตุลาคม – มีนาคม ๒๕๖๖", MARCH, True),
        ("ตุลาคม ๒๕๖๕ ถึง กันยายน ๒๕๖๖", SEPTEMBER, True),
        ("ต.ค. 65 - ก.ย. 66", SEPTEMBER, True),
        ("ต.ค.65-มี.ค.66", MARCH, True),
        ("ไตรมาส ๒", MARCH, True),
        ("ไตรมาสที่ 1", date(2022, 12, 31), True),
        ("ไตรมาส ๓ - ๔", SEPTEMBER, True),
        ("ไตรมาสที่ ๒ และไตรมาสที่ ๓", date(2023, 6, 30), True),
        ("ไตรมาส 2/2567", date(2024, 3, 31), True),
        ("ไตรมาส ๒ ปีงบประมาณ พ.ศ. ๒๕๖๖", MARCH, True),
        ("ภายในวันที่ ๓๑ มีนาคม ๒๕๖๖", MARCH, True),
        ("๓๑ มี.ค. ๖๖", MARCH, True),
        ("มี.ค. 66", MARCH, True),
        ("มีค 66", MARCH, True),
        ("เดือนมีนาคม พ.ศ. 2566", MARCH, True),
        ("1 - 31 มีนาคม 2566", MARCH, True),
        ("31/3/2566", MARCH, True),
        ("๓๑/๐๓/๖๖", MARCH, True),
        ("31-3-2566", MARCH, True),
        ("2023-03-31", MARCH, True),
        ("31/3/2023", MARCH, False),
        ("31 มีนาคม 2023", MARCH, False),
        ("มีนาคม", MARCH, False),
        ("ตุลาคม", date(2022, 10, 31), False),
        ("ก่อนวันที่ 31 มีนาคม 2566", MARCH, False),
        ("ทุกวันที่ 5 ของเดือน ตลอดปีงบประมาณ", SEPTEMBER, False),
        ("กุมภาพันธ์ ๒๕๖๗", date(2024, 2, 29), True),
        ("รอบ ๖ เดือน", MARCH, True),
        ("รอบ 12 เดือน", SEPTEMBER, True),
        ("ภายใน 30 วัน", None, False),
        ("ทุกเดือน", None, False),
        ("อย่างต่อเนื่อง", None, False),
        ("31 เมษายน 2566", None, False),
        ("32/1/2566", None, False),
        ("0/0/0000", None, False),
        ("-", None, False),
        ("", None, False),
    ],
)
def test_a_due_text_is_the_last_day_that_it_speaks_of(text: str, day: date | None, is_sure: bool) -> None:
    assert due_date(text, 2566) == (day, is_sure)


def test_every_month_is_read_in_full_and_short() -> None:
    found = [
        (due_date(f"{name} 2566", 2566)[0], due_date(f"{short} 66", 2566)[0])
        for name, short in zip(model_months(), short_months(), strict=True)
    ]
    assert all(full == short and full is not None for full, short in found)
    assert [full.month for full, _ in found if full] == list(range(1, 13))
    assert all(
        (later - earlier).days > 27 for (earlier, _), (later, _) in pairwise(found) if earlier and later
    )


def model_months() -> list[str]:
    from core.thai_calendar import MONTHS

    return list(MONTHS)


def short_months() -> list[str]:
    from core.thai_calendar import SHORT_MONTHS

    return list(SHORT_MONTHS)


# --- Statuses ---------------------------------------------------------------------------------------


def test_the_values_are_those_of_the_records() -> None:
    assert {NOT_STARTED, IN_PROGRESS, DONE, CANCELLED} == set(Status.values)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        *((status.label, status.value) for status in Status),
        ("แล้วเสร็จ", DONE),
        ("เสร็จสิ้น", DONE),
        ("เสร็จเรียบร้อยแล้ว", DONE),
        ("ดำเนินการแล้ว", DONE),
        ("ดำเนินการเสร็จสิ้น", DONE),
        ("ดำเนินการเรียบร้อยแล้ว", DONE),
        ("ดำเนินการ แล้วเสร็จ.", DONE),
        ("กำลังดำเนินการ", IN_PROGRESS),
        ("อยู่ในระหว่างการดำเนินการ", IN_PROGRESS),
        ("ระหว่างดำเนินงาน", IN_PROGRESS),
        ("ยังไม่แล้วเสร็จ", IN_PROGRESS),
        ("ยังไม่ดำเนินการ", NOT_STARTED),
        ("ยังไม่ได้เริ่มดำเนินการ", NOT_STARTED),
        ("รอดำเนินการ", NOT_STARTED),
        ("ยกเลิกโครงการ", CANCELLED),
    ],
)
def test_a_phrase_alone_is_its_status(text: str, status: str) -> None:
    assert read_status(text) == ReadStatus(status, "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ดำเนินการแล้วเสร็จ\nประกาศเมื่อ ๑ ต.ค.", ReadStatus(DONE, "ประกาศเมื่อ ๑ ต.ค.")),
        ("ดำเนินการแล้วเสร็จ - มีผู้เข้าร่วม 20 คน", ReadStatus(DONE, "มีผู้เข้าร่วม 20 คน")),
        ("ดำเนินการแล้วเสร็จเมื่อ ๑ ต.ค.", ReadStatus(DONE, "ดำเนินการแล้วเสร็จเมื่อ ๑ ต.ค.")),
        ("ดำเนินการแล้ว ร้อยละ 50", ReadStatus(IN_PROGRESS, "ดำเนินการแล้ว ร้อยละ 50", guessed=True)),
        ("ประชุมแล้วเสร็จ", ReadStatus(DONE, "ประชุมแล้วเสร็จ", guessed=True)),
        ("จัดอบรมแล้ว คาดว่าจะแล้วเสร็จในมีนาคม", ReadStatus(None, "จัดอบรมแล้ว คาดว่าจะแล้วเสร็จในมีนาคม")),
        ("จัดอบรม ๒ ครั้ง", ReadStatus(None, "จัดอบรม ๒ ครั้ง")),
        ("งานแรกแล้วเสร็จ งานที่สองยกเลิก", ReadStatus(IN_PROGRESS, "งานแรกแล้วเสร็จ งานที่สองยกเลิก", guessed=True)),
        ("80%", ReadStatus(IN_PROGRESS, "80%", guessed=True)),
        ("☑ ดำเนินการแล้วเสร็จ\n☐ อยู่ระหว่างดำเนินการ", ReadStatus(DONE, "")),
        ("( ) แล้วเสร็จ ( / ) อยู่ระหว่างดำเนินการ", ReadStatus(IN_PROGRESS, "")),
        ("-", ReadStatus(NOT_STARTED, "", guessed=True)),
        ("", ReadStatus(None, "")),
    ],
)
def test_what_a_cell_says_beyond_the_status_is_its_result(text: str, expected: ReadStatus) -> None:
    assert read_status(text) == expected


# --- Numbered lists ---------------------------------------------------------------------------------


def items(*lines: str) -> list[tuple[str, int, str]]:
    return [(item.label, item.depth, item.text) for item in split([[Line(line) for line in lines]])]


@pytest.mark.parametrize(
    "labels", ["๑. ๒. ๓.", "1. 2. 3.", "๑) ๒) ๓)", "(๑) (๒) (๓)", "1) 2) 3)", "๑.) ๒.) ๓.)"]
)
@pytest.mark.parametrize("space", [" ", ""])
def test_every_way_of_numbering_is_a_list(labels: str, space: str) -> None:
    lines = [f"{label}{space}ข้อความ" for label in labels.split()]
    expected = [(label, 1, "ข้อความ") for label in labels.split()]
    assert items(*lines) == expected
    if space:
        assert items(" ".join(lines)) == expected


def test_articles_are_numbered_by_a_word() -> None:
    assert items("ข้อ ๑ ก", "ข้อ ๒ ข") == [("ข้อ ๑", 1, "ก"), ("ข้อ ๒", 1, "ข")]


@pytest.mark.parametrize(
    "text",
    [
        "ตามประกาศ พ.ศ. ๒๕๖๖ และ ๒. ของระเบียบ",
        "ใช้งบประมาณ ๒.๕ ล้านบาท",
        "จัดอบรม ๒ ครั้ง",
        "ตามข้อ ๒. ของประกาศ",
        "ร้อยละ ๒.๑ ของรายจ่าย",
        "ภายในวันที่ ๒ มี.ค. ๖๖",
        "เวลา ๒.๓๐ น.",
    ],
)
def test_a_number_inside_a_sentence_stays_in_it(text: str) -> None:
    assert items(f"๑. {text}", "๒. ต่อไป") == [("๑.", 1, text), ("๒.", 1, "ต่อไป")]


def test_a_wrapped_line_that_begins_with_a_number_is_no_item() -> None:
    assert items("๑. ใช้งบประมาณ", "๑.๕ ล้านบาท", "๒. อบรม", "๓ ครั้ง") == [
        ("๑.", 1, "ใช้งบประมาณ ๑.๕ ล้านบาท"),
        ("๒.", 1, "อบรม ๓ ครั้ง"),
    ]


@pytest.mark.parametrize(
    ("lines", "depths"),
    [
        (["๑. ก", "๑.๑ ข", "๑.๒ ค", "๒. ง", "๒.๑ จ"], [1, 2, 2, 1, 2]),
        (["๑. ก", "(๑) ข", "(๒) ค", "๒. ง"], [1, 2, 2, 1]),
        (["๑. ก", "๑) ข", "๒) ค", "๒. ง"], [1, 2, 2, 1]),
        (["๑. ก", "- ข", "- ค", "๒. ง"], [1, 2, 2, 1]),
        (["1.1 ก", "1.2 ข"], [1, 1]),
        (["1.1 ก", "1.1.1 ข", "1.2 ค"], [1, 2, 1]),
        (["1. ก", "1.1 ข", "1.1.1 ค", "2. ง"], [1, 2, 3, 1]),
        (["๑. ก", "๒) ข", "๓. ค"], [1, 1, 1]),
        (["๑.๑ ก", "๒. ข", "๓. ค"], [1, 1, 1]),
    ],
)
def test_levels_follow_from_the_way_of_numbering(lines: list[str], depths: list[int]) -> None:
    assert [depth for _, depth, _ in items(*lines)] == depths


def test_lines_without_numbers_are_items_that_were_guessed() -> None:
    found = split([lines_of("ก\nข")])
    assert [item.text for item in found] == ["ก", "ข"]
    assert all(item.doubt for item in found)
    assert not split([lines_of("ก")])[0].doubt


# --- Parties ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names", "is_sure"),
    [
        ("๑. สำนักปลัด\n๒. กองคลัง", ["สำนักปลัด", "กองคลัง"], True),
        ("สำนักปลัด\nกองคลัง", ["สำนักปลัด", "กองคลัง"], True),
        ("สำนักปลัด, กองคลัง,กองช่าง", ["สำนักปลัด", "กองคลัง", "กองช่าง"], True),
        ("- สำนักปลัด\n- กองคลัง", ["สำนักปลัด", "กองคลัง"], True),
        ("๑. สำนักปลัด ๒. กองคลัง", ["สำนักปลัด", "กองคลัง"], False),
        ("สำนักปลัด กองคลัง", ["สำนักปลัด", "กองคลัง"], False),
        ("สำนักปลัด/กองคลัง", ["สำนักปลัด", "กองคลัง"], False),
        ("สำนักปลัดและกองคลัง", ["สำนักปลัด", "กองคลัง"], False),
        ("กองการศึกษา ศาสนา และวัฒนธรรม", ["กองการศึกษา ศาสนา และวัฒนธรรม"], True),
        ("กองการศึกษา\nศาสนา และวัฒนธรรม", ["กองการศึกษา ศาสนา และวัฒนธรรม"], True),
        ("กองการศึกษา, ศาสนา และวัฒนธรรม", ["กองการศึกษา ศาสนา และวัฒนธรรม"], True),
        ("กองสาธารณสุขและสิ่งแวดล้อม", ["กองสาธารณสุขและสิ่งแวดล้อม"], True),
        ("ผู้ช่วยเจ้าพนักงานพัสดุ", ["ผู้ช่วยเจ้าพนักงานพัสดุ"], True),
        ("กองคลัง, กอง คลัง", ["กองคลัง"], True),
        ("-", [], True),
    ],
)
def test_a_cell_of_parties_is_a_list_of_names(text: str, names: list[str], is_sure: bool) -> None:
    parties, doubt = split_parties([lines_of(text)])
    assert [party.name for party in parties] == names
    assert bool(doubt) is not is_sure
    assert any(party.guessed for party in parties) is not is_sure


def test_a_name_is_matched_whatever_its_spaces() -> None:
    known = ["สำนักปลัด", "กองคลัง", "กองการศึกษา ศาสนา และวัฒนธรรม"]
    for written in ("กองการศึกษา ศาสนา และ วัฒนธรรม", "กองการศึกษา\u00a0ศาสนา\u200bและวัฒนธรรม"):
        assert matching(written, known) == (known[2], ())
    assert matching("กองคลง", known) == (None, ("กองคลัง",))
    assert matching("อำเภอ", known) == (None, ())
    assert matching("กองคลัง", []) == (None, ())


# --- Headings and indicators ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("มาตรการ", Field.TITLE),
        ("มาตรการ/แนวทาง", Field.TITLE),
        ("โครงการ/กิจกรรม", Field.TITLE),
        ("ขั้นตอน/วิธีการปฏิบัติ", Field.STEPS),
        ("วิธีการดำเนินการ", Field.STEPS),
        ("ผู้รับผิดชอบ", Field.PARTIES),
        ("หน่วยงานที่รับผิดชอบ", Field.PARTIES),
        ("ส่วนงาน", Field.PARTIES),
        ("กำหนด\nแล้วเสร็จ", Field.DUE),
        ("ระยะเวลาดำเนินการ", Field.DUE),
        ("ผลการดำเนินการตามมาตรการ", Field.RESULT),
        ("การกำกับติดตาม", Field.RESULT),
        ("สถานะ", Field.STATUS),
        ("ปัญหา/อุปสรรค", Field.OBSTACLE),
        ("ตัวชี้วัด", Field.INDICATOR),
        ("ตัวชี้วัดความสำเร็จ", Field.IGNORED),
        ("ลำดับที่", Field.IGNORED),
        ("หลักฐาน", None),
        ("", None),
    ],
)
def test_a_heading_is_known_by_its_words(heading: str, field: Field | None) -> None:
    assert field_of(heading) == field


@pytest.mark.parametrize(
    ("text", "number", "has_doubt"),
    [
        ("ตัวชี้วัดที่ ๑ การปฏิบัติหน้าที่", 1, False),
        ("ตัวชี้วัดที่ 10: การป้องกันการทุจริต", 10, False),
        ("ตัวชี้วัด 8 การปรับปรุงระบบการทำงาน", 8, False),
        ("ตัวชี้วัดย่อยที่ 9.1 ข้อมูลพื้นฐาน", 9, True),
        ("ตัวชี้วัดที่ ๔ การใช้อำนาจ", 4, True),
        ("ตัวชี้วัดที่ ๑๑ อื่น ๆ", None, True),
        ("ตัวชี้วัด การใช้อำนาจ", 3, True),
        ("การใช้อำนาจ", 3, True),
        # The number before it may be the heading's own.
        ("๑. การใช้อำนาจ", 3, True),
        ("๔) การใช้ทรัพย์สินของทางราชการ", 4, False),
        ("ตัวชี่วัดที่ ๑ การปฎิบัติหน้าที่", 1, False),
        ("ตัวชีวัดที่ 5", 5, False),
        ("ตวัชี้วัดที่ ๒ การใช้งบประมาณ", 2, False),
        ("ตัวชี้วัดที่สี่", 4, False),
        ("มาตรการตามตัวชี้วัดที่ ๗", 7, True),
        ("ตัวชี้วัดที่ ๓ ร้อยละของผู้ร้อง", 3, True),
        ("ตัวชี้วัดที่ ๑ และ ๒", 1, True),
    ],
)
def test_an_indicator_is_known_by_number_or_name(text: str, number: int | None, has_doubt: bool) -> None:
    found = indicator_heading(text)
    assert found is not None
    assert (found.number, bool(found.doubt)) == (number, has_doubt)


@pytest.mark.parametrize("text", ["มาตรการ NO Gift Policy", "ตัวชี้วัด: จำนวนครั้ง", "๑. ประชุม", ""])
def test_other_lines_announce_no_indicator(text: str) -> None:
    assert indicator_heading(text) is None


@pytest.mark.parametrize(
    ("text", "number"), [("๓", 3), ("3. การใช้อำนาจ", 3), ("การใช้อำนาจ (IIT)", 3), ("อื่น", None)]
)
def test_in_a_column_of_indicators_a_number_will_do(text: str, number: int | None) -> None:
    found = indicator_cell(text)
    assert found is not None
    assert found.number == number


# --- Text and limits --------------------------------------------------------------------------------


def test_text_is_cleaned_of_what_no_record_may_hold() -> None:
    dirty = "ก\x00\x07\u200bข\u00a0ค\td\ud800\ufeff"
    assert cleaned(dirty) == "กข ค d"
    plain_text(cleaned(dirty))
    with pytest.raises(ValidationError):
        plain_text(dirty)
    # As PDF readers give it
    assert cleaned("น\u0e4d\u0e49\u0e32 ท\u0e4d\u0e32") == "น้ำ ทำ"


def test_the_limits_are_those_of_the_records() -> None:
    def most(of: type[models.Measure] | type[Division], name: str) -> int | None:
        return getattr(of._meta.get_field(name), "max_length", None)

    assert most(models.Measure, "title") == model.TITLE_LENGTH
    assert most(models.Measure, "due_text") == model.DUE_LENGTH
    assert models.STEP_TEXT == model.STEP_LENGTH
    assert models.LONG_TEXT == model.RESULT_LENGTH
    assert most(Division, "name") == model.PARTY_LENGTH
    assert COUNT == 10
