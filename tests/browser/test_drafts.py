"""What is typed and not saved is kept in the browser, for the same person alone, until it is saved."""

import json
import re
import time
from collections.abc import Callable
from typing import Any, Final

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import SiteSession, User
from measures.models import Evidence, Measure
from tests.browser.conftest import DESK, PATIENCE_MS, PHONE, OpenPage, Watch, give_session, sign_in_form
from tests.browser.screens import SAVED, choose_status, of_indicator, reason_field, result_field, save_report

pytestmark = pytest.mark.browser

TYPED: Final = "พิมพ์ไว้แล้วแต่ยังไม่ได้กดบันทึก"
DAY: Final = 24 * 60 * 60 * 1000


@pytest.fixture
def measure(site: str) -> Measure:
    """A late one: it needs a reason."""
    return of_indicator(8)


def drafts(page: Page) -> dict[str, Any]:
    kept: dict[str, str] = page.evaluate("({...localStorage})")
    return {key: json.loads(value) for key, value in kept.items() if key.startswith("ita-draft:")}


def wait_until(page: Page, holds: Callable[[dict[str, Any]], bool]) -> None:
    """What is typed is kept a moment later; when, is the machine's."""
    give_up = time.monotonic() + PATIENCE_MS / 1000
    while not holds(drafts(page)) and time.monotonic() < give_up:
        page.wait_for_timeout(50)
    assert holds(drafts(page)), drafts(page)


def wait_for_drafts(page: Page, count: int) -> None:
    wait_until(page, lambda kept: len(kept) == count)


def wait_for_draft(page: Page, *values: str) -> None:
    """Until one is kept that holds these values: what the form says of it tells nothing of a later change."""
    wait_until(page, lambda kept: any({*values} <= {*each["values"].values()} for each in kept.values()))


def state(page: Page) -> Locator:
    return page.locator("#progress-form [data-save-state]")


def offer(page: Page) -> Locator:
    return page.locator("[data-draft-for=progress-form]")


def typed(page: Page, measure: Measure, text: str = TYPED) -> None:
    """A report that was typed, and whose draft is kept."""
    page.goto(f"/measures/{measure.pk}/")
    result_field(page).fill(text)
    reason_field(page).fill("รอ")
    wait_for_draft(page, text, "รอ")
    expect(state(page)).to_have_text("ร่างเก็บไว้ในเครื่องแล้ว")


def opened_again(page: Page, measure: Measure) -> Page:
    """The same browser after its page has crashed: no goodbye, a new page."""
    again = page.context.new_page()
    page.close(run_before_unload=False)
    again.goto(f"/measures/{measure.pk}/")
    return again


def test_after_a_crash_what_was_typed_is_offered_and_can_be_saved(
    open_page: OpenPage, measure: Measure
) -> None:
    page = open_page("staff", viewport=PHONE)
    typed(page, measure)
    # What is typed back to what is saved is no draft.
    result_field(page).fill("")
    reason_field(page).fill("")
    wait_for_drafts(page, 0)
    result_field(page).fill(TYPED)
    reason_field(page).fill("รอ")
    choose_status(page, "ยกเลิก")
    wait_for_draft(page, TYPED, "รอ", "cancelled")
    page = opened_again(page, measure)
    expect(result_field(page)).to_have_value("")
    expect(offer(page)).to_be_visible()
    for size in (PHONE, DESK):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        expect(offer(page)).to_be_in_viewport(ratio=1)
    expect(offer(page)).to_contain_text(re.compile(r"พบข้อความที่พิมพ์ไว้เมื่อ .+ \d\d:\d\d น\. ยังไม่ได้บันทึก"))
    offer(page).get_by_role("button", name="ใช้ต่อ").click()
    expect(result_field(page)).to_have_value(TYPED)
    expect(result_field(page)).to_be_focused()
    expect(page.get_by_role("radio", name="ยกเลิก", exact=True)).to_be_checked()
    expect(offer(page)).to_be_hidden()
    expect(state(page)).to_have_text("ร่างเก็บไว้ในเครื่องแล้ว")
    save_report(page)
    expect(page.get_by_role("status").filter(has_text=SAVED)).to_be_visible()
    measure.refresh_from_db()
    assert (measure.status, measure.result) == ("cancelled", TYPED)
    # Gone when saved.
    expect(state(page)).to_have_text(re.compile(r"บันทึกแล้ว \d\d:\d\d น\."))
    assert drafts(page) == {}
    page.reload()
    expect(offer(page)).to_be_hidden()


