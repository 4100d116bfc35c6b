"""What waits for a person: on the first screen of every role, one button each, and a number in the bar."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from time_machine import TimeMachineFixture

from accounts.models import Agency, Division, User
from measures.models import Comment, Measure, Part, Plan
from reports.models import Round, RoundState, Submission
from reports.new_year.services import open_year
from reports.rounds.services import give_back, publish, submit
from reports.waiting.details import with_details
from reports.waiting.items import WaitingItem
from reports.waiting.selectors import waiting_for
from tests.conftest import SignIn
from tests.support.factories import (
    OFFICE,
    YEAR,
    make_agency,
    make_edition,
    make_evidence,
    make_measure,
    make_remaining_files,
)
from tests.support.html import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]

DAY = date(2023, 2, 1)


def waiting(user: User, on: date = DAY) -> Sequence[WaitingItem]:
    # Divisions are remembered by the person, as they are for a request.
    return with_details(waiting_for(User.objects.get(pk=user.pk), on))


def said(user: User, on: date = DAY) -> list[tuple[str, int]]:
    return [(item.kind, item.count) for item in waiting(user, on)]


def round_of(plan: Plan, months: int = 6) -> Round:
    return Round.objects.select_related("plan__agency").get(plan=plan, months=months)


def comment(measure: Measure, **fields: Any) -> Comment:
    return Comment.objects.create(
        measure=measure, text="ขอภาพถ่าย", **({"written_at": timezone.now()} | fields)
    )


def by_division(measure: Measure, **joined: int) -> list[Part]:
    """Report a measure division by division; joined says from which version of the first and second part."""
    parts = [Part.objects.create(measure=measure, division=division) for division in measure.parties]
    measure.by_division = True
    measure.joined_parts = {
        str(part.division_id): joined[f"part_{n}"] for n, part in enumerate(parts, 1) if joined
    }
    measure.save()
    return parts


@pytest.fixture
def first(agency: Agency) -> Division:
    return agency.divisions.order_by("position")[0]


@pytest.fixture
def reported(plan: Plan) -> Measure:
    """The plan's only measure, so that nothing stands in the way of submitting."""
    return make_measure(plan, status="done", reported_at=timezone.now())


@pytest.fixture
def submission(plan: Plan, reported: Measure, people: dict[str, User]) -> Submission:
    return submit(round_of(plan), people["officer"])


# --- Staff -------------------------------------------------------------------------------------------


def test_what_is_late_and_what_is_due_waits_for_the_division_alone(
    plan: Plan, people: dict[str, User]
) -> None:
    make_measure(plan, due_on=date(2023, 1, 31))
    make_measure(plan, position=2)
    make_measure(plan, position=3, status="done")
    assert said(people["staff"]) == [("late", 1), ("due", 1)]
    assert said(people["other_staff"]) == []
    assert {item.room for item in waiting(people["staff"])} == {"work"}


def test_what_was_reported_in_this_round_waits_only_when_it_is_due(
    plan: Plan, people: dict[str, User]
) -> None:
    make_measure(plan, status="in_progress", reported_at=timezone.now())
    assert said(people["staff"]) == []
    assert said(people["staff"], date(2023, 4, 1)) == [("due", 1)]


def test_a_part_waits_for_its_own_division_whatever_the_measure_says(
    plan: Plan, people: dict[str, User]
) -> None:
    measure = make_measure(plan, divisions=2, status="done", due_on=date(2023, 1, 31))
    ours, theirs = by_division(measure)
    Part.objects.filter(pk=ours.pk).update(status="done")
    assert said(people["staff"]) == []
    assert said(people["other_staff"]) == [("late", 1)]
    Part.objects.filter(pk=theirs.pk).update(status="done")
    assert said(people["other_staff"]) == []


def test_the_year_before_waits_as_long_as_its_report_is_made(plan: Plan, people: dict[str, User]) -> None:
    make_measure(plan)
    open_year(plan.agency, YEAR + 1)
    on = date(2023, 11, 1)
    (item,) = waiting(people["staff"], on)
    assert (item.kind, item.own_year) == ("late", YEAR)
    Round.objects.filter(plan=plan, months=12).update(state=RoundState.SUBMITTED)
    assert waiting(people["staff"], on) == []


