"""Every page of the site as its people see it, for the tests that hold for all pages."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.background.limits import MAX_JOBS
from accounts.models import ActingApprover, Agency, RefusalKind, Role, SignInRefusal, User
from accounts.people.acting import name_acting
from accounts.people.services import PersonFacts, add_person, set_active
from measures.comments.services import NewComment, write_comment
from measures.evidence.hiding import hide
from measures.models import Measure, Part, Plan, PlanImport, SavedFilter, Step
from measures.parts.services import mark_part_step, save_part
from measures.plan_import.services import apply, keep, take_in
from measures.plan_import.weight import LARGE
from measures.progress.services import Progress
from reports.models import (
    EditionWithdrawal,
    ReminderSending,
    ReminderState,
    Round,
    ScanPublication,
    Submission,
    SubmissionOutcome,
)
from reports.new_year.services import open_year
from reports.reminders.messages import STOP
from reports.reminders.services import make_calendar_key
from reports.rounds.services import submit
from tests.conftest import SignIn
from tests.support.factories import (
    YEAR,
    make_edition,
    make_evidence_file,
    make_job,
    make_job_file,
    make_measure,
    make_papers,
    make_person,
    make_scan,
)
from tests.support.second_factor import give_app
from tests.support.writes import writes_noted

IMPORTED: Final = "ตัวชี้วัดที่\tมาตรการ\tขั้นตอน\tผู้รับผิดชอบ\n10\tนำเข้าแล้ว\t1. ขั้นแรก\tกองที่ 1\n".encode()
PASTED: Final = "ตัวชี้วัดที่\tมาตรการ\tขั้นตอน\tผู้รับผิดชอบ\n1\tใหม่\t1. ขั้นแรก\tกองใหม่\n\tไม่รู้\t1. ก\t\n".encode()


class Visit(NamedTuple):
    """One page: what it is called in a message, who opens it, its address, what is sent, the status."""

    name: str
    role: str
    path: str
    data: dict[str, Any] | None
    status: int
    htmx: bool = False


def furnish(plan: Plan, people: dict[str, User]) -> dict[str, Measure]:
    """A plan in which every part of every page has something to show."""
    late = make_measure(
        plan,
        "ล่าช้า",
        divisions=2,
        due_on=date(2023, 1, 15),
        status="in_progress",
        status_reason="เหตุผล",
        result="ผล",
        obstacle="ปัญหา",
        reported_by=people["staff"],
        reported_at=timezone.now(),
    )
    first = late.steps.order_by("position")[0]
    first.done_on = date(2023, 1, 5)
    first.save()
    Step.objects.create(measure=late, parent=first, position=3, text="ขั้นย่อย")
    late.result = "ผลใหม่"
    late.save()
    make_evidence_file(late, step=first, added_by=people["staff"], public=True)
    make_evidence_file(late)
    hidden, _ = (make_evidence_file(late, public=True, in_edition=True) for _ in range(2))
    edition = make_edition(Round.objects.select_related("plan__agency").get(plan=plan, months=12))
    make_scan(edition)
    ScanPublication.objects.create(scan=make_scan(edition), published_at=timezone.now())
    make_papers(edition, people["officer"])
    # The edition names it as public, so that its round has something to correct.
    hide(hidden, people["officer"], "ผิดไฟล์")
    SavedFilter.objects.create(person=people["officer"], agency=plan.agency, name="ล่าช้า", status="late")
    before = open_year(plan.agency, YEAR - 1)
    done = make_measure(before, "ปีก่อน", status="done")
    for public in (True, False):
        make_evidence_file(done, public=public)
    done.evidence.update(effective_on=date(2022, 1, 31))
    whole_year = before.rounds.select_related("plan__agency").get(months=12)
    old, new = (make_edition(whole_year, revision=revision) for revision in (1, 2))
    EditionWithdrawal.objects.create(edition=old, replaced_by=new)
    submit(before.rounds.select_related("plan__agency").get(months=6), people["officer"])
    _furnish_people(people)
    give_app(people["executive"])
    remembered(plan.agency, people)
    # One that nobody has begun, and one that is over.
    open_year(plan.agency, YEAR - 2)
    over = open_year(plan.agency, YEAR - 3)
    make_measure(over, "ปีที่ปิดแล้ว", divisions=2)
    over.closed_at = timezone.now()
    over.save()
    returned = NewComment("ขาดผล @staff", returns=True)
    write_comment(late, people["officer"], returned, list(people.values()))
    write_comment(late, people["executive"], NewComment("โปรดเร่งรัด"), [])
    apply(take_in(plan, "แผน.tsv", IMPORTED, people["officer"]), people["officer"])
    apart = make_measure(plan, "แยกตามส่วนราชการ", indicator=5, divisions=2, by_division=True)
    one, other = apart.parts.order_by("division__position")
    save_part(one, 1, Progress("in_progress", "", "ผลของกอง", "ปัญหา"), people["staff"])
    mark_part_step(one, apart.steps.all()[0], True, people["staff"], date(2023, 1, 5))
    save_part(other, 1, Progress("cancelled", "เหตุผล", "", ""), people["other_staff"])
    return {
        "late": late,
        "apart": apart,
        "second": make_measure(plan, "รอ", position=2),
        "done": make_measure(plan, "เสร็จ", indicator=2, status="done", divisions=2),
        "cancelled": make_measure(plan, "ยกเลิก", indicator=3, status="cancelled", status_reason="x"),
        "bare": make_measure(plan, "เปล่า", indicator=4, steps=0, divisions=0, due_on=None),
    }


def _furnish_people(people: dict[str, User]) -> None:
    """Somebody who acts as approver, somebody out of use, news for an executive."""
    agency = people["officer"].agency
    assert agency is not None
    left = make_person("left", Role.STAFF, agency, agency.divisions.all()[0])
    set_active(left, active=False, by=people["officer"])
    today = timezone.localdate()
    name_acting(agency, people["other_staff"], today, today, "12/2566", people["executive"])
    tomorrow = today + timedelta(1)
    stand_in = make_person("stand_in", Role.STAFF, agency, agency.divisions.all()[0])
    name_acting(agency, stand_in, tomorrow, tomorrow, "13/2566", people["officer"])
    deputy = PersonFacts("รองนายก", "", "deputy@example.go.th", frozenset({Role.EXECUTIVE}), ())
    add_person(agency, "proposed", deputy, people["officer"])


def remembered(agency: Agency, people: dict[str, User]) -> None:
    """Something that waits for each role, a calendar, and reminders that ended in every way."""
    make_calendar_key(people["officer"])
    for number, state in enumerate(ReminderState.values, 1):
        ReminderSending.objects.create(
            agency=agency,
            person=people["staff"],
            channel="mail",
            kind="late",
            day=date(2023, 1, number),
            address="staff@here.example.go.th",
            subject="ITA: รอรายงาน 1 มาตรการ",
            text="เรียน",
            state=state,
            error="" if state == "sent" else "ติดต่อเซิร์ฟเวอร์อีเมลไม่ได้",
            noted_at=timezone.now(),
            sent_at=timezone.now() if state == "sent" else None,
        )


def visits(measures: dict[str, Measure]) -> Iterator[Visit]:
    """Every page and every state of it that looks different."""
    measure = reverse("measure", args=[measures["late"].pk])
    edit = reverse("edit_measure", args=[measures["late"].pk])
    add = reverse("add_measure", args=[YEAR])
    plan = reverse("plan", args=[YEAR])
    for role in ("staff", "officer", "executive", "overseer"):
        own = "?agency=here" if role == "overseer" else ""
        for name, path in (
            ("plan", plan),
            ("measure", measure),
            ("bare measure", reverse("measure", args=[measures["bare"].pk])),
            ("dashboard", reverse("dashboard")),
            ("reports", reverse("reports")),
            ("report", reverse("report", args=[YEAR, 6])),
            ("new year", reverse("no_plan")),
        ):
            yield Visit(name, role, path + own, None, 200)
        yield Visit(
            "measure of parts", role, reverse("measure", args=[measures["apart"].pk]) + own, None, 200
        )
    part = reverse("part", args=[measures["apart"].assigned_parts[0].pk])
    yield Visit("part", "officer", part, None, 200)
    yield Visit(
        "joined parts", "officer", f"{reverse('measure', args=[measures['apart'].pk])}?join=1", None, 200
    )
    yield Visit("refused part", "staff", part, {"status": "done", "version": "9"}, 422)
    yield Visit(
        "stale part", "staff", part, {"status": "in_progress", "status_reason": "x", "version": "77"}, 409
    )
    for name in ("open row of a part", "refused row of a part"):
        sent = None if name.startswith("open") else {"status": "cancelled"}
        yield Visit(name, "staff", f"{part}?in=list", sent, 422 if sent else 200, htmx=True)
    together = Part.objects.get_or_create(measure=measures["late"], division=measures["late"].parties[0])[0]
    former = reverse("part", args=[together.pk])
    yield Visit("part that is not in force", "staff", former, {"status": "in_progress", "version": "1"}, 409)
    yield Visit("work", "staff", reverse("work"), None, 200)
    yield Visit("empty work", "other_staff", f"{reverse('work')}?year={YEAR}", None, 200)
    for role in ("officer", "executive"):
        yield Visit("empty dashboard", role, f"{reverse('dashboard')}?year={YEAR - 2}", None, 200)
        yield Visit("dashboard of all divisions", role, f"{reverse('dashboard')}?divisions=all", None, 200)
        yield Visit("projector", role, f"{reverse('dashboard')}?view=screen", None, 200)
    for role in ("staff", "officer", "executive", "overseer", "admin"):
        yield Visit("reminders", role, reverse("reminders"), None, 200)
    yield Visit("refused group", "officer", reverse("line_group"), {"line_group": "x"}, 422)
    link = reverse("stop_reminders", args=[signing.dumps(measures["late"].reported_by_id, salt=STOP)])
    yield Visit("no more reminders?", "anonymous", link, None, 200)
    yield Visit("no more reminders", "anonymous", link, {}, 200)
    yield Visit("overview", "overseer", reverse("overview"), None, 200)
    yield Visit("empty overview", "overseer", f"{reverse('overview')}?text=x", None, 200)
    yield Visit("filtered plan", "staff", f"{plan}?status=late&text=x", None, 200)
    yield Visit("plan searched", "officer", f"{plan}?text=ขั้น", None, 200)
    yield Visit("nothing found", "executive", f"{plan}?text=zzz", None, 200)
    again = {"save-name": "ล่าช้า", "status": "late"}
    yield Visit("refused filter", "officer", reverse("keep_filter", args=[YEAR]), again, 422)
    yield Visit("plan filtered as kept", "officer", f"{plan}?status=late", None, 200)
    for role in ("officer", "executive"):
        yield Visit("approved report", role, f"{reverse('report', args=[YEAR, 12])}?changes=1", None, 200)
        yield Visit("submitted report", role, reverse("report", args=[YEAR - 1, 6]), None, 200)
        yield Visit("as published", role, f"{reverse('report', args=[YEAR - 1, 6])}?public=1", None, 200)
    yield Visit("report to correct", "officer", f"{reverse('report', args=[YEAR, 12])}?correct=1", None, 200)
    returned = f"{reverse('report', args=[YEAR - 1, 6])}?return=1"
    yield Visit("report to return", "executive", returned, None, 200)
    yield Visit("history of a round", "officer", reverse("round_history", args=[YEAR, 12]), None, 200)
    papers = reverse("papers", args=[YEAR, 12, 1])
    yield Visit("papers", "officer", papers, None, 200)
    yield Visit("papers not made yet", "officer", reverse("papers", args=[YEAR - 1, 12, 2]), None, 200)
    withdrawn = reverse("papers", args=[YEAR - 1, 12, 1])
    yield Visit("refused papers", "officer", withdrawn, {}, 409)
    templates = reverse("paper_templates")
    yield Visit("paper templates", "officer", templates, None, 200)
    yield Visit("refused template", "officer", templates, {"paper": "memo", "memo-version": "0"}, 422)
    back = {"paper": "form", "form-version": "7", "form-back": "1"}
    yield Visit("template changed meanwhile", "officer", templates, back, 409)
    yield Visit("filtered history", "officer", f"{measure}?who=x", None, 200)
    for name, path in (
        ("agencies", reverse("public")),
        ("agencies found", f"{reverse('public')}?text=here"),
        ("no agency found", f"{reverse('public')}?text=x"),
        ("published", reverse("public_agency", args=["here"])),
        ("published report", reverse("public_report", args=["here", YEAR, 12])),
        ("withdrawn edition", reverse("public_edition", args=["here", YEAR - 1, 12, 1])),
        ("data dictionary", reverse("data_dictionary")),
        ("log", reverse("public_log")),
        ("line of the log", reverse("public_log_line", args=[1])),
    ):
        yield Visit(name, "anonymous", path, None, 200)
    for name, slug in (("nothing published here", "here"), ("nobody", "nobody")):
        yield Visit(name, "anonymous", reverse("public_report", args=[slug, 2500, 6]), None, 404)
    for role in ("anonymous", "staff", "officer", "executive", "overseer"):
        yield Visit("manual", role, reverse("help"), None, 200)
    for role in ("staff", "officer", "executive", "overseer", "admin"):
        yield Visit(f"manual for {role}", "anonymous", reverse("help_part", args=[role]), None, 200)
    yield Visit("own manual", "staff", reverse("help_part", args=["staff"]), None, 200)
    gone = (YEAR - 1, 12, 1, "pdf")
    yield Visit("withdrawn file", "officer", reverse("edition", args=gone), None, 410)
    public_file = reverse("public_edition_download", args=["here", *gone])
    yield Visit("withdrawn public file", "anonymous", public_file, None, 410)
    yield Visit("no file to check", "anonymous", reverse("public_check"), {}, 422)
    for what, code, status in (
        ("no code", "x", 422),
        ("unknown code", "2222-2222", 404),
        ("checked code", "ABCD-2345", 200),
        ("code of another revision", "ABCD-2345-2", 200),
        ("code of a superseded edition", f"{YEAR - 1}-2345", 200),
    ):
        yield Visit(what, "anonymous", f"{reverse('public_check')}?code={code}", None, status)
    scan = reverse("attach_scan", args=[YEAR, 12])
    yield Visit("no scan", "officer", scan, {"revision": "1"}, 422)
    yield Visit("stale scan", "officer", scan, {"revision": "9"}, 409)
    gaps = reverse("submit_round", args=[YEAR, 6])
    yield Visit("refused submission", "officer", gaps, {}, 422)
    nothing = reverse("submit_round", args=[YEAR - 2, 6])
    yield Visit("nothing to submit", "officer", nothing, {}, 422)
    pending = Submission.objects.get(outcome=SubmissionOutcome.PENDING).pk
    approval = reverse("approve_round", args=[YEAR - 1, 6])
    yield Visit("asked before approving", "executive", approval, {"submission": pending}, 200)
    withdrawal = reverse("withdraw_round", args=[YEAR - 1, 6])
    yield Visit("refused withdrawal", "officer", withdrawal, {}, 409)
    closed = reverse("plan", args=[YEAR - 3])
    for role in ("staff", "officer", "executive"):
        yield Visit("closed plan", role, closed, None, 200)
    yield Visit("closed plan to edit", "officer", reverse("edit_plan", args=[YEAR - 3]), None, 200)
    yield Visit("closed plan not edited", "officer", reverse("add_measure", args=[YEAR - 3]), None, 403)
    yield Visit("closed year's import", "officer", f"{reverse('import_plan')}?year={YEAR - 3}", None, 200)
    yield Visit("closed year's work", "staff", f"{reverse('work')}?year={YEAR - 3}", None, 200)
    comments = reverse("add_comment", args=[measures["late"].pk])
    for role in ("staff", "officer"):
        yield Visit("refused comment", role, comments, {"comment-text": "\x07"}, 422)
    many = reverse("change_many", args=[YEAR])
    every = [measure.pk for measure in measures.values()]
    yield Visit("many", "officer", many, {"measure": every, "bulk-status": "in_progress"}, 200)
    yield Visit("refused many", "officer", many, {"measure": every}, 422)
    yield Visit("sheet", "staff", reverse("sheet", args=[YEAR]), None, 200)
    yield Visit("no sheet", "officer", reverse("sheet", args=[YEAR]), {}, 422)
    taken = take_in(measures["late"].plan, "", PASTED, None).pk
    applied = PlanImport.objects.get(applied_at__isnull=False).pk
    yield Visit("import to put back", "officer", reverse("import_undo", args=[applied]), None, 200)
    yield Visit("applied import", "officer", reverse("import_preview", args=[applied]), None, 200)
    yield Visit("nothing to import", "officer", reverse("import_plan"), {}, 422)
    for name, path in (
        ("import", reverse("import_plan")),
        ("import preview", reverse("import_preview", args=[taken])),
        ("import measure", reverse("import_measure", args=[taken, 0])),
        ("agency", reverse("agency")),
        ("edit plan", reverse("edit_plan", args=[YEAR])),
        ("add", add),
        ("edit", edit),
        ("delete", reverse("delete_measure", args=[measures["late"].pk])),
        ("divisions", reverse("divisions")),
        ("people", reverse("people")),
        ("add person", reverse("add_person")),
        ("acting", reverse("acting")),
        ("log of accounts", reverse("people_log")),
        ("first run: divisions", reverse("start_divisions")),
        ("first run: people", reverse("start_people")),
    ):
        yield Visit(name, "officer", path, None, 200)
    yield Visit("people", "executive", reverse("people"), None, 200)
    yield Visit("only officer", "stranger", reverse("people"), None, 200)
    yield Visit("empty log", "stranger", reverse("people_log"), None, 200)
    yield Visit("log of all agencies", "admin", reverse("people_log"), None, 200)
    yield Visit("no refused sign-in", "stranger", reverse("refused_sign_ins"), None, 200)
    now = timezone.now()
    for tried in (User.objects.get(username="staff"), None):
        SignInRefusal.objects.create(
            person=tried, kind=RefusalKind.PAIR, network="203.0.113.7", first_at=now, last_at=now
        )
    yield Visit("refused sign-ins", "officer", reverse("refused_sign_ins"), None, 200)
    yield Visit("refused sign-ins of all", "admin", reverse("refused_sign_ins"), None, 200)
    yield Visit("people of an agency", "admin", f"{reverse('people')}?agency=here", None, 200)
    one = User.objects.get(username="staff").pk
    for name in ("person", "person_password"):
        yield Visit(name, "officer", reverse(name, args=[one]), None, 200)
    approver = User.objects.get(username="executive").pk
    yield Visit("approver", "officer", reverse("person", args=[approver]), None, 200)
    proposed = User.objects.get(username="proposed").pk
    yield Visit("proposed executive", "executive", reverse("executive", args=[proposed]), None, 200)
    yield Visit("proposed executive's person", "admin", reverse("person", args=[proposed]), None, 200)
    waiting = ActingApprover.objects.get(confirmed_at__isnull=True).pk
    yield Visit("proposed acting", "executive", reverse("confirm_acting", args=[waiting]), None, 200)
    oneself = User.objects.get(username="officer").pk
    yield Visit("oneself", "officer", reverse("person", args=[oneself]), None, 200)
    yield Visit("last officer", "officer", reverse("person_active", args=[oneself]), {"active": "0"}, 422)
    yield Visit("refused person", "officer", reverse("add_person"), {"email": "x"}, 422)
    yield Visit("refused acting", "executive", reverse("acting"), {"ends_on": "x"}, 422)
    stale = {"full_name": "ก", "roles": "executive", "version": "x"}
    yield Visit("stale person", "officer", reverse("person", args=[one]), stale, 409)
    yield Visit("stale password", "officer", reverse("person_password", args=[one]), {}, 409)
    yield Visit("sign-in", "anonymous", reverse("login"), None, 200)
    yield Visit("wrong sign-in", "anonymous", reverse("login"), {"username": "x", "password": "y"}, 200)
    over = reverse("set_password", args=["MQ", "x"])
    yield Visit("link that is over", "anonymous", over, None, 410)
    yield Visit("own account", "officer", reverse("account"), None, 200)
    yield Visit("own sessions", "officer", reverse("sessions"), None, 200)
    yield Visit("what is kept of me", "officer", reverse("kept"), None, 200)
    refused = {"full_name": "\x07", "email": "x"}
    yield Visit("refused own account", "officer", reverse("account"), refused, 422)
    for name, path, refused in (
        ("own password", reverse("account_change_password"), {"old_password": "x", "password1": "a"}),
        ("password again", reverse("account_reauthenticate"), {"password": "x"}),
    ):
        yield Visit(name, "officer", path, None, 200)
        yield Visit(f"refused {name}", "officer", path, refused, 422)
    for role in ("officer", "executive"):
        yield Visit("second factors", role, reverse("mfa_index"), None, 200)
    rows = {
        f"{prefix}-{kind}_FORMS": str(number)
        for prefix, number in (("parties", 2), ("steps", 2), ("divisions", 2))
        for kind, number in (("TOTAL", number), ("INITIAL", 0))
    }
    yield Visit("refused report", "staff", measure, {"status": "done", "result": "\x07", "version": "2"}, 422)
    stale = {"status": "in_progress", "status_reason": "x", "version": "77"}
    yield Visit("stale report", "staff", measure, stale, 409)
    evidence = reverse("add_evidence", args=[measures["late"].pk])
    for htmx in (False, True):
        yield Visit("refused evidence", "staff", evidence, {"evidence-title": "\x07"}, 422, htmx=htmx)
        shown = measures["late"].evidence.filter(public=True, in_edition=True)[0]
        hiding = reverse("publish_evidence", args=[shown.pk])
        yield Visit("refused hiding", "staff", hiding, {"public": "0", "reason": "\x07"}, 422, htmx=htmx)
    reused = reverse("reuse_evidence", args=[measures["late"].evidence.all()[0].pk])
    yield Visit("evidence for other measures", "officer", reused, None, 200)
    yield Visit("refused reuse", "officer", reused, {}, 422)
    yield Visit("refused measure", "officer", add, rows | {"steps-0-text": "\x07", "first_step": "0"}, 422)
    arrange = {"arrange": "steps:add:0", "steps-0-text": "ก", "steps-1-level": "2"}
    yield Visit("arranged measure", "officer", add, rows | arrange, 200)
    indicator = str(measures["late"].indicator_id)
    stale = {"version": "77", "indicator": indicator, "title": "ก", "first_step": "1", "steps-0-text": "ก"}
    yield Visit("stale measure", "officer", edit, rows | stale, 409)
    names = {"divisions-0-name": "ก", "divisions-1-name": "ก"}
    yield Visit("refused divisions", "officer", reverse("divisions"), rows | names, 422)
    names = {"divisions-0-name": "ก", "divisions-1-name": "ข", "version": "x"}
    yield Visit("stale divisions", "officer", reverse("divisions"), rows | names, 409)
    yield Visit("refused agency", "officer", reverse("agency"), {"name": "\x07"}, 422)
    yield Visit(
        "stale agency",
        "officer",
        reverse("agency"),
        {"name": "ก", "short_name": "ก", "report_text_size": "16", "state": "x"},
        409,
    )
    yield Visit("refused first divisions", "officer", reverse("start_divisions"), {"others": ""}, 422)
    row = {"people-TOTAL_FORMS": "1", "people-INITIAL_FORMS": "0", "people-0-post": "ก"}
    yield Visit("refused first people", "officer", reverse("start_people"), row, 422)
    row = row | {"people-0-full_name": "คนใหม่", "people-0-role": "executive"}
    yield Visit("one-time passwords", "officer", reverse("start_people"), row, 200)
    yield Visit("first run: plan", "stranger", reverse("start_plan"), None, 200)
    yield Visit("refused first plan", "stranger", reverse("start_plan"), {"way": "import"}, 422)
    yield Visit("site", "admin", reverse("site_admin"), None, 200)
    yield Visit("nothing found on the site", "admin", f"{reverse('site_admin')}?text=zzz", None, 200)
    yield Visit("new agency", "admin", reverse("start_agency"), None, 200)
    yield Visit("refused new agency", "admin", reverse("start_agency"), {"name": "\x07"}, 422)
    yield Visit("districts", "officer", f"{reverse('districts')}?province=เลย", None, 200, htmx=True)
    yield Visit("refused year", "officer", reverse("no_plan"), {"year": "x"}, 422)
    yield Visit("not found", "officer", "/nothing/", None, 404)
    yield Visit("forbidden", "executive", reverse("edit_plan", args=[YEAR]), None, 403)
    for name, path in (
        ("table", plan),
        ("part of the measure", measure),
        ("open row", f"{measure}?in=list"),
        ("closed row", f"{measure}?in=list&close=1"),
    ):
        yield Visit(name, "staff", path, None, 200, htmx=True)
    yield Visit("refused row", "staff", f"{measure}?in=list", {"status": "cancelled"}, 422, htmx=True)
    tick = reverse("tick_step", args=[measures["late"].steps.order_by("position")[1].pk])
    yield Visit("tick", "staff", tick, {"done": "1"}, 200, htmx=True)
    agency = measures["late"].plan.agency
    lease = timezone.now() + timedelta(minutes=1)
    under_way = {"state": "running", "ended_at": None, "lease_until": lease, "started_at": timezone.now()}
    failed = {"state": "failed", "error": "ระบบทำงานนี้ไม่สำเร็จ"}
    for stage, more in (("job", {}), ("job under way", {**under_way, "done": 2}), ("failed job", failed)):
        shown_job = make_job(agency, subject=stage, title=f"นำเข้าแผน {stage}", result_address=plan, **more)
        yield Visit(stage, "officer", reverse("job", args=[shown_job.pk]), None, 200)
    bundle_page = reverse("bundle", args=[YEAR])
    of_plan = {"kind": "bundle", "arguments": {"plan": measures["late"].plan_id}}
    bundled = make_job(agency, **of_plan, subject=str(measures["late"].plan_id), title="ไฟล์หลักฐานทั้งปี")
    make_job_file(bundled)
    yield Visit("bundle", "officer", bundle_page, None, 200)
    yield Visit("job with file", "staff", reverse("job", args=[bundled.pk]), None, 200)
    without = make_job(agency, **of_plan, subject="gone", title="ไฟล์หลักฐานทั้งปี")
    yield Visit("file gone", "staff", reverse("job_file", args=[without.pk]), None, 410)
    waits = {
        "state": "waiting",
        "ended_at": None,
        "done": 0,
        "asked_by": User.objects.get(username="officer"),
    }
    for number in range(MAX_JOBS):
        make_job(agency, **{**of_plan, **waits}, subject=f"waits {number}", title="ไฟล์หลักฐานทั้งปี")
    yield Visit("too many jobs", "officer", bundle_page, {}, 429)
    unread = keep(measures["late"].plan, "แผนใหญ่.csv", b"," * (LARGE + 1), None).pk
    yield Visit("unread import", "officer", reverse("import_preview", args=[unread]), None, 200)
    ended = make_job(agency, subject="over")
    yield Visit("job not cancelled", "officer", reverse("cancel_job", args=[ended.pk]), {}, 409)
    yield Visit("no files to make", "officer", reverse("edition_files", args=[YEAR, 6]), {}, 409)
    put_back = reverse("put_back", args=[measures["late"].pk])
    for htmx in (False, True):
        yield Visit("nothing to put back", "staff", put_back, {"save": "x"}, 409, htmx=htmx)


# So that a page cannot fall out of the sweep unnoticed.
PAGES: Final = 224


# States made of templates that other pages show as well. The browser sees them by `make usability`, and not
# each time the suite runs; that no template goes unseen is asked in tests/ita_tracker/test_page_habits.py.
LIKE_ANOTHER: Final = frozenset(
    {
        *("new year", "empty work", "closed year's work", "dashboard of all divisions"),
        *("empty overview", "own manual", "filtered plan", "plan filtered as kept", "closed plan"),
        *("nothing found", "refused filter", "filtered history", "as published", "report to correct"),
        *("report to return", "refused submission", "agencies found", "no agency found"),
        *("withdrawn edition", "nobody", "no file to check", "unknown code"),
        *("code of another revision", "code of a superseded edition", "no scan", "stale scan"),
        *("refused many", "no sheet", "import", "add", "arranged measure", "refused measure"),
        *("stale measure", "closed plan not edited", "bare measure"),
        *("part that is not in force", "stale report", "refused evidence"),
        *("refused hiding", "nothing to put back", "refused papers", "papers not made yet"),
        *("refused template", "template changed meanwhile", "wrong sign-in", "refused divisions"),
        *("stale divisions", "refused first divisions", "refused first people", "refused first plan"),
        *("refused new agency", "refused agency", "stale agency", "nothing found on the site"),
        *("people of an agency", "refused person", "stale person", "oneself", "last officer"),
        *("refused acting", "stale password", "refused own password", "refused own account"),
        *("refused password again", "log of all agencies", "empty log", "no refused sign-in"),
        *("refused sign-ins of all", "failed job", "refused reuse"),
    }
)


def every(_: Visit) -> bool:
    """For who leaves out no page."""
    return True


def seen(
    sign_in: SignIn, measures: dict[str, Measure], wanted: Callable[[Visit], bool] = every
) -> Iterator[tuple[Visit, Any]]:
    """Each page that is wanted with its answer, whose status is checked; who only looks stores nothing."""
    clients: dict[str, Client] = {}
    for visit in filter(wanted, visits(measures)):
        # Once a role: of one person only so many sessions are kept.
        if visit.role not in clients:
            clients[visit.role] = sign_in(visit.role)
        client = clients[visit.role]
        headers = {"HX-Request": "true"} if visit.htmx else {}
        with writes_noted() as noted:
            if visit.data is None:
                response = client.get(visit.path, headers=headers)
            else:
                response = client.post(visit.path, visit.data, headers=headers)
        assert response.status_code == visit.status, visit
        assert visit.data is not None or noted == [], visit
        yield visit, response
