"""The officer keeps the agency's people: adds, moves, takes out of use and back, and nothing else."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccountEvent, AccountEventKind, Agency, Division, Role, User
from tests.conftest import SignIn
from tests.support.factories import PASSWORD, make_person
from tests.support.html import read

pytestmark = pytest.mark.django_db

Form = dict[str, Any]


@pytest.fixture
def officer(sign_in: SignIn) -> Client:
    return sign_in("officer")


def own_form(response: Any, action: str) -> Form:
    return read(response).one("main").one("form", action=action).form_data()


def new_form(client: Client, **typed: Any) -> Form:
    path = reverse("add_person")
    return own_form(client.get(path), path) | {"full_name": "สมหญิง ใจดี"} | typed


def person_form(client: Client, person: User, **typed: Any) -> Form:
    path = reverse("person", args=[person.pk])
    return own_form(client.get(path), path) | typed


def signs_in(name: str, password: str) -> bool:
    return Client().post(reverse("login"), {"username": name, "password": password}).status_code == 302


def kinds() -> list[str]:
    return list(AccountEvent.objects.order_by("id").values_list("kind", flat=True))


def listed(response: Any) -> list[str]:
    return [row.one("th").text for row in read(response).all("tr") if row.all("th", scope="row")]


# --- The list --------------------------------------------------------------------------------------------


def test_the_list_says_who_works_here_and_as_what(officer: Client, people: dict[str, User]) -> None:
    people["executive"].full_name, people["executive"].post = "สมศักดิ์ มั่นคง", "นายก อบต."
    people["executive"].save()
    page = officer.get(reverse("people"))
    assert listed(page) == [
        "สมศักดิ์ มั่นคง นายก อบต.",
        "officer officer",
        "staff staff",
        "other_staff other_staff",
    ]
    rows = [row.text for row in read(page).all("tr") if row.all("th", scope="row")]
    assert "ผู้บริหาร" in rows[0]
    assert "กองที่ 1" in rows[2]
    # Nobody of another agency.
    assert "stranger" not in page.content.decode()


def test_who_is_out_of_use_stands_apart(officer: Client, people: dict[str, User]) -> None:
    User.objects.filter(username="staff").update(is_active=False)
    page = read(officer.get(reverse("people")))
    assert "ใช้งานอยู่ 3 คน · ระงับแล้ว 1 คน" in page.one("div", class_="page-head").text
    folded = page.one("details", class_="folded")
    assert [row.one("a").text for row in folded.all("th", scope="row")] == ["staff"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("สมหญิง", ["สมหญิง ใจดี ผู้ช่วยนักวิชาการ 2"]),
        ("ใจดี  สมหญิง", ["สมหญิง ใจดี ผู้ช่วยนักวิชาการ 2"]),
        ("นักวิชาการ ๒", ["สมหญิง ใจดี ผู้ช่วยนักวิชาการ 2"]),
        ("OTHER_staff", ["other_staff other_staff"]),
        ("กองที่ 2", ["other_staff other_staff"]),
        ("ไม่มีผู้นี้", []),
    ],
)
def test_of_many_people_some_are_found_by_what_is_said_of_them(
    officer: Client, people: dict[str, User], agency: Agency, text: str, left: list[str]
) -> None:
    for number in range(20):
        User.objects.create(username=f"n{number}", full_name=f"คนที่ {number}", agency=agency, is_officer=True)
    found = make_person("mine", Role.OFFICER, agency)
    User.objects.filter(pk=found.pk).update(full_name="สมหญิง ใจดี", post="ผู้ช่วยนักวิชาการ 2")
    answer = officer.get(reverse("people"), {"text": text})
    assert listed(answer) == left
    page = read(answer)
    assert page.one("input", name="text").attributes["value"] == text.strip()
    said = page.one("p", "count") if left else page.one("div", class_="empty")
    assert said.one("a", href=reverse("people")).text == "ล้างตัวกรอง"


def test_who_is_out_of_use_is_found_as_well(officer: Client, people: dict[str, User]) -> None:
    User.objects.filter(username="staff").update(is_active=False)
    page = read(officer.get(reverse("people"), {"text": "staff"}))
    assert [
        row.one("a").text for row in page.one("details", class_="folded", open="").all("th", scope="row")
    ] == ["staff"]


def test_an_officer_alone_is_told_whom_to_add(sign_in: SignIn) -> None:
    page = read(sign_in("stranger").get(reverse("people")))
    assert page.one(class_="empty").one("a")["href"] == reverse("add_person")


def test_an_executive_reads_the_list_and_may_reset_other_executives_alone(
    sign_in: SignIn, people: dict[str, User], agency: Agency
) -> None:
    other = make_person("deputy", Role.EXECUTIVE, agency)
    main = read(sign_in("executive").get(reverse("people"))).one("main")
    links = [link["href"] for link in main.all("a")]
    # Oneself is nobody's to decide on but another executive's.
    assert links == [
        reverse("acting"),
        reverse("executive", args=[other.pk]),
        reverse("person_password", args=[other.pk]),
    ]


def test_the_administrator_names_the_agency(sign_in: SignIn, people: dict[str, User]) -> None:
    admin = sign_in("admin")
    page = admin.get(reverse("people") + "?agency=here")
    assert "staff" in page.content.decode()
    main = read(page).one("main")
    assert main.one("a", class_="primary")["href"] == reverse("add_person") + "?agency=here"
    # No rooms of an agency whose plans the administrator does not see.
    assert read(page).all("nav", class_="agency-rooms") == []
    assert admin.get(reverse("people") + "?agency=nowhere").status_code == 404
    assert admin.get(reverse("people") + "?agency=%00").status_code == 404


def test_a_list_of_120_asks_no_more_than_one_of_four(
    officer: Client, agency: Agency, people: dict[str, User]
) -> None:
    with CaptureQueriesContext(
        connection,
    ) as few:
        officer.get(reverse("people"))
    divisions = list(agency.divisions.all())
    staff = User.objects.bulk_create(
        User(username=f"p{number:03}", agency=agency, is_division_staff=True) for number in range(116)
    )
    of_division = User.divisions.through
    of_division.objects.bulk_create(
        of_division(user=person, division=divisions[number % 2]) for number, person in enumerate(staff)
    )
    with CaptureQueriesContext(connection) as many:
        page = officer.get(reverse("people"))
    # Two of them count what waits in the office's plan.
    assert len(few) == len(many) <= 9
    assert len(listed(page)) == 120
    # Divisions to choose from, so that nobody has to read all of them.
    assert [option["value"] for option in read(page).one("select", id="people-division").all("option")] == [
        "",
        *(str(division.pk) for division in divisions),
    ]
    some = officer.get(f"{reverse('people')}?division={divisions[1].pk}")
    assert len(listed(some)) == 59


@pytest.mark.parametrize("division", ["x", "-1", "9" * 30, "0"])
def test_a_division_that_is_none_is_no_server_error(officer: Client, division: str) -> None:
    assert officer.get(f"{reverse('people')}?division={division}").status_code == 200


# --- Adding ----------------------------------------------------------------------------------------------


def test_a_person_is_added_with_a_password_on_paper_that_is_shown_once(
    officer: Client, agency: Agency, people: dict[str, User]
) -> None:
    first, second = agency.divisions.order_by("position")
    data = new_form(officer, post="นักวิชาการ", divisions=[first.pk, second.pk], email="office@example.go.th")
    response = officer.post(reverse("add_person"), data)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    password = read(response).one(class_="people-password").text
    person = User.objects.get(full_name="สมหญิง ใจดี")
    assert person.username == "here-01"
    assert (person.agency, person.post, person.roles) == (agency, "นักวิชาการ", {Role.STAFF})
    assert list(person.divisions.order_by("position")) == [first, second]
    assert person.must_change_password
    assert person.check_password(password)
    assert password not in person.password
    assert signs_in("here-01", password)
    assert kinds() == ["added", "password_handed_over"]
    event = AccountEvent.objects.order_by("id")[0]
    assert (event.person, event.done_by, event.agency) == (person, people["officer"], agency)
    assert event.detail == "บทบาท: เจ้าหน้าที่ของส่วนราชการ; ส่วนราชการ: กองที่ 1, กองที่ 2"
    # Nowhere else: not on the person's page, not in the log.
    for path in (reverse("person", args=[person.pk]), reverse("people_log"), reverse("people")):
        assert password not in officer.get(path).content.decode()
    # Sent again, as by a reload, it says that the name is there.
    again = officer.post(reverse("add_person"), data)
    assert again.status_code == 422
    assert User.objects.filter(full_name="สมหญิง ใจดี").count() == 1


def test_one_mailbox_serves_an_office(officer: Client, agency: Agency) -> None:
    division = agency.divisions.all()[0].pk
    for _ in range(2):
        data = new_form(officer, divisions=[division], email="office@example.go.th")
        assert officer.post(reverse("add_person"), data).status_code == 200
    assert User.objects.filter(email="office@example.go.th").count() == 2


def test_the_suggested_name_is_one_that_nobody_has(officer: Client, agency: Agency) -> None:
    make_person("Here-01", Role.EXECUTIVE, agency)
    assert new_form(officer)["username"] == "here-02"


def test_the_only_division_is_chosen_already(sign_in: SignIn, people: dict[str, User]) -> None:
    agency = people["stranger"].agency
    assert agency is not None
    agency.divisions.filter(position=2).delete()
    assert new_form(sign_in("stranger"))["divisions"] == str(agency.divisions.get().pk)


def test_one_person_may_have_several_roles(officer: Client, agency: Agency) -> None:
    division = agency.divisions.all()[0]
    data = new_form(officer, roles=["staff", "officer"], divisions=[division.pk])
    assert officer.post(reverse("add_person"), data).status_code == 200
    person = User.objects.get(full_name="สมหญิง ใจดี")
    assert person.roles == {Role.STAFF, Role.OFFICER}
    assert person.own_divisions == [division]


WRONG: list[tuple[Form, str]] = [
    ({"full_name": ""}, "กรุณากรอกชื่อ-นามสกุล"),
    ({"full_name": "ก" * 300}, "ใส่ได้ไม่เกิน 150 ตัวอักษร"),
    ({"full_name": "ก\x07"}, "U+0007"),
    ({"post": "ก" * 300}, "ใส่ได้ไม่เกิน 150 ตัวอักษร"),
    ({"email": "ไม่ใช่อีเมล"}, "อีเมลไม่ถูกต้อง"),
    ({"email": "a" * 300 + "@example.go.th"}, "อีเมล"),
    ({"username": "officer"}, "มีผู้ใช้ชื่อนี้แล้ว"),
    ({"username": "OFFICER"}, "มีผู้ใช้ชื่อนี้แล้ว"),
    ({"username": "stranger"}, "มีผู้ใช้ชื่อนี้แล้ว"),
    ({"username": "สมหญิง"}, "อักษรอังกฤษ"),
    ({"username": "a b"}, "อักษรอังกฤษ"),
    ({"username": "a\n"}, "อักษรอังกฤษ"),
    ({"username": "a" * 300}, "ไม่เกิน 60"),
    ({"username": ""}, "กรุณากรอกชื่อผู้ใช้"),
    ({"roles": []}, "กรุณาเลือกบทบาท"),
    ({"roles": ["overseer"]}, "ตัวเลือกนี้ไม่มีแล้ว"),
    ({"roles": ["admin", "officer"]}, "ตัวเลือกนี้ไม่มีแล้ว"),
    ({"divisions": []}, "ต้องอยู่ในส่วนราชการอย่างน้อยหนึ่งแห่ง"),
    ({"divisions": ["x"]}, "ตัวเลือกนี้ไม่มีแล้ว"),
    ({"divisions": ["9" * 30]}, "ตัวเลือกนี้ไม่มีแล้ว"),
]


def test_what_is_wrong_is_said_and_nothing_is_lost(
    officer: Client, agency: Agency, people: dict[str, User]
) -> None:
    before = User.objects.count()
    right = new_form(officer, post="นักวิชาการ", divisions=[agency.divisions.all()[0].pk])
    path = reverse("add_person")
    for typed, said in WRONG:
        data = right | typed
        response = officer.post(path, data)
        assert response.status_code == 422, typed
        page = read(response)
        assert said in page.one(class_="errors").text
        kept = own_form(response, path)
        assert kept["full_name"] == data["full_name"]
        assert kept["username"] == data["username"].strip() or "\n" in data["username"]
    assert User.objects.count() == before
    assert kinds() == []


def test_a_division_of_another_agency_is_refused(officer: Client, agency: Agency) -> None:
    theirs = Division.objects.exclude(agency=agency)[0]
    data = new_form(officer, divisions=[theirs.pk])
    response = officer.post(reverse("add_person"), data)
    assert response.status_code == 422
    assert "ตัวเลือกนี้ไม่มีแล้ว" in read(response).one(class_="errors").text


def test_an_agency_without_divisions_says_where_they_are_added(officer: Client, agency: Agency) -> None:
    User.objects.filter(is_division_staff=True).update(
        is_active=False, is_division_staff=False, is_officer=True
    )
    for division in agency.divisions.all():
        division.users.clear()
        division.delete()
    main = read(officer.get(reverse("add_person"))).one("main")
    assert main.one(class_="note").one("a")["href"] == reverse("divisions")


def test_other_executives_are_told_of_a_new_one(
    officer: Client, sign_in: SignIn, people: dict[str, User]
) -> None:
    data = new_form(officer, roles=["executive"])
    assert officer.post(reverse("add_person"), data).status_code == 200
    page = read(sign_in("executive").get(reverse("people")))
    note = page.one("form", class_="news")
    assert note.text.startswith("เสนอเป็นผู้บริหาร (รอการยืนยัน) สมหญิง ใจดี โดย officer เมื่อ")
    assert read(officer.get(reverse("people"))).all("form", class_="news") == []


def test_nobody_adds_themselves() -> None:
    for path in ("/people/add/", "/register/", "/signup/", "/accounts/signup/"):
        response = Client().get(path)
        assert response.status_code in (302, 404)
        if response.status_code == 302:
            assert response["Location"].startswith(reverse("login"))


# --- Changing --------------------------------------------------------------------------------------------


def test_a_person_moves_to_another_division(officer: Client, agency: Agency, people: dict[str, User]) -> None:
    second = agency.divisions.get(position=2)
    data = person_form(officer, people["staff"], full_name="สมชาย", divisions=[second.pk])
    response = officer.post(reverse("person", args=[people["staff"].pk]), data, follow=True)
    assert read(response).one(role="status", class_="said").text == "บันทึกข้อมูลของ สมชาย แล้ว"
    person = User.objects.get(pk=people["staff"].pk)
    assert person.own_divisions == [second]
    event = AccountEvent.objects.get()
    assert event.kind == AccountEventKind.CHANGED
    assert event.detail == "ชื่อ-นามสกุล: (ว่าง) → สมชาย; ส่วนราชการ: กองที่ 1 → กองที่ 2"
    assert person.history.latest().history_user == people["officer"]


def test_saving_the_same_leaves_no_line(officer: Client, people: dict[str, User]) -> None:
    person = people["staff"]
    person.full_name = "สมชาย"
    person.save()
    lines = User.history.count()
    assert officer.post(reverse("person", args=[person.pk]), person_form(officer, person)).status_code == 302
    assert kinds() == []
    assert User.history.count() == lines


def test_who_reports_for_no_division_any_more_has_none(officer: Client, people: dict[str, User]) -> None:
    data = person_form(officer, people["staff"], full_name="สมชาย", roles=["executive"])
    officer.post(reverse("person", args=[people["staff"].pk]), data)
    person = User.objects.get(pk=people["staff"].pk)
    assert person.roles == {Role.EXECUTIVE}
    assert not person.divisions.exists()


def test_who_saves_second_sees_both(officer: Client, agency: Agency, people: dict[str, User]) -> None:
    path = reverse("person", args=[people["staff"].pk])
    seen = person_form(officer, people["staff"])
    assert officer.post(path, seen | {"full_name": "ของเขา"}).status_code == 302
    response = officer.post(path, seen | {"full_name": "ของเรา"})
    assert response.status_code == 409
    assert "ชื่อ-นามสกุล ของเขา ของเรา" in read(response).one(class_="conflict").text
    again = own_form(response, path)
    assert again["full_name"] == "ของเรา"
    assert User.objects.get(pk=people["staff"].pk).full_name == "ของเขา"
    assert officer.post(path, again).status_code == 302
    assert User.objects.get(pk=people["staff"].pk).full_name == "ของเรา"


def test_a_person_taken_out_of_use_meanwhile_is_seen_too(officer: Client, people: dict[str, User]) -> None:
    seen = person_form(officer, people["staff"], full_name="สมชาย")
    officer.post(reverse("person_active", args=[people["staff"].pk]), {"active": "0"})
    assert officer.post(reverse("person", args=[people["staff"].pk]), seen).status_code == 409


@pytest.mark.parametrize("role", ["overseer", "admin"])
def test_roles_above_agencies_are_not_given_here(officer: Client, people: dict[str, User], role: str) -> None:
    data = person_form(officer, people["staff"], full_name="สมชาย", roles=["staff", role])
    response = officer.post(reverse("person", args=[people["staff"].pk]), data)
    assert response.status_code == 422
    assert User.objects.get(pk=people["staff"].pk).roles == {Role.STAFF}


@pytest.mark.parametrize("name", ["person", "person_password", "person_active"])
def test_a_person_of_another_agency_is_not_there(officer: Client, people: dict[str, User], name: str) -> None:
    for pk in (people["stranger"].pk, people["admin"].pk, 9_999, 10**30):
        path = reverse(name, args=[pk])
        assert officer.post(path, {"active": "0"}).status_code == 404
        if name != "person_active":
            assert officer.get(path).status_code == 404


def test_who_keeps_the_site_is_out_of_an_officers_reach(
    officer: Client, agency: Agency, people: dict[str, User]
) -> None:
    keeper = make_person("keeper", Role.STAFF, agency, agency.divisions.all()[0])
    keeper.is_administrator = True
    keeper.save()
    for name in ("person", "person_password", "person_active"):
        assert officer.post(reverse(name, args=[keeper.pk]), {"active": "0"}).status_code == 403
    # The administrator changes what the office decides, and what is above it stays.
    admin = Client()
    admin.force_login(people["admin"], backend="django.contrib.auth.backends.ModelBackend")
    data = person_form(admin, keeper, full_name="ผู้ดูแล")
    assert admin.post(reverse("person", args=[keeper.pk]), data).status_code == 302
    assert User.objects.get(pk=keeper.pk).roles == {Role.STAFF, Role.ADMIN}


def test_the_address_of_who_approves_is_not_the_officers_to_change(
    officer: Client, sign_in: SignIn, people: dict[str, User]
) -> None:
    executive = people["executive"]
    path = reverse("person", args=[executive.pk])
    data = person_form(officer, executive, full_name="นายก") | {"email": "officer@example.go.th"}
    assert officer.post(path, data).status_code == 302
    assert User.objects.get(pk=executive.pk).email == ""
    data = person_form(sign_in("admin"), executive, email="nayok@example.go.th")
    assert sign_in("admin").post(path, data).status_code == 302
    assert User.objects.get(pk=executive.pk).email == "nayok@example.go.th"


def test_executives_are_told_when_one_ceases_to_be(
    sign_in: SignIn, officer: Client, people: dict[str, User]
) -> None:
    data = person_form(officer, people["executive"], full_name="นายก", roles=["officer"])
    sign_in("admin").post(reverse("person", args=[people["executive"].pk]), data)
    assert list(AccountEvent.objects.get().waits_for.all()) == [people["executive"]]


# --- Out of use and back ---------------------------------------------------------------------------------


def test_who_is_taken_out_of_use_is_out_at_once_and_comes_back(
    officer: Client, sign_in: SignIn, people: dict[str, User]
) -> None:
    staff, path = sign_in("staff"), reverse("person_active", args=[people["staff"].pk])
    assert staff.get(reverse("people")).status_code == 403
    assert officer.post(path, {"active": "0"}).status_code == 302
    assert staff.get(reverse("people"))["Location"].startswith(reverse("login"))
    assert not signs_in("staff", PASSWORD)
    # A second press changes nothing.
    officer.post(path, {"active": "0"})
    assert officer.post(path, {"active": "1"}).status_code == 302
    assert signs_in("staff", PASSWORD)
    assert kinds() == ["deactivated", "activated"]
    # Never deleted: history keeps its names.
    assert User.objects.filter(username="staff").exists()


def test_the_last_officer_stays(officer: Client, people: dict[str, User]) -> None:
    person = people["officer"]
    response = officer.post(reverse("person_active", args=[person.pk]), {"active": "0"})
    assert response.status_code == 422
    assert "หน่วยงานต้องมีเจ้าหน้าที่ผู้รับผิดชอบ ITA" in read(response).one(class_="errors").text
    data = person_form(officer, person, full_name="สมใจ", roles=["executive"])
    response = officer.post(reverse("person", args=[person.pk]), data)
    assert response.status_code == 422
    assert "หน่วยงานต้องมีเจ้าหน้าที่ผู้รับผิดชอบ ITA" in read(response).one(id="id_roles_error").text
    person.refresh_from_db()
    assert (person.is_active, person.roles) == (True, frozenset({Role.OFFICER}))
    assert kinds() == []


def test_an_officer_out_of_use_does_not_count(
    officer: Client, agency: Agency, people: dict[str, User]
) -> None:
    User.objects.filter(pk=make_person("second", Role.OFFICER, agency).pk).update(is_active=False)
    response = officer.post(reverse("person_active", args=[people["officer"].pk]), {"active": "0"})
    assert response.status_code == 422


def test_one_of_two_officers_may_go(officer: Client, agency: Agency, people: dict[str, User]) -> None:
    make_person("second", Role.OFFICER, agency)
    data = person_form(officer, people["officer"], full_name="สมใจ", roles=["executive"])
    response = officer.post(reverse("person", args=[people["officer"].pk]), data)
    assert response["Location"] == reverse("people")
    assert officer.get(reverse("add_person")).status_code == 403


# --- The log ---------------------------------------------------------------------------------------------


def test_the_log_says_who_did_what_to_whom(officer: Client, sign_in: SignIn, people: dict[str, User]) -> None:
    officer.post(reverse("person_active", args=[people["staff"].pk]), {"active": "0"})
    row = read(officer.get(reverse("people_log"))).one("tbody").one("tr").text
    assert "ระงับบัญชี staff officer" in row
    # The administrator sees all agencies, or one that is named; another agency's officer nothing of it.
    admin = sign_in("admin")
    assert "อบต. here" in read(admin.get(reverse("people_log"))).one("tbody").text
    assert "ระงับบัญชี" in read(admin.get(reverse("people_log") + "?agency=here")).one("tbody").text
    assert read(sign_in("stranger").get(reverse("people_log"))).all("tbody") == []


def test_a_long_log_has_pages(officer: Client, people: dict[str, User]) -> None:
    staff, by = people["staff"], people["officer"]
    kinds = (AccountEventKind.DEACTIVATED, AccountEventKind.ACTIVATED)
    AccountEvent.objects.bulk_create(
        AccountEvent(
            agency=staff.agency,
            person=staff,
            kind=kinds[number % 2],
            done_by=by,
            done_by_name=str(by),
            done_at=timezone.now(),
        )
        for number in range(58)
    )
    for active in ("0", "1"):
        officer.post(reverse("person_active", args=[staff.pk]), {"active": active})
    page = read(officer.get(reverse("people_log")))
    assert len(page.one("tbody").all("tr")) == 50
    assert page.one(class_="pager").one("a")["href"] == "/people/log/?page=2"
    assert len(read(officer.get("/people/log/?page=2")).one("tbody").all("tr")) == 10
    assert officer.get("/people/log/?page=x").status_code == 200
