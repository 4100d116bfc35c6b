"""A person reports on a measure: status, result, steps; two people at once; text that no report can show."""

from datetime import UTC, date, datetime
from itertools import product
from typing import Any, Final

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from time_machine import TimeMachineFixture

import measures.measure_page.views
from accounts.models import User
from measures import access
from measures.models import LONG_TEXT, Measure, Plan, Responsibility, Step
from measures.progress.forms import ProgressForm
from measures.status import Status
from reports.new_year.services import open_year
from tests.conftest import SignIn
from tests.support.factories import OFFICE, YEAR, make_measure
from tests.support.html import Element, read
from tests.support.thorough import THOROUGH

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]

TODAY: Final = date(2023, 2, 1)
HTMX: Final = {"HX-Request": "true"}


@pytest.fixture
def staff(sign_in: SignIn) -> Client:
    return sign_in("staff")


def page_of(measure: Measure) -> str:
    return reverse("measure", args=[measure.pk])


def row_of(measure: Measure) -> str:
    """The address of the form in a row of the plan list."""
    return f"{page_of(measure)}?in=list"


def filled(measure: Measure, **changes: Any) -> dict[str, Any]:
    """The report form as the page shows it for the stored measure, with some fields typed over."""
    fields = ("version", "status", "status_reason", "result", "obstacle")
    return {name: getattr(measure, name) for name in fields} | changes


def finish_steps(measure: Measure) -> None:
    measure.steps.update(done_on=TODAY)


def message_at(page: Element, field: str) -> str:
    """The error that stands at a field; the field has to point to it for a screen reader."""
    control = page.one(id=f"id_{field}")
    assert f"id_{field}_error" in control["aria-describedby"].split()
    assert control.tag == "fieldset" or control["aria-invalid"] == "true"
    return page.one(id=f"id_{field}_error").text


# --- A report ------------------------------------------------------------------------------------------


def test_a_report_is_stored_with_who_and_when(
    staff: Client, people: dict[str, User], measure: Measure
) -> None:
    typed = filled(
        measure,
        status="in_progress",
        result="ประชุมคณะทำงานแล้ว\r\nจัดทำร่างแล้ว",
        obstacle="ยังไม่มีงบประมาณ",
        status_reason="รอสภา",
    )
    response = staff.post(page_of(measure), typed)
    assert response.status_code == 302
    assert response["Location"] == page_of(measure)
    measure.refresh_from_db()
    assert measure.status == Status.IN_PROGRESS
    assert measure.result == "ประชุมคณะทำงานแล้ว\nจัดทำร่างแล้ว"
    assert measure.obstacle == "ยังไม่มีงบประมาณ"
    assert measure.status_reason == "รอสภา"
    assert measure.reported_by == people["staff"]
    assert measure.reported_at == datetime(2023, 2, 1, 3, 0, tzinfo=UTC)
    assert measure.version == 2


def test_the_page_then_says_that_it_was_saved_and_shows_it(
    staff: Client, people: dict[str, User], measure: Measure
) -> None:
    people["staff"].full_name = "สมศรี ใจดี"
    people["staff"].save()
    page = read(
        staff.post(page_of(measure), filled(measure, status="in_progress", result="ทำแล้ว"), follow=True)
    )
    said = page.one(class_="outcome")
    assert said.all("p")[0].text == "บันทึกแล้ว เวลา 10:00 น. สถานะ: กำลังดำเนินการ"
    assert "autofocus" in said.attributes
    assert page.one(class_="save-state").text == "บันทึกแล้ว 10:00 น."
    assert page.one(id="measure-now").text == "กำลังดำเนินการ รายงานล่าสุด 1 ก.พ. 2566 10:00 น. โดย สมศรี ใจดี"
    assert page.one(id="id_result").value == "ทำแล้ว"
    assert page.one("input", name="status", checked="").value == "in_progress"


def test_a_measure_nobody_reported_on_says_so(staff: Client, measure: Measure) -> None:
    page = read(staff.get(page_of(measure)))
    assert page.one(id="measure-now").text == "ยังไม่เริ่ม ยังไม่เคยรายงาน"
    assert page.one("form", "progress-form").all("div", "wrong") == []
    assert page.all("table", "compare") == []


def test_only_the_report_is_stored_by_a_report(staff: Client, measure: Measure) -> None:
    staff.post(page_of(measure), filled(measure, status="in_progress", title="อื่น", due_on="", position=9))
    measure.refresh_from_db()
    assert (measure.title, measure.position) == ("มาตรการ", 1)
    assert measure.due_on == date(2023, 9, 30)


