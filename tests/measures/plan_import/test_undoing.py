"""An applied import is put back: all of it, as long as nothing else has changed what it left."""

from datetime import date
from typing import Any, Final

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Division, User
from core.locking import StaleEdit
from measures.models import (
    Comment,
    Evidence,
    Measure,
    Part,
    PartTick,
    Plan,
    PlanImport,
    Responsibility,
    Step,
)
from measures.outline.services import drop_measure, set_due
from measures.plan_import.services import apply, take_in
from measures.plan_import.undoing import ImportChanged, undo, undoing_of
from measures.progress.services import Progress, mark_step, save_progress
from tests.conftest import SignIn
from tests.support.factories import YEAR, make_evidence, make_measure
from tests.support.html import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]

HEAD: Final = "ตัวชี้วัดที่\tมาตรการ\tขั้นตอน\tผู้รับผิดชอบ\tกำหนดแล้วเสร็จ\tผลการดำเนินงาน"


def text(*rows: str) -> bytes:
    return "\n".join([HEAD, *rows]).encode()


def state(plan: Plan) -> list[Any]:
    """All that the plan says, with the keys of its steps; versions and moments of saving aside."""
    return [
        list(
            Measure.objects.filter(plan=plan)
            .order_by("pk")
            .values("pk", "title", "first_step", "due_text", "due_on", "status", "status_reason", "result")
        ),
        list(
            Measure.objects.filter(plan=plan).order_by("pk").values("obstacle", "reported_by", "reported_at")
        ),
        list(Step.objects.order_by("pk").values("pk", "measure", "parent", "position", "text", "done_on")),
        sorted(Responsibility.objects.values_list("measure", "division", "position")),
        list(Evidence.objects.order_by("pk").values("pk", "step")),
        sorted(PartTick.objects.values_list("part", "step", "done_on")),
        list(Division.objects.order_by("pk").values_list("pk", "name")),
    ]


@pytest.fixture
def there(plan: Plan, people: dict[str, User]) -> Measure:
    """A measure with everything that an import can change."""
    measure = make_measure(plan, "จัดทำคู่มือ", steps=3, divisions=2)
    steps = list(measure.steps.order_by("position"))
    child = Step.objects.create(measure=measure, parent=steps[1], position=4, text="ขั้นย่อย")
    Step.objects.filter(pk__in=[steps[0].pk, steps[2].pk]).update(done_on=date(2023, 1, 5))
    proof = make_evidence(measure)
    Evidence.objects.filter(pk=proof.pk).update(step=child)
    part = Part.objects.create(measure=measure, division=measure.divisions.order_by("position")[0])
    PartTick.objects.create(part=part, step=steps[1], done_on=date(2023, 1, 9))
    return measure


@pytest.fixture
def before(plan: Plan, there: Measure) -> list[Any]:
    return state(plan)


@pytest.fixture
def applied(plan: Plan, people: dict[str, User], before: list[Any]) -> PlanImport:
    """An import that changes the measure in every way, and makes another one with a new division."""
    rows = (
        "1\tจัดทำคู่มือ\t1. ขั้นที่ 1\tกองใหม่\tมีนาคม 2566\tแล้วเสร็จ",
        "\t\t2. ขั้นใหม่\t\t\t",
        "2\tเพิ่มใหม่\t1. ก\tกองที่ 1\tเมษายน 2566\t",
    )
    taken = take_in(plan, "", text(*rows), people["officer"])
    apply(taken, people["officer"])
    return PlanImport.objects.select_related("plan__agency").get(pk=taken.pk)


def made_one(plan: Plan) -> Measure:
    return Measure.objects.get(plan=plan, title="เพิ่มใหม่")


# --- What comes back --------------------------------------------------------------------------------


def test_everything_is_as_it_was_before(
    plan: Plan, people: dict[str, User], before: list[Any], applied: PlanImport, there: Measure
) -> None:
    assert state(plan) != before
    done = undo(applied, people["officer"])
    assert (done.made, done.changed) == (["เพิ่มใหม่"], ["จัดทำคู่มือ"])
    assert state(plan) == before
    applied.refresh_from_db()
    assert (applied.applied_at, applied.changes) == (None, {})
    assert (applied.undone_by, applied.undone_at is not None) == (people["officer"], True)


def test_it_can_be_applied_again_and_put_back_again(
    plan: Plan, people: dict[str, User], before: list[Any], applied: PlanImport
) -> None:
    undo(applied, people["officer"])
    apply(applied, people["officer"])
    assert applied.undone_at is None
    assert made_one(plan).title == "เพิ่มใหม่"
    undo(applied, people["officer"])
    assert state(plan) == before


