"""Each division reports its own part of a measure: nobody writes over another, and nothing is lost."""

from datetime import date
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.divisions.services import DivisionInUse, list_version, save_divisions
from accounts.models import Division, User
from core.locking import StaleEdit
from measures.models import Measure, Part, PartTick, Plan
from measures.outline.services import Outline, OutlineStep, create_measure, save_outline
from measures.parts.rules import proposal_of, proposed_status
from measures.parts.services import (
    NotAssigned,
    ensure_parts,
    mark_part_step,
    save_joint,
    save_part,
    set_by_division,
)
from measures.progress.services import Progress, mark_step
from measures.status import Status
from tests.conftest import SignIn
from tests.support.factories import make_measure
from tests.support.html import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]

TODAY: Final = date(2023, 2, 1)
EARLIER: Final = date(2023, 1, 10)
REPORT: Final = Progress(Status.IN_PROGRESS, "", "ประชุมแล้ว", "")


@pytest.fixture
def shared(plan: Plan) -> Measure:
    """A measure of two divisions, each with its own part."""
    return make_measure(plan, "มาตรการร่วม", divisions=2, by_division=True)


def part_of(measure: Measure, position: int) -> Part:
    return Part.objects.get(measure=measure, division__position=position)


def fresh(measure: Measure) -> Measure:
    return Measure.objects.with_parties().with_parts().with_step_counts().get(pk=measure.pk)


def days(measure: Measure) -> list[date | None]:
    return list(measure.steps.order_by("position").values_list("done_on", flat=True))


def outline(measure: Measure, *divisions: Division, by_division: bool = True) -> Outline:
    return Outline(
        indicator=measure.indicator,
        title=measure.title,
        due_text=measure.due_text,
        due_on=measure.due_on,
        first_step=1,
        division_ids=tuple(division.pk for division in divisions),
        steps=tuple(OutlineStep(step.pk, step.text, 1) for step in measure.steps.order_by("position")),
        by_division=by_division,
    )


def typed(part: Part | Measure, **changes: Any) -> dict[str, Any]:
    fields = ("version", "status", "status_reason", "result", "obstacle")
    return {name: getattr(part, name) for name in fields} | changes


# --- The rule ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (["done", "done"], "done"),
        (["done", "cancelled"], "done"),
        (["not_started", "not_started"], "not_started"),
        (["not_started", "cancelled"], "not_started"),
        (["done", "not_started"], "in_progress"),
        (["in_progress", "in_progress"], "in_progress"),
        (["done", "in_progress", "cancelled"], "in_progress"),
        (["cancelled", "cancelled"], "cancelled"),
        ([], "not_started"),
    ],
)
def test_the_status_of_the_whole_follows_from_the_parts(parts: list[str], whole: str) -> None:
    assert proposed_status(parts) == whole


def test_results_are_joined_behind_the_names_of_their_divisions(
    shared: Measure, people: dict[str, User]
) -> None:
    save_part(part_of(shared, 2), 1, Progress("done", "", "ติดป้ายแล้ว", "ฝนตก"), people["other_staff"])
    save_part(part_of(shared, 1), 1, REPORT, people["staff"])
    proposal = proposal_of(fresh(shared))
    assert proposal.progress == Progress(
        "in_progress", "", "กองที่ 1: ประชุมแล้ว\nกองที่ 2: ติดป้ายแล้ว", "กองที่ 2: ฝนตก"
    )


def test_what_was_reported_of_the_whole_before_the_first_joining_stays_in_it(
    plan: Plan, people: dict[str, User]
) -> None:
    measure = make_measure(plan, divisions=2, status="in_progress", result="ทำร่วมกันมาก่อน")
    set_by_division(measure, True)
    save_part(part_of(measure, 1), 1, REPORT, people["staff"])
    first = proposal_of(fresh(measure))
    assert first.progress.result == "ทำร่วมกันมาก่อน\nกองที่ 1: ประชุมแล้ว"
    save_joint(measure, 1, first.progress, people["officer"], first.versions)
    # Not a second time.
    assert proposal_of(fresh(measure)).progress.result == "กองที่ 1: ประชุมแล้ว"


# --- The way of reporting ------------------------------------------------------------------------------


