"""What speaks of the progress of a measure speaks of the division's part: lists, files, history, reports."""

import io
import json
import re
from datetime import date, timedelta
from typing import Any, Final

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from time_machine import TimeMachineFixture

from accounts.models import Division, User
from measures.models import Indicator, Measure, Part, Plan
from measures.parts.services import mark_part_step, save_joint, save_part
from measures.progress.services import Progress
from measures.rollover import clone_measures
from measures.work.selectors import work_of
from measures.workbook.services import HEADINGS, INSTRUCTIONS
from reports.dashboard.figures import Dashboard, dashboard
from reports.dashboard.selectors import measures_of_plan
from reports.document.builder import build_document, measures_of
from reports.models import Round
from reports.new_year.services import open_year
from reports.rounds.reminder import reminder
from reports.rounds.selectors import gaps_of, waiting_for
from tests.conftest import SignIn
from tests.support.factories import YEAR, make_edition, make_measure
from tests.support.html import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]

TODAY: Final = date(2023, 2, 1)
PAST: Final = date(2023, 1, 15)
DONE: Final = Progress("done", "", "เสร็จแล้ว", "")
LATE: Final = Progress("in_progress", "รอพัสดุ", "ทำไปครึ่งหนึ่ง", "")
HEAD: Final = len(INSTRUCTIONS) + 3
PLACES: Final = {name: place for place, name in enumerate(HEADINGS, 1)}


@pytest.fixture
def shared(plan: Plan) -> Measure:
    """A measure of two divisions, each with its own part, whose day has passed."""
    return make_measure(plan, "มาตรการร่วม", divisions=2, by_division=True, due_on=PAST)


def part_of(measure: Measure, position: int) -> Part:
    return Part.objects.get(measure=measure, division__position=position)


def division(plan: Plan, position: int) -> Division:
    return plan.agency.divisions.get(position=position)


def figures(plan: Plan) -> Dashboard:
    return dashboard(measures_of_plan(plan), Indicator.objects.all(), [], plan.year, TODAY)


# --- Whose is late -------------------------------------------------------------------------------------


def test_on_the_dashboard_a_division_is_late_by_its_own_part(
    plan: Plan, shared: Measure, people: dict[str, User]
) -> None:
    assert {entry.division.position: entry.tally.late for entry in figures(plan).divisions} == {1: 1, 2: 1}
    save_part(part_of(shared, 1), 1, DONE, people["staff"])
    found = figures(plan)
    assert {entry.division.position: entry.tally.late for entry in found.divisions} == {1: 0, 2: 1}
    assert {entry.division.position: entry.tally.done for entry in found.divisions} == {1: 1, 2: 0}
    assert found.most_late is not None
    assert found.most_late.divisions == [division(plan, 2)]
    (late,) = found.late
    assert (late.divisions, late.waits_for_officer) == ([division(plan, 2)], False)


def test_what_all_divisions_have_done_and_nobody_has_joined_is_nobody_s_but_the_officer_s(
    plan: Plan, shared: Measure, people: dict[str, User], sign_in: SignIn
) -> None:
    for position in (1, 2):
        save_part(part_of(shared, position), 1, DONE, people["officer"])
    (late,) = figures(plan).late
    assert (late.divisions, late.waits_for_officer) == ([], True)
    page = sign_in("executive").get(reverse("dashboard")).content.decode()
    assert "ทุกส่วนราชการเสร็จแล้ว รอรวมผล" in page


def test_nobody_waits_for_a_part_of_a_cancelled_measure(plan: Plan, people: dict[str, User]) -> None:
    measure = make_measure(plan, divisions=2, by_division=True, due_on=PAST)
    Measure.objects.update(status="cancelled", status_reason="ไม่มีงบประมาณ")
    assert part_of(measure, 1).status == "not_started"
    assert all(entry.tally.late == 0 for entry in figures(plan).divisions)