def test_typing_on_loses_neither_and_what_is_thrown_away_is_not_offered_again(
    open_page: OpenPage, measure: Measure
) -> None:
    page = open_page("staff")
    typed(page, measure)
    page = opened_again(page, measure)
    result_field(page).fill("เริ่มพิมพ์ใหม่")
    expect(state(page)).to_have_text("ร่างเก็บไว้ในเครื่องแล้ว")
    page = opened_again(page, measure)
    offer(page).get_by_role("button", name="ทิ้ง").click()
    # The older one is still there.
    expect(offer(page)).to_be_visible()
    offer(page).get_by_role("button", name="ใช้ต่อ").click()
    expect(result_field(page)).to_have_value(TYPED)
    expect(state(page)).to_have_text("ร่างเก็บไว้ในเครื่องแล้ว")
    page = opened_again(page, measure)
    offer(page).get_by_role("button", name="ทิ้ง").click()
    expect(offer(page)).to_be_hidden()
    expect(result_field(page)).to_have_value("")
    assert drafts(page) == {}
    page.reload()
    expect(offer(page)).to_be_hidden()


def test_neither_a_lost_line_nor_a_session_that_ended_loses_anything(
    open_page: OpenPage, watch: Watch, measure: Measure
) -> None:
    watch.allow("net::ERR_INTERNET_DISCONNECTED|^htmx:sendError|^htmx:afterRequest")
    watch.allow("the server responded with a status of 401 |^Response Status Error Code 401 ")
    page = open_page("staff")
    typed(page, measure)
    page.context.set_offline(True)
    save_report(page)
    expect(state(page)).to_have_text("ยังไม่บันทึก ร่างเก็บไว้ในเครื่องแล้ว")
    page.context.set_offline(False)
    page = opened_again(page, measure)
    page.on("dialog", lambda dialog: dialog.accept())
    offer(page).get_by_role("button", name="ใช้ต่อ").click()
    expect(result_field(page)).to_have_value(TYPED)
    SiteSession.objects.all().delete()
    save_report(page)
    expect(page.get_by_role("alert").filter(has_text="หมดเวลาการใช้งาน")).to_be_visible()
    page.goto(f"/measures/{measure.pk}/")
    sign_in_form(page, "staff")
    expect(offer(page)).to_be_visible()
    offer(page).get_by_role("button", name="ใช้ต่อ").click()
    save_report(page)
    expect(page.get_by_role("status").filter(has_text=SAVED)).to_be_visible()
    measure.refresh_from_db()
    assert measure.result == TYPED


def test_it_belongs_to_its_measure_and_nobody_else_at_the_same_machine_is_offered_it(
    open_page: OpenPage, site: str, measure: Measure
) -> None:
    page = open_page("staff")
    typed(page, measure)
    page = opened_again(page, of_indicator(7))
    expect(result_field(page)).to_have_value("")
    expect(offer(page)).to_be_hidden()
    page.close(run_before_unload=False)
    # The same browser, where the first person's session has ended without a sign-out.
    give_session(page.context, "officer", site)
    theirs = page.context.new_page()
    theirs.goto(f"/measures/{measure.pk}/")
    expect(result_field(theirs)).to_have_value("")
    expect(offer(theirs)).to_be_hidden()
    staff = User.objects.get(username="staff").pk
    assert list(drafts(theirs)) == [f"ita-draft:{staff}:{measure.pk}:report"]