def test_without_a_status_nothing_is_stored(staff: Client, measure: Measure) -> None:
    response = staff.post(page_of(measure), filled(measure, status="late", result="ผล"))
    assert response.status_code == 422
    page = read(response)
    assert message_at(page, "status") == "ตัวเลือกนี้ไม่มีแล้ว กรุณาเลือกใหม่"
    assert page.one(id="id_result").value == "ผล"
    measure.refresh_from_db()
    assert (measure.result, measure.version) == ("", 1)


# --- Reasons -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "due_on", "today", "asked"),
    [
        ("cancelled", None, TODAY, "กรุณาระบุเหตุผลที่ยกเลิกมาตรการนี้"),
        ("in_progress", date(2023, 1, 31), TODAY, "มาตรการนี้เลยกำหนดแล้ว กรุณาระบุเหตุผลที่ล่าช้า"),
        ("not_started", date(2023, 1, 31), TODAY, "มาตรการนี้เลยกำหนดแล้ว กรุณาระบุเหตุผลที่ล่าช้า"),
        (
            "not_started",
            date(2023, 9, 30),
            date(2023, 4, 1),
            "พ้นรอบการรายงานแล้ว กรุณาระบุเหตุผลที่ยังไม่ได้ดำเนินการ",
        ),
    ],
)
def test_a_reason_is_demanded_at_its_field_and_everything_typed_is_kept(
    staff: Client,
    plan: Plan,
    time_machine: TimeMachineFixture,
    status: str,
    due_on: date | None,
    today: date,
    asked: str,
) -> None:
    time_machine.move_to(datetime(today.year, today.month, today.day, 9, 0, tzinfo=OFFICE))
    client, measure = staff, make_measure(plan, due_on=due_on)
    typed = filled(measure, status=status, result="ผลที่พิมพ์", obstacle="ปัญหาที่พิมพ์")
    # force_login() was at another time: the session is of today again.
    client.force_login(
        User.objects.get(username="staff"), backend="django.contrib.auth.backends.ModelBackend"
    )
    response = client.post(page_of(measure), typed)
    assert response.status_code == 422
    page = read(response)
    assert message_at(page, "status_reason") == asked
    summary = page.one(class_="errors")
    assert [(link.text, link["href"]) for link in summary.all("a")] == [(asked, "#id_status_reason")]
    assert page.one("input", name="status", checked="").value == status
    assert page.one(id="id_result").value == "ผลที่พิมพ์"
    assert page.one(id="id_obstacle").value == "ปัญหาที่พิมพ์"
    measure.refresh_from_db()
    assert (measure.status, measure.result, measure.version) == ("not_started", "", 1)

    assert client.post(page_of(measure), typed | {"status_reason": "เพราะน้ำท่วม"}).status_code == 302
    measure.refresh_from_db()
    assert (measure.status, measure.status_reason) == (status, "เพราะน้ำท่วม")


def test_spaces_are_no_reason(staff: Client, measure: Measure) -> None:
    response = staff.post(page_of(measure), filled(measure, status="cancelled", status_reason="  \r\n "))
    assert response.status_code == 422


def reason_field(page: Element) -> Element:
    (field,) = [each for each in page.all("div", "field") if each.all(id="id_status_reason")]
    return field


def is_optional(field: Element) -> bool:
    return "hidden" not in field.one("span", "optional").attributes


def test_the_reason_is_asked_for_where_one_is_needed_alone(staff: Client, plan: Plan) -> None:
    kinds: dict[str, dict[str, Any]] = {
        "in time": {"status": "in_progress"},
        "late": {"status": "in_progress", "due_on": date(2023, 1, 31)},
        "cancelled": {"status": "cancelled", "status_reason": "x"},
        "written": {"status": "in_progress", "status_reason": "x"},
    }
    shown = {
        name: make_measure(plan, name, position=n, **kind) for n, (name, kind) in enumerate(kinds.items(), 1)
    }
    fields = {name: reason_field(read(staff.get(page_of(each)))) for name, each in shown.items()}
    assert {name: "hidden" in field.attributes for name, field in fields.items()} == {
        "in time": True,
        "late": False,
        "cancelled": False,
        "written": False,
    }
    # It never says that it may be left empty where it may not.
    assert {name for name, field in fields.items() if is_optional(field)} == {"in time", "written"}
    assert fields["in time"]["data-reason-for"] == "cancelled"
    assert fields["late"]["data-reason-for"] == "not_started in_progress cancelled"