def test_a_new_measure_of_several_divisions_is_reported_by_division(plan: Plan) -> None:
    model = make_measure(plan, steps=0)
    first, second = plan.agency.divisions.order_by("position")
    several = create_measure(plan, outline(model, first, second))
    alone = create_measure(plan, outline(model, first))
    together = create_measure(plan, outline(model, first, second, by_division=False))
    assert [measure.by_division for measure in (several, alone, together)] == [True, False, False]
    assert list(several.parts.values_list("division", "status")) == [
        (first.pk, "not_started"),
        (second.pk, "not_started"),
    ]
    assert not alone.parts.exists()


def test_parts_begin_with_what_was_reported_of_the_whole_and_nothing_is_doubled(
    plan: Plan, people: dict[str, User]
) -> None:
    measure = make_measure(plan, divisions=2, status="in_progress", result="ประชุมแล้ว")
    measure.steps.filter(position=1).update(done_on=EARLIER)
    set_by_division(measure, True)
    assert [(part.status, part.result, part.reported_at) for part in measure.parts.all()] == [
        ("in_progress", "", None),
        ("in_progress", "", None),
    ]
    assert set(PartTick.objects.values_list("step__position", "done_on")) == {(1, EARLIER)}
    assert days(measure) == [EARLIER, None]
    measure.refresh_from_db()
    assert (measure.status, measure.result) == ("in_progress", "ประชุมแล้ว")
    assert proposal_of(fresh(measure)).progress == Progress("in_progress", "", "ประชุมแล้ว", "")


def test_parts_of_a_cancelled_measure_keep_its_reason(plan: Plan) -> None:
    measure = make_measure(plan, divisions=2, status="cancelled", status_reason="ไม่มีงบประมาณ")
    set_by_division(measure, True)
    assert {(part.status, part.status_reason) for part in measure.parts.all()} == {
        ("cancelled", "ไม่มีงบประมาณ")
    }


def test_switching_discards_no_part_and_carries_ticks_both_ways(
    shared: Measure, people: dict[str, User]
) -> None:
    first, second = shared.steps.order_by("position")
    save_part(part_of(shared, 1), 1, REPORT, people["staff"])
    for position in (1, 2):
        mark_part_step(part_of(shared, position), first, True, people["officer"], EARLIER)
    set_by_division(shared, False)
    assert days(shared) == [EARLIER, None]
    mark_step(first, False, people["officer"], TODAY)
    mark_step(second, True, people["officer"], TODAY)
    set_by_division(shared, True)
    assert part_of(shared, 1).result == "ประชุมแล้ว"
    assert days(shared) == [None, TODAY]
    assert set(PartTick.objects.values_list("part__division__position", "step__position", "done_on")) == {
        (1, 2, TODAY),
        (2, 2, TODAY),
    }


def test_a_part_stays_when_its_division_is_taken_away_and_is_there_again_when_it_is_given_back(
    plan: Plan, shared: Measure, people: dict[str, User], sign_in: SignIn
) -> None:
    first, second = plan.agency.divisions.order_by("position")
    save_part(part_of(shared, 2), 1, REPORT, people["other_staff"])
    save_outline(shared, 1, outline(shared, first))
    gone = part_of(shared, 2)
    with pytest.raises(NotAssigned):
        save_part(gone, 2, REPORT, people["other_staff"])
    assert "ไม่ได้รับผิดชอบแล้ว" in read(sign_in("officer").get(reverse("measure", args=[shared.pk]))).text
    save_outline(shared, 2, outline(shared, first, second))
    assert part_of(shared, 2) == gone
    assert part_of(shared, 2).result == "ประชุมแล้ว"
    assert fresh(shared).assigned_parts == [part_of(shared, 1), gone]


def test_a_division_that_was_a_slip_can_be_removed_from_the_list(
    plan: Plan, shared: Measure, people: dict[str, User]
) -> None:
    first, second = plan.agency.divisions.order_by("position")
    save_outline(shared, 1, outline(shared, first))
    people["other_staff"].divisions.clear()
    version = list_version([first, second])
    save_divisions(plan.agency, version, [(first.pk, first.name)])
    assert list(shared.parts.all()) == [part_of(shared, 1)]


def test_a_division_that_has_reported_stays_in_the_list(
    plan: Plan, shared: Measure, people: dict[str, User]
) -> None:
    first, second = plan.agency.divisions.order_by("position")
    save_part(part_of(shared, 2), 1, REPORT, people["other_staff"])
    save_outline(shared, 1, outline(shared, first))
    people["other_staff"].divisions.clear()
    with pytest.raises(DivisionInUse):
        save_divisions(plan.agency, list_version([first, second]), [(first.pk, first.name)])
    assert part_of(shared, 2).result == "ประชุมแล้ว"


