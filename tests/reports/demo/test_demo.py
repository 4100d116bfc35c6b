"""manage.py demo: what it says, that it is whole or not there at all, and where it refuses.

What it loads is tested in test_real_report.py and test_demo_story.py, a second run in test_demo_again.py.
"""

from datetime import datetime
from pathlib import Path
from typing import Final

import pytest
from django.core.management import CommandError
from pytest_django import Settings
from time_machine import TimeMachineFixture

from accounts.models import User
from measures.models import Plan
from reports import demo
from reports.demo import DEFAULT_PASSWORD, PEOPLE, load_real_report
from reports.demo.rounds import NO_PDF
from reports.models import Edition, Round, RoundState
from reports.renderers import RendererUnavailable
from tests.support.demo_world import every_record, run_demo, without_laying_out
from tests.support.factories import OFFICE

pytestmark = pytest.mark.django_db

NAMES: Final = [person.username for person in PEOPLE]


@pytest.fixture(autouse=True)
def a_machine_for_trying_out(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEBUG = True
    # Argon2 is slow on purpose, which nothing here is about.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.delenv("ITA_DEMO_PASSWORD", raising=False)
    monkeypatch.delenv("PORT", raising=False)
    without_laying_out(monkeypatch)


@pytest.fixture
def january(time_machine: TimeMachineFixture) -> None:
    """When least of the story has happened: the first months of this year, and the year before."""
    time_machine.move_to(datetime(2027, 1, 5, 10, tzinfo=OFFICE), tick=False)


@pytest.fixture
def no_story(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the real report: for what the invented part makes no difference to."""
    monkeypatch.setattr(demo, "load_own_years", lambda *_: None)
    monkeypatch.setattr(demo, "load_neighbours", lambda *_: None)


# --- What it says -----------------------------------------------------------------------------------


@pytest.mark.usefixtures("no_story")
def test_it_prints_the_address_the_names_and_the_password_that_opens_them() -> None:
    printed = run_demo()
    assert "http://127.0.0.1:8000/" in printed
    for name in NAMES:
        assert name in printed
        assert User.objects.get(username=name).check_password("ita-demo-2566")
    assert "ita-demo-2566" in printed


@pytest.mark.usefixtures("no_story")
def test_the_password_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ITA_DEMO_PASSWORD", "another-one-2567")
    printed = run_demo()
    assert "another-one-2567" in printed
    assert "ita-demo-2566" not in printed
    assert all(user.check_password("another-one-2567") for user in User.objects.all())


# --- What is there and what is not ----------------------------------------------------------------------


def test_a_year_that_has_a_plan_of_the_agency_s_own_gets_no_invented_one(
    time_machine: TimeMachineFixture,
) -> None:
    """In 2566 the real report is this year's; the demonstration of an older version has it too."""
    time_machine.move_to(datetime(2023, 5, 1, 10, tzinfo=OFFICE), tick=False)
    load_real_report(DEFAULT_PASSWORD)
    before = every_record()
    run_demo()
    plans = Plan.objects.filter(agency__slug="kongkoi").order_by("fiscal_year")
    assert list(plans.values_list("fiscal_year", "is_sample")) == [(2565, True), (2566, False)]
    assert every_record()["Measure"][: len(before["Measure"])] == before["Measure"]
    assert not Edition.objects.filter(round__plan__fiscal_year=2566, round__plan__is_sample=False).exists()


@pytest.mark.usefixtures("no_story")
def test_a_missing_account_comes_back() -> None:
    load_real_report(DEFAULT_PASSWORD)
    User.objects.get(username="executive").delete()
    run_demo()
    assert sorted(User.objects.values_list("username", flat=True)) == sorted(NAMES)


@pytest.mark.usefixtures("january")
def test_a_failure_leaves_nothing_half_done(monkeypatch: pytest.MonkeyPatch, folder_of_files: Path) -> None:
    """The very last thing fails: everything before it is undone, the files of evidence too."""

    def fail(*args: object, **kwargs: object) -> None:
        assert any(path.is_file() for path in folder_of_files.rglob("*"))
        raise OSError("disk full")

    monkeypatch.setattr(demo, "load_neighbours", fail)
    with pytest.raises(OSError, match="disk full"):
        run_demo()
    assert not any(every_record().values())
    assert not any(path.is_file() for path in folder_of_files.rglob("*"))


@pytest.mark.usefixtures("january")
def test_on_a_machine_that_makes_no_pdf_reports_wait_for_approval(monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(*_: object, **__: object) -> None:
        raise RendererUnavailable("ไม่พบ Pango")

    monkeypatch.setattr("reports.demo.rounds.approve", unavailable)
    assert run_demo().count(NO_PDF) == 1
    assert not Edition.objects.exists()
    assert Round.objects.get(plan__fiscal_year=2566, months=6).state == RoundState.SUBMITTED


# --- Where it refuses -------------------------------------------------------------------------------


def test_it_refuses_on_a_production_site(settings: Settings) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError) as refusal:
        run_demo()
    assert "DEBUG=True" in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert not any(every_record().values())