def test_a_step_whose_day_applying_has_moved_gets_it_back(
    plan: Plan, people: dict[str, User], before: list[Any], applied: PlanImport, there: Measure
) -> None:
    """With other divisions a step can count as done no more: applying says so, and keeps it so."""
    step = there.steps.get(text="ขั้นที่ 1")
    Step.objects.filter(pk=step.pk).update(done_on=None)
    (entry,) = [each for each in applied.changes["measures"] if each["id"] == there.pk]
    entry["after"]["done"][str(step.pk)] = None
    applied.save()
    undo(applied, people["officer"])
    assert state(plan) == before


def test_the_history_keeps_both_and_a_stale_form_is_found(
    there: Measure, people: dict[str, User], applied: PlanImport
) -> None:
    left = Measure.objects.get(pk=there.pk)
    lines = Measure.history.filter(id=there.pk).count()
    undo(applied, people["officer"])
    assert Measure.history.filter(id=there.pk).count() == lines + 1
    with pytest.raises(StaleEdit):
        save_progress(left, left.version, Progress("done", "", "x", ""), people["staff"])
    with pytest.raises(StaleEdit):
        set_due(left, left.outline_version, date(2023, 5, 1))


def test_a_division_that_somebody_uses_by_now_stays(
    plan: Plan, people: dict[str, User], applied: PlanImport
) -> None:
    people["staff"].divisions.add(Division.objects.get(name="กองใหม่"))
    undo(applied, people["officer"])
    assert Division.objects.filter(name="กองใหม่").exists()


def test_measures_that_were_made_and_deleted_since_are_no_hindrance(
    plan: Plan, people: dict[str, User], before: list[Any], applied: PlanImport
) -> None:
    drop_measure(made_one(plan))
    assert undo(applied, people["officer"]).made == []
    assert state(plan) == before


def test_it_asks_no_more_for_a_large_plan(plan: Plan, people: dict[str, User]) -> None:
    def queries(count: int) -> int:
        rows = [f"1\tมาตรการ {count} {n}\t1. ก\tกองที่ 1\t\t" for n in range(count)]
        first = take_in(plan, "", text(*rows), None)
        apply(first, None)
        again = take_in(plan, "", text(*(row.replace("1. ก", "1. ข") for row in rows)), None)
        apply(again, None)
        with CaptureQueriesContext(connection) as looked:
            undoing_of(again)
        undo(again, None)
        return len(looked)

    assert queries(3) == queries(30)


# --- What stands in the way -------------------------------------------------------------------------


def report(plan: Plan, there: Measure, person: User) -> None:
    measure = Measure.objects.get(pk=there.pk)
    save_progress(measure, measure.version, Progress("done", "", "ผลใหม่", ""), person)


def change_plan(plan: Plan, there: Measure, person: User) -> None:
    measure = Measure.objects.get(pk=there.pk)
    set_due(measure, measure.outline_version, date(2023, 6, 1))


def tick(plan: Plan, there: Measure, person: User) -> None:
    mark_step(there.steps.get(text="ขั้นใหม่"), True, person, date(2023, 2, 1))


def prove_new_step(plan: Plan, there: Measure, person: User) -> None:
    proof = make_evidence(there, "ใหม่")
    Evidence.objects.filter(pk=proof.pk).update(step=there.steps.get(text="ขั้นใหม่"))


def tick_as_part(plan: Plan, there: Measure, person: User) -> None:
    part, step = there.parts.get(), there.steps.get(text="ขั้นใหม่")
    PartTick.objects.create(part=part, step=step, done_on=date(2023, 2, 1))


def drop(plan: Plan, there: Measure, person: User) -> None:
    drop_measure(Measure.objects.get(pk=there.pk))


def drop_division(plan: Plan, there: Measure, person: User) -> None:
    second = plan.agency.divisions.get(name="กองที่ 2")
    person.divisions.clear()
    second.delete()


def prove(plan: Plan, there: Measure, person: User) -> None:
    make_evidence(made_one(plan))


def comment(plan: Plan, there: Measure, person: User) -> None:
    Comment.objects.create(measure=made_one(plan), text="ดู", written_by=person, written_at=timezone.now())


def report_part(plan: Plan, there: Measure, person: User) -> None:
    made = made_one(plan)
    Part.objects.create(
        measure=made, division=made.divisions.get(), reported_by=person, reported_at=timezone.now()
    )