def test_the_latest_report_of_a_measure_may_be_of_a_part(
    plan: Plan, shared: Measure, people: dict[str, User]
) -> None:
    save_part(part_of(shared, 2), 1, LATE, people["other_staff"])
    assert figures(plan).lately_reported == [part_of(shared, 2)]


def test_the_work_of_a_division_goes_by_its_own_part(
    plan: Plan, shared: Measure, people: dict[str, User], sign_in: SignIn
) -> None:
    save_part(part_of(shared, 1), 1, DONE, people["staff"], finish_steps_on=TODAY)
    own = work_of([division(plan, 1)], plan, TODAY)
    assert [(task.report, task.steps_done) for task in own.finished] == [(part_of(shared, 1), 2)]
    theirs = work_of([division(plan, 2)], plan, TODAY)
    assert [(task.report, task.days_over, task.steps_done) for task in theirs.overdue] == [
        (part_of(shared, 2), 17, 0)
    ]
    page = read(sign_in("other_staff").get(reverse("work")))
    assert page.one("a", **{"class": "task-link"})["href"] == reverse("part", args=[part_of(shared, 2).pk])


def test_a_person_of_two_divisions_has_a_task_for_each_part(
    plan: Plan, shared: Measure, people: dict[str, User], sign_in: SignIn
) -> None:
    people["staff"].divisions.set(plan.agency.divisions.all())
    page = read(sign_in("staff").get(reverse("work")))
    assert [told.text for told in page.all("p", **{"class": "task-part"})] == [
        "ส่วนของกองที่ 1",
        "ส่วนของกองที่ 2",
    ]


def test_only_divisions_that_have_not_reported_their_part_are_reminded(
    plan: Plan, shared: Measure, people: dict[str, User]
) -> None:
    save_part(part_of(shared, 1), 1, LATE, people["staff"])
    round_ = Round.objects.select_related("plan__agency").get(plan=plan, months=6)
    waiting = waiting_for(round_, measures_of(round_))
    assert [found.division for found in waiting] == [division(plan, 2)]
    assert "กองที่ 1" not in reminder(round_, waiting)


def test_a_round_says_that_parts_wait_to_be_joined(
    plan: Plan, shared: Measure, people: dict[str, User]
) -> None:
    round_ = Round.objects.select_related("plan__agency").get(plan=plan, months=6)
    assert [gap.missing for gap in gaps_of(round_, measures_of(round_))] == ["ยังไม่มีการรายงานสถานะ"]
    save_part(part_of(shared, 1), 1, LATE, people["staff"])
    assert [gap.missing for gap in gaps_of(round_, measures_of(round_))] == [
        "ส่วนราชการรายงานแล้ว แต่ยังไม่ได้รวมผล"
    ]


# --- The plan list -------------------------------------------------------------------------------------


def listed(client: Client, query: str) -> list[str]:
    page = read(client.get(f"{reverse('plan', args=[YEAR])}?{query}"))
    return [link.text for link in page.all("a", **{"class": "list-link"})]


def test_filtered_by_division_the_list_goes_by_that_division_s_part(
    plan: Plan, shared: Measure, people: dict[str, User], sign_in: SignIn
) -> None:
    save_part(part_of(shared, 1), 1, DONE, people["staff"])
    officer = sign_in("officer")
    first, second = division(plan, 1).pk, division(plan, 2).pk
    assert listed(officer, f"division={first}&status=late") == []
    assert listed(officer, f"division={first}&status=done") == ["มาตรการร่วม"]
    assert listed(officer, f"division={second}&status=late") == ["มาตรการร่วม"]
    assert listed(officer, "status=late") == ["มาตรการร่วม"]
    page = read(officer.get(f"{reverse('plan', args=[YEAR])}?division={second}"))
    assert "ส่วนของกองที่ 2" in page.one("td", **{"class": "list-status"}).text
    assert "เสร็จ 1/2 ส่วนราชการ" in read(officer.get(reverse("plan", args=[YEAR]))).text