def test_signing_out_leaves_nothing_in_the_browser_even_where_it_had_no_room_left(
    open_page: OpenPage, measure: Measure
) -> None:
    page = open_page("staff")
    page.on("dialog", lambda dialog: dialog.accept())
    typed(page, measure)
    # A second page is still open with what was typed in it.
    second = page.context.new_page()
    second.on("dialog", lambda dialog: dialog.accept())
    typed(second, of_indicator(7))
    page.bring_to_front()
    assert len(drafts(page)) == 2
    page.evaluate(
        """() => {
          let text = "x".repeat(4_000_000);
          for (let n = 0; text; n += 1) {
            try { localStorage.setItem(`full${n}`, text); } catch { text = text.slice(text.length / 2 + 1); }
          }
        }"""
    )
    page.locator('form[action="/logout/"]').first.evaluate("form => form.requestSubmit()")
    page.wait_for_url("**/login/**")
    assert drafts(page) == {}
    page.evaluate(
        "Object.keys(localStorage).forEach((key) => /^full/.test(key) && localStorage.removeItem(key))"
    )
    second.bring_to_front()
    second.goto("/login/")
    assert drafts(page) == {}


def test_what_lies_under_a_younger_draft_grows_old_as_well(open_page: OpenPage, measure: Measure) -> None:
    page = open_page("staff")
    typed(page, measure)
    page = opened_again(page, measure)
    result_field(page).fill("เริ่มพิมพ์ใหม่")
    expect(state(page)).to_have_text("ร่างเก็บไว้ในเครื่องแล้ว")
    other = page.context.new_page()
    page.close(run_before_unload=False)
    other.goto("/privacy/")
    assert TYPED in str(drafts(other))
    other.evaluate(
        """(old) => Object.keys(localStorage).filter((key) => key.startsWith("ita-draft:")).forEach((key) => {
          const draft = JSON.parse(localStorage[key]);
          draft.older.at -= old;
          localStorage[key] = JSON.stringify(draft);
        })""",
        7.1 * DAY,
    )
    other.goto(f"/measures/{measure.pk}/")
    assert TYPED not in str(drafts(other))
    offer(other).get_by_role("button", name="ทิ้ง").click()
    expect(offer(other)).to_be_hidden()


def test_after_seven_days_it_is_gone(open_page: OpenPage, measure: Measure) -> None:
    page = open_page("staff")
    typed(page, measure)
    (key,) = drafts(page)

    def aged(days: float) -> Page:
        at = int(time.time() * 1000 - days * DAY)
        page.evaluate(
            "([key, at]) => { localStorage[key] = JSON.stringify({...JSON.parse(localStorage[key]), at}); }",
            [key, at],
        )
        other = page.context.new_page()
        other.goto(f"/measures/{measure.pk}/")
        return other

    expect(offer(aged(6.9))).to_be_visible()
    other = aged(7.1)
    expect(offer(other)).to_be_hidden()
    assert drafts(other) == {}


def test_where_somebody_has_saved_since_it_says_so_and_both_are_compared(
    open_page: OpenPage, measure: Measure
) -> None:
    page = open_page("staff")
    typed(page, measure)
    measure.result, measure.version = "ผลของอีกคน", measure.version + 1
    measure.save()
    page = opened_again(page, measure)
    expect(offer(page)).to_contain_text("หลังจากนั้นมีผู้บันทึกเรื่องนี้แล้ว")
    expect(result_field(page)).to_have_value("ผลของอีกคน")
    offer(page).get_by_role("button", name="ใช้ต่อ").click()
    save_report(page)
    conflict = page.get_by_role("alert").filter(has_text="มีผู้อื่นบันทึกมาตรการนี้ไปก่อนแล้ว")
    expect(conflict).to_be_focused()
    expect(conflict.get_by_role("row").filter(has_text="ผลการดำเนินงาน")).to_contain_text("ผลของอีกคน")
    expect(result_field(page)).to_have_value(TYPED)
    measure.refresh_from_db()
    assert measure.result == "ผลของอีกคน"
    # Refused is not saved: it is still kept.
    assert [draft["values"]["result"] for draft in drafts(page).values()] == [TYPED]
    save_report(page)
    expect(page.get_by_role("status").filter(has_text=SAVED)).to_be_visible()
    assert drafts(page) == {}