def test_parts_are_made_once(shared: Measure) -> None:
    ensure_parts(shared)
    ensure_parts(shared, shared)
    assert shared.parts.count() == 2


# --- Steps ---------------------------------------------------------------------------------------------


def test_a_step_is_done_on_the_latest_day_once_every_part_has_ticked_it(
    shared: Measure, people: dict[str, User]
) -> None:
    step = shared.steps.order_by("position")[0]
    assert mark_part_step(part_of(shared, 1), step, True, people["staff"], TODAY)
    assert days(shared) == [None, None]
    mark_part_step(part_of(shared, 2), step, True, people["other_staff"], EARLIER)
    assert days(shared) == [TODAY, None]
    mark_part_step(part_of(shared, 1), step, False, people["staff"], TODAY)
    assert days(shared) == [None, None]
    assert [part_of(shared, position).status for position in (1, 2)] == ["in_progress", "in_progress"]
    shared.refresh_from_db()
    assert (shared.status, shared.version) == ("not_started", 1)


def test_a_cancelled_part_holds_no_step_up(shared: Measure, people: dict[str, User]) -> None:
    step = shared.steps.order_by("position")[0]
    mark_part_step(part_of(shared, 1), step, True, people["staff"], TODAY)
    save_part(part_of(shared, 2), 1, Progress("cancelled", "ไม่มีงาน", "", ""), people["other_staff"])
    assert days(shared) == [TODAY, None]
    save_part(part_of(shared, 2), 2, Progress("in_progress", "", "", ""), people["other_staff"])
    assert days(shared) == [None, None]


def test_a_part_that_is_done_can_tick_what_is_open_in_it(shared: Measure, people: dict[str, User]) -> None:
    done = Progress("done", "", "เสร็จ", "")
    save_part(part_of(shared, 1), 1, done, people["staff"], finish_steps_on=EARLIER)
    assert days(shared) == [None, None]
    save_part(part_of(shared, 2), 1, done, people["other_staff"], finish_steps_on=TODAY)
    assert days(shared) == [TODAY, TODAY]


def test_who_is_added_later_has_to_tick_too(plan: Plan, shared: Measure, people: dict[str, User]) -> None:
    first, second = plan.agency.divisions.order_by("position")
    step = shared.steps.order_by("position")[0]
    save_outline(shared, 1, outline(shared, first))
    mark_part_step(part_of(shared, 1), step, True, people["staff"], TODAY)
    assert days(shared) == [TODAY, None]
    save_outline(shared, 2, outline(shared, first, second))
    assert days(shared) == [None, None]
    save_outline(shared, 3, outline(shared, first))
    assert days(shared) == [TODAY, None]


def test_a_step_of_a_measure_with_parts_is_not_ticked_past_them(
    shared: Measure, people: dict[str, User]
) -> None:
    with pytest.raises(StaleEdit):
        mark_step(shared.steps.all()[0], True, people["staff"], TODAY)


# --- Joining -------------------------------------------------------------------------------------------


def test_a_part_that_changes_while_it_is_joined_is_marked_and_nothing_is_lost(
    shared: Measure, people: dict[str, User]
) -> None:
    save_part(part_of(shared, 1), 1, REPORT, people["staff"])
    proposal = proposal_of(fresh(shared))
    save_part(part_of(shared, 1), 2, Progress("done", "", "เสร็จแล้ว", ""), people["staff"])
    changed = save_joint(shared, 1, proposal.progress, people["officer"], proposal.versions)
    assert changed == ["กองที่ 1"]
    stored = fresh(shared)
    assert stored.result == "กองที่ 1: ประชุมแล้ว"
    assert [part.changed_since_joined for part in stored.assigned_parts] == [True, False]
    assert part_of(shared, 1).result == "เสร็จแล้ว"


def test_a_version_that_no_part_has_yet_is_not_believed(shared: Measure, people: dict[str, User]) -> None:
    ours = part_of(shared, 1).division_id
    save_joint(shared, 1, REPORT, people["officer"], {ours: 99, 123456: 1})
    assert fresh(shared).joined_parts == {}


# --- The page ------------------------------------------------------------------------------------------


def page_of(part: Part) -> str:
    return reverse("part", args=[part.pk])


