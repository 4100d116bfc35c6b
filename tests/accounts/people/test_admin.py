"""On the administrator's own pages the rules of people hold too, and what is done is logged."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AccountEvent, Agency, Division, Role, User
from tests.conftest import SignIn
from tests.support.factories import make_person
from tests.support.html import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(sign_in: SignIn) -> Client:
    return sign_in("admin")


def change(admin: Client, person: User, **typed: Any) -> Any:
    path = reverse("admin:accounts_user_change", args=[person.pk])
    form = read(admin.get(path)).one("form", id="user_form")
    boxes = [box for box in form.all("input", type="checkbox") if "checked" in box.attributes]
    ticked = {box["name"]: box.attributes.get("value") or "on" for box in boxes}
    data = form.form_data() | ticked | typed
    return admin.post(path, {name: value for name, value in data.items() if value is not None})


def errors(response: Any) -> str:
    return " ".join(found.text for found in read(response).all("ul", class_="errorlist"))


def test_divisions_of_another_agency_are_refused(
    admin: Client, agency: Agency, people: dict[str, User]
) -> None:
    theirs = Division.objects.exclude(agency=agency)[0]
    response = change(admin, people["staff"], divisions=[str(theirs.pk)])
    assert response.status_code == 200
    assert "เลือกตัวเลือกที่ถูกต้อง" in errors(response)
    assert people["staff"].divisions.get().agency == agency


def test_staff_without_a_division_are_refused(admin: Client, people: dict[str, User]) -> None:
    response = change(admin, people["staff"], divisions=[])
    assert "ต้องอยู่ในส่วนราชการอย่างน้อยหนึ่งแห่ง" in errors(response)
    assert people["staff"].divisions.exists()


@pytest.mark.parametrize("typed", [{"is_active": None}, {"is_officer": None, "is_executive": "on"}])
def test_the_last_officer_stays(admin: Client, people: dict[str, User], typed: dict[str, Any]) -> None:
    response = change(admin, people["officer"], **typed)
    assert "หน่วยงานต้องมีเจ้าหน้าที่ผู้รับผิดชอบ ITA" in errors(response)
    assert User.objects.with_role(Role.OFFICER).filter(username="officer").exists()


def test_an_officer_who_moves_to_another_agency_is_lost_too(
    admin: Client, agency: Agency, people: dict[str, User]
) -> None:
    elsewhere = str(people["stranger"].agency_id)
    assert "หน่วยงานต้องมี" in errors(change(admin, people["officer"], agency=elsewhere))
    make_person("second", Role.OFFICER, agency)
    assert change(admin, people["officer"], agency=elsewhere).status_code == 302


def test_a_change_is_logged_and_executives_are_told(admin: Client, people: dict[str, User]) -> None:
    assert change(admin, people["staff"], is_executive="on").status_code == 302
    event = AccountEvent.objects.get()
    assert (event.kind, event.person, event.detail) == ("changed", people["staff"], "ผู้บริหาร")
    assert set(event.waits_for.all()) == {people["executive"], people["staff"]}


def test_out_of_use_has_its_own_word(admin: Client, people: dict[str, User]) -> None:
    assert change(admin, people["staff"], is_active=None).status_code == 302
    assert AccountEvent.objects.get().kind == "deactivated"


def test_a_new_password_is_logged_told_and_changed_at_the_next_sign_in(
    admin: Client, people: dict[str, User]
) -> None:
    path = f"/admin/accounts/user/{people['executive'].pk}/password/"
    new = "a quite different password"
    data = {"usable_password": "true", "password1": new, "password2": new, "set-password": "1"}
    assert admin.post(path, data).status_code == 302
    executive = User.objects.get(username="executive")
    assert executive.check_password(new)
    assert executive.must_change_password
    event = AccountEvent.objects.get()
    assert (event.kind, event.done_by) == ("password_handed_over", people["admin"])
    assert list(event.waits_for.all()) == [executive]


def test_a_refused_password_is_not_logged(admin: Client, people: dict[str, User]) -> None:
    path = f"/admin/accounts/user/{people['executive'].pk}/password/"
    assert (
        admin.post(path, {"usable_password": "true", "password1": "x", "password2": "y"}).status_code == 200
    )
    assert not AccountEvent.objects.exists()


def test_a_person_is_added_with_divisions(admin: Client, agency: Agency, people: dict[str, User]) -> None:
    data: dict[str, Any] = {
        "username": "new",
        "usable_password": "true",
        "password1": "a quite different password",
        "password2": "a quite different password",
        "is_division_staff": "on",
        "agency": str(agency.pk),
    }
    refused = admin.post(reverse("admin:accounts_user_add"), data)
    assert "ต้องอยู่ในส่วนราชการอย่างน้อยหนึ่งแห่ง" in errors(refused)
    data["divisions"] = [str(agency.divisions.all()[0].pk)]
    assert admin.post(reverse("admin:accounts_user_add"), data).status_code == 302
    person = User.objects.get(username="new")
    assert person.own_divisions == [agency.divisions.all()[0]]
    assert person.must_change_password
    assert AccountEvent.objects.get().kind == "added"


def test_whoever_is_added_is_offered_divisions_with_their_agency(
    admin: Client, agency: Agency, people: dict[str, User]
) -> None:
    page = read(admin.get(reverse("admin:accounts_user_add")))
    offered = [option.text for option in page.one("select", name="divisions").all("option")]
    assert len(offered) == Division.objects.count() > agency.divisions.count()
    assert f"กองที่ 1 · {agency.short_name}" in offered
    assert all(" · " in each for each in offered)


def test_nobody_is_deleted(admin: Client, people: dict[str, User]) -> None:
    path = reverse("admin:accounts_user_delete", args=[people["staff"].pk])
    assert admin.post(path, {"post": "yes"}).status_code == 403
    assert User.objects.filter(username="staff").exists()
