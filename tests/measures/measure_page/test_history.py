"""The history of a measure: one entry a save, each of which whoever may report can put back."""

from datetime import date
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from time_machine import TimeMachineFixture

from accounts.models import User
from measures.measure_page.history import recent_changes
from measures.measure_page.saves import saves_of
from measures.models import Measure, Plan, Step
from tests.conftest import SignIn
from tests.support.factories import make_evidence, make_measure
from tests.support.html import Element, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]

TODAY: Final = date(2023, 2, 1)


@pytest.fixture
def staff(sign_in: SignIn) -> Client:
    return sign_in("staff")


def page_of(measure: Measure) -> str:
    return reverse("measure", args=[measure.pk])


def report(client: Client, measure: Measure, **changes: Any) -> Any:
    measure.refresh_from_db()
    fields = ("version", "status", "status_reason", "result", "obstacle")
    data = {name: getattr(measure, name) for name in fields} | changes
    response = client.post(page_of(measure), data)
    assert response.status_code == 302
    measure.refresh_from_db()
    return response


def tick(client: Client, step: Step, done: bool = True) -> None:
    client.post(reverse("tick_step", args=[step.pk]), {"done": "1" if done else "0"})


def entries(page: Element) -> list[Element]:
    return [
        entry for timeline in page.one(id="history").all("ol", "timeline") for entry in timeline.all("li")
    ]


def told(entry: Element) -> tuple[str, list[str]]:
    """Who and when, and what changed."""
    return entry.one("p", "timeline-head").text, [
        f"{change.one('dt').text}: {change.one('dd').text}" for change in entry.one("dl").all("div")
    ]


def buttons(page: Element) -> list[str]:
    """By what each entry that can be put back is named, the latest first."""
    return [button.value for button in page.one(id="history").all("button", name="save")]


def put_back(client: Client, measure: Measure, key: str | None = None, **options: Any) -> Any:
    """Put a save back; the latest one that can be."""
    if key is None:
        key = buttons(read(client.get(page_of(measure))))[0]
    return client.post(reverse("put_back", args=[measure.pk]), {"save": key}, **options)


# --- What it tells -------------------------------------------------------------------------------------


def test_each_save_is_one_entry_with_who_when_and_what_changed(
    staff: Client, sign_in: SignIn, measure: Measure, time_machine: TimeMachineFixture
) -> None:
    report(staff, measure, status="in_progress", result="ผลแรก")
    time_machine.shift(60)
    officer = sign_in("officer")
    report(officer, measure, result="ผลหลัง")
    time_machine.shift(60)
    tick(officer, measure.steps.order_by("position")[0])
    time_machine.shift(60)
    report(staff, measure, status="done", open_steps="finish")
    assert [told(entry) for entry in entries(read(staff.get(page_of(measure))))] == [
        (
            "1 ก.พ. 2566 10:03 น. staff",
            [
                "สถานะ: จาก กำลังดำเนินการ เป็น แล้วเสร็จ",
                "ขั้นตอน “ขั้นที่ 2”: จาก ยังไม่รายงาน เป็น เสร็จ 1 กุมภาพันธ์ 2566",
            ],
        ),
        (
            "1 ก.พ. 2566 10:02 น. officer",
            ["ขั้นตอน “ขั้นที่ 1”: จาก ยังไม่รายงาน เป็น เสร็จ 1 กุมภาพันธ์ 2566"],
        ),
        ("1 ก.พ. 2566 10:01 น. officer", ["ผลการดำเนินงาน: จาก ผลแรก เป็น ผลหลัง"]),
        (
            "1 ก.พ. 2566 10:00 น. staff",
            ["สถานะ: จาก ยังไม่เริ่ม เป็น กำลังดำเนินการ", "ผลการดำเนินงาน: ผลแรก"],
        ),
    ]


