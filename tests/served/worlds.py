"""What there is to be served: the demonstration at one moment, or an agency with all states of all pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency, Role, User
from measures.models import Measure, Part
from reports.demo import load_demo
from reports.new_year.services import open_year
from tests.served import MOMENT, PASSWORD, ServedVisit
from tests.support.factories import (
    OFFICE,
    YEAR,
    make_agency,
    make_indicators,
    make_people,
    make_person,
)
from tests.support.sweep import furnish, visits

WITHOUT_PLAN: Final = "demo-ban-mai-sommut"
WITHOUT_PLAN_OFFICER: Final = "officer-ban-mai-sommut"
CLOSED: Final = YEAR - 3
IN_THE_ROUND: Final = datetime(2023, 2, 1, 10, 0, tzinfo=OFFICE)


@dataclass(frozen=True)
class Made:
    """A world that was laid out."""

    people: Sequence[User]
    visits: Sequence[ServedVisit] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    now: datetime | None = None
    """Where its clock stands still, if it does."""


def demo() -> Made:
    """The demonstration, and an officer of the agency that has no plan yet."""
    with time_machine.travel(MOMENT, tick=False):
        load_demo(PASSWORD, site="https://ita.example.go.th")
    agency = Agency.objects.get(slug=WITHOUT_PLAN)
    make_person(WITHOUT_PLAN_OFFICER, Role.OFFICER, agency)
    return Made(list(User.objects.all()), places=places(), now=MOMENT)


def places() -> dict[str, str]:
    """Addresses that hold the number of a row: measures of the newest plan of the agency and of its first."""
    own = Measure.objects.filter(plan__agency__slug="kongkoi").order_by("-plan__fiscal_year", "pk")
    newest = own[0].plan.fiscal_year
    of_staff = own.filter(plan__fiscal_year=newest, divisions__name="สำนักปลัด")
    late = of_staff.late(timezone.localdate(MOMENT)).first()
    done = of_staff.filter(status="done").first()
    found = {"late": late or of_staff[0], "done": done or of_staff[0]}
    found["real"] = own.filter(plan__fiscal_year=YEAR, indicator__number=2)[0]
    found["apart"] = own.filter(plan__fiscal_year=newest, by_division=True)[0]
    part = Part.objects.filter(measure=found["apart"]).order_by("division__position")[0]
    return {name: str(measure.pk) for name, measure in found.items()} | {"part": str(part.pk)}


def sweep() -> Made:
    """All that the sweep looks at, among it a year that is closed, and an agency without a plan."""
    with time_machine.travel(IN_THE_ROUND, tick=False):
        make_indicators()
        agency = make_agency("here")
        people = make_people(agency)
        plan = open_year(agency, YEAR)
        measures = furnish(plan, people)
        shut = Measure.objects.get(plan__agency=agency, plan__fiscal_year=CLOSED)
        swept = [
            ServedVisit(visit.name, visit.role, visit.path, visit.data, visit.status)
            for visit in visits(measures)
            if not visit.htmx
        ]
    return Made(list(people.values()), [*swept, *states_beside_the_sweep(shut)])


def states_beside_the_sweep(shut: Measure) -> list[ServedVisit]:
    """What is closed, empty or locked."""
    address = reverse("measure", args=[shut.pk])
    return [
        ServedVisit("closed plan", "officer", reverse("plan", args=[CLOSED]), None, 200),
        ServedVisit("closed measure", "staff", address, None, 200),
        ServedVisit("closed dashboard", "executive", f"{reverse('dashboard')}?year={CLOSED}", None, 200),
        ServedVisit("agency without a plan", "stranger", reverse("no_plan"), None, 200),
        # Refused as often before by who looks at it.
        ServedVisit("locked sign-in", "anonymous", reverse("login"), {"username": "z", "password": "z"}, 429),
    ]


WORLDS: Final[Mapping[str, Callable[[], Made]]] = {"demo": demo, "sweep": sweep}
