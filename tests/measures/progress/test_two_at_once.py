"""Two people at the same moment, in two real transactions on two connections: nothing is lost or doubled."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier
from typing import Any, Final

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.utils import timezone

from accounts.divisions.services import list_version, save_divisions
from accounts.models import User
from core.locking import StaleEdit
from measures.evidence.hiding import hide, show_again
from measures.models import Evidence, Indicator, Measure, Plan, SavedFilter, Step
from measures.outline.services import Outline, OutlineStep, create_measure, move_measure, save_outline
from measures.plan_list.forms import Chosen
from measures.plan_list.services import save_filter
from measures.progress.services import EarlierReport, Progress, mark_step, put_back, save_progress
from measures.status import Status
from reports.models import Edition, RoundState, Submission
from reports.new_year.services import open_year
from reports.renderers import FORMATS, Rendered
from reports.rounds.services import approve, give_back, submit
from tests.support.factories import YEAR, make_evidence, make_measure
from tests.support.thorough import THOROUGH
from tests.support.work import WITHOUT_END

pytestmark = pytest.mark.django_db(transaction=True)

TODAY: Final = date(2023, 2, 1)
# Whoever comes first is another each time.
ATTEMPTS: Final = range(3 if THOROUGH else 1)


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Start all jobs together, each with its own connection; what each returned or raised."""
    together = Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        try:
            together.wait(timeout=WITHOUT_END)
            return job()
        except (StaleEdit, ValidationError) as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def outline(measure: Measure, title: str) -> Outline:
    steps = tuple(OutlineStep(step.pk, step.text, 1) for step in measure.steps.order_by("position"))
    return Outline(
        indicator=measure.indicator,
        title=title,
        due_text=measure.due_text,
        due_on=measure.due_on,
        first_step=measure.first_step,
        division_ids=tuple(party.pk for party in measure.parties),
        steps=steps,
        by_division=measure.by_division,
    )


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_of_two_reports_on_one_version_exactly_one_is_stored(
    people: dict[str, User], measure: Measure, attempt: int
) -> None:
    def report(result: str, person: str) -> Callable[[], None]:
        mine = Measure.objects.get(pk=measure.pk)
        progress = Progress(Status.IN_PROGRESS, "", result, "")
        return lambda: save_progress(mine, 1, progress, people[person])

    ended = at_once(report("ของกอง", "staff"), report("ของเจ้าหน้าที่ ITA", "officer"))
    assert sorted(type(end).__name__ for end in ended) == ["NoneType", "StaleEdit"]
    winner = ("ของกอง", "staff") if ended[0] is None else ("ของเจ้าหน้าที่ ITA", "officer")
    measure.refresh_from_db()
    assert measure.version == 2
    assert measure.reported_by is not None
    assert (measure.result, measure.reported_by.username) == winner
    assert measure.history.filter(result__gt="").count() == 1


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_of_a_report_and_a_save_put_back_exactly_one_is_stored(
    people: dict[str, User], measure: Measure, attempt: int
) -> None:
    save_progress(measure, 1, Progress(Status.IN_PROGRESS, "", "ผิด", ""), people["staff"])
    mine, theirs = Measure.objects.get(pk=measure.pk), Measure.objects.get(pk=measure.pk)
    earlier = EarlierReport(timezone.now(), {"result": ("", "ผิด")}, {})
    ended = at_once(
        lambda: put_back(mine, earlier, people["staff"]),
        lambda: save_progress(theirs, 2, Progress(Status.DONE, "", "ถูก", ""), people["officer"]),
    )
    assert len([end for end in ended if isinstance(end, StaleEdit)]) == 1
    measure.refresh_from_db()
    assert measure.version == 3
    assert (measure.result, measure.status) == (("", "in_progress") if ended[0] is None else ("ถูก", "done"))


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_save_is_put_back_once(people: dict[str, User], measure: Measure, attempt: int) -> None:
    step = measure.steps.all()[0]
    mark_step(step, True, people["staff"], TODAY)
    earlier = EarlierReport(timezone.now(), {}, {step.pk: (None, TODAY)})
    ended = at_once(*[lambda: put_back(measure, earlier, people["staff"])] * 2)
    assert sorted(type(end).__name__ for end in ended) == ["ChangedSince", "NoneType"]
    step.refresh_from_db()
    assert step.done_on is None


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_of_two_changes_of_the_plan_exactly_one_is_stored(plan: Plan, measure: Measure, attempt: int) -> None:
    def edit(title: str) -> Callable[[], None]:
        mine = Measure.objects.get(pk=measure.pk)
        return lambda: save_outline(mine, 1, outline(mine, title))

    ended = at_once(edit("ชื่อหนึ่ง"), edit("ชื่อสอง"))
    assert sorted(type(end).__name__ for end in ended) == ["NoneType", "StaleEdit"]
    measure.refresh_from_db()
    assert measure.title == ("ชื่อหนึ่ง" if ended[0] is None else "ชื่อสอง")
    assert measure.outline_version == 2
    assert measure.steps.count() == 2


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_report_and_a_change_of_the_plan_do_not_disturb_each_other(
    people: dict[str, User], measure: Measure, attempt: int
) -> None:
    reporting, editing = Measure.objects.get(pk=measure.pk), Measure.objects.get(pk=measure.pk)
    progress = Progress(Status.DONE, "", "ผล", "ปัญหา")
    changed = outline(editing, "ชื่อใหม่")
    ended = at_once(
        lambda: save_progress(reporting, 1, progress, people["staff"], finish_steps_on=TODAY),
        lambda: save_outline(editing, 1, changed),
    )
    assert ended == [None, None]
    measure.refresh_from_db()
    assert (measure.title, measure.status, measure.result, measure.obstacle) == (
        "ชื่อใหม่",
        "done",
        "ผล",
        "ปัญหา",
    )
    assert (measure.version, measure.outline_version) == (2, 2)
    assert measure.steps.filter(done_on=TODAY).count() == 2


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_two_ticks_of_two_steps_both_count_and_start_the_measure_once(
    people: dict[str, User], measure: Measure, attempt: int
) -> None:
    def tick(step: Step, person: str) -> Callable[[], bool]:
        return lambda: mark_step(step, True, people[person], TODAY)

    first, second = measure.steps.order_by("position")
    assert sorted(at_once(tick(first, "staff"), tick(second, "officer"))) == [False, True]
    measure.refresh_from_db()
    assert (measure.status, measure.version) == (Status.IN_PROGRESS, 2)
    assert measure.steps.filter(done_on=TODAY).count() == 2


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_two_ticks_of_one_step_are_one(people: dict[str, User], measure: Measure, attempt: int) -> None:
    step = measure.steps.order_by("position")[0]
    jobs = [
        lambda name=name: mark_step(Step.objects.get(pk=step.pk), True, people[name], TODAY)
        for name in ("staff", "officer")
    ]
    assert sorted(at_once(*jobs)) == [False, True]
    assert step.history.filter(done_on=TODAY).count() == 1


