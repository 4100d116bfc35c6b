"""Evidence: named on the measure's page, kept in its history, dated by what it proves."""

from datetime import date

import pytest
from django.test import Client

from accounts.models import User
from measures.measure_page.history import recent_changes
from measures.models import Evidence, Measure
from reports.document.builder import build_document
from reports.models import Round
from tests.conftest import SignIn
from tests.support.factories import make_evidence, make_measure

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("looked_at_here")]

PHOTO = {
    "evidence-title": "ภาพถ่ายการประชุม",
    "evidence-address": "https://www.example.go.th/ita/photo.pdf",
    "evidence-effective_on": "31/1/2566",
}


@pytest.fixture
def staff(measure: Measure, sign_in: SignIn) -> Client:
    return sign_in("staff")


def test_it_is_stored_with_who_added_it_and_shown(
    staff: Client, measure: Measure, people: dict[str, User]
) -> None:
    response = staff.post(f"/measures/{measure.pk}/evidence/", PHOTO, follow=True)
    proof = measure.evidence.get()
    assert (proof.title, proof.effective_on) == ("ภาพถ่ายการประชุม", date(2023, 1, 31))
    assert proof.added_by == people["staff"]
    assert proof.history.get().history_user == people["staff"]
    page = response.content.decode()
    assert 'href="https://www.example.go.th/ita/photo.pdf"' in page
    assert "31 ม.ค. 2566" in page


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("title", "", "กรุณากรอกชื่อหลักฐาน"),
        ("title", "ก" * 301, "ใส่ได้ไม่เกิน 300 ตัวอักษร"),
        ("title", "ภาพ\x07", "U+0007"),
        ("address", "www.example.go.th", "https://"),
        ("address", "javascript:alert(1)", "https://"),
        ("address", "ftp://example.go.th/a", "https://"),
        ("effective_on", "", "กรุณากรอกวันที่ของหลักฐาน"),
        ("effective_on", "31/1/2023", "วัน/เดือน/ปี พ.ศ."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_rest_is_kept(
    staff: Client, measure: Measure, field: str, value: str, said: str
) -> None:
    data = {**PHOTO, f"evidence-{field}": value}
    for headers in ({}, {"HX-Request": "true"}):
        response = staff.post(f"/measures/{measure.pk}/evidence/", data, headers=headers)
        page = response.content.decode()
        assert response.status_code == 422
        assert said in page.partition(f'id="id_evidence-{field}_error"')[2][:400]
        assert all(kept in page for name, kept in PHOTO.items() if name != f"evidence-{field}")
        assert ("<html" in page) == (not headers)
    assert not Evidence.objects.exists()


def test_in_place_only_its_section_is_exchanged(staff: Client, measure: Measure) -> None:
    address = f"/measures/{measure.pk}/evidence/"
    page = staff.post(address, PHOTO, headers={"HX-Request": "true"}).content.decode()
    assert page.lstrip().startswith('<section class="panel evidence"')
    assert "เพิ่มหลักฐาน “ภาพถ่ายการประชุม” แล้ว" in page
    assert 'id="progress-form"' not in page


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_it_is_taken_away_and_stays_in_the_history(
    staff: Client, measure: Measure, headers: dict[str, str]
) -> None:
    staff.post(f"/measures/{measure.pk}/evidence/", PHOTO)
    proof = measure.evidence.get()
    response = staff.post(f"/evidence/{proof.pk}/remove/", headers=headers, follow=True)
    assert "นำหลักฐาน “ภาพถ่ายการประชุม” ออกแล้ว" in response.content.decode()
    assert not measure.evidence.exists()
    assert [(change.field, change.before, change.after) for change in recent_changes(measure)] == [
        ("หลักฐาน", "ภาพถ่ายการประชุม", ""),
        ("หลักฐาน", "", "ภาพถ่ายการประชุม"),
    ]


def test_who_may_only_read_sees_it_without_a_form(measure: Measure, sign_in: SignIn) -> None:
    make_evidence(measure)
    page = sign_in("executive").get(f"/measures/{measure.pk}/").content.decode()
    assert "ภาพถ่ายการประชุม" in page
    assert "เพิ่มหลักฐาน" not in page
    assert "/remove/" not in page


def test_what_a_person_typed_is_text(staff: Client, measure: Measure) -> None:
    make_evidence(measure, "<script>alert(1)</script>")
    page = staff.get(f"/measures/{measure.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_report_names_what_its_round_covers_with_numbers_through_the_whole_annex(
    measure: Measure,
) -> None:
    other = make_measure(measure.plan, "มาตรการที่สอง", indicator=2)
    for day in (date(2022, 9, 30), date(2022, 10, 1), date(2023, 3, 31), date(2023, 4, 1), date(2023, 9, 30)):
        make_evidence(measure, f"{day}", day)
    make_evidence(other, "อีกมาตรการ")

    def annex(months: int) -> list[tuple[int, str]]:
        document = build_document(Round.objects.get(plan=measure.plan, months=months))
        return [(line.number, line.title) for line in document.evidence]

    assert annex(6) == [(1, "2022-10-01"), (2, "2023-03-31"), (3, "อีกมาตรการ")]
    assert [title for _, title in annex(12)] == [
        "2022-10-01",
        "2023-03-31",
        "2023-04-01",
        "2023-09-30",
        "อีกมาตรการ",
    ]