def test_what_several_people_or_moments_saved_stays_apart(
    people: dict[str, User], measure: Measure, time_machine: TimeMachineFixture
) -> None:
    for person, result, later in (
        ("staff", "ก", 0),
        ("officer", "ข", 1),
        # The same person at once: what is saved again is another save, what is not is the same one.
        ("officer", "ค", 1),
        ("officer", "", 1),
        ("officer", "", 3),
    ):
        time_machine.shift(later)
        if result:
            measure.result = result
            measure._history_user = people[person]  # type: ignore[attr-defined]
            measure.save()
        else:
            proof = make_evidence(measure, f"ภาพ {timezone.now():%S}")
            proof.history.update(history_user=people[person])
    saves = saves_of(measure, measure.steps.all())
    assert [(save.who, [change.after for change in save.changes]) for save in saves] == [
        ("officer", ["ภาพ 06"]),
        ("officer", ["ค", "ภาพ 03"]),
        ("officer", ["ข"]),
        ("staff", ["ก"]),
    ]


def test_dates_are_read_and_long_steps_shortened(measure: Measure) -> None:
    measure.due_on = date(2023, 3, 31)
    measure.save()
    measure.due_on = None
    measure.save()
    step = measure.steps.order_by("position")[0]
    step.text = "ก" * 50
    step.save()
    step.done_on = TODAY
    step.save()
    changes = [(change.who, change.field, change.before, change.after) for change in recent_changes(measure)]
    assert set(changes) == {
        ("ระบบ", "วันครบกำหนด", "30 กันยายน 2566", "31 มีนาคม 2566"),
        ("ระบบ", "วันครบกำหนด", "31 มีนาคม 2566", ""),
        ("ระบบ", "ขั้นตอน", "ขั้นที่ 1", "ก" * 50),
        ("ระบบ", f"ขั้นตอน “{'ก' * 40}…”", "ยังไม่รายงาน", "เสร็จ 1 กุมภาพันธ์ 2566"),
    }


def test_a_long_history_is_shown_ten_saves_a_page(
    staff: Client, measure: Measure, time_machine: TimeMachineFixture
) -> None:
    for number in range(1, 26):
        time_machine.shift(60)
        measure.result = f"ครั้งที่ {number}"
        measure.save()
    shown: list[str] = []
    address = page_of(measure)
    while address:
        page = read(staff.get(address))
        shown += [told(entry)[1][0].rpartition(" ")[2] for entry in entries(page)]
        older = [link for link in page.one(id="history").all("a") if link.text == "เก่ากว่า"]
        address = older[0]["href"].partition("#")[0] if older else ""
    assert shown == [str(number) for number in range(25, 0, -1)]


def test_a_filter_stays_from_page_to_page(
    staff: Client, people: dict[str, User], measure: Measure, time_machine: TimeMachineFixture
) -> None:
    for number in range(30):
        time_machine.shift(60)
        measure.result = f"ครั้งที่ {number}"
        measure._history_user = people[("staff", "officer")[number % 2]]  # type: ignore[attr-defined]
        measure.save()
    page = read(staff.get(f"{page_of(measure)}?who=officer&field=ผลการดำเนินงาน"))
    (older,) = [link for link in page.one(id="history").all("a") if link.text == "เก่ากว่า"]
    heads = [told(entry)[0] for entry in entries(read(staff.get(older["href"])))]
    assert len(heads) == 5
    assert all(head.endswith("officer") for head in heads)


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", "9" * 5000])
def test_a_page_that_does_not_exist_is_the_nearest(staff: Client, measure: Measure, page: str) -> None:
    measure.result = "ผล"
    measure.save()
    assert len(entries(read(staff.get(f"{page_of(measure)}?page={page}")))) == 1


def test_another_measure_is_not_mixed_in(plan: Plan, measure: Measure) -> None:
    other = make_measure(plan, "อื่น", position=2)
    other.result = "ของอื่น"
    other.save()
    other.steps.all()[0].save()
    assert recent_changes(measure) == []


# --- Putting back --------------------------------------------------------------------------------------


