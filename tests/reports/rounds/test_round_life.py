"""What a round asks before it moves on, what is taken back, and what a correction shows first."""

from datetime import date, datetime, timedelta
from threading import Barrier, Thread
from typing import Final

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from time_machine import TimeMachineFixture

from accounts.models import User
from core.locking import StaleEdit
from measures.models import Evidence, Measure, Plan
from reports.models import Edition, Round, RoundState, Submission, SubmissionOutcome
from reports.rounds.services import (
    NothingToReport,
    approve,
    give_back,
    publish,
    reopen,
    submit,
    withdraw,
)
from reports.rounds.standing import RoundStanding, standing_of
from tests.conftest import SignIn
from tests.support.factories import OFFICE, PASSWORD, YEAR, make_evidence, make_measure
from tests.support.html import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february", "nothing_written")]

ADDRESS: Final = "https://ita.example.go.th/public/here/2566/6/"
DAY: Final = datetime(2023, 2, 1, 10, tzinfo=OFFICE)
CONFIRMED: Final = {"confirmed": "1"}


@pytest.fixture
def told(plan: Plan) -> Measure:
    """A measure on which nothing is missing."""
    return make_measure(plan, "ประกาศนโยบาย", status="in_progress", result="ประกาศแล้ว", reported_at=DAY)


def round_of(plan: Plan, months: int = 6) -> Round:
    return plan.rounds.select_related("plan__agency").with_decisions().get(months=months)


def address(name: str, months: int = 6) -> str:
    return reverse(name, args=[YEAR, months])


def approved(round_: Round, people: dict[str, User]) -> Edition:
    return approve(submit(round_, people["officer"]), people["executive"], ADDRESS)


# --- Before it is submitted -------------------------------------------------------------------------


def test_a_plan_without_measures_is_not_submitted(
    sign_in: SignIn, plan: Plan, people: dict[str, User]
) -> None:
    with pytest.raises(NothingToReport):
        submit(round_of(plan), people["officer"])
    officer = sign_in("officer")
    page = read(officer.get(address("report")))
    assert "ยังไม่มีมาตรการ" in page.text
    assert not page.all("form", action=address("submit_round"))
    refused = officer.post(address("submit_round"), CONFIRMED)
    assert refused.status_code == 422
    assert "กรุณาเพิ่มมาตรการในแผนก่อน" in refused.content.decode()
    assert not Submission.objects.exists()
    assert round_of(plan).state == RoundState.OPEN


def test_submitting_before_the_end_asks_once_with_the_days_that_are_left(
    sign_in: SignIn, told: Measure
) -> None:
    officer = sign_in("officer")
    asked = officer.post(address("submit_round"))
    assert asked.status_code == 200
    page = asked.content.decode()
    assert "รอบ 6 เดือนยังเหลืออีก 58 วัน จะส่งตอนนี้หรือไม่" in page
    assert "ส่งตอนนี้" in page
    assert not Submission.objects.exists()
    # One way to go on and one to stay: the button that asked is gone.
    assert page.count(f'action="{address("submit_round")}"') == 1
    assert officer.post(address("submit_round"), CONFIRMED).status_code == 302
    assert Submission.objects.count() == 1


def test_the_question_names_the_divisions_that_have_not_reported(sign_in: SignIn, plan: Plan) -> None:
    make_measure(plan, status="in_progress", reported_at=datetime(2022, 9, 1, tzinfo=OFFICE), divisions=2)
    page = sign_in("officer").post(address("submit_round")).content.decode()
    assert "ยังมี 2 ส่วนราชการที่ยังไม่รายงานในรอบนี้: กองที่ 1, กองที่ 2" in page


@pytest.mark.parametrize(
    "day", [datetime(2023, 3, 31, 9, tzinfo=OFFICE), datetime(2023, 5, 1, tzinfo=OFFICE)]
)
def test_nothing_is_asked_on_the_last_day_and_after(
    sign_in: SignIn, told: Measure, time_machine: TimeMachineFixture, day: datetime
) -> None:
    officer = sign_in("officer")
    time_machine.move_to(day)
    assert officer.post(address("submit_round")).status_code == 302


def test_what_is_missing_is_said_before_anything_is_asked(sign_in: SignIn, measure: Measure) -> None:
    refused = sign_in("officer").post(address("submit_round"))
    assert refused.status_code == 422
    assert "ยังเหลืออีก" not in refused.content.decode()


# --- Taken back -------------------------------------------------------------------------------------


def test_what_was_taken_back_can_be_mended_and_submitted_again(
    sign_in: SignIn, plan: Plan, told: Measure, people: dict[str, User]
) -> None:
    submission = submit(round_of(plan), people["officer"])
    officer = sign_in("officer")
    page = officer.get(address("report")).content.decode()
    assert "ถอนรายงานคืน" in page
    answer = officer.post(address("withdraw_round"), {"submission": submission.pk}, follow=True)
    assert "ถอนรายงานคืนแล้ว แก้ไขแล้วส่งใหม่ได้จากหน้านี้" in answer.content.decode()
    submission.refresh_from_db()
    assert (submission.outcome, submission.decided_by) == (SubmissionOutcome.WITHDRAWN, people["officer"])
    assert submission.reason == ""
    round_ = round_of(plan)
    assert (round_.state, round_.returned_reason) == (RoundState.OPEN, "")
    assert standing_of(round_, date(2023, 2, 1)) == RoundStanding.OPEN
    assert officer.post(address("submit_round"), CONFIRMED).status_code == 302


