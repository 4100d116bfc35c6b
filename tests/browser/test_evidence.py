"""A file of evidence, from the person's machine to the agency's and back."""

from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Locator, Page, Request, expect
from pytest_django import Settings

from measures.models import Evidence, Measure
from tests.browser.conftest import OpenPage, Watch
from tests.browser.screens import SAVED, of_indicator, reason_field, result_field, save_report
from tests.support.factories import PDF

pytestmark = pytest.mark.browser

TITLE = "คำสั่งแต่งตั้งคณะทำงาน"
NAME = "คำสั่ง ที่ 12.pdf"
# Long enough to be seen on its way at the speed of a bad telephone line.
LONG = PDF.ljust(300_000, b"\n")
BYTES_A_SECOND = 150_000


@pytest.fixture
def measure(site: str) -> Measure:
    return of_indicator(8)


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / NAME
    path.write_bytes(LONG)
    return path


@pytest.fixture
def too_much(tmp_path: Path, settings: Settings) -> Path:
    """More than the site takes in one request; how much that is does not matter to the page."""
    settings.LARGEST_BODY = len(LONG)
    path = tmp_path / "big.pdf"
    path.write_bytes(PDF.ljust(len(LONG) + 50_000, b"\n"))
    return path


def open_form(page: Page, measure: Measure) -> Locator:
    """The form for evidence on the measure's page, unfolded."""
    page.goto(f"/measures/{measure.pk}/")
    page.get_by_text("เพิ่มหลักฐาน", exact=True).first.click()
    return page.locator(".evidence-form")


def fill(form: Locator, file: Path | None, day: str = "31/1/2566") -> None:
    form.get_by_label("ชื่อหลักฐาน").fill(TITLE)
    form.get_by_label("วันที่ของหลักฐาน").fill(day)
    if file:
        form.get_by_label("ไฟล์", exact=True).set_input_files(file)


def send(form: Locator) -> None:
    form.get_by_role("button", name="เพิ่มหลักฐาน").click()


def slow(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": BYTES_A_SECOND},
    )


@pytest.mark.journey
def test_a_file_is_handed_in_and_comes_back(
    open_page: OpenPage, measure: Measure, paper: Path, java_script: bool
) -> None:
    page = open_page("staff", java_script_enabled=java_script)
    form = open_form(page, measure)
    fill(form, paper)
    form.get_by_label("เป็นหลักฐานของขั้นตอน").select_option(index=1)
    if java_script:
        slow(page)
    send(form)
    if java_script:
        expect(form.get_by_role("progressbar", name="กำลังส่งไฟล์")).to_be_visible()
        expect(form.get_by_text("%")).to_be_visible()
        button = form.get_by_role("button", name="กำลังบันทึก…")
        expect(button).to_be_visible()
        # A second press hands nothing in twice.
        button.dispatch_event("click")
    expect(page.get_by_role("status").filter(has_text=f"เพิ่มหลักฐาน “{TITLE}” แล้ว")).to_be_visible()
    proof = Evidence.objects.get()
    assert (proof.measure, proof.file_name, proof.public) == (measure, NAME, False)
    assert proof.step == measure.steps.order_by("position").first()

    executive = open_page("executive", java_script_enabled=java_script)
    executive.goto(f"/measures/{measure.pk}/")
    with executive.expect_download() as download:
        executive.get_by_role("link", name=TITLE).click()
    assert download.value.suggested_filename == NAME
    assert download.value.path().read_bytes() == LONG