def test_a_save_is_put_back_as_a_whole_and_that_is_a_save_too(
    staff: Client, people: dict[str, User], measure: Measure, time_machine: TimeMachineFixture
) -> None:
    report(staff, measure, status="in_progress", result="ก่อน")
    time_machine.shift(60)
    report(staff, measure, status="done", result="ผิดมาตรการ", obstacle="ไม่มี", open_steps="finish")
    version = measure.version
    time_machine.shift(60)
    response = put_back(staff, measure, follow=True)
    said = read(response).one(class_="outcome")
    assert said.text == "ย้อนกลับการบันทึกเมื่อ 1 ก.พ. 2566 10:01 น. แล้ว เวลา 10:02 น."
    assert "autofocus" in said.attributes
    measure.refresh_from_db()
    assert (measure.status, measure.result, measure.obstacle) == ("in_progress", "ก่อน", "")
    assert measure.steps.filter(done_on__isnull=False).count() == 0
    assert (measure.version, measure.reported_by) == (version + 1, people["staff"])
    assert measure.reported_at == timezone.now()
    latest = entries(read(response))[0]
    assert "ย้อนกลับการบันทึกเมื่อ 1 ก.พ. 2566 10:01 น." in latest.text
    assert told(latest)[1] == [
        "สถานะ: จาก แล้วเสร็จ เป็น กำลังดำเนินการ",
        "ผลการดำเนินงาน: จาก ผิดมาตรการ เป็น ก่อน",
        "ปัญหา/อุปสรรค และข้อเสนอแนะ: จาก ไม่มี เป็น (ว่าง)",
        "ขั้นตอน “ขั้นที่ 1”: จาก เสร็จ 1 กุมภาพันธ์ 2566 เป็น ยังไม่รายงาน",
        "ขั้นตอน “ขั้นที่ 2”: จาก เสร็จ 1 กุมภาพันธ์ 2566 เป็น ยังไม่รายงาน",
    ]

    # And what was put back can be put back.
    time_machine.shift(60)
    put_back(staff, measure)
    measure.refresh_from_db()
    assert (measure.status, measure.result) == ("done", "ผิดมาตรการ")
    assert measure.steps.filter(done_on=TODAY).count() == 2


def test_a_tick_is_put_back_without_touching_the_report(
    staff: Client, plan: Plan, time_machine: TimeMachineFixture
) -> None:
    measure = make_measure(plan, status="in_progress", result="ผล")
    tick(staff, measure.steps.all()[0])
    time_machine.shift(60)
    put_back(staff, measure)
    measure.refresh_from_db()
    assert measure.steps.filter(done_on__isnull=False).count() == 0
    # A form that is open meanwhile is not out of date: nothing in it has changed.
    assert (measure.result, measure.version, measure.reported_at) == ("ผล", 1, timezone.now())


def test_an_older_save_of_other_fields_is_put_back_and_later_ones_stay(
    staff: Client, measure: Measure, time_machine: TimeMachineFixture
) -> None:
    report(staff, measure, status="in_progress", obstacle="เก่า")
    time_machine.shift(60)
    report(staff, measure, result="ใหม่")
    _, older = buttons(read(staff.get(page_of(measure))))
    put_back(staff, measure, older)
    measure.refresh_from_db()
    assert (measure.status, measure.obstacle, measure.result) == ("not_started", "", "ใหม่")


def test_what_was_changed_since_is_not_offered_and_is_refused_in_words(
    staff: Client, sign_in: SignIn, measure: Measure, time_machine: TimeMachineFixture
) -> None:
    report(staff, measure, status="in_progress", result="ของเรา")
    (key,) = buttons(read(staff.get(page_of(measure))))
    time_machine.shift(60)
    report(sign_in("officer"), measure, result="ของเขา")
    assert key not in buttons(read(staff.get(page_of(measure))))
    before = measure.history.count()
    for headers in ({}, {"HX-Request": "true"}):
        response = put_back(staff, measure, key, headers=headers)
        assert response.status_code == 409
        refused = read(response).one(class_="errors")
        assert refused.text.startswith("ย้อนกลับไม่ได้ เพราะหลังจากนั้นมีการแก้ไข “ผลการดำเนินงาน”")
        assert "autofocus" in refused.attributes
    measure.refresh_from_db()
    assert (measure.result, measure.history.count()) == ("ของเขา", before)