def test_what_a_division_wrote_is_found(shared: Measure, people: dict[str, User], sign_in: SignIn) -> None:
    save_part(part_of(shared, 1), 1, LATE, people["staff"])
    page = read(sign_in("executive").get(f"{reverse('plan', args=[YEAR])}?text=ครึ่งหนึ่ง"))
    assert "ผลการดำเนินงาน (กองที่ 1)" in page.one("p", **{"class": "found"}).text


def test_staff_report_on_their_part_from_the_list(shared: Measure, sign_in: SignIn) -> None:
    staff, htmx = sign_in("staff"), {"HX-Request": "true"}
    row = read(staff.get(f"{reverse('measure', args=[shared.pk])}?in=list", headers=htmx))
    own = reverse("part", args=[part_of(shared, 1).pk])
    assert row.one("form", **{"class": "progress-form"})["action"] == own
    sent = {"version": "1", "status": "in_progress", "status_reason": "รอ", "result": "จากรายการ"}
    assert staff.post(f"{own}?in=list", sent, headers=htmx).status_code == 200
    assert part_of(shared, 1).result == "จากรายการ"


def test_first_screens_ask_no_more_for_more_parts(
    plan: Plan, shared: Measure, people: dict[str, User], sign_in: SignIn
) -> None:
    def asked() -> dict[str, int]:
        counts = {}
        for person, path in (
            ("staff", reverse("work")),
            ("officer", reverse("dashboard")),
            ("executive", reverse("dashboard")),
            ("officer", reverse("plan", args=[YEAR])),
        ):
            client = clients[person]
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            counts[f"{person} {path}"] = len(queries)
        return counts

    clients = {person: sign_in(person) for person in ("staff", "officer", "executive")}
    save_part(part_of(shared, 1), 1, LATE, people["staff"])
    before = asked()
    for place in range(2, 30):
        more = make_measure(plan, f"ที่ {place}", position=place, divisions=2, by_division=True)
        save_part(part_of(more, 1), 1, DONE, people["staff"])
    assert asked() == before
    assert max(before.values()) <= 12, before


# --- Many at once --------------------------------------------------------------------------------------


CHANGE: Final = reverse("change_many", args=[YEAR])


def change(client: Client, measure: Measure, **fields: str) -> Any:
    """Ask for a change of many, and confirm what is said to change."""
    data = {f"bulk-{name}": value for name, value in fields.items()}
    page = client.post(CHANGE, {**data, "measure": [measure.pk]})
    seen = re.findall(r'name="seen" value="([0-9.]+)"', page.content.decode())
    return client.post(CHANGE, {**data, "seen": seen}) if seen else page


def test_staff_change_their_own_part_with_many(shared: Measure, sign_in: SignIn) -> None:
    sent = {"status": "in_progress", "status_reason": "รอพัสดุ"}
    assert change(sign_in("staff"), shared, **sent).status_code == 302
    shared.refresh_from_db()
    statuses = [part_of(shared, 1).status, part_of(shared, 2).status, shared.status]
    assert statuses == ["in_progress", "not_started", "not_started"]


@pytest.mark.parametrize(
    ("target", "expected"),
    [("", ["not_started", "not_started", "in_progress"]), ("parts", ["in_progress"] * 2 + ["not_started"])],
)
def test_the_officer_chooses_between_the_measure_and_its_parts(
    shared: Measure, sign_in: SignIn, target: str, expected: list[str]
) -> None:
    sent = {"status": "in_progress", "status_reason": "รอพัสดุ", "target": target, "due_on": "20/1/2566"}
    assert change(sign_in("officer"), shared, **sent).status_code == 302
    shared.refresh_from_db()
    assert [part_of(shared, 1).status, part_of(shared, 2).status, shared.status] == expected
    assert shared.due_on == date(2023, 1, 20)