def test_a_plan_that_was_left_behind_years_ago_is_not_told_for_ever(
    plan: Plan, people: dict[str, User]
) -> None:
    make_measure(plan)
    open_year(plan.agency, YEAR + 2)
    assert waiting(people["staff"], date(2024, 11, 1)) == []


def test_a_year_that_has_not_begun_and_a_closed_plan_wait_for_nothing(
    plan: Plan, people: dict[str, User]
) -> None:
    make_measure(open_year(plan.agency, YEAR + 1))
    make_measure(plan)
    plan.closed_at = timezone.now()
    plan.save()
    assert waiting(people["staff"]) == []


def test_what_was_returned_waits_with_its_words_until_it_is_answered(
    measure: Measure, people: dict[str, User], first: Division
) -> None:
    returned = comment(measure, returns=True, division=first, written_by=people["officer"])
    item = waiting(people["staff"])[0]
    assert (item.kind, item.count, item.quote) == ("returned", 1, "ขอภาพถ่าย")
    assert item.address.startswith(reverse("measure", args=[measure.pk]))
    assert "returned" not in dict(said(people["other_staff"]))
    returned.answered_at = timezone.now()
    returned.save()
    assert "returned" not in dict(said(people["staff"]))


def test_what_was_returned_to_nobody_in_particular_waits_for_all_that_are_responsible(
    plan: Plan, people: dict[str, User]
) -> None:
    comment(make_measure(plan, divisions=2), returns=True)
    for role in ("staff", "other_staff"):
        assert ("returned", 1) in said(people[role])


def test_who_is_named_is_told_until_they_write_there(measure: Measure, people: dict[str, User]) -> None:
    executive = people["executive"]
    comment(measure, written_by=people["officer"]).mentioned.add(executive)
    assert said(executive) == [("mentioned", 1)]
    comment(measure, written_by=executive, written_at=timezone.now() + timedelta(minutes=1))
    assert said(executive) == []


def test_being_named_is_no_news_after_two_weeks(measure: Measure, people: dict[str, User]) -> None:
    long_ago = timezone.now() - timedelta(days=15)
    comment(measure, written_by=people["officer"], written_at=long_ago).mentioned.add(people["executive"])
    assert said(people["executive"]) == []


# --- Officer -----------------------------------------------------------------------------------------


def test_from_thirty_days_before_the_deadline_silent_divisions_are_counted(
    plan: Plan, people: dict[str, User]
) -> None:
    make_measure(plan, divisions=2)
    assert said(people["officer"], date(2023, 2, 28)) == []
    assert said(people["officer"], date(2023, 3, 1)) == [("silent", 2)]
    plan.agency.days_before_round_end = 10
    plan.agency.save()
    assert said(people["officer"], date(2023, 2, 19)) == [("silent", 2)]
    (item,) = waiting(people["officer"], date(2023, 3, 22))
    assert item.is_late
    assert "21 มี.ค. 2566 · เลยมา 1 วัน" in item.detail


def test_a_division_that_has_reported_its_part_is_not_silent(plan: Plan, people: dict[str, User]) -> None:
    measure = make_measure(plan, divisions=2)
    ours, _ = by_division(measure)
    Part.objects.filter(pk=ours.pk).update(reported_at=timezone.now(), status="in_progress")
    assert said(people["officer"], date(2023, 3, 2)) == [("silent", 1)]


def test_a_returned_round_waits_with_the_reason(
    plan: Plan, submission: Submission, people: dict[str, User]
) -> None:
    assert said(people["officer"]) == []
    give_back(submission, people["executive"], "เพิ่มหลักฐาน")
    (item,) = waiting(people["officer"])
    assert (item.kind, item.quote, item.room) == ("returned_round", "เพิ่มหลักฐาน", "reports")
    assert waiting(people["executive"]) == []


@pytest.mark.parametrize(
    ("on", "kinds"),
    [(date(2023, 3, 15), []), (date(2023, 3, 16), ["ready"]), (date(2023, 4, 20), ["ready"])],
)
def test_towards_its_end_a_complete_round_can_be_submitted(
    plan: Plan, reported: Measure, people: dict[str, User], on: date, kinds: list[str]
) -> None:
    assert [item.kind for item in waiting(people["officer"], on)] == kinds


