"""The published report, pasted as it stands, becomes the plan of a year: looked at, mended, applied."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import expect

from measures.models import Measure, Plan, Step
from reports.new_year.services import open_year
from tests.browser.conftest import OpenPage
from tests.browser.looks import problems_of
from tests.support.thorough import THOROUGH

pytestmark = pytest.mark.browser

ROOT: Final = Path(__file__).resolve().parents[2]
SEED: Final[dict[str, Any]] = json.loads((ROOT / "fixtures/kongkoi_2566.json").read_text(encoding="utf-8"))
YEAR: Final = 2570
# With a script and without: as the suite runs, the two journeys, which go over the same pages, take one each.
WAYS: Final = (True, False)


@pytest.mark.parametrize("java_script", WAYS if THOROUGH else WAYS[:1])
def test_a_pasted_report_is_mended_and_applied(open_page: OpenPage, java_script: bool) -> None:
    open_year(Plan.objects.get().agency, YEAR)
    page = open_page("officer", java_script_enabled=java_script)
    page.goto(f"/plans/{YEAR}/edit/")
    page.get_by_role("link", name="นำเข้าจากไฟล์หรือตาราง").click()
    page.get_by_label("วางตาราง").fill((ROOT / SEED["source"]["file"]).read_text("utf-8"))
    page.get_by_role("button", name="ดำเนินการต่อ").click()
    expect(page.get_by_text("เพิ่มใหม่ 10 ปรับปรุงที่มีอยู่ 0")).to_be_visible()
    if java_script:
        assert problems_of(page) == []
        page.reload()

    # The report is of another year.
    page.get_by_role("button", name=f"เลื่อนไป 4 ปี เป็นปี {YEAR}").click()

    # Indicator 6's title repeats itself over three paragraphs; the officer cuts it.
    title = next(measure["title"] for measure in SEED["measures"] if measure["indicator"] == 6)
    guessed = page.locator(".import-measure").filter(has=page.get_by_text("ตัวชี้วัดที่ 6", exact=False))
    guessed.get_by_role("link", name="แก้ไข").click()
    page.get_by_label("ชื่อมาตรการ").fill(title)
    page.get_by_role("button", name="บันทึกการแก้ไข").click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    assert not Measure.objects.filter(plan__fiscal_year=YEAR).exists()

    page.get_by_role("button", name="นำเข้า 10 มาตรการ").click()
    expect(page.get_by_role("status")).to_contain_text("นำเข้าแล้ว เพิ่มใหม่ 10 มาตรการ")
    stored = Measure.objects.filter(plan__fiscal_year=YEAR)
    assert stored.count() == 10
    assert stored.get(indicator__number=6).title == title
    assert Step.objects.filter(measure__in=stored).count() == 47


@pytest.mark.parametrize("java_script", WAYS if THOROUGH else WAYS[1:])
def test_a_whole_document_is_mended_on_the_preview(open_page: OpenPage, java_script: bool) -> None:
    open_year(Plan.objects.get().agency, YEAR)
    page = open_page("officer", java_script_enabled=java_script)
    page.goto(f"/plans/import/?year={YEAR}")
    rows = [f"{title}\t1. ทำ\tกองคลัง\tมีนาคม {YEAR}\tแล้วเสร็จ" for title in ("มาตรการแรก", "มาตรการที่สอง")]
    head = "มาตการ\tขั้นตอนวิทีการ\tผู้รับผิดซอบ\tกำหนดแล้วเส็จ\tผลการดำเนิงาน"
    headings = [f"{name}\t\t\t\t" for name in ("หมวดเงินของหน่วย", "หมวดว่าด้วยอำนาจ")]
    text = "\n".join([head, headings[0], rows[0], headings[1], rows[1]])
    page.get_by_label("วางตาราง").fill(text)
    page.get_by_role("button", name="ดำเนินการต่อ").click()
    page.get_by_label("หมวดเงินของหน่วย").select_option("2")
    page.get_by_label("หมวดว่าด้วยอำนาจ").select_option("3")
    page.get_by_role("button", name="อ่านใหม่ตามนี้").click()
    page.get_by_role("link", name="แก้ไข มาตรการแรก").click()
    mended = page.locator(".import-measure:target")
    expect(mended.locator(".import-original")).to_contain_text("มาตรการแรก")
    page.get_by_label("ชื่อมาตรการ").fill("ชื่อที่แก้")
    page.get_by_role("button", name="บันทึกการแก้ไข").click()
    # One is back where one was.
    expect(mended).to_contain_text("ชื่อที่แก้")
    expect(mended).to_be_in_viewport()
    page.get_by_role("button", name="ไม่นำเข้า มาตรการที่สอง").click()
    page.get_by_text("ไม่นำเข้า 1 แถว").click()
    expect(page.locator("#left-out")).to_contain_text("เลือกไม่นำเข้า")
    page.get_by_role("button", name="นำเข้า 1 มาตรการ").click()
    expect(page.get_by_role("status")).to_contain_text("เพิ่มใหม่ 1 มาตรการ")
    stored = Measure.objects.get(plan__fiscal_year=YEAR)
    assert (stored.indicator.number, stored.title) == (2, "ชื่อที่แก้")