def test_a_change_of_many_is_refused_once_the_measure_is_reported_together(
    shared: Measure, sign_in: SignIn
) -> None:
    staff = sign_in("staff")
    data = {"bulk-status": "in_progress", "bulk-status_reason": "รอ"}
    page = staff.post(CHANGE, {**data, "measure": [shared.pk]}).content.decode()
    seen = re.findall(r'name="seen" value="([0-9.]+)"', page)
    Measure.objects.update(by_division=False)
    assert staff.post(CHANGE, {**data, "seen": seen}).status_code == 409
    assert part_of(shared, 1).status == "not_started"


# --- The workbook --------------------------------------------------------------------------------------


SHEET: Final = reverse("sheet", args=[YEAR])


def book_of(client: Client, query: str = "") -> Any:
    response = client.get(reverse("plan_workbook", args=[YEAR]) + query)
    return openpyxl.load_workbook(io.BytesIO(response.content))


def bring_back(client: Client, book: Any) -> Any:
    file = io.BytesIO()
    book.save(file)
    return client.post(SHEET, {"file": SimpleUploadedFile("x.xlsx", file.getvalue())})


def confirm(client: Client, response: Any) -> Any:
    rows = [field["value"] for field in read(response).all("input", name="row")]
    return client.post(SHEET, {"row": rows})


def test_a_division_fills_in_its_own_part(plan: Plan, shared: Measure, sign_in: SignIn) -> None:
    staff = sign_in("staff")
    book = book_of(staff, f"?division={division(plan, 1).pk}")
    sheet = book.worksheets[0]
    assert [sheet.cell(row, PLACES["division"]).value for row in (HEAD + 1, HEAD + 2)] == ["กองที่ 1", None]
    sheet.cell(HEAD + 1, PLACES["status"]).value = "อยู่ระหว่างดำเนินการ"
    sheet.cell(HEAD + 1, PLACES["status_reason"]).value = "รอพัสดุ"
    sheet.cell(HEAD + 1, PLACES["result"]).value = "กรอกใน Excel"
    assert confirm(staff, bring_back(staff, book)).status_code == 302
    shared.refresh_from_db()
    assert (part_of(shared, 1).result, part_of(shared, 2).result, shared.result) == ("กรอกใน Excel", "", "")


def test_staff_fill_in_neither_the_whole_nor_the_part_of_others(shared: Measure, sign_in: SignIn) -> None:
    book = book_of(sign_in("officer"))
    sheet = book.worksheets[0]
    rows = range(HEAD + 1, HEAD + 4)
    assert [sheet.cell(row, PLACES["division"]).value or "" for row in rows] == ["", "กองที่ 1", "กองที่ 2"]
    for row in (HEAD + 1, HEAD + 3):
        sheet.cell(row, PLACES["obstacle"]).value = "ไม่ใช่ของเรา"
    page = bring_back(sign_in("staff"), book)
    assert len(read(page).all("strong", "will-not")) == 3
    assert "คุณรายงานผลของมาตรการนี้ไม่ได้" in page.content.decode()


def test_a_workbook_from_before_is_refused_in_words(shared: Measure, sign_in: SignIn) -> None:
    officer = sign_in("officer")
    book = book_of(officer)
    book.worksheets[0].delete_cols(PLACES["division"])
    page = bring_back(officer, book)
    assert "แต่ไฟล์นี้ดาวน์โหลดไว้ก่อนหน้า" in page.content.decode()
    assert not read(page).all("input", name="row")


def test_a_workbook_of_parts_is_refused_in_words_once_all_report_together(
    shared: Measure, sign_in: SignIn
) -> None:
    officer = sign_in("officer")
    book = book_of(officer)
    Measure.objects.update(by_division=False)
    assert "มาตรการนี้รายงานร่วมกันแล้ว" in bring_back(officer, book).content.decode()


# --- The history ---------------------------------------------------------------------------------------


