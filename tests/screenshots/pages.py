"""Every page of the demonstration that is worth a look, by who sees it, and the states that it can be in."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from playwright.sync_api import Locator, Page

# The fiscal year that MOMENT is in, and that of the real report.
PRESENT: Final = 2570
REAL: Final = 2566
SETTLED_MS: Final = 400
SUBMITTED: Final = "huai-nithan"
APPROVED: Final = "wiang-chamlong"
WITHOUT_PLAN: Final = "ban-mai-sommut"
PASTED: Final = (
    "ตัวชี้วัดที่\tมาตรการ\tขั้นตอน\tผู้รับผิดชอบ\n1\tจัดทำคู่มือ\t1. แต่งตั้งคณะทำงาน\tสำนักปลัด\n\tไม่ทราบตัวชี้วัด\t1. ก\t\n"
)


class Shot(NamedTuple):
    """A page as one person sees it.

    Its address may name places of the demonstration: {late}, {done}, {real} and {apart}, which
    is reported division by division, are measures, {part} is a division's part.
    """

    route: str
    """The name of its address, as in urls.py."""
    role: str
    name: str
    """Of the file, without spaces."""
    path: str
    prepare: Callable[[Page], None] | None = None
    person: str = ""
    """Who opens it, if not the person of the role's name."""


def send_as_it_is(page: Page) -> None:
    """Press the button that sends the page's own form, whatever is in it."""
    send(page, page.locator("main form[method=post]").last)


def send(page: Page, form: Locator) -> None:
    """Send a form, and wait until what came back is there."""
    # Later, because the page may go before the call has come back.
    form.evaluate("form => { form.noValidate = true; setTimeout(() => form.requestSubmit()) }")
    page.wait_for_timeout(SETTLED_MS)
    page.wait_for_load_state("networkidle")


def open_all(page: Page) -> None:
    """Unfold what is folded."""
    page.evaluate("for (const part of document.querySelectorAll('main details')) part.open = true")


def fill_wrong_password(page: Page) -> None:
    page.locator("input[name=username]").fill("staff")
    page.locator("input[name=password]").fill("x")
    send_as_it_is(page)


def send_empty_name(page: Page) -> None:
    page.locator("#id_name").fill("")
    send_as_it_is(page)


def paste_a_plan(page: Page) -> None:
    page.locator("main textarea").first.fill(PASTED)
    send_as_it_is(page)


def mend_a_plan(page: Page) -> None:
    paste_a_plan(page)
    page.locator("main a[href*='/measures/']").last.click()


def open_last_person(page: Page) -> None:
    page.locator("main tbody th a").last.click()


def ask_for_password(page: Page) -> None:
    open_last_person(page)
    page.locator("main a[href$='/password/']").click()


def put_a_plan_back(page: Page) -> None:
    paste_a_plan(page)
    send(page, page.locator("main form[action$='/apply/']"))
    page.locator("main a[href$='/undo/']").click()


def choose_many(page: Page) -> None:
    for box in page.locator("main input[type=checkbox][name=measure]").all()[:3]:
        box.evaluate("box => box.click()")
    status = page.locator("[name='bulk-status']").first
    status.select_option("in_progress", force=True)
    send(page, page.locator("form", has=status).last)


def cancel_without_reason(page: Page) -> None:
    choice = page.locator("input[name=status][value=cancelled]")
    choice.first.evaluate("field => { field.checked = true; }")
    send(page, page.locator("main form", has=choice).first)


def _of(role: str, person: str = "") -> list[Shot]:
    """What everybody of an agency sees."""
    return [
        Shot("dashboard", role, "dashboard", "/dashboard/", None, person),
        Shot("dashboard", role, "dashboard-of-the-report", f"/dashboard/?year={REAL}", None, person),
        Shot("plan", role, "plan", f"/plans/{PRESENT}/", None, person),
        Shot("measure", role, "measure", "/measures/{late}/", open_all, person),
        Shot("reports", role, "reports", "/reports/", None, person),
        Shot("report", role, "report", f"/reports/{PRESENT}/6/", None, person),
        Shot("report", role, "report-published", f"/reports/{REAL}/6/", None, person),
        Shot("round_history", role, "round-history", f"/reports/{REAL}/6/history/", None, person),
    ]


