"""A measure on a phone and on a desk: in the order of the work, short, and it says what became of a save."""

import re
from datetime import date
from typing import Final

import pytest
from playwright.sync_api import FilePayload, Page, expect

from accounts.models import User
from measures.models import Measure, Plan
from reports.new_year.services import open_year
from tests.browser.conftest import DESK, PHONE, OpenPage
from tests.browser.screens import SAVED, choose_status, of_indicator, reason_field, result_field, save_report
from tests.support.factories import make_measure
from tests.support.thorough import THOROUGH

pytestmark = pytest.mark.browser

# A year in which nothing else happens.
YEAR: Final = 2690
LONGEST_ON_A_PHONE: Final = 1600
RESULT: Final = "เผยแพร่อินโฟกราฟิก 6 เรื่องบนเว็บไซต์และ Facebook มีผู้เข้าชม 1,240 ครั้ง"
STEPS: Final = (
    "จัดทำสื่อประชาสัมพันธ์ในรูปแบบอินโฟกราฟิก",
    "ประชาสัมพันธ์ช่องทางการติดต่อ-สอบถามผ่านเว็บไซต์ของหน่วยงาน",
    "ประชาสัมพันธ์ช่องทางการร้องเรียนการทุจริตและประพฤติมิชอบ",
    "รายงานผลต่อผู้บริหาร",
)
# From the top to the bottom of the page, by what begins each part.
PARTS: Final = "h1,.facts,#form-status,#steps,[name=result],[name=obstacle],#evidence,#history"
TOPS: Final = """(parts) => parts.split(',')
  .map((part) => Math.round(document.querySelector(part).getBoundingClientRect().top))"""
SEEN: Final = """() => {
  const box = document.activeElement.getBoundingClientRect();
  return [document.activeElement.className, box.top >= 0 && box.bottom <= innerHeight];
}"""


# Whether scripts run, and how large the window is; as the suite runs, the first two.
WAYS: Final = ((True, DESK), (False, PHONE), (True, PHONE), (False, DESK))


@pytest.fixture
def plan(site: str) -> Plan:
    agency = User.objects.get(username="staff").agency
    assert agency is not None
    return open_year(agency, YEAR)


@pytest.fixture
def measure(plan: Plan) -> Measure:
    """Four steps, in time, in progress."""
    measure = make_measure(
        plan,
        "พัฒนาวิธีการเผยแพร่และประชาสัมพันธ์ข้อมูลข่าวสาร",
        indicator=7,
        steps=4,
        divisions=4,
        status="in_progress",
    )
    Measure.objects.filter(pk=measure.pk).update(due_on=date(YEAR - 543, 9, 30))
    for step, text in zip(measure.steps.order_by("position"), STEPS, strict=True):
        step.text = text
        step.save()
    measure.refresh_from_db()
    return measure


def opened(page: Page, measure: Measure) -> Page:
    page.goto(f"/measures/{measure.pk}/")
    return page


def height(page: Page) -> int:
    found: int = page.evaluate("document.documentElement.scrollHeight")
    return found


def in_reach_of_a_thumb(page: Page) -> None:
    """The button that saves, however far down the page is."""
    for _ in range(8):
        box = page.get_by_role("button", name="บันทึกผล").bounding_box()
        assert box is not None
        assert PHONE["height"] - 80 < box["y"] + box["height"] <= PHONE["height"]
        page.mouse.wheel(0, 400)
        page.wait_for_timeout(50)
    # In the place of the tabs, which are not there twice.
    expect(page.locator(".rooms")).to_be_hidden()


def test_on_a_phone_it_is_short_its_button_in_reach_and_a_tick_says_that_it_was_saved(
    open_page: OpenPage, measure: Measure
) -> None:
    """With four steps and a typed result."""
    page = opened(open_page("staff", viewport=PHONE), measure)
    result_field(page).fill(RESULT)
    assert height(page) <= LONGEST_ON_A_PHONE
    tops = page.evaluate(TOPS, PARTS)
    assert tops == sorted(tops)
    in_reach_of_a_thumb(page)
    last = page.get_by_role("checkbox").last
    last.click()
    expect(last).to_have_attribute("aria-checked", "true")
    expect(last).to_contain_text(re.compile(r"บันทึกแล้ว \d\d:\d\d น\."))
    expect(last).to_be_focused()
    # And is big enough for a thumb.
    box = last.bounding_box()
    assert box is not None
    assert box["height"] >= 40


# --- The reason ----------------------------------------------------------------------------------------


def test_the_report_stands_beside_the_steps_and_the_reason_appears_with_the_choice_that_needs_it(
    open_page: OpenPage, measure: Measure
) -> None:
    page = opened(open_page("staff", viewport=DESK), measure)
    steps, report = page.locator("#steps").bounding_box(), page.locator(".report").bounding_box()
    assert steps is not None
    assert report is not None
    assert abs(steps["y"] - report["y"]) < 2
    assert steps["x"] + steps["width"] < report["x"]
    expect(reason_field(page)).to_be_hidden()
    choose_status(page, "ยกเลิก")
    expect(reason_field(page)).to_be_visible()
    label = page.locator("label[for=id_status_reason]")
    expect(label).not_to_contain_text("ไม่บังคับ", use_inner_text=True)
    choose_status(page, "กำลังดำเนินการ")
    expect(reason_field(page)).to_be_hidden()
    # What was written stays in view.
    choose_status(page, "ยกเลิก")
    reason_field(page).fill("งบประมาณถูกตัด")
    choose_status(page, "กำลังดำเนินการ")
    expect(reason_field(page)).to_be_visible()
    expect(label).to_contain_text("ไม่บังคับ", use_inner_text=True)


