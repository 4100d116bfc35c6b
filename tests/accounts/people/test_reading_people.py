"""The person of a request is read by a prepared question, which is Django's own in what it answers."""

from datetime import timedelta

import pytest
from django.utils import timezone
from time_machine import TimeMachineFixture

from accounts.models import ActingApprover, Agency, User
from tests.support.factories import make_agency

pytestmark = pytest.mark.django_db


def test_it_is_the_same_person(people: dict[str, User]) -> None:
    for person in people.values():
        found = User.objects.get(pk=person.pk)
        asked = User.objects.filter(pk=person.pk).get()
        assert found == asked
        assert vars(found).keys() == vars(asked).keys()
        assert (found.username, found.agency) == (asked.username, asked.agency)


def test_a_key_that_nobody_has_is_nobody() -> None:
    with pytest.raises(User.DoesNotExist):
        User.objects.get(pk=0)


def test_of_an_agency_there_are_its_own_people_alone(agency: Agency, people: dict[str, User]) -> None:
    elsewhere = make_agency("farther")
    assert agency.users.get(pk=people["officer"].pk) == people["officer"]
    with pytest.raises(User.DoesNotExist):
        elsewhere.users.get(pk=people["officer"].pk)


def test_who_acts_is_asked_for_the_day_of_the_request(
    agency: Agency, people: dict[str, User], time_machine: TimeMachineFixture
) -> None:
    today = timezone.localdate()
    ActingApprover.objects.create(
        agency=agency,
        person=people["officer"],
        starts_on=today,
        ends_on=today,
        named_at=timezone.now(),
        confirmed_at=timezone.now(),
        confirmed_by=people["executive"],
    )
    assert User.objects.get(pk=people["officer"].pk).acts_as_approver
    assert not User.objects.get(pk=people["executive"].pk).acts_as_approver
    time_machine.move_to(timezone.now() + timedelta(days=1))
    assert not User.objects.get(pk=people["officer"].pk).acts_as_approver
