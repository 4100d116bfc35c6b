"""A large import is applied by a worker: all of it once, or nothing, and what stops it is said in words."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.background.services import cancel, take_up_again
from accounts.background.tasks import NOT_ALLOWED
from accounts.models import BackgroundJob, JobState, User
from measures.models import Measure, Plan, PlanImport
from measures.plan_import import background
from measures.plan_import.services import apply, take_in
from tests.conftest import SignIn
from tests.support.workers import wait_until, work_off, work_once, worker

LINES = "".join(f"1\tมาตรการที่ {number}\t1. ขั้นแรก\n" for number in range(12))
PASTED = f"ตัวชี้วัดที่\tมาตรการ\tขั้นตอน\n{LINES}".encode()


@pytest.fixture
def queue(settings: Settings) -> None:
    """What is queued waits for a worker, as on a site."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def large(plan: Plan, people: dict[str, User], monkeypatch: pytest.MonkeyPatch) -> PlanImport:
    monkeypatch.setattr(background, "LARGE", len(PASTED) - 1)
    return take_in(plan, "", PASTED, people["officer"])


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_a_large_import_is_a_job_with_a_page_and_a_small_one_answers_at_once(
    large: PlanImport, plan: Plan, people: dict[str, User], sign_in: SignIn
) -> None:
    client = sign_in("officer")
    answer = client.post(reverse("import_apply", args=[large.pk]))
    job = BackgroundJob.objects.get()
    assert answer["Location"] == reverse("job", args=[job.pk])
    assert not Measure.objects.exists()
    # Pressed again it is queued once.
    assert client.post(reverse("import_apply", args=[large.pk]))["Location"] == answer["Location"]
    assert work_once() == "done"
    job.refresh_from_db()
    assert (job.state, job.result_address) == (JobState.DONE, reverse("edit_plan", args=[plan.fiscal_year]))
    assert Measure.objects.count() == 12
    assert {line.history_user for line in Measure.history.all()} == {people["officer"]}
    small = take_in(plan, "", PASTED[:-1], people["officer"])
    assert client.post(reverse("import_apply", args=[small.pk]))["Location"] == job.result_address
    assert BackgroundJob.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_what_has_to_be_mended_stops_it_in_words(large: PlanImport, people: dict[str, User]) -> None:
    large.content = "ตัวชี้วัดที่\tมาตรการ\n99\tผิด\n".encode()
    large.save()
    job = background.ask_to_apply(large, people["officer"])
    assert work_once() == "failed"
    job.refresh_from_db()
    assert (job.state, job.tries, job.error) == (JobState.FAILED, 1, background.STOPPED)
    assert job.result_address == reverse("import_preview", args=[large.pk])
    assert not Measure.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_what_somebody_else_has_applied_meanwhile_is_not_applied_again(
    large: PlanImport, people: dict[str, User]
) -> None:
    job = background.ask_to_apply(large, people["officer"])
    apply(PlanImport.objects.get(pk=large.pk), people["executive"])
    work_once()
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, background.MEANWHILE)


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
@pytest.mark.parametrize("ended", [{"is_officer": False, "is_division_staff": True}, {"is_active": False}])
def test_it_is_not_done_for_who_may_not_do_it_any_more(
    large: PlanImport, people: dict[str, User], ended: dict[str, bool]
) -> None:
    job = background.ask_to_apply(large, people["officer"])
    User.objects.filter(pk=people["officer"].pk).update(**ended)
    assert work_once() == "failed"
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, NOT_ALLOWED)
    assert not Measure.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("queue")
def test_it_can_be_cancelled_before_it_begins(large: PlanImport, people: dict[str, User]) -> None:
    job = background.ask_to_apply(large, people["officer"])
    assert cancel(job)
    assert work_once() == "nothing to do"
    assert not Measure.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("queue")
def test_a_worker_that_is_killed_after_storing_all_of_it_does_not_make_it_stored_twice(
    large: PlanImport, people: dict[str, User]
) -> None:
    job = background.ask_to_apply(large, people["officer"])
    hangs = """
import time
from measures.plan_import import services
apply = services.apply
def applied(*args):
    apply(*args)
    time.sleep(300)
services.apply = applied
"""
    with worker(hangs) as process:
        wait_until(lambda: Measure.objects.exists())
        process.kill()
        process.wait()
    BackgroundJob.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert take_up_again() == 1
    lines = Measure.history.count()
    work_off()
    job.refresh_from_db()
    assert (job.state, job.tries) == (JobState.DONE, 2)
    assert (Measure.objects.count(), Measure.history.count()) == (12, lines)