def test_staff_report_on_their_own_part_and_read_the_others(
    shared: Measure, people: dict[str, User], sign_in: SignIn
) -> None:
    theirs = part_of(shared, 2)
    save_part(theirs, 1, Progress("in_progress", "", "ของอีกกอง", ""), people["other_staff"])
    page = read(sign_in("staff").get(reverse("measure", args=[shared.pk])))
    own = part_of(shared, 1)
    assert page.one("form", id="progress-form")["action"] == page_of(own)
    assert page.one("p", **{"class": "part-name"}).text == "ส่วนของกองที่ 1"
    assert "ของอีกกอง" in page.one(id="parts").text
    assert not page.one(id="parts").all("a", href=f"{page_of(theirs)}#progress")


def test_staff_save_their_own_part_and_the_measure_stays(
    shared: Measure, people: dict[str, User], sign_in: SignIn
) -> None:
    own = part_of(shared, 1)
    response = sign_in("staff").post(page_of(own), typed(own, status="in_progress", result="ประชุมแล้ว"))
    assert (response.status_code, response["Location"]) == (302, page_of(own))
    own.refresh_from_db()
    assert (own.status, own.result, own.version) == ("in_progress", "ประชุมแล้ว", 2)
    assert (own.reported_by, own.reported_at) == (people["staff"], timezone.now())
    shared.refresh_from_db()
    assert (shared.status, shared.result, shared.version) == ("not_started", "", 1)


def test_staff_cannot_report_on_the_part_of_another_division(shared: Measure, sign_in: SignIn) -> None:
    theirs, step = part_of(shared, 2), shared.steps.all()[0]
    staff = sign_in("staff")
    assert staff.post(page_of(theirs), typed(theirs, result="ไม่ใช่ของเรา")).status_code == 403
    tick = f"{reverse('tick_step', args=[step.pk])}?part={theirs.pk}"
    assert staff.post(tick, {"done": "1"}).status_code == 403
    theirs.refresh_from_db()
    assert (theirs.result, theirs.version) == ("", 1)
    assert not PartTick.objects.exists()


def test_two_people_of_one_division_see_both_values(
    shared: Measure, people: dict[str, User], sign_in: SignIn
) -> None:
    own = part_of(shared, 1)
    seen = typed(own, status="in_progress", result="ของฉัน")
    save_part(part_of(shared, 1), 1, REPORT, people["officer"])
    response = sign_in("staff").post(page_of(own), seen)
    page = read(response)
    assert response.status_code == 409
    assert "มีผู้อื่นบันทึกส่วนของกองที่ 1ไปก่อนแล้ว" in page.text
    assert page.one("textarea", id="id_result").value == "ของฉัน"
    assert "ประชุมแล้ว" in page.one("table", **{"class": "compare"}).text
    again = seen | {"version": page.one("input", name="version").value}
    assert sign_in("staff").post(page_of(own), again).status_code == 302
    own.refresh_from_db()
    assert own.result == "ของฉัน"


def test_a_tick_of_staff_is_of_their_own_part(shared: Measure, sign_in: SignIn) -> None:
    step = shared.steps.order_by("position")[0]
    response = sign_in("staff").post(reverse("tick_step", args=[step.pk]), {"done": "1"})
    own = part_of(shared, 1)
    assert response["Location"] == f"{page_of(own)}#steps"
    assert list(PartTick.objects.values_list("part", "step", "done_on")) == [(own.pk, step.pk, TODAY)]
    own.refresh_from_db()
    assert own.status == "in_progress"


def test_a_report_typed_when_all_reported_together_goes_on_in_ones_own_part(
    plan: Plan, sign_in: SignIn
) -> None:
    measure = make_measure(plan, divisions=2)
    seen = typed(measure, status="in_progress", result="พิมพ์ไว้ก่อน")
    set_by_division(measure, True)
    staff = sign_in("staff")
    response = staff.post(reverse("measure", args=[measure.pk]), seen)
    page = read(response)
    own = part_of(measure, 1)
    assert response.status_code == 409
    assert page.one("form", id="progress-form")["action"] == page_of(own)
    assert page.one("textarea", id="id_result").value == "พิมพ์ไว้ก่อน"
    own.refresh_from_db()
    measure.refresh_from_db()
    assert (own.result, measure.result) == ("", "")


def test_a_report_typed_for_a_part_goes_on_in_the_measure_once_all_report_together(
    shared: Measure, sign_in: SignIn
) -> None:
    own = part_of(shared, 1)
    set_by_division(shared, False)
    response = sign_in("staff").post(page_of(own), typed(own, status="in_progress", result="พิมพ์ไว้ก่อน"))
    page = read(response)
    assert response.status_code == 409
    assert page.one("form", id="progress-form")["action"] == reverse("measure", args=[shared.pk])
    assert page.one("textarea", id="id_result").value == "พิมพ์ไว้ก่อน"


