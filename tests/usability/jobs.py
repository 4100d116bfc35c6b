"""Jobs that are counted, each from where its person stands when it comes up to what says that it is done."""

from collections.abc import Callable
from typing import Final, NamedTuple

from playwright.sync_api import Locator

from tests.screenshots.pages import APPROVED, PASTED, PRESENT, SUBMITTED
from tests.served import PASSWORD
from tests.usability.hand import PATIENCE_MS, Hand

RETURNED: Final = "mae-fan"
ONE_MEASURE: Final = PASTED.rpartition("\n\t")[0]
STEPS: Final = ("แต่งตั้งคณะทำงาน", "จัดทำร่าง", "เสนอผู้บริหาร", "เผยแพร่")


class Job(NamedTuple):
    """What somebody comes to do."""

    name: str
    person: str
    start: str
    """The address of the page on which they stand."""
    walk: Callable[[Hand], None]
    most: int | None = None
    """How many actions it may take, where that was agreed."""


def report_form(hand: Hand) -> Locator:
    return hand.page.locator("form", has=hand.page.locator("[name=result]")).first


def report(hand: Hand) -> None:
    """Fill and save the report form that is open, as for a measure that goes on after its day."""
    form = report_form(hand)
    # The card around the choice is what one presses.
    hand.press(form.locator("label", has=hand.page.locator("[name=status][value=in_progress]")))
    hand.fill(form.locator("[name=result]"), "จัดประชุมแล้ว")
    reason = form.locator("[name=status_reason]")
    if reason.is_visible() and not reason.input_value():
        hand.fill(reason, "รอผลการประชุม")
    hand.button("^บันทึก", form)
    hand.sees("บันทึกแล้ว")


def sign_in_and_report(hand: Hand) -> None:
    hand.fill(hand.page.locator("[name=username]"), "staff")
    hand.fill(hand.page.locator("[name=password]"), PASSWORD)
    hand.button("เข้าสู่ระบบ")
    hand.page.wait_for_url("**/work/**")
    hand.link("^รายงานผล")
    report(hand)


def tick(hand: Hand) -> None:
    box = hand.page.get_by_role("checkbox", checked=False)
    before = box.count()
    hand.press(box)
    box.nth(before - 1).wait_for(state="detached", timeout=PATIENCE_MS)


def report_in_place(hand: Hand) -> None:
    hand.link("^รายงานผล")
    report_form(hand).wait_for()
    report(hand)


def add_evidence(hand: Hand) -> None:
    hand.press(hand.page.locator("summary", has_text="เพิ่มหลักฐาน"))
    form = hand.page.locator("form.evidence-form").first
    hand.fill(form.locator("[name$=title]"), "ภาพการประชุม")
    hand.fill(form.locator("[name$=address]"), "https://www.example.go.th/1")
    hand.fill(form.locator("[name$=effective_on]"), "1/3/2570")
    hand.button("เพิ่มหลักฐาน", form)
    hand.page.get_by_role("link", name="ภาพการประชุม").first.wait_for()


def edit(hand: Hand) -> None:
    hand.press(hand.page.locator("main a[href^='/measures/'][href$='/edit/']"))
    hand.fill(hand.page.locator("main [name=title]"), "มาตรการที่แก้ชื่อแล้ว")
    hand.button("^บันทึกมาตรการ")
    hand.sees("แล้ว")


def add(hand: Hand) -> None:
    """Four steps, pasted as lines, and two divisions."""
    page = hand.page
    hand.press(page.locator(f"main a[href='/plans/{PRESENT}/edit/add/']"))
    indicator = page.locator("main [name=indicator]").first
    hand.choose(indicator, indicator.locator("option").nth(1).inner_text())
    hand.fill(page.locator("main [name=title]"), "มาตรการใหม่")
    for place in range(2):
        party = page.locator(f"[name=parties-{place}-division]")
        if not party.count():
            hand.button("^เพิ่มผู้รับผิดชอบ")
            party.wait_for()
        hand.choose(party, party.locator("option").nth(place + 1).inner_text())
    hand.paste(page.locator("[name=steps-0-text]"), "\n".join(STEPS))
    page.locator("[name=steps-3-text]").wait_for(timeout=PATIENCE_MS)
    hand.button("^บันทึกมาตรการ")
    hand.sees("เพิ่มมาตรการ “มาตรการใหม่”")


