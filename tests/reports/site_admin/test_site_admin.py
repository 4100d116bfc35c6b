"""Who looks after the site sees agencies, people and how the site is, on one Thai page."""

from collections import namedtuple
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Agency, Role, User
from reports.site_admin import health
from tests.conftest import SignIn
from tests.support.factories import make_agency, make_measure, make_person
from tests.support.html import read

pytestmark = pytest.mark.django_db


def rows(page: Any) -> list[list[str]]:
    table = read(page).one("table", "list")
    return [
        [cell.text for cell in row.all() if cell.tag in ("th", "td")] for row in table.one("tbody").all("tr")
    ]


def test_the_administrator_lands_there(sign_in: SignIn) -> None:
    assert sign_in("admin").get(reverse("home"))["Location"] == reverse("site_admin")


def test_agencies_with_people_and_how_far_each_is(sign_in: SignIn, plan: Any) -> None:
    make_measure(plan)
    here, elsewhere = sorted(rows(sign_in("admin").get(reverse("site_admin"))), reverse=True)
    assert here[2].split()[0] == "4"
    assert elsewhere[2].split()[0] == "1"
    assert elsewhere[3] == "ยังไม่มีแผน"


@pytest.mark.parametrize("query", [{"text": "ตำบล here"}, {"kind": "provincial"}])
def test_a_search_stays_in_the_address(
    sign_in: SignIn, people: dict[str, User], query: dict[str, str]
) -> None:
    Agency.objects.filter(slug="here").update(kind="provincial")
    page = sign_in("admin").get(reverse("site_admin"), query)
    assert len(rows(page)) == 1
    assert "พบ 1 จาก 2 หน่วยงาน" in page.content.decode()
    nothing = sign_in("admin").get(reverse("site_admin"), {"text": "\x00zzz", "kind": "?"})
    assert "ไม่พบหน่วยงานตามเงื่อนไขนี้" in nothing.content.decode()


def test_the_number_of_queries_does_not_grow(
    sign_in: SignIn, people: dict[str, User], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    admin = sign_in("admin")
    for number in range(60):
        agency = make_agency(f"a{number}")
        make_person(f"p{number}", Role.OFFICER, agency)
    with django_assert_max_num_queries(12):
        page = admin.get(reverse("site_admin"))
    assert len(rows(page)) == 50
    assert len(rows(admin.get(reverse("site_admin"), {"page": "2"}))) == 12


def test_the_table_for_many_agencies_is_handed_out(sign_in: SignIn, people: dict[str, User]) -> None:
    response = sign_in("admin").get(reverse("agencies_template"))
    assert response.content.startswith(b"PK")
    assert "agencies.xlsx" in response["Content-Disposition"]


Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize(
    ("free", "well"), [(100 * health.GB, True), (health.GB, False), (20 * health.GB, False)]
)
def test_a_disk_that_is_nearly_full_is_said(monkeypatch: pytest.MonkeyPatch, free: int, well: bool) -> None:
    monkeypatch.setattr(
        "reports.site_admin.health.shutil.disk_usage", lambda _: Usage(500 * health.GB, 0, free)
    )
    disk = next(line for line in health.health() if line.name == "พื้นที่เก็บไฟล์")
    assert disk.is_well is well
    assert bool(disk.to_do) is not well


def test_waiting_migrations_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.site_admin.health.MigrationExecutor.migration_plan", lambda *_: [1, 2])
    line = next(line for line in health.health() if line.name == "โครงสร้างฐานข้อมูล")
    assert (line.is_well, line.said) == (False, "ยังไม่ได้ปรับอีก 2 ขั้น")
    assert "manage.py migrate" in line.to_do


def test_whether_mail_is_set_up_is_said(settings: Settings) -> None:
    assert "ยังไม่ได้ตั้งค่า" in next(line.said for line in health.health() if line.name == "อีเมล")
    settings.MAIL_IS_SET_UP, settings.EMAIL_HOST = True, "mail.example.go.th"
    assert "mail.example.go.th" in next(line.said for line in health.health() if line.name == "อีเมล")
