"""The plan's list by the keyboard, with many measures ticked, and on a phone."""

import re
from typing import Final

import pytest
from playwright.sync_api import Locator, Page, expect

from measures.models import Measure
from measures.status import Status
from tests.browser.conftest import DESK, PHONE, OpenPage, Watch
from tests.browser.screens import of_indicator

pytestmark = pytest.mark.browser

PLAN: Final = "/plans/2566/"
BAR: Final = "#change-many"


def link_of(page: Page, measure: Measure) -> Locator:
    return page.locator(f"#measure-{measure.pk} .list-link")


def box_of(page: Page, measure: Measure) -> Locator:
    return page.locator(f"#measure-{measure.pk} input[name=measure]")


def in_progress() -> list[Measure]:
    return list(Measure.objects.filter(status=Status.IN_PROGRESS).in_report_order())


def press(page: Page, key: str, code: str, *, shift: bool = False) -> None:
    """A key of a layout that Playwright does not know."""
    page.evaluate(
        "init => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', init))",
        {"key": key, "code": code, "shiftKey": shift, "bubbles": True, "cancelable": True},
    )


def test_the_keys_lead_through_the_list(open_page: OpenPage) -> None:
    first, second, _ = in_progress()
    page = open_page("officer")
    page.goto(f"{PLAN}?status=in_progress")
    page.keyboard.press("j")
    expect(link_of(page, first)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(link_of(page, second)).to_be_focused()
    expect(box_of(page, second)).to_be_checked()
    page.keyboard.press("k")
    page.keyboard.press("k")
    expect(link_of(page, first)).to_be_focused()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="แป้นพิมพ์ลัด")
    expect(dialog).to_be_visible()
    # Beside the open list no key does anything.
    page.keyboard.press("x")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(link_of(page, first)).to_be_focused()
    expect(box_of(page, first)).not_to_be_checked()
    page.keyboard.press("/")
    search = page.get_by_role("searchbox")
    expect(search).to_be_focused()
    # What is typed into a field is text.
    page.keyboard.type("jkx?/")
    expect(search).to_have_value("jkx?/")
    expect(dialog).to_be_hidden()

    # They are the same on a Thai keyboard, and can be turned off.
    page.goto(f"{PLAN}?status=in_progress")
    press(page, "่", "KeyJ")
    expect(link_of(page, first)).to_be_focused()
    press(page, "ฦ", "Slash", shift=True)
    expect(dialog).to_be_visible()
    dialog.get_by_label("ใช้แป้นพิมพ์ลัดในเครื่องนี้").uncheck()
    dialog.get_by_role("button", name="ปิด").click()
    page.reload()
    page.keyboard.press("j")
    expect(link_of(page, first)).not_to_be_focused()
    # The list itself can still be opened, and they are turned on again there.
    page.get_by_role("link", name="แป้นพิมพ์ลัด").click()
    dialog.get_by_label("ใช้แป้นพิมพ์ลัดในเครื่องนี้").check()
    dialog.get_by_role("button", name="ปิด").click()
    page.locator("h1").click()
    page.keyboard.press("j")
    expect(link_of(page, first)).to_be_focused()


def test_ticks_are_counted_and_a_filter_does_not_forget_them(open_page: OpenPage, watch: Watch) -> None:
    page = open_page("officer")
    page.goto(PLAN)
    bar, every = page.locator(BAR), page.get_by_label("เลือกทุกมาตรการในรายการ")
    expect(bar).to_be_hidden()
    box_of(page, of_indicator(1)).check()
    box_of(page, of_indicator(2)).check()
    expect(bar).to_contain_text("เลือก 2 มาตรการ")
    assert every.evaluate("box => [box.checked, box.indeterminate]") == [False, True]

    page.get_by_role("link", name="กำลังดำเนินการ 3").click()
    expect(page.locator("tbody.measure-row")).to_have_count(3)
    expect(page).to_have_url(re.compile("status=in_progress"))
    expect(page.get_by_role("link", name="กำลังดำเนินการ 3")).to_be_focused()
    expect(box_of(page, of_indicator(2))).to_be_checked()
    expect(bar).to_contain_text("เลือก 2 มาตรการ (1 รายการอยู่นอกตัวกรองนี้)")
    every.check()
    expect(bar).to_contain_text("เลือก 4 มาตรการ")

    # A row that is reported in place stays ticked.
    row = page.locator(f"#measure-{of_indicator(7).pk}")
    row.get_by_role("link", name=re.compile("^รายงานผล")).click()
    expect(row.get_by_role("heading", name=re.compile("^รายงานผล"))).to_be_visible()
    expect(box_of(page, of_indicator(7))).to_be_checked()
    row.get_by_role("link", name="ปิดโดยไม่บันทึก").click()
    expect(row.get_by_role("link", name=re.compile("^รายงานผล"))).to_be_focused()
    expect(bar).to_contain_text("เลือก 4 มาตรการ")

    page.get_by_role("link", name="ยกเลิกการเลือก").click()
    expect(bar).to_be_hidden()
    assert page.locator("[name=measure]:checked, [name=measure][type=hidden]").count() == 0