@pytest.mark.parametrize(
    ("do", "title", "what"),
    [
        (report, "จัดทำคู่มือ", "รายงานผล"),
        (change_plan, "จัดทำคู่มือ", "แผน"),
        (tick, "จัดทำคู่มือ", "ขั้นตอน"),
        (prove_new_step, "จัดทำคู่มือ", "ใช้ขั้นตอนที่นำเข้าแล้ว"),
        (tick_as_part, "จัดทำคู่มือ", "ใช้ขั้นตอนที่นำเข้าแล้ว"),
        (drop, "จัดทำคู่มือ", "ถูกลบ"),
        (drop_division, "จัดทำคู่มือ", "ส่วนราชการที่รับผิดชอบเดิมถูกลบ"),
        (prove, "เพิ่มใหม่", "มีหลักฐาน"),
        (comment, "เพิ่มใหม่", "มีความเห็น"),
        (report_part, "เพิ่มใหม่", "ส่วนราชการรายงานแล้ว"),
    ],
)
def test_what_was_changed_since_is_named_and_nothing_is_put_back(
    sign_in: SignIn,
    plan: Plan,
    people: dict[str, User],
    applied: PlanImport,
    there: Measure,
    do: Any,
    title: str,
    what: str,
) -> None:
    do(plan, there, people["other_staff"])
    left = state(plan)
    with pytest.raises(ImportChanged) as refused:
        undo(applied, people["officer"])
    (changed,) = refused.value.measures
    assert changed.title == title
    assert what in changed.what
    assert state(plan) == left
    applied = PlanImport.objects.get(pk=applied.pk)
    assert applied.applied_at is not None
    path = reverse("import_undo", args=[applied.pk])
    officer = sign_in("officer")
    page = read(officer.post(path))
    assert f"{title}: " in page.one("div", "errors").text
    assert what in page.one("div", "errors").text
    assert officer.post(path).status_code == 409
    # Who only looks is told the same, and has no button.
    assert read(officer.get(path)).one("main").all("button", "primary") == []


# --- The pages --------------------------------------------------------------------------------------


def test_the_officer_finds_the_way_back_and_is_asked_once(
    sign_in: SignIn, plan: Plan, before: list[Any], applied: PlanImport
) -> None:
    officer, path = sign_in("officer"), reverse("import_undo", args=[applied.pk])
    for page in (reverse("edit_plan", args=[YEAR]), reverse("import_preview", args=[applied.pk])):
        assert read(officer.get(page)).one("main").all("a", href=path), page
    asked = read(officer.get(path)).one("main").text
    assert "นำออกจากแผน 1 มาตรการที่การนำเข้าเพิ่ม เพิ่มใหม่" in asked
    assert "คืนค่าก่อนนำเข้า 1 มาตรการ จัดทำคู่มือ" in asked
    assert state(plan) != before
    done = officer.post(path, follow=True)
    assert "ย้อนการนำเข้าแล้ว นำออก 1 มาตรการ คืนค่าเดิม 1 มาตรการ" in done.content.decode()
    assert state(plan) == before
    assert path not in officer.get(reverse("edit_plan", args=[YEAR])).content.decode()
    kept = officer.get(reverse("import_preview", args=[applied.pk])).content.decode()
    assert "ย้อนการนำเข้าชุดนี้แล้วเมื่อ 1 ก.พ. 2566 10:00 น." in kept
    for again in (officer.get(path), officer.post(path)):
        assert again.status_code == 404
        assert "ย้อนกลับไปแล้ว" in again.content.decode()


def test_an_import_from_before_this_was_kept_has_no_way_back(
    sign_in: SignIn, plan: Plan, applied: PlanImport
) -> None:
    PlanImport.objects.update(changes={})
    path = reverse("import_undo", args=[applied.pk])
    assert sign_in("officer").get(path).status_code == 404
    assert path not in sign_in("officer").get(reverse("edit_plan", args=[YEAR])).content.decode()


def test_a_closed_plan_gives_nothing_back(plan: Plan, people: dict[str, User], applied: PlanImport) -> None:
    Plan.objects.update(closed_at=timezone.now())
    with pytest.raises(StaleEdit):
        undo(applied, people["officer"])


def test_of_two_at_once_one_puts_it_back(people: dict[str, User], applied: PlanImport) -> None:
    same = PlanImport.objects.get(pk=applied.pk)
    undo(applied, people["officer"])
    with pytest.raises(StaleEdit):
        undo(same, people["officer"])
