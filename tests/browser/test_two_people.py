"""Two people on one measure: nothing that either of them typed is lost."""

import re

import pytest
from playwright.sync_api import expect

from measures.status import Status
from tests.browser.conftest import PHONE, OpenPage
from tests.browser.screens import (
    CLOCK,
    SAVED,
    choose_status,
    of_indicator,
    reason_field,
    result_field,
    save_report,
)

pytestmark = [pytest.mark.browser, pytest.mark.journey]


def test_the_second_save_shows_both_values_and_the_third_stores_them(
    open_page: OpenPage, java_script: bool
) -> None:
    measure = of_indicator(7)
    first = open_page("staff", java_script_enabled=java_script)
    second = open_page("officer", java_script_enabled=java_script)
    for page in (first, second):
        page.goto(f"/measures/{measure.pk}/")

    result_field(first).fill("ผลของสำนักปลัด")
    reason_field(first).fill("รอวิทยากร")
    save_report(first)
    expect(first.get_by_role("status").filter(has_text=SAVED)).to_be_visible()

    result_field(second).fill("ผลของผู้รับผิดชอบ")
    reason_field(second).fill("รอวิทยากร")
    save_report(second)
    conflict = second.get_by_role("alert").filter(has_text="มีผู้อื่นบันทึกมาตรการนี้ไปก่อนแล้ว")
    expect(conflict).to_be_focused()
    expect(conflict.get_by_role("row").filter(has_text="ผลการดำเนินงาน")).to_have_text(
        re.compile(r"ผลการดำเนินงาน\s*ผลของสำนักปลัด\s*ผลของผู้รับผิดชอบ")
    )
    # A value on which both agree is no conflict.
    expect(conflict.get_by_role("row")).to_have_count(2)
    expect(result_field(second)).to_have_value("ผลของผู้รับผิดชอบ")
    measure.refresh_from_db()
    assert measure.result == "ผลของสำนักปลัด"

    save_report(second)
    expect(second.get_by_role("status").filter(has_text=SAVED)).to_be_visible()
    measure.refresh_from_db()
    assert measure.result == "ผลของผู้รับผิดชอบ"
    # What was overwritten can still be read.
    second.get_by_text("ประวัติการแก้ไข").click()
    expect(second.locator(".timeline li").filter(has_text="ผลของสำนักปลัด").first).to_be_visible()


def test_on_a_phone_each_value_says_whose_it_is(open_page: OpenPage) -> None:
    """There the table is folded, and its head is not shown."""
    measure = of_indicator(7)
    page = open_page("staff", viewport=PHONE)
    page.goto(f"/measures/{measure.pk}/")
    measure.result, measure.version = "ผลของอีกคน", measure.version + 1
    measure.save()
    result_field(page).fill("ผลของเรา")
    reason_field(page).fill("รอ")
    save_report(page)
    cells = page.get_by_role("alert").locator("td")
    expect(cells.first).to_be_visible()
    labels = cells.evaluate_all("cells => cells.map((cell) => getComputedStyle(cell, '::before').content)")
    assert [re.sub(r'["\s:]', "", label) for label in labels[-2:]] == ["ที่บันทึกไว้แล้ว", "ของคุณ"]


def test_a_tick_keeps_what_is_typed_and_does_not_make_it_stale(open_page: OpenPage) -> None:
    measure = of_indicator(7)
    measure.status = Status.NOT_STARTED
    measure.save()
    page = open_page("staff")
    page.goto(f"/measures/{measure.pk}/")

    result_field(page).fill("พิมพ์ไว้ก่อน")
    page.get_by_role("checkbox").first.click()
    expect(page.get_by_text(re.compile(f"ทำเครื่องหมายว่าเสร็จแล้ว {CLOCK}"))).to_be_visible()
    expect(page.get_by_role("checkbox").first).to_be_focused()
    expect(page.get_by_role("radio", name="กำลังดำเนินการ", exact=True)).to_be_checked()
    expect(result_field(page)).to_have_value("พิมพ์ไว้ก่อน")

    reason_field(page).fill("รอวิทยากร")
    save_report(page)
    expect(page.get_by_role("status").filter(has_text=SAVED)).to_be_visible()
    measure.refresh_from_db()
    assert (measure.status, measure.result) == (Status.IN_PROGRESS, "พิมพ์ไว้ก่อน")

    # A status that was chosen and not saved outlives a tick.
    choose_status(page, "ยกเลิก")
    page.get_by_role("checkbox").nth(1).click()
    expect(page.get_by_role("checkbox").nth(1)).to_have_attribute("aria-checked", "true")
    expect(page.get_by_role("radio", name="ยกเลิก", exact=True)).to_be_checked()


def test_ticks_in_quick_succession_are_all_stored(open_page: OpenPage) -> None:
    measure = of_indicator(2)
    page = open_page("staff")
    page.goto(f"/measures/{measure.pk}/")
    for place in range(4):
        # Not waiting for the answer: a person who ticks what was done last month does not either.
        page.get_by_role("checkbox").nth(place).dispatch_event("click")
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(4)
    assert measure.steps.filter(done_on__isnull=False).count() == 4
