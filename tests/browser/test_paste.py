"""A table that is copied in one page and pasted into another arrives as the table that it is."""

from typing import Final

import pytest
from playwright.sync_api import Page, expect

from measures.models import Plan
from reports.new_year.services import open_year
from tests.browser.conftest import OpenPage
from tests.measures.plan_import.looks.documents import A, B
from tests.measures.plan_import.looks.web import plain

pytestmark = [pytest.mark.browser, pytest.mark.journey]

YEAR: Final = 2570
# What stands in a cell is in blocks: a browser's text of it has lost which cell a line stands in.
TABLE: Final = plain(title=f"<p>{A.title[:12]}</p><p>{A.title[12:]}</p>").replace("2566", "2570")


def copied(page: Page) -> None:
    """A page of another site, all of it selected and copied by the keyboard."""
    page.set_content(TABLE)
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+C")


def test_a_pasted_table_is_understood_cell_by_cell(open_page: OpenPage, java_script: bool) -> None:
    open_year(Plan.objects.get().agency, YEAR)
    page = open_page("officer", java_script_enabled=java_script)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    other = page.context.new_page()
    copied(other)
    page.goto(f"/plans/import/?year={YEAR}")
    page.get_by_label("วางตาราง").click()
    page.keyboard.press("Control+V")
    told = page.get_by_text("ได้รับตารางทั้งตารางแล้ว")
    if not java_script:
        expect(told).to_be_hidden()
        page.get_by_role("button", name="ดำเนินการต่อ").click()
        # Nothing is guessed: the lines of the text may stand in one cell or in another.
        expect(page.get_by_role("alert")).to_contain_text("อยู่ในช่องใดของตาราง")
        return
    expect(told).to_be_visible()
    page.get_by_role("button", name="ดำเนินการต่อ").click()
    expect(page.get_by_text("เพิ่มใหม่ 2 ปรับปรุงที่มีอยู่ 0")).to_be_visible()
    assert page.locator(".import-measure h3").all_inner_texts() == ["ประกาศนโยบาย ไม่รับของขวัญ", B.title]
    for each in (text for of in (A, B) for _, text in of.steps):
        expect(page.locator("main")).to_contain_text(each)


def test_what_is_typed_after_a_paste_counts(open_page: OpenPage) -> None:
    page = open_page("officer")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    other = page.context.new_page()
    copied(other)
    page.goto("/plans/import/")
    page.get_by_label("วางตาราง").click()
    page.keyboard.press("Control+V")
    assert "<table" in page.locator("[data-pasted-table]").input_value()
    assert 'style="color' not in page.locator("[data-pasted-table]").input_value()
    page.keyboard.type("x")
    assert page.locator("[data-pasted-table]").input_value() == ""
    expect(page.get_by_text("ได้รับตารางทั้งตารางแล้ว")).to_be_hidden()
