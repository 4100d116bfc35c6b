"""The whole year of a new agency in the browser, from an empty site to the plan of the next year."""

import io
import re
from datetime import datetime
from typing import Final

import pytest
from django.core.management import call_command
from playwright.sync_api import FilePayload, Locator, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from time_machine import TimeMachineFixture

from measures.models import Measure, Part, Plan
from measures.status import Status
from reports.models import Edition, Publication
from tests.browser.conftest import PATIENCE_MS, OpenPage
from tests.browser.screens import choose_status, result_field, save_report
from tests.support.factories import OFFICE, PASSWORD
from tests.usability.hand import Hand

pytestmark = [pytest.mark.browser, pytest.mark.journey]

YEAR: Final = 2570
AGENCY: Final = "องค์การบริหารส่วนตำบลกองก้อย"
OFFICER: Final = "สมหญิง ใจดี"
EXECUTIVE: Final = "ผู้บริหาร คนแรก"
SHARED: Final = "มาตรการไม่รับของขวัญ"
OWN: Final = "คู่มือการให้บริการประชาชน"
DIVISIONS: Final = ("สำนักปลัด", "กองคลัง", "กองช่าง")
PLAN: Final = FilePayload(
    name="แผน.tsv",
    mimeType="text/tab-separated-values",
    buffer=(
        "ตัวชี้วัดที่\tมาตรการ\tขั้นตอน\tผู้รับผิดชอบ\n"
        f"1\t{SHARED}\t1. ประกาศนโยบาย\t{', '.join(DIVISIONS)}\n"
        f"6\t{OWN}\t1. จัดทำคู่มือ\tสำนักปลัด\n"
    ).encode(),
)
Passwords = dict[str, tuple[str, str]]
"""User names and one-time passwords by the names of their people, as they stand on paper."""


@pytest.fixture
def site(
    live_server: LiveServer, transactional_db: None, time_machine: TimeMachineFixture, nothing_laid_out: None
) -> str:
    """The address of a site on which nobody has an account yet, in October of the fiscal year."""
    on(time_machine, 2026, 10, 12)
    call_command("load_indicators", stdout=io.StringIO())
    return live_server.url


def on(clock: TimeMachineFixture, year: int, month: int, day: int) -> None:
    """It is ten in the morning of a day."""
    clock.move_to(datetime(year, month, day, 10, 0, tzinfo=OFFICE))


def come_in(page: Page, name: str, password: str) -> None:
    """Fill the sign-in form and press its button."""
    page.goto("/login/")
    page.get_by_label("ชื่อผู้ใช้").fill(name)
    page.get_by_label("รหัสผ่าน").fill(password)
    page.get_by_role("button", name="เข้าสู่ระบบ").click()
    page.wait_for_url(lambda address: "/login/" not in address)


def come_in_for_the_first_time(page: Page, name: str, password: str) -> None:
    """Sign in with the password that was handed over, and choose one's own, as has to be done first."""
    come_in(page, name, password)
    expect(page.get_by_role("heading", name="ตั้งรหัสผ่านของท่านเอง")).to_be_visible()
    page.get_by_label("รหัสผ่านใหม่", exact=True).fill(PASSWORD)
    page.get_by_label("รหัสผ่านใหม่อีกครั้ง").fill(PASSWORD)
    page.get_by_role("button", name="บันทึกรหัสผ่านใหม่").click()
    expect(page.get_by_text("เปลี่ยนรหัสผ่านแล้ว")).to_be_visible()


def on_paper(page: Page) -> Passwords:
    """What the page with one-time passwords says, which is shown once."""
    rows = page.locator(".issued tbody tr")
    expect(rows.first).to_be_visible()
    read = {}
    for row in rows.all():
        name, password = row.locator("code").all_inner_texts()
        read[row.locator("th").inner_text()] = (name, password)
    return read


def says(page: Page, words: str) -> None:
    """Wait until the page says what was done."""
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()


def head(page: Page, words: str) -> Locator:
    """The heading of the page that is to come."""
    return page.get_by_role("heading", level=1, name=words)


# --- Setting up ---------------------------------------------------------------------------------------------


