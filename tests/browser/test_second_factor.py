"""The second factor in a browser: an app from set-up to sign-in, with and without JavaScript; a passkey."""

import os
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.second_factor.selectors import has_second_factor
from reports.demo import DEFAULT_PASSWORD
from tests.browser.conftest import OpenPage
from tests.support.second_factor import code_of
from tests.support.thorough import THOROUGH

pytestmark = pytest.mark.browser

DEMO_PASSWORD: Final = os.environ.get("ITA_DEMO_PASSWORD") or DEFAULT_PASSWORD


def own_account(page: Page) -> None:
    page.goto("/work/")
    page.locator(".person summary").click()
    page.get_by_role("link", name="บัญชีของฉัน").click()
    page.get_by_role("link", name="ตั้งค่าการยืนยันตัวตน").click()


def confirm(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("ยืนยันรหัสผ่าน")
    page.get_by_label("รหัสผ่าน").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="ยืนยัน").click()


def sign_out_and_begin_anew(page: Page) -> None:
    page.locator(".person summary").click()
    page.get_by_role("button", name="ออกจากระบบ").click()
    page.get_by_label("ชื่อผู้ใช้").fill("staff")
    page.get_by_label("รหัสผ่าน").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="เข้าสู่ระบบ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ยืนยันตัวตนชั้นที่สอง")


def test_an_app_from_set_up_to_sign_in(open_page: OpenPage, java_script: bool) -> None:
    page = open_page("staff", java_script_enabled=java_script)
    own_account(page)
    page.get_by_role("link", name="ตั้งค่าแอป").click()
    confirm(page)
    secret = page.locator(".long-code").inner_text()
    assert page.locator(".code-square img").evaluate("image => image.naturalWidth > 0")
    page.get_by_label("รหัส 6 หลักที่แอปแสดง").fill(code_of(secret))
    page.get_by_role("button", name="เปิดใช้").click()
    expect(page.locator(".codes code")).to_have_count(10)
    spare = page.locator(".codes code").first.inner_text()
    page.get_by_role("link", name="เก็บแล้ว ไปหน้าแรก").click()
    sign_out_and_begin_anew(page)
    page.get_by_label("รหัสจากแอป หรือรหัสสำรอง").fill(code_of(secret))
    page.get_by_role("button", name="เข้าสู่ระบบ").click()
    page.wait_for_url("**/work/**")
    if java_script and not THOROUGH:
        # A spare code is typed where the app's is.
        return
    sign_out_and_begin_anew(page)
    page.get_by_label("รหัสจากแอป หรือรหัสสำรอง").fill(spare)
    page.get_by_role("button", name="เข้าสู่ระบบ").click()
    page.wait_for_url("**/work/**")


def test_a_passkey_from_set_up_to_sign_in(open_page: OpenPage) -> None:
    page = open_page("staff")
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    own_account(page)
    page.get_by_role("link", name="เพิ่มพาสคีย์").click()
    confirm(page)
    page.get_by_label("ชื่อพาสคีย์").fill("โทรศัพท์ของฉัน")
    page.get_by_role("button", name="เพิ่มพาสคีย์").click()
    expect(page.locator(".codes code")).to_have_count(10)
    assert has_second_factor(User.objects.get(username="staff"))
    sign_out_and_begin_anew(page)
    page.get_by_role("button", name="ใช้พาสคีย์").click()
    page.wait_for_url("**/work/**")
    # Taken away again, the password is enough.
    page.goto("/account/second/")
    page.get_by_role("link", name="ลบพาสคีย์ โทรศัพท์ของฉัน").click()
    confirm(page)
    page.get_by_role("button", name="ลบพาสคีย์").click()
    expect(page.locator(".said")).to_contain_text("ลบพาสคีย์ โทรศัพท์ของฉัน แล้ว")
    assert not has_second_factor(User.objects.get(username="staff"))
