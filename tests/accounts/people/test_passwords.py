"""A new way in for somebody else: once, on paper or by mail, told to the person, and not from everybody."""

import re
from typing import Any, Final

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.access import can_reset_password
from accounts.events import acknowledge
from accounts.models import AccountEvent, ActingApprover, Agency, Role, User
from accounts.passwords.one_time import GROUPS, LETTERS, LETTERS_IN_GROUP
from accounts.people.passwords import hand_over_password, password_address, password_mark
from core.locking import StaleEdit
from tests.conftest import SignIn
from tests.support.factories import PASSWORD, make_person
from tests.support.html import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]

FORM: Final = re.compile(
    f"([{LETTERS}]{{{LETTERS_IN_GROUP}}}-){{{GROUPS - 1}}}[{LETTERS}]{{{LETTERS_IN_GROUP}}}"
)


@pytest.fixture
def mail(settings: Settings) -> None:
    settings.MAIL_IS_SET_UP = True


@pytest.fixture
def deputy(agency: Agency, people: dict[str, User]) -> User:
    """A second executive."""
    return make_person("deputy", Role.EXECUTIVE, agency)


def come_back(person: User) -> Client:
    """Signed in with the password that the person has now, after having set an own one."""
    client = Client()
    User.objects.filter(pk=person.pk).update(must_change_password=False)
    client.force_login(User.objects.get(pk=person.pk), backend="django.contrib.auth.backends.ModelBackend")
    return client


def ask(client: Client, person: User, **more: str) -> Any:
    path = reverse("person_password", args=[person.pk])
    form = read(client.get(path)).one("main").one("form", action=path).form_data()
    return client.post(path, form | more)


# --- On paper --------------------------------------------------------------------------------------------


def test_a_password_is_shown_once_and_ends_all_sessions(sign_in: SignIn, people: dict[str, User]) -> None:
    staff = sign_in("staff")
    assert staff.get(reverse("people")).status_code == 403
    response = ask(sign_in("officer"), people["staff"])
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    password = read(response).one(class_="people-password").text
    assert FORM.fullmatch(password)
    person = User.objects.get(pk=people["staff"].pk)
    assert person.check_password(password)
    assert not person.check_password(PASSWORD)
    assert person.must_change_password
    assert staff.get(reverse("people"))["Location"].startswith(reverse("login"))


def test_no_two_passwords_are_alike(people: dict[str, User]) -> None:
    made = set()
    for _ in range(20):
        person = User.objects.get(pk=people["staff"].pk)
        made.add(hand_over_password(person, password_mark(person), people["officer"]))
    assert len(made) == 20


def test_a_reload_makes_no_other_password(sign_in: SignIn, people: dict[str, User]) -> None:
    officer, path = sign_in("officer"), reverse("person_password", args=[people["staff"].pk])
    form = read(officer.get(path)).one("main").one("form", action=path).form_data()
    password = read(officer.post(path, form)).one(class_="people-password").text
    again = officer.post(path, form)
    assert again.status_code == 409
    assert "มีผู้อื่นออกรหัสผ่านให้ผู้นี้ไปก่อนแล้ว" in read(again).one(class_="errors").text
    assert User.objects.get(pk=people["staff"].pk).check_password(password)
    assert AccountEvent.objects.count() == 1


def test_the_person_is_told_who_did_it_until_they_say_they_read_it(
    sign_in: SignIn, people: dict[str, User]
) -> None:
    ask(sign_in("officer"), people["staff"])
    staff = come_back(people["staff"])
    page = read(staff.get(reverse("no_plan")))
    note = page.one("form", class_="news")
    assert note.one("p").text == "รหัสผ่านของคุณถูกออกใหม่โดย officer เมื่อ 1 ก.พ. 2566 10:00 น."
    event = AccountEvent.objects.get()
    assert event.seen_at is None
    # Reading a page is not yet saying so.
    assert read(staff.get(reverse("no_plan"))).all("form", class_="news")
    response = staff.post(note["action"], note.form_data())
    assert response["Location"] == reverse("no_plan")
    event.refresh_from_db()
    assert event.seen_at is not None
    assert read(staff.get(reverse("no_plan"))).all("form", class_="news") == []
    # Pressed again in another tab.
    assert staff.post(note["action"], note.form_data()).status_code == 302