def test_the_way_and_the_history_name_who_took_it_back(
    sign_in: SignIn, plan: Plan, told: Measure, people: dict[str, User]
) -> None:
    withdraw(submit(round_of(plan), people["officer"]), people["officer"])
    steps = read(sign_in("executive").get(address("report"))).one("ol", "stepper").all("li")
    assert "officer" in steps[0].text
    assert "ถอนคืน 1 ก.พ. 2566" in steps[0].text
    assert "ส่งครั้งก่อน" in steps[1].text
    history = read(sign_in("staff").get(address("round_history"))).one("ol", "timeline")
    assert any("ถอนรายงานที่ส่งคืน" in row.text and "officer" in row.text for row in history.all("li"))


def test_a_reason_to_mend_outlives_what_was_taken_back(
    plan: Plan, told: Measure, people: dict[str, User]
) -> None:
    give_back(submit(round_of(plan), people["officer"]), people["executive"], "ขาดภาพถ่าย")
    withdraw(submit(round_of(plan), people["officer"]), people["officer"])
    assert round_of(plan).returned_reason == "ขาดภาพถ่าย"


def test_evidence_may_go_again_once_the_report_was_taken_back(
    plan: Plan, told: Measure, people: dict[str, User]
) -> None:
    proof = make_evidence(told)
    submission = submit(round_of(plan), people["officer"])
    assert Evidence.objects.get(pk=proof.pk).in_edition
    withdraw(submission, people["officer"])
    assert not Evidence.objects.get(pk=proof.pk).in_edition


def test_only_the_officer_takes_back_and_only_what_waits(
    sign_in: SignIn, plan: Plan, told: Measure, people: dict[str, User]
) -> None:
    officer, executive = sign_in("officer"), sign_in("executive")
    early = officer.post(address("withdraw_round"))
    assert early.status_code == 409
    assert "ไม่มีอะไรให้ถอนคืน" in early.content.decode()
    seen = {"submission": submit(round_of(plan), people["officer"]).pk}
    assert "ถอนรายงานคืน" not in executive.get(address("report")).content.decode()
    assert executive.post(address("withdraw_round"), seen).status_code == 403
    assert executive.post(address("approve_round"), seen | CONFIRMED).status_code == 302
    late = officer.post(address("withdraw_round"), seen)
    assert late.status_code == 409
    assert "มีผู้ดำเนินการไปก่อนแล้ว" in late.content.decode()
    assert round_of(plan).state == RoundState.APPROVED


def test_whoever_approves_what_was_taken_back_is_told(
    sign_in: SignIn, plan: Plan, told: Measure, people: dict[str, User]
) -> None:
    submission = submit(round_of(plan), people["officer"])
    withdraw(submission, people["officer"])
    refused = sign_in("executive").post(address("approve_round"), {"submission": submission.pk} | CONFIRMED)
    assert refused.status_code == 409
    assert "ถอนรายงานฉบับนี้คืนไปแล้ว" in refused.content.decode()
    assert not Edition.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_an_approval_and_a_withdrawal_at_once_one_is_let_through(
    plan: Plan, told: Measure, people: dict[str, User]
) -> None:
    submission = submit(round_of(plan), people["officer"])
    both, outcomes = Barrier(2), []

    def one(do: str) -> None:
        mine = Submission.objects.select_related("round__plan__agency").get(pk=submission.pk)
        both.wait()
        try:
            if do == "approve":
                approve(mine, people["executive"], ADDRESS)
            else:
                withdraw(mine, people["officer"])
            outcomes.append(do)
        except StaleEdit:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=one, args=[do]) for do in ("approve", "withdraw")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) in (["approve", "refused"], ["refused", "withdraw"])
    submission.refresh_from_db()
    state = RoundState.APPROVED if "approve" in outcomes else RoundState.OPEN
    assert Round.objects.get(pk=submission.round_id).state == state
    assert Edition.objects.count() == ("approve" in outcomes)


# --- Before it is approved --------------------------------------------------------------------------


def test_approving_asks_once_and_says_what_cannot_be_undone(
    sign_in: SignIn, plan: Plan, told: Measure, people: dict[str, User]
) -> None:
    seen = {"submission": submit(round_of(plan), people["officer"]).pk}
    executive = sign_in("executive")
    asked = executive.post(address("approve_round"), seen)
    assert asked.status_code == 200
    page = asked.content.decode()
    assert "อนุมัติรายงานรอบ 6 เดือน ปีงบประมาณ พ.ศ. 2566 หรือไม่" in page
    assert "แก้ไข ลบ หรือยกเลิกการอนุมัติไม่ได้อีก" in page
    # The six-month round closes nothing, and says nothing of it.
    assert "จะปิด" not in page
    assert page.count(f'action="{address("approve_round")}"') == 1
    assert not Edition.objects.exists()
    assert executive.post(address("approve_round"), seen | CONFIRMED).status_code == 302
    assert Edition.objects.count() == 1


