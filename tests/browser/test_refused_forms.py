"""A save that failed is seen at once: on every form, at both widths, with and without JavaScript, the summary
of what is wrong lies within the window and has the focus.

As the suite runs, each form is sent in one of the four ways, in turn, and not at all where another one fills
the same template and is refused by the same function; `make thorough` sends all in all four.
"""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from django.conf import settings
from django.db.models import F
from playwright.sync_api import Error, FilePayload, Page
from pytest_django import Settings

from accounts.models import User
from accounts.passwords.links import password_link
from measures.models import Evidence, Measure, Plan
from measures.plan_import.services import apply, take_in
from reports.demo import DEFAULT_PASSWORD
from reports.models import Round
from reports.new_year.services import open_year
from reports.rounds.services import submit
from tests.browser.conftest import DESK, PHONE, OpenPage
from tests.support.factories import make_edition, make_evidence_file, make_measure
from tests.support.second_factor import give_app
from tests.support.thorough import THOROUGH, in_turn

pytestmark = pytest.mark.browser

# Years in which nothing else happens, whatever the demonstration shows.
OPEN, SUBMITTED, APPROVED = 2690, 2691, 2692
PASTED: Final = "ตัวชี้วัดที่\tมาตรการ\tขั้นตอน\n1\tมาตรการใหม่\t1. ขั้นแรก\n".encode()
IMPORTED: Final = "ตัวชี้วัดที่\tมาตรการ\tขั้นตอน\n10\tนำเข้าแล้ว\t1. ขั้นแรก\n".encode()
SEEN: Final = """() => {
  const summary = document.activeElement;
  const box = summary.getBoundingClientRect();
  return {
    is: summary.matches('.errors, .conflict'),
    text: summary.innerText,
    top: box.top,
    bottom: box.bottom,
    height: document.documentElement.clientHeight,
  };
}"""


# How wide the window is, and whether scripts run.
WAYS: Final = ((PHONE, True), (DESK, False), (DESK, True), (PHONE, False))


@dataclass(frozen=True)
class RefusedForm:
    """A form, and what a careless person does with it. {names} are those of Site.names()."""

    person: str
    path: str
    do: Callable[[Page], None]
    script_only: bool = False
    like_another: bool = False