@pytest.mark.parametrize("who", ["staff", "officer"])
def test_a_division_that_is_removed_while_its_part_is_open_loses_nothing_of_what_was_typed(
    plan: Plan, shared: Measure, sign_in: SignIn, who: str
) -> None:
    own = part_of(shared, 1)
    save_outline(shared, 1, outline(shared, plan.agency.divisions.get(position=2)))
    response = sign_in(who).post(page_of(own), typed(own, status="in_progress", result="พิมพ์ไว้ก่อน"))
    page = read(response)
    assert response.status_code == 409
    assert "กองที่ 1ไม่ได้รับผิดชอบส่วนนี้แล้ว" in page.text
    assert "พิมพ์ไว้ก่อน" in page.text
    own.refresh_from_db()
    assert own.result == ""


def test_the_officer_joins_edits_and_saves(shared: Measure, people: dict[str, User], sign_in: SignIn) -> None:
    save_part(part_of(shared, 1), 1, REPORT, people["staff"])
    officer, address = sign_in("officer"), reverse("measure", args=[shared.pk])
    page = read(officer.get(address))
    assert "ยังไม่ได้รวมผล" in page.one(id="parts").text
    page = read(officer.get(f"{address}?join=1"))
    assert page.one("textarea", id="id_result").value == "กองที่ 1: ประชุมแล้ว"
    assert page.one("input", name="status", checked="").value == "in_progress"
    sent = {
        "version": page.one("input", name="version").value,
        "joined": page.one("input", name="joined").value,
        "status": "in_progress",
        "result": "สรุปแล้ว",
    }
    assert officer.post(address, sent).status_code == 302
    stored = fresh(shared)
    assert (stored.result, stored.version) == ("สรุปแล้ว", 2)
    assert not any(part.changed_since_joined for part in stored.assigned_parts)
    save_part(part_of(shared, 2), 1, REPORT, people["other_staff"])
    assert "เปลี่ยนหลังรวมผล" in read(officer.get(address)).one(id="parts").text


def test_the_officer_reports_for_a_division(shared: Measure, sign_in: SignIn) -> None:
    theirs = part_of(shared, 2)
    response = sign_in("officer").post(
        page_of(theirs), typed(theirs, status="in_progress", result="โทรถามแล้ว")
    )
    assert response.status_code == 302
    theirs.refresh_from_db()
    assert theirs.result == "โทรถามแล้ว"


def test_evidence_of_staff_belongs_to_their_part(shared: Measure, sign_in: SignIn) -> None:
    proof = {
        "evidence-title": "ภาพถ่าย",
        "evidence-address": "https://www.example.go.th/1",
        "evidence-effective_on": "31/1/2566",
    }
    add = reverse("add_evidence", args=[shared.pk])
    assert sign_in("staff").post(f"{add}?part={part_of(shared, 2).pk}", proof).status_code == 302
    evidence = shared.evidence.get()
    assert evidence.part == part_of(shared, 1)
    remove = reverse("remove_evidence", args=[evidence.pk])
    assert sign_in("other_staff").post(remove).status_code == 403
    page = read(sign_in("executive").get(reverse("measure", args=[shared.pk])))
    assert "ส่วนของกองที่ 1" in page.one(id="evidence").text


def test_a_person_of_two_divisions_chooses_the_part(
    shared: Measure, people: dict[str, User], sign_in: SignIn
) -> None:
    people["staff"].divisions.set(shared.plan.agency.divisions.all())
    page = read(sign_in("staff").get(page_of(part_of(shared, 2))))
    choice = page.one("nav", **{"class": "pills own-parts"})
    assert [link["href"] for link in choice.all("a")] == [page_of(part_of(shared, n)) for n in (1, 2)]
    assert choice.one("a", **{"aria-current": "true"}).text == "กองที่ 2"


def test_a_closed_plan_refuses_parts(shared: Measure, sign_in: SignIn) -> None:
    Plan.objects.update(closed_at=timezone.now())
    own = part_of(shared, 1)
    assert sign_in("staff").post(page_of(own), typed(own, result="สาย")).status_code == 403


def test_another_agency_has_no_part(shared: Measure, sign_in: SignIn) -> None:
    own = part_of(shared, 1)
    stranger: Client = sign_in("stranger")
    assert stranger.get(page_of(own)).status_code == 404
    assert stranger.post(page_of(own), typed(own)).status_code == 404