def test_what_is_too_big_is_not_sent(open_page: OpenPage, measure: Measure, tmp_path: Path) -> None:
    page = open_page("staff")
    form = open_form(page, measure)
    big = tmp_path / "big.pdf"
    big.write_bytes(PDF.ljust(20 * 1024 * 1024 + 1, b"\n"))
    posts: list[Request] = []
    page.on("request", lambda request: posts.append(request) if request.method == "POST" else None)
    fill(form, big)
    said = page.get_by_role("alert").filter(has_text="ใหญ่เกิน 20 MB")
    expect(said).to_be_visible()
    send(form)
    expect(form.get_by_label("ไฟล์", exact=True)).to_be_focused()
    assert posts == []
    # Nothing is stuck: with another file it goes.
    small = tmp_path / "small.pdf"
    small.write_bytes(PDF)
    fill(form, small)
    expect(said).to_be_hidden()
    send(form)
    expect(page.get_by_role("status").filter(has_text="เพิ่มหลักฐาน")).to_be_visible()
    assert len(posts) == 1


def test_without_a_script_too_big_is_said_afterwards(
    open_page: OpenPage, watch: Watch, measure: Measure, too_much: Path
) -> None:
    watch.allow("the server responded with a status of 413 ")
    page = open_page("staff", java_script_enabled=False)
    form = open_form(page, measure)
    fill(form, too_much)
    send(form)
    expect(page.get_by_role("heading", level=1)).to_have_text("ไฟล์ใหญ่เกินไป")
    page.go_back()
    expect(form.get_by_label("ชื่อหลักฐาน")).to_have_value(TITLE)
    assert not Evidence.objects.exists()


def test_where_the_server_alone_finds_it_too_big_the_page_says_so(
    open_page: OpenPage, watch: Watch, measure: Measure, too_much: Path
) -> None:
    watch.allow("status of 413 |^Response Status Error Code 413 ")
    page = open_page("staff")
    form = open_form(page, measure)
    page.locator("input[data-max-bytes]").evaluate("input => { input.dataset.maxBytes = 1e9; }")
    fill(form, too_much)
    send(form)
    expect(page.get_by_role("alert").filter(has_text="ไฟล์ใหญ่เกินไป")).to_be_visible()
    expect(form.get_by_label("ชื่อหลักฐาน")).to_have_value(TITLE)


def test_a_chosen_file_stays_while_something_else_is_mended_and_publishing_asks_about_personal_data(
    open_page: OpenPage, measure: Measure, paper: Path
) -> None:
    page = open_page("staff")
    form = open_form(page, measure)
    fill(form, paper, day="เมื่อวาน")
    send(form)
    expect(page.get_by_role("alert").filter(has_text="อ่านวันที่ไม่ได้")).to_be_visible()
    form.get_by_label("วันที่ของหลักฐาน").fill("31/1/2566")
    send(form)
    expect(page.get_by_role("status").filter(has_text="เพิ่มหลักฐาน")).to_be_visible()
    assert Evidence.objects.get().size == len(LONG)
    asked: list[str] = []

    def agree(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept()

    page.once("dialog", agree)
    page.get_by_role("button", name=f"เผยแพร่ {TITLE}", exact=True).click()
    expect(page.get_by_role("button", name=f"ยกเลิกการเผยแพร่ {TITLE}")).to_be_visible()
    assert "PDPA" in asked[0]
    assert Evidence.objects.get().public


def test_half_typed_evidence_is_not_lost(open_page: OpenPage, measure: Measure, paper: Path) -> None:
    page = open_page("staff")
    form = open_form(page, measure)
    fill(form, paper)
    # Saving the report beside it exchanges the page around it.
    result_field(page).fill("ทำแล้ว")
    reason_field(page).fill("รอ")
    save_report(page)
    expect(page.get_by_role("status").filter(has_text=SAVED)).to_be_visible()
    expect(form.get_by_label("ชื่อหลักฐาน")).to_have_value(TITLE)
    # Leaving asks once.
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.get_by_role("link", name="ภาพรวม").click()
    expect(form.get_by_label("ชื่อหลักฐาน")).to_have_value(TITLE)
    assert asked == ["beforeunload"]
    send(form)
    expect(page.get_by_role("status").filter(has_text=f"เพิ่มหลักฐาน “{TITLE}” แล้ว")).to_be_visible()
    page.get_by_role("link", name="ภาพรวม").click()
    page.wait_for_url("**/dashboard/**")
