"""Every page and every state of it that looks different, for people who see, hear or move otherwise.

As the suite runs, the states have the two looks in turn, on a desk and light, on a phone and dark; `make
thorough` gives each both.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import FilePayload, Page, expect

from measures.models import Measure
from measures.status import Status
from tests.browser.conftest import DESK, PHONE, OpenPage, Watch
from tests.browser.looks import FOCUS_COVERED, NARROWEST, Badge, badges_of, problems_of
from tests.browser.screens import of_indicator, reason_field, result_field, save_report
from tests.support.factories import PDF

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Screen:
    """A page and how it is brought into the state to be looked at; {measure} is a late one's key."""

    name: str
    path: str
    prepare: Callable[[Page], None] | None = None
    narrowest: int = NARROWEST

    def open(self, page: Page, measure: Measure) -> None:
        page.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})
        page.goto(self.path.format(measure=measure.pk))
        if self.prepare:
            page.evaluate("window.openedBefore = true")
            self.prepare(page)
            # A page that was loaded anew is looked at with its styles.
            page.wait_for_load_state()


def wrong_password(page: Page) -> None:
    page.get_by_label("ชื่อผู้ใช้").fill("staff")
    page.get_by_label("รหัสผ่าน").fill("x")
    page.get_by_role("button", name="เข้าสู่ระบบ").click()
    expect(page.get_by_role("alert")).to_be_visible()


def lost_token(page: Page) -> None:
    page.context.clear_cookies(name="csrftoken")
    page.get_by_label("ชื่อผู้ใช้").fill("staff")
    page.get_by_label("รหัสผ่าน").fill("x")
    page.get_by_role("button", name="เข้าสู่ระบบ").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("แบบฟอร์มนี้เปิดค้างไว้")


def unfold(page: Page) -> None:
    for summary in page.locator("main summary").all():
        summary.click()


def tick_a_step(page: Page) -> None:
    page.get_by_role("checkbox").last.click()
    expect(page.get_by_text("ทำเครื่องหมายว่าเสร็จแล้ว")).to_be_visible()
    unfold(page)


def save_without_reason(page: Page) -> None:
    page.get_by_role("radio", name="แล้วเสร็จ", exact=True).check()
    save_report(page)
    expect(page.get_by_role("alert")).to_be_visible()


def be_too_late(page: Page) -> None:
    measure = of_indicator(2)
    measure.result, measure.version = "ผลของอีกคน", measure.version + 1
    measure.save()
    result_field(page).fill("ผลของเรา")
    reason_field(page).fill("รอ")
    save_report(page)
    expect(page.get_by_role("alert").filter(has_text="ไปก่อนแล้ว")).to_be_visible()


def lose_the_network(page: Page) -> None:
    page.context.set_offline(True)
    save_report(page)
    expect(page.get_by_role("alert")).to_be_visible()
    page.context.set_offline(False)


def hand_in_nothing(page: Page) -> None:
    page.get_by_text("เพิ่มหลักฐาน", exact=True).first.click()
    page.locator(".evidence-form").get_by_role("button", name="เพิ่มหลักฐาน").click()
    expect(page.get_by_role("alert").filter(has_text="กรุณาเลือกไฟล์")).to_be_visible()


def hand_in_a_file(page: Page) -> None:
    page.get_by_text("เพิ่มหลักฐาน", exact=True).first.click()
    form = page.locator(".evidence-form")
    form.get_by_label("ชื่อหลักฐาน").fill("คำสั่งแต่งตั้ง")
    form.get_by_label("วันที่ของหลักฐาน").fill("31/1/2566")
    paper = FilePayload(name="คำสั่ง.pdf", mimeType="application/pdf", buffer=PDF)
    form.get_by_label("ไฟล์", exact=True).set_input_files(paper)
    form.get_by_label("เผยแพร่ต่อสาธารณะ").check()
    form.get_by_role("button", name="เพิ่มหลักฐาน").click()
    expect(page.get_by_role("status").filter(has_text="เพิ่มหลักฐาน")).to_be_visible()
    # As it looks while a file is on its way.
    page.get_by_text("เพิ่มหลักฐาน", exact=True).first.click()
    page.locator(".upload").evaluate("part => { part.hidden = false; }")