def test_a_reason_that_was_missing_is_asked_for_in_the_refused_form(staff: Client, measure: Measure) -> None:
    assert "hidden" in reason_field(read(staff.get(page_of(measure)))).attributes
    field = reason_field(read(staff.post(page_of(measure), filled(measure, status="cancelled"))))
    assert "hidden" not in field.attributes
    assert not is_optional(field)


# --- Done with steps open ------------------------------------------------------------------------------


def test_done_with_steps_open_asks_what_to_do_with_them(staff: Client, measure: Measure) -> None:
    assert read(staff.get(page_of(measure))).all(name="open_steps") == []
    response = staff.post(page_of(measure), filled(measure, status="done", result="ครบแล้ว"))
    assert response.status_code == 422
    page = read(response)
    assert message_at(page, "open_steps").startswith("ยังมี 2 ขั้นตอนที่ไม่ได้ทำเครื่องหมายว่าเสร็จ")
    assert [option.value for option in page.all("input", name="open_steps")] == ["finish", "keep"]
    assert page.all("input", name="open_steps", checked="") == []
    assert page.one(id="id_result").value == "ครบแล้ว"
    measure.refresh_from_db()
    assert measure.status == Status.NOT_STARTED


def test_the_answer_marks_the_open_steps_done_today(
    staff: Client, people: dict[str, User], measure: Measure
) -> None:
    first, second = measure.steps.order_by("position")
    first.done_on = date(2023, 1, 5)
    first.save()
    response = staff.post(page_of(measure), filled(measure, status="done", open_steps="finish"))
    assert response.status_code == 302
    measure.refresh_from_db()
    assert measure.status == Status.DONE
    assert list(measure.steps.order_by("position").values_list("done_on", flat=True)) == [
        date(2023, 1, 5),
        TODAY,
    ]
    line = second.history.latest()
    assert (line.done_on, line.history_user) == (TODAY, people["staff"])


def test_the_other_answer_leaves_them_open(staff: Client, measure: Measure) -> None:
    response = staff.post(page_of(measure), filled(measure, status="done", open_steps="keep"))
    assert response.status_code == 302
    measure.refresh_from_db()
    assert measure.status == Status.DONE
    assert measure.steps.filter(done_on__isnull=False).count() == 0


def test_an_answer_of_our_own_making_is_asked_again(staff: Client, measure: Measure) -> None:
    response = staff.post(page_of(measure), filled(measure, status="done", open_steps="burn"))
    assert response.status_code == 422
    measure.refresh_from_db()
    assert measure.status == Status.NOT_STARTED


def test_done_with_every_step_ticked_asks_nothing(staff: Client, measure: Measure) -> None:
    finish_steps(measure)
    assert staff.post(page_of(measure), filled(measure, status="done")).status_code == 302


def test_an_answer_is_not_carried_out_for_another_status(staff: Client, measure: Measure) -> None:
    staff.post(page_of(measure), filled(measure, status="in_progress", open_steps="finish"))
    assert measure.steps.filter(done_on__isnull=False).count() == 0


# --- Ticking steps -------------------------------------------------------------------------------------


def tick(client: Client, step: Step, done: bool, **options: Any) -> Any:
    data = {"done": "1" if done else "0"} | options.pop("data", {})
    return client.post(reverse("tick_step", args=[step.pk]), data, **options)


def test_a_tick_marks_the_step_today_and_starts_the_measure(
    staff: Client, people: dict[str, User], measure: Measure
) -> None:
    step = measure.steps.order_by("position")[0]
    response = tick(staff, step, True)
    assert response.status_code == 302
    assert response["Location"] == f"{page_of(measure)}#steps"
    step.refresh_from_db()
    measure.refresh_from_db()
    assert step.done_on == TODAY
    assert (measure.status, measure.version) == (Status.IN_PROGRESS, 2)
    assert measure.reported_by == people["staff"]
    assert step.history.latest().history_user == people["staff"]


def test_unticking_empties_the_day_and_moves_no_status(staff: Client, measure: Measure) -> None:
    step = measure.steps.order_by("position")[0]
    tick(staff, step, True)
    tick(staff, step, False)
    step.refresh_from_db()
    measure.refresh_from_db()
    assert step.done_on is None
    assert measure.status == Status.IN_PROGRESS


@pytest.mark.parametrize("status", ["in_progress", "done", "cancelled"])
def test_a_tick_moves_no_other_status(staff: Client, plan: Plan, status: str) -> None:
    measure = make_measure(plan, status=status, status_reason="เหตุผล")
    for step in measure.steps.all():
        tick(staff, step, True)
    measure.refresh_from_db()
    # Not even the last tick makes it done: that is for a person to say.
    assert (measure.status, measure.version) == (status, 1)
    assert measure.steps.filter(done_on=TODAY).count() == 2


