"""Back after the sign-out shows nothing of what was on the screen."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser


def test_back_after_the_sign_out_asks_for_a_sign_in(open_page: OpenPage, java_script: bool) -> None:
    page = open_page("staff", java_script_enabled=java_script)
    page.goto("/account/")
    page.goto("/work/")
    page.locator(".person summary").click()
    page.get_by_role("button", name="ออกจากระบบ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("เข้าสู่ระบบ")
    for _ in range(2):
        page.go_back()
        expect(page.get_by_role("heading", level=1)).to_have_text("เข้าสู่ระบบ")
        expect(page.locator(".person")).to_have_count(0)