def test_what_became_the_same_again_is_put_back_by_its_last_save_alone(
    staff: Client, measure: Measure, time_machine: TimeMachineFixture
) -> None:
    keys: list[str] = []
    for result in ("ก", "ข", "ก"):
        report(staff, measure, status="in_progress", result=result)
        keys.insert(0, buttons(read(staff.get(page_of(measure))))[0])
        time_machine.shift(60)
    assert buttons(read(staff.get(page_of(measure)))) == keys[:1]
    assert put_back(staff, measure, keys[-1]).status_code == 409


def test_a_step_that_was_marked_again_or_deleted_is_not_put_back(
    staff: Client, measure: Measure, time_machine: TimeMachineFixture
) -> None:
    step = measure.steps.order_by("position")[0]
    report(staff, measure, status="in_progress")
    time_machine.shift(60)
    tick(staff, step)
    key = buttons(read(staff.get(page_of(measure))))[0]
    Step.objects.filter(pk=step.pk).update(done_on=date(2023, 1, 5))
    response = put_back(staff, measure, key)
    assert response.status_code == 409
    assert "มีการแก้ไข “ขั้นตอน”" in read(response).one(class_="errors").text
    step.refresh_from_db()
    assert step.done_on == date(2023, 1, 5)
    step.delete()
    assert put_back(staff, measure, key).status_code == 409


def test_nothing_becomes_cancelled_without_a_reason(
    staff: Client, measure: Measure, time_machine: TimeMachineFixture
) -> None:
    report(staff, measure, status="cancelled", status_reason="งบถูกตัด")
    time_machine.shift(60)
    report(staff, measure, status="in_progress")
    key = buttons(read(staff.get(page_of(measure))))[0]
    time_machine.shift(60)
    report(staff, measure, status_reason="")
    response = put_back(staff, measure, key)
    assert response.status_code == 409
    assert "มาตรการที่ยกเลิกต้องมีเหตุผล" in read(response).one(class_="errors").text
    measure.refresh_from_db()
    assert measure.status == "in_progress"


@pytest.mark.parametrize("key", ["", "x", "m", "m999999", "m-1", "s1", "\x07", "m" * 5000])
def test_a_save_that_is_not_in_the_history_is_refused(staff: Client, measure: Measure, key: str) -> None:
    response = put_back(staff, measure, key)
    assert response.status_code == 409
    assert "กรุณาดูประวัติล่าสุด" in read(response).one(class_="errors").text


def test_a_save_of_another_measure_is_not_put_back(staff: Client, plan: Plan, measure: Measure) -> None:
    other = make_measure(plan, "อื่น", position=2)
    report(staff, other, status="in_progress", result="ผล")
    (key,) = buttons(read(staff.get(page_of(other))))
    assert put_back(staff, measure, key).status_code == 409
    other.refresh_from_db()
    assert other.result == "ผล"


def test_what_belongs_to_the_plan_or_is_evidence_is_not_put_back_here(
    staff: Client, measure: Measure, time_machine: TimeMachineFixture
) -> None:
    measure.title = "ชื่อใหม่"
    measure.save()
    time_machine.shift(60)
    make_evidence(measure)
    page = read(staff.get(page_of(measure)))
    assert len(entries(page)) == 2
    assert buttons(page) == []
    keys = [save.key for save in saves_of(measure, measure.steps.all())]
    assert {put_back(staff, measure, key).status_code for key in keys} == {409}


def test_who_may_not_report_is_offered_nothing_and_a_closed_plan_refuses(
    staff: Client, sign_in: SignIn, plan: Plan, measure: Measure
) -> None:
    report(staff, measure, status="in_progress")
    (key,) = buttons(read(staff.get(page_of(measure))))
    for role in ("executive", "other_staff", "overseer"):
        assert buttons(read(sign_in(role).get(page_of(measure)))) == []
        assert put_back(sign_in(role), measure, key).status_code == 403
    plan.closed_at = timezone.now()
    plan.save()
    assert buttons(read(staff.get(page_of(measure)))) == []
    assert put_back(staff, measure, key).status_code == 403
    measure.refresh_from_db()
    assert measure.status == "in_progress"
