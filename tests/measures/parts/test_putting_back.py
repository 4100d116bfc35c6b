"""A division's save of its part is put back as one of the whole measure is, by whoever may report on it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from time_machine import TimeMachineFixture

from accounts.models import User
from measures.measure_page.history import recent_changes
from measures.models import Measure, Part, PartTick, Plan
from measures.parts.putting_back import put_part_back
from measures.parts.services import save_part, set_by_division
from measures.progress.services import ChangedSince, EarlierReport, Progress
from tests.conftest import SignIn
from tests.support.factories import make_measure
from tests.support.html import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]

TODAY: Final = date(2023, 2, 1)
FIRST: Final = Progress("in_progress", "", "ประชุมแล้ว", "")


@pytest.fixture
def part(plan: Plan) -> Part:
    """The first division's of two."""
    shared = make_measure(plan, "ร่วมกัน", position=3, divisions=2, by_division=True)
    return shared.parts.select_related("measure").order_by("division__position")[0]


@pytest.fixture
def later(time_machine: TimeMachineFixture) -> Callable[[], None]:
    """An hour passes: the next save is another."""
    return lambda: time_machine.move_to(timezone.now() + timedelta(hours=1), tick=False)


def keys(client: Client, measure: Measure) -> list[str]:
    page = read(client.get(reverse("measure", args=[measure.pk])))
    return [button["value"] for button in page.one(id="history").all("button", name="save")]


def put_back(client: Client, measure: Measure, key: str) -> Any:
    return client.post(reverse("put_back", args=[measure.pk]), {"save": key})


def test_a_division_puts_its_save_back_with_the_ticks_that_came_with_it(
    part: Part, people: dict[str, User], sign_in: SignIn, later: Callable[[], None]
) -> None:
    staff = sign_in("staff")
    save_part(part, 1, FIRST, people["staff"])
    later()
    sent = {"version": "2", "status": "done", "result": "เสร็จแล้ว", "open_steps": "finish"}
    assert staff.post(reverse("part", args=[part.pk]), sent).status_code == 302
    assert PartTick.objects.filter(part=part).count() == 2
    later()
    newest = keys(staff, part.measure)[0]
    assert put_back(staff, part.measure, newest).status_code == 302
    part.refresh_from_db()
    assert (part.status, part.result, part.version) == ("in_progress", "ประชุมแล้ว", 4)
    assert not PartTick.objects.filter(part=part).exists()
    told = recent_changes(Measure.objects.with_parts().get(pk=part.measure_id))[0]
    assert told.undoes is not None
    assert put_back(staff, part.measure, newest).status_code == 409


def test_a_tick_that_counted_for_the_step_is_taken_back_with_it(
    part: Part, people: dict[str, User], sign_in: SignIn, later: Callable[[], None]
) -> None:
    measure = part.measure
    step = measure.steps.order_by("position")[0]
    path = reverse("tick_step", args=[step.pk])
    for name in ("other_staff", "staff"):
        sign_in(name).post(path, {"done": "1"})
        later()
    step.refresh_from_db()
    assert step.done_on == TODAY
    staff = sign_in("staff")
    # Of one's own part alone.
    (key,) = keys(staff, measure)
    put_back(staff, measure, key)
    step.refresh_from_db()
    assert step.done_on is None
    part.refresh_from_db()
    assert part.status == "not_started"


def test_another_division_does_not(part: Part, people: dict[str, User], sign_in: SignIn) -> None:
    save_part(part, 1, FIRST, people["staff"])
    (key,) = keys(sign_in("staff"), part.measure)
    assert keys(sign_in("other_staff"), part.measure) == []
    assert put_back(sign_in("other_staff"), part.measure, key).status_code == 403
    assert put_back(sign_in("executive"), part.measure, key).status_code == 403
    assert put_back(sign_in("stranger"), part.measure, key).status_code == 404
    part.refresh_from_db()
    assert part.result == "ประชุมแล้ว"
    assert put_back(sign_in("officer"), part.measure, key).status_code == 302


def test_what_was_saved_since_is_not_written_over(
    part: Part, people: dict[str, User], sign_in: SignIn, later: Callable[[], None]
) -> None:
    save_part(part, 1, FIRST, people["staff"])
    staff = sign_in("staff")
    (key,) = keys(staff, part.measure)
    later()
    save_part(part, 2, Progress("in_progress", "", "อีกแบบ", ""), people["officer"])
    assert put_back(staff, part.measure, key).status_code == 409
    part.refresh_from_db()
    assert part.result == "อีกแบบ"
    # Nor where it comes in between looking and storing.
    with pytest.raises(ChangedSince):
        put_part_back(part, EarlierReport(timezone.now(), {"result": ("", "ประชุมแล้ว")}, {}), people["staff"])


def test_a_part_that_is_reported_together_again_is_left(
    part: Part, people: dict[str, User], sign_in: SignIn, later: Callable[[], None]
) -> None:
    save_part(part, 1, FIRST, people["staff"])
    staff = sign_in("staff")
    (key,) = keys(staff, part.measure)
    later()
    set_by_division(part.measure, False)
    assert keys(staff, part.measure) == []
    assert put_back(staff, part.measure, key).status_code in (403, 409)
    part.refresh_from_db()
    assert part.result == "ประชุมแล้ว"