def open_a_row(page: Page) -> None:
    row = page.locator(f"#measure-{of_indicator(2).pk}")
    row.get_by_role("link", name=re.compile("^รายงานผล")).click()
    save_report(row)
    expect(row.get_by_role("alert")).to_be_visible()


def tick_some(page: Page) -> None:
    for measure in (of_indicator(1), of_indicator(2)):
        page.locator(f"#measure-{measure.pk} input[name=measure]").check()


def check_some(page: Page) -> None:
    tick_some(page)
    page.locator("#change-many").get_by_text("เปลี่ยนสถานะ").click()
    page.get_by_label("สถานะใหม่").select_option("cancelled")
    page.get_by_role("button", name="ตรวจสอบก่อนบันทึก").first.click()
    expect(page.get_by_role("heading", name="ตรวจสอบก่อนบันทึก")).to_be_visible()


def keep_a_filter_without_a_name(page: Page) -> None:
    page.get_by_text("บันทึกตัวกรองนี้").click()
    page.get_by_role("button", name="บันทึกตัวกรอง").click()
    expect(page.get_by_role("alert").filter(has_text="กรุณากรอกชื่อตัวกรอง")).to_be_visible()


def save_an_empty_measure(page: Page) -> None:
    page.get_by_label("ขั้นตอนแถวที่ 1").fill("ขั้นแรก")
    page.get_by_label(re.compile("^วันครบกำหนด")).fill("พรุ่งนี้")
    page.get_by_role("button", name="บันทึกมาตรการ").click()
    expect(page.get_by_role("alert")).to_be_visible()


def remove_a_step(page: Page) -> None:
    steps = page.locator("[data-rows=steps]")
    steps.get_by_role("button", name="ลบ แถวที่ 2", exact=True).click()
    expect(steps.get_by_role("button", name="เอากลับ แถวที่ 2", exact=True)).to_be_focused()


def remove_a_division(page: Page) -> None:
    page.get_by_role("button", name="ลบ แถวที่ 1", exact=True).click()
    expect(page.get_by_role("button", name="เอากลับ แถวที่ 1", exact=True)).to_be_focused()
    page.get_by_role("button", name="บันทึกรายชื่อ").click()
    expect(page.get_by_role("alert")).to_be_visible()


# Pages as they come are looked at in test_every_page.py; here is what becomes of them under a person's hands.
SCREENS = {
    "": [
        Screen("wrong password", "/login/", wrong_password),
        Screen("form out of date", "/login/", lost_token),
    ],
    "staff": [
        Screen("work", "/work/", unfold),
        Screen("measure", "/measures/{measure}/", unfold),
        Screen("ticked", "/measures/{measure}/", tick_a_step),
        Screen("measure with errors", "/measures/{measure}/", save_without_reason),
        Screen("conflict", "/measures/{measure}/", be_too_late),
        Screen("no network", "/measures/{measure}/", lose_the_network),
        Screen("evidence to mend", "/measures/{measure}/", hand_in_nothing),
        Screen("evidence", "/measures/{measure}/", hand_in_a_file),
        Screen("not allowed", "/plans/2566/edit/"),
    ],
    "officer": [
        Screen("row open", "/plans/2566/", open_a_row),
        Screen("some ticked", "/plans/2566/", tick_some),
        Screen("some to check", "/plans/2566/", check_some),
        Screen("removed step", "/measures/{measure}/edit/", remove_a_step),
        Screen("add with errors", "/plans/2566/edit/add/", save_an_empty_measure),
        Screen("division in use", "/divisions/", remove_a_division),
        Screen("open round", "/reports/2566/12/", unfold),
    ],
    "executive": [
        Screen("dashboard", "/dashboard/", unfold),
        Screen("filter without a name", "/plans/2566/?text=คู่มือ", keep_a_filter_without_a_name),
        Screen("measure to read", "/measures/{measure}/", unfold),
    ],
}


