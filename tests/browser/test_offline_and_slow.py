"""A weak line, a slow server, a session that ended: what was typed stays, and the page says what happened."""

import re
from http import HTTPStatus

import pytest
from playwright.sync_api import Page, Route, expect

from accounts.models import SiteSession
from measures.models import Measure
from tests.browser.conftest import DESK, PHONE, OpenPage, Watch, sign_in_form
from tests.browser.screens import SAVED, of_indicator, reason_field, result_field, save_report
from tests.support.thorough import THOROUGH

pytestmark = pytest.mark.browser

TYPED = "พิมพ์ไว้นานแล้ว"
# What the browser and htmx each note of an answer 401.
SIGNED_OUT = "the server responded with a status of 401 |^Response Status Error Code 401 "


def typed_report(open_page: OpenPage, size: dict[str, int] = DESK) -> tuple[Page, Measure]:
    """A report that staff have typed and not saved."""
    measure = of_indicator(8)
    page = open_page("staff", viewport=size)
    page.goto(f"/measures/{measure.pk}/")
    result_field(page).fill(TYPED)
    reason_field(page).fill("รอ")
    return page, measure


def stored_result(measure: Measure) -> str:
    measure.refresh_from_db()
    return measure.result


# In the long form also on a desk, where tests/browser/test_drafts.py loses the line too.
@pytest.mark.parametrize("size", [PHONE, DESK] if THOROUGH else [PHONE])
def test_without_a_network_the_text_stays_and_can_be_saved_later(
    open_page: OpenPage, watch: Watch, size: dict[str, int]
) -> None:
    watch.allow("net::ERR_INTERNET_DISCONNECTED|^htmx:sendError|^htmx:afterRequest")
    page, measure = typed_report(open_page, size)
    page.context.set_offline(True)
    save_report(page)
    problem = page.get_by_role("alert").filter(has_text="กรุณาตรวจการเชื่อมต่อ")
    expect(problem).to_be_visible()
    expect(result_field(page)).to_have_value(TYPED)
    expect(page.get_by_role("button", name="บันทึกผล")).to_be_enabled()
    page.context.set_offline(False)
    save_report(page)
    expect(page.get_by_role("status").filter(has_text=SAVED)).to_be_visible()
    expect(problem).to_be_hidden()
    assert stored_result(measure) == TYPED


# Two pictures of the page: a browser takes the focus from a button that was disabled when it draws.
UNTIL_DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def test_after_a_slow_failure_the_focus_is_where_it_was(open_page: OpenPage, watch: Watch) -> None:
    watch.allow("net::ERR_INTERNET_DISCONNECTED|^htmx:sendError|^htmx:afterRequest")
    page, _ = typed_report(open_page)
    page.get_by_text("เพิ่มหลักฐาน", exact=True).first.click()
    held: list[Route] = []
    page.route("**/measures/**", lambda route: held.append(route))
    for form in (".report", ".evidence-form"):
        button = page.locator(form).locator("button[data-busy]")
        button.press("Enter")
        expect(page.locator("html.waiting")).to_have_count(1)
        page.evaluate(UNTIL_DRAWN)
        held.pop().abort("internetdisconnected")
        expect(page.locator("html.waiting")).to_have_count(0)
        expect(page.get_by_role("alert").filter(has_text="กรุณาตรวจการเชื่อมต่อ")).to_be_visible()
        expect(button).to_be_focused()


def test_after_the_session_ended_each_button_says_so_and_one_signs_in_elsewhere_and_saves(
    open_page: OpenPage, watch: Watch
) -> None:
    watch.allow(SIGNED_OUT)
    page, measure = typed_report(open_page)
    SiteSession.objects.all().delete()
    page.get_by_role("checkbox").first.click()
    expect(page.get_by_role("alert").filter(has_text="หมดเวลาการใช้งาน")).to_be_visible()
    expect(result_field(page)).to_have_value(TYPED)
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(0)
    with page.expect_response(lambda response: response.status == HTTPStatus.UNAUTHORIZED):
        save_report(page)
    problem = page.get_by_role("alert").filter(has_text="หมดเวลาการใช้งาน")
    expect(problem).to_be_visible()
    expect(result_field(page)).to_have_value(TYPED)
    assert stored_result(measure) == ""

    with page.context.expect_page() as opened:
        problem.get_by_role("link", name="เข้าสู่ระบบในแท็บใหม่").click()
    # Signing in changes the protection token, which the first tab's form still holds.
    sign_in_form(opened.value, "staff")
    save_report(page)
    expect(page.get_by_role("status").filter(has_text=SAVED)).to_be_visible()
    assert stored_result(measure) == TYPED


def test_a_slow_answer_is_announced_and_one_press_is_one_save(open_page: OpenPage) -> None:
    page, measure = typed_report(open_page)
    held: list[Route] = []
    page.route(f"**/measures/{measure.pk}/", lambda route: held.append(route))
    button = page.locator(".progress-form .save")
    button.click()
    expect(button).to_have_text("กำลังบันทึก…")
    expect(page.locator("html.waiting")).to_have_count(1)
    button.dispatch_event("click")
    assert len(held) == 1
    # A draft that is kept meanwhile is no news.
    page.locator("#progress-form").dispatch_event("draft:kept", {"bubbles": True})
    expect(page.locator("#progress-form [data-save-state]")).to_have_text("กำลังบันทึก…")
    held[0].continue_()
    page.unroute(f"**/measures/{measure.pk}/")
    expect(page.get_by_role("status").filter(has_text=SAVED)).to_be_visible()
    expect(button).to_have_text("บันทึกผล")
    expect(page.locator("html.waiting")).to_have_count(0)
    measure.refresh_from_db()
    assert measure.history.filter(result=TYPED).count() == 1


def test_two_presses_of_a_plain_button_send_once(open_page: OpenPage) -> None:
    measure = of_indicator(8)
    page = open_page("officer")
    page.goto("/plans/2566/edit/add/")
    page.get_by_label("ชื่อมาตรการ").fill("กดสองครั้ง")
    page.get_by_label("ตัวชี้วัด", exact=True).select_option(str(measure.indicator_id))
    page.get_by_label("ขั้นตอนแถวที่ 1").fill("ขั้นแรก")
    page.get_by_role("button", name="บันทึกมาตรการ").dblclick()
    expect(page.get_by_role("status")).to_contain_text("เพิ่มมาตรการ “กดสองครั้ง” แล้ว")
    assert Measure.objects.filter(title="กดสองครั้ง").count() == 1


def test_a_page_kept_by_the_browser_can_be_sent_again(open_page: OpenPage) -> None:
    page = open_page("officer")
    page.goto("/plans/2566/edit/add/")
    page.get_by_label("ชื่อมาตรการ").fill("ครั้งแรก")
    page.get_by_role("button", name="บันทึกมาตรการ").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.go_back()
    button = page.get_by_role("button", name=re.compile("บันทึกมาตรการ|กำลังบันทึก"))
    expect(button).to_have_text("บันทึกมาตรการ")
    button.click()
    expect(page.get_by_role("alert")).to_be_visible()
