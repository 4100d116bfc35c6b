"""The guided first run: from a site without an agency to a plan, and what it refuses."""

from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AccountEvent, AccountEventKind, Agency, Role, User
from accounts.set_up import services
from accounts.set_up.suggestions import kind_of, short_name_of, slug_for, username_for
from accounts.set_up.typical_divisions import TYPICAL, typical_divisions
from core.locking import StaleEdit
from tests.conftest import SignIn
from tests.support.factories import make_person
from tests.support.html import read

pytestmark = pytest.mark.django_db

Form = dict[str, Any]
NAME = "องค์การบริหารส่วนตำบลกองก้อย"


def form_of(response: Any) -> Form:
    return {**read(response).one("form", "edit-form").form_data()}


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def first(db: None) -> Client:
    """The administrator of a site without an agency."""
    return signed_in(make_person("first", Role.ADMIN))


@pytest.fixture
def new(first: Client) -> Client:
    """The administrator, who has made an agency and keeps its plan too."""
    form = form_of(first.get(reverse("start_agency")))
    response = first.post(reverse("start_agency"), form | {"name": NAME, "province": "แม่ฮ่องสอน"})
    assert response["Location"] == reverse("start_divisions")
    return first


def test_on_an_empty_site_the_administrator_is_led_to_the_first_step(first: Client) -> None:
    response = first.get(reverse("home"), follow=True)
    assert response.redirect_chain[-1][0] == reverse("start_agency")
    steps = read(response).one("ol", "stepper").all("li")
    assert [step.get("aria-current") for step in steps] == ["step", "", "", ""]


def test_the_name_says_the_rest(new: Client) -> None:
    agency = Agency.objects.get()
    assert (agency.name, agency.short_name, agency.slug) == (NAME, "อบต.กองก้อย", "kong-koi")
    assert (agency.kind, agency.province) == ("subdistrict", "แม่ฮ่องสอน")
    person = User.objects.get(username="first")
    assert person.roles == {Role.ADMIN, Role.OFFICER}
    assert person.agency == agency
    assert AccountEvent.objects.get().kind == AccountEventKind.CHANGED


def test_usual_divisions_are_ticked_and_others_can_be_typed(new: Client) -> None:
    page = new.get(reverse("start_divisions"))
    form = form_of(page)
    assert form["usual"] == list(typical_divisions("subdistrict").usual)
    response = new.post(reverse("start_divisions"), form | {"others": "ผู้ช่วยเจ้าพนักงานพัสดุ\n\nกองช่าง"})
    assert response["Location"] == reverse("start_people")
    names = list(Agency.objects.get().divisions.values_list("name", flat=True))
    assert names == [*typical_divisions("subdistrict").usual, "ผู้ช่วยเจ้าพนักงานพัสดุ"]
    # Once more adds nothing.
    new.post(reverse("start_divisions"), form)
    assert Agency.objects.get().divisions.count() == len(names)


def test_no_division_at_all_is_a_sentence(new: Client) -> None:
    response = new.post(reverse("start_divisions"), {"others": " \n"})
    assert response.status_code == 422
    assert "กรุณาเลือกหรือพิมพ์ส่วนราชการอย่างน้อยหนึ่งชื่อ" in response.content.decode()


@pytest.mark.parametrize(
    ("others", "said"), [("ก" * 201, "ยาวเกิน 200"), ("\n".join(map(str, range(101))), "100")]
)
def test_too_much_of_divisions_is_a_sentence(new: Client, others: str, said: str) -> None:
    response = new.post(reverse("start_divisions"), {"others": others})
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Agency.objects.get().divisions.exists()


@pytest.fixture
def with_divisions(new: Client) -> Client:
    new.post(reverse("start_divisions"), form_of(new.get(reverse("start_divisions"))))
    return new


def issued(response: Any) -> list[list[str]]:
    return [
        [code.text for code in row.all("code")] for row in read(response).one("table", "issued").all("tr")[1:]
    ]


