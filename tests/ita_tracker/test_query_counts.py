"""No page asks the database more for two hundred measures than for ten."""

from collections.abc import Callable
from datetime import date
from typing import Final

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from measures.models import Indicator, Measure, Plan, Responsibility, Step
from reports.new_year.services import open_year
from tests.conftest import SignIn
from tests.support.factories import YEAR, make_agency, make_measure

pytestmark = pytest.mark.django_db

# The page, who opens it, and how many queries it may ask, the session and the person among them.
PAGES: Final = [
    ("plan", "officer", 11),
    ("plan", "staff", 12),
    ("plan", "overseer", 11),
    ("measure", "staff", 18),
    ("measure", "officer", 17),
    ("dashboard", "officer", 12),
    ("dashboard", "executive", 10),
    ("dashboard", "overseer", 11),
    ("report", "executive", 10),
    ("report", "overseer", 11),
    ("work", "staff", 11),
    ("edit_plan", "officer", 10),
    ("edit_measure", "officer", 12),
    ("reports", "executive", 6),
    ("divisions", "officer", 6),
    ("people", "officer", 9),
    ("people", "executive", 8),
    ("overview", "overseer", 11),
    ("reminders", "officer", 13),
    ("reminders", "staff", 8),
]


def fill(plan: Plan, people: dict[str, User], count: int) -> Measure:
    """A plan of so many measures, each with both divisions, three steps and a report; the first of them."""
    indicators = list(Indicator.objects.all())
    measures = Measure.objects.bulk_create(
        Measure(
            plan=plan,
            indicator=indicators[n % 10],
            title=f"มาตรการ {n}",
            position=n // 10 + 1,
            due_on=date(2023, 1, 1 + n % 28),
            status=("in_progress", "done", "not_started")[n % 3],
            result="ผล",
            reported_by=people[("staff", "officer", "other_staff")[n % 3]],
            reported_at=timezone.now(),
        )
        for n in range(count)
    )
    divisions = list(plan.agency.divisions.all())
    Responsibility.objects.bulk_create(
        Responsibility(measure=measure, division=division, position=place)
        for measure in measures
        for place, division in enumerate(divisions, 1)
    )
    Step.objects.bulk_create(
        Step(measure=measure, position=place, text=f"ขั้นที่ {place}")
        for measure in measures
        for place in (1, 2, 3)
    )
    return measures[0]


def address(name: str, role: str, measure: Measure) -> str:
    args: dict[str, list[int]] = {
        "plan": [YEAR],
        "edit_plan": [YEAR],
        "report": [YEAR, 6],
        "measure": [measure.pk],
        "edit_measure": [measure.pk],
    }
    return reverse(name, args=args.get(name, [])) + ("?agency=here" if role == "overseer" else "")


def test_a_page_asks_the_same_at_ten_and_at_two_hundred_measures(
    sign_in: SignIn, people: dict[str, User], plan: Plan
) -> None:
    clients = {role: sign_in(role) for _, role, _ in PAGES}

    def queries(count: int) -> dict[tuple[str, str], int]:
        Measure.objects.all().delete()
        measure = fill(plan, people, count)
        for n in range(count // 10):
            make_measure(open_year(make_agency(f"a{count}-{n}"), YEAR))
        numbers = {}
        for name, role, _ in PAGES:
            with CaptureQueriesContext(connection) as asked:
                assert clients[role].get(address(name, role, measure)).status_code == 200
            numbers[name, role] = len(asked)
        return numbers

    small, large = queries(10), queries(200)
    assert small == large
    assert {(name, role): bound for name, role, bound in PAGES if large[name, role] > bound} == {}


@pytest.fixture
def count() -> Callable[[], CaptureQueriesContext]:
    return lambda: CaptureQueriesContext(connection)


def test_a_measure_with_a_long_history_asks_no_more(
    sign_in: SignIn, people: dict[str, User], plan: Plan, count: Callable[[], CaptureQueriesContext]
) -> None:
    measure, client = fill(plan, people, 10), sign_in("staff")
    path = reverse("measure", args=[measure.pk])
    client.get(path)
    with count() as before:
        client.get(path)
    for n in range(40):
        measure.result = f"ผล {n}"
        measure._history_user = people[("staff", "officer")[n % 2]]  # type: ignore[attr-defined]
        measure.save()
    with count() as after:
        client.get(path)
    assert len(after) == len(before)
