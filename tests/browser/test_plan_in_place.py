"""The plan's list: filters whose state is the address, and reporting in the row itself."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.screens import SAVED, choose_status, of_indicator, reason_field, result_field, tab_to

pytestmark = pytest.mark.browser

PLAN = "/plans/2566/"


def rows(page: Page) -> int:
    return page.locator("tbody.measure-row").count()


def test_a_filter_is_in_the_address_and_a_row_is_reported_in_place(open_page: OpenPage) -> None:
    measure = of_indicator(8)
    page = open_page("officer")
    page.goto(PLAN)
    assert rows(page) == 10
    page.get_by_role("link", name="ล่าช้า 3").click()
    expect(page.locator("tbody.measure-row")).to_have_count(3)
    expect(page).to_have_url(re.compile(r"status=late"))
    expect(page.get_by_text("พบ 3 จาก 10 มาตรการ")).to_be_visible()

    row = page.locator(f"#measure-{measure.pk}")
    row.get_by_role("link", name=re.compile("^รายงานผล")).click()
    choose_status(row, "ยกเลิก")
    result_field(row).fill("ไม่มีผู้รับจ้าง")
    row.get_by_role("button", name="บันทึกผล").click()
    # Cancelled needs a reason: said at the field, and what was typed is still there.
    expect(row.get_by_role("alert")).to_be_focused()
    expect(result_field(row)).to_have_value("ไม่มีผู้รับจ้าง")
    reason_field(row).fill("งบประมาณถูกตัด")
    row.get_by_role("button", name="บันทึกผล").click()
    expect(row.get_by_role("status").filter(has_text=SAVED)).to_be_visible()
    expect(row.locator(".list-status")).to_have_text("ยกเลิก")
    expect(row.locator("form")).to_have_count(0)
    measure.refresh_from_db()
    assert (measure.status, measure.result, measure.status_reason) == (
        "cancelled",
        "ไม่มีผู้รับจ้าง",
        "งบประมาณถูกตัด",
    )

    # The address is the whole state: reloading shows what the filter leaves now, going back the full list.
    page.reload()
    expect(page.locator("tbody.measure-row")).to_have_count(2)
    page.get_by_role("link", name="ล้างตัวกรอง").click()
    expect(page.locator("tbody.measure-row")).to_have_count(10)
    page.go_back()
    expect(page.locator("#pill-late")).to_have_attribute("aria-current", "true")


def test_going_back_undoes_a_filter(open_page: OpenPage) -> None:
    page = open_page("officer")
    page.goto(PLAN)
    page.get_by_label("ค้นหา").fill("Gift")
    expect(page.locator("tbody.measure-row")).to_have_count(1)
    expect(page).to_have_url(re.compile("text=Gift"))
    page.go_back()
    expect(page.locator("tbody.measure-row")).to_have_count(10)
    expect(page.get_by_label("ค้นหา")).to_have_value("")


def test_two_rows_open_at_once_do_not_mix(open_page: OpenPage) -> None:
    first, second = of_indicator(7), of_indicator(8)
    page = open_page("officer")
    page.goto(PLAN)
    for measure in (first, second):
        row = page.locator(f"#measure-{measure.pk}")
        row.get_by_role("link", name=re.compile("^รายงานผล")).click()
        result_field(row).fill(f"ผลของ {measure.pk}")
        reason_field(row).fill("รอ")
    page.locator(f"#measure-{second.pk}").get_by_role("button", name="บันทึกผล").click()
    expect(page.locator(f"#measure-{second.pk}").get_by_role("status").filter(has_text=SAVED)).to_be_visible()
    expect(result_field(page.locator(f"#measure-{first.pk}"))).to_have_value(f"ผลของ {first.pk}")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.result, second.result) == ("", f"ผลของ {second.pk}")


def test_the_same_with_the_keyboard_alone(open_page: OpenPage) -> None:
    measure = of_indicator(7)
    page = open_page("officer")
    page.goto(PLAN)
    row = page.locator(f"#measure-{measure.pk}")
    tab_to(page, row.get_by_role("link", name=re.compile("^รายงานผล")))
    page.keyboard.press("Enter")
    chosen = row.get_by_role("radio", checked=True)
    # Focus is in the row that was opened: no way back through the whole page.
    for _ in range(3):
        page.keyboard.press("Tab")
        if chosen.evaluate("element => element === document.activeElement"):
            break
    expect(chosen).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(row.get_by_role("radio", name="แล้วเสร็จ", exact=True)).to_be_checked()
    tab_to(page, result_field(row))
    page.keyboard.type("แจกแล้ว 200 ชุด")
    tab_to(page, row.get_by_role("button", name="บันทึกผล"))
    page.keyboard.press("Enter")
    finish = row.get_by_role("radio", name="ทำเครื่องหมายว่าเสร็จทุกขั้นตอน")
    expect(row.get_by_role("alert")).to_be_focused()
    tab_to(page, finish)
    page.keyboard.press("Space")
    tab_to(page, row.get_by_role("button", name="บันทึกผล"))
    page.keyboard.press("Space")
    expect(row.get_by_role("status").filter(has_text=SAVED)).to_be_visible()
    expect(row.locator(".list-status")).to_have_text("แล้วเสร็จ")
    # Saving hands the focus back to the row, from where Tab goes on to the next one.
    page.keyboard.press("Tab")
    expect(
        page.locator(f"#measure-{measure.pk} ~ tbody.measure-row, #measure-{measure.pk}").locator(":focus")
    ).to_have_count(1)