def administrator_adds_the_agency(page: Page) -> tuple[Passwords, int]:
    """An agency and its officer, whose password is handed over on paper; the actions that it took."""
    said = io.StringIO()
    call_command("create_administrator", stdout=said)
    password = re.search(r"รหัสผ่านครั้งเดียว (\S+)", said.getvalue())
    assert password
    come_in_for_the_first_time(page, "admin", password[1])
    expect(head(page, "เพิ่มหน่วยงาน")).to_be_visible()
    hand = Hand(page, PATIENCE_MS)
    hand.fill(page.locator("#id_name"), AGENCY)
    hand.choose(page.get_by_label("จังหวัด"), "แม่ฮ่องสอน")
    hand.press(page.get_by_label("ฉันเป็นเจ้าหน้าที่ผู้รับผิดชอบ ITA ของหน่วยงานนี้เอง"))
    hand.fill(page.get_by_label("ชื่อ-นามสกุล"), OFFICER)
    hand.press(page.locator(".save-bar button"))
    return on_paper(page), hand.actions


def officer_sets_up(page: Page) -> tuple[Passwords, int]:
    """Divisions, people and a plan out of a file; the actions beside the names of the people."""
    hand, names = Hand(page, PATIENCE_MS), Hand(page, PATIENCE_MS)
    expect(head(page, "ตั้งค่าเริ่มต้น: ส่วนราชการ")).to_be_visible()
    hand.press(page.locator(".save-bar button"))
    expect(head(page, "ตั้งค่าเริ่มต้น: ผู้ใช้")).to_be_visible()
    for place, name in enumerate(("ผู้บริหาร", *DIVISIONS[:2]), 1):
        names.fill(page.get_by_label(f"ชื่อ-นามสกุล แถวที่ {place}"), f"{name} คนแรก")
    hand.press(page.locator(".save-bar button"))
    issued = on_paper(page)
    assert len(issued) == names.actions
    hand.link("ขั้นต่อไป")
    hand.hand_in(page.get_by_label("ไฟล์แผน"), PLAN)
    hand.button("^นำเข้าไฟล์นี้")
    expect(page.get_by_text("เพิ่มใหม่ 2 ปรับปรุงที่มีอยู่ 0")).to_be_visible()
    hand.button("^นำเข้า 2 มาตรการ")
    hand.sees("นำเข้าแล้ว เพิ่มใหม่ 2 มาตรการ")
    return issued, hand.actions


def officer_adds_a_person(page: Page) -> tuple[Passwords, int]:
    """Somebody of the third division; the actions that it took."""
    page.goto("/people/")
    hand = Hand(page, PATIENCE_MS)
    hand.link("^เพิ่มบุคลากร")
    full_name = f"{DIVISIONS[2]} คนแรก"
    hand.fill(page.get_by_label("ชื่อ-นามสกุล"), full_name)
    hand.fill(page.locator("main [name=post]"), "นายช่างโยธา")
    hand.press(page.locator(".boxes-divisions label", has_text=DIVISIONS[2]))
    hand.button("^เพิ่มบุคลากร", page.locator("main"))
    hand.sees("รหัสผ่านนี้แสดงครั้งเดียว")
    paper = page.locator(".people-paper")
    name, password = paper.locator("strong").all_inner_texts()
    return {full_name: (name, password)}, hand.actions


# --- Reporting ----------------------------------------------------------------------------------------------


def sign_in_and_report(page: Page, name: str, result: str) -> int:
    """From the sign-in to a saved report; the actions beside user name, password and their button."""
    come_in(page, name, PASSWORD)
    hand = Hand(page, PATIENCE_MS)
    hand.link("^รายงานผล")
    form = page.locator("#progress-form")
    hand.press(form.locator("label", has=page.locator("[name=status][value=in_progress]")))
    hand.fill(result_field(form), result)
    hand.button("^บันทึก", form)
    hand.sees("บันทึกแล้ว เวลา")
    return hand.actions


def report(page: Page, result: str, *, done: bool = False) -> None:
    """Fill the report form that is open and save it, with all steps where the work is done."""
    choose_status(page, "แล้วเสร็จ" if done else "กำลังดำเนินการ")
    result_field(page).fill(result)
    save_report(page)
    if done:
        page.get_by_role("radio", name="ทำเครื่องหมายว่าเสร็จทุกขั้นตอน").check()
        save_report(page)
    says(page, "บันทึกแล้ว เวลา")