def test_ticking_twice_is_ticking_once(staff: Client, sign_in: SignIn, measure: Measure) -> None:
    step = measure.steps.order_by("position")[0]
    tick(staff, step, True)
    after_first = (step.history.count(), measure.history.count())
    Measure.objects.filter(pk=measure.pk).update(reported_at=None)
    tick(sign_in("officer"), step, True)
    assert (step.history.count(), measure.history.count()) == after_first
    measure.refresh_from_db()
    assert measure.reported_at is None


def test_the_day_of_the_first_tick_stays(
    staff: Client, measure: Measure, time_machine: TimeMachineFixture
) -> None:
    step = measure.steps.order_by("position")[0]
    tick(staff, step, True)
    time_machine.move_to(datetime(2023, 2, 1, 20, 0, tzinfo=OFFICE))
    tick(staff, step, True)
    step.refresh_from_db()
    assert step.done_on == TODAY


def test_the_day_of_a_tick_is_the_office_s_day(
    sign_in: SignIn, measure: Measure, time_machine: TimeMachineFixture
) -> None:
    # 18:00 UTC on 31 January is already 1 February in Bangkok.
    time_machine.move_to(datetime(2023, 1, 31, 18, 0, tzinfo=UTC))
    step = measure.steps.order_by("position")[0]
    tick(sign_in("staff"), step, True)
    step.refresh_from_db()
    assert step.done_on == TODAY


def test_a_tick_through_htmx_answers_with_the_parts_that_changed(staff: Client, measure: Measure) -> None:
    step = measure.steps.order_by("position")[0]
    response = tick(staff, step, True, headers=HTMX)
    assert response.status_code == 200
    part = read(response)
    assert part.all("html") == []
    assert part.one(class_="tick-said").text == "ทำเครื่องหมายว่าเสร็จแล้ว เวลา 10:00 น."
    assert part.one("button", id=f"tick-{step.pk}")["aria-checked"] == "true"
    # Out of band: the badge, the version for the next save, the choice of status, the history.
    assert part.one(id="measure-now", hx_swap_oob="true").text.startswith("กำลังดำเนินการ")
    assert part.one(id="form-version", hx_swap_oob="true").one("input").value == "2"
    assert part.one("input", name="status", checked="").value == "in_progress"
    assert "ขั้นที่ 1" in part.one(id="history", hx_swap_oob="true").text


def test_a_report_that_was_open_while_ticking_can_be_saved(staff: Client, measure: Measure) -> None:
    """The answer to the tick brought the new version: one's own tick is no stale edit."""
    part = read(tick(staff, measure.steps.all()[0], True, headers=HTMX))
    version = part.one(id="form-version").one("input").value
    assert (
        staff.post(page_of(measure), filled(measure, version=version, status="in_progress")).status_code
        == 302
    )


def test_a_tick_does_not_hide_what_somebody_else_has_saved(
    staff: Client, sign_in: SignIn, measure: Measure
) -> None:
    """The form of who ticks keeps the version that it was shown with, and its save is found to be stale."""
    seen = filled(measure)
    sign_in("officer").post(page_of(measure), seen | {"status": "in_progress", "result": "ผลของอีกคน"})
    part = read(tick(staff, measure.steps.all()[0], True, headers=HTMX, data={"version": seen["version"]}))
    assert part.all(id="form-version") == []
    response = staff.post(page_of(measure), seen | {"status": "in_progress", "result": "ผลของเรา"})
    assert response.status_code == 409
    measure.refresh_from_db()
    assert measure.result == "ผลของอีกคน"


@pytest.mark.parametrize("status", ["not_started", "in_progress"])
def test_a_tick_brings_the_version_that_it_has_made(staff: Client, plan: Plan, status: str) -> None:
    measure = make_measure(plan, status=status)
    part = read(tick(staff, measure.steps.all()[0], True, headers=HTMX, data={"version": "1"}))
    expected = "2" if status == "not_started" else "1"
    assert part.one(id="form-version").one("input").value == expected


def test_a_tick_without_a_script_says_so_at_the_steps(staff: Client, measure: Measure) -> None:
    page = read(tick(staff, measure.steps.all()[0], True, follow=True))
    said = page.one(id="steps").one("p", "tick-said", role="status")
    assert said.text == "ทำเครื่องหมายว่าเสร็จแล้ว เวลา 10:00 น."
    assert page.all(class_="outcome") == []


