"""The small agency of most tests, made once for a module: a conftest.py takes these fixtures instead of those
that make it for each test.

Each test reads objects of its own, and what it changes is taken back before the next one. In a module of
which a test commits, it is made for each test all the same.
"""

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from accounts.models import Agency, User
from measures.models import Indicator, Plan
from reports.new_year.services import open_year
from tests.support.demo_world import FAST_HASHERS
from tests.support.factories import OFFICE, YEAR, make_agency, make_indicators, make_people
from tests.support.second_engine import commits


@pytest.fixture(scope="module")
def small_world(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[bool]:
    """The ten indicators, an agency with its plan of 2566, a person of every role, and a stranger's agency;
    whether they are there for all tests of the module.
    """
    if any(commits(item) for item in request.session.items if item.path == request.path):
        yield False
        return
    with (
        django_db_blocker.unblock(),
        override_settings(PASSWORD_HASHERS=FAST_HASHERS),
        transaction.atomic(),
    ):
        with time_machine.travel(datetime(2023, 2, 1, 10, 0, tzinfo=OFFICE), tick=False):
            make_indicators()
            agency = make_agency("here")
            open_year(agency, YEAR)
            make_people(agency)
        yield True
        transaction.set_rollback(True)


@pytest.fixture
def indicators(small_world: bool, db: None) -> list[Indicator]:
    """All ten."""
    return list(Indicator.objects.order_by("number")) if small_world else make_indicators()


@pytest.fixture
def agency(small_world: bool, indicators: list[Indicator]) -> Agency:
    return Agency.objects.get(slug="here") if small_world else make_agency("here")


@pytest.fixture
def plan(small_world: bool, agency: Agency) -> Plan:
    """The agency's open plan of fiscal year 2566, with both rounds and no measures."""
    if not small_world:
        return open_year(agency, YEAR)
    plan = Plan.objects.get(agency=agency, fiscal_year=YEAR)
    plan.agency = agency
    return plan


@pytest.fixture
def people(small_world: bool, agency: Agency) -> dict[str, User]:
    """A person of every role in the agency, staff of its other division, and people of another agency."""
    if not small_world:
        return make_people(agency)
    people = list(User.objects.order_by("pk"))
    for person in people:
        # Not known yet, as of somebody who was just added.
        vars(person).pop("acts_as_approver")
        if person.agency_id == agency.pk:
            person.agency = agency
    return {person.username: person for person in people}
