"""Two people at the same moment, on two connections: an agency keeps an officer, and one password counts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from accounts.models import AccountEvent, Agency, Division, Role, User
from accounts.people.approvers import confirm_executive
from accounts.people.passwords import hand_over_password, password_mark
from accounts.people.services import (
    PersonFacts,
    add_person,
    change_person,
    facts_of,
    person_version,
    set_active,
)
from core.locking import StaleEdit
from tests.support.factories import make_person
from tests.support.work import WITHOUT_END

pytestmark = pytest.mark.django_db(transaction=True)


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


@pytest.fixture
def second(agency: Agency, people: dict[str, User]) -> User:
    return make_person("second", Role.OFFICER, agency)


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_officers_who_go_at_once_one_stays(
    agency: Agency, people: dict[str, User], second: User, attempt: int
) -> None:
    """One takes the own account out of use while the other gives up the role."""
    first = people["officer"]
    facts = facts_of(second)
    executive = PersonFacts("x", facts.post, facts.email, frozenset({Role.EXECUTIVE}), ())
    version = person_version(second)
    ended = at_once(
        lambda: set_active(first, active=False, by=first),
        lambda: change_person(second, executive, version, second),
    )
    assert sum(isinstance(each, ValidationError) for each in ended) == 1
    assert User.objects.with_role(Role.OFFICER).filter(agency=agency).count() == 1
    # One who becomes an executive is proposed, too.
    kinds = set(AccountEvent.objects.values_list("kind", flat=True))
    assert kinds in ({"deactivated"}, {"changed", "executive_proposed"})


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_changes_of_one_person_exactly_one_is_stored(
    people: dict[str, User], second: User, attempt: int
) -> None:
    staff = people["staff"]
    facts, version = facts_of(staff), person_version(staff)

    def change(name: str, by: User) -> Callable[[], None]:
        typed = PersonFacts(name, facts.post, facts.email, facts.roles, facts.divisions)
        return lambda: change_person(staff, typed, version, by)

    ended = at_once(change("ก", people["officer"]), change("ข", second))
    assert sorted(type(each).__name__ for each in ended) == ["NoneType", "StaleEdit"]
    staff.refresh_from_db()
    assert staff.full_name == ("ก" if ended[0] is None else "ข")


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_new_passwords_the_one_that_is_shown_counts(
    people: dict[str, User], second: User, attempt: int
) -> None:
    staff, seen = people["staff"], password_mark(people["staff"])
    ended = at_once(
        lambda: hand_over_password(staff, seen, people["officer"]),
        lambda: hand_over_password(staff, seen, second),
    )
    (shown,) = (each for each in ended if isinstance(each, str))
    assert User.objects.get(pk=staff.pk).check_password(shown)


def test_a_division_that_went_since_the_form_was_read_is_said(
    agency: Agency, people: dict[str, User]
) -> None:
    third = Division.objects.create(agency=agency, name="ว่าง", position=3)
    facts = PersonFacts("ก", "", "", frozenset({Role.STAFF}), (third,))
    Division.objects.filter(pk=third.pk).delete()
    with pytest.raises(ValidationError, match="เพิ่งถูกลบ"):
        add_person(agency, "new", facts, people["officer"])
    with pytest.raises(ValidationError, match="เพิ่งถูกลบ"):
        change_person(people["staff"], facts, person_version(people["staff"]), people["officer"])
    assert people["staff"].divisions.exists()


@pytest.mark.parametrize("attempt", range(3))
def test_one_user_name_is_given_once(agency: Agency, people: dict[str, User], attempt: int) -> None:
    """Also where the second officer is another agency's, whom no shared row holds back."""
    stranger = people["stranger"]
    elsewhere = stranger.agency
    assert elsewhere is not None
    facts = PersonFacts("ก", "", "", frozenset({Role.EXECUTIVE}), ())
    ended = at_once(
        lambda: add_person(agency, "same", facts, people["officer"]),
        lambda: add_person(elsewhere, "same", facts, stranger),
    )
    assert sum(isinstance(each, ValidationError) for each in ended) == 1
    assert User.objects.filter(username="same").count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_who_confirm_an_executive_one_password_counts(
    agency: Agency, people: dict[str, User], attempt: int
) -> None:
    facts = PersonFacts("ปลัด", "", "", frozenset({Role.EXECUTIVE}), ())
    proposed = add_person(agency, "deputy", facts, people["officer"])
    other = make_person("other_executive", Role.EXECUTIVE, agency)
    ended = at_once(
        lambda: confirm_executive(proposed, people["executive"]),
        lambda: confirm_executive(proposed, other),
    )
    (shown,) = (each for each in ended if isinstance(each, str))
    assert sum(isinstance(each, StaleEdit) for each in ended) == 1
    assert User.objects.get(pk=proposed.pk).check_password(shown)