def test_the_history_tells_whose_part_was_changed(
    shared: Measure, people: dict[str, User], sign_in: SignIn
) -> None:
    part = part_of(shared, 1)
    own = reverse("part", args=[part.pk])
    staff = sign_in("staff")
    step = shared.steps.order_by("position")[0]
    staff.post(f"{reverse('tick_step', args=[step.pk])}?part={part.pk}", {"done": "1"})
    sent = {"version": "2", "status": "in_progress", "status_reason": "รอพัสดุ", "result": "ประชุมแล้ว"}
    assert staff.post(own, sent).status_code == 302
    page = read(sign_in("officer").get(reverse("measure", args=[shared.pk])))
    told = page.one(id="history").text
    assert "ผลการดำเนินงาน (กองที่ 1)" in told
    assert "ขั้นตอน “ขั้นที่ 1” (กองที่ 1)" in told


def test_the_officer_puts_a_joining_back_and_no_step(
    shared: Measure, people: dict[str, User], sign_in: SignIn, time_machine: TimeMachineFixture
) -> None:
    step = shared.steps.order_by("position")[0]
    for position in (1, 2):
        mark_part_step(part_of(shared, position), step, True, people["officer"], TODAY)
    time_machine.move_to(timezone.now() + timedelta(hours=1), tick=False)
    save_joint(shared, 1, LATE, people["officer"], {})
    officer = sign_in("officer")
    page = read(officer.get(reverse("measure", args=[shared.pk])))
    (button,) = page.one(id="history").all("button", name="save")
    response = officer.post(reverse("put_back", args=[shared.pk]), {"save": button["value"]})
    assert response.status_code == 302
    shared.refresh_from_db()
    assert (shared.status, shared.result) == ("not_started", "")
    assert shared.steps.filter(done_on=TODAY).count() == 1


# --- The report ----------------------------------------------------------------------------------------


def test_the_report_has_the_parts_beside_the_officer_s_words(
    plan: Plan, shared: Measure, people: dict[str, User]
) -> None:
    together = make_measure(plan, "ร่วมกัน", position=2, divisions=2)
    save_part(part_of(shared, 1), 1, LATE, people["staff"])
    save_joint(shared, 1, Progress("in_progress", "รอ", "สรุป", ""), people["officer"], {})
    row, other = build_document(Round.objects.get(plan=plan, months=6)).measures
    assert (row.result, row.status) == ("สรุป", "in_progress")
    assert [(part.division, part.status, part.late, part.result) for part in row.parts] == [
        ("กองที่ 1", "in_progress", True, "ทำไปครึ่งหนึ่ง"),
        ("กองที่ 2", "not_started", True, ""),
    ]
    assert (other.id, other.parts) == (together.pk, ())


def test_the_public_page_has_the_result_of_each_division(
    plan: Plan, shared: Measure, people: dict[str, User], client: Client
) -> None:
    save_part(part_of(shared, 1), 1, LATE, people["staff"])
    edition = make_edition(Round.objects.select_related("plan__agency").get(plan=plan, months=6))
    page = read(client.get(reverse("public_report", args=["here", YEAR, 6])))
    assert "ทำไปครึ่งหนึ่ง" in page.one("dl", **{"class": "public-parts"}).text
    (row,) = (row for row in json.loads(edition.document)["indicators"][0]["measures"])
    assert [part["division"] for part in row["parts"]] == ["กองที่ 1", "กองที่ 2"]


# --- The next year -------------------------------------------------------------------------------------


def test_what_several_divisions_do_is_reported_by_division_in_the_next_year(
    plan: Plan, people: dict[str, User]
) -> None:
    make_measure(plan, "ร่วม", divisions=2, status="done", result="เสร็จ")
    make_measure(plan, "เดี่ยว", position=2)
    later = open_year(plan.agency, YEAR + 1)
    clone_measures(plan, later)
    found = {measure.title: measure for measure in later.measures.all()}
    assert {title: measure.by_division for title, measure in found.items()} == {"ร่วม": True, "เดี่ยว": False}
    assert list(found["ร่วม"].parts.values_list("status", "result")) == [("not_started", "")] * 2