def open_work(page: Page, title: str) -> None:
    """From the first screen of staff to one of their measures."""
    page.goto("/work/")
    page.locator(".task-link", has_text=title).click()
    expect(head(page, title)).to_be_visible()


def return_part(page: Page, division: str, comment: str) -> None:
    """On the page of a measure: send a division's part back with a comment."""
    page.get_by_text("เขียนความเห็น", exact=True).click()
    page.get_by_role("textbox", name="ความเห็น", exact=True).fill(comment)
    page.get_by_label("ส่งกลับให้แก้ไข").select_option(label=division)
    page.get_by_role("button", name="บันทึกความเห็น").click()
    says(page, f"ส่งกลับให้ {division} แก้ไขแล้ว")


def officer_joins(page: Page, measure: Measure) -> None:
    """Take what the divisions report into the measure's own report."""
    page.goto(f"/measures/{measure.pk}/")
    page.get_by_role("link", name="รวมผล").click()
    expect(page.get_by_role("heading", name="รวมผลจากส่วนราชการแล้ว ยังไม่ได้บันทึก")).to_be_visible()
    save_report(page)
    says(page, "บันทึกแล้ว เวลา")
    measure.refresh_from_db()


# --- The rounds ---------------------------------------------------------------------------------------------


def submit_before_its_end(page: Page, months: int) -> None:
    """Send a round to the executive though it still has some days, which asks once."""
    page.goto(f"/reports/{YEAR}/{months}/")
    expect(page.get_by_text("ทุกส่วนราชการรายงานแล้ว")).to_be_visible()
    page.get_by_role("button", name="ส่งให้ผู้บริหารพิจารณา").click()
    expect(page.get_by_role("heading", name=f"รอบ {months} เดือนยังเหลืออีก 10 วัน")).to_be_visible()
    page.get_by_role("button", name="ส่งตอนนี้").click()
    says(page, "ส่งรายงานให้ผู้บริหารแล้ว")


def approve(page: Page) -> int:
    """From what waits on the executive's first screen to the edition; the actions that it took."""
    hand = Hand(page, PATIENCE_MS)
    hand.link("^ตรวจและอนุมัติ")
    hand.button("^อนุมัติรายงานนี้")
    hand.button("^ยืนยันอนุมัติ")
    hand.sees("อนุมัติแล้ว เป็นฉบับที่ 1")
    return hand.actions


def publish(page: Page, months: int) -> None:
    """Show the edition, whose files are all there, to everybody."""
    page.goto(f"/reports/{YEAR}/{months}/")
    page.get_by_role("button", name="เผยแพร่ให้ทุกคนดู").click()
    says(page, "เผยแพร่ฉบับที่ 1 แล้ว")


