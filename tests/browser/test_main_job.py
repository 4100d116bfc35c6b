"""The main job, from signing in to paper: staff report, the executive sees it, the officer prints it."""

import re
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from measures.status import Status
from tests.browser.conftest import OpenPage
from tests.browser.screens import CLOCK, choose_status, of_indicator, result_field, save_report
from tests.support.thorough import THOROUGH

pytestmark = pytest.mark.browser

RESULT = "จัดประชุมแล้ว ๒ ครั้ง"


def done_on_dashboard(page: Page) -> int:
    """The figure of finished measures on the dashboard that is open."""
    return int(page.locator(".answer .figure strong").inner_text())


def without_space(text: str) -> str:
    """A PDF's text has line ends where the paper has them, in Thai also inside a word."""
    return re.sub(r"\s+", "", text)


def pdf_text(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as document:
        return "".join(page.get_textpage().get_text_bounded() for page in document)


def test_a_report_travels_from_staff_to_dashboard_and_paper(open_page: OpenPage, java_script: bool) -> None:
    waiting = of_indicator(2)
    executive = open_page("executive", by_form=True, java_script_enabled=java_script)
    expect(executive).to_have_url(re.compile(r"/dashboard/"))
    before = done_on_dashboard(executive)

    staff = open_page("staff", by_form=True, java_script_enabled=java_script)
    expect(staff).to_have_url(re.compile(r"/work/"))
    expect(staff.get_by_role("heading", level=1)).to_contain_text("สำนักปลัด")
    staff.get_by_role("link", name=re.compile(f"^รายงานผล {re.escape(waiting.title)}")).click()
    expect(staff.get_by_role("heading", level=1)).to_have_text(waiting.title)

    steps = staff.get_by_role("checkbox")
    total = steps.count()
    steps.first.click()
    expect(steps.first).to_have_attribute("aria-checked", "true")
    expect(staff.get_by_text(re.compile(f"ทำเครื่องหมายว่าเสร็จแล้ว {CLOCK}"))).to_be_visible()
    assert waiting.steps.filter(done_on__isnull=False).count() == 1

    choose_status(staff, "แล้วเสร็จ")
    result_field(staff).fill(RESULT)
    save_report(staff)
    expect(staff.get_by_role("alert").first).to_contain_text(f"ยังมี {total - 1} ขั้นตอน")
    expect(result_field(staff)).to_have_value(RESULT)
    staff.get_by_role("radio", name="ทำเครื่องหมายว่าเสร็จทุกขั้นตอน").check()
    save_report(staff)

    said = re.compile(f"บันทึกแล้ว {CLOCK} สถานะ: แล้วเสร็จ")
    expect(staff.get_by_role("status").filter(has_text=said)).to_be_visible()
    expect(result_field(staff)).to_have_value(RESULT)
    expect(staff.get_by_role("checkbox", checked=True)).to_have_count(total)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.result) == (Status.DONE, RESULT)
    next_link = staff.locator(".next a")
    following = next_link.inner_text()
    next_link.click()
    expect(staff.get_by_role("heading", level=1)).to_have_text(following)

    executive.reload()
    assert done_on_dashboard(executive) == before + 1

    if not java_script and not THOROUGH:
        # The paper is a link, which no script has a part in.
        return
    officer = open_page("officer", java_script_enabled=java_script)
    officer.goto("/reports/2566/6/")
    with officer.expect_download() as download:
        officer.locator("summary").filter(has_text="ดาวน์โหลด").click()
        officer.get_by_role("link", name="PDF", exact=True).click()
    assert download.value.suggested_filename == "kongkoi-2566-6.pdf"
    assert without_space(RESULT) in without_space(pdf_text(download.value.path()))