def test_towards_its_end_a_round_says_how_many_measures_it_lacks(
    plan: Plan, reported: Measure, people: dict[str, User]
) -> None:
    make_measure(plan, position=2, reported_at=timezone.now())
    (item,) = waiting(people["officer"], date(2023, 3, 31))
    assert item.kind == "lacking"
    assert "ไม่ครบ 1 มาตรการ" in item.detail


def test_where_the_agency_demands_evidence_a_round_without_any_lacks_it(
    plan: Plan, reported: Measure, people: dict[str, User]
) -> None:
    plan.agency.demands_evidence = True
    plan.agency.save()
    assert said(people["officer"], date(2023, 3, 31)) == [("lacking", 1)]
    make_evidence(reported)
    assert said(people["officer"], date(2023, 3, 31)) == [("ready", 1)]


def test_an_approved_round_waits_to_be_published(plan: Plan, people: dict[str, User]) -> None:
    edition = make_edition(round_of(plan), published=False)
    assert said(people["officer"]) == [("publish", 1)]
    make_remaining_files(edition)
    publish(edition, people["officer"])
    assert said(people["officer"]) == []


def test_a_part_that_changed_after_it_was_joined_waits(plan: Plan, people: dict[str, User]) -> None:
    measure = make_measure(plan, divisions=2, status="in_progress", reported_at=timezone.now())
    ours, theirs = by_division(measure, part_1=1, part_2=1)
    assert said(people["officer"]) == []
    Part.objects.filter(pk=theirs.pk).update(version=2)
    (item,) = waiting(people["officer"])
    assert (item.kind, item.count) == ("joined", 1)
    measure.joined_parts = {str(ours.division_id): 1, str(theirs.division_id): 2}
    measure.save()
    assert said(people["officer"]) == []


def test_parts_that_all_have_reported_wait_to_be_joined(plan: Plan, people: dict[str, User]) -> None:
    parts = by_division(make_measure(plan, divisions=2))
    Part.objects.filter(pk=parts[0].pk).update(reported_at=timezone.now())
    assert said(people["officer"]) == []
    Part.objects.filter(pk=parts[1].pk).update(reported_at=timezone.now())
    assert said(people["officer"]) == [("joined", 1)]


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(2022, 9, 30), [("evidence", 1)]),
        (date(2022, 10, 1), []),
        (date(2023, 9, 30), []),
        (date(2023, 10, 1), [("evidence", 1)]),
    ],
)
def test_evidence_of_another_year_waits_for_a_look(
    plan: Plan, reported: Measure, people: dict[str, User], day: date, found: list[tuple[str, int]]
) -> None:
    make_evidence(reported, day=day)
    assert said(people["officer"]) == found


def test_an_answer_to_what_was_returned_waits_for_the_officer(
    plan: Plan, reported: Measure, people: dict[str, User]
) -> None:
    answered = {"answered_at": timezone.now(), "answered_by": people["staff"]}
    comment(reported, returns=True, written_by=people["officer"], **answered)
    assert said(people["officer"]) == [("answered", 1)]
    comment(reported, written_by=people["officer"], written_at=timezone.now() + timedelta(minutes=1))
    assert said(people["officer"]) == []


# --- Executive, and several roles --------------------------------------------------------------------


def test_the_year_that_has_begun_waits_to_be_opened(plan: Plan, people: dict[str, User]) -> None:
    assert "next_year" not in dict(said(people["officer"], date(2023, 9, 30)))
    (item,) = [each for each in waiting(people["officer"], date(2023, 10, 1)) if each.kind == "next_year"]
    assert item.text == "เปิดแผนปีงบประมาณ 2567"
    assert item.detail == "ปีงบประมาณเริ่มแล้วเมื่อ 1 ต.ค. 2566 แต่ยังไม่มีแผน"
    assert item.address == reverse("no_plan")
    assert "next_year" not in dict(said(people["executive"], date(2023, 10, 1)))
    open_year(plan.agency, YEAR + 1)
    assert "next_year" not in dict(said(people["officer"], date(2023, 10, 1)))