@pytest.mark.parametrize(
    "next_page", ["https://example.com/", "//example.com", "javascript:alert(1)", "people", ""]
)
def test_having_read_leads_nowhere_else(sign_in: SignIn, people: dict[str, User], next_page: str) -> None:
    ask(sign_in("officer"), people["staff"])
    path = reverse("read_news", args=[AccountEvent.objects.get().pk])
    assert come_back(people["staff"]).post(path, {"next": next_page})["Location"] == reverse("home")


def test_nobody_else_says_that_it_was_read(sign_in: SignIn, people: dict[str, User]) -> None:
    ask(sign_in("officer"), people["staff"])
    event = AccountEvent.objects.get()
    sign_in("officer").post(reverse("read_news", args=[event.pk]))
    event.refresh_from_db()
    assert event.seen_at is None
    assert list(event.waits_for.all()) == [people["staff"]]


def test_one_of_two_news_stays_until_it_is_read_too(people: dict[str, User]) -> None:
    for _ in range(2):
        person = User.objects.get(pk=people["staff"].pk)
        hand_over_password(person, password_mark(person), people["officer"])
    first, second = AccountEvent.objects.order_by("id")
    acknowledge(first, people["staff"])
    assert User.objects.get(pk=people["staff"].pk).has_news
    acknowledge(second, people["staff"])
    assert not User.objects.get(pk=people["staff"].pk).has_news


# --- Who may ---------------------------------------------------------------------------------------------


def test_who_may_give_whom_a_password(agency: Agency, people: dict[str, User], deputy: User) -> None:
    second = make_person("second", Role.OFFICER, agency)
    everybody = people | {"deputy": deputy, "second": second}
    may = {
        (by, of)
        for by, user in everybody.items()
        for of, person in everybody.items()
        if can_reset_password(user, person)
    }
    here = ("staff", "other_staff", "officer", "executive", "deputy", "second")
    assert may == {
        *(("officer", of) for of in ("staff", "other_staff", "second")),
        *(("second", of) for of in ("staff", "other_staff", "officer")),
        ("executive", "deputy"),
        ("deputy", "executive"),
        *(("admin", of) for of in (*here, "stranger")),
    }


def test_an_officer_cannot_get_into_an_executives_account(
    sign_in: SignIn, people: dict[str, User], deputy: User
) -> None:
    path = reverse("person_password", args=[people["executive"].pk])
    assert sign_in("officer").get(path).status_code == 403
    assert sign_in("officer").post(path, {"seen": password_mark(people["executive"])}).status_code == 403
    with pytest.raises(PermissionDenied):
        hand_over_password(people["executive"], password_mark(people["executive"]), people["officer"])
    assert User.objects.get(pk=people["executive"].pk).check_password(PASSWORD)


def test_an_officer_who_is_an_executive_too_may(agency: Agency, people: dict[str, User]) -> None:
    both = make_person("both", Role.OFFICER, agency)
    both.is_executive = True
    both.save()
    assert can_reset_password(both, people["executive"])
    assert not can_reset_password(people["officer"], both)


def test_another_executive_may_and_it_is_logged_and_told(people: dict[str, User], deputy: User) -> None:
    assert ask(come_back(deputy), people["executive"]).status_code == 200
    event = AccountEvent.objects.get()
    assert (event.kind, event.person, event.done_by) == ("password_handed_over", people["executive"], deputy)
    assert list(event.waits_for.all()) == [people["executive"]]
    assert read(come_back(people["executive"]).get(reverse("people"))).all("form", class_="news")


def test_the_administrator_may_too(sign_in: SignIn, people: dict[str, User]) -> None:
    response = ask(sign_in("admin"), people["executive"])
    assert response.status_code == 200
    assert read(response).all("a", class_="button")[0]["href"] == reverse("people") + "?agency=here"
    assert AccountEvent.objects.get().done_by == people["admin"]


def test_who_acts_as_approver_is_an_approver(agency: Agency, people: dict[str, User]) -> None:
    today = "2023-02-01"
    ActingApprover.objects.create(
        agency=agency,
        person=people["staff"],
        starts_on=today,
        ends_on=today,
        order="1",
        named_at=today + "T00:00Z",
    )
    assert not can_reset_password(people["officer"], User.objects.get(pk=people["staff"].pk))
    assert can_reset_password(people["executive"], User.objects.get(pk=people["staff"].pk))


def test_the_first_password_of_an_executive_comes_from_who_added_them(
    agency: Agency, people: dict[str, User]
) -> None:
    new = make_person("new", Role.EXECUTIVE, agency)
    new.set_unusable_password()
    new.save()
    assert can_reset_password(people["officer"], new)
    hand_over_password(new, password_mark(new), people["officer"])
    assert not can_reset_password(people["officer"], User.objects.get(pk=new.pk))


