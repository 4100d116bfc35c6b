"""A prepared question is put together once, and answers with the values of each asking."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connections
from django.db.models import CharField, DateTimeField, QuerySet
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Agency, User
from core.prepared import Given, PreparedQuestion, put_at_hand
from tests.support.factories import make_agency, make_people


@pytest.fixture
def built() -> list[tuple[object, ...]]:
    """The shapes for which the question below was put together."""
    return []


@pytest.fixture
def members(built: list[tuple[object, ...]]) -> PreparedQuestion[User]:
    """Who was made in an agency after a moment."""

    def build(order: str) -> QuerySet[User]:
        built.append((order,))
        made = Given("made", DateTimeField())
        slug = Given("slug", CharField())
        found: QuerySet[User] = User.objects.filter(agency__slug=slug, date_joined__gt=made)
        return found.select_related("agency").order_by(order)

    return PreparedQuestion(build)


@pytest.fixture
def yesterday() -> datetime:
    return timezone.now() - timedelta(days=1)


@pytest.mark.django_db
def test_each_asking_has_its_own_values(
    members: PreparedQuestion[User],
    built: list[tuple[object, ...]],
    yesterday: datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_people(make_agency("here"))
    with django_assert_num_queries(2):
        here = members.ask("username", slug="here", made=yesterday)
        elsewhere = members.ask("username", slug="elsewhere", made=yesterday)
        # Read in another order than asked.
        assert [person.username for person in elsewhere] == ["stranger"]
        assert [person.username for person in here] == ["executive", "officer", "other_staff", "staff"]
        assert {person.agency.slug for person in here if person.agency} == {"here"}
    assert list(members.ask("username", slug="here", made=yesterday + timedelta(days=2))) == []
    assert built == [("username",)]


@pytest.mark.django_db
def test_each_shape_is_put_together_once(
    members: PreparedQuestion[User], built: list[tuple[object, ...]], yesterday: datetime
) -> None:
    make_people(make_agency("here"))
    for order in ("username", "-username") * 2:
        found = [person.username for person in members.ask(order, slug="here", made=yesterday)]
        assert (found == sorted(found)) == (order == "username")
    assert built == [("username",), ("-username",)]


def test_a_value_that_was_not_given_is_an_error(members: PreparedQuestion[User], yesterday: datetime) -> None:
    with pytest.raises(KeyError, match="slug"):
        members.ask("username", made=yesterday)


@pytest.mark.django_db(transaction=True)
def test_threads_ask_each_on_its_own_connection(members: PreparedQuestion[User], yesterday: datetime) -> None:
    make_people(make_agency("here"))
    assert Agency.objects.count() == 2

    def ask(slug: str) -> int:
        try:
            return len(members.ask("username", slug=slug, made=yesterday))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, ["here", "elsewhere"] * 4)) == [4, 1] * 4


@pytest.mark.django_db
def test_rows_that_are_put_at_hand_are_not_asked_for_again(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    agency, other = make_agency("here", 3), make_agency("elsewhere")
    rows = list(agency.divisions.order_by("-position")[:2])
    with django_assert_num_queries(0):
        put_at_hand(agency, "divisions", rows)
        assert list(agency.divisions.all()) == rows
        assert all(row.agency is agency for row in agency.divisions.all())
    # Whoever asks for some of them asks the database, and for those of the instance alone.
    assert agency.divisions.filter(position__gte=1).count() == 3
    assert list(other.divisions.values_list("position", flat=True)) == [1, 2]
