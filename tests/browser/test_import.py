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

pytestmark = [pytest.mark.browser, pytest.mark.journey]

ROOT: Final = Path(__file__).resolve().parents[2]
SEED: Final[dict[str, Any]] = json.loads((ROOT / "fixtures/kongkoi_2566.json").read_text(encoding="utf-8"))
YEAR: Final = 2570


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