def import_plan(hand: Hand) -> None:
    hand.press(hand.page.locator("main a[href^='/plans/import/']"))
    hand.fill(hand.page.locator("main textarea"), ONE_MEASURE)
    hand.button("^ดำเนินการต่อ")
    hand.button("^นำเข้า [0-9๐-๙]")
    hand.sees("นำเข้า.*แล้ว")


def change_many(hand: Hand) -> None:
    """Three measures are begun."""
    boxes = hand.page.locator("main [type=checkbox][name=measure]")
    for place in range(3):
        hand.press(boxes.nth(place))
    hand.press(hand.page.locator("#change-many summary", has_text="เปลี่ยนสถานะ"))
    status = hand.page.locator("[name='bulk-status']")
    hand.choose(status, status.locator("option[value=in_progress]").inner_text())
    hand.button("^ตรวจสอบก่อนบันทึก")
    hand.page.wait_for_url("**/change/**")
    hand.press(hand.page.locator("main form:has([name=seen]) button[type=submit]"))
    hand.page.wait_for_url(f"**/plans/{PRESENT}/**")
    hand.sees("แล้ว")


def open_round(hand: Hand) -> None:
    """From the list of reports to the round that is due; the link beside it is a file."""
    hand.press(hand.page.locator(f"main a[href^='/reports/{PRESENT - 1}/12/']:not([href*='report.'])"))
    hand.page.wait_for_url(f"**/reports/{PRESENT - 1}/12/**")


def add_person(hand: Hand) -> None:
    """Staff of one division, with a post; the user name is suggested."""
    hand.link("^เพิ่มบุคลากร")
    hand.fill(hand.page.locator("main [name=full_name]"), "บุคลากรใหม่")
    hand.fill(hand.page.locator("main [name=post]"), "เจ้าพนักงานธุรการ")
    hand.press(hand.page.locator("main .boxes-divisions label"))
    hand.button("^เพิ่มบุคลากร", hand.page.locator("main"))
    hand.sees("รหัสผ่านนี้แสดงครั้งเดียว")


def submit(hand: Hand) -> None:
    open_round(hand)
    hand.button("^ส่งให้ผู้บริหาร")
    hand.sees("ส่งรายงานให้ผู้บริหารแล้ว")


def approve(hand: Hand) -> None:
    open_round(hand)
    hand.button("^อนุมัติ")
    hand.button("^ยืนยันอนุมัติ")
    hand.sees("อนุมัติแล้ว")


def publish(hand: Hand) -> None:
    open_round(hand)
    hand.button("^เผยแพร่")
    hand.sees("เผยแพร่.*แล้ว")


def download(hand: Hand) -> None:
    with hand.page.expect_download(timeout=60_000):
        hand.press(hand.page.locator("main a[href*='report.pdf']"))


JOBS: Final = (
    Job("Sign in, to the report that is saved", "anonymous", "/login/", sign_in_and_report, 7),
    Job("Tick a step", "staff", "/measures/{late}/", tick, 1),
    Job("Report a measure from the list", "staff", f"/plans/{PRESENT}/", report_in_place),
    Job("Add evidence", "staff", "/measures/{late}/", add_evidence),
    Job("Change a measure's title", "officer", f"/plans/{PRESENT}/edit/", edit),
    Job("Add a measure with four steps and two divisions", "officer", f"/plans/{PRESENT}/edit/", add, 8),
    Job("Bring a plan in from a table", "officer", f"/plans/{PRESENT}/edit/", import_plan),
    Job("Begin three measures at once", "officer", f"/plans/{PRESENT}/", change_many),
    Job("Add a person, to the paper with the password", "officer", "/people/", add_person, 6),
    Job("Submit a round", f"officer-{RETURNED}", "/reports/", submit),
    Job("Approve a report", f"executive-{SUBMITTED}", "/reports/", approve, 3),
    Job("Publish a report", f"officer-{APPROVED}", "/reports/", publish),
    Job("Download the report as PDF", "executive", "/reports/", download),
)