def test_a_status_that_was_chosen_but_not_saved_outlives_a_tick(staff: Client, measure: Measure) -> None:
    part = read(tick(staff, measure.steps.all()[0], True, headers=HTMX, data={"status": "cancelled"}))
    assert part.one("input", name="status", checked="").value == "cancelled"
    part = read(tick(staff, measure.steps.all()[1], True, headers=HTMX, data={"status": "no such"}))
    assert part.one("input", name="status", checked="").value == "in_progress"


def test_a_tick_on_a_step_that_was_just_deleted_says_so(
    staff: Client, measure: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = measure.steps.all()[0]

    found_as_ever = access.get_step_to_update

    def found_then_deleted(*args: Any) -> Step:
        found = found_as_ever(*args)
        Step.objects.filter(pk=found.pk).delete()
        return found

    monkeypatch.setattr(measures.measure_page.views, "get_step_to_update", found_then_deleted)
    response = tick(staff, step, True)
    assert response.status_code == 404
    assert "ขั้นตอนนี้เพิ่งถูกลบ" in response.content.decode()


def test_steps_and_measures_of_another_agency_do_not_exist(
    staff: Client, people: dict[str, User], plan: Plan
) -> None:
    elsewhere = people["stranger"].agency
    assert elsewhere is not None
    theirs = make_measure(open_year(elsewhere, YEAR), "ของหน่วยงานอื่น")
    step = theirs.steps.all()[0]
    assert tick(staff, step, True).status_code == 404
    assert staff.get(page_of(theirs)).status_code == 404
    assert staff.post(page_of(theirs), filled(theirs, status="in_progress")).status_code == 404
    step.refresh_from_db()
    assert step.done_on is None


# --- Two people ----------------------------------------------------------------------------------------


def test_who_saves_second_sees_both_values_and_loses_nothing(
    staff: Client, sign_in: SignIn, people: dict[str, User], measure: Measure
) -> None:
    seen = filled(measure)
    sign_in("officer").post(page_of(measure), seen | {"status": "in_progress", "result": "ผลของเจ้าหน้าที่ ITA"})
    mine = seen | {"status": "cancelled", "status_reason": "เหตุผลของกอง", "result": "ผลของกอง"}
    response = staff.post(page_of(measure), mine)
    assert response.status_code == 409
    page = read(response)
    rows = page.one(class_="conflict").one("table").one("tbody").all("tr")
    assert [[cell.text for cell in row.all("th") + row.all("td")] for row in rows] == [
        ["สถานะ", "กำลังดำเนินการ", "ยกเลิก"],
        ["เหตุผล", "(ว่าง)", "เหตุผลของกอง"],
        ["ผลการดำเนินงาน", "ผลของเจ้าหน้าที่ ITA", "ผลของกอง"],
    ]
    # The badge is what is stored; the form is what was typed.
    assert page.one(id="measure-now").text.startswith("กำลังดำเนินการ")
    assert page.one(id="id_result").value == "ผลของกอง"
    assert page.one("input", name="status", checked="").value == "cancelled"
    measure.refresh_from_db()
    assert (measure.result, measure.reported_by) == ("ผลของเจ้าหน้าที่ ITA", people["officer"])

    again = page.one("form", "progress-form").form_data()
    assert again["version"] == "2"
    assert staff.post(page_of(measure), again).status_code == 302
    measure.refresh_from_db()
    assert (measure.result, measure.status, measure.version) == ("ผลของกอง", "cancelled", 3)


def test_a_conflict_over_nothing_says_so(staff: Client, measure: Measure) -> None:
    mine = filled(measure, status="in_progress", result="ผลเดียวกัน")
    staff.post(page_of(measure), mine)
    page = read(staff.post(page_of(measure), mine))
    assert "ค่าที่คุณกรอกตรงกับที่บันทึกไว้แล้วทุกช่อง" in page.one(class_="conflict").text
    assert page.one(class_="conflict").all("table") == []


def test_a_version_that_was_never_shown_stores_nothing(staff: Client, measure: Measure) -> None:
    for version in ("0", "7", "9" * 30, "9" * 5000, "-1", "", "x"):
        response = staff.post(page_of(measure), filled(measure, status="in_progress", version=version))
        assert response.status_code in (409, 422), version[:40]
    measure.refresh_from_db()
    assert (measure.status, measure.version) == ("not_started", 1)


@pytest.mark.parametrize("number", [0, 2**63 - 1, 2**63, 10**30])
def test_a_number_that_no_measure_has_is_not_found(staff: Client, number: int) -> None:
    assert staff.get(reverse("measure", args=[number])).status_code == 404


def test_a_measure_that_was_deleted_meanwhile_is_gone(
    staff: Client, measure: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:

    found = access.get_measure_to_report

    def found_then_deleted(*args: Any) -> Measure:
        stored = found(*args)
        Measure.objects.filter(pk=stored.pk).delete()
        return stored

    monkeypatch.setattr(measures.measure_page.views, "get_measure_to_report", found_then_deleted)
    assert staff.post(page_of(measure), filled(measure, status="in_progress")).status_code == 404


# --- What people type ----------------------------------------------------------------------------------


def test_control_characters_are_refused_at_their_field(staff: Client, measure: Measure) -> None:
    typed = {"result": "ผล", "obstacle": "ปัญหา", "status_reason": "เหตุ"}
    characters = (("\x00", "U+0000"), ("\x07", "U+0007"), ("\x1b", "U+001B"))
    pairs = product(typed, characters) if THOROUGH else zip(typed, characters, strict=True)
    for field, (character, code) in pairs:
        response = staff.post(
            page_of(measure),
            filled(measure, status="in_progress", **typed) | {field: f"ก่อน{character}หลัง"},
        )
        assert response.status_code == 422
        page = read(response)
        assert code in message_at(page, field)
        assert "กรุณาลบออก" in message_at(page, field)
        for name in typed.keys() - {field}:
            assert page.one(id=f"id_{name}").value == typed[name]
            assert "aria-invalid" not in page.one(id=f"id_{name}").attributes
        assert page.one("input", name="status", checked="").value == "in_progress"
    measure.refresh_from_db()
    assert measure.version == 1


@pytest.mark.parametrize(
    ("field", "limit"), [("result", LONG_TEXT), ("obstacle", LONG_TEXT), ("status_reason", 1_000)]
)
def test_text_that_is_too_long_is_refused_with_its_length(
    staff: Client, measure: Measure, field: str, limit: int
) -> None:
    # A browser sends two characters for a line end; a person sees one.
    exact = "ก" * (limit - 2) + "\r\nข"
    response = staff.post(page_of(measure), filled(measure, status="in_progress") | {field: exact + "ค"})
    assert response.status_code == 422
    page = read(response)
    said = f"ใส่ได้ไม่เกิน {limit} ตัวอักษร ขณะนี้มี {limit + 1} ตัวอักษร"
    assert said in message_at(page, field)
    assert page.one(id=f"id_{field}").value == (exact + "ค").replace("\r\n", "\n")
    assert (
        staff.post(page_of(measure), filled(measure, status="in_progress") | {field: exact}).status_code
        == 302
    )


def test_half_a_character_is_refused_by_the_form(measure: Measure) -> None:
    data = QueryDict(mutable=True)
    data.update(filled(measure, status="in_progress", result="ก\ud800ข"))
    form = ProgressForm(data, report=Measure.objects.with_step_counts().get(pk=measure.pk), today=TODAY)
    assert "U+D800" in form.errors["result"][0]


def test_half_a_character_in_the_request_is_no_server_error(staff: Client, measure: Measure) -> None:
    body = "&".join(f"{name}={value}" for name, value in filled(measure, status="in_progress").items())
    response = staff.generic(
        "POST",
        page_of(measure),
        body.encode().replace(b"result=", b"result=%ED%A0%80"),
        content_type="application/x-www-form-urlencoded",
    )
    assert response.status_code == 302
    measure.refresh_from_db()
    # What cannot be read is shown as such, not guessed at.
    assert set(measure.result) == {"\ufffd"}


def test_tabs_line_ends_and_invisible_marks_of_thai_text_pass(staff: Client, measure: Measure) -> None:
    text = "ข้อ\t1\u200b\nข้อ 2\u200e"
    staff.post(page_of(measure), filled(measure, status="in_progress", result=text))
    measure.refresh_from_db()
    assert measure.result == text


def test_html_that_people_type_is_text(staff: Client, sign_in: SignIn, plan: Plan) -> None:
    nasty = "<script>alert(1)</script><b onclick='x'>\"&amp;"
    measure = make_measure(
        plan, nasty, status="in_progress", result=nasty, obstacle=nasty, status_reason=nasty
    )
    measure.steps.update(text=nasty)
    staff.post(page_of(measure), filled(measure, status="in_progress", result=f"ใหม่ {nasty}"))
    for client in (staff, sign_in("executive")):
        for path in (page_of(measure), reverse("plan", args=[YEAR]), reverse("dashboard")):
            response = client.get(path)
            assert "<script>alert" not in response.content.decode()
            page = read(response)
            assert page.all("b") == []
            assert nasty in page.text
    page = read(staff.get(page_of(measure)))
    assert page.one("h1").text == nasty
    assert page.one(id="id_result").value == f"ใหม่ {nasty}"


# --- Page, fragment, row of the list -------------------------------------------------------------------


def test_a_browser_gets_the_page_and_htmx_the_part(staff: Client, measure: Measure) -> None:
    whole, part = read(staff.get(page_of(measure))), read(staff.get(page_of(measure), headers=HTMX))
    assert len(whole.all("html")) == 1
    assert part.all("html") == []
    assert whole.one("article", id="measure").text == part.one("article", id="measure").text


def test_a_refused_report_answers_htmx_with_the_part(staff: Client, measure: Measure) -> None:
    response = staff.post(page_of(measure), filled(measure, status="cancelled"), headers=HTMX)
    assert response.status_code == 422
    part = read(response)
    assert part.all("html") == []
    assert message_at(part, "status_reason")


def test_a_row_of_the_list_opens_and_closes_its_form(staff: Client, measure: Measure) -> None:
    opened = read(staff.get(row_of(measure), headers=HTMX)).one("tbody", id=f"measure-{measure.pk}")
    form = opened.one("form")
    assert form["hx-target"] == f"#measure-{measure.pk}"
    assert opened.all(id=f"report-{measure.pk}") == []
    # The way in and out without a script: the page of the measure, and the list.
    assert form["action"] == page_of(measure)
    closing = form.one("a", hx_get=f"{row_of(measure)}&close=1")
    assert closing["href"] == reverse("plan", args=[YEAR])
    closed = read(staff.get(closing["hx-get"], headers=HTMX)).one("tbody", id=f"measure-{measure.pk}")
    assert closed.all("form") == []
    assert closed.one(id=f"report-{measure.pk}")["hx-get"] == row_of(measure)


def test_two_open_rows_share_no_id(staff: Client, plan: Plan, measure: Measure) -> None:
    other = make_measure(plan, "อื่น", position=2)
    ids: list[str] = []
    for opened in (measure, other):
        part = read(staff.get(row_of(opened), headers=HTMX))
        ids += [element["id"] for element in part.walk() if element.get("id")]
    assert len(ids) == len(set(ids)) > 10


def test_a_row_is_saved_in_place(staff: Client, measure: Measure) -> None:
    data = read(staff.get(row_of(measure), headers=HTMX)).one("form").form_data()
    response = staff.post(row_of(measure), data | {"status": "in_progress", "result": "ผล"}, headers=HTMX)
    assert response.status_code == 200
    row = read(response).one("tbody", id=f"measure-{measure.pk}")
    assert row.one(role="status").text == "บันทึกแล้ว เวลา 10:00 น. สถานะ: กำลังดำเนินการ"
    assert row.one("td", "list-status").text == "กำลังดำเนินการ"
    assert row.all("form") == []
    measure.refresh_from_db()
    assert measure.result == "ผล"


def test_a_refused_row_stays_open_with_its_message(staff: Client, measure: Measure) -> None:
    response = staff.post(row_of(measure), filled(measure, status="cancelled", result="ผล"), headers=HTMX)
    assert response.status_code == 422
    row = read(response).one("tbody", id=f"measure-{measure.pk}")
    assert row.one(id=f"measure-{measure.pk}-status_reason_error").text == "กรุณาระบุเหตุผลที่ยกเลิกมาตรการนี้"
    assert row.one("textarea", name="result").value == "ผล"


def test_a_conflict_in_a_row_shows_both_values_there(
    staff: Client, sign_in: SignIn, measure: Measure
) -> None:
    seen = filled(measure, status="in_progress")
    sign_in("officer").post(row_of(measure), seen | {"result": "ของเขา"}, headers=HTMX)
    response = staff.post(row_of(measure), seen | {"result": "ของเรา"}, headers=HTMX)
    assert response.status_code == 409
    row = read(response).one("tbody", id=f"measure-{measure.pk}")
    assert [cell.text for cell in row.one(class_="conflict").one("tbody").all("td")] == ["ของเขา", "ของเรา"]
    again = row.one("form").form_data()
    assert staff.post(row_of(measure), again, headers=HTMX).status_code == 200
    measure.refresh_from_db()
    assert measure.result == "ของเรา"


def test_a_row_form_without_htmx_is_the_page(staff: Client, measure: Measure) -> None:
    assert len(read(staff.get(row_of(measure))).all("html")) == 1
    assert staff.post(row_of(measure), filled(measure, status="in_progress")).status_code == 302


# --- The next one, a closed plan --------------------------------------------------------------


def test_the_next_waiting_measure_is_the_most_urgent_of_the_own_division(
    staff: Client, sign_in: SignIn, plan: Plan, measure: Measure
) -> None:
    assert read(staff.get(page_of(measure))).all("p", "next") == []
    saved = read(staff.post(page_of(measure), filled(measure, status="in_progress"), follow=True))
    assert saved.one(class_="outcome").one("a")["href"] == reverse("work")
    second = plan.agency.divisions.get(position=2)
    theirs = make_measure(plan, "ของกองที่ 2 ล่าช้า", position=2, divisions=0, due_on=date(2022, 12, 1))
    Responsibility.objects.create(measure=theirs, division=second)
    make_measure(plan, "เสร็จแล้ว", position=3, status="done", due_on=date(2022, 12, 1))
    make_measure(plan, "ทีหลัง", position=4, due_on=date(2023, 8, 1))
    soon = make_measure(plan, "ก่อน", indicator=5, due_on=date(2023, 2, 28))
    link = read(staff.get(page_of(measure))).one("p", "next").one("a")
    assert (link.text, link["href"]) == ("ก่อน", page_of(soon))
    # Right under what was saved, and not a second time at the end of the page.
    measure.refresh_from_db()
    saved = read(staff.post(page_of(measure), filled(measure, status="in_progress"), follow=True))
    assert saved.one(class_="outcome").one("p", "next").one("a")["href"] == page_of(soon)
    assert len(saved.all("p", "next")) == 1
    link = read(sign_in("officer").get(page_of(measure))).one("p", "next").one("a")
    assert link["href"] == page_of(theirs)
    assert read(sign_in("executive").get(page_of(measure))).all("p", "next") == []


def test_who_may_not_report_reads(sign_in: SignIn, plan: Plan) -> None:
    measure = make_measure(plan, status="in_progress", result="ผล", status_reason="เหตุผล")
    measure.steps.filter(position=1).update(done_on=TODAY)
    for role in ("executive", "other_staff", "overseer"):
        page = read(sign_in(role).get(page_of(measure)))
        # The executive comments, which is no report.
        forms = [form["id"] for form in page.one(id="measure").all("form")]
        assert forms == (["comment-form"] if role == "executive" else [])
        assert page.one(id="progress").all("button") == []
        report = [fact.text for fact in page.one("dl", "read").all("dd")]
        assert report == ["ผล", "ไม่มี", "เหตุผล"]
        assert [step.text for step in page.all("p", "readonly")] == [
            "1. ขั้นที่ 1 เสร็จ 1 ก.พ. 2566",
            "2. ขั้นที่ 2 ยังไม่รายงาน",
        ]


def test_a_closed_plan_can_only_be_read(staff: Client, sign_in: SignIn, plan: Plan, measure: Measure) -> None:
    plan.closed_at = timezone.now()
    plan.save()
    step = measure.steps.all()[0]
    for client in (staff, sign_in("officer")):
        page = read(client.get(page_of(measure))).one(id="measure")
        # What there is to say of it can still be said.
        assert [form["id"] for form in page.all("form")] == ["comment-form"]
        assert page.one(id="progress").all("button") == []
        assert page.all("a", href=reverse("edit_measure", args=[measure.pk])) == []
        assert client.post(page_of(measure), filled(measure, status="in_progress")).status_code == 403
        assert tick(client, step, True).status_code == 403
        row = read(client.get(reverse("plan", args=[YEAR])))
        assert row.all(id=f"report-{measure.pk}") == []
    step.refresh_from_db()
    assert step.done_on is None


def test_a_measure_without_anything_says_what_is_missing(sign_in: SignIn, plan: Plan) -> None:
    bare = make_measure(plan, steps=0, divisions=0, due_on=None)
    Measure.objects.update(due_text="")
    page = read(sign_in("officer").get(page_of(bare)))
    assert [fact.text for fact in page.one("dl", "facts").all("dd")] == ["ไม่ได้ระบุ", "ไม่ได้ระบุ"]
    assert page.one(id="steps").one("a")["href"] == reverse("edit_measure", args=[bare.pk])
    assert "ไม่มีขั้นตอน" in page.one(id="steps").text
    page = read(sign_in("executive").get(page_of(bare)))
    assert page.one(id="steps").all("a") == []


def test_numbers_are_thai_where_the_agency_wants_them(staff: Client, plan: Plan, measure: Measure) -> None:
    finish_steps(measure)
    plan.agency.thai_digits = True
    plan.agency.save()
    text = read(staff.get(page_of(measure))).one(id="measure").text
    assert "ตัวชี้วัดที่ ๑" in text
    assert "ขั้นตอน ๒/๒" in text
    assert "๑ ก.พ. ๒๕๖๖" in text