def test_the_year_says_before_and_after_that_it_closes_the_plan(
    sign_in: SignIn, plan: Plan, told: Measure, people: dict[str, User]
) -> None:
    seen = {"submission": submit(round_of(plan, 12), people["officer"]).pk}
    executive = sign_in("executive")
    assert "แผนปีงบประมาณ พ.ศ. 2566 จะปิด" in executive.get(address("report", 12)).content.decode()
    assert (
        "แผนปีงบประมาณ พ.ศ. 2566 จะปิด" in executive.post(address("approve_round", 12), seen).content.decode()
    )
    done = executive.post(address("approve_round", 12), seen | CONFIRMED, follow=True)
    assert "แผนปีงบประมาณ พ.ศ. 2566 ปิดแล้ว" in done.content.decode()
    assert Plan.objects.get(pk=plan.pk).is_closed


def test_whoever_may_not_approve_is_refused_and_not_asked(
    sign_in: SignIn, plan: Plan, told: Measure, people: dict[str, User]
) -> None:
    seen = {"submission": submit(round_of(plan), people["executive"]).pk}
    refused = sign_in("executive").post(address("approve_round"), seen)
    assert refused.status_code == 403
    assert "จึงอนุมัติเองไม่ได้" in refused.content.decode()


def test_a_correction_shows_its_reason_and_its_differences_first(
    sign_in: SignIn, plan: Plan, told: Measure, people: dict[str, User]
) -> None:
    approved(round_of(plan), people)
    reopen(round_of(plan), "ตัวเลขผู้เข้าร่วมผิด")
    Measure.objects.update(result="แก้ตัวเลขแล้ว")
    seen = {"submission": submit(round_of(plan), people["officer"]).pk}
    executive = sign_in("executive")
    for answer in (
        executive.get(address("report")),
        executive.post(address("approve_round"), seen),
    ):
        page = answer.content.decode()
        assert "ตัวเลขผู้เข้าร่วมผิด" in page
        assert "ต่างจากฉบับนั้น 1 แห่ง" in page
        assert '<span class="typed">ประกาศแล้ว</span>' in page
        assert '<span class="typed">แก้ตัวเลขแล้ว</span>' in page
    assert "เป็นฉบับที่ 2" in executive.post(address("approve_round"), seen).content.decode()


def test_a_correction_that_changes_nothing_says_so(
    sign_in: SignIn, plan: Plan, told: Measure, people: dict[str, User]
) -> None:
    approved(round_of(plan), people)
    reopen(round_of(plan), "ตรวจอีกครั้ง")
    submit(round_of(plan), people["officer"])
    assert "เนื้อหาไม่ต่างจากฉบับนั้น" in sign_in("executive").get(address("report")).content.decode()


def test_a_correction_of_the_half_year_closes_the_plan_of_a_finished_year_again(
    sign_in: SignIn, plan: Plan, told: Measure, people: dict[str, User]
) -> None:
    publish(approved(round_of(plan), people), people["officer"])
    approved(round_of(plan, 12), people)
    reopen(round_of(plan), "ตัวเลขผิด")
    assert not Plan.objects.get(pk=plan.pk).is_closed
    submit(round_of(plan), people["officer"])
    assert "แผนปีงบประมาณ พ.ศ. 2566 จะปิด" in sign_in("executive").get(address("report")).content.decode()


# --- Until when divisions report --------------------------------------------------------------------


def test_the_round_says_until_when_divisions_report(sign_in: SignIn, plan: Plan, measure: Measure) -> None:
    assert "ส่วนราชการต้องรายงานภายใน" in sign_in("staff").get(address("report")).content.decode()
    plan.agency.days_before_round_end = 15
    plan.agency.save()
    for role in ("officer", "staff", "executive"):
        page = " ".join(sign_in(role).get(address("report")).content.decode().split())
        assert "ส่วนราชการต้องรายงานภายใน 16 มีนาคม 2566" in page, role
    assert "ภายในวันที่ 16 มีนาคม 2566" in sign_in("officer").get(address("report")).content.decode()


def test_a_report_is_approved_only_soon_after_the_password(
    sign_in: SignIn, people: dict[str, User], told: Measure, time_machine: TimeMachineFixture
) -> None:
    """Whoever sits down at a screen that was left alone approves nothing."""
    seen = {"submission": submit(round_of(told.plan), people["officer"]).pk}
    executive = sign_in("executive")
    time_machine.move_to(timezone.now() + timedelta(minutes=16))
    asked = executive.post(address("approve_round"), seen | CONFIRMED)
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert not Edition.objects.exists()
    executive.post(asked["Location"], {"password": PASSWORD})
    assert Edition.objects.get().approved_by == people["executive"].get_full_name()