def test_people_get_one_time_passwords_on_one_page(with_divisions: Client) -> None:
    form = form_of(with_divisions.get(reverse("start_people")))
    assert (form["people-0-role"], form["people-1-role"]) == ("executive", "staff")
    typed = {"people-0-full_name": "ผู้บริหาร", "people-1-full_name": "เจ้าหน้าที่", "people-1-post": "นักวิชาการ"}
    response = with_divisions.post(reverse("start_people"), form | typed)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    names = issued(response)
    assert [name for name, _ in names] == ["kong-koi-executive", "kong-koi-staff"]
    for username, password in names:
        person = User.objects.get(username=username)
        assert person.check_password(password)
        assert person.must_change_password
    staff = User.objects.get(username="kong-koi-staff")
    assert (staff.roles, staff.post) == ({Role.STAFF}, "นักวิชาการ")
    assert [division.name for division in staff.own_divisions] == ["สำนักปลัด"]
    added = AccountEvent.objects.filter(kind=AccountEventKind.ADDED)
    assert {(event.person.username, event.done_by_name) for event in added} == {
        (username, User.objects.get(username="first").get_full_name()) for username, _ in names
    }
    # Sent again by a reload, nobody is added twice.
    again = with_divisions.post(reverse("start_people"), form | typed)
    assert again.status_code == 422
    assert "มีผู้ใช้ชื่อ-นามสกุลนี้ในหน่วยงานแล้ว" in again.content.decode()
    assert User.objects.count() == 3


def test_no_name_means_nobody_and_the_next_step(with_divisions: Client) -> None:
    form = form_of(with_divisions.get(reverse("start_people")))
    response = with_divisions.post(reverse("start_people"), form)
    assert response["Location"] == reverse("start_plan")
    assert User.objects.count() == 1


WRONG_ROWS: Final = (
    ({"people-1-post": "นักวิชาการ"}, "กรุณากรอกชื่อ-นามสกุล"),
    ({"people-1-full_name": "ก", "people-1-division": ""}, "เจ้าหน้าที่ของส่วนราชการต้องมีส่วนราชการ"),
    ({"people-1-full_name": "ก", "people-1-username": "FIRST"}, "มีผู้ใช้ชื่อนี้แล้ว"),
    ({"people-1-full_name": "ก", "people-1-username": "a b"}, "ชื่อผู้ใช้ใช้ได้เฉพาะ"),
    ({"people-0-full_name": "ก", "people-1-full_name": "ก"}, "มีผู้ใช้ชื่อ-นามสกุลนี้"),
    (
        {
            "people-0-full_name": "ก",
            "people-0-username": "x",
            "people-1-full_name": "ข",
            "people-1-username": "X",
        },
        "ชื่อผู้ใช้ซ้ำ",
    ),
    ({"people-1-full_name": "ก", "people-1-division": "999999"}, "ตัวเลือกนี้ไม่มีแล้ว"),
    ({"people-1-full_name": "ก", "people-1-role": "admin"}, "ตัวเลือกนี้ไม่มีแล้ว"),
)


def test_a_wrong_row_adds_nobody_and_keeps_what_was_typed(with_divisions: Client) -> None:
    form = form_of(with_divisions.get(reverse("start_people"))) | {"people-2-full_name": "คนที่ถูก"}
    for typed, said in WRONG_ROWS:
        response = with_divisions.post(reverse("start_people"), form | typed)
        assert response.status_code == 422, typed
        assert said in response.content.decode()
        assert form_of(response)["people-2-full_name"] == "คนที่ถูก"
    assert User.objects.count() == 1


def test_a_row_is_added_by_the_server(with_divisions: Client) -> None:
    form = form_of(with_divisions.get(reverse("start_people")))
    response = with_divisions.post(
        reverse("start_people"), form | {"people-0-full_name": "ก", "arrange": "people:add:0"}
    )
    again = form_of(response)
    assert int(again["people-TOTAL_FORMS"]) == int(form["people-TOTAL_FORMS"]) + 1
    assert again["people-0-full_name"] == "ก"
    assert User.objects.count() == 1