@pytest.mark.journey
def test_many_are_changed_with_and_without_a_script(open_page: OpenPage, java_script: bool) -> None:
    chosen = [of_indicator(7), of_indicator(8)]
    page = open_page("officer", java_script_enabled=java_script)
    page.goto(PLAN)
    for measure in chosen:
        box_of(page, measure).check()
    page.locator(BAR).get_by_text("เปลี่ยนสถานะ").click()
    page.get_by_label("สถานะใหม่").select_option("cancelled")
    page.get_by_label("เหตุผล").fill("งด")
    page.locator(BAR).get_by_role("button", name="ตรวจสอบก่อนบันทึก").first.click()
    page.get_by_role("button", name="บันทึก 2 มาตรการ").click()
    expect(page.get_by_text("เปลี่ยนแล้ว 2 มาตรการ")).to_be_visible()
    for measure in chosen:
        measure.refresh_from_db()
    assert {measure.status for measure in chosen} == {"cancelled"}


def test_without_a_script_the_bar_stands_at_the_foot_and_no_key_is_offered(open_page: OpenPage) -> None:
    page = open_page("officer", java_script_enabled=False)
    page.goto(PLAN)
    expect(page.locator(BAR)).to_be_visible()
    expect(page.get_by_role("link", name="แป้นพิมพ์ลัด")).to_be_hidden()
    expect(page.get_by_label("เลือกทุกมาตรการในรายการ")).to_be_hidden()
    table, bar = page.locator(".plan-table").bounding_box(), page.locator(BAR).bounding_box()
    assert table is not None
    assert bar is not None
    assert bar["y"] >= table["y"] + table["height"]
    # Filters work with a button, pills as links.
    page.get_by_role("link", name="กำลังดำเนินการ 3").click()
    page.get_by_role("searchbox").fill("คู่มือ")
    page.get_by_role("button", name="กรอง").click()
    expect(page).to_have_url(re.compile("status=in_progress.*text="))
    expect(page.locator("tbody.measure-row")).to_have_count(1)


def test_a_row_is_at_most_56_pixels_high_and_what_is_searched_for_is_marked_as_it_is_typed(
    open_page: OpenPage,
) -> None:
    long = of_indicator(2)
    long.title = "มาตรการส่งเสริมการมีส่วนร่วม " * 10
    long.save()
    page = open_page("officer", viewport=DESK)
    page.goto(PLAN)
    heights = page.locator("tbody.measure-row > tr").evaluate_all("rows => rows.map(row => row.offsetHeight)")
    assert len(heights) == 10
    assert max(heights) <= 56
    cut = "link => link.scrollHeight > link.clientHeight"
    assert link_of(page, long).evaluate(cut)
    while not link_of(page, long).evaluate("link => link === document.activeElement"):
        page.keyboard.press("j")
    # Its whole title can be read where it has the focus.
    assert not link_of(page, long).evaluate(cut)
    page.get_by_role("searchbox").fill("คู่ มือ ประชาชน")
    expect(page.locator("tbody.measure-row mark").first).to_be_visible()
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.locator("#plan-count")).to_have_text(re.compile(r"พบ \d+ จาก 10 มาตรการ"))


def test_on_a_phone_the_bar_leaves_the_tabs_free_and_nothing_is_too_wide(open_page: OpenPage) -> None:
    page = open_page("officer", viewport=PHONE)
    page.goto(PLAN)
    box_of(page, of_indicator(1)).check()
    bar, tabs = page.locator(BAR).bounding_box(), page.locator(".rooms").bounding_box()
    assert bar is not None
    assert tabs is not None
    assert bar["y"] + bar["height"] <= tabs["y"]
    page.locator(BAR).get_by_text("เลื่อนกำหนด").click()
    expect(page.get_by_label("วันครบกำหนดใหม่")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.get_by_label("เลือกทั้งหมด").check()
    expect(page.locator(BAR)).to_contain_text("เลือก 10 มาตรการ")


def test_a_filter_is_kept_under_a_name(open_page: OpenPage, java_script: bool) -> None:
    page = open_page("staff", java_script_enabled=java_script)
    page.goto(f"{PLAN}?status=in_progress")
    page.get_by_text("บันทึกตัวกรองนี้").click()
    page.get_by_label("ชื่อตัวกรอง").fill("ที่ทำอยู่")
    page.get_by_role("button", name="บันทึกตัวกรอง").click()
    expect(page.get_by_text("บันทึกตัวกรอง “ที่ทำอยู่” แล้ว")).to_be_visible()
    page.get_by_role("link", name="ล้างตัวกรอง").click()
    expect(page.locator("tbody.measure-row")).to_have_count(10)
    page.get_by_role("link", name="ที่ทำอยู่").click()
    expect(page.locator("tbody.measure-row")).to_have_count(3)
    page.get_by_text("ลบตัวกรองนี้").click()
    page.get_by_role("button", name="ลบตัวกรอง").click()
    expect(page.get_by_role("link", name="ที่ทำอยู่")).to_have_count(0)
    expect(page.locator("tbody.measure-row")).to_have_count(3)