def test_a_tick_makes_a_draft_no_older(open_page: OpenPage, measure: Measure) -> None:
    measure.status = "not_started"
    measure.save()
    page = open_page("staff")
    typed(page, measure)
    page.get_by_role("checkbox").first.click()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(1)
    page = opened_again(page, measure)
    expect(offer(page)).to_be_visible()
    expect(offer(page).locator("[data-draft-overtaken]")).to_be_hidden()
    offer(page).get_by_role("button", name="ใช้ต่อ").click()
    save_report(page)
    expect(page.get_by_role("status").filter(has_text=SAVED)).to_be_visible()


def test_evidence_that_was_typed_is_offered_where_it_belongs(open_page: OpenPage, measure: Measure) -> None:
    page = open_page("staff")
    page.goto(f"/measures/{measure.pk}/")
    page.locator(".evidence-add > summary").click()
    page.get_by_label("ชื่อหลักฐาน").fill("ภาพถ่าย")
    page.get_by_label("ลิงก์").fill("https://www.example.go.th/1")
    wait_for_draft(page, "ภาพถ่าย", "https://www.example.go.th/1")
    page = opened_again(page, measure)
    found = page.locator("[data-draft-for=evidence-form]")
    found.get_by_role("button", name="ใช้ต่อ").click()
    expect(page.get_by_label("ชื่อหลักฐาน")).to_have_value("ภาพถ่าย")
    page.get_by_label("วันที่ของหลักฐาน").fill("31/1/2566")
    page.locator(".evidence-form").get_by_role("button", name="เพิ่มหลักฐาน").click()
    expect(page.get_by_role("status").filter(has_text="เพิ่มหลักฐาน")).to_be_visible()
    assert Evidence.objects.get().title == "ภาพถ่าย"
    assert drafts(page) == {}


def test_a_row_of_the_plan_is_offered_what_was_typed_on_its_page_and_came_back_refused(
    open_page: OpenPage, measure: Measure
) -> None:
    page = open_page("staff")
    page.goto(f"/measures/{measure.pk}/")
    result_field(page).fill(TYPED)
    save_report(page)
    expect(page.get_by_role("alert").filter(has_text="ระบุเหตุผล")).to_be_visible()
    again = page.context.new_page()
    page.close(run_before_unload=False)
    again.goto("/plans/2566/")
    row = again.locator(f"#measure-{measure.pk}")
    row.get_by_role("link", name=re.compile("^รายงานผล")).click()
    row.get_by_role("button", name="ใช้ต่อ").click()
    expect(result_field(row)).to_have_value(TYPED)
    reason_field(row).fill("รอ")
    row.get_by_role("button", name="บันทึกผล").click()
    expect(row.get_by_role("status").filter(has_text=SAVED)).to_be_visible()
    assert drafts(again) == {}


def test_without_storage_the_page_works_and_promises_nothing(open_page: OpenPage, measure: Measure) -> None:
    page = open_page("staff")
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no storage'); } })"
    )
    page.goto(f"/measures/{measure.pk}/")
    result_field(page).fill(TYPED)
    reason_field(page).fill("รอ")
    expect(state(page)).to_have_text("ยังไม่บันทึก")
    save_report(page)
    expect(page.get_by_role("status").filter(has_text=SAVED)).to_be_visible()