def test_who_is_out_of_use_gets_no_password(people: dict[str, User]) -> None:
    people["staff"].is_active = False
    assert not can_reset_password(people["officer"], people["staff"])


def test_who_lost_the_right_a_moment_ago_has_lost_it(people: dict[str, User]) -> None:
    User.objects.filter(username="officer").update(is_officer=False, is_executive=True)
    with pytest.raises(PermissionDenied):
        hand_over_password(people["staff"], password_mark(people["staff"]), people["officer"])
    User.objects.filter(username="officer").update(is_officer=True)
    with pytest.raises(StaleEdit):
        hand_over_password(people["staff"], "", people["officer"])


# --- By mail ---------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("mail")
def test_a_link_goes_to_the_address_and_the_old_password_stays(
    sign_in: SignIn,
    people: dict[str, User],
    mailoutbox: list[EmailMessage],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    User.objects.filter(username="staff").update(email="office@example.go.th")
    with django_capture_on_commit_callbacks(execute=True):
        response = ask(sign_in("officer"), people["staff"], way="link")
    assert response["Location"] == reverse("people")
    link = next(sent for sent in mailoutbox if sent.subject == "[ITA Tracker] ตั้งรหัสผ่าน")
    assert link.to == ["office@example.go.th"]
    _, _, token = (
        next(line for line in link.body.split("\n") if "/password/new/" in line).strip("/").rpartition("/")
    )
    person = User.objects.get(pk=people["staff"].pk)
    assert default_token_generator.check_token(person, token)
    assert person.check_password(PASSWORD)
    assert [event.kind for event in AccountEvent.objects.all()] == ["reset_mailed"]
    # Used once: the token dies with the old password.
    person.set_password("another long password")
    person.save()
    assert not default_token_generator.check_token(person, token)


@pytest.mark.usefixtures("mail")
def test_a_new_person_gets_the_link_instead_of_paper(
    sign_in: SignIn,
    agency: Agency,
    people: dict[str, User],
    mailoutbox: list[EmailMessage],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    officer, path = sign_in("officer"), reverse("add_person")
    form = read(officer.get(path)).one("main").one("form").form_data()
    assert form["way"] == "paper"
    form |= {"full_name": "สมหญิง", "divisions": str(agency.divisions.all()[0].pk), "way": "link"}
    refused = officer.post(path, form)
    assert refused.status_code == 422
    assert "กรุณากรอกอีเมลที่จะส่งลิงก์" in read(refused).one(class_="errors").text
    with django_capture_on_commit_callbacks(execute=True):
        assert officer.post(path, form | {"email": "som@example.go.th"}).status_code == 302
    assert [sent.to for sent in mailoutbox] == [["som@example.go.th"]]
    assert not User.objects.get(full_name="สมหญิง").has_usable_password()


@pytest.mark.parametrize("is_set_up", [True, False])
def test_without_mail_or_address_no_link_is_offered_or_sent(
    sign_in: SignIn, people: dict[str, User], settings: Settings, is_set_up: bool
) -> None:
    settings.MAIL_IS_SET_UP = is_set_up
    User.objects.filter(username="staff").update(email="" if is_set_up else "a@example.go.th")
    officer, path = sign_in("officer"), reverse("person_password", args=[people["staff"].pk])
    assert read(officer.get(path)).one("main").all("button", value="link") == []
    response = ask(officer, people["staff"], way="link")
    assert response.status_code == 422
    assert "ส่งลิงก์ไม่ได้" in read(response).one(class_="errors").text
    assert not AccountEvent.objects.exists()


@pytest.mark.usefixtures("mail")
def test_a_new_password_is_told_by_mail_too(
    sign_in: SignIn,
    people: dict[str, User],
    mailoutbox: list[EmailMessage],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    User.objects.filter(username="staff").update(email="office@example.go.th")
    with django_capture_on_commit_callbacks(execute=True):
        password = read(ask(sign_in("officer"), people["staff"])).one(class_="people-password").text
    (sent,) = mailoutbox
    assert "รหัสผ่านของคุณถูกออกใหม่โดย officer" in sent.body
    assert password not in sent.body


def test_the_links_address_is_the_sites_public_one(
    people: dict[str, User], settings: Settings, rf: Any
) -> None:
    settings.PUBLIC_URL = "https://ita.example.go.th"
    address = password_address(people["staff"], rf.get("/"))
    assert address.startswith("https://ita.example.go.th/password/new/")
