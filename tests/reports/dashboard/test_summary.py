"""The dashboard as one sheet of paper: A4, one page, in Thai digits, and read by programs as it stands."""

from datetime import date
from io import BytesIO

import pypdfium2
import pytest
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import Division, User
from measures.models import Measure, Plan, Responsibility
from reports.new_year.services import open_year
from reports.renderers import pdf
from tests.conftest import SignIn
from tests.support.factories import YEAR, make_measure
from tests.support.papers import squeezed
from tests.support.readers import EXACT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]

A4 = (595, 842)


def made(sign_in: SignIn, role: str = "executive", query: str = "") -> bytes:
    response = sign_in(role).get(reverse("dashboard_pdf") + query)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    content: bytes = response.content
    return content


def sizes(content: bytes) -> list[tuple[int, int]]:
    with pypdfium2.PdfDocument(BytesIO(content)) as document:
        return [(round(page.get_width()), round(page.get_height())) for page in document]


@pytest.fixture
def filled(plan: Plan) -> Plan:
    """One done, one late of two divisions; nothing of the year before."""
    make_measure(plan, "ประกาศเจตนารมณ์", status="done", steps=4)
    make_measure(plan, "เปิดเผยข้อมูล", indicator=9, due_on=date(2023, 1, 15), divisions=2, steps=3)
    return plan


def test_it_is_one_page_of_a4_and_every_reader_finds_what_it_says(sign_in: SignIn, filled: Plan) -> None:
    content = made(sign_in)
    assert sizes(content) == [A4]
    texts = {reader: squeezed(read(content)) for reader, read in EXACT.items()}
    for said in (
        "องค์การบริหารส่วนตำบล here ปีงบประมาณ พ.ศ. ๒๕๖๖",
        "ข้อมูล ณ วันที่ ๑ กุมภาพันธ์ ๒๕๖๖ · เหลืออีก ๕๘ วันก่อนสิ้นรอบ ๖ เดือน",
        "มาตรการแล้วเสร็จ",
        "ในจำนวนนี้ล่าช้า ๑",
        "๑. ตัวชี้วัดเรื่องที่",
        "๔/๔",
        "ไม่มีมาตรการ",
        "ปีนี้ ๕๗%",
        "เวลาที่ผ่านไป ๓๓%",
        "เปิดเผยข้อมูล",
        "๒ ส่วนราชการ ได้แก่ กองที่",
        "๑๗ วัน",
    ):
        assert [reader for reader, text in texts.items() if squeezed(said) not in text] == [], said
    assert [reader for reader, text in texts.items() if "ปีก่อน" in text] == []


def test_a_plan_of_any_size_is_one_page(sign_in: SignIn, filled: Plan, people: dict[str, User]) -> None:
    before = open_year(filled.agency, YEAR - 1)
    make_measure(before, status="done")
    name = "กองการศึกษา ศาสนา วัฒนธรรม และการพัฒนาคุณภาพชีวิตของประชาชนในพื้นที่ห่างไกล " * 2
    divisions = [
        Division.objects.create(agency=filled.agency, name=f"{name}{n}", position=n + 5) for n in range(40)
    ]
    filled.agency.name = "องค์การบริหารส่วนตำบล" + "กองก้อย" * 24
    filled.agency.save()
    Plan.objects.update(is_sample=True)
    for n in range(60):
        measure = make_measure(
            filled,
            f"มาตรการที่ {n} " + "ส่งเสริมความโปร่งใส" * 25,
            indicator=n % 10 + 1,
            position=n + 5,
            due_on=date(2022, 11, 1),
            status="in_progress",
            divisions=0,
        )
        Responsibility.objects.bulk_create(
            Responsibility(measure=measure, division=division, position=place)
            for place, division in enumerate(divisions, 1)
        )
    Measure.objects.filter(position=5).update(status="cancelled", status_reason="x")
    content = made(sign_in)
    assert sizes(content) == [A4]
    text = squeezed(EXACT["PDFium"](content))
    # What there is no room for is counted.
    assert squeezed("แสดง ๗ จาก ๔๒ ส่วนราชการ") in text
    assert squeezed("ข้อมูลตัวอย่าง") in text


def test_a_plan_without_measures_is_a_page_as_well(sign_in: SignIn, plan: Plan) -> None:
    assert sizes(made(sign_in)) == [A4]


def test_what_the_font_cannot_draw_stands_as_a_square(sign_in: SignIn, filled: Plan) -> None:
    Measure.objects.filter(indicator__number=9).update(title="ตรวจ 漢 แล้ว")
    assert "■" in EXACT["PDFium"](made(sign_in))


def test_it_says_what_it_is(sign_in: SignIn, filled: Plan) -> None:
    reader = PdfReader(BytesIO(made(sign_in)))
    assert reader.metadata is not None
    assert reader.metadata.title == "สรุปความก้าวหน้า องค์การบริหารส่วนตำบล here ปีงบประมาณ พ.ศ. ๒๕๖๖"
    assert str(reader.root_object["/Lang"]) == "th"
    # Tagged, for who has it read aloud.
    assert "/StructTreeRoot" in reader.root_object


def test_it_is_of_the_year_asked_for_and_has_its_name(sign_in: SignIn, filled: Plan) -> None:
    later = open_year(filled.agency, YEAR + 1)
    make_measure(later)
    response = sign_in("executive").get(reverse("dashboard_pdf"), {"year": YEAR})
    assert response["Content-Disposition"] == f'inline; filename="here-{YEAR}-summary.pdf"'
    assert squeezed("พ.ศ. ๒๕๖๗") in squeezed(EXACT["PDFium"](made(sign_in)))
    assert sign_in("executive").get(reverse("dashboard_pdf"), {"year": "2599"}).status_code == 404


def test_what_the_browser_has_already_is_not_made_again(sign_in: SignIn, filled: Plan) -> None:
    client = sign_in("executive")
    etag = client.get(reverse("dashboard_pdf"))["ETag"]
    unchanged = client.get(reverse("dashboard_pdf"), headers={"If-None-Match": etag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    Measure.objects.filter(indicator__number=9).update(title="อีกชื่อหนึ่ง")
    changed = client.get(reverse("dashboard_pdf"), headers={"If-None-Match": etag})
    assert (changed.status_code, changed["ETag"] == etag) == (200, False)


def test_it_is_laid_out_once_for_all_who_ask(
    sign_in: SignIn, filled: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = made(sign_in)
    with monkeypatch.context() as patched:
        patched.setattr(pdf, "lay_out", lambda html: pytest.fail("It is laid out again."))
        assert made(sign_in, "officer") == first
    Measure.objects.filter(indicator__number=9).update(title="อีกชื่อหนึ่ง")
    assert squeezed("อีกชื่อหนึ่ง") in squeezed(EXACT["PDFium"](made(sign_in)))


def test_nobody_in_between_keeps_it(sign_in: SignIn, filled: Plan) -> None:
    assert sign_in("executive").get(reverse("dashboard_pdf"))["Cache-Control"] == "private, no-cache"


def test_the_overseer_has_that_of_the_agency_in_view(sign_in: SignIn, filled: Plan) -> None:
    assert sign_in("overseer").get(reverse("dashboard_pdf")).status_code == 404
    assert sizes(made(sign_in, "overseer", "?agency=here")) == [A4]
