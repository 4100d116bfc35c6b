"""The officer says what the agency is: saved as it stands on the page, and nobody overwrites anybody."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Agency
from accounts.places import districts_of, latin_name, provinces
from tests.accounts.agency_settings.test_seals import picture
from tests.conftest import SignIn
from tests.support.html import read

pytestmark = pytest.mark.django_db

Form = dict[str, Any]


@pytest.fixture
def officer(sign_in: SignIn) -> Client:
    return sign_in("officer")


def form_of(response: Any) -> Form:
    return read(response).one("form", "edit-form").form_data()


def opened(officer: Client) -> Form:
    return form_of(officer.get(reverse("agency")))


def options(response: Any, name: str) -> list[str]:
    (select,) = read(response).all("select", name=name)
    return [option.get("value") for option in select.all("option")]


FILLED = {
    "name": "เทศบาลตำบลแม่สะเรียง",
    "short_name": "ทต.แม่สะเรียง",
    "kind": "subdistrict_municipality",
    "province": "แม่ฮ่องสอน",
    "district": "แม่สะเรียง",
    "address": "หมู่ที่ ๑ ตำบลแม่สะเรียง",
    "website": "www.example.go.th",
    "reporter_name": "ผู้รายงาน",
    "reporter_post": "หัวหน้าสำนักปลัด",
    "approver_name": "ผู้อนุมัติ",
    "approver_post": "นายกเทศมนตรี",
    "days_before_round_end": "7",
    "report_text_size": "14",
    "demands_second_factor": "on",
}


def test_everything_is_stored_with_a_line_in_the_history(officer: Client, agency: Agency) -> None:
    data = opened(officer) | FILLED
    data.pop("publishes_obstacles")
    lines = agency.history.count()
    response = officer.post(reverse("agency"), data | {"seal_file": SimpleUploadedFile("ตรา.png", picture())})
    assert (response.status_code, response["Location"]) == (302, reverse("agency"))
    stored = Agency.objects.get(pk=agency.pk)
    told = {name: str(getattr(stored, name)) for name in FILLED}
    assert told == FILLED | {"website": "https://www.example.go.th", "demands_second_factor": "True"}
    assert not stored.publishes_obstacles
    assert stored.seal_hash
    assert agency.history.count() == lines + 1


def test_saving_again_changes_nothing_and_keeps_the_seal(officer: Client, agency: Agency) -> None:
    officer.post(reverse("agency"), opened(officer) | {"seal_file": SimpleUploadedFile("a.png", picture())})
    before = Agency.objects.values().get(pk=agency.pk)
    assert officer.post(reverse("agency"), opened(officer)).status_code == 302
    assert Agency.objects.values().get(pk=agency.pk) == before
    officer.post(reverse("agency"), opened(officer) | {"without_seal": "on"})
    assert Agency.objects.get(pk=agency.pk).seal_hash == ""


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "กรุณากรอกชื่อหน่วยงาน"),
        ({"short_name": "ก\x07"}, "มีอักขระควบคุม"),
        ({"website": "javascript:alert(1)"}, "ที่อยู่เว็บไม่ถูกต้อง"),
        ({"days_before_round_end": "61"}, "60"),
        ({"days_before_round_end": "ก"}, "กรุณากรอกจำนวนวันเป็นตัวเลข"),
        ({"report_text_size": "15"}, "ขนาดตัวอักษรของรายงาน"),
        ({"province": "ที่ไม่มี"}, "จังหวัดนี้ไม่อยู่ในรายการ"),
        ({"province": "แม่ฮ่องสอน", "district": "เชียงคาน"}, "อำเภอนี้ไม่อยู่ในรายการ"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    officer: Client, agency: Agency, changed: Form, said: str
) -> None:
    before = Agency.objects.values().get(pk=agency.pk)
    response = officer.post(reverse("agency"), opened(officer) | {"address": "ที่พิมพ์ไว้"} | changed)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert form_of(response)["address"] == "ที่พิมพ์ไว้"
    # The top of the page is the agency's as it is stored.
    assert read(response).one("strong", "masthead-long").text == agency.name
    assert Agency.objects.values().get(pk=agency.pk) == before


def test_a_seal_that_is_no_picture_is_a_sentence_and_nothing_is_stored(
    officer: Client, agency: Agency
) -> None:
    data = opened(officer) | {"name": "ชื่อใหม่", "seal_file": SimpleUploadedFile("ตรา.png", b"%PDF-1.7")}
    response = officer.post(reverse("agency"), data)
    assert response.status_code == 422
    assert "ไฟล์นี้ไม่ใช่ภาพ PNG หรือ JPEG" in response.content.decode()
    assert Agency.objects.get(pk=agency.pk).name == agency.name


def test_two_officers_do_not_overwrite_one_another(officer: Client, agency: Agency) -> None:
    mine, theirs = opened(officer), opened(officer)
    assert officer.post(reverse("agency"), theirs | {"address": "ของอีกคน"}).status_code == 302
    response = officer.post(reverse("agency"), mine | {"address": "ของฉัน"})
    assert response.status_code == 409
    row = read(response).one("table", "compare").one("tbody").one("tr")
    assert [cell.text for cell in row.all("td")] == ["ของอีกคน", "ของฉัน"]
    assert Agency.objects.get(pk=agency.pk).address == "ของอีกคน"
    again = form_of(response)
    assert again["address"] == "ของฉัน"
    assert officer.post(reverse("agency"), again).status_code == 302
    assert Agency.objects.get(pk=agency.pk).address == "ของฉัน"


def test_sizes_that_differ_are_told_in_words(officer: Client, agency: Agency) -> None:
    mine, theirs = opened(officer), opened(officer)
    assert mine["report_text_size"] == "16"
    assert officer.post(reverse("agency"), theirs | {"report_text_size": "14"}).status_code == 302
    response = officer.post(reverse("agency"), mine | {"address": "ของฉัน"})
    assert response.status_code == 409
    said = [cell.text for cell in read(response).one("table", "compare").all("td")]
    assert "14 พอยต์ (ประหยัดกระดาษ)" in said
    assert "16 พอยต์ (เท่าหนังสือราชการ)" in said


def test_a_place_that_is_in_no_list_stays(officer: Client, agency: Agency) -> None:
    Agency.objects.filter(pk=agency.pk).update(province="พระนคร", district="ดุสิต")
    data = opened(officer)
    assert (data["province"], data["district"]) == ("พระนคร", "ดุสิต")
    assert officer.post(reverse("agency"), data).status_code == 302
    stored = Agency.objects.get(pk=agency.pk)
    assert (stored.province, stored.district) == ("พระนคร", "ดุสิต")


def test_without_a_script_a_button_shows_the_districts_and_saves_nothing(
    officer: Client, agency: Agency
) -> None:
    data = opened(officer) | {"address": "ที่พิมพ์ไว้", "province": "เลย", "choose_province": "1"}
    data.pop("publishes_obstacles")
    response = officer.post(reverse("agency"), data)
    assert response.status_code == 200
    assert options(response, "district") == ["", *districts_of("เลย")]
    again = form_of(response)
    assert (again["address"], again["province"]) == ("ที่พิมพ์ไว้", "เลย")
    assert "publishes_obstacles" not in again
    assert Agency.objects.get(pk=agency.pk).province == agency.province


def test_the_script_gets_the_districts_alone(officer: Client) -> None:
    page = officer.get(reverse("districts"), {"province": "เลย"}).content.decode()
    assert "เชียงคาน" in page
    assert "<select" not in page
    assert "เชียงคาน" not in officer.get(reverse("districts"), {"province": "\x00"}).content.decode()


def test_the_lists_are_those_of_the_country() -> None:
    assert len(provinces()) == 77
    assert sum(len(districts_of(province)) for province in provinces()) == 928
    assert list(provinces()).index("แพร่") < list(provinces()).index("ภูเก็ต")


@pytest.mark.parametrize(
    ("name", "province", "latin"),
    [
        ("องค์การบริหารส่วนตำบลกองก้อย", "แม่ฮ่องสอน", "kong-koi"),
        ("เทศบาลตำบลแม่สะเรียง", "แม่ฮ่องสอน", "mae-sariang"),
        ("องค์การบริหารส่วนจังหวัดแม่ฮ่องสอน", "แม่ฮ่องสอน", "mae-hong-son"),
        ("องค์การบริหารส่วนจังหวัดเชียงราย", "", "chiang-rai"),
        ("ITA Office", "", "ita-office"),
        ("กรมที่ไม่มีอยู่จริง", "", ""),
        ("", "", ""),
    ],
)
def test_a_place_has_a_latin_name(name: str, province: str, latin: str) -> None:
    assert latin_name(name, province) == latin