def test_another_person_becomes_the_officer_with_a_password_to_hand_over(
    sign_in: SignIn, people: dict[str, User]
) -> None:
    admin = sign_in("admin")
    form = form_of(admin.get(reverse("start_agency")))
    assert "officer-is_self" not in form
    typed = {"name": "เทศบาลตำบลแม่สะเรียง", "province": "แม่ฮ่องสอน", "officer-full_name": "เจ้าหน้าที่"}
    response = admin.post(reverse("start_agency"), form | typed)
    ((username, password),) = issued(response)
    assert username == "mae-sariang-officer"
    officer = User.objects.get(username=username)
    assert officer.check_password(password)
    assert officer.must_change_password
    assert officer.roles == {Role.OFFICER}
    assert officer.agency is not None
    assert officer.agency.slug == "mae-sariang"
    # First a password of the officer's own, then the next step of setting up.
    assert signed_in(officer).get(reverse("home"), follow=True).redirect_chain[-1][0] == reverse(
        "account_change_password"
    )
    User.objects.filter(pk=officer.pk).update(must_change_password=False)
    assert signed_in(officer).get(reverse("home"), follow=True).redirect_chain[-1][0] == reverse(
        "start_divisions"
    )
    again = admin.post(reverse("start_agency"), form | typed)
    assert again.status_code == 422
    assert "มีหน่วยงานชื่อนี้ในจังหวัดนี้แล้ว" in again.content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "กรุณากรอกชื่อหน่วยงาน"),
        ({"officer-full_name": ""}, "กรุณากรอกชื่อ-นามสกุล"),
        ({"slug": "here"}, "ชื่อในที่อยู่เว็บนี้มีแล้ว"),
        ({"slug": "data-dictionary"}, "ชื่อในที่อยู่เว็บนี้มีแล้ว"),
        ({"slug": "กองก้อย"}, "ใช้ได้เฉพาะอักษรอังกฤษ"),
        ({"officer-username": "staff"}, "มีผู้ใช้ชื่อนี้แล้ว"),
        ({"province": "เลย", "district": "ปาย"}, "อำเภอนี้ไม่อยู่ในรายการ"),
    ],
)
def test_a_wrong_agency_is_a_sentence_and_nothing_is_stored(
    sign_in: SignIn, people: dict[str, User], typed: Form, said: str
) -> None:
    admin = sign_in("admin")
    form = form_of(admin.get(reverse("start_agency")))
    response = admin.post(
        reverse("start_agency"), form | {"name": NAME, "officer-full_name": "เจ้าหน้าที่"} | typed
    )
    assert response.status_code == 422
    assert said in response.content.decode()
    assert (Agency.objects.count(), User.objects.count()) == (2, len(people))


def test_a_name_taken_in_between_is_a_sentence_and_nothing_is_stored(
    sign_in: SignIn, people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*_: object) -> None:
        raise StaleEdit

    monkeypatch.setattr("accounts.set_up.views.create_agency", late)
    admin = sign_in("admin")
    form = form_of(admin.get(reverse("start_agency"))) | {"name": NAME, "officer-full_name": "ก"}
    response = admin.post(reverse("start_agency"), form)
    assert response.status_code == 422
    assert "เพิ่งถูกใช้ไปในขณะเดียวกัน" in response.content.decode()


def test_of_two_with_one_name_in_addresses_one_is_stored(agency: Agency) -> None:
    double = Agency(name="อื่น", short_name="อื่น", slug=agency.slug)
    officer = services.prepared(services.NewPerson("x", "ก", Role.OFFICER), None)
    with pytest.raises(StaleEdit):
        services.create_agency(double, officer, None)
    assert not User.objects.filter(username="x").exists()


def test_districts_are_shown_without_a_script(first: Client) -> None:
    form = form_of(first.get(reverse("start_agency")))
    response = first.post(
        reverse("start_agency"), form | {"name": NAME, "province": "เลย", "choose_province": "1"}
    )
    assert response.status_code == 200
    assert "เชียงคาน" in response.content.decode()
    assert form_of(response)["name"] == NAME
    assert not Agency.objects.exists()


def test_suggestions(agency: Agency) -> None:
    assert kind_of("เทศบาลนครเชียงใหม่") == "city_municipality"
    assert kind_of("สำนักงานใหญ่") == ""
    assert short_name_of("องค์การบริหารส่วนจังหวัดเลย") == "อบจ.เลย"
    assert slug_for("สำนักงานที่ไม่มีสถานที่") == "agency-1"
    assert slug_for("เทศบาลตำบลแม่สะเรียง", "แม่ฮ่องสอน", taken={"mae-sariang"}) == "mae-sariang-2"
    make_person("here-staff", Role.STAFF, agency)
    assert username_for("here", Role.STAFF) == "here-staff2"


def test_every_kind_of_local_office_has_divisions_of_its_own() -> None:
    assert typical_divisions("") == typical_divisions("other") == typical_divisions("?")
    for typical in TYPICAL.values():
        names = [*typical.usual, *typical.offered]
        assert len(names) == len(set(names)) >= 7


def test_a_one_time_password_can_be_read_out_and_passes_the_rules() -> None:
    from django.contrib.auth.password_validation import validate_password

    from accounts.passwords.one_time import one_time_password

    made = {one_time_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        assert not set(password) & set("ilo01")
        validate_password(password)