def test_without_a_script_the_button_is_in_reach_and_the_reason_is_asked_for_where_it_was_missing(
    open_page: OpenPage, measure: Measure
) -> None:
    page = opened(open_page("staff", viewport=PHONE, java_script_enabled=False), measure)
    in_reach_of_a_thumb(page)
    expect(reason_field(page)).to_be_hidden()
    choose_status(page, "ยกเลิก")
    save_report(page)
    expect(page.get_by_role("alert")).to_contain_text("กรุณาระบุเหตุผลที่ยกเลิก")
    reason_field(page).fill("งบประมาณถูกตัด")
    save_report(page)
    expect(page.get_by_role("status").filter(has_text=SAVED)).to_be_visible()
    measure.refresh_from_db()
    assert (measure.status, measure.status_reason) == ("cancelled", "งบประมาณถูกตัด")


# --- After a save --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("java_script", "size"), WAYS if THOROUGH else WAYS[:2])
def test_what_was_saved_is_in_view_with_the_next_measure_right_under_it(
    open_page: OpenPage, plan: Plan, measure: Measure, java_script: bool, size: dict[str, int]
) -> None:
    following = make_measure(plan, "มาตรการถัดไป", indicator=8, due_on=date(YEAR - 543, 3, 31))
    page = opened(open_page("staff", viewport=size, java_script_enabled=java_script), measure)
    result_field(page).fill(RESULT)
    save_report(page)
    outcome = page.locator(".outcome")
    expect(outcome).to_contain_text(re.compile(r"บันทึกแล้ว เวลา \d\d:\d\d น\. สถานะ: กำลังดำเนินการ"))
    expect(outcome).to_be_focused()
    focused, in_view = page.evaluate(SEEN)
    assert "outcome" in focused
    assert in_view
    expect(page.locator("[data-save-state]")).to_contain_text("บันทึกแล้ว")
    outcome.get_by_role("link", name=following.title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(following.title)


def put_back_latest(page: Page) -> None:
    if page.locator("#history details").get_attribute("open") is None:
        page.locator("#history summary").click()
    page.locator("#history").get_by_role("button", name=re.compile("^ย้อนกลับ")).first.click()


@pytest.mark.journey
def test_what_was_saved_by_mistake_is_put_back_but_not_what_was_changed_meanwhile(
    open_page: OpenPage, measure: Measure, java_script: bool
) -> None:
    page = opened(open_page("staff", viewport=PHONE, java_script_enabled=java_script), measure)
    result_field(page).fill("ผิดมาตรการ")
    save_report(page)
    outcome = page.locator(".outcome")
    expect(outcome).to_contain_text("บันทึกแล้ว")
    put_back_latest(page)
    expect(outcome).to_contain_text("ย้อนกลับการบันทึกเมื่อ")
    expect(outcome).to_be_focused()
    expect(result_field(page)).to_have_value("")
    measure.refresh_from_db()
    assert measure.result == ""

    result_field(page).fill("ของเรา")
    save_report(page)
    expect(outcome).to_contain_text(SAVED)
    measure.refresh_from_db()
    measure.result, measure.version = "ของเขา", measure.version + 1
    measure.save()
    put_back_latest(page)
    refused = page.get_by_role("alert").filter(has_text="ย้อนกลับไม่ได้")
    expect(refused).to_be_focused()
    _, in_view = page.evaluate(SEEN)
    assert in_view
    measure.refresh_from_db()
    assert measure.result == "ของเขา"


def test_the_camera_opens_the_form_for_evidence(open_page: OpenPage, measure: Measure) -> None:
    page = opened(open_page("staff", viewport=PHONE, has_touch=True, is_mobile=True), measure)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="ถ่ายภาพ").click()
    chooser.value.set_files(FilePayload(name="IMG_1.jpg", mimeType="image/jpeg", buffer=b"x"))
    expect(page.get_by_label("ชื่อหลักฐาน")).to_be_visible()
    assert page.locator("#id_evidence-file").evaluate(
        "input => [input.files.length, input.hasAttribute('capture')]"
    ) == [
        1,
        False,
    ]


# --- The first screen ----------------------------------------------------------------------------------


def test_the_whole_card_is_the_link_and_one_button_is_filled(open_page: OpenPage, plan: Plan) -> None:
    for place in (1, 2, 3):
        make_measure(plan, f"มาตรการที่ {place}", position=place, due_on=date(YEAR - 543, 3, 31))
    page = open_page("staff")
    page.goto(f"/work/?year={YEAR}")
    for size in (DESK, PHONE):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        assert page.locator("main .primary").count() == 1
        card = page.locator(".task").nth(1)
        box = card.bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + box["width"] - 6, box["y"] + box["height"] - 6)
        expect(page.get_by_role("heading", level=1)).to_have_text("มาตรการที่ 2")
        page.go_back()
    # The measures stand in the same order as on the first screen.
    page.get_by_role("link", name=re.compile("^รายงานผล [^:]*$")).click()
    expect(page).to_have_url(re.compile("#progress$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("มาตรการที่ 1")


SHIFT: Final = """() => new Promise((done) => {
  let total = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) total += entry.value;
  }).observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done(total), 300);
})"""


def test_nothing_jumps_on_a_phone_while_it_loads(open_page: OpenPage) -> None:
    """On a desk all pages are asked, in test_every_page.py."""
    page = open_page("staff", viewport=PHONE)
    for path in ("/work/", f"/measures/{of_indicator(7).pk}/"):
        page.goto(path)
        assert page.evaluate(SHIFT) <= 0.05, path