def press(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("button", name=name).last.click()


def emptied(field: str, name: str) -> Callable[[Page], None]:
    def do(page: Page) -> None:
        page.locator(field).fill("")
        press(name)(page)

    return do


def unfolded(summary: str, name: str) -> Callable[[Page], None]:
    def do(page: Page) -> None:
        details = page.locator("details").filter(has=page.locator("summary", has_text=summary))
        if details.get_attribute("open") is None:
            details.locator("summary").first.click()
        details.get_by_role("button", name=name).click()

    return do


def done_with_open_steps(page: Page) -> None:
    page.get_by_role("radio", name="แล้วเสร็จ", exact=True).check()
    page.get_by_role("button", name="บันทึกผล").click()


def typed_by_key(page: Page) -> None:
    """Saved with the Enter key out of a field far down."""
    page.get_by_role("radio", name="ยกเลิก", exact=True).check()
    page.get_by_role("radio", name="ยกเลิก", exact=True).press("Enter")


def in_its_row(page: Page) -> None:
    page.get_by_role("link", name="รายงานผล แถวสุดท้าย").click()
    row = page.get_by_role("form", name="รายงานผล แถวสุดท้าย")
    row.get_by_role("radio", name="ยกเลิก", exact=True).check()
    row.get_by_role("button", name="บันทึกผล").click()


def overtaken(page: Page) -> None:
    measure = Measure.objects.get(plan__fiscal_year=OPEN, title="แถวสุดท้าย")
    Measure.objects.filter(pk=measure.pk).update(version=measure.version + 1)
    page.get_by_label("ผลการดำเนินงาน (ไม่บังคับ)").fill("ผล")
    page.get_by_role("button", name="บันทึกผล").click()


def wrong_group(page: Page) -> None:
    page.get_by_label("รหัสกลุ่ม LINE").fill("x")
    press("บันทึกกลุ่ม LINE")(page)


def twice_the_same(page: Page) -> None:
    first, second = page.locator("#edit-form li input[type=text]").all()[:2]
    second.fill(first.input_value())
    press("บันทึกรายชื่อ")(page)


def other_columns(page: Page) -> None:
    page.locator("summary", has_text="ความหมายของแต่ละคอลัมน์").click()
    page.locator("select[name=column-0] option").first.evaluate("option => option.value = 'forged'")
    page.locator("select[name=column-0]").select_option(index=0)
    press("อ่านใหม่ตามนี้")(page)


def forged(field: str, name: str) -> Callable[[Page], None]:
    """What no button offers, as an old page in another tab may still send it."""

    def do(page: Page) -> None:
        page.locator(f"[name={field}]").first.evaluate("input => input.value = '999999'")
        press(name)(page)

    return do


def empty_file(name: str) -> Callable[[Page], None]:
    def do(page: Page) -> None:
        page.locator("main input[type=file]").set_input_files(
            FilePayload(name="x.pdf", mimeType="application/pdf", buffer=b"")
        )
        press(name)(page)

    return do


def nothing_chosen_twice(page: Page) -> None:
    one_ticked_and_no_change(page)
    page.wait_for_url("**/change/")
    press("ตรวจสอบอีกครั้ง")(page)


def one_ticked_and_no_change(page: Page) -> None:
    page.locator("input[name=measure]").first.check()
    page.locator("#change-many").get_by_text("เลื่อนกำหนด").click()
    page.locator("#change-many").get_by_role("button", name="ตรวจสอบก่อนบันทึก").last.click()


def none_ticked(page: Page) -> None:
    for box in page.locator("main input[type=checkbox]").all():
        box.uncheck()
    press("ใช้รายชื่อนี้")(page)


def begun_without_a_name(page: Page) -> None:
    page.locator("[name=people-0-post]").fill("นักวิชาการ")
    press("เพิ่มผู้ใช้")(page)


def kept_without_a_name(page: Page) -> None:
    page.get_by_text("บันทึกตัวกรองนี้").click()
    page.get_by_role("button", name="บันทึกตัวกรอง").click()


def asked_and_forged(page: Page) -> None:
    press("อนุมัติรายงานนี้")(page)
    page.locator(".question").wait_for()
    forged("submission", "ยืนยันอนุมัติ")(page)


def changed_meanwhile(page: Page) -> None:
    imported = Measure.objects.filter(plan__fiscal_year=OPEN, title="นำเข้าแล้ว")
    imported.update(version=F("version") + 1)
    press("ย้อนการนำเข้า")(page)
    page.locator("main .errors").wait_for()
    # As it was, for whoever tries next.
    imported.update(version=F("version") - 1)


def confirmed(name: str) -> Callable[[Page], None]:
    """Behind the page that asks for the password again."""

    def do(page: Page) -> None:
        if "/account/confirm/" in page.url:
            page.get_by_label("รหัสผ่าน").fill(DEFAULT_PASSWORD)
            press("ยืนยัน")(page)
        press(name)(page)

    return do


def wrong_code(page: Page) -> None:
    if "/login/step/" not in page.url:
        page.get_by_label("ชื่อผู้ใช้").fill("overseer")
        page.get_by_label("รหัสผ่าน").fill(DEFAULT_PASSWORD)
        press("เข้าสู่ระบบ")(page)
    page.get_by_label("รหัสจากแอป").fill("000000")
    press("เข้าสู่ระบบ")(page)


FORMS: Final[Sequence[RefusedForm]] = (
    RefusedForm("", "/login/", press("เข้าสู่ระบบ")),
    RefusedForm("", "/public/{slug}/2692/12/", empty_file("ตรวจสอบไฟล์")),
    RefusedForm("", "/password/forgotten/", press("ส่งลิงก์")),
    RefusedForm("", "{link}", press("บันทึกรหัสผ่านใหม่")),
    RefusedForm("", "/login/step/", wrong_code),
    RefusedForm("staff", "/account/", emptied("#id_full_name", "บันทึกข้อมูล")),
    RefusedForm("staff", "/account/password/", press("บันทึกรหัสผ่านใหม่")),
    RefusedForm("staff", "/account/confirm/", press("ยืนยัน")),
    RefusedForm("staff", "/account/second/app/", confirmed("เปิดใช้")),
    RefusedForm("staff", "/measures/{last}/", done_with_open_steps, like_another=True),
    RefusedForm("staff", "/measures/{last}/", typed_by_key),
    RefusedForm("staff", "/measures/{last}/", overtaken),
    RefusedForm("staff", "/measures/{last}/", unfolded("เพิ่มหลักฐาน", "เพิ่มหลักฐาน")),
    RefusedForm("staff", "/plans/2690/", in_its_row, script_only=True),
    RefusedForm("officer", "/plans/2690/", one_ticked_and_no_change, like_another=True),
    RefusedForm("officer", "/plans/2690/?text=ขั้น", kept_without_a_name),
    RefusedForm("officer", "/plans/2690/", nothing_chosen_twice),
    RefusedForm("officer", "/plans/2690/edit/add/", press("บันทึกมาตรการ"), like_another=True),
    RefusedForm("officer", "/measures/{last}/edit/", emptied("#id_title", "บันทึกมาตรการ")),
    RefusedForm("officer", "/measures/{kept}/delete/", press("ลบมาตรการ")),
    RefusedForm("officer", "/measures/{kept}/", press("นำออก")),
    RefusedForm("officer", "/measures/{kept}/", unfolded("ซ่อนจากสาธารณะ", "ซ่อนจากสาธารณะ")),
    RefusedForm("officer", "/evidence/{proof}/reuse/", press("ใช้กับมาตรการที่เลือก")),
    RefusedForm("officer", "/plans/2690/sheet/", press("ตรวจสอบก่อนบันทึก")),
    RefusedForm("officer", "/plans/import/", press("ดำเนินการต่อ")),
    RefusedForm("officer", "/plans/import/{taken}/", other_columns),
    RefusedForm("officer", "/plans/import/{taken}/measures/0/", emptied("#id_title", "บันทึกการแก้ไข")),
    RefusedForm("officer", "/plans/new/", emptied("#id_year", "เปิดแผน")),
    RefusedForm("officer", "/divisions/", twice_the_same),
    RefusedForm("officer", "/people/add/", press("เพิ่มบุคลากร")),
    RefusedForm("officer", "/people/{officer}/", emptied("#id_full_name", "บันทึกข้อมูล")),
    RefusedForm("officer", "/people/{officer}/", unfolded("ระงับบัญชี", "ระงับบัญชีนี้")),
    RefusedForm("officer", "/people/{staff}/password/", forged("seen", "ออกรหัสผ่านและพิมพ์")),
    RefusedForm("officer", "/people/acting/", press("บันทึกการแต่งตั้ง")),
    RefusedForm("officer", "/agency/", emptied("#id_name", "บันทึกข้อมูลหน่วยงาน")),
    RefusedForm("officer", "/start/divisions/", none_ticked),
    RefusedForm("officer", "/start/people/", begun_without_a_name),
    RefusedForm("officer", "/start/plan/", press("นำเข้าไฟล์นี้")),
    RefusedForm("admin", "/start/agency/", press("เพิ่มหน่วยงาน")),
    RefusedForm("officer", "/reminders/", wrong_group),
    RefusedForm("officer", "/reports/2690/6/", press("ส่งให้ผู้บริหารพิจารณา")),
    RefusedForm("staff", "/measures/{last}/", unfolded("เขียนความเห็น", "บันทึกความเห็น")),
    RefusedForm("officer", "/plans/import/{applied}/undo/", changed_meanwhile),
    RefusedForm("officer", "/reports/2691/6/", forged("submission", "ถอนรายงานคืน")),
    RefusedForm("officer", "/reports/2692/12/", unfolded("แก้ไขรายงานที่อนุมัติแล้ว", "เปิดรอบเพื่อแก้ไข")),
    RefusedForm("officer", "/reports/2692/12/", unfolded("ข้อมูลสำหรับส่งแบบ OIT", "บันทึกข้อ OIT")),
    RefusedForm("officer", "/reports/2692/12/", unfolded("แนบสำเนาที่ลงนาม", "แนบสำเนา")),
    RefusedForm("officer", "/reports/templates/", press("ใช้แม่แบบนี้")),
    RefusedForm("executive", "/reports/2691/6/", unfolded("ส่งกลับให้แก้ไข", "ส่งกลับพร้อมเหตุผล")),
    RefusedForm("executive", "/reports/2691/6/", forged("submission", "อนุมัติรายงานนี้"), like_another=True),
    RefusedForm("executive", "/reports/2691/6/", asked_and_forged),
)


@pytest.fixture
def names(site: str, settings: Settings) -> dict[str, object]:
    """What the forms are about: an open plan, a submitted round, an approved and published one."""
    settings.MAIL_IS_SET_UP = True
    give_app(User.objects.get(username="overseer"))
    officer = User.objects.get(username="officer")
    agency = officer.agency
    assert agency is not None
    plan = open_year(agency, OPEN)
    for place in range(1, 8):
        make_measure(plan, f"มาตรการ {place}", position=place, steps=12)
    last = make_measure(plan, "แถวสุดท้าย", indicator=10, steps=12)
    kept = Measure.objects.filter(plan=plan)[0]
    proof = make_evidence_file(kept, public=True)
    Evidence.objects.filter(pk=proof.pk).update(in_edition=True)
    submitted = open_year(agency, SUBMITTED)
    make_measure(submitted, status="in_progress", due_on=None)
    submit(_round(submitted, 6), officer)
    make_edition(_round(open_year(agency, APPROVED), 12))
    taken = take_in(plan, "", PASTED, officer)
    applied = take_in(plan, "", IMPORTED, officer)
    apply(applied, officer)
    staff = User.objects.get(username="staff")
    return {
        "last": last.pk,
        "kept": kept.pk,
        "proof": proof.pk,
        "taken": taken.pk,
        "applied": applied.pk,
        "slug": agency.slug,
        "officer": officer.pk,
        "staff": staff.pk,
        "link": password_link(officer),
    }


def _round(plan: Plan, months: int) -> Round:
    return plan.rounds.select_related("plan__agency").get(months=months)


def opened(open_page: OpenPage, person: str, java_script: bool) -> Page:
    """One page a person, on which all of their forms are gone through."""
    page = open_page(person, java_script_enabled=java_script)
    # Leaving what was typed and not saved, and taking evidence away, asks once.
    page.on("dialog", lambda dialog: dialog.accept())
    return page


def answered(page: Page) -> dict[str, Any]:
    """What has the focus once the answer is there; given a moment after the page was drawn or swapped."""
    page.locator("main .errors, main .conflict").first.wait_for()
    # What never has it is told below, with the form.
    with suppress(Error):
        page.locator(".errors:focus, .conflict:focus").first.wait_for()
    seen: dict[str, Any] = page.evaluate(SEEN)
    return seen


def test_what_is_wrong_is_seen_at_once(
    open_page: OpenPage, names: dict[str, object], java_script: bool
) -> None:
    pages: dict[str, Page] = {}
    unseen: list[str] = []
    for place, form in enumerate(FORMS):
        if form.like_another and not THOROUGH:
            continue
        ways = [way for way in WAYS if way[1] or not form.script_only]
        for size, script in in_turn(ways, place, len(ways)):
            if script != java_script:
                continue
            if form.person not in pages:
                pages[form.person] = opened(open_page, form.person, java_script)
            page = pages[form.person]
            page.set_viewport_size({"width": size["width"], "height": size["height"]})
            page.goto(form.path.format(**names))
            form.do(page)
            seen = answered(page)
            fits = seen["bottom"] <= seen["height"] or seen["bottom"] - seen["top"] > seen["height"]
            if not (seen["is"] and 0 <= seen["top"] < seen["height"] - 50 and fits):
                unseen.append(f"{size['width']} {form.path} {form.do.__qualname__}: {seen}")
    assert unseen == []


def test_no_form_is_forgotten() -> None:
    """Every template with a form that can be refused is on the list, or has nothing that could be wrong."""
    folder = Path(settings.BASE_DIR) / "templates"
    found = {
        str(path.relative_to(folder))
        for path in folder.rglob("*.html")
        if re.search(r'<form[^>]*method="post"', path.read_text(encoding="utf-8"))
    }
    assert found == {
        "accounts/background/page.html",  # buttons alone
        "accounts/divisions/_form.html",
        "accounts/agency_settings/page.html",
        "accounts/people/_acting.html",  # a button alone
        "accounts/people/acting.html",
        "accounts/people/_in_use.html",  # a button alone
        "accounts/people/confirm_acting.html",  # a button alone
        "accounts/people/executive.html",  # two buttons
        "accounts/people/add.html",
        "accounts/people/password.html",
        "accounts/people/person.html",
        "accounts/own_account/page.html",
        "accounts/passwords/by_link.html",
        "accounts/passwords/change.html",
        "accounts/passwords/forgotten.html",
        "accounts/second_factor/add_app.html",
        "accounts/second_factor/add_passkey.html",  # what a browser makes is not wrong
        "accounts/second_factor/confirm_password.html",
        "accounts/second_factor/new_codes.html",  # a button alone, as the next two
        "accounts/second_factor/remove_app.html",
        "accounts/second_factor/remove_passkey.html",
        "accounts/second_factor/second_step.html",
        "accounts/sessions/page.html",  # buttons alone
        "accounts/set_up/agency.html",
        "accounts/set_up/divisions.html",
        "accounts/set_up/people.html",
        "reports/new_year/start.html",
        "accounts/sign_in/page.html",
        "measures/comments/_form.html",
        "measures/comments/_offer.html",  # a button alone
        "measures/outline/_form.html",
        "measures/evidence/_form.html",
        "measures/evidence/_proof.html",
        "measures/evidence/_hiding.html",
        "measures/evidence/reuse.html",
        "measures/plan_list/_bulk_bar.html",
        "measures/plan_list/_count.html",
        "measures/plan_list/_empty.html",  # a copy of the year before
        "measures/progress/_form.html",
        "measures/bundle/page.html",  # a button alone
        "measures/plan_import/not_read.html",  # a button alone
        "measures/bulk_update/_again.html",
        "measures/measure_page/_report.html",
        "measures/measure_page/_save.html",
        "measures/bulk_update/page.html",
        "measures/outline/delete.html",
        "measures/outline/_indicator.html",  # up and down
        "measures/plan_import/_copied.html",  # what is chosen among what is offered
        "measures/plan_import/start.html",
        "measures/plan_import/_mend.html",
        "measures/plan_import/_reading.html",
        "measures/plan_import/_year.html",  # buttons alone, as the next two
        "measures/plan_import/_learned.html",
        "measures/plan_import/preview.html",
        "measures/plan_import/undo.html",
        "measures/workbook/page.html",
        "parts/masthead.html",  # signs out
        "parts/news.html",  # a button alone
        "reports/public/_check_file.html",
        "reports/rounds/_approved.html",
        "reports/rounds/_files.html",  # a button alone
        "reports/rounds/_open.html",
        "reports/rounds/_question.html",
        "reports/rounds/_scan.html",  # a button alone
        "reports/rounds/_signed_scan.html",
        "reports/rounds/_submitted.html",
        "reports/reminders/_calendar.html",  # buttons alone
        "reports/reminders/_line.html",
        "reports/reminders/_sending.html",  # a button alone
        "reports/reminders/_switch.html",  # a button alone
        "reports/reminders/stop.html",  # a button alone
        "reports/dashboard/empty.html",  # a button alone
        "reports/publication_pack/page.html",  # a button alone
        "reports/publication_pack/_slot.html",
        "reports/new_year/page.html",
    }