SHOTS: Final = (
    Shot("login", "anonymous", "sign-in", "/login/"),
    Shot("login", "anonymous", "sign-in-refused", "/login/", fill_wrong_password),
    Shot("public", "anonymous", "public-agencies", "/public/"),
    Shot("public_agency", "anonymous", "public-agency", "/public/kongkoi/"),
    Shot("public_report", "anonymous", "public-report", f"/public/kongkoi/{REAL}/6/"),
    Shot(
        "public_report",
        "anonymous",
        "public-report-of-a-neighbour",
        f"/public/demo-doi-sommut/{PRESENT - 1}/12/",
    ),
    Shot("public_edition", "anonymous", "public-edition", f"/public/kongkoi/{REAL}/6/1/"),
    Shot("data_dictionary", "anonymous", "data-dictionary", "/public/data-dictionary/"),
    Shot("public_check", "anonymous", "public-check", "/public/check/"),
    Shot("public_log", "anonymous", "public-log", "/public/log/"),
    Shot("public_log_line", "anonymous", "public-log-line", "/public/log/1/"),
    Shot("", "anonymous", "public-not-found", "/public/nowhere/"),
    Shot("help", "anonymous", "help", "/help/"),
    *(
        Shot("help_part", "anonymous", f"help-{role}", f"/help/{role}/")
        for role in ("staff", "officer", "executive", "overseer", "admin")
    ),
    Shot("work", "staff", "work", "/work/", open_all),
    Shot("work", "staff", "work-of-the-report", f"/work/?year={REAL}"),
    *_of("staff"),
    Shot("measure", "staff", "measure-done", "/measures/{done}/"),
    Shot("measure", "staff", "measure-refused", "/measures/{late}/", cancel_without_reason),
    Shot("plan", "staff", "plan-nothing-found", f"/plans/{PRESENT}/?text=zzz"),
    Shot("sheet", "staff", "excel", f"/plans/{PRESENT}/sheet/"),
    Shot("", "staff", "forbidden", f"/plans/{PRESENT}/edit/"),
    Shot("", "staff", "not-found", "/nothing/"),
    *_of("officer"),
    Shot("plan", "officer", "plan-of-a-closed-year", f"/plans/{PRESENT - 1}/"),
    Shot("measure", "officer", "measure-of-the-report", "/measures/{real}/"),
    Shot("measure", "officer", "measure-of-parts", "/measures/{apart}/"),
    Shot("measure", "officer", "measure-joined", "/measures/{apart}/?join=1"),
    Shot("part", "officer", "part", "/parts/{part}/"),
    Shot("measure", "staff", "own-part", "/measures/{apart}/"),
    Shot("change_many", "officer", "change-many", f"/plans/{PRESENT}/", choose_many),
    Shot("edit_plan", "officer", "edit-plan", f"/plans/{PRESENT}/edit/"),
    Shot("add_measure", "officer", "add-measure", f"/plans/{PRESENT}/edit/add/"),
    Shot("add_measure", "officer", "add-measure-refused", f"/plans/{PRESENT}/edit/add/", send_as_it_is),
    Shot("edit_measure", "officer", "edit-measure", "/measures/{late}/edit/"),
    Shot("delete_measure", "officer", "delete-measure", "/measures/{late}/delete/"),
    Shot("bundle", "officer", "bundle", f"/plans/{PRESENT}/files/"),
    Shot("import_plan", "officer", "import", "/plans/import/"),
    Shot("import_plan", "officer", "import-refused", "/plans/import/", send_as_it_is),
    Shot("import_preview", "officer", "import-preview", "/plans/import/", paste_a_plan),
    Shot("import_measure", "officer", "import-measure", "/plans/import/", mend_a_plan),
    Shot("import_undo", "officer", "import-put-back", "/plans/import/", put_a_plan_back),
    Shot("divisions", "officer", "divisions", "/divisions/"),
    Shot("people", "officer", "people", "/people/"),
    Shot("add_person", "officer", "add-person", "/people/add/"),
    Shot("add_person", "officer", "add-person-refused", "/people/add/", send_as_it_is),
    Shot("person", "officer", "person", "/people/", open_last_person),
    Shot("person_password", "officer", "person-password", "/people/", ask_for_password),
    Shot("acting", "officer", "acting", "/people/acting/"),
    Shot("people_log", "officer", "people-log", "/people/log/"),
    Shot("refused_sign_ins", "officer", "refused-sign-ins", "/people/log/sign-ins/"),
    *(
        Shot("reminders", role, "reminders", "/reminders/")
        for role in ("staff", "officer", "executive", "overseer", "admin")
    ),
    Shot("agency", "officer", "agency", "/agency/"),
    Shot("account", "officer", "account", "/account/"),
    Shot("sessions", "officer", "own-sessions", "/account/sessions/"),
    Shot("kept", "officer", "what-is-kept", "/account/data/"),
    Shot("account_change_password", "officer", "own-password", "/account/password/"),
    Shot("account_change_password", "officer", "own-password-refused", "/account/password/", send_as_it_is),
    Shot("account_reauthenticate", "officer", "password-again", "/account/confirm/"),
    Shot("mfa_index", "officer", "second-factor", "/account/second/"),
    Shot("agency", "officer", "agency-refused", "/agency/", send_empty_name),
    Shot("start_divisions", "officer", "first-divisions", "/start/divisions/"),
    Shot("start_people", "officer", "first-people", "/start/people/"),
    Shot("start_plan", "officer", "first-plan", "/start/plan/", None, f"officer-{WITHOUT_PLAN}"),
    Shot("no_plan", "officer", "new-year", "/plans/new/"),
    Shot(
        "report", "officer", "report-submitted", f"/reports/{PRESENT - 1}/12/", None, f"officer-{SUBMITTED}"
    ),
    Shot("report", "officer", "report-approved", f"/reports/{PRESENT - 1}/12/", None, f"officer-{APPROVED}"),
    Shot("papers", "officer", "papers", f"/reports/{REAL}/6/editions/1/papers/"),
    Shot("paper_templates", "officer", "paper-templates", "/reports/templates/"),
    Shot("paper_templates", "officer", "paper-templates-refused", "/reports/templates/", send_as_it_is),
    Shot("report", "officer", "report-to-correct", f"/reports/{REAL}/6/?correct=1"),
    Shot("no_plan", "officer", "empty-new-year", "/plans/new/", None, f"officer-{WITHOUT_PLAN}"),
    Shot("plans", "officer", "empty-plan", "/plans/", None, f"officer-{WITHOUT_PLAN}"),
    Shot("reports", "officer", "empty-reports", "/reports/", None, f"officer-{WITHOUT_PLAN}"),
    *_of("executive"),
    Shot(
        "report",
        "executive",
        "report-to-approve",
        f"/reports/{PRESENT - 1}/12/",
        open_all,
        f"executive-{SUBMITTED}",
    ),
    Shot("no_plan", "executive", "empty", "/plans/new/"),
    Shot("dashboard", "executive", "dashboard-on-a-wall", "/dashboard/?view=screen"),
    Shot("dashboard", "executive", "dashboard-with-a-task", "/dashboard/", None, f"executive-{SUBMITTED}"),
    Shot("overview", "overseer", "overview", "/overview/"),
    Shot("overview", "overseer", "overview-nothing-found", "/overview/?text=zzz"),
    Shot("dashboard", "overseer", "dashboard", f"/dashboard/?year={PRESENT}&agency=kongkoi"),
    Shot("plan", "overseer", "plan", f"/plans/{PRESENT}/?agency=kongkoi"),
    Shot("measure", "overseer", "measure", "/measures/{late}/?agency=kongkoi"),
    Shot("reports", "overseer", "reports", "/reports/?agency=kongkoi"),
    Shot("report", "overseer", "report", f"/reports/{REAL}/6/?agency=kongkoi"),
    Shot("no_plan", "overseer", "no-plan", f"/plans/new/?agency=demo-{WITHOUT_PLAN}"),
    Shot("people", "executive", "people", "/people/"),
    Shot("people", "admin", "people-of-an-agency", "/people/?agency=kongkoi"),
    Shot("people_log", "admin", "people-log", "/people/log/"),
    Shot("refused_sign_ins", "admin", "refused-sign-ins", "/people/log/sign-ins/"),
    Shot("site_admin", "admin", "site", "/site/"),
    Shot("start_agency", "admin", "new-agency", "/start/agency/"),
    Shot("start_agency", "admin", "new-agency-refused", "/start/agency/", send_as_it_is),
    Shot("", "admin", "administration", "/admin/"),
    Shot("", "admin", "people", "/admin/accounts/user/"),
    Shot("", "admin", "add-person", "/admin/accounts/user/add/"),
)

