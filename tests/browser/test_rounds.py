"""A round's whole way: submitted, returned, submitted again, approved, published, checked by anybody."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from reports.new_year.services import open_year
from reports.rounds.services import submit
from tests.browser.conftest import PHONE, OpenPage, Watch
from tests.browser.looks import problems_of
from tests.support.factories import make_measure

pytestmark = pytest.mark.browser

ROUND = "/reports/2566/6/"


def press(page: Page, button: str, said: str) -> None:
    """Press a button of the round's page, which is opened unless it is open as it now is; wait for what it
    says.
    """
    if not page.get_by_role("button", name=button).is_visible():
        page.goto(ROUND)
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("status")).to_contain_text(said)


def approve(page: Page, said: str) -> None:
    """Approve the round, which asks once."""
    page.goto(ROUND)
    page.get_by_role("button", name="อนุมัติรายงานนี้").click()
    expect(page.get_by_role("heading", name="อนุมัติรายงานรอบ 6 เดือน")).to_be_in_viewport()
    page.get_by_role("button", name="ยืนยันอนุมัติ").click()
    expect(page.get_by_role("status")).to_contain_text(said)


def test_a_report_is_submitted_returned_approved_published_and_checked(
    open_page: OpenPage, watch: Watch, tmp_path: Path
) -> None:
    watch.allow("the server responded with a status of 404 ")
    officer, executive = open_page("officer"), open_page("executive")
    press(officer, "ส่งให้ผู้บริหารพิจารณา", "ส่งรายงานให้ผู้บริหารแล้ว")

    executive.goto(ROUND)
    problems = [f"submitted: {problem}" for problem in problems_of(executive, place=1)]
    executive.goto(ROUND)
    executive.get_by_text("ส่งกลับให้แก้ไข", exact=True).click()
    executive.get_by_label("เหตุผล").fill("ขอรายละเอียดเพิ่ม")
    executive.get_by_role("button", name="ส่งกลับพร้อมเหตุผล").click()
    expect(executive.get_by_role("status")).to_contain_text("ส่งกลับให้เจ้าหน้าที่แก้ไขแล้ว")
    officer.goto(ROUND)
    expect(officer.get_by_text("ขอรายละเอียดเพิ่ม")).to_be_visible()

    press(officer, "ส่งให้ผู้บริหารพิจารณา", "ส่งรายงานให้ผู้บริหารแล้ว")
    # Taken back once, and sent again.
    press(officer, "ถอนรายงานคืน", "ถอนรายงานคืนแล้ว")
    press(officer, "ส่งให้ผู้บริหารพิจารณา", "ส่งรายงานให้ผู้บริหารแล้ว")
    approve(executive, "อนุมัติแล้ว เป็นฉบับที่ 1")
    press(officer, "เผยแพร่ให้ทุกคนดู", "เผยแพร่ฉบับที่ 1 แล้ว")
    problems += [f"approved: {problem}" for problem in problems_of(officer, place=1)]

    anybody = open_page()
    anybody.goto("/public/kongkoi/")
    anybody.get_by_role("link", name="รอบ 6 เดือน").click()
    expect(anybody.locator(".public-measure")).to_have_count(10)
    with anybody.expect_download() as downloading:
        anybody.get_by_role("link", name="PDF", exact=True).click()
    report = tmp_path / "report.pdf"
    downloading.value.save_as(report)
    anybody.get_by_label("ไฟล์รายงาน", exact=True).set_input_files(report)
    anybody.get_by_role("button", name="ตรวจสอบไฟล์").click()
    expect(anybody.get_by_role("status")).to_contain_text("ตรงกับที่หน่วยงานเผยแพร่ทุกไบต์")
    report.write_bytes(report.read_bytes() + b"\n")
    anybody.get_by_label("ไฟล์รายงาน", exact=True).set_input_files(report)
    anybody.get_by_role("button", name="ตรวจสอบไฟล์").click()
    expect(anybody.get_by_role("alert")).to_contain_text("ถูกแก้ไขหรือบันทึกใหม่")
    problems += [f"check: {problem}" for problem in problems_of(anybody, place=0)]
    anybody.goto("/public/kongkoi/2566/6/")
    problems += [f"public: {problem}" for problem in problems_of(anybody, place=0)]

    # A correction is another revision; the first stays, and says that there is a newer one.
    officer.goto(ROUND)
    officer.get_by_text("แก้ไขรายงานที่อนุมัติแล้ว", exact=True).click()
    officer.get_by_label("เหตุผล", exact=True).fill("ตัวเลขหนึ่งผิด")
    officer.get_by_role("button", name="เปิดรอบเพื่อแก้ไข").click()
    expect(officer.get_by_role("status")).to_contain_text("เปิดรอบเพื่อแก้ไขแล้ว")
    press(officer, "ส่งให้ผู้บริหารพิจารณา", "ส่งรายงานให้ผู้บริหารแล้ว")
    executive.goto(ROUND)
    expect(executive.get_by_text("ตัวเลขหนึ่งผิด")).to_be_visible()
    approve(executive, "อนุมัติแล้ว เป็นฉบับที่ 2")
    press(officer, "เผยแพร่ให้ทุกคนดู", "เผยแพร่ฉบับที่ 2 แล้ว")
    anybody.goto("/public/kongkoi/2566/6/")
    expect(anybody.get_by_text("แก้ไขเพราะ ตัวเลขหนึ่งผิด")).to_be_visible()
    anybody.get_by_role("link", name="ฉบับที่ 1", exact=True).click()
    expect(anybody.get_by_text("ฉบับที่ 1 นี้มีฉบับใหม่กว่าแล้ว")).to_be_visible()
    assert problems == []
    assert anybody.context.cookies() == []


@pytest.mark.usefixtures("site", "nothing_laid_out")
def test_an_executive_reads_and_decides_on_a_phone(open_page: OpenPage) -> None:
    officer = User.objects.get(username="officer")
    assert officer.agency is not None
    plan = open_year(officer.agency, 2691)
    for place in range(1, 8):
        make_measure(plan, f"มาตรการ {place}", position=place, steps=12, status="in_progress", due_on=None)
    submit(plan.rounds.select_related("plan__agency").get(months=6), officer)
    page = open_page("executive")
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    page.goto("/reports/2691/6/")
    approve = page.get_by_role("button", name="อนุมัติรายงานนี้")
    for title in ("มาตรการ 1", "มาตรการ 7"):
        page.locator(".paper-measure").get_by_text(title, exact=True).scroll_into_view_if_needed()
        expect(approve).to_be_in_viewport(ratio=1)
    # One column, and nothing to the side.
    assert (
        page.locator(".paper-measure").first.evaluate(
            "row => new Set([...row.children].map((cell) => cell.getBoundingClientRect().left)).size"
        )
        == 1
    )
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.get_by_role("link", name="ส่งกลับ", exact=True).click()
    expect(page.get_by_label("เหตุผล")).to_be_in_viewport()
    approve.click()
    sure = page.get_by_role("button", name="ยืนยันอนุมัติ")
    expect(sure).to_be_in_viewport(ratio=1)
    sure.click()
    expect(page.get_by_role("status")).to_contain_text("อนุมัติแล้ว เป็นฉบับที่ 1")


@pytest.mark.usefixtures("site")
def test_a_round_that_is_not_over_is_submitted_after_a_question(open_page: OpenPage) -> None:
    officer = User.objects.get(username="officer")
    assert officer.agency is not None
    plan = open_year(officer.agency, 2693)
    make_measure(plan, status="in_progress", due_on=None)
    page = open_page("officer")
    page.goto("/reports/2693/6/")
    page.get_by_role("button", name="ส่งให้ผู้บริหารพิจารณา").click()
    question = page.locator(".question")
    expect(question).to_be_focused()
    expect(question.get_by_role("heading", name="รอบ 6 เดือนยังเหลืออีก")).to_be_in_viewport()
    page.get_by_role("link", name="ยังไม่ส่ง").click()
    page.get_by_role("button", name="ส่งให้ผู้บริหารพิจารณา").click()
    page.get_by_role("button", name="ส่งตอนนี้").click()
    expect(page.get_by_role("status")).to_contain_text("ส่งรายงานให้ผู้บริหารแล้ว")
