"""What looks like personal data in a report is pointed at, and other numbers are left alone."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.document.facts import PartLine
from reports.document.personal_data import PersonalData, findings_in, is_national_id, places_in
from reports.document.redaction import for_everybody
from tests.reports.document.test_serialization import MADE

KINDS = {
    PersonalData.NATIONAL_ID: "1101700203450",
    PersonalData.PHONE: "081-234-5678",
    PersonalData.EMAIL: "somchai@example.go.th",
    PersonalData.BANK_ACCOUNT: "123-4-56789-0",
}


def seen(text: str) -> list[tuple[PersonalData, str]]:
    return [(kind, text[start:end]) for kind, start, end in places_in(text)]


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("เลข 1101700203450 ของผู้ร้อง", PersonalData.NATIONAL_ID, "1101700203450"),
        ("1-1017-00203-45-0", PersonalData.NATIONAL_ID, "1-1017-00203-45-0"),
        ("๑ ๑๐๑๗ ๐๐๒๐๓ ๔๕ ๐", PersonalData.NATIONAL_ID, "๑ ๑๐๑๗ ๐๐๒๐๓ ๔๕ ๐"),
        ("https://example.go.th/1101700203450", PersonalData.NATIONAL_ID, "1101700203450"),
        ("โทร.0812345678", PersonalData.PHONE, "0812345678"),
        ("โทร ๐๘๑ ๒๓๔ ๕๖๗๘ ครับ", PersonalData.PHONE, "๐๘๑ ๒๓๔ ๕๖๗๘"),
        ("โทรศัพท์ 0 4429 1234 ต่อ 12", PersonalData.PHONE, "0 4429 1234"),
        ("02-123-4567", PersonalData.PHONE, "02-123-4567"),
        ("+66 81 234 5678", PersonalData.PHONE, "+66 81 234 5678"),
        ("ติดต่อ a.b-c@example.go.th.", PersonalData.EMAIL, "a.b-c@example.go.th"),
        ("บัญชี 123-4-56789-0", PersonalData.BANK_ACCOUNT, "123-4-56789-0"),
        ("บัญชีธนาคาร ธ.ก.ส. เลขที่ 012345678912", PersonalData.BANK_ACCOUNT, "012345678912"),
    ],
)
def test_personal_data_is_found_in_every_spelling(text: str, kind: PersonalData, found: str) -> None:
    assert seen(text) == [(kind, found)]


@pytest.mark.parametrize(
    "text",
    [
        "1101700203451",  # the last digit does not fit
        "11017002034501",
        "ที่ นม 12345/2566 ลงวันที่ 1 ตุลาคม 2566",
        "งบประมาณ 1,234,567.00 บาท",
        "05-06-2566 5 คน",
        "วันที่ 1/2/2566 ถึง 3/4/2566",
        "บัญชีรายรับปี 2564 2565 2566",
        "ผู้เข้าร่วม 081 คน 234 5678",
        "https://www.facebook.com/123456789012/posts/0812345678",
        "เลขครุภัณฑ์ 416-50-0012",
        "",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert seen(text) == []


@given(st.integers(100_000_000_000, 899_999_999_999))
def test_of_ten_last_digits_one_makes_a_national_id(twelve: int) -> None:
    assert sum(is_national_id(f"{twelve}{last}") for last in range(10)) == 1


@given(st.text(max_size=300))
def test_places_lie_in_the_text_one_after_the_other(text: str) -> None:
    ends = 0
    for _, start, end in places_in(text):
        assert ends <= start < end <= len(text)
        ends = end


def test_each_place_is_named_with_its_measure_its_field_and_what_stands_around_it() -> None:
    section = MADE.sections[0]
    measure = replace(
        section.measures[0],
        result=f"ประกาศรายชื่อ\nนายดำ โทร {KINDS[PersonalData.PHONE]} เข้าร่วม\nบรรทัดอื่น",
        obstacle=f"แจ้งที่ {KINDS[PersonalData.EMAIL]}",
    )
    part = PartLine("กองคลัง", "done", "แล้วเสร็จ", False, "", "ดี", f"โทร {KINDS[PersonalData.PHONE]}")
    measure = replace(measure, parts=(part,))
    indicators = [replace(section, measures=(measure,))]
    document = replace(MADE, indicators=tuple(indicators))
    first, second, third = findings_in(document)
    assert (first.kind, first.field, first.measure) == (PersonalData.PHONE, "ผลการดำเนินงาน", measure.id)
    assert (first.before, first.text, first.after) == ("นายดำ โทร ", KINDS[PersonalData.PHONE], " เข้าร่วม")
    assert second.field == "ปัญหา/อุปสรรค และข้อเสนอแนะ"
    assert (third.kind, third.field) == (PersonalData.PHONE, "ปัญหา/อุปสรรคของกองคลัง")
    # What does not leave the agency is not pointed at.
    leaving = for_everybody(replace(document, obstacles_public=False))
    assert [found.kind for found in findings_in(leaving)] == [PersonalData.PHONE]
