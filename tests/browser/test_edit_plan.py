"""The officer's form of a measure: rows added, indented and moved while it is half filled."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from measures.models import Measure
from measures.steps import numbered
from tests.browser.conftest import OpenPage
from tests.browser.screens import tab_to

pytestmark = pytest.mark.browser

ADD = "/plans/2566/edit/add/"


def step(page: Page, place: int) -> Locator:
    return page.get_by_label(f"ขั้นตอนแถวที่ {place}", exact=True)


def steps(page: Page) -> list[str]:
    return [box.input_value() for box in page.get_by_label(re.compile(r"^ขั้นตอนแถวที่ \d+$")).all()]


def in_row(page: Page, what: str, place: int) -> Locator:
    """A button of a row of the list of steps."""
    return page.locator("fieldset", has_text="ขั้นตอน/วิธีการปฏิบัติ").get_by_role(
        "button", name=f"{what} แถวที่ {place}", exact=True
    )


def test_a_measure_with_steps_is_added(open_page: OpenPage, java_script: bool) -> None:
    page = open_page("officer", java_script_enabled=java_script)
    page.goto("/plans/2566/edit/")
    page.get_by_role("link", name="เพิ่มมาตรการ").click()
    page.get_by_label("ชื่อมาตรการ").fill("เปิดเผยข้อมูลสาธารณะ")
    for place, text in enumerate(("เตรียมข้อมูล", "รวบรวม", "เผยแพร่"), 1):
        step(page, place).fill(text)
    page.get_by_role("button", name="เพิ่มขั้นตอน").click()
    expect(step(page, 4)).to_be_visible()
    step(page, 4).fill("ประเมินผล")
    in_row(page, "ย่อหน้าเข้า", 2).click()
    expect(in_row(page, "ย่อหน้าออก", 2)).to_be_visible()

    # With the keyboard alone: the focus goes with the row that moves.
    up = in_row(page, "ขึ้น", 4)
    tab_to(page, up)
    page.keyboard.press("Enter")
    expect(step(page, 3)).to_have_value("ประเมินผล")
    expect(in_row(page, "ขึ้น", 3)).to_be_focused()
    page.keyboard.press("Enter")
    expect(step(page, 1)).to_have_value("ประเมินผล")
    expect(in_row(page, "ลง", 1)).to_be_focused()
    page.keyboard.press("Space")
    expect(step(page, 3)).to_have_value("ประเมินผล")
    assert steps(page) == ["เตรียมข้อมูล", "รวบรวม", "ประเมินผล", "เผยแพร่"]

    # Saved too early: what is missing is named, and nothing of the rest is lost.
    page.get_by_role("button", name="บันทึกมาตรการ").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("ชื่อมาตรการ")).to_have_value("เปิดเผยข้อมูลสาธารณะ")
    assert steps(page) == ["เตรียมข้อมูล", "รวบรวม", "ประเมินผล", "เผยแพร่"]
    page.get_by_role("alert").get_by_role("link").first.click()
    indicator = page.get_by_label("ตัวชี้วัด", exact=True)
    expect(indicator).to_be_focused()
    indicator.select_option(label=indicator.locator("option").nth(9).inner_text())
    page.get_by_label("ผู้รับผิดชอบลำดับที่ 1").select_option(label="กองช่าง")
    page.get_by_role("button", name="บันทึกมาตรการ").click()
    expect(page.get_by_role("status")).to_contain_text("เพิ่มมาตรการ “เปิดเผยข้อมูลสาธารณะ” แล้ว")

    measure = Measure.objects.get(title="เปิดเผยข้อมูลสาธารณะ")
    assert measure.indicator.number == 9
    assert [division.name for division in measure.divisions.all()] == ["กองช่าง"]
    assert [(row.number, row.step.text) for row in numbered(measure.steps.all(), measure.first_step)] == [
        ("1.", "เตรียมข้อมูล"),
        ("1.1", "รวบรวม"),
        ("2.", "ประเมินผล"),
        ("3.", "เผยแพร่"),
    ]


def type_a_title(page: Page) -> None:
    page.get_by_label("ชื่อมาตรการ").fill("ยังไม่ได้บันทึก")


def type_and_add_a_row(page: Page) -> None:
    type_a_title(page)
    page.get_by_role("button", name="เพิ่มขั้นตอน").click()
    expect(step(page, 4)).to_be_visible()


def type_and_save_too_early(page: Page) -> None:
    type_a_title(page)
    page.get_by_role("button", name="บันทึกมาตรการ").click()
    expect(page.get_by_role("alert")).to_be_visible()


@pytest.mark.parametrize("begin", [type_a_title, type_and_add_a_row, type_and_save_too_early])
def test_leaving_with_something_typed_asks(open_page: OpenPage, begin: Callable[[Page], None]) -> None:
    page = open_page("officer")
    page.goto(ADD)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    begin(page)
    # A browser asks only where somebody has touched the page.
    page.get_by_label("ชื่อมาตรการ").click()
    page.get_by_role("link", name="รายงาน", exact=True).click(no_wait_after=True)
    expect(page.get_by_label("ชื่อมาตรการ")).to_have_value("ยังไม่ได้บันทึก")
    assert asked == ["beforeunload"]

    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name="รายงาน", exact=True).click()
    expect(page).to_have_url(re.compile("/reports/$"))


def test_leaving_an_untouched_or_a_saved_form_asks_nothing(open_page: OpenPage) -> None:
    page = open_page("officer")
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    measure = Measure.objects.get(indicator__number=8)
    page.goto(f"/measures/{measure.pk}/edit/")
    page.get_by_label("ชื่อมาตรการ").click()
    page.get_by_role("link", name="รายงาน", exact=True).click()
    page.wait_for_url("**/reports/")
    page.goto(f"/measures/{measure.pk}/edit/")
    page.get_by_label("ชื่อมาตรการ").fill("ชื่อใหม่")
    page.get_by_role("button", name="บันทึกมาตรการ").click()
    expect(page.get_by_role("status")).to_contain_text("บันทึกมาตรการ “ชื่อใหม่” แล้ว")
    page.get_by_role("link", name="รายงาน", exact=True).click()
    page.wait_for_url("**/reports/")
    assert asked == []


def test_the_enter_key_in_a_field_saves_instead_of_moving_a_row(open_page: OpenPage) -> None:
    measure = Measure.objects.get(indicator__number=8)
    page = open_page("officer")
    page.goto(f"/measures/{measure.pk}/edit/")
    before = steps(page)
    page.get_by_label(re.compile("^วันครบกำหนด")).fill("1/9/2566")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("บันทึกมาตรการ")
    page.goto(f"/measures/{measure.pk}/edit/")
    assert steps(page) == before
