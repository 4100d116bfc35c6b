"""manage.py demo, run again where the demonstration is: it adds what is missing and never undoes what people
did since.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import pytest
from pytest_django import DjangoDbBlocker, Settings
from time_machine import TimeMachineFixture

from accounts.models import Agency, Division, User
from measures.models import Evidence, Indicator, Measure, Plan, Step
from measures.status import Status
from reports.demo import PEOPLE
from reports.models import Round, RoundState
from tests.support.demo_world import demo_at, every_record, run_demo, without_laying_out
from tests.support.factories import OFFICE

pytestmark = pytest.mark.django_db

OCTOBER: Final = datetime(2026, 10, 20, 10, tzinfo=OFFICE)
MAY: Final = datetime(2027, 5, 10, 10, tzinfo=OFFICE)
NEXT_YEAR: Final = datetime(2027, 11, 24, 10, tzinfo=OFFICE)


@pytest.fixture(scope="module")
def files(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """The demonstration as it is loaded in October, and where its files lie."""
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), demo_at(OCTOBER, media):
        yield media


@pytest.fixture(autouse=True)
def in_october(
    files: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, time_machine: TimeMachineFixture
) -> None:
    settings.DEBUG = True
    settings.MEDIA_ROOT = files
    monkeypatch.delenv("ITA_DEMO_PASSWORD", raising=False)
    without_laying_out(monkeypatch)
    time_machine.move_to(OCTOBER, tick=False)


def test_the_printed_password_is_true_of_accounts_that_had_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of the neighbours' people."""
    people = User.objects.count()
    monkeypatch.setenv("ITA_DEMO_PASSWORD", "another-one-2567")
    run_demo()
    assert User.objects.count() == people > len(PEOPLE)
    assert all(user.check_password("another-one-2567") for user in User.objects.all())


def test_a_second_run_changes_no_record_on_the_same_day_or_in_may(
    time_machine: TimeMachineFixture, files: Path
) -> None:
    once, stored = every_record(), sorted(files.rglob("*"))
    assert Evidence.objects.exclude(file="").exists()
    for moment in (OCTOBER, MAY):
        time_machine.move_to(moment, tick=False)
        run_demo()
        assert every_record() == once
        assert sorted(files.rglob("*")) == stored


def test_a_new_fiscal_year_gets_its_plans_and_the_old_ones_stay(time_machine: TimeMachineFixture) -> None:
    before = {plan.pk: plan.closed_at for plan in Plan.objects.all()}
    agencies = Agency.objects.count()
    time_machine.move_to(NEXT_YEAR, tick=False)
    run_demo()
    added = Plan.objects.exclude(pk__in=before)
    assert set(added.values_list("fiscal_year", flat=True)) == {2571}
    assert added.get(agency__slug="kongkoi").measures.filter(continues__plan__fiscal_year=2570).count() == 13
    assert {plan.pk: plan.closed_at for plan in Plan.objects.filter(pk__in=before)} == before
    assert Agency.objects.count() == agencies
    once = every_record()
    run_demo()
    assert every_record() == once


def test_what_people_changed_survives_a_second_run() -> None:
    measure = Measure.objects.filter(status=Status.IN_PROGRESS).first()
    assert measure is not None
    measure.status = Status.DONE
    measure.title = "ชื่อที่เจ้าหน้าที่แก้"
    measure.save()
    Measure.objects.exclude(pk=measure.pk).filter(indicator__number=1, evidence=None).delete()
    Step.objects.filter(measure=measure).update(text="ข้อความที่เจ้าหน้าที่แก้")
    Agency.objects.update(name="ชื่อใหม่")
    Division.objects.filter(name="กองช่าง").update(name="กองช่างและผังเมือง")
    User.objects.filter(username="staff").update(full_name="ชื่อที่แก้แล้ว")
    Indicator.objects.filter(number=9).update(name="ชื่อตัวชี้วัดของปีใหม่")
    Round.objects.filter(months=12, state="open").update(state=RoundState.APPROVED)
    changed = every_record()
    run_demo()
    assert every_record() == changed