def test_an_agency_lives_through_its_first_year(
    open_page: OpenPage, time_machine: TimeMachineFixture, settings: Settings
) -> None:
    # Nobody has to sign in again because half a year passes within a test.
    settings.SESSION_HOURS = 2 * 366 * 24
    settings.SESSION_COOKIE_AGE = settings.SESSION_HOURS * 60 * 60
    settings.SESSION_IDLE_MINUTES = settings.PASSWORD_AGAIN_MINUTES = settings.SESSION_HOURS * 60
    # October: the administrator adds the agency, its officer does the rest.
    papers, adding = administrator_adds_the_agency(open_page())
    officer = open_page()
    come_in_for_the_first_time(officer, *papers[OFFICER])
    issued, setting_up = officer_sets_up(officer)
    assert adding + setting_up <= 12
    paper, adding_a_person = officer_adds_a_person(officer)
    assert adding_a_person <= 6
    shared, own = Measure.objects.order_by("indicator__number")
    assert (shared.by_division, own.by_division) == (True, False)
    assert [part.division.name for part in Part.objects.order_by("pk")] == list(DIVISIONS)
    papers |= issued | paper
    first, second, third = staff = [open_page() for _ in DIVISIONS]
    for page, division in zip(staff, DIVISIONS, strict=True):
        come_in_for_the_first_time(page, *papers[f"{division} คนแรก"])

    # March: each division reports its own part, by its first screen.
    on(time_machine, 2027, 3, 21)
    first.context.clear_cookies()
    name, _ = papers[f"{DIVISIONS[0]} คนแรก"]
    assert sign_in_and_report(first, name, "ประกาศที่สำนักปลัดแล้ว") <= 4
    first.locator(".next a").first.click()
    expect(head(first, OWN)).to_be_visible()
    report(first, "จัดทำร่างคู่มือแล้ว")
    open_work(second, SHARED)
    report(second, "แจ้งแล้ว")
    open_work(third, SHARED)
    report(third, "ติดประกาศที่กองช่าง")

    # One part goes back to its division with a comment, and is answered.
    officer.goto(f"/measures/{shared.pk}/")
    return_part(officer, DIVISIONS[1], "ขอให้ระบุว่าแจ้งใคร")
    second.goto("/work/")
    second.get_by_role("link", name="แก้ไขและตอบ").click()
    expect(second.locator(".returned-note")).to_contain_text("ขอให้ระบุว่าแจ้งใคร")
    report(second, "แจ้งพนักงานกองคลังทุกคนแล้ว")
    second.get_by_role("button", name="ตอบว่าแก้ไขรายงานแล้ว").click()
    says(second, "ตอบเรื่องที่ส่งกลับแล้ว")
    expect(second.locator(".returned-note")).to_have_count(0)

    # The officer joins the parts into one result, and the report goes its way.
    officer_joins(officer, shared)
    assert shared.status == Status.IN_PROGRESS
    assert shared.result.splitlines() == [
        "สำนักปลัด: ประกาศที่สำนักปลัดแล้ว",
        "กองคลัง: แจ้งพนักงานกองคลังทุกคนแล้ว",
        "กองช่าง: ติดประกาศที่กองช่าง",
    ]
    submit_before_its_end(officer, 6)
    executive = open_page()
    come_in_for_the_first_time(executive, *papers[EXECUTIVE])
    assert approve(executive) <= 3
    publish(officer, 6)
    anybody = open_page()
    anybody.goto("/public/kong-koi/")
    anybody.get_by_role("link", name="รอบ 6 เดือน").click()
    expect(anybody.get_by_text("กองคลัง: แจ้งพนักงานกองคลังทุกคนแล้ว")).to_be_visible()
    # What the division said itself, to be unfolded.
    expect(anybody.get_by_text("แจ้งพนักงานกองคลังทุกคนแล้ว", exact=True)).to_be_attached()

    # September: all is done, and the approval closes the plan.
    on(time_machine, 2027, 9, 20)
    open_work(first, OWN)
    report(first, "เผยแพร่คู่มือแล้ว", done=True)
    for page in staff:
        open_work(page, SHARED)
        report(page, "ครบถ้วนแล้ว", done=True)
    officer_joins(officer, shared)
    assert shared.status == Status.DONE
    submit_before_its_end(officer, 12)
    executive.goto("/dashboard/")
    assert approve(executive) <= 3
    says(executive, f"แผนปีงบประมาณ พ.ศ. {YEAR} ปิดแล้ว")
    publish(officer, 12)
    assert Plan.objects.get().is_closed
    assert Edition.objects.count() == Publication.objects.count() == 2
    third.goto(f"/measures/{shared.pk}/")
    expect(third.get_by_text(f"แผนปีงบประมาณ พ.ศ. {YEAR} ปิดแล้ว")).to_be_visible()
    expect(third.get_by_role("button", name="บันทึกผล")).to_have_count(0)

    # October: the plan of the next year goes on from this one, and each division has its part again.
    on(time_machine, 2027, 10, 5)
    officer.get_by_role("link", name="แก้ไขแผน").click()
    expect(head(officer, "เปิดปีงบประมาณใหม่")).to_be_visible()
    expect(officer.get_by_label("ปีงบประมาณ พ.ศ.")).to_have_value(str(YEAR + 1))
    officer.get_by_role("button", name="เปิดแผน").click()
    says(officer, f"เปิดแผนปีงบประมาณ พ.ศ. {YEAR + 1} แล้ว คัดลอกมาตรการแล้ว")
    parts = Part.objects.filter(measure__plan__fiscal_year=YEAR + 1)
    assert {(part.division.name, part.status) for part in parts} == {
        (division, Status.NOT_STARTED) for division in DIVISIONS
    }
    open_work(third, SHARED)
    expect(third.locator(".part-name")).to_have_text("ส่วนของกองช่าง")