# Pages of the sweep, by the name of their address and who opens them, that are not pictured, and why.
LEFT_OUT: Final[Mapping[tuple[str, str], str]] = {
    ("executive", "executive"): "as asking for a new password, with a yes and a no",
    ("confirm_acting", "executive"): "as asking for a new password",
    ("person", "admin"): "as that of the officer",
    ("work", "other_staff"): "as that of staff, without anything in it",
    ("mfa_index", "executive"): "as that of the officer, with an app that was set up",
    ("start_plan", "stranger"): "as that of the officer",
    ("no_plan", "staff"): "as that of the executive",
    ("help", "staff"): "as that of nobody, with one button more",
    ("help", "officer"): "as that of nobody, with one button more",
    ("help", "executive"): "as that of nobody, with one button more",
    ("help", "overseer"): "as that of nobody, with one button more",
    ("help_part", "staff"): "as that of nobody",
    ("people", "stranger"): "as that of the officer, with the words for an empty list",
    ("refused_sign_ins", "stranger"): "as that of the officer, with the words for an empty list",
    ("people_log", "stranger"): "as that of the officer, with the words for an empty log",
    ("stop_reminders", "anonymous"): "a sentence and a button",
    ("job", "officer"): "passes by while files are made",
    ("job", "staff"): "as that of the officer",
    ("reuse_evidence", "officer"): "a list of boxes",
}