def test_after_a_plan_is_closed_the_next_year_waits_to_be_opened(plan: Plan, people: dict[str, User]) -> None:
    Plan.objects.filter(pk=plan.pk).update(closed_at=timezone.now())
    (item,) = waiting(people["officer"])
    assert (item.kind, item.text) == ("next_year", "เปิดแผนปีงบประมาณ 2567")
    assert item.detail == "แผนปี 2566 ปิดแล้ว จัดทำแผนปีถัดไปได้เลย"
    open_year(plan.agency, YEAR + 1)
    assert waiting(people["officer"]) == []


def test_a_submitted_round_waits_for_the_executive_alone(
    plan: Plan, submission: Submission, people: dict[str, User]
) -> None:
    (item,) = waiting(people["executive"])
    assert (item.kind, item.room) == ("approve", "reports")
    assert "1 ก.พ. 2566" in item.detail
    assert item.address == reverse("report", args=[YEAR, 6])
    for role in ("officer", "staff", "stranger", "overseer", "admin"):
        assert "approve" not in dict(said(people[role]))


def test_the_executive_is_told_what_changed_and_why_of_a_correction(
    plan: Plan, reported: Measure, people: dict[str, User]
) -> None:
    make_edition(round_of(plan))
    Round.objects.filter(plan=plan, months=6).update(state=RoundState.OPEN, correction="พิมพ์ผิด")
    assert said(people["officer"]) == [("ready", 1)]
    reported.result = "ผลใหม่"
    reported.save()
    submit(round_of(plan), people["officer"])
    (item,) = waiting(people["executive"])
    assert (item.quote, item.detail.rpartition(" · ")[2]) == ("พิมพ์ผิด", "ต่างจากฉบับก่อน 1 จุด")


def test_who_submitted_is_not_asked_to_approve_it_unless_the_agency_allows_it(
    plan: Plan, submission: Submission, people: dict[str, User]
) -> None:
    officer = people["officer"]
    officer.is_executive = True
    officer.save()
    assert said(officer) == []
    plan.agency.allows_own_approval = True
    plan.agency.save()
    assert said(officer) == [("approve", 1)]


def test_a_person_of_several_roles_is_told_all_of_theirs(
    plan: Plan, people: dict[str, User], first: Division
) -> None:
    make_measure(plan, due_on=date(2023, 1, 31))
    officer = people["officer"]
    officer.is_division_staff = True
    officer.save()
    officer.divisions.set([first])
    assert said(officer, date(2023, 3, 10)) == [("late", 1), ("silent", 1)]


# --- Above the agencies ------------------------------------------------------------------------------


def test_the_overseer_is_told_how_many_agencies_are_late(
    plan: Plan, people: dict[str, User], sign_in: SignIn, time_machine: TimeMachineFixture
) -> None:
    open_year(make_agency("second"), YEAR)
    assert said(people["overseer"], date(2023, 3, 31)) == []
    assert said(people["overseer"], date(2023, 4, 1)) == [("agencies_late", 2)]
    make_edition(round_of(plan))
    assert said(people["overseer"], date(2023, 4, 1)) == [("agencies_late", 1)]
    time_machine.move_to(datetime(2023, 4, 1, 9, tzinfo=OFFICE), tick=False)
    (item,) = waiting(people["overseer"], date(2023, 4, 1))
    listed = read(sign_in("overseer").get(item.address)).all("th", "list-title")
    assert [row.text for row in listed] == ["องค์การบริหารส่วนตำบล second"]


def test_the_administrator_is_told_which_agencies_have_nobody_or_no_plan(
    plan: Plan, people: dict[str, User]
) -> None:
    # elsewhere has an officer and no plan.
    assert said(people["admin"]) == [("without_plan", 1)]
    make_agency("empty")
    assert said(people["admin"]) == [("without_officer", 1), ("without_plan", 1)]


# --- On the pages ------------------------------------------------------------------------------------


