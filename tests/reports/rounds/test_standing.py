"""Where a round stands: one label that fits the day, and four steps that tell the truth about returns."""

from datetime import date

import pytest

from accounts.models import User
from measures.models import Plan
from reports.models import Edition, Round
from reports.rounds.selectors import last_submission, newest_edition
from reports.rounds.services import approve, give_back, publish, reopen, submit
from reports.rounds.standing import RoundStanding, RoundStep, standing_of, steps_of
from tests.support.factories import make_measure

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february", "nothing_written")]

TODAY = date(2023, 2, 1)


def read_again(plan: Plan, months: int = 6) -> Round:
    return Round.objects.select_related("plan__agency").with_decisions().get(plan=plan, months=months)


def steps(plan: Plan, today: date = TODAY) -> list[RoundStep]:
    round_ = read_again(plan)
    edition = newest_edition(round_)
    return list(steps_of(round_, measures=1, last=last_submission(round_), edition=edition, today=today))


def approved(plan: Plan, people: dict[str, User]) -> Edition:
    submission = submit(read_again(plan), people["officer"])
    return approve(submission, people["executive"], "https://ita.example.go.th/")


@pytest.fixture(autouse=True)
def told(plan: Plan) -> None:
    """The only measure of the plan, on which nothing is missing."""
    make_measure(plan, status="in_progress")


@pytest.mark.parametrize(
    ("months", "today", "standing"),
    [
        (6, date(2022, 9, 30), RoundStanding.AHEAD),
        (6, date(2022, 10, 1), RoundStanding.OPEN),
        (6, date(2023, 3, 31), RoundStanding.OPEN),
        (6, date(2023, 4, 1), RoundStanding.DUE),
        # What is new in the twelve-month round begins where the other ended.
        (12, date(2023, 3, 31), RoundStanding.AHEAD),
        (12, date(2023, 4, 1), RoundStanding.OPEN),
        (12, date(2023, 10, 1), RoundStanding.DUE),
    ],
)
def test_an_open_round_is_called_by_the_day(
    plan: Plan, months: int, today: date, standing: RoundStanding
) -> None:
    assert standing_of(read_again(plan, months), today) == standing


def test_a_round_is_called_by_what_was_done_to_it(plan: Plan, people: dict[str, User]) -> None:
    give_back(submit(read_again(plan), people["officer"]), people["executive"], "ขาดภาพถ่าย")
    assert standing_of(read_again(plan), TODAY) == RoundStanding.RETURNED
    submission = submit(read_again(plan), people["officer"])
    assert standing_of(read_again(plan), TODAY) == RoundStanding.SUBMITTED
    edition = approve(submission, people["executive"], "https://ita.example.go.th/")
    assert standing_of(read_again(plan), TODAY) == RoundStanding.APPROVED
    publish(edition, people["officer"])
    assert standing_of(read_again(plan), TODAY) == RoundStanding.PUBLISHED
    reopen(read_again(plan), "ตัวเลขผิด")
    assert standing_of(read_again(plan), TODAY) == RoundStanding.CORRECTING
    second = approved(plan, people)
    # The first revision is public, but the report that counts is not.
    assert standing_of(read_again(plan), TODAY) == RoundStanding.APPROVED
    publish(second, people["officer"])
    assert standing_of(read_again(plan), TODAY) == RoundStanding.PUBLISHED


def test_the_steps_of_a_new_round(plan: Plan) -> None:
    assert [(step.name, step.progress) for step in steps(plan)] == [
        ("รับรายงาน", "now"),
        ("ส่งให้ผู้บริหาร", "later"),
        ("อนุมัติ", "later"),
        ("เผยแพร่", "later"),
    ]
    assert steps(plan)[0].lines == ["ข้อมูลถึง 31 มี.ค. 2566"]


def test_the_steps_say_who_did_what_and_when(plan: Plan, people: dict[str, User]) -> None:
    submission = submit(read_again(plan), people["officer"])
    collected, submitted, waits, published = steps(plan, date(2023, 2, 4))
    assert (collected.progress, collected.lines) == ("done", ["ครบ 1 มาตรการ"])
    assert (submitted.who, submitted.lines) == (people["officer"].get_full_name(), ["1 ก.พ. 2566 10:00 น."])
    assert (waits.name, waits.progress, waits.lines) == ("รออนุมัติ", "now", ["รอมาแล้ว 3 วัน"])
    assert published.progress == "later"
    edition = approve(submission, people["executive"], "https://ita.example.go.th/")
    assert steps(plan)[2].who == people["executive"].get_full_name()
    assert steps(plan)[2].lines == ["1 ก.พ. 2566 10:00 น.", "ฉบับที่ 1"]
    assert (steps(plan)[3].progress, steps(plan)[3].lines) == ("now", ["ยังไม่เผยแพร่"])
    publish(edition, people["officer"])
    assert {step.progress for step in steps(plan)} == {"done"}
    assert steps(plan)[3].who == people["officer"].get_full_name()


def test_what_was_returned_is_not_shown_as_submitted(plan: Plan, people: dict[str, User]) -> None:
    give_back(submit(read_again(plan), people["officer"]), people["executive"], "ขาดภาพถ่าย")
    collecting, submitted, *_ = steps(plan)
    assert (collecting.name, collecting.progress) == ("แก้ไขรายงาน", "now")
    assert collecting.who == people["executive"].get_full_name()
    assert collecting.lines == ["ส่งกลับ 1 ก.พ. 2566 10:00 น."]
    assert (submitted.progress, submitted.lines) == ("later", ["ส่งครั้งก่อน 1 ก.พ. 2566"])


def test_what_is_public_is_said_to_stay_public_while_it_is_corrected(
    plan: Plan, people: dict[str, User]
) -> None:
    publish(approved(plan, people), people["officer"])
    reopen(read_again(plan), "ตัวเลขผิด")
    collecting, *_, published = steps(plan)
    assert (collecting.name, collecting.lines) == ("แก้ไขรายงาน", ["จากฉบับที่ 1"])
    assert (published.progress, published.lines) == ("later", ["ฉบับที่ 1 ยังเผยแพร่อยู่"])


def test_who_is_gone_has_no_name(plan: Plan, people: dict[str, User]) -> None:
    submission = submit(read_again(plan), people["officer"])
    submission.submitted_by = None
    submission.save()
    assert steps(plan)[1].who == ""
