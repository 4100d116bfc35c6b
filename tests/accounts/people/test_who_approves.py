"""An officer, who submits reports, gets by no way into an account that approves them."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from pytest_django import Settings

from accounts.access import approves, can_change_email, can_reset_password
from accounts.events import news_of
from accounts.models import AccountEvent, Agency, Role, User
from accounts.passwords.services import OF_AN_APPROVER, mail_password_links
from accounts.people.approvers import confirm_executive, decline_executive
from accounts.people.passwords import hand_over_password, password_mark
from accounts.people.services import (
    PersonFacts,
    add_person,
    change_person,
    facts_of,
    person_version,
    set_active,
)
from accounts.set_up.services import NewPerson, create_people
from core.locking import StaleEdit
from tests.conftest import SignIn
from tests.support.factories import make_agency, make_person
from tests.support.html import read

pytestmark = pytest.mark.django_db


def now(person: User) -> User:
    """As the next request reads the person."""
    read_again: User = User.objects.get(pk=person.pk)
    return read_again


def give(person: User, by: User, *roles: Role) -> None:
    """Store other roles of a person, by the form's service."""
    facts = facts_of(now(person))
    typed = PersonFacts(facts.full_name or "ก", facts.post, facts.email, frozenset(roles), facts.divisions)
    change_person(person, typed, person_version(now(person)), by)


@pytest.fixture
def proposed(agency: Agency, people: dict[str, User]) -> User:
    """Whom the officer has added as an executive."""
    facts = PersonFacts("ปลัด", "", "", frozenset({Role.EXECUTIVE}), ())
    return add_person(agency, "deputy", facts, people["officer"])


def test_an_officer_does_not_take_the_role_and_so_never_gets_to_the_password(people: dict[str, User]) -> None:
    officer, executive = people["officer"], people["executive"]
    with pytest.raises(ValidationError, match="โดยผู้บริหารคนอื่น"):
        give(executive, officer, Role.OFFICER)
    with pytest.raises(PermissionDenied):
        hand_over_password(executive, password_mark(executive), officer)
    assert approves(now(executive))


@pytest.mark.parametrize("active", [True, False])
def test_an_officer_takes_no_executive_out_of_use_or_back(
    sign_in: SignIn, people: dict[str, User], *, active: bool
) -> None:
    executive = people["executive"]
    User.objects.filter(pk=executive.pk).update(is_active=not active)
    path = reverse("person_active", args=[executive.pk])
    assert sign_in("officer").post(path, {"active": str(int(active))}).status_code == 403
    assert now(executive).is_active is not active
    assert (
        read(sign_in("officer").get(reverse("person", args=[executive.pk]))).all("button", class_="danger")
        == []
    )


def test_another_executive_does(sign_in: SignIn, agency: Agency, people: dict[str, User]) -> None:
    other = make_person("deputy", Role.EXECUTIVE, agency)
    executive = sign_in("executive")
    page = read(executive.get(reverse("executive", args=[other.pk])))
    assert page.one("button", class_="danger").text == "ระงับบัญชีนี้"
    for active in ("0", "1"):
        answer = executive.post(reverse("person_active", args=[other.pk]), {"active": active})
        assert answer["Location"] == reverse("people")
        assert now(other).is_active is (active == "1")


def test_whom_an_officer_adds_approves_nothing_before_it_is_confirmed(
    people: dict[str, User], proposed: User
) -> None:
    assert not approves(now(proposed))
    # Nor does it count as an executive anywhere else.
    other = people["executive"]
    assert not can_reset_password(now(proposed), other)
    with pytest.raises(PermissionDenied):
        confirm_executive(make_person("x", Role.EXECUTIVE, other.agency), now(proposed))
    told = AccountEvent.objects.get(kind="executive_proposed").waits_for
    assert list(told.all()) == [other]


def test_the_confirmed_account_is_out_of_the_hands_of_who_proposed_it(
    sign_in: SignIn, people: dict[str, User], proposed: User
) -> None:
    officer = people["officer"]
    known = hand_over_password(proposed, password_mark(proposed), officer)
    executive, path = sign_in("executive"), reverse("executive", args=[proposed.pk])
    page = read(executive.get(reverse("people"))).one("main")
    assert path in [link["href"] for link in page.all("a")]
    asked = read(executive.get(path)).one("form", class_="save-line").all("button")
    assert [button["value"] for button in asked] == ["yes", "no"]
    shown = read(executive.post(path, {"answer": "yes"})).one("strong", class_="people-password").text
    confirmed = now(proposed)
    assert approves(confirmed)
    assert confirmed.check_password(shown)
    assert not confirmed.check_password(known)
    assert not can_reset_password(officer, confirmed)
    assert not can_change_email(officer, confirmed)
    assert executive.post(path, {"answer": "yes"}).status_code == 409
    assert now(proposed).check_password(shown)


