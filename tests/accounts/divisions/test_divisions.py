"""The officer keeps the list of divisions: renamed, swapped, reordered, added, removed, all or nothing."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.divisions.services import DivisionInUse, list_version, save_divisions
from accounts.models import Agency, Division, User
from core.locking import StaleEdit
from tests.conftest import SignIn
from tests.support.html import read

pytestmark = pytest.mark.django_db

Form = dict[str, Any]


@pytest.fixture
def officer(sign_in: SignIn) -> Client:
    return sign_in("officer")


@pytest.fixture
def path() -> str:
    return reverse("divisions")


def names(agency: Agency) -> list[str]:
    return [division.name for division in agency.divisions.order_by("position", "id")]


def rows_of(data: Form) -> list[str]:
    return [data[f"divisions-{n}-name"] for n in range(int(data["divisions-TOTAL_FORMS"]))]


def form_of(response: Any) -> Form:
    return read(response).one("form", "edit-form").form_data()


def arranged(client: Client, path: str, data: Form, what: str) -> Form:
    response = client.post(path, data | {"arrange": what})
    assert response.status_code == 200
    return form_of(response)


def test_the_list_stands_in_its_order(officer: Client, agency: Agency, path: str) -> None:
    assert rows_of(form_of(officer.get(path))) == ["กองที่ 1", "กองที่ 2"]


def test_a_division_is_renamed_and_stays_the_same_one(
    officer: Client, agency: Agency, people: dict[str, User], path: str
) -> None:
    data = form_of(officer.get(path)) | {"divisions-0-name": "สำนักปลัด"}
    response = officer.post(path, data, follow=True)
    assert read(response).one(role="status", class_="said").text == "บันทึกรายชื่อส่วนราชการแล้ว"
    assert names(agency) == ["สำนักปลัด", "กองที่ 2"]
    division = people["staff"].divisions.get()
    assert division.name == "สำนักปลัด"
    assert division.history.latest().history_user == people["officer"]


def test_two_divisions_swap_names(officer: Client, agency: Agency, path: str) -> None:
    before = dict(agency.divisions.values_list("pk", "name"))
    data = form_of(officer.get(path)) | {"divisions-0-name": "กองที่ 2", "divisions-1-name": "กองที่ 1"}
    assert officer.post(path, data).status_code == 302
    after = dict(agency.divisions.values_list("pk", "name"))
    assert after.keys() == before.keys()
    assert sorted(after.values()) == sorted(before.values())
    assert all(after[pk] != before[pk] for pk in before)


def test_a_new_division_may_take_the_name_that_another_gives_up(
    officer: Client, agency: Agency, path: str
) -> None:
    data = arranged(officer, path, form_of(officer.get(path)), "divisions:add:0")
    data |= {"divisions-0-name": "สำนักปลัด", "divisions-2-name": "กองที่ 1"}
    assert officer.post(path, data).status_code == 302
    assert names(agency) == ["สำนักปลัด", "กองที่ 2", "กองที่ 1"]


def test_divisions_are_reordered_added_and_removed(officer: Client, agency: Agency, path: str) -> None:
    Division.objects.create(agency=agency, name="กองที่ 3", position=3)
    data = arranged(officer, path, form_of(officer.get(path)), "divisions:down:0")
    assert rows_of(data) == ["กองที่ 2", "กองที่ 1", "กองที่ 3"]
    data = arranged(officer, path, data, "divisions:remove:2")
    data = arranged(officer, path, data, "divisions:add:0")
    data["divisions-3-name"] = "กองใหม่"
    assert names(agency) == ["กองที่ 1", "กองที่ 2", "กองที่ 3"]
    assert officer.post(path, data).status_code == 302
    assert names(agency) == ["กองที่ 2", "กองที่ 1", "กองใหม่"]
    assert list(agency.divisions.values_list("position", flat=True)) == [1, 2, 3]


def test_a_new_row_left_blank_does_not_count(officer: Client, agency: Agency, path: str) -> None:
    data = arranged(officer, path, form_of(officer.get(path)), "divisions:add:0")
    assert officer.post(path, data).status_code == 302
    assert names(agency) == ["กองที่ 1", "กองที่ 2"]


def test_saving_the_same_list_leaves_no_line_in_the_history(
    officer: Client, agency: Agency, path: str
) -> None:
    before = Division.history.count()
    assert officer.post(path, form_of(officer.get(path))).status_code == 302
    assert Division.history.count() == before


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "กรุณากรอกชื่อ หรือกด “ลบ” หากไม่ใช้แล้ว"),
        ("  ", "กรุณากรอกชื่อ หรือกด “ลบ” หากไม่ใช้แล้ว"),
        ("กองที่ 1", "มีชื่อนี้อยู่แล้วในรายการ"),
        ("ก" * 201, "ใส่ได้ไม่เกิน 200 ตัวอักษร"),
        ("กอง\x00", "U+0000"),
    ],
)
def test_a_wrong_name_is_refused_at_its_row(
    officer: Client, agency: Agency, path: str, name: str, said: str
) -> None:
    data = form_of(officer.get(path)) | {"divisions-1-name": name}
    response = officer.post(path, data)
    assert response.status_code == 422
    page = read(response)
    assert said in page.one(id="id_divisions-1-name_error").text
    assert [link["href"] for link in page.one(class_="errors").all("a")] == ["#id_divisions-1-name"]
    assert page.one(id="id_divisions-1-name").value == name
    assert names(agency) == ["กองที่ 1", "กองที่ 2"]


def test_a_division_with_measures_or_people_cannot_be_removed(
    officer: Client, agency: Agency, path: str
) -> None:
    Division.objects.create(agency=agency, name="ว่าง", position=3)
    data = form_of(officer.get(path))
    data = arranged(officer, path, data, "divisions:remove:2")
    data = arranged(officer, path, data, "divisions:remove:0")
    response = officer.post(path, data)
    assert response.status_code == 422
    page = read(response)
    assert page.one(class_="errors").one("h2").text == "ยังลบ “กองที่ 1” ไม่ได้"
    # All or nothing: the one that could go is still there.
    assert names(agency) == ["กองที่ 1", "กองที่ 2", "ว่าง"]
    # What was marked can be taken back.
    kept = form_of(response)
    assert rows_of(kept) == ["กองที่ 1", "กองที่ 2", "ว่าง"]
    assert [kept[f"divisions-{n}-DELETE"] for n in range(3)] == ["1", "", "1"]
    assert officer.post(path, arranged(officer, path, kept, "divisions:restore:0")).status_code == 302
    assert names(agency) == ["กองที่ 1", "กองที่ 2"]


def test_who_saves_second_sees_the_stored_list_and_keeps_the_own(
    officer: Client, agency: Agency, path: str
) -> None:
    seen = form_of(officer.get(path))
    assert officer.post(path, seen | {"divisions-0-name": "ของเขา"}).status_code == 302
    response = officer.post(path, seen | {"divisions-0-name": "ของเรา"})
    assert response.status_code == 409
    assert "รายชื่อที่บันทึกไว้ตอนนี้: ของเขา, กองที่ 2" in read(response).one(class_="conflict").text
    again = form_of(response)
    assert rows_of(again) == ["ของเรา", "กองที่ 2"]
    assert names(agency) == ["ของเขา", "กองที่ 2"]
    assert officer.post(path, again).status_code == 302
    assert names(agency) == ["ของเรา", "กองที่ 2"]


def test_arranging_keeps_the_version_that_was_shown(officer: Client, agency: Agency, path: str) -> None:
    seen = form_of(officer.get(path))
    officer.post(path, seen | {"divisions-0-name": "ของเขา"})
    data = arranged(officer, path, seen, "divisions:up:1")
    assert officer.post(path, data).status_code == 409


def test_arranging_through_htmx_answers_with_the_form(officer: Client, agency: Agency, path: str) -> None:
    data = form_of(officer.get(path)) | {"arrange": "divisions:up:1"}
    part = read(officer.post(path, data, headers={"HX-Request": "true"}))
    assert part.all("html") == []
    assert part.one("button", autofocus="")["id"] == "divisions-0-down"


def test_a_form_without_its_list_is_no_server_error(officer: Client, agency: Agency, path: str) -> None:
    assert officer.post(path, {"version": "x"}).status_code == 422
    assert officer.post(path, {"arrange": "divisions:add:0"}).status_code == 200
    assert names(agency) == ["กองที่ 1", "กองที่ 2"]


def test_divisions_of_another_agency_stay_theirs(officer: Client, agency: Agency, path: str) -> None:
    theirs = Division.objects.exclude(agency=agency)[0]
    data = form_of(officer.get(path)) | {"divisions-1-id": str(theirs.pk), "divisions-1-name": "ขโมย"}
    officer.post(path, data)
    theirs.refresh_from_db()
    assert (theirs.name, theirs.agency.slug) == ("กองที่ 1", "elsewhere")


# --- The function behind the page ------------------------------------------------------------------------


def test_the_version_changes_with_names_and_order(agency: Agency) -> None:
    first, second = agency.divisions.order_by("position")
    version = list_version([first, second])
    assert version == list_version([first, second])
    assert version != list_version([second, first])
    first.name = "อื่น"
    assert version != list_version([first, second])


def test_a_stale_list_is_refused(agency: Agency) -> None:
    with pytest.raises(StaleEdit):
        save_divisions(agency, "", [])
    assert len(names(agency)) == 2


def test_the_division_in_use_is_named(agency: Agency, people: dict[str, User]) -> None:
    version = list_version(agency.divisions.order_by("position", "id"))
    with pytest.raises(DivisionInUse, match="กองที่ 1"):
        save_divisions(agency, version, [])
