"""The own calendar under its secret address: what is in it, that it is revoked, that it tells no more."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from accounts.models import User
from measures.models import Measure, Part, Plan
from reports.reminders.services import make_calendar_key
from tests.conftest import SignIn
from tests.reports.reminders.conftest import SITE
from tests.support.factories import YEAR, make_measure
from tests.support.html import read

pytestmark = pytest.mark.django_db


def feed_of(person: User) -> str:
    make_calendar_key(person)
    return reverse("calendar_feed", args=[person.calendar_key])


def entries(path: str) -> dict[str, date]:
    answer = Client().get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.content)
    return {str(event["summary"]): event.decoded("dtstart") for event in calendar.walk("VEVENT")}


def test_it_has_the_deadlines_and_the_own_measures(plan: Plan, people: dict[str, User]) -> None:
    plan.agency.days_before_round_end = 10
    plan.agency.save()
    make_measure(plan, "ของกองที่ 1", due_on=date(2023, 5, 31))
    make_measure(plan, "เสร็จแล้ว", position=2, status="done")
    make_measure(plan, "ไม่มีวัน", position=3, due_on=None)
    make_measure(plan, "ของคนอื่น", position=4, divisions=0)
    assert entries(feed_of(people["staff"])) == {
        f"กำหนดส่งภายใน รายงานรอบ 6 เดือน ปี {YEAR}": date(2023, 3, 21),
        f"สิ้นรอบ 6 เดือน ปี {YEAR}": date(2023, 3, 31),
        f"กำหนดส่งภายใน รายงานรอบ 12 เดือน ปี {YEAR}": date(2023, 9, 20),
        f"สิ้นรอบ 12 เดือน ปี {YEAR}": date(2023, 9, 30),
        "กำหนดแล้วเสร็จ: ของกองที่ 1": date(2023, 5, 31),
    }


def test_a_part_that_is_done_is_no_longer_in_its_division_s_calendar(
    plan: Plan, people: dict[str, User]
) -> None:
    measure = make_measure(plan, "แยกส่วน", divisions=2)
    measure.by_division = True
    measure.save()
    for place, division in enumerate(measure.parties):
        Part.objects.create(measure=measure, division=division, status=("done", "in_progress")[place])
    assert "กำหนดแล้วเสร็จ: แยกส่วน" not in entries(feed_of(people["staff"]))
    assert "กำหนดแล้วเสร็จ: แยกส่วน" in entries(feed_of(people["other_staff"]))


@pytest.mark.parametrize("role", ["officer", "executive", "overseer", "admin"])
def test_everybody_has_the_ends_of_the_rounds(plan: Plan, people: dict[str, User], role: str) -> None:
    assert f"สิ้นรอบ 6 เดือน ปี {YEAR}" in entries(feed_of(people[role]))


def test_addresses_are_whole(measure: Measure, people: dict[str, User]) -> None:
    content = Client().get(feed_of(people["staff"])).content.decode().replace("\r\n ", "")
    assert f"URL:{SITE}/measures/{measure.pk}/" in content
    assert f"UID:measure-{measure.pk}@ita.example.go.th" in content


def test_what_has_not_changed_is_not_sent_again(measure: Measure, people: dict[str, User]) -> None:
    path = feed_of(people["staff"])
    etag = Client().get(path)["ETag"]
    assert Client().get(path, headers={"If-None-Match": etag}).status_code == 304
    measure.due_on = date(2023, 6, 1)
    measure.save()
    assert Client().get(path, headers={"If-None-Match": etag}).status_code == 200


def test_it_is_made_shown_replaced_and_revoked(people: dict[str, User], plan: Plan, sign_in: SignIn) -> None:
    client, path = sign_in("staff"), reverse("own_calendar")

    def shown() -> str:
        found = read(client.get(reverse("reminders"))).all("input", id="calendar-address")
        return found[0]["value"].removeprefix(SITE) if found else ""

    assert shown() == ""
    client.post(path, {"do": "make"})
    first = shown()
    assert Client().get(first).status_code == 200
    client.post(path, {"do": "make"})
    assert Client().get(first).status_code == 404
    second = shown()
    assert Client().get(second).status_code == 200
    client.post(path, {"do": "revoke"})
    assert Client().get(second).status_code == 404
    assert shown() == ""


def test_a_key_that_leads_nowhere_is_one_answer_whatever_is_wrong(
    people: dict[str, User], plan: Plan
) -> None:
    gone = feed_of(people["officer"])
    User.objects.filter(pk=people["officer"].pk).update(is_active=False)
    wrong = [gone, *(reverse("calendar_feed", args=[key]) for key in ("x", "a" * 43, "%00", "ก"))]
    answers = [Client().get(path) for path in wrong]
    assert {answer.status_code for answer in answers} == {404}
    assert (
        len({answer.content.decode().replace(path, "") for answer, path in zip(answers, wrong, strict=True)})
        == 1
    )


def test_nobody_has_a_calendar_before_they_ask_for_it(people: dict[str, User]) -> None:
    assert set(User.objects.values_list("calendar_key", flat=True)) == {""}
    assert Client().get("/calendar/.ics").status_code == 404


def test_the_history_does_not_keep_the_key(people: dict[str, User]) -> None:
    feed_of(people["staff"])
    assert "calendar_key" not in {field.name for field in User.history.model._meta.fields}