def focus_is_lost(page: Page) -> bool:
    """Whether nothing has the focus after a swap, which gives it a moment later: when, is the machine's."""
    if not page.evaluate("Boolean(window.openedBefore)"):
        return False
    try:
        expect(page.locator(":focus")).not_to_have_count(0)
    except AssertionError:
        return True
    return False


@pytest.mark.parametrize("person", SCREENS)
def test_pages_are_for_everybody(open_page: OpenPage, watch: Watch, person: str) -> None:
    """axe finds nothing, no page scrolls sideways, the focus is somewhere and can be seen; in both looks."""
    # Pages for what may not be opened are looked at too, and the network is cut.
    watch.allow("the server responded with a status of (403|404) |net::ERR_INTERNET_DISCONNECTED|^htmx:")
    page = open_page(person)
    page.on("dialog", lambda dialog: dialog.accept())
    measure = of_indicator(2)
    problems: list[str] = []
    for place, screen in enumerate(SCREENS[person]):
        screen.open(page, measure)
        # What was swapped has the focus; a page that was loaded begins at its top.
        if focus_is_lost(page):
            problems.append(f"{screen.name}: the focus is lost")
        problems += [f"{screen.name}: {problem}" for problem in problems_of(page, screen.narrowest, place)]
    assert not problems, "\n".join(problems)


def test_a_status_is_a_word_and_a_shape_of_its_own(open_page: OpenPage) -> None:
    measures = list(Measure.objects.filter(status=Status.DONE)[:2])
    for measure, status in zip(measures, (Status.CANCELLED, Status.NOT_STARTED), strict=True):
        measure.status = status
        measure.status_reason = "เหตุผล"
        measure.save()
    page = open_page("officer")
    badges: set[Badge] = set()
    for path in ("/plans/2566/", "/dashboard/", f"/measures/{of_indicator(2).pk}/"):
        page.goto(path)
        badges |= badges_of(page)
    # One word and one shape each, everywhere, and no two alike.
    words = {re.sub(r" \d+ วัน$", "", badge.word) for badge in badges if badge.word}
    assert len(words) == len({badge.status for badge in badges}) == 5
    assert len({badge.shape for badge in badges if badge.shape}) == 5


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_tab_goes_through_a_measure_in_reading_order(open_page: OpenPage, size: dict[str, int]) -> None:
    """Real presses of the key: everything is reached once, downwards, and nothing lies over it."""
    page = open_page("staff", viewport=size)
    page.goto(f"/measures/{of_indicator(2).pk}/")
    places: list[str] = []
    covered: list[str] = []
    while True:
        page.keyboard.press("Tab")
        place, hidden, is_over = page.evaluate(
            "() => [document.activeElement.outerHTML.slice(0, 60) + (document.activeElement.id || '')"
            " + (document.activeElement.closest('form')?.action ?? '') + document.activeElement.textContent,"
            f" ({FOCUS_COVERED})(), document.activeElement === document.body]"
        )
        if is_over or place in places:
            break
        places.append(place)
        covered.append(hidden)
    # The skip link, the bar, nine steps, the form, the evidence, the next measure, the history.
    assert len(places) >= 9 + 10
    assert "ข้ามไปยังเนื้อหา" in places[0]
    assert [element for element in covered if element] == []


def test_the_skip_link_leads_past_the_bar(open_page: OpenPage) -> None:
    page = open_page("staff")
    page.goto("/work/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="ข้ามไปยังเนื้อหา")).to_be_focused()
    expect(page.get_by_role("link", name="ข้ามไปยังเนื้อหา")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("main :focus")).to_have_count(1)