def test_of_two_lists_of_divisions_exactly_one_is_stored(plan: Plan) -> None:
    agency = plan.agency
    stored = list(agency.divisions.order_by("position"))
    version = list_version(stored)

    def rename(name: str) -> Callable[[], None]:
        wanted: list[tuple[int | None, str]] = [(stored[0].pk, name), (stored[1].pk, stored[1].name)]
        return lambda: save_divisions(agency, version, wanted)

    ended = at_once(rename("สำนักปลัด"), rename("สำนักงานปลัด"))
    assert sorted(type(end).__name__ for end in ended) == ["NoneType", "StaleEdit"]
    assert agency.divisions.get(pk=stored[0].pk).name == ("สำนักปลัด" if ended[0] is None else "สำนักงานปลัด")


def test_measures_that_are_moved_at_once_keep_places_of_their_own(plan: Plan) -> None:
    made = [make_measure(plan, f"มาตรการ {n}", position=n) for n in range(1, 5)]
    at_once(lambda: move_measure(made[3], -1), lambda: move_measure(made[0], 1))
    places = sorted(Measure.objects.values_list("position", flat=True))
    assert places == [1, 2, 3, 4]


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_report_and_a_move_do_not_wait_for_each_other(
    people: dict[str, User], plan: Plan, attempt: int
) -> None:
    made = [make_measure(plan, f"มาตรการ {n}", position=n) for n in range(1, 4)]
    reporting = Measure.objects.get(pk=made[0].pk)
    progress = Progress(Status.IN_PROGRESS, "", "ผล", "")
    at_once(
        lambda: save_progress(reporting, 1, progress, people["staff"]),
        lambda: move_measure(made[2], -2),
    )
    reporting.refresh_from_db()
    assert (reporting.result, reporting.position) == ("ผล", 2)