def test_the_panel_has_one_button_for_each_and_the_first_is_the_filled_one(
    plan: Plan, people: dict[str, User], sign_in: SignIn
) -> None:
    comment(make_measure(plan), returns=True)
    make_measure(plan, position=2, due_on=date(2023, 1, 31))
    people["officer"].is_division_staff = True
    people["officer"].save()
    people["officer"].divisions.set(plan.agency.divisions.all())
    page = read(sign_in("officer").get(reverse("dashboard")))
    panel = page.one("section", "awaited")
    items = panel.all("li", "awaited-item")
    assert [len(item.all("a")) for item in items] == [1, 1, 1]
    assert [len(item.all("a", "primary")) for item in items] == [1, 0, 0]


def test_the_division_s_own_screen_does_not_say_twice_what_it_lists(
    plan: Plan, people: dict[str, User], sign_in: SignIn
) -> None:
    measure = make_measure(plan, due_on=date(2023, 1, 31))
    page = read(sign_in("staff").get(reverse("work")))
    assert page.all("section", "awaited") == []
    comment(measure, returns=True)
    items = read(sign_in("staff").get(reverse("work"))).all("li", "awaited-item")
    assert len(items) == 1
    assert "ส่งกลับให้แก้ไข 1 มาตรการ" in items[0].text


def test_the_number_stands_in_the_bar_of_every_page_at_its_entry(
    plan: Plan, submission: Submission, people: dict[str, User], sign_in: SignIn
) -> None:
    for path in (reverse("plan", args=[YEAR]), reverse("dashboard"), reverse("reminders")):
        entries = read(sign_in("executive").get(path)).one("nav", "rooms").all("a")
        numbers = {entry.text.split()[0]: entry.all("span", "count-badge") for entry in entries}
        assert [name for name, badge in numbers.items() if badge] == ["รายงาน"]
        assert numbers["รายงาน"][0].text == "1 รายการรอคุณ"


def test_where_nothing_waits_there_is_no_panel_and_no_number(
    plan: Plan, sign_in: SignIn, reported: Measure
) -> None:
    page = read(sign_in("executive").get(reverse("dashboard")))
    assert page.all("section", "awaited") == []
    assert page.all("span", "count-badge") == []


# --- Queries -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "queries"),
    [("staff", 2), ("officer", 2), ("executive", 1), ("overseer", 1), ("admin", 2)],
)
def test_it_asks_the_same_however_much_waits(
    plan: Plan,
    people: dict[str, User],
    role: str,
    queries: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    user = User.objects.get(pk=people[role].pk)
    # The bar shows them anyway.
    _ = user.own_divisions
    for number in range(1, 12):
        comment(make_measure(plan, position=number, divisions=2), returns=True)
        if number in (1, 11):
            with django_assert_num_queries(queries):
                waiting_for(user, date(2023, 3, 25))


def test_who_has_no_duty_asks_nothing(
    people: dict[str, User], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    staff = User.objects.get(pk=people["staff"].pk)
    staff.divisions.clear()
    _ = staff.own_divisions
    with django_assert_num_queries(0):
        assert waiting_for(staff, DAY) == []


@pytest.mark.parametrize(
    ("role", "name"),
    [("staff", "work"), ("officer", "dashboard"), ("executive", "dashboard"), ("overseer", "overview")],
)
def test_a_first_screen_on_which_much_waits_asks_at_most_twelve(
    plan: Plan,
    people: dict[str, User],
    sign_in: SignIn,
    time_machine: TimeMachineFixture,
    role: str,
    name: str,
) -> None:
    time_machine.move_to(datetime(2023, 3, 25, 9, tzinfo=OFFICE), tick=False)
    measure = make_measure(plan, divisions=2, status="in_progress", reported_at=timezone.now())
    for number in range(2, 30):
        comment(make_measure(plan, position=number, status="done"), returns=True).mentioned.add(people[role])
    by_division(measure, part_1=1, part_2=1)
    make_evidence(measure, day=date(2020, 1, 1))
    make_edition(round_of(plan, 12), published=False)
    before = open_year(plan.agency, YEAR - 1)
    make_measure(before, status="done")
    submit(round_of(before, 12), people["officer"])
    client = sign_in(role)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(reverse(name))
    assert page.status_code == 200
    assert len(asked) <= 12, "\n".join(query["sql"][:200] for query in asked)
