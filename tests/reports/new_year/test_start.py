"""The last step of a first run: this year's plan; and the whole way there, with its actions counted."""

from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from time_machine import TimeMachineFixture

from accounts.models import Agency, Role
from measures.models import Measure, Plan, PlanImport
from reports.new_year.services import open_year
from tests.conftest import SignIn
from tests.support.factories import OFFICE, YEAR, make_indicators, make_measure, make_person
from tests.support.html import read

pytestmark = pytest.mark.django_db

FILE: Final = Path(__file__).resolve().parents[2] / "data/kongkoi-2566-six-month-report.txt"
MOST_ACTIONS: Final = 12


@pytest.fixture(autouse=True)
def in_the_year(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(datetime(2023, 2, 1, 10, 0, tzinfo=OFFICE), tick=False)


def demo_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("แผน.tsv", FILE.read_bytes())


class CountingHand:
    """A person at the pages of the first run: each field, file and button is counted."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.actions = 0
        self.page: Any = None

    def opens(self, name: str) -> None:
        self.page = self.client.get(reverse(name), follow=True)

    def presses(self, class_: str = "", **filled: Any) -> None:
        """Fill fields of the first form of the page with such a class, and send it."""
        forms = read(self.page).one("main").all("form", class_)
        form = forms[0]
        button = form.all("button")[-1]
        self.actions += len(filled) + 1
        pressed = {button["name"]: button["value"]} if button.get("name") else {}
        path = form.get("action") or self.page.request["PATH_INFO"]
        self.page = self.client.post(path, {**form.form_data(), **filled, **pressed}, follow=True)
        assert self.page.status_code == 200, read(self.page).one("main").text[:500]


def test_from_nothing_to_a_plan_takes_at_most_twelve_actions() -> None:
    make_indicators()
    client = Client()
    client.force_login(make_person("first", Role.ADMIN), backend="django.contrib.auth.backends.ModelBackend")
    hand = CountingHand(client)
    hand.opens("home")
    hand.presses("edit-form", name="องค์การบริหารส่วนตำบลกองก้อย", province="แม่ฮ่องสอน", district="สบเมย")
    hand.presses("edit-form")
    assert Agency.objects.get().divisions.count() == 4
    hand.presses("edit-form")
    hand.presses("panel", file=demo_file())
    assert PlanImport.objects.count() == 1
    hand.presses()
    assert Measure.objects.filter(plan__agency__slug="kong-koi", plan__fiscal_year=YEAR).count() == 10
    assert hand.actions <= MOST_ACTIONS
    assert hand.actions == 9


def test_the_officer_of_an_agency_without_a_plan_lands_in_the_first_run_and_may_leave_it(
    sign_in: SignIn, agency: Agency
) -> None:
    officer = sign_in("officer")
    assert officer.get(reverse("home"))["Location"] == reverse("start")
    assert officer.get(reverse("start"))["Location"] == reverse("start_plan")
    assert reverse("no_plan") in officer.get(reverse("start_plan")).content.decode()
    assert reverse("start") in officer.get(reverse("no_plan")).content.decode()
    open_year(agency, YEAR)
    assert officer.get(reverse("home"))["Location"] == reverse("dashboard")
    assert officer.get(reverse("start_plan"))["Location"] == reverse("dashboard")


def test_an_empty_plan_has_both_rounds(sign_in: SignIn, agency: Agency) -> None:
    response = sign_in("officer").post(reverse("start_plan"), {"way": "empty"})
    assert response["Location"] == reverse("edit_plan", args=[YEAR])
    assert Plan.objects.get().rounds.count() == 2


def test_the_year_before_is_copied(sign_in: SignIn, agency: Agency) -> None:
    make_measure(open_year(agency, YEAR - 1), "ปีก่อน", status="done")
    officer = sign_in("officer")
    assert "คัดลอกแผนปี 2565" in read(officer.get(reverse("start_plan"))).one("main").text
    officer.post(reverse("start_plan"), {"way": "copy"})
    measure = Measure.objects.get(plan__fiscal_year=YEAR)
    assert (measure.title, measure.status) == ("ปีก่อน", "not_started")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "กรุณาเลือกไฟล์แผนที่จะนำเข้า"),
        ({"file": SimpleUploadedFile("แผน.docx", b"\x00\x01\x02")}, ""),
        ({"file": SimpleUploadedFile("แผน.docx", b"")}, "ไฟล์นี้ว่าง"),
        ({"way": "x"}, "ตัวเลือกนี้ไม่มีแล้ว"),
    ],
)
def test_a_file_that_cannot_be_read_opens_no_year(
    sign_in: SignIn, agency: Agency, sent: dict[str, Any], said: str
) -> None:
    response = sign_in("officer").post(reverse("start_plan"), {"way": "import"} | sent)
    assert response.status_code == 422
    assert said in read(response).one("div", "errors").text
    assert not Plan.objects.exists()