@pytest.mark.parametrize(
    ("name", "status"), [("officer", 403), ("staff", 403), ("stranger", 404), ("overseer", 404)]
)
def test_nobody_else_confirms(
    sign_in: SignIn, people: dict[str, User], proposed: User, name: str, status: int
) -> None:
    path = reverse("executive", args=[proposed.pk])
    assert sign_in(name).get(path).status_code == status
    assert sign_in(name).post(path, {"answer": "yes"}).status_code == status
    assert not approves(now(proposed))


def test_nobody_confirms_themselves(people: dict[str, User], proposed: User) -> None:
    with pytest.raises(PermissionDenied):
        confirm_executive(proposed, now(proposed))


def test_a_staff_member_who_becomes_one_waits_too_and_a_no_takes_the_role_alone(
    people: dict[str, User],
) -> None:
    staff = people["staff"]
    give(staff, people["officer"], Role.STAFF, Role.EXECUTIVE)
    assert now(staff).awaits_confirmation
    decline_executive(staff, people["executive"])
    assert (now(staff).roles, now(staff).is_active) == (frozenset({Role.STAFF}), True)
    with pytest.raises(StaleEdit):
        decline_executive(staff, people["executive"])


def test_a_no_to_who_has_no_other_role_takes_the_account_out_of_use(
    people: dict[str, User], proposed: User
) -> None:
    decline_executive(proposed, people["executive"])
    assert not now(proposed).is_active
    # The officer may bring the account back; it still approves nothing.
    set_active(proposed, active=True, by=people["officer"])
    assert not approves(now(proposed))


def test_what_the_administrator_gives_needs_nobody_else(people: dict[str, User]) -> None:
    give(people["other_staff"], people["admin"], Role.EXECUTIVE)
    assert approves(now(people["other_staff"]))


def test_the_first_executives_of_an_office_wait_for_nobody(people: dict[str, User]) -> None:
    """A new office has nobody who could confirm; who takes the last executive away is not new again."""
    office = make_agency("new")
    officer = make_person("new_officer", Role.OFFICER, office)
    first = create_people(
        office,
        [NewPerson("e1", "นายก", Role.EXECUTIVE), NewPerson("e2", "ปลัด", Role.EXECUTIVE)],
        officer,
    )
    assert all(approves(now(each.person)) for each in first)
    for each in first:
        give(each.person, people["admin"], Role.OFFICER)
    (puppet,) = create_people(office, [NewPerson("e3", "ข", Role.EXECUTIVE)], officer)
    assert not approves(now(puppet.person))
    event = AccountEvent.objects.get(kind="executive_proposed")
    # No executive there: the administrator is the one to be told, and led there.
    assert list(event.waits_for.all()) == [people["admin"]]
    (news,) = news_of(now(people["admin"]))
    assert news.address == f"{reverse('people')}?agency=new"


def test_giving_up_ones_own_role_opens_no_second_beginning(agency: Agency, people: dict[str, User]) -> None:
    both = people["officer"]
    give(both, people["admin"], Role.OFFICER, Role.EXECUTIVE)
    give(people["executive"], people["admin"], Role.OFFICER)
    give(both, both, Role.OFFICER)
    give(both, both, Role.OFFICER, Role.EXECUTIVE)
    assert not approves(now(both))


def test_a_mailbox_that_others_read_gets_no_link_for_who_approves(
    settings: Settings, people: dict[str, User], mailoutbox: list[Any]
) -> None:
    settings.MAIL_IS_SET_UP = True
    User.objects.filter(username__in=["officer", "executive"]).update(email="office@example.go.th")
    mail_password_links.enqueue("Office@example.go.th", "https://x")
    (mail,) = mailoutbox
    assert mail.body.count("https://x/") == 1
    assert f"ชื่อผู้ใช้ executive (executive)\n{OF_AN_APPROVER}" in mail.body
    User.objects.filter(username="officer").update(email="")
    mail_password_links.enqueue("office@example.go.th", "https://x")
    assert mailoutbox[1].body.count("https://x/") == 1


def test_only_an_executive_waits_for_being_confirmed(people: dict[str, User]) -> None:
    with pytest.raises(IntegrityError, match="user_awaits_confirmation_as_executive"), transaction.atomic():
        User.objects.filter(pk=people["staff"].pk).update(awaits_confirmation=True)
