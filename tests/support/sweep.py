"""Every page of the site as its people see it, for the tests that hold for all pages."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from measures.evidence.hiding import hide
from measures.models import Measure, Plan, SavedFilter, Step
from measures.plan_import.services import take_in
from reports.models import EditionWithdrawal, Round
from reports.new_year.services import open_year
from reports.rounds.services import submit
from tests.conftest import SignIn
from tests.support.factories import YEAR, make_edition, make_evidence_file, make_job, make_measure

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
    make_edition(Round.objects.select_related("plan__agency").get(plan=plan, months=12))
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
    # One that nobody has begun.
    open_year(plan.agency, YEAR - 2)
    return {
        "late": late,
        "second": make_measure(plan, "รอ", position=2),
        "done": make_measure(plan, "เสร็จ", indicator=2, status="done", divisions=2),
        "cancelled": make_measure(plan, "ยกเลิก", indicator=3, status="cancelled", status_reason="x"),
        "bare": make_measure(plan, "เปล่า", indicator=4, steps=0, divisions=0, due_on=None),
    }


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
    yield Visit("work", "staff", reverse("work"), None, 200)
    yield Visit("empty work", "other_staff", f"{reverse('work')}?year={YEAR}", None, 200)
    for role in ("officer", "executive"):
        yield Visit("empty dashboard", role, f"{reverse('dashboard')}?year={YEAR - 2}", None, 200)
        yield Visit("dashboard of all divisions", role, f"{reverse('dashboard')}?divisions=all", None, 200)
        yield Visit("projector", role, f"{reverse('dashboard')}?view=screen", None, 200)
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
    yield Visit("filtered history", "officer", f"{measure}?who=x", None, 200)
    for name, path in (
        ("agencies", reverse("public")),
        ("agencies found", f"{reverse('public')}?text=here"),
        ("no agency found", f"{reverse('public')}?text=x"),
        ("published", reverse("public_agency", args=["here"])),
        ("published report", reverse("public_report", args=["here", YEAR, 12])),
        ("withdrawn edition", reverse("public_edition", args=["here", YEAR - 1, 12, 1])),
        ("data dictionary", reverse("data_dictionary")),
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
    yield Visit("no file", "anonymous", reverse("public_report", args=["here", YEAR, 12]), {}, 422)
    gaps = reverse("submit_round", args=[YEAR, 6])
    yield Visit("refused submission", "officer", gaps, {}, 422)
    many = reverse("change_many", args=[YEAR])
    every = [measure.pk for measure in measures.values()]
    yield Visit("many", "officer", many, {"measure": every, "bulk-status": "in_progress"}, 200)
    yield Visit("refused many", "officer", many, {"measure": every}, 422)
    yield Visit("sheet", "staff", reverse("sheet", args=[YEAR]), None, 200)
    yield Visit("no sheet", "officer", reverse("sheet", args=[YEAR]), {}, 422)
    taken = take_in(measures["late"].plan, "", PASTED, None).pk
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
    ):
        yield Visit(name, "officer", path, None, 200)
    yield Visit("sign-in", "anonymous", reverse("login"), None, 200)
    yield Visit("wrong sign-in", "anonymous", reverse("login"), {"username": "x", "password": "y"}, 200)
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
    for name, more in (("job", {}), ("job under way", {**under_way, "done": 2}), ("failed job", failed)):
        job = make_job(agency, subject=name, title=f"นำเข้าแผน {name}", result_address=plan, **more)
        yield Visit(name, "officer", reverse("job", args=[job.pk]), None, 200)
    over = make_job(agency, subject="over")
    yield Visit("job not cancelled", "officer", reverse("cancel_job", args=[over.pk]), {}, 409)
    yield Visit("no files to make", "officer", reverse("edition_files", args=[YEAR, 6]), {}, 409)
    put_back = reverse("put_back", args=[measures["late"].pk])
    for htmx in (False, True):
        yield Visit("nothing to put back", "staff", put_back, {"save": "x"}, 409, htmx=htmx)


# So that a page cannot fall out of the sweep unnoticed.
PAGES: Final = 120


def seen(sign_in: SignIn, measures: dict[str, Measure]) -> Iterator[tuple[Visit, Any]]:
    """Each page with the response, whose status is checked."""
    clients: dict[str, Client] = {}
    for visit in visits(measures):
        client = clients.setdefault(visit.role, sign_in(visit.role))
        headers = {"HX-Request": "true"} if visit.htmx else {}
        if visit.data is None:
            response = client.get(visit.path, headers=headers)
        else:
            response = client.post(visit.path, visit.data, headers=headers)
        assert response.status_code == visit.status, visit
        yield visit, response