def test_a_year_that_two_people_open_is_opened_once(plan: Plan) -> None:
    first, second = at_once(*[lambda: open_year(plan.agency, YEAR + 1)] * 2)
    assert first == second
    assert first.rounds.count() == 2


def test_two_new_measures_of_one_indicator_are_both_stored(plan: Plan) -> None:
    indicator = Indicator.objects.get(number=3)

    def add(title: str) -> Callable[[], Measure]:
        new = Outline(indicator, title, "", None, 1, (), (OutlineStep(None, "ขั้น", 1),))
        return lambda: create_measure(plan, new)

    at_once(add("หนึ่ง"), add("สอง"))
    assert set(Measure.objects.values_list("title", flat=True)) == {"หนึ่ง", "สอง"}
    assert Step.objects.count() == 2
    assert sorted(Measure.objects.values_list("position", flat=True)) == [1, 2]


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_of_two_approvals_exactly_one_makes_an_edition(
    people: dict[str, User], plan: Plan, attempt: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What is in the file is another test's question; the two should meet at the database.
    monkeypatch.setitem(FORMATS, "pdf", replace(FORMATS["pdf"], make=lambda _: Rendered(b"%PDF-")))
    make_measure(plan, status="done")
    round_ = plan.rounds.select_related("plan__agency").get(months=12)
    submission = submit(round_, people["officer"])

    def approval() -> Edition:
        mine = Submission.objects.select_related("round__plan__agency").get(pk=submission.pk)
        return approve(mine, people["executive"], "https://ita.example.go.th/")

    ended = at_once(approval, approval)
    assert sorted(type(end).__name__ for end in ended) == ["Edition", "StaleEdit"]
    assert Edition.objects.count() == 1
    assert Plan.objects.get(pk=plan.pk).is_closed


def test_approving_and_returning_at_once_does_one_of_them(people: dict[str, User], plan: Plan) -> None:
    make_measure(plan, status="done")
    round_ = plan.rounds.select_related("plan__agency").get(months=6)
    submission = submit(round_, people["officer"])

    def mine() -> Submission:
        return Submission.objects.select_related("round__plan__agency").get(pk=submission.pk)

    ended = at_once(
        lambda: approve(mine(), people["executive"], "https://ita.example.go.th/"),
        lambda: give_back(mine(), people["executive"], "ขาดภาพถ่าย"),
    )
    assert sum(isinstance(end, StaleEdit) for end in ended) == 1
    round_.refresh_from_db()
    assert (round_.state == RoundState.APPROVED) == Edition.objects.exists()


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_of_two_who_hide_evidence_exactly_one_is_logged(
    people: dict[str, User], measure: Measure, attempt: int
) -> None:
    proof = make_evidence(measure)
    proof.public = proof.in_edition = True
    proof.save()

    def act(doing: Callable[[Evidence, User, str], bool], person: str) -> Callable[[], bool]:
        mine = Evidence.objects.with_hiding().get(pk=proof.pk)
        return lambda: doing(mine, people[person], "ผิดไฟล์")

    for doing, public in ((hide, False), (show_again, True)):
        assert sorted(at_once(act(doing, "staff"), act(doing, "officer"))) == [False, True]
        proof.refresh_from_db()
        assert proof.public == public
    assert list(proof.hidings.order_by("pk").values_list("hidden", flat=True)) == [True, False]


@pytest.mark.parametrize(
    ("there", "names"), [(SavedFilter.MAX - 1, "กข"), (0, "กก")], ids=["the last", "one name"]
)
@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_of_two_windows_that_keep_a_filter_the_second_is_refused_in_words(
    people: dict[str, User], plan: Plan, there: int, names: str, attempt: int
) -> None:
    officer, chosen = people["officer"], Chosen(status="late")
    for number in range(there):
        save_filter(officer, plan, f"ชื่อ {number}", chosen)
    ended = at_once(*(lambda name=name: save_filter(officer, plan, name, chosen) for name in names))
    assert sorted(type(end).__name__ for end in ended) == ["SavedFilter", "ValidationError"]
    assert SavedFilter.objects.count() == there + 1
